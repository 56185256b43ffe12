"""What `estrado setup` makes in the server so that all that config.toml names is there, and what it leaves alone.

It only adds: what somebody made or allowed by hand stays, but for what would let everybody read a closed channel.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot import access
from bot.access import CREATE_EVENTS, MANAGE_ROLES, NEEDED, PlaceKind
from bot.config import Config
from bot.place_ids import PlaceId, Reference

#: Whom an overwrite is about besides the roles, which go by their key in config.toml.
EVERYONE, BOT = "@everyone", "@bot"

#: Who has these on a Stage moderates it there: lets people speak, mutes them, moves them.
STAGE_MODERATOR = frozenset(access.STAGE_MODERATOR)

#: What making channels needs, in the whole server.
MANAGE_CHANNELS = "manage_channels"

_READING = frozenset({"view_channel", "read_message_history"})
_STAFF = frozenset({*_READING, "send_messages", "embed_links", "attach_files"})


class ThingKind(StrEnum):
    """What stands in the server."""

    ROLE = "role"
    CATEGORY = "category"
    TEXT = "text"
    VOICE = "voice"
    STAGE = "stage"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a channel allows and denies somebody."""

    allow: frozenset[str] = frozenset()
    deny: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.allow or self.deny)

    def __or__(self, other: "Grant") -> "Grant":
        return Grant(self.allow | other.allow, (self.deny | other.deny) - self.allow - other.allow)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that config.toml names; several keys may mean the same. Grants go by EVERYONE, BOT or a role's key."""

    kind: ThingKind
    #: By key, as it is written there.
    named: Mapping[str, Reference]
    grants: Mapping[str, Grant] = field(default_factory=dict)
    #: What it gets besides where it is made; where it is there already, that has been decided by hand.
    grants_when_new: Mapping[str, Grant] = field(default_factory=dict)
    mentionable: bool = False

    @property
    def name(self) -> str:
        """What it is called where it is made; config.toml may write it with its # or @."""
        return str(self.reference).strip().lstrip("#@")

    @property
    def setting(self) -> str:
        return next(iter(self.named))

    @property
    def reference(self) -> Reference:
        return self.named[self.setting]


@dataclass(frozen=True, slots=True)
class Present:
    """What was found of a thing. `can`: what each may do there by all that adds up; `allows`: what its own overwrites
    allow each. Both by EVERYONE, BOT and the keys of the roles that are there."""

    id: int
    can: Mapping[str, frozenset[str]] = field(default_factory=dict)
    allows: Mapping[str, frozenset[str]] = field(default_factory=dict)
    mentionable: bool = True


class StepKind(StrEnum):
    """What is done."""

    MAKE = "make"
    #: Its overwrites are added to.
    OPEN = "open"
    #: Everybody may mention the role.
    MENTION = "mention"


@dataclass(frozen=True, slots=True)
class Step:
    """One change. `id` is None where the thing is made."""

    kind: StepKind
    thing: Thing
    id: int | None = None
    grants: Mapping[str, Grant] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """Every change that is wanted, in the order in which they can be done, and what cannot be made."""

    steps: tuple[Step, ...]
    #: An id that the server does not have, by its setting: nobody can make a thing of that id.
    impossible: tuple[Thing, ...] = ()

    @property
    def permissions(self) -> frozenset[str]:
        """What the bot needs in the whole server to do it; nobody can give what they have not got."""
        needed: set[str] = set()
        for step in self.steps:
            if step.thing.kind is ThingKind.ROLE:
                needed.add(MANAGE_ROLES)
                continue
            if step.kind is StepKind.MAKE:
                needed.add(MANAGE_CHANNELS)
            for grant in step.grants.values():
                needed |= {MANAGE_ROLES, *grant.allow, *grant.deny}
        return frozenset(needed)


def things(config: Config) -> tuple[Thing, ...]:
    """All that config.toml names of the server, roles first; each thing once, whatever keys name it."""
    places = config.discord
    named = [*_roles(config)]
    if places.category is not None:
        named.append(Thing(ThingKind.CATEGORY, {"discord.category": places.category}))
    named += _channels(config)
    joined: dict[tuple[object, Reference], Thing] = {}
    for thing in named:
        kind = "voice" if thing.kind in (ThingKind.STAGE, ThingKind.VOICE) else thing.kind
        key = (kind, plain(thing.reference))
        joined[key] = _joined(joined[key], thing) if key in joined else thing
    return tuple(joined.values())


def plan(wanted: Iterable[Thing], present: Mapping[str, Present]) -> Plan:
    """What to do where `present`, by setting, is what the server has."""
    steps: list[Step] = []
    impossible: list[Thing] = []
    for thing in wanted:
        found = next((present[setting] for setting in thing.named if setting in present), None)
        if found is not None:
            steps += _mended(thing, found)
        elif isinstance(thing.reference, int):
            impossible.append(thing)
        else:
            grants = {to: _both(thing, to) for to in (*thing.grants, *thing.grants_when_new)}
            steps.append(Step(StepKind.MAKE, thing, None, {to: grant for to, grant in grants.items() if grant}))
    return Plan(tuple(steps), tuple(impossible))


def place_ids(wanted: Iterable[Thing], ids: Mapping[str, int]) -> list[PlaceId]:
    """What is to be kept of the things that are there, `ids` by setting: each key of config.toml with its thing's."""
    return [
        PlaceId(setting, reference, ids[thing.setting])
        for thing in wanted
        if thing.setting in ids
        for setting, reference in thing.named.items()
    ]


def running_permissions(config: Config | None = None) -> frozenset[str]:
    """The least that the bot needs in the whole server to run; more where registration gives roles."""
    # Of what moderating a Stage needs, the Stage itself may give it all.
    needed = {CREATE_EVENTS} | {name for names in NEEDED.values() for name in names} - STAGE_MODERATOR
    return frozenset(needed | ({MANAGE_ROLES} if config is not None and _gives_roles(config) else set()))


def setup_permissions(config: Config) -> frozenset[str]:
    """The least that it needs for everything that this module may do, and to run."""
    everything = plan([thing for thing in things(config) if isinstance(thing.reference, str)], {})
    return everything.permissions | running_permissions(config) | {MANAGE_CHANNELS, MANAGE_ROLES}


def plain(reference: Reference) -> Reference:
    """A name as it is found in the server: whatever the case, and however an accent is written."""
    if isinstance(reference, int):
        return reference
    return unicodedata.normalize("NFC", reference.strip().lstrip("#@")).casefold()


def _roles(config: Config) -> Iterator[Thing]:
    places = config.discord
    yield Thing(ThingKind.ROLE, {"discord.moderator_role": places.moderator_role})
    yield Thing(ThingKind.ROLE, {"discord.organizer_role": places.organizer_role})
    for setting, reference in _session_roles(config).items():
        yield Thing(ThingKind.ROLE, {setting: reference})
    if places.announcement_role is not None:
        yield Thing(ThingKind.ROLE, {"discord.announcement_role": places.announcement_role}, mentionable=True)
    given = places.roles
    if given.attendee is not None:
        yield Thing(ThingKind.ROLE, {"discord.roles.attendee": given.attendee})
    for code, reference in given.countries.items():
        yield Thing(ThingKind.ROLE, {f"discord.roles.countries.{code}": reference})
    for key, reference in given.profiles.items():
        yield Thing(ThingKind.ROLE, {f"discord.roles.profiles.{key}": reference})


def _session_roles(config: Config) -> Mapping[str, Reference]:
    return {
        f"event.sessions[{n}].moderator_role": block.moderator_role
        for n, session in enumerate(config.agenda.sessions)
        for block in session.blocks
        if block.moderator_role is not None
    }


def _channels(config: Config) -> Iterator[Thing]:
    places = config.discord
    organizers = "discord.organizer_role"
    moderators = ("discord.moderator_role", organizers, *_session_roles(config))
    public = {BOT: Grant(frozenset(NEEDED[PlaceKind.PUBLIC])), EVERYONE: Grant(deny=frozenset({"send_messages"}))}
    read_by_all = {EVERYONE: Grant(_READING)}
    for n, reference in enumerate(places.announcements):
        kind = PlaceKind.PUBLIC if n else PlaceKind.NOTICEBOARD
        told = {**public, BOT: Grant(frozenset(NEEDED[kind]))}
        yield Thing(ThingKind.TEXT, {f"discord.announcements[{n}]": reference}, told, read_by_all)
    yield Thing(ThingKind.TEXT, {"discord.questions": places.questions}, public, read_by_all)
    # Where moderators are called by their role, which nobody else may mention.
    called = "moderators" if places.backstage is None else "backstage"
    for key, reference, staff in (
        ("moderators", places.moderators, moderators),
        ("organizers", places.organizers, (organizers,)),
        *((("backstage", places.backstage, moderators),) if places.backstage is not None else ()),
    ):
        needed = {*NEEDED[PlaceKind.CLOSED], *(("mention_everyone",) if key == called else ())}
        closed = {EVERYONE: Grant(deny=frozenset({"view_channel"})), BOT: Grant(frozenset(needed))}
        yield Thing(ThingKind.TEXT, {f"discord.{key}": reference}, {**closed, **dict.fromkeys(staff, Grant(_STAFF))})
    present = frozenset(NEEDED[PlaceKind.PRESENCE])
    entered = frozenset({"view_channel", "connect"})
    if places.stage is not None:
        moderated = dict.fromkeys(moderators, Grant(entered | STAGE_MODERATOR))
        grants = {BOT: Grant(present | STAGE_MODERATOR), **moderated}
        heard = {EVERYONE: Grant(entered | {"request_to_speak"})}
        yield Thing(ThingKind.STAGE, {"discord.stage": places.stage}, grants, heard)
    for n, reference in enumerate(places.voice):
        grants = {BOT: Grant(present)}
        yield Thing(ThingKind.VOICE, {f"discord.voice[{n}]": reference}, grants, {EVERYONE: Grant(entered)})


def _joined(one: Thing, other: Thing) -> Thing:
    def both(ours: Mapping[str, Grant], theirs: Mapping[str, Grant]) -> dict[str, Grant]:
        return {to: ours.get(to, Grant()) | theirs.get(to, Grant()) for to in (*ours, *theirs)}

    return Thing(
        one.kind,
        {**one.named, **other.named},
        both(one.grants, other.grants),
        both(one.grants_when_new, other.grants_when_new),
        one.mentionable or other.mentionable,
    )


def _both(thing: Thing, to: str) -> Grant:
    return thing.grants.get(to, Grant()) | thing.grants_when_new.get(to, Grant())


def _mended(thing: Thing, found: Present) -> Iterator[Step]:
    if thing.kind is ThingKind.ROLE:
        if thing.mentionable and not found.mentionable:
            yield Step(StepKind.MENTION, thing, found.id)
        return
    denied = _denied(thing, found)
    missing = {to: Grant(_lacking(to, grant, found, denied)) for to, grant in thing.grants.items()}
    if denied:
        missing[EVERYONE] = missing.get(EVERYONE, Grant()) | Grant(deny=denied)
    if missing := {to: grant for to, grant in missing.items() if grant}:
        yield Step(StepKind.OPEN, thing, found.id, missing)


def _denied(thing: Thing, found: Present) -> frozenset[str]:
    """What is to be taken from everybody; what a hand allowed them stays, but not that they read what is closed."""
    wanted = thing.grants.get(EVERYONE, Grant()).deny
    by_hand = frozenset() if "view_channel" in wanted else found.allows.get(EVERYONE, frozenset())
    return wanted & found.can.get(EVERYONE, frozenset()) - by_hand


def _lacking(to: str, grant: Grant, found: Present, denied: frozenset[str]) -> frozenset[str]:
    """What is to be allowed. What everybody loses must be somebody's own; and the bot's own is written into the
    channel in any case, so that it holds when its role is given less than for setting up."""
    allows = found.allows.get(to, frozenset())
    return grant.allow - (allows if to == BOT or denied else found.can.get(to, frozenset()))


def _gives_roles(config: Config) -> bool:
    roles = config.discord.roles
    return bool(roles.attendee is not None or roles.countries or roles.profiles)
