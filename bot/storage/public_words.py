"""What somebody prepared and has still to confirm, and what everybody is still to be told."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from sqlite3 import Connection
from typing import Any, NewType

from bot.clock import from_ms, to_ms
from bot.ids import PersonId, SessionKey
from bot.storage.queries import load

queries = load("public_words")

DraftId = NewType("DraftId", int)
WordsId = NewType("WordsId", int)


class WordsKind(StrEnum):
    """Why everybody is told something."""

    CHANGE = "change"
    PAUSED = "paused"
    RESUMED = "resumed"
    SAID = "said"


@dataclass(frozen=True, slots=True)
class Draft:
    """What was prepared, and the revision of the programme that it was seen on."""

    kind: str
    content: Mapping[str, Any]
    revision: int
    made_by: PersonId
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Words:
    """What everybody is to be told."""

    id: WordsId
    kind: WordsKind
    session: SessionKey
    content: Mapping[str, Any]
    at: datetime
    expires_at: datetime


class PublicWords:
    """Drafts, each confirmed once, and words, each told once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_draft(self, kind: str, content: Mapping[str, Any], revision: int, by: PersonId, at: datetime) -> DraftId:
        return DraftId(
            queries.add_draft(
                self._connection, kind=kind, content=_written(content), revision=revision, at=to_ms(at), by=by
            )
        )

    def draft(self, id_: DraftId) -> Draft | None:
        row = queries.draft(self._connection, id=id_)
        if row is None:
            return None
        return Draft(
            row["kind"],
            json.loads(row["content"]),
            row["revision"],
            PersonId(row["made_by"]),
            row["confirmed_at"] is not None,
        )

    def confirm_draft(self, id_: DraftId, by: PersonId, at: datetime) -> bool:
        """False where it was confirmed before, or is somebody else's."""
        confirmed: int = queries.confirm_draft(self._connection, id=id_, by=by, at=to_ms(at))
        return confirmed > 0

    def add(
        self, kind: WordsKind, session: SessionKey, content: Mapping[str, Any], at: datetime, expires_at: datetime
    ) -> None:
        """Everybody is to be told; nobody needs to be from `expires_at` on."""
        queries.add(
            self._connection,
            kind=kind.value,
            session=session,
            content=_written(content),
            at=to_ms(at),
            expires_at=to_ms(expires_at),
        )

    def untold(self) -> list[Words]:
        """What is still to be told, in order."""
        return [
            Words(
                WordsId(row["id"]),
                WordsKind(row["kind"]),
                SessionKey(row["session_key"]),
                json.loads(row["content"]),
                from_ms(row["at"]),
                from_ms(row["expires_at"]),
            )
            for row in queries.untold(self._connection)
        ]

    def told(self, id_: WordsId, at: datetime) -> None:
        queries.told(self._connection, id=id_, at=to_ms(at))


def _written(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False)
