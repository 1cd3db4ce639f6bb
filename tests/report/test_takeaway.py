"""What is taken from a page: pictures, numbers, and the list of them."""

import io
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from PIL import Image

from partialpool.frames import read_frame, read_texts
from partialpool.report.drawing import render, style
from partialpool.report.page import Page, assemble
from partialpool.report.sections import Fold, Section
from partialpool.report.standalone import ZOOM, stand_alone, to_png
from partialpool.report.table import Table
from partialpool.report.takeaway import list_files, list_pieces, write_pieces

BLUE = "#123e72"


def bar(name="Mail", colour=BLUE):
    with style.canvas("small", 2) as figure:
        axes = figure.subplots()
        axes.barh([name], [1], color=colour)
        axes.axvline(0.5, color=style.INK)
        return render(figure, f"A bar for {name}.", f"One bar. It is of {name}.")


def table(caption="Rates & more."):
    frame = pd.DataFrame({"channel": ["<Mail>", "Park"], "rate": [1 / 3, 0.25]})
    return Table(frame, caption, note="Of the counts.")


@pytest.fixture
def pieces():
    folded = Fold("More", [bar(), table("Folded.")])._repr_html_()
    section = "<h3 id=by>By <em>level</em></h3><h4>Aside</h4>" + bar("Park")._repr_html_() + folded
    page = Page(
        "T",
        "Q?",
        "",
        ["A."],
        [Section("data", "The data", section)],
        {},
        choices=table()._repr_html_(),
    )
    return list_pieces(assemble(page))


def test_every_figure_and_table_is_taken_folded_ones_too_each_from_its_section(pieces):
    assert [(p.number, p.section) for p in pieces] == [
        ("Table 1", "The answer"),
        ("Figure 1", "By level"),
        ("Figure 2", "By level"),
        ("Table 2", "By level"),
    ]
    assert len({file for piece in pieces for file in piece.files}) == 6


def test_the_manifest_says_of_each_file_where_it_stands_and_what_it_holds(pieces, tmp_path):
    write_pieces(pieces, tmp_path)
    manifest = read_frame(tmp_path / "manifest.csv")
    pd.testing.assert_frame_equal(manifest, list_files(pieces))
    assert all((tmp_path / file).is_file() for file in manifest["file"])
    found = manifest.set_index("file")
    first = found.loc[pieces[0].files[0]]
    assert first["caption"] == "Rates & more."
    assert first["holds"] == "2 rows: channel; rate. Of the counts."
    assert found.loc[pieces[1].files[0], "holds"] == "It is of Park."


def test_a_table_is_written_with_its_numbers_to_the_last_digit(pieces, tmp_path):
    write_pieces(pieces, tmp_path)
    written = read_texts(tmp_path / pieces[0].files[0])
    assert written["channel"].tolist() == ["<Mail>", "Park"]
    assert float(written["rate"][0]) == 1 / 3


def test_the_same_page_gives_the_same_files_to_the_byte(pieces, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_pieces(pieces, tmp_path / name)
    one, two = (
        {path.name: path.read_bytes() for path in (tmp_path / name).rglob("*") if path.is_file()}
        for name in ("one", "two")
    )
    assert one == two


def test_a_figure_by_itself_has_a_size_and_no_colour_of_the_page():
    svg = stand_alone(bar().svg)
    root = ET.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    width, height = (float(root.attrib[key].removesuffix("pt")) for key in ("width", "height"))
    assert (width, height) == tuple(map(float, root.attrib["viewBox"].split()[2:]))
    assert "var(" not in svg
    assert BLUE in svg


def test_a_picture_shows_its_colours_and_its_letters_on_white():
    svg = stand_alone(bar("WWW").svg)
    image = Image.open(io.BytesIO(to_png(svg))).convert("RGB")
    width = float(ET.fromstring(svg).attrib["width"].removesuffix("pt"))
    assert image.width == pytest.approx(width * 96 / 72 * ZOOM, abs=1)
    assert image.getpixel((0, 0)) == (255, 255, 255)
    colours = {colour for _, colour in image.getcolors(1 << 20)}
    assert tuple(bytes.fromhex(BLUE[1:])) in colours
    beside_the_bar = image.crop((0, 0, image.width // 12, image.height)).convert("L")
    assert min(shade for _, shade in beside_the_bar.getcolors(256)) < 100


def test_a_picture_asks_the_machine_for_letters_that_the_type_lacks():
    assert to_png(stand_alone(bar("春").svg)).startswith(b"\x89PNG")
