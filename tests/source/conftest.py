"""The same contacts in every kind of source, and a PostgreSQL of the tests' own."""

import csv
import gzip
import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import duckdb
import psycopg
import pytest

from partialpool.errors import InputError
from partialpool.settings import Source

from ..factories.contacts import PASSWORD, POSTGRESQL
from ..guarding import guarded


class Server(NamedTuple):
    """A PostgreSQL on loopback, which wants a password."""

    port: int

    def connect(self):
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="boss", password=PASSWORD, dbname="postgres"
        )

    def execute(self, *statements):
        with self.connect() as connection:
            for statement in statements:
                answer = connection.execute(statement)
            return answer.fetchall() if answer.description else None


@pytest.fixture(scope="session")
def server(postgresql):
    """A running PostgreSQL with nothing in it."""
    folder = Path(tempfile.mkdtemp(prefix="partialpool-postgresql-"))
    as_user = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    word = folder / "password"
    word.write_text(PASSWORD, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(program, *arguments):
        command = [*as_user, postgresql / program, "-D", folder / "data", *arguments]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, timeout=60)

    stop = [*as_user, postgresql / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop"]
    options = f"-p {port} -h 127.0.0.1 -k '' -F -c shared_preload_libraries=pg_stat_statements"
    with guarded("sh", "-c", 'cd /; "$@"; rm -r "$0"', folder, *stop):
        run("initdb", "-A", "scram-sha-256", "-U", "boss", f"--pwfile={word}", "-E", "UTF8", "-N")
        run("pg_ctl", "-w", "-l", folder / "log", "-o", options, "start")
        yield Server(port)


@pytest.fixture
def database(server, monkeypatch):
    """A PostgreSQL without tables, and the environment that a URL names."""
    server.execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    monkeypatch.setenv("DB_USER", "boss")
    monkeypatch.setenv("DB_PASSWORD", PASSWORD)
    monkeypatch.setenv("DB_PORT", str(server.port))
    return server


@pytest.fixture
def write(tmp_path):
    """Write contacts.csv as it is given, in bytes, as text or as rows."""

    def write_file(content, name="contacts.csv"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, list):
            with path.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows(content)
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


@pytest.fixture
def refused():
    """What is said of an error, which is one line."""

    def refuse(of, *arguments, **named):
        with pytest.raises(InputError) as error:
            of(*arguments, **named)
        said = str(error.value)
        assert "\n" not in said
        assert "\r" not in said
        return said

    return refuse


@pytest.fixture
def place(tmp_path, request, write):
    """Put rows into one of the kinds of source, and say where they are."""

    def put(kind, columns, rows):
        return PUT[kind](tmp_path, columns, rows, request)

    return put


@pytest.fixture(params=["csv", "sqlite", "postgresql"])
def texts(request, place):
    """Put rows of text into a source of DuckDB and of two engines that SQLAlchemy asks.

    One of these has a regular expression, the other has none.
    """

    def put(names, *rows, **settings):
        source = place(request.param, dict.fromkeys(names, "VARCHAR"), rows)
        return source.model_copy(update=settings)

    return put


def _put_csv(folder, columns, rows, request):
    _write_csv(folder / "contacts.csv", columns, rows)
    return Source(path=str(folder / "contacts.csv"))


def _put_gz(folder, columns, rows, request):
    _write_csv(folder / "plain.csv", columns, rows)
    (folder / "contacts.csv.gz").write_bytes(gzip.compress((folder / "plain.csv").read_bytes()))
    return Source(path=str(folder / "contacts.csv.gz"))


def _put_pattern(folder, columns, rows, request):
    (folder / "2024" / "may").mkdir(parents=True)
    _write_csv(folder / "2024" / "may" / "a.csv", columns, rows[::2])
    _write_csv(folder / "2024" / "b[1].csv", columns, rows[1::2])
    return Source(path=str(folder / "**" / "*.csv"))


def _put_parquet(folder, columns, rows, request):
    with duckdb.connect() as connection:
        _fill(connection, columns, rows)
        connection.execute(f"COPY contacts TO '{folder}/contacts.parquet'")
    return Source(path=str(folder / "contacts.parquet"))


def _put_duckdb(folder, columns, rows, request):
    with duckdb.connect(str(folder / "contacts.duckdb")) as connection:
        _fill(connection, columns, rows)
    return Source(path=str(folder / "contacts.duckdb"), table="contacts")


def _put_sqlite(folder, columns, rows, request):
    connection = sqlite3.connect(folder / "contacts.sqlite")
    _fill(connection, columns, rows)
    connection.commit()
    connection.close()
    return Source(url=f"sqlite:///{folder}/contacts.sqlite", table="contacts")


def _put_postgresql(folder, columns, rows, request):
    request.getfixturevalue("database")
    with request.getfixturevalue("server").connect() as connection:
        types = {name: kind.replace("DOUBLE", "DOUBLE PRECISION") for name, kind in columns.items()}
        _fill(connection.cursor(), types, rows, mark="%s")
    return Source(url=POSTGRESQL, table="contacts")


def _put_query(folder, columns, rows, request):
    source = _put_postgresql(folder, columns, rows, request)
    query = "SELECT *, '%:x' AS other FROM contacts -- all; '12:30';"
    return Source(url=source.url, query=query)


def _write_csv(path, columns, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([list(columns), *rows])


def _fill(connection, columns, rows, mark="?"):
    names = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    connection.execute(f"CREATE TABLE contacts ({names})")
    marks = ", ".join([mark] * len(columns))
    if rows:
        connection.executemany(f"INSERT INTO contacts VALUES ({marks})", rows)


PUT = {
    "csv": _put_csv,
    "gz": _put_gz,
    "pattern": _put_pattern,
    "parquet": _put_parquet,
    "duckdb": _put_duckdb,
    "sqlite": _put_sqlite,
    "postgresql": _put_postgresql,
    "query": _put_query,
}
