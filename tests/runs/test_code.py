"""The commit of the project is told as git has it, and no git is no error."""

import subprocess

import pytest

from partialpool.runs.code import describe_code


@pytest.fixture
def project(tmp_path):
    def git(*arguments):
        identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
        done = ["git", "-C", tmp_path, *identity, *arguments]
        return subprocess.run(done, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "--quiet")
    (tmp_path / "config.yaml").write_text("seed: 1\n", encoding="utf-8")
    git("add", "config.yaml")
    git("commit", "--quiet", "--message", "First")
    describe_code.cache_clear()
    yield tmp_path, git("rev-parse", "HEAD")
    describe_code.cache_clear()


def test_a_tree_as_committed_is_clean_whatever_lies_beside_it(project):
    folder, commit = project
    (folder / "june.csv").write_text("new\n", encoding="utf-8")
    assert describe_code(folder) == {"Commit": commit, "Tree": "clean"}


def test_an_edited_file_is_told(project):
    folder, commit = project
    (folder / "config.yaml").write_text("seed: 2\n", encoding="utf-8")
    told = {"Commit": commit, "Tree": "with changes that are not committed"}
    assert describe_code(folder) == told


def test_a_folder_that_git_does_not_know_has_no_commit(tmp_path):
    assert describe_code(tmp_path / "nowhere") == {}


def test_without_git_nothing_is_told(project, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert describe_code(project[0]) == {}
