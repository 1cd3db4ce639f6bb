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


def _locked(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)", _text(lock), re.MULTILINE))


def _ranges(requirements: list[str]) -> dict[str, Requirement]:
    parsed = map(Requirement, requirements)
    return {canonicalize_name(one.name): one for one in parsed}


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


@pytest.fixture(scope="module")
def direct(project) -> dict[str, Requirement]:
    return _ranges(project["project"]["dependencies"])


@pytest.fixture(scope="module")
def extras(project) -> dict[str, dict[str, Requirement]]:
    return {
        name: _ranges(extra) for name, extra in project["project"]["optional-dependencies"].items()
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


def test_every_range_has_a_lowest_version_and_no_exact_one(direct, extras):
    requirements = [*direct.values(), *(one for extra in extras.values() for one in extra.values())]
    operators = {str(one): {part.operator for part in one.specifier} for one in requirements}
    assert [one for one, found in operators.items() if found not in ({">="}, {">=", "<"})] == []


def test_every_direct_dependency_is_locked_in_its_range(direct):
    assert _outside(direct, _locked(RUNS)) == {}


def test_the_build_backend_is_locked_in_its_range(project):
    assert _outside(_ranges(project["build-system"]["requires"]), _locked(RUNS)) == {}


def test_what_develops_has_what_runs_at_the_same_versions():
    runs, develops = _locked(RUNS), _locked(DEVELOPS)
    assert runs == {name: develops.get(name) for name in runs}


def test_what_only_some_need_develops_too_in_its_range(extras):
    needed = {k: v for name, extra in extras.items() if name != "spark" for k, v in extra.items()}
    assert _outside(needed, _locked(DEVELOPS)) == {}


def test_what_runs_has_nothing_that_only_develops(extras):
    assert {name for extra in extras.values() for name in extra} >= ONLY_DEVELOPS
    assert not {name for extra in extras.values() for name in extra} & set(_locked(RUNS))


@pytest.mark.parametrize("extra", ALONE)
def test_an_extra_with_a_target_of_its_own_has_its_own_lock(extras, extra):
    assert _outside(extras[extra], _locked(ALONE[extra])) == {}


def test_slurms_lock_adds_to_what_runs_and_changes_nothing_there():
    slurm, runs, develops = map(_locked, (ALONE["slurm"], RUNS, DEVELOPS))
    assert slurm == {name: develops.get(name) for name in slurm}
    assert set(slurm) - set(runs) == {
        "snakemake-executor-plugin-slurm",
        "snakemake-executor-plugin-slurm-jobstep",
    }


def test_sparks_lock_has_spark_alone():
    by_itself = _locked(ALONE["spark"])
    assert set(by_itself) == {"py4j", "pyspark"}
    assert not set(by_itself) & set(_locked(DEVELOPS))


def test_every_direct_dependency_is_in_the_conda_environment(direct, extras, conda):
    assert {*direct, *extras["slurm"]} <= set(conda)


def test_the_conda_environment_pins_what_the_lock_pins(conda):
    locked = _locked(DEVELOPS)
    assert conda == {name: locked.get(name) for name in conda}


def test_the_workflow_asks_for_the_lowest_snakemake_that_may_be_installed(direct):
    [lowest] = re.findall(r'min_version\("([\d.]+)"\)', _text("Snakefile"))
    [bound] = [part.version for part in direct["snakemake"].specifier if part.operator == ">="]
    assert Version(lowest) == Version(bound)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_one_version_and_a_hash(lock):
    text = _text(lock)
    entries = re.findall(r"^([\w.-]+)==\S+.*\\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    names = re.findall(r"^([a-z][\w.-]*)", text, re.MULTILINE)
    assert entries == names
    assert len(set(names)) == len(names)


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
