"""What differs between two states of a programme, block by block, as it is told to people. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.agenda import Block, Event, Session
from bot.agenda_changes import Hours, printed
from bot.clock import from_ms, to_ms
from bot.ids import BlockKey, SessionKey
from bot.languages import Text


@dataclass(frozen=True, slots=True)
class Billing:
    """What a programme says of a block."""

    title: Text
    hours: Hours
    #: The official hours, "09:10-09:40".
    printed: str
    speakers: tuple[Text, ...]
    moderator: Text | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A block that is billed otherwise. None before: it is new; None after: it was taken out."""

    block: BlockKey
    before: Billing | None
    after: Billing | None

    @property
    def session(self) -> SessionKey:
        return SessionKey(self.block.rpartition("/")[0])

    @property
    def last_hours(self) -> Hours:
        """When it is, or would have been."""
        last = self.after or self.before
        assert last is not None
        return last.hours


@dataclass(frozen=True, slots=True)
class Retitled:
    """A day whose theme is another."""

    session: SessionKey
    before: Text
    after: Text


def differences(before: Event, after: Event) -> tuple[Difference, ...]:
    """The blocks that are billed otherwise after a change, in the order of time.

    A block is known again by its title, and else by its key: one that was written into a day, or taken out of it,
    gives those behind it other keys.
    """
    found: list[Difference] = []
    old, new = ({session.key: session for session in event.sessions} for event in (before, after))
    for key in old.keys() | new.keys():
        found.extend(_of_session(_billed(old.get(key), before), _billed(new.get(key), after)))
    return tuple(sorted(found, key=lambda each: (each.last_hours.starts_at, each.block)))


def retitled(before: Event, after: Event) -> tuple[Retitled, ...]:
    """The days whose themes are others, in order."""
    themes = {session.key: session.theme for session in before.sessions}
    return tuple(
        Retitled(session.key, themes[session.key], session.theme)
        for session in after.sessions
        if session.key in themes and themes[session.key] != session.theme
    )


def _of_session(old: dict[BlockKey, Billing], new: dict[BlockKey, Billing]) -> Iterator[Difference]:
    for same in (_is_equal, _has_title, _has_key):
        for one, before in tuple(old.items()):
            other = next((key for key, after in new.items() if same(one, before, key, after)), None)
            if other is not None:
                del old[one]
                after = new.pop(other)
                if before != after:
                    yield Difference(other, before, after)
    for key, gone in old.items():
        yield Difference(key, gone, None)
    for key, added in new.items():
        yield Difference(key, None, added)


def _is_equal(_one: BlockKey, before: Billing, _other: BlockKey, after: Billing) -> bool:
    return before == after


def _has_title(_one: BlockKey, before: Billing, _other: BlockKey, after: Billing) -> bool:
    return before.title == after.title


def _has_key(one: BlockKey, _before: Billing, other: BlockKey, _after: Billing) -> bool:
    return one == other


def written(found: Sequence[Difference]) -> list[dict[str, Any]]:
    """As JSON takes it."""
    return [{"block": each.block, "before": _put(each.before), "after": _put(each.after)} for each in found]


def read(rows: Sequence[Mapping[str, Any]], event: Event) -> tuple[Difference, ...]:
    """What was `written`; hours are printed in the event's zone."""
    return tuple(
        Difference(BlockKey(row["block"]), _got(row["before"], event), _got(row["after"], event)) for row in rows
    )


def _billed(session: Session | None, event: Event) -> dict[BlockKey, Billing]:
    return {block.key: _billing(block, event) for block in (session.blocks if session is not None else ())}


def _billing(block: Block, event: Event) -> Billing:
    hours = Hours(block.starts_at, block.ends_at)
    return Billing(block.title, hours, printed(hours, event.timezone), block.speakers, block.moderator)


def _put(billing: Billing | None) -> dict[str, Any] | None:
    if billing is None:
        return None
    return {
        "title": dict(billing.title),
        "starts_at": to_ms(billing.hours.starts_at),
        "ends_at": to_ms(billing.hours.ends_at),
        "speakers": [dict(each) for each in billing.speakers],
        "moderator": None if billing.moderator is None else dict(billing.moderator),
    }


def _got(row: Mapping[str, Any] | None, event: Event) -> Billing | None:
    if row is None:
        return None
    hours = Hours(from_ms(row["starts_at"]), from_ms(row["ends_at"]))
    return Billing(row["title"], hours, printed(hours, event.timezone), tuple(row["speakers"]), row["moderator"])


def last_end(found: Sequence[Difference]) -> datetime:
    """When the last of them is over."""
    return max(each.last_hours.ends_at for each in found)
