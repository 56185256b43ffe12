"""What was added to read on each day, as it is kept."""

from collections.abc import Sequence
from datetime import datetime
from sqlite3 import Connection, Row

from bot.clock import to_ms
from bot.ids import PersonId, SessionKey
from bot.languages import LANGUAGES
from bot.materials import Added, Material, MaterialKey, MaterialNumber
from bot.storage.queries import load

queries = load("materials")


class Materials:
    """Links, and documents with their content."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> Sequence[Material]:
        """Every one, without the content of documents, by session and in the order in which they came."""
        return [_material(row) for row in queries.all(self._connection)]

    def content_of(self, number: MaterialNumber) -> tuple[str, bytes] | None:
        """A document's name and content; None where there is no such document."""
        row = queries.content_of(self._connection, number=number)
        return None if row is None else (row["file_name"], row["content"])

    def add(self, session: SessionKey, added: Added, by: PersonId, at: datetime) -> MaterialNumber:
        number = queries.add(
            self._connection,
            session=session,
            title=added.title,
            link=added.link,
            file_name=added.file_name,
            content=added.content,
            at=to_ms(at),
            by=by,
        )
        return MaterialNumber(number)

    def remove(self, number: MaterialNumber) -> bool:
        """Whether it was there."""
        return bool(queries.remove(self._connection, number=number))


def _material(row: Row) -> Material:
    return Material(
        key=MaterialKey(str(row["number"])),
        session=SessionKey(row["session_key"]),
        # An organizer's own words, whatever the reader's language.
        title=dict.fromkeys(LANGUAGES, row["title"]),
        link=row["link"],
        file_name=row["file_name"],
        number=MaterialNumber(row["number"]),
    )
