"""The days of a rehearsal in the figures that result.json has of them."""

from collections.abc import Iterable, Iterator

from bot.attendance import CHANGE_OF_DEVICE, DayRecord, minutes_by_person_and_block
from bot.clock import to_ms
from bot.ids import PersonId
from bot.loopback.nouns import LogEntry
from bot.loopback.world import World
from bot.rehearsal.recount import Presence, Span, Whereabouts
from bot.rehearsal.result import Day
from bot.summary import Summary


def whereabouts(log: Iterable[LogEntry], world: World) -> Iterator[Whereabouts]:
    """Where everybody went, by the server's own log. Bots are nobody.

    Somebody who leaves and comes back to the same channel on another connection within a second changed the device.
    """
    bridge_ms = CHANGE_OF_DEVICE.total_seconds() * 1000
    names = {channel.name: channel.id for channel in world.channels.values()}
    waiting: dict[PersonId, tuple[Whereabouts, int | None, str]] = {}
    for entry in log:
        if entry.kind != "voice" or world.members[entry.detail["person"]].is_bot:
            continue
        person = PersonId(entry.detail["person"])
        channel = names.get(entry.detail["channel"])
        now = Whereabouts(to_ms(entry.at), person, channel)
        if channel is None:
            waiting[person] = (now, names.get(entry.detail["before"]), entry.detail["session_id"])
            continue
        if (left := waiting.pop(person, None)) is not None:
            gone, before, session_id = left
            same_seat = before == channel and session_id != entry.detail["session_id"]
            if not (same_seat and now.at - gone.at <= bridge_ms):
                yield gone
        yield now
    for gone, _before, _session in waiting.values():
        yield gone


def blind_spans(log: Iterable[LogEntry]) -> Iterator[Span]:
    """When no bot was connected, by the server's own log, from the first time that one was."""
    connected: set[str] = set()
    since: int | None = None
    for entry in log:
        if entry.kind in ("gateway.opened", "gateway.resumed"):
            connected.add(entry.detail["session"])
            if since is not None and since < to_ms(entry.at):
                yield Span(since, to_ms(entry.at))
            since = None
        elif entry.kind == "gateway.closed":
            connected.discard(entry.detail["session"])
            if not connected:
                since = to_ms(entry.at)


def presence_of(record: DayRecord) -> Presence:
    """What the register says, in milliseconds."""
    return minutes_by_person_and_block(record)


def attendance_of(summary: Summary) -> Day:
    """The figures of a day that a script may read; the people add up by country as by profile.

    Beside the countries stand the other affiliations and "unregistered"; beside the profiles "none", for everybody
    who has none.
    """
    people = summary.total.people
    by_country = {line.country: line.count.people for line in summary.delegations}
    elsewhere = {where.value: count.people for where, count in summary.elsewhere.items()}
    by_profile = {p.key: n for p, n in zip(summary.profiles, summary.people_by_profile, strict=True)}
    return Day(
        people=people,
        minutes=sum(block.total for block in summary.blocks) // 60_000,
        by_country={**by_country, **elsewhere, "unregistered": summary.unregistered.people},
        by_profile={**by_profile, "none": people - sum(by_profile.values())},
    )
