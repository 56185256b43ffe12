"""Rules that join several keys of config.toml.

They read the values as they are written and pass over what cannot be read, so that each mistake is reported
whatever else is wrong with the file.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from bot.agenda import AgendaMistake, BlockKind, instant_of
from bot.config_mistakes import ConfigMistake, Mistaken, Steps, mistake_at
from bot.config_values import (
    Context,
    HourRange,
    read_country,
    read_day,
    read_file_path,
    read_folder_path,
    read_hours,
    read_place,
    read_zone,
)

P = ParamSpec("P")
T = TypeVar("T")


def check_across(values: Mapping[str, Any], context: Context) -> Iterator[ConfigMistake]:
    """Every mistake that lies between keys rather than in one."""
    event = _table(values, "event")
    yield from _days(event, context)
    yield from _blocks(event, context)
    yield from _coverage(_table(values, "coverage"))
    yield from _certificates(_table(values, "certificates"), event)
    yield from _places(_table(values, "discord"))
    yield from _roles(_table(values, "discord"), event, _table(values, "coverage"))
    yield from _storage(_table(values, "storage"), _table(values, "backups"), context.directory)


def _days(event: Mapping[str, Any], context: Context) -> Iterator[ConfigMistake]:
    days: list[tuple[int, date]] = []
    for index, session in _tables(event, "sessions"):
        day = _or_none(read_day, session.get("day"), context.year)
        if day is None:
            continue
        place: Steps = ("event", "sessions", index, "day")
        if any(day == other for _, other in days):
            yield mistake_at(place, "same_day_twice", day=day)
        elif days and day < days[-1][1]:
            yield mistake_at(place, "sessions_out_of_order", day=day)
        days.append((index, day))


def _blocks(event: Mapping[str, Any], context: Context) -> Iterator[ConfigMistake]:
    zone = _or_none(read_zone, event.get("timezone"))
    for index, session in _tables(event, "sessions"):
        day = _or_none(read_day, session.get("day"), context.year)
        blocks = _tables(session, "blocks")
        read: list[HourRange] = []
        for number, block in blocks:
            hours = _or_none(read_hours, block.get("hours"))
            if hours is None:
                continue
            place: Steps = ("event", "sessions", index, "blocks", number, "hours")
            yield from _in_zone(place, day, hours, zone)
            # Against the one before in the file alone: one misplaced block is one mistake, not many.
            if read and hours.end <= read[-1].start:
                yield mistake_at(place, "blocks_out_of_order", hours=_printed(hours), other=_printed(read[-1]))
            elif read and hours.start < read[-1].end:
                yield mistake_at(place, "blocks_overlap", hours=_printed(hours), other=_printed(read[-1]))
            read.append(hours)
        asking = [number for number, block in blocks if block.get("kind") == BlockKind.QA.value]
        for number in asking[1:]:
            yield mistake_at(("event", "sessions", index, "blocks", number, "kind"), "second_qa")


def _in_zone(place: Steps, day: date | None, hours: HourRange, zone: ZoneInfo | None) -> Iterator[ConfigMistake]:
    if day is None or zone is None:
        return
    for hour in hours:
        try:
            instant_of(day, hour, zone)
        except AgendaMistake as mistake:
            yield mistake_at(place, mistake.kind, zone=zone.key, **mistake.values())
            return


def _coverage(coverage: Mapping[str, Any]) -> Iterator[ConfigMistake]:
    countries = coverage.get("countries")
    seen: set[str] = set()
    for index, written in enumerate(countries if isinstance(countries, list) else []):
        code = _or_none(read_country, written)
        if code in seen:
            yield mistake_at(("coverage", "countries", index), "duplicate", value=code)
        seen |= {code} if code else set()
    keys: set[str] = set()
    for index, profile in _tables(coverage, "profiles"):
        key = profile.get("key")
        if isinstance(key, str):
            if key in keys:
                yield mistake_at(("coverage", "profiles", index, "key"), "duplicate", value=key)
            keys.add(key)


def _certificates(certificates: Mapping[str, Any], event: Mapping[str, Any]) -> Iterator[ConfigMistake]:
    days, sessions = certificates.get("days"), _tables(event, "sessions")
    if type(days) is int and sessions and days > len(sessions):
        yield mistake_at(("certificates", "days"), "more_days_than_sessions", days=days, sessions=len(sessions))


_PUBLIC = ("announcements", "questions", "stage", "voice")
_CLOSED = ("moderators", "organizers", "backstage")


def _places(discord: Mapping[str, Any]) -> Iterator[ConfigMistake]:
    """What moderators and organizers see must not go to a place that everybody reads."""
    public: dict[int | str, str] = {}
    for key in _PUBLIC:
        written = discord.get(key)
        several = isinstance(written, list)
        places: list[int | str] = []
        for index, value in enumerate(written if isinstance(written, list) else [written]):
            written_place = _or_none(read_place, value)
            if written_place is None:
                continue
            place = _plain(written_place)
            if place in places:
                yield mistake_at(("discord", key, index), "duplicate", value=written_place)
            places.append(place)
            public.setdefault(place, f"{key}[{index}]" if several else key)
    for key in _CLOSED:
        closed = _or_none(read_place, discord.get(key))
        if closed is not None and _plain(closed) in public:
            yield mistake_at(("discord", key), "closed_place_is_public", place=closed, other=public[_plain(closed)])


def _roles(
    discord: Mapping[str, Any], event: Mapping[str, Any], coverage: Mapping[str, Any]
) -> Iterator[ConfigMistake]:
    """Whoever registers gets these; nobody becomes a moderator or an organizer by registering."""
    staff = {f"discord.{key}": discord.get(key) for key in ("moderator_role", "organizer_role")}
    for index, session in _tables(event, "sessions"):
        for number, block in _tables(session, "blocks"):
            staff[f"event.sessions[{index}].blocks[{number}].moderator_role"] = block.get("moderator_role")
    serving = {_plain(place): path for path, written in staff.items() if (place := _or_none(read_place, written))}
    roles = _table(discord, "roles")
    given: list[tuple[Steps, object]] = [(("discord", "roles", "attendee"), roles.get("attendee"))]
    countries = coverage.get("countries")
    expected = {_or_none(read_country, each) for each in (countries if isinstance(countries, list) else [])}
    for key, written in _table(roles, "countries").items():
        code = _or_none(read_country, key)
        if code is not None and code not in expected:
            yield mistake_at(("discord", "roles", "countries", key), "role_of_nobody", key=key)
        given.append((("discord", "roles", "countries", key), written))
    keys = (profile.get("key") for _, profile in _tables(coverage, "profiles"))
    profiles = {key for key in keys if isinstance(key, str)}
    for key, written in _table(roles, "profiles").items():
        if key not in profiles:
            yield mistake_at(("discord", "roles", "profiles", key), "role_of_nobody", key=key)
        given.append((("discord", "roles", "profiles", key), written))
    for steps, written in given:
        role = _or_none(read_place, written)
        if role is not None and _plain(role) in serving:
            yield mistake_at(steps, "role_of_staff", role=role, other=serving[_plain(role)])


def _plain(place: int | str) -> int | str:
    """A name as it is found in the server: whatever the case, and however an accent is written."""
    return unicodedata.normalize("NFC", place).casefold() if isinstance(place, str) else place


def _storage(storage: Mapping[str, Any], backups: Mapping[str, Any], directory: Path) -> Iterator[ConfigMistake]:
    """A copy of the database's directory, or of that of its backups, must not take the key along."""
    database = _or_none(read_file_path, storage.get("database"), directory)
    key = _or_none(read_file_path, storage.get("anonymity_key"), directory)
    folder = _or_none(read_folder_path, backups.get("folder"), directory)
    for apart in (None if database is None else database.parent, folder):
        if apart is not None and key is not None and key.is_relative_to(apart):
            yield mistake_at(("storage", "anonymity_key"), "key_beside_database", directory=str(apart))
            return


def _printed(hours: HourRange) -> str:
    return f"{hours.start:%H:%M}-{hours.end:%H:%M}"


def _or_none(read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """What can be read; where it cannot, the models report it at its place."""
    try:
        return read(*args, **kwargs)
    except (AgendaMistake, Mistaken):
        return None


def _table(values: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = values.get(key)
    return found if isinstance(found, dict) else {}


def _tables(values: Mapping[str, Any], key: str) -> list[tuple[int, Mapping[str, Any]]]:
    found = values.get(key)
    found = found if isinstance(found, list) else []
    return [(index, table) for index, table in enumerate(found) if isinstance(table, dict)]
