"""The server as a tester furnishes it: roles, channels, people and bots, by name."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from bot.loopback import permissions as rights
from bot.loopback.guild import Guild
from bot.loopback.nouns import Channel, ChannelKind, EventTime, Member, Message, Overwrite, Role
from bot.loopback.people import Person
from bot.loopback.seen import SeenMessage

if TYPE_CHECKING:
    from bot.loopback.onlookers import Stage

#: Whom an overwrite is about.
Target = Role | Member


class World(Guild):
    """One Discord server and everybody in it."""

    def __init__(self, time: EventTime, name: str = "Servidor del evento", locale: str = "es-ES") -> None:
        super().__init__(time, name, locale)
        #: What serves this world to bots, once there is one.
        self.stage: Stage | None = None
        self.people: list[Person] = []

    # Roles

    def add_role(self, name: str, permissions: int = 0, *, mentionable: bool = False) -> Role:
        """A new role."""
        return self.create_role(name, permissions, mentionable=mentionable)

    # Channels

    def add_text_channel(
        self,
        name: str,
        *,
        hidden_from_everyone: bool = False,
        allow: Mapping[Target, int] | None = None,
        deny: Mapping[Target, int] | None = None,
        topic: str | None = None,
    ) -> Channel:
        """A text channel; `allow` and `deny` map roles and members to permissions."""
        overwrites = self._overwrites(allow, deny, hidden=hidden_from_everyone)
        return self.create_channel(ChannelKind.TEXT, name, overwrites, topic=topic)

    def add_stage(
        self,
        name: str,
        *,
        hidden_from_everyone: bool = False,
        allow: Mapping[Target, int] | None = None,
        deny: Mapping[Target, int] | None = None,
    ) -> Channel:
        """A stage channel."""
        overwrites = self._overwrites(allow, deny, hidden=hidden_from_everyone)
        return self.create_channel(ChannelKind.STAGE, name, overwrites)

    def add_voice(
        self,
        name: str,
        *,
        hidden_from_everyone: bool = False,
        allow: Mapping[Target, int] | None = None,
        deny: Mapping[Target, int] | None = None,
    ) -> Channel:
        """A voice channel."""
        overwrites = self._overwrites(allow, deny, hidden=hidden_from_everyone)
        return self.create_channel(ChannelKind.VOICE, name, overwrites)

    def add_afk(self, name: str) -> Channel:
        """The voice channel of those who are away."""
        channel = self.create_channel(ChannelKind.VOICE, name)
        self.change_server(afk=channel)
        return channel

    def remove_channel(self, name: str) -> None:
        """Delete a channel."""
        self.delete_channel(self.channel_named(name))

    def rename_channel(self, name: str, new_name: str) -> None:
        """Rename a channel."""
        self.change_channel(self.channel_named(name), name=new_name)

    def set_overwrite(self, channel: Channel | str, target: Target, *, allow: int = 0, deny: int = 0) -> None:
        """Make this what a channel allows and denies a role or member; nothing takes the overwrite away."""
        where = self.channel_named(channel) if isinstance(channel, str) else channel
        overwrites = dict(where.overwrites)
        overwrites.pop(target.id, None)
        if allow or deny:
            overwrites[target.id] = Overwrite(isinstance(target, Member), allow, deny)
        self.change_channel(where, overwrites=overwrites)

    def _overwrites(
        self, allow: Mapping[Target, int] | None, deny: Mapping[Target, int] | None, *, hidden: bool
    ) -> dict[int, Overwrite]:
        made: dict[int, Overwrite] = {}
        if hidden:
            made[self.id] = Overwrite(False, deny=rights.VIEW_CHANNEL)
        for target, allowed in (allow or {}).items():
            made.setdefault(target.id, Overwrite(isinstance(target, Member))).allow |= allowed
        for target, denied in (deny or {}).items():
            made.setdefault(target.id, Overwrite(isinstance(target, Member))).deny |= denied
        return made

    # Who is there

    def add_bot(self, token: str, name: str, permissions: int = 0, *, privileged: int = 0) -> tuple[Member, Role]:
        """A bot that may connect with `token`, and its managed role.

        `privileged` are the privileged intents that its owner has switched on.
        """
        bot = Member(
            self.new_id(),
            name.lower().replace(" ", "_"),
            name,
            True,
            "en-US",
            self.time.now(),
            token=token,
            privileged=privileged,
        )
        role = self.create_role(name, permissions, bot_id=bot.id)
        bot.role_ids.append(role.id)
        self.admit(bot)
        return bot, role

    def add_person(
        self,
        name: str,
        *,
        locale: str = "es-ES",
        roles: Iterable[Role] = (),
        nick: str | None = None,
        global_name: str | None = None,
        bot: bool = False,
        avatar: str | None = None,
    ) -> Person:
        """Somebody who acts. `name` is shown unless there is a `global_name` or `nick`."""
        person = Person(
            self,
            id=self.new_id(),
            username=_username(name),
            global_name=name if global_name is None else global_name,
            is_bot=bot,
            locale=locale,
            joined_at=self.time.now(),
            nick=nick,
            role_ids=[role.id for role in roles],
            avatar=avatar,
        )
        self.people.append(person)
        self.admit(person)
        return person

    # Messages

    def delete_message(self, message: Message | SeenMessage) -> None:
        """Delete a message, as a moderator does by hand."""
        super().delete_message(message.message if isinstance(message, SeenMessage) else message)

    def messages_in(self, name: str) -> list[Message]:
        """Every message that is in a channel now, the oldest first."""
        return list(self.channel_named(name).messages.values())


def _username(name: str) -> str:
    kept = "".join(
        sign for sign in name.lower().replace(" ", ".") if sign.isascii() and (sign.isalnum() or sign == ".")
    )
    return (kept or "persona")[:32].ljust(2, "_")
