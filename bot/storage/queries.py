"""The named queries of a noun, parsed once a process from the .sql file beside its module."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiosql
from aiosql.adapters.sqlite3 import SQLite3Adapter

_FOLDER = Path(__file__).parent

_loaded: dict[str, Any] = {}


class _RowAdapter(SQLite3Adapter):
    """aiosql's own, which takes only tuples and lists for rows, made to give the value of a `sqlite3.Row`
    too."""

    def select_value(
        self,
        conn: sqlite3.Connection,
        query_name: str,
        sql: str,
        parameters: dict[str, Any] | list[Any] | None,
    ) -> Any:
        row = self.select_one(conn, query_name, sql, parameters)  # type: ignore[no-untyped-call]
        return None if row is None else row[0]


def load(noun: str) -> Any:
    """The queries of `<noun>.sql`, each a function of a connection and of its named parameters.

    They are untyped on purpose: the noun's class is what gives them types.
    """
    _loaded[noun] = queries = aiosql.from_path(_FOLDER / f"{noun}.sql", _RowAdapter, encoding="utf-8")
    return queries


def loaded() -> Mapping[str, Any]:
    """The queries of every noun whose module has been imported, by the noun's name."""
    return _loaded
