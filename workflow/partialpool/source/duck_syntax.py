"""What DuckDB's own parser makes of a filter and a query."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import duckdb

from partialpool.settings import Source
from partialpool.source.allowed import FILTER, QUERY, refuse

ROW_MAKERS = {"range", "generate_series", "unnest", "json_each", "json_tree"}
"""Functions that give rows and read none."""
SETTINGS = {"current_setting", "getvariable", "getenv"}
"""Functions that read what is no contact."""
CATALOGUES = {"information_schema", "pg_catalog", "system", "temp"}
"""Where DuckDB describes itself."""

Node = dict[str, Any]


def check_filter(connection: duckdb.DuckDBPyConnection, source: Source, table: str) -> None:
    """Check that a filter is one condition, which reads no table but that of the contacts.

    Args:
        connection: where its functions are known.
        source: with a filter.
        table: of the contacts, which may have a schema; or nothing.

    Raises:
        InputError: it is not.
        duckdb.Error: it is no SQL.
    """
    node = _parse(connection, source, FILTER, f"SELECT ({source.filter}\n)")
    rest = ("where_clause", "having", "qualify", "modifiers", "group_sets", "sample")
    is_condition = node["type"] == "SELECT_NODE" and node["from_table"]["type"] == "EMPTY"
    if not is_condition or len(node["select_list"]) != 1 or any(node[key] for key in rest):
        raise refuse(source, FILTER, "more than a condition")
    _check_functions(connection, source, FILTER, node)
    known = {table.lower(), table.lower().rpartition(".")[2], *_own_names(node)}
    for part in _parts(node, "BASE_TABLE"):
        if _path(part).lower() not in known:
            raise refuse(source, FILTER, f"{_path(part)}, another table")


def check_query(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Check that a query is one SELECT from the tables of the source.

    Raises:
        InputError: it is not.
        duckdb.Error: it is no SQL.
    """
    node = _parse(connection, source, QUERY, str(source.query))
    _check_functions(connection, source, QUERY, node)
    for part in _parts(node, "BASE_TABLE"):
        path = [name.lower() for name in part["qualified_name"]["path"]]
        if CATALOGUES & set(path[:-1]) or path[-1].startswith(("duckdb_", "sqlite_", "pragma_")):
            raise refuse(source, QUERY, f"{_path(part)}, which is no table of contacts")


def _parse(connection: duckdb.DuckDBPyConnection, source: Source, key: str, sql: str) -> Node:
    """The syntax of a text that is a single SELECT."""
    statements = duckdb.extract_statements(sql)
    if len(statements) != 1:
        raise refuse(source, key, f"{len(statements)} statements")
    if statements[0].type != duckdb.StatementType.SELECT:
        raise refuse(source, key, f"a statement of the kind {statements[0].type.name}")
    ((said,),) = connection.execute("SELECT json_serialize_sql(?)", [sql]).fetchall()
    parsed = json.loads(said)
    if parsed["error"]:
        raise refuse(
            source, key, f"what is no plain SELECT ({parsed['error_message'].splitlines()[0]})"
        )
    node: Node = parsed["statements"][0]["node"]
    return node


def check_one(source: Source, sql: str) -> None:
    """Check that what is about to be asked is one statement that only reads.

    Raises:
        InputError: it is not.
        duckdb.Error: it is no SQL.
    """
    kinds = [statement.type for statement in duckdb.extract_statements(sql)]
    if kinds != [duckdb.StatementType.SELECT]:
        raise refuse(source, FILTER, "what makes more than one statement of it")


def _check_functions(
    connection: duckdb.DuckDBPyConnection, source: Source, key: str, node: Node
) -> None:
    """Check that the functions read nothing, and give the same each time."""
    for part in _parts(node, "TABLE_FUNCTION"):
        name = part["function"].get("function_name", "")
        if name.lower() not in ROW_MAKERS:
            raise refuse(source, key, f"{name}(), which reads what is no contact")
    if next(_parts(node, "SHOW_REF"), None) is not None:
        raise refuse(source, key, "a description of tables")
    query = "SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE stability = $1"
    changing = {name for (name,) in connection.execute(query, ["VOLATILE"]).fetchall()}
    for part in _parts(node, "FUNCTION"):
        name = part.get("function_name", "").lower()
        if name in SETTINGS:
            raise refuse(source, key, f"{name}(), which reads what is no contact")
        if name in changing:
            raise refuse(source, key, f"{name}(), which gives something else each time")


def _parts(node: Any, kind: str) -> Iterator[Node]:
    """The parts of a syntax that are of a kind, at any depth."""
    if isinstance(node, dict):
        if node.get("type") == kind:
            yield node
        for value in node.values():
            yield from _parts(value, kind)
    elif isinstance(node, list):
        for value in node:
            yield from _parts(value, kind)


def _own_names(node: Any) -> set[str]:
    """The names of queries that a text gives itself, WITH."""
    if isinstance(node, list):
        return {name for value in node for name in _own_names(value)}
    if not isinstance(node, dict):
        return set()
    inner = {name for value in node.values() for name in _own_names(value)}
    with_ = node.get("cte_map", {}).get("map", [])
    return inner | {entry["key"].lower() for entry in with_}


def _path(part: Node) -> str:
    return ".".join(part["qualified_name"]["path"])
