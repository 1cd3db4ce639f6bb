"""One version of everything: ranges in pyproject.toml, pins in the locks and environment.yml."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
PYTHONS = ["3.11", "3.13"]
"""The lowest that may be, and that of environment.yml."""
RUNS, DEVELOPS = "requirements.lock", "requirements-dev.lock"
ALONE = {"slurm": "requirements-slurm.lock", "spark": "requirements-spark.lock"}
LOCKS = [RUNS, DEVELOPS, *ALONE.values()]
ONLY_DEVELOPS = {"hypothesis", "mypy", "pandas-stubs", "playwright", "pre-commit", "psycopg"}
ONLY_DEVELOPS |= {"pytest", "ruff", "snakefmt", "snakemake-executor-plugin-slurm"}
CONDA_NAMES = {
    "matplotlib-base": "matplotlib",
    "python-duckdb": "duckdb",
    "snakemake-minimal": "snakemake",
}
NOT_PYTHON = {"python", "pip", "cmdstan", "cxx-compiler", "make"}


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _pins(lock: str) -> list[Requirement]:
    lines = re.findall(r"^([\w.-]+==[^\\\n]+)", _text(lock), re.MULTILINE)
    return [Requirement(line) for line in lines]


def _holds(requirement: Requirement, python: str) -> bool:
    """Whether it is for that Python, on the system of the locks' users or on another."""
    marker = requirement.marker
    if marker is None or "python" not in str(marker):
        return True
    return marker.evaluate({"python_version": python, "python_full_version": f"{python}.0"})


def _locked(lock: str, python: str) -> dict[str, str]:
    of = [pin for pin in _pins(lock) if _holds(pin, python)]
    return {pin.name: str(pin.specifier).removeprefix("==") for pin in of}


def _ranges(requirements: list[str], python: str) -> dict[str, Requirement]:
    parsed = [Requirement(one) for one in requirements]
    return {canonicalize_name(one.name): one for one in parsed if _holds(one, python)}


def _outside(ranges: dict[str, Requirement], locked: dict[str, str]) -> dict[str, str | None]:
    """What is not locked, or at a version that is not in its range."""
    found = {name: locked.get(name) for name in ranges}
    return {
        name: version
        for name, version in found.items()
        if version is None or not ranges[name].specifier.contains(version)
    }


@pytest.fixture(scope="module")
def project() -> dict:
    return tomllib.loads(_text("pyproject.toml"))


@pytest.fixture(params=PYTHONS)
def python(request) -> str:
    return request.param


@pytest.fixture
def direct(project, python) -> dict[str, Requirement]:
    return _ranges(project["project"]["dependencies"], python)


@pytest.fixture
def extras(project, python) -> dict[str, dict[str, Requirement]]:
    return {
        name: _ranges(extra, python)
        for name, extra in project["project"]["optional-dependencies"].items()
    }


@pytest.fixture(scope="module")
def conda() -> dict[str, str]:
    """Version by the package's name on PyPI; each is pinned."""
    listed = yaml.safe_load(_text("environment.yml"))["dependencies"]
    packages = [entry for entry in listed if isinstance(entry, str)]
    by_pip = next(entry["pip"] for entry in listed if isinstance(entry, dict))
    packages += [entry for entry in by_pip if not entry.startswith("-e ")]
    pins = {}
    for entry in packages:
        name = re.split("[=<>]", entry)[0]
        if name not in NOT_PYTHON:
            found = re.fullmatch(r"[\w.-]+={1,2}([\w.]+)", entry)
            assert found, f"{entry}: expected one exact version"
            pins[CONDA_NAMES.get(name, name)] = found[1]
    return pins


def test_every_range_has_a_lowest_version_and_no_exact_one(project):
    extras = project["project"]["optional-dependencies"].values()
    told = [*project["project"]["dependencies"], *(one for extra in extras for one in extra)]
    requirements = [Requirement(one) for one in told]
    operators = {str(one): {part.operator for part in one.specifier} for one in requirements}
    assert [one for one, found in operators.items() if found not in ({">="}, {">=", "<"})] == []


def test_every_direct_dependency_is_locked_in_its_range(direct, python):
    assert _outside(direct, _locked(RUNS, python)) == {}


def test_the_build_backend_is_locked_in_its_range(project, python):
    ranges = _ranges(project["build-system"]["requires"], python)
    assert _outside(ranges, _locked(RUNS, python)) == {}


def test_what_develops_has_what_runs_at_the_same_versions(python):
    runs, develops = _locked(RUNS, python), _locked(DEVELOPS, python)
    assert runs == {name: develops.get(name) for name in runs}


def test_what_only_some_need_develops_too_in_its_range(extras, python):
    needed = {k: v for name, extra in extras.items() if name != "spark" for k, v in extra.items()}
    assert _outside(needed, _locked(DEVELOPS, python)) == {}


def test_what_runs_has_nothing_that_only_develops(extras, python):
    assert {name for extra in extras.values() for name in extra} >= ONLY_DEVELOPS
    assert not {name for extra in extras.values() for name in extra} & set(_locked(RUNS, python))


def test_arviz_itself_is_there_where_python_allows_it_and_its_parts_stand_for_it_below():
    newest, parts = _locked(RUNS, PYTHONS[1]), _locked(RUNS, PYTHONS[0])
    assert Version(newest["arviz"]) >= Version("1")
    for part in ("arviz-base", "arviz-stats"):
        assert Version(newest[part]).major == Version(newest["arviz"]).major
        assert Version(parts[part]) < Version("1")
    assert "arviz" not in parts


@pytest.mark.parametrize("extra", ALONE)
def test_an_extra_with_a_target_of_its_own_has_its_own_lock(extras, extra, python):
    assert _outside(extras[extra], _locked(ALONE[extra], python)) == {}


def test_slurms_lock_adds_to_what_runs_and_changes_nothing_there(python):
    slurm, runs, develops = (_locked(lock, python) for lock in (ALONE["slurm"], RUNS, DEVELOPS))
    assert slurm == {name: develops.get(name) for name in slurm}
    assert set(slurm) - set(runs) == {
        "snakemake-executor-plugin-slurm",
        "snakemake-executor-plugin-slurm-jobstep",
    }


def test_sparks_lock_has_spark_alone(python):
    by_itself = _locked(ALONE["spark"], python)
    assert set(by_itself) == {"py4j", "pyspark"}
    assert not set(by_itself) & set(_locked(DEVELOPS, python))


@pytest.mark.parametrize("python", PYTHONS[1:], indirect=True)
def test_every_direct_dependency_is_in_the_conda_environment(direct, extras, conda):
    assert {*direct, *extras["slurm"]} <= set(conda)


def test_the_conda_environment_has_the_python_whose_pins_it_holds():
    assert f"python={PYTHONS[1]}" in yaml.safe_load(_text("environment.yml"))["dependencies"]


def test_the_conda_environment_pins_what_the_lock_pins(conda):
    locked = _locked(DEVELOPS, PYTHONS[1])
    assert conda == {name: locked.get(name) for name in conda}


def test_the_workflow_asks_for_the_lowest_snakemake_that_may_be_installed(direct):
    [lowest] = re.findall(r'min_version\("([\d.]+)"\)', _text("workflow/Snakefile"))
    [bound] = [part.version for part in direct["snakemake"].specifier if part.operator == ">="]
    assert Version(lowest) == Version(bound)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_one_version_for_a_python_and_a_hash(lock, python):
    text = _text(lock)
    entries = re.findall(r"^([\w.-]+)==\S+.*\\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    names = re.findall(r"^([a-z][\w.-]*)", text, re.MULTILINE)
    assert entries == names
    held = [pin.name for pin in _pins(lock) if _holds(pin, python)]
    assert len(set(held)) == len(held)


@pytest.mark.parametrize("lock", [*LOCKS, "tests/package-lock.json"])
def test_no_lock_names_a_registry_or_a_folder_of_some_machine(lock):
    assert not re.findall(r"\w+://|--index|--find-links", _text(lock))


def test_the_environment_brings_a_cmdstan_with_a_compiler():
    listed = yaml.safe_load(_text("environment.yml"))["dependencies"]
    assert {"cmdstan>=2.33", "cxx-compiler", "make"} <= {e for e in listed if isinstance(e, str)}


def test_a_citation_names_the_version_that_is_packaged(project):
    citation = yaml.safe_load(_text("CITATION.cff"))
    assert citation["version"] == project["project"]["version"]
    assert f"## [{citation['version']}]" in _text("CHANGELOG.md")


def test_hooks_need_nothing_but_the_environment():
    hooks = yaml.safe_load(_text(".pre-commit-config.yaml"))["repos"]
    assert [repository["repo"] for repository in hooks] == ["local"]
    assert {hook["language"] for hook in hooks[0]["hooks"]} == {"system"}
