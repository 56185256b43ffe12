"""Messages of the bot's that carry something erased: kept until each of them was changed, or cannot be."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from sqlite3 import Connection

from bot.clock import from_ms, to_ms
from bot.ids import ChannelId, MessageId, QuestionNumber
from bot.storage.queries import load

queries = load("erasure_posts")


class PostKind(StrEnum):
    """What a message of the bot's that carries something erased is."""

    QUESTION = "question"
    ANSWER = "answer"
    LIST = "list"
    LIVE = "live"
    FLAG = "flag"


class PostOutcome(StrEnum):
    """What became of it."""

    EDITED = "edited"
    #: It could not be changed, and was taken away in its place.
    REMOVED = "removed"
    #: It is not there any more.
    GONE = "gone"
    #: It may be there, and the bot can neither change it nor take it away.
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class ErasurePost:
    """A message that is to be changed. `message` is None while it is not known whether it is in its channel, and
    `is_lost` says that it never will be. `key`, `generation` and `part` are those of its notice, where it has one."""

    id: int
    kind: PostKind
    channel: ChannelId
    message: MessageId | None
    numbers: tuple[QuestionNumber, ...]
    noted_at: datetime
    attempts: int
    is_absent: bool
    is_lost: bool
    key: str
    generation: int
    part: int


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A message that organizers are to look after, or to know of: `outcome` is REMOVED or UNREACHABLE."""

    id: int
    kind: PostKind
    channel: ChannelId
    message: MessageId | None
    numbers: tuple[QuestionNumber, ...]
    outcome: PostOutcome


class ErasurePosts:
    """The list of what is to be changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, numbers: Iterable[QuestionNumber], at: datetime) -> None:
        """Whatever may show one of these questions, or who asked it, is to be changed."""
        listed = json.dumps(sorted(set(numbers)))
        if listed != "[]":
            queries.note_question_posts(self._connection, numbers=listed, at=to_ms(at))
            queries.note_lists(self._connection, numbers=listed, at=to_ms(at))
            queries.note_live(self._connection, numbers=listed, at=to_ms(at))

    def note_flag(self, channel: int, message: int, at: datetime) -> None:
        """A message to moderators that bears a name is to be taken away."""
        queries.note_flag(self._connection, channel=channel, message=message, at=to_ms(at))

    def waiting(self) -> list[ErasurePost]:
        """Those that are still to be changed, in the order in which they were noted."""
        return [
            ErasurePost(
                row["id"],
                PostKind(row["kind"]),
                ChannelId(row["channel_id"]),
                None if row["message_id"] is None else MessageId(row["message_id"]),
                tuple(QuestionNumber(number) for number in json.loads(row["numbers"])),
                from_ms(row["noted_at"]),
                row["attempts"],
                is_absent=row["state"] == "failed" or (row["notice_id"] is not None and row["state"] is None),
                is_lost=row["state"] == "unconfirmed",
                key=row["key"] or "",
                generation=row["generation"] or 1,
                part=row["part"] or 1,
            )
            for row in queries.posts_waiting(self._connection)
        ]

    def how_many(self) -> int:
        return int(queries.count_posts_waiting(self._connection))

    def note_attempt(self, post: int) -> None:
        queries.note_attempt(self._connection, id=post)

    def settle(self, post: int, outcome: PostOutcome, at: datetime) -> None:
        """Nothing is left to do about a message; what organizers have to know of stays until they were told."""
        if outcome in (PostOutcome.REMOVED, PostOutcome.UNREACHABLE):
            queries.give_up(self._connection, id=post, outcome=outcome, at=to_ms(at))
        else:
            queries.drop(self._connection, id=post)

    def settle_live(self, message: MessageId) -> None:
        """A message that is kept up to date was made anew."""
        queries.drop_live(self._connection, message=message)

    def forget(self, posts: Iterable[int]) -> None:
        """Organizers were told of these."""
        for post in posts:
            queries.drop(self._connection, id=post)

    def live_since(self, message: MessageId) -> datetime | None:
        """Since when a message that is kept up to date stands; None where it is not the one that stands any more."""
        at: int | None = queries.live_since(self._connection, message=message)
        return None if at is None else from_ms(at)

    def answer_text(self, number: QuestionNumber, generation: int) -> str:
        """What a generation of a question's answer says by now."""
        text: str = queries.answer_text(self._connection, number=number, generation=generation)
        return text

    def unchanged(self) -> list[Unchanged]:
        """What organizers are to be told of: taken away in place of being changed, or out of reach."""
        return [
            Unchanged(
                row["id"],
                PostKind(row["kind"]),
                ChannelId(row["channel_id"]),
                None if row["message_id"] is None else MessageId(row["message_id"]),
                tuple(QuestionNumber(number) for number in json.loads(row["numbers"])),
                PostOutcome(row["outcome"]),
            )
            for row in queries.posts_not_changed(self._connection)
        ]
