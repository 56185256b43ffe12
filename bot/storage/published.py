"""What posted summaries said, as it is kept: a day's first, and those that correct it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Connection, Row

from bot.clock import from_ms, to_ms
from bot.ids import ChannelId, SessionKey
from bot.storage.queries import load

queries = load("published")


@dataclass(frozen=True, slots=True)
class Published:
    """One summary in one channel. `generation` is 1 for the first of the day, and higher for those that correct it.

    It was made for the instant `made_at`; whether it is in the channel, the notices know.
    """

    session: SessionKey
    channel_id: ChannelId
    generation: int
    made_at: datetime
    figures: Mapping[str, int]
    #: The text of a first one, part by part.
    texts: tuple[str, ...]


class PublishedSummaries:
    """The figures of every summary that was posted, or is on its way."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_session(self, session: SessionKey, channel_id: ChannelId) -> list[Published]:
        """A day's summaries in a channel, the first one first."""
        rows = queries.of_session(self._connection, session=session, channel_id=channel_id)
        return [_published(row) for row in rows]

    def last(self, session: SessionKey) -> Published | None:
        """The day's latest one, in whatever channel."""
        row = queries.last_of_session(self._connection, session=session)
        return None if row is None else _published(row)

    def keep(
        self,
        session: SessionKey,
        channel_id: ChannelId,
        generation: int,
        made_at: datetime,
        figures: Mapping[str, int],
        texts: Sequence[str] = (),
    ) -> Published:
        """What the summary made for `made_at` says: as it was kept for that very instant, or else these figures."""
        queries.keep(
            self._connection,
            session=session,
            channel_id=channel_id,
            generation=generation,
            made_at=to_ms(made_at),
            figures=json.dumps(figures, separators=(",", ":")),
            texts=json.dumps(texts, ensure_ascii=False),
        )
        return self.of_session(session, channel_id)[generation - 1]

    def drop(self, published: Published) -> None:
        """It is certainly not in the channel, and there is nothing to correct any more."""
        queries.drop(
            self._connection,
            session=published.session,
            channel_id=published.channel_id,
            generation=published.generation,
        )


def _published(row: Row) -> Published:
    return Published(
        session=SessionKey(row["session_key"]),
        channel_id=ChannelId(row["channel_id"]),
        generation=row["generation"],
        made_at=from_ms(row["made_at"]),
        figures=json.loads(row["figures"]),
        texts=tuple(json.loads(row["texts"])),
    )
