"""What README.md and CONTRIBUTING.md name is there: paths, targets, rules, packages, names."""

import re
from pathlib import Path

import pytest

from partialpool.columns import COLUMNS
from partialpool.frames import read_header

from ..factories.runs import ROOT
from .test_architecture import LIBRARY, RULES, STAGES

DOCUMENTS = ["CONTRIBUTING.md", "README.md"]
BUILT = (".venv", "results/", "reports/")
FILE = re.compile(r"\.(cff|csv|ipynb|json|lock|md|py|smk|stan|stanfunctions|toml|ya?ml)$")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def text_of(document):
    return (ROOT / document).read_text(encoding="utf-8")


def quoted(document):
    """What stands in backticks, a line each."""
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", unfenced(document))]


def unfenced(document):
    return FENCED.sub("", text_of(document))


def paths_of(document):
    """Words in backticks that are a path, and where links lead."""
    words = {word for span in quoted(document) for word in span.split()}
    paths = {w for w in words if re.fullmatch(r"[\w.<>/-]+", w) and ("/" in w or FILE.search(w))}
    links = set(re.findall(r"\]\(([^)#:]+)\)", unfenced(document)))
    return {path for path in paths if not path.startswith(BUILT)} | links


def is_there(path):
    """Whether a path of the repository or the library is there, or a module of that name alone.

    What stands in angle brackets is any name.
    """
    pattern = re.sub(r"<\w+>", "*", path.rstrip("/"))
    beside = [] if "/" in pattern else LIBRARY.rglob(pattern)
    return any([*ROOT.glob(pattern), *LIBRARY.glob(pattern), *beside])


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_that_a_document_names_is_there(document):
    paths = paths_of(document)
    assert len(paths) > 15
    assert {path for path in paths if not is_there(path)} == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_target_that_a_document_names_is_one_of_make(document):
    commands = [*quoted(document), *FENCED.findall(text_of(document))]
    named = {name for one in commands for name in re.findall(r"\bmake ([a-z]+)", one)}
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    assert named
    assert named - targets == set()


def test_every_arrow_of_the_flow_is_a_rule():
    flow = next(block for block in FENCED.findall(text_of("CONTRIBUTING.md")) if "mermaid" in block)
    arrows = re.findall(r"-- (.+?) -->|-\. (.+?) \.->", flow)
    named = {name for pair in arrows for part in pair if part for name in part.split(", ")}
    assert len(named) > 10
    assert named - set(RULES) == set()


def test_the_table_of_packages_has_each_in_the_order_of_the_flow():
    table = unfenced("CONTRIBUTING.md").partition("| package | holds |")[2].partition("\n\n")[0]
    firsts = [row.split("|")[1] for row in table.splitlines() if "`" in row]
    assert [n.rstrip("/") for first in firsts for n in re.findall(r"`(.+?)`", first)] == STAGES


def test_every_name_that_contributing_takes_from_the_code_is_there():
    files = [p for p in (ROOT / "workflow").rglob("*") if p.suffix in (".py", ".smk")]
    files += [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    files += [ROOT / "Makefile", ROOT / "pyproject.toml"]
    known = {word for p in files for word in re.findall(r"\w+", p.read_text(encoding="utf-8"))}
    words = {word for span in quoted("CONTRIBUTING.md") for word in span.split()}
    words = {re.sub(r"<\w+>", "", word) for word in words - paths_of("CONTRIBUTING.md")}
    names = {name for word in words for name in re.findall(r"[A-Za-z]\w*[^\W_]", word)}
    coded = {name for name in names if "_" in name or name != name.lower()}
    assert {"absorbed_by", "high_k", "population_coefficient", "write_frame", "Fit"} <= coded
    assert coded - known == set()


RESULTS_TABLE = re.compile(r"^\| `([^|]*\.csv)` \| [^|]* \| ([^|]*) \|$", re.MULTILINE)


def listed_columns():
    """The columns of every table of results, by a pattern of its path, as the docs list them."""
    rows = RESULTS_TABLE.findall(text_of("docs/results.md"))
    return {re.sub(r"<\w+>", "*", file): re.findall(r"`(\w+)`", columns) for file, columns in rows}


def test_the_docs_say_of_every_column_what_it_holds():
    rows = re.findall(r"^\| `(\w+)` \| ([a-z or]+) \| \S.* \|$", text_of("docs/results.md"), re.M)
    kinds = {name: " or ".join(kind.name.lower() for kind in of) for name, of in COLUMNS.items()}
    assert rows == list(kinds.items())


def test_the_docs_name_every_file_that_a_rule_writes_to_results():
    named = set(re.findall(r"`([^`]+)`", text_of("docs/results.md")))
    known = {Path(re.sub(r"<\w+>", "*", path)).name for path in named}
    outputs = {
        Path(re.sub(r"\{+\w+\}+", "*", path)).name
        for body in RULES.values()
        for path in re.findall(
            r'"([^"]*\.(?:csv|json|nc))"', body.partition("output:")[2].partition("log:")[0]
        )
    }
    parts = {"ranks_*.csv", "fits_*.csv", "recovery_*.csv"}  # joined to what is named
    assert len(outputs) > 40
    assert outputs - known - parts == set()


def test_the_tables_of_a_run_have_the_columns_that_the_docs_list(finished):
    listed = listed_columns()
    results = finished.folder / "results" / "season_pass"
    tables = [path for path in results.rglob("*.csv") if path.parent.name != "tables"]
    assert len(tables) > 40
    for table in tables:
        (columns,) = (of for file, of in listed.items() if table.match(file))
        header = read_header(table)
        assert header[len(header) - len(columns) :] == columns, table
