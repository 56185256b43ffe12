"""The made-up server of a rehearsal, furnished with the places and roles that config.toml names."""

from dataclasses import dataclass
from itertools import count

from bot.clock import Clock
from bot.config import Config, DiscordConfig
from bot.loopback.contract import Contract
from bot.loopback.nouns import Channel, Member, Role
from bot.loopback.people import Person
from bot.loopback.server import Loopback
from bot.loopback.world import World

TOKEN = "made-up-token-of-the-rehearsal"

_VIEW = 1 << 10
SEND = 1 << 11
_EMBED = 1 << 14
_ATTACH = 1 << 15
_HISTORY = 1 << 16
_CONNECT = 1 << 20
_MENTION = 1 << 17
_MANAGE_ROLES = 1 << 28
_CREATE_EVENTS = 1 << 44
_PIN = 1 << 51
#: To manage the channel, to mute members and to move them.
_STAGE_MODERATOR = 1 << 4 | 1 << 22 | 1 << 24

#: What the bot needs in the server, and no more: to see, post, embed, attach, read back and pin, and to make events.
BOT_PERMISSIONS = _VIEW | SEND | _EMBED | _ATTACH | _HISTORY | _CONNECT | _CREATE_EVENTS | _PIN

#: The voice channel that Discord moves idle people to.
_AWAY = "ausentes"


@dataclass(frozen=True, slots=True)
class Hall:
    """A furnished server."""

    world: World
    loopback: Loopback
    bot_role: Role
    moderator_role: Role
    organizer_role: Role
    stage: Channel | None
    #: Where those are who are away.
    away: Channel
    voice: tuple[Channel, ...]
    announcements: tuple[Channel, ...]
    questions: Channel
    organizers: Channel
    #: Where moderators and panelists are called.
    backstage: Channel

    @property
    def presence_channels(self) -> tuple[Channel, ...]:
        """Where presence counts."""
        return self.voice if self.stage is None else (self.stage, *self.voice)

    @property
    def public_channels(self) -> tuple[Channel, ...]:
        """Where everybody reads."""
        return (*self.announcements, self.questions)

    def moderator(self, name: str, locale: str = "es-419") -> Person:
        """One more person who moderates the event."""
        return self.world.add_person(name, locale=locale, roles=[self.moderator_role])

    def organizer(self, name: str, locale: str = "es-419") -> Person:
        """One more person of the organization."""
        return self.world.add_person(name, locale=locale, roles=[self.organizer_role])


def by_name(config: Config) -> Config:
    """The same configuration with names in place of Discord's ids, which a made-up server cannot have."""
    places = config.discord
    fields = {
        name: [_named(name, one) for one in value] if isinstance(value, list | tuple) else _named(name, value)
        for name, value in ((name, getattr(places, name)) for name in DiscordConfig.model_fields)
        if value is not None and name != "roles"
    }
    roles = places.roles.model_copy(
        update={
            "attendee": None if places.roles.attendee is None else _named("attendee", places.roles.attendee),
            "countries": {key: _named(key, role) for key, role in places.roles.countries.items()},
            "profiles": {key: _named(key, role) for key, role in places.roles.profiles.items()},
        }
    )
    tuples = {k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()}
    named = places.model_copy(update={**tuples, "roles": roles})
    sessions = tuple(
        session.model_copy(
            update={
                "blocks": tuple(
                    block.model_copy(update={"moderator_role": _named("moderator_role", block.moderator_role)})
                    if block.moderator_role is not None
                    else block
                    for block in session.blocks
                )
            }
        )
        for session in config.event.sessions
    )
    event = config.event.model_copy(update={"sessions": sessions})
    return config.model_copy(update={"discord": named, "event": event})


def furnish(config: Config, time: Clock, contract: Contract | None = None) -> Hall:
    """A server with everything that `config` (by names) names; its loopback is not serving yet."""
    places = config.discord
    world = World(time, name=str(places.guild))
    given = [places.roles.attendee, *places.roles.countries.values(), *places.roles.profiles.values()]
    allowed = BOT_PERMISSIONS | (_MANAGE_ROLES if any(given) else 0)
    _bot, bot_role = world.add_bot(TOKEN, "Estrado", permissions=allowed)
    moderator_role = world.add_role(str(places.moderator_role))
    organizer_role = moderator_role
    if places.organizer_role != places.moderator_role:
        organizer_role = world.add_role(str(places.organizer_role))
    roles = {str(places.moderator_role), str(places.organizer_role)}
    wanted = [places.announcement_role, *given, *(b.moderator_role for s in config.event.sessions for b in s.blocks)]
    for name in wanted:
        if name is not None and str(name) not in roles:
            roles.add(str(name))
            world.add_role(str(name))
    # Above those that it is to give.
    world.change_role(bot_role, position=len(world.roles))
    announcements = tuple(
        world.add_text_channel(str(name), deny={world.everyone: SEND}, allow={bot_role: SEND})
        for name in places.announcements
    )
    questions = next((channel for channel in announcements if channel.name == places.questions), None)
    if questions is None:
        questions = world.add_text_channel(str(places.questions), deny={world.everyone: SEND}, allow={bot_role: SEND})
    staff: dict[Role | Member, int] = {bot_role: _VIEW, organizer_role: _VIEW}
    calling: dict[Role | Member, int] = {bot_role: _VIEW | _MENTION, organizer_role: _VIEW, moderator_role: _VIEW}
    moderators = world.add_text_channel(str(places.moderators), hidden_from_everyone=True, allow=calling)
    organizers = moderators
    if places.organizers != places.moderators:
        organizers = world.add_text_channel(str(places.organizers), hidden_from_everyone=True, allow=staff)
    closed = {channel.name: channel for channel in (moderators, organizers)}
    backstage = moderators if places.backstage is None else closed.get(str(places.backstage))
    if backstage is None:
        backstage = world.add_text_channel(str(places.backstage), hidden_from_everyone=True, allow=calling)
    stage = None
    if places.stage is not None:
        stage = world.add_stage(str(places.stage), allow={bot_role: _STAGE_MODERATOR})
    voice = tuple(world.add_voice(str(name)) for name in places.voice if name != places.stage)
    away = world.add_afk(free_name(world, _AWAY))
    return Hall(
        world=world,
        loopback=Loopback(world, time=time, contract=contract),
        bot_role=bot_role,
        moderator_role=moderator_role,
        organizer_role=organizer_role,
        stage=stage,
        away=away,
        voice=voice,
        announcements=announcements,
        questions=questions,
        organizers=organizers,
        backstage=backstage,
    )


def free_name(world: World, wanted: str) -> str:
    """The name, with a number where a channel has it: another of one name would be another place to many."""
    taken = {channel.name for channel in world.channels.values()}
    return next(name for n in count(1) if (name := wanted if n == 1 else f"{wanted}-{n}") not in taken)


def _named(setting: str, reference: int | str) -> str:
    return reference if isinstance(reference, str) else f"{setting}-{reference}"
