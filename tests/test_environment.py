"""One version of everything: pyproject.toml, requirements.lock and environment.yml agree."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
CONDA_NAMES = {
    "matplotlib-base": "matplotlib",
    "python-duckdb": "duckdb",
    "snakemake-minimal": "snakemake",
}
NOT_PYTHON = {"python", "pip", "cmdstan", "cxx-compiler", "make"}


def _pin(requirement: str) -> tuple[str, str]:
    """Name and version of `name[extra]==version`, or of conda's `name=version`."""
    found = re.fullmatch(r"([\w.-]+)(?:\[[\w,-]+\])?={1,2}([\w.]+)", requirement)
    assert found, f"{requirement}: expected one exact version"
    return found[1].lower(), found[2]


@pytest.fixture(scope="module")
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.fixture(scope="module")
def direct(project) -> dict[str, str]:
    return dict(map(_pin, project["project"]["dependencies"]))


def _locked(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text()
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE))


@pytest.fixture(scope="module")
def locked() -> dict[str, str]:
    return _locked("requirements.lock")


@pytest.fixture(scope="module")
def conda() -> dict[str, str]:
    listed = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    packages = [entry for entry in listed if isinstance(entry, str)]
    by_pip = next(entry["pip"] for entry in listed if isinstance(entry, dict))
    packages += [entry for entry in by_pip if not entry.startswith("-e ")]
    names = {entry: re.split("[=<>]", entry)[0] for entry in packages}
    pins = [_pin(entry) for entry in packages if names[entry] not in NOT_PYTHON]
    return {CONDA_NAMES.get(name, name): version for name, version in pins}


def test_every_direct_dependency_is_locked_at_its_version(direct, locked):
    assert direct == {name: locked.get(name) for name in direct}


def test_every_direct_dependency_is_in_the_conda_environment_at_its_version(direct, conda):
    assert direct == {name: conda.get(name) for name in direct}


def test_the_conda_environment_pins_nothing_at_another_version_than_the_lock(conda, locked):
    assert conda == {name: locked.get(name) for name in conda}


def test_what_only_some_need_is_locked_at_its_version(project, locked):
    extras = project["project"]["optional-dependencies"]
    pins = dict(_pin(one) for name, extra in extras.items() if name != "spark" for one in extra)
    assert pins == {name: locked.get(name) for name in pins}


def test_spark_is_locked_by_itself(project, locked):
    spark = dict(map(_pin, project["project"]["optional-dependencies"]["spark"]))
    by_itself = _locked("requirements-spark.lock")
    assert spark == {name: by_itself.get(name) for name in spark}
    assert set(by_itself) == {"py4j", "pyspark"}
    assert not set(by_itself) & set(locked)


def test_the_build_backend_is_locked_at_its_version(project, locked):
    backend = dict(map(_pin, project["build-system"]["requires"]))
    assert backend == {name: locked.get(name) for name in backend}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-spark.lock"])
def test_every_locked_package_has_one_version_and_a_hash(lock):
    text = (ROOT / lock).read_text()
    entries = re.findall(r"^([\w.-]+)==\S+.*\\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    names = re.findall(r"^([a-z][\w.-]*)", text, re.MULTILINE)
    assert entries == names
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "lock", ["requirements.lock", "requirements-spark.lock", "tests/package-lock.json"]
)
def test_no_lock_names_a_registry_or_a_folder_of_some_machine(lock):
    assert not re.findall(r"\w+://|--index|--find-links", (ROOT / lock).read_text())


def test_the_environment_brings_a_cmdstan_with_a_compiler():
    listed = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    assert {"cmdstan>=2.33", "cxx-compiler", "make"} <= {e for e in listed if isinstance(e, str)}
