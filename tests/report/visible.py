"""What a reader of a page sees, as lines of text: one for each sentence, with numbers masked."""

import re
from html.parser import HTMLParser

BLOCKS = {"h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "caption", "figcaption", "summary"}
BLOCKS |= {"title", "desc", "tr", "div"}
SILENT = {"style", "script", "pre", "text", "tbody", "nav", "head"}
"""What is no wording: code, numbers in pictures and tables, and the contents, said elsewhere."""
CELLS = {"th", "td"}
NUMBER = re.compile(r"[+−-]?\d+(?:[.,\u202f ]\d+)*%?")
WORST = re.compile(r"(?<=#)( standard (?:error|deviation)s[^.#]*, for )[^#]+\.$")
"""Where a sentence names whatever has the largest number, which chance decides."""
SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-Z“*])")


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.blocks, self.silent, self.last = [""], [], False

    def handle_starttag(self, tag, attrs):
        if tag in SILENT or dict(attrs).get("role") == "tooltip":  # which the glossary says too
            self.silent.append(tag)
        if dict(attrs).get("id") == "provenance":
            self.last = True  # versions, times and fingerprints follow
        if tag in BLOCKS:
            self.blocks.append("")
        elif tag in CELLS and self.blocks[-1]:
            self.handle_data(" | ")

    def handle_endtag(self, tag):
        if self.silent and tag == self.silent[-1]:
            self.silent.pop()
        if tag in BLOCKS:
            self.blocks.append("")

    def handle_data(self, data):
        if not self.silent and not self.last:
            self.blocks[-1] += data


def visible_lines(html):
    """The sentences of a page in order, their numbers as `#`, without the provenance."""
    reader = _Reader()
    reader.feed(html)
    blocks = [re.sub(r"[ \n]+", " ", block).strip(" |\n") for block in reader.blocks]
    lines = [line for block in blocks if block for line in SENTENCE.split(block)]
    return [WORST.sub(r"\1….", NUMBER.sub("#", line)) for line in lines]
