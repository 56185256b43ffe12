"""What the program remembers about itself between two runs."""

from collections.abc import Mapping
from sqlite3 import Connection

from bot.storage.queries import load

queries = load("facts")


class Facts:
    """Named texts. Losing one costs time, never a figure."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self, prefix: str = "") -> dict[str, str]:
        """Every fact whose name begins with `prefix`."""
        return {row["name"]: row["value"] for row in queries.all_facts(self._connection, prefix=prefix)}

    def remember(self, facts: Mapping[str, str]) -> None:
        """Keep these facts in place of what was kept under their names."""
        for name, value in facts.items():
            queries.remember(self._connection, name=name, value=value)
