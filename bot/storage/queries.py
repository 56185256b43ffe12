"""The named queries of a noun, parsed once a process, when first needed, from the .sql file beside its module."""

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


class _ParsedWhenAsked:
    """A noun's queries, whose file is read when the first of them is looked up: a start does not wait for them all."""

    def __init__(self, noun: str) -> None:
        self._noun = noun

    def __getattr__(self, name: str) -> Any:
        # Only what is not there yet is asked for here; from then on each query is an attribute like any other.
        parsed = aiosql.from_path(_FOLDER / f"{self._noun}.sql", _RowAdapter, encoding="utf-8")
        self.__dict__.update(
            (query, getattr(parsed, query)) for query in ("available_queries", *parsed.available_queries)
        )
        try:
            return self.__dict__[name]
        except KeyError:
            raise AttributeError(f"{self._noun}.sql has no query {name}") from None


def load(noun: str) -> Any:
    """The queries of `<noun>.sql`, each a function of a connection and of its named parameters.

    They are untyped on purpose: the noun's class is what gives them types.
    """
    _loaded[noun] = queries = _ParsedWhenAsked(noun)
    return queries


def loaded() -> Mapping[str, Any]:
    """The queries of every noun whose module has been imported, by the noun's name."""
    return _loaded
