// What the page can do beyond being read. Every control is made here, so that none is shown dead.
(() => {
  "use strict";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (tag, properties, ...content) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...content);
    return made;
  };
  const button = (text, name, act) => {
    const made = make("button", { type: "button", ariaLabel: name, onclick: () => act(made) }, text);
    return made;
  };
  const link = (id, name) => make("a", { className: "anchor", href: `#${id}`, ariaLabel: name }, "#");
  const save = (name, blob) => {
    const url = URL.createObjectURL(blob);
    make("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
  };

  // Tables: a cell for every place, also where one reaches over several.
  const lay = (rows) => {
    const grid = [...rows].map(() => []);
    [...rows].forEach((row, y) => {
      let x = 0;
      for (const cell of row.cells) {
        while (grid[y][x]) x += 1;
        for (let i = 0; i < cell.rowSpan; i += 1)
          for (let j = 0; j < cell.colSpan; j += 1) if (grid[y + i]) grid[y + i][x + j] = cell;
      }
    });
    return grid;
  };
  const said = (cell) => {
    const bare = cell.cloneNode(true);
    all("[role=tooltip]", bare).forEach((tip) => tip.remove());
    return bare.textContent.replace(/\s+/g, " ").trim().replace(/^–$/, "");
  };
  const exact = (cell) => cell.dataset.value || (cell.dataset.said ?? said(cell));
  const listed = (table) => {
    const head = lay(table.tHead.rows);
    const seen = {};
    const names = head[0].map((_, x) => {
      const name = [...new Set(head.map((row) => exact(row[x])).filter(Boolean))].join(" ");
      seen[name] = (seen[name] || 0) + 1;
      return seen[name] > 1 ? `${name} ${seen[name]}`.trim() : name;
    });
    return [names, ...lay(table.tBodies[0].rows).map((row) => row.map(exact))];
  };
  const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const csv = (table) => listed(table).map((row) => `${row.map(quoted).join(",")}\n`).join("");
  const tsv = (table) => listed(table).map((row) => row.join("\t")).join("\n");
  const copy = async (text, pressed) => {
    const before = pressed.textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = make("textarea", { value: text, className: "aside" });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      pressed.focus();
    }
    pressed.textContent = "Copied";
    setTimeout(() => { pressed.textContent = before; }, 1500);
  };

  // Sorting: numbers as numbers, whatever is written about them; what is missing and totals last.
  const number = (cell) => {
    const text = exact(cell).replace(/[\u202f\u00a0]/g, "").replace("−", "-").replace("∞", "inf");
    if (/^-?inf$/.test(text)) return text[0] === "-" ? -Infinity : Infinity;
    const found = /^(above |below |less than )?([+-]?)[^\w\s.+-]{0,3}(\d+(?:\.\d+)?(?:e[+-]?\d+)?)/.exec(text);
    if (!found) return NaN;
    return Number(found[2] + found[3]) + (found[1] ? (found[1] === "above " ? 1e-9 : -1e-9) : 0);
  };
  const by = (x, down) => {
    const order = new Intl.Collator(undefined, { numeric: true }).compare;
    return (rows) => {
      const kept = rows.filter((row) => exact(row.cells[x]));
      const counts = kept.every((row) => row.cells[x].tagName === "TD" && !isNaN(number(row.cells[x])));
      const value = (row) => (counts ? number(row.cells[x]) : said(row.cells[x]));
      const compare = counts ? (a, b) => (a < b ? -1 : a > b ? 1 : 0) : order;
      kept.sort((a, b) => (down ? compare(value(b), value(a)) : compare(value(a), value(b))));
      return [...kept, ...rows.filter((row) => !exact(row.cells[x]))];
    };
  };
  const unspan = (body) => {
    const grid = lay(body.rows);
    [...body.rows].forEach((row, y) => {
      row.replaceChildren(...grid[y].map((cell) => {
        const own = cell.parentNode === row ? cell : cell.cloneNode(true);
        own.rowSpan = 1;
        if (own.scope === "rowgroup") own.scope = "row";
        return own;
      }));
    });
  };
  const sortable = (table) => {
    const given = table.tBodies[0];
    const head = lay(table.tHead.rows);
    const bottom = head[head.length - 1];
    bottom.forEach((cell, x) => {
      if (cell.tagName !== "TH" || cell.colSpan > 1 || !said(cell)) return;
      cell.dataset.said = said(cell);
      // a word that explains itself keeps its own place for the keyboard, beside the button
      const explains = cell.querySelector("[tabindex]");
      const press = make("button", { type: "button", className: "sort" }, ...(explains ? [] : cell.childNodes));
      if (explains) press.ariaLabel = `Sort by ${said(cell)}`;
      press.onclick = () => {
        const next = { none: "ascending", ascending: "descending", descending: "none" };
        const wanted = next[cell.ariaSort || "none"];
        bottom.forEach((other) => other.removeAttribute("aria-sort"));
        let body = given;
        if (wanted !== "none") {
          cell.ariaSort = wanted;
          body = given.cloneNode(true);
          unspan(body);
          const rows = [...body.rows];
          const [totals, others] = [true, false].map((is) => rows.filter((row) => row.matches(".total") === is));
          body.replaceChildren(...by(x, wanted === "descending")(others), ...totals);
        }
        table.tBodies[0].replaceWith(body);
      };
      cell.append(press);
    });
  };
  for (const table of all("table")) {
    const place = table.closest(".table");
    const words = table.caption?.querySelector("span:not(.serial)");
    const id = place?.id || "table";
    if (table.tHead && table.tBodies[0].rows.length > 1) sortable(table);
    if (!words) continue;
    table.ariaLabel = words.textContent;
    const name = table.ariaLabel;
    words.append(make("span", { className: "tools" },
      button("Copy", `Copy, to paste into a spreadsheet: ${name}`, (pressed) => copy(tsv(table), pressed)),
      button("CSV", `Download as CSV: ${name}`, () => save(`${id}.csv`, new Blob([csv(table)], { type: "text/csv" }))),
      link(id, `Link to: ${name}`)));
  }

  // Figures: in the light colours, as a file by itself.
  const fonts = () => [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule instanceof CSSFontFaceRule && /Pool Sans/.test(rule.cssText) && !/italic/.test(rule.cssText))
    .map((rule) => rule.cssText).join("");
  const alone = (svg, face = "") => {
    const copied = svg.cloneNode(true);
    const [, , width, height] = svg.getAttribute("viewBox").split(" ");
    copied.setAttribute("width", `${width}pt`);
    copied.setAttribute("height", `${height}pt`);
    copied.setAttribute("style", "stroke-linejoin: round; font-family: 'Pool Sans', 'Source Sans 3', 'Noto Sans', sans-serif");
    if (face) copied.prepend(Object.assign(document.createElementNS(svg.namespaceURI, "style"), { textContent: face }));
    return new XMLSerializer().serializeToString(copied)
      .replaceAll(/var\(--paper, [^)]*\)/g, "#ffffff").replaceAll(/var\(--[\w-]+, (#[0-9a-f]{6})\)/g, "$1");
  };
  const picture = async (svg) => {
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(alone(svg, fonts()))}`;
    await image.decode();
    const canvas = make("canvas", { width: 3 * image.width, height: 3 * image.height });
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => { canvas.toBlob(done, "image/png"); });
  };
  for (const figure of all("figure[id]")) {
    const svg = figure.querySelector("svg");
    const caption = figure.querySelector("figcaption");
    if (!svg || !caption) continue;
    const name = caption.textContent;
    caption.append(make("span", { className: "tools" },
      button("SVG", `Download as SVG: ${name}`, () => save(`${figure.id}.svg`, new Blob([alone(svg)], { type: "image/svg+xml" }))),
      button("PNG", `Download as PNG: ${name}`, async () => save(`${figure.id}.png`, await picture(svg))),
      link(figure.id, `Link to: ${name}`)));
  }

  // Links to headings and to rows that have a name; what a link leads into is opened.
  for (const heading of all("main :is(h2, h3, h4, h5, h6)[id]")) {
    const id = heading.id.endsWith("-title") ? heading.closest("section[id]").id : heading.id;
    const to = link(id, "Link to this section");
    const fold = heading.closest("summary");
    if (fold) fold.after(to); // no link inside what opens and closes
    else heading.append(" ", to);
  }
  for (const row of all("tr[id]")) row.cells[0].append(" ", link(row.id, "Link to this row"));
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    let fold = target.closest("details");
    if (!fold) return;
    for (; fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  // The contents follow the reader, and there is a way back.
  const links = all('nav a[href^="#"]');
  const named = new Set(links.map((to) => to.hash.slice(1)));
  const places = all("main section[id]").filter((section) => named.has(section.id));
  const seen = new Set();
  const follow = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes) seen[isIntersecting ? "add" : "delete"](target);
    const passed = (section) => section.getBoundingClientRect().top < 0.15 * innerHeight;
    const here = places.findLast((section) => seen.has(section)) ?? places.findLast(passed) ?? places[0];
    for (const to of links) {
      if (to.hash !== `#${here.id}`) to.removeAttribute("aria-current");
      else if (!to.ariaCurrent) {
        to.ariaCurrent = "location";
        const nav = to.closest("nav");
        const [box, own] = [nav, to].map((part) => part.getBoundingClientRect());
        if (own.height && (own.top < box.top || own.bottom > box.bottom)) nav.scrollTop += own.top - box.top - box.height / 2;
      }
    }
  }, { rootMargin: "-12% 0px -85% 0px" });
  places.forEach((section) => follow.observe(section));
  const start = document.querySelector("body > header");
  if (start) {
    document.body.id ||= "top";
    const back = make("a", { className: "back", href: `#${document.body.id}`, hidden: true }, "↑ Top");
    document.querySelector("main").append(back);
    new IntersectionObserver(([{ isIntersecting }]) => { back.hidden = isIntersecting; }).observe(start);
  }

  // Everything at once, as for a print that leaves nothing out.
  const folds = all("main details");
  for (const contents of folds.length ? all("nav > ol, nav > details > ol") : []) {
    const opens = () => folds.some((fold) => !fold.open);
    const whole = button("", "", () => {
      const open = opens();
      for (const fold of folds) fold.open = open;
    });
    const name = () => { whole.textContent = whole.ariaLabel = opens() ? "Open everything" : "Close everything"; };
    for (const fold of folds) fold.addEventListener("toggle", name);
    name();
    whole.className = "whole";
    contents.after(whole);
  }

  // Lists long enough to be searched.
  for (const table of all("table.searched")) {
    const rows = [...table.tBodies[0].rows];
    const count = make("span", { role: "status" });
    const search = make("input", { type: "search", id: "search", autocomplete: "off" });
    search.oninput = () => {
      const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const shown = (row) => wanted.every((word) => row.textContent.toLowerCase().includes(word));
      for (const row of table.tBodies[0].rows) row.hidden = !shown(row);
      const left = rows.filter(shown).length;
      count.textContent = wanted.length ? `${left} of ${rows.length}` : "";
    };
    table.closest(".scroll").before(make("p", { className: "search" },
      make("label", { htmlFor: "search" }, "Search"), search, count));
  }
})();
