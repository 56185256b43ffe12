"""What was told to which channel, as it is kept. What is due, and how late is too late, is decided above."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from sqlite3 import Connection

from bot.clock import from_ms, to_ms
from bot.ids import ChannelId, MessageId
from bot.storage.queries import load

queries = load("notices")


class PartState(StrEnum):
    """How far a message came."""

    #: It may be in the channel: it is on its way, or the bot died on the way.
    CLAIMED = "claimed"
    SENT = "sent"
    #: It is certainly not in the channel.
    FAILED = "failed"
    #: It may be in the channel, and nobody can find out.
    UNCONFIRMED = "unconfirmed"


class Outcome(StrEnum):
    """What became of a cue in a channel."""

    CLAIMED = "claimed"
    SENT = "sent"
    #: Attempts failed, nothing is there; it is decided anew at the next one.
    FAILING = "failing"
    #: It was too late for it.
    SKIPPED = "skipped"
    #: Attempts failed until it was too late.
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class Address:
    """A notice in a channel. A message made anew on purpose has the next generation."""

    key: str
    channel_id: ChannelId
    generation: int = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a notice."""

    state: PartState
    built_at: datetime
    #: Since when it may be in the channel.
    claimed_at: datetime
    sent_at: datetime | None
    message_id: MessageId | None
    attempts: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A message of a notice as it was sent to a channel: which it is, where that is known, and since when it may be
    there."""

    address: Address
    part: int
    state: PartState
    claimed_at: datetime
    message_id: MessageId | None


@dataclass(frozen=True, slots=True)
class HeldCue:
    """A cue that a notice carries or that is passed over."""

    key: str
    kind: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger: one cue in one channel."""

    key: str
    channel_id: ChannelId
    kind: str
    due_at: datetime
    outcome: Outcome
    #: The key of the notice that carried it.
    notice: str | None
    sent_at: datetime | None
    settled_at: datetime | None

    @property
    def late_seconds(self) -> float | None:
        """How long after it was due it went out; None where it did not."""
        return None if self.sent_at is None else max(0.0, (self.sent_at - self.due_at).total_seconds())


class Notices:
    """Messages of notices, and what became of each cue."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def part(self, address: Address, part: int) -> Part | None:
        row = queries.part(self._connection, **_slot(address, part))
        if row is None:
            return None
        return Part(
            PartState(row["state"]),
            from_ms(row["built_at"]),
            from_ms(row["claimed_at"]),
            None if row["sent_at"] is None else from_ms(row["sent_at"]),
            None if row["message_id"] is None else MessageId(row["message_id"]),
            row["attempts"],
        )

    def messages(self, address: Address) -> list[MessageId]:
        """The messages that are known to be in the channel, in order."""
        rows = queries.messages(self._connection, **_of(address))
        return [MessageId(row["message_id"]) for row in rows if row["message_id"] is not None]

    def built_at(self, address: Address) -> datetime | None:
        """The instant of the content of which something may be in the channel; None where nothing is."""
        at = queries.built_at(self._connection, **_of(address))
        return None if at is None else from_ms(at)

    def claim(self, address: Address, part: int, built_at: datetime, at: datetime) -> None:
        """From now on it may be in the channel. For what is certainly not there."""
        queries.claim(self._connection, **_slot(address, part), built_at=to_ms(built_at), now=to_ms(at))

    def try_again(self, address: Address, part: int) -> None:
        """One more attempt at what was claimed before."""
        queries.try_again(self._connection, **_slot(address, part))

    def confirm(self, address: Address, part: int, message_id: MessageId, sent_at: datetime) -> None:
        queries.confirm(self._connection, **_slot(address, part), message_id=message_id, sent_at=to_ms(sent_at))

    def fail(self, address: Address, part: int, reason: str) -> None:
        """The attempt failed, and the message is certainly not there."""
        queries.fail(self._connection, **_slot(address, part), reason=reason)

    def doubt(self, address: Address, part: int, reason: str) -> None:
        """The attempt failed, and the message may be there all the same."""
        queries.doubt(self._connection, **_slot(address, part), reason=reason)

    def give_up_confirming(self, address: Address, part: int) -> None:
        queries.give_up_confirming(self._connection, **_slot(address, part))

    def may_be_there(self, address: Address) -> bool:
        """Whether any part is in the channel or may be."""
        return bool(queries.may_be_there(self._connection, **_of(address)))

    def anywhere(self, key: str, generation: int) -> list[Placed]:
        """The messages of a notice that were ever sent, to whatever channel."""
        return [
            Placed(
                Address(key, ChannelId(row["channel_id"]), generation),
                row["part"],
                PartState(row["state"]),
                from_ms(row["claimed_at"]),
                None if row["message_id"] is None else MessageId(row["message_id"]),
            )
            for row in queries.anywhere(self._connection, key=key, generation=generation)
        ]

    def attempts(self, address: Address) -> int:
        """How often its most attempted part was attempted; 0 where none was."""
        return queries.attempts(self._connection, **_of(address)) or 0

    def hold(self, address: Address, cues: Iterable[HeldCue]) -> None:
        """These cues go out together in this notice, in this order, also after a restart."""
        for place, cue in enumerate(cues):
            queries.hold_cue(
                self._connection,
                key=cue.key,
                channel_id=address.channel_id,
                kind=cue.kind,
                due_at=to_ms(cue.due_at),
                notice=address.key,
                place=place,
            )

    def release(self, address: Address) -> None:
        """Nothing of the notice is in the channel: its cues are to be decided anew."""
        queries.release_cues(self._connection, notice=address.key, channel_id=address.channel_id)

    def settle(self, address: Address, outcome: Outcome, at: datetime) -> None:
        """What became of the cues of a notice."""
        queries.settle_cues(
            self._connection,
            notice=address.key,
            channel_id=address.channel_id,
            outcome=outcome,
            now=to_ms(at),
        )

    def skip(self, cue: HeldCue, channel_id: ChannelId, at: datetime) -> Outcome:
        """Too late for a cue: skipped, or failed where it was attempted."""
        return Outcome(
            queries.skip_cue(
                self._connection,
                key=cue.key,
                channel_id=channel_id,
                kind=cue.kind,
                due_at=to_ms(cue.due_at),
                now=to_ms(at),
            )
        )

    def recorded(self, channel_id: ChannelId) -> frozenset[str]:
        """The cues of which it is decided what becomes of them in the channel."""
        return frozenset(row["key"] for row in queries.recorded(self._connection, channel_id=channel_id))

    def outcome(self, key: str, channel_id: ChannelId) -> Outcome | None:
        """What became of a cue in the channel; None where nothing has yet."""
        outcome = queries.cue_outcome(self._connection, key=key, channel_id=channel_id)
        return None if outcome is None else Outcome(outcome)

    def forget(self, key: str, channel_id: ChannelId) -> None:
        """A cue of which nothing came, and which is due no more, never was."""
        queries.forget_cue(self._connection, key=key, channel_id=channel_id)

    def open_claims(self, channel_id: ChannelId) -> dict[str, list[str]]:
        """The notices that are on their way to the channel, each with its cues in order."""
        claims: dict[str, list[str]] = {}
        for row in queries.open_claims(self._connection, channel_id=channel_id):
            claims.setdefault(row["notice"], []).append(row["key"])
        return claims

    def ledger(self) -> list[Entry]:
        """Every cue that something became of, by channel, in order of time."""
        return [
            Entry(
                row["key"],
                ChannelId(row["channel_id"]),
                row["kind"],
                from_ms(row["due_at"]),
                Outcome(row["outcome"]),
                row["notice"],
                None if row["sent_at"] is None else from_ms(row["sent_at"]),
                None if row["settled_at"] is None else from_ms(row["settled_at"]),
            )
            for row in queries.ledger(self._connection)
        ]


def _of(address: Address) -> dict[str, str | int]:
    return {"key": address.key, "channel_id": address.channel_id, "generation": address.generation}


def _slot(address: Address, part: int) -> dict[str, str | int]:
    return {**_of(address), "part": part}
