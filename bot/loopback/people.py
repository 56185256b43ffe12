"""People: what they do in the server, and what they see of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.loopback import components as parts
from bot.loopback import options as offered
from bot.loopback import payloads
from bot.loopback import permissions as rights
from bot.loopback.attendees import Attendee
from bot.loopback.exchange import CannotDo, Exchange, InvalidOption, NoSuchComponent, NotVisible, UnknownCommand
from bot.loopback.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL_SUBMIT,
    Interaction,
)
from bot.loopback.messages import File, composed
from bot.loopback.nouns import Channel, Json, Member, Message, Role
from bot.loopback.onlookers import Stage
from bot.loopback.options import Choice, OptionValue, SeenCommand
from bot.loopback.seen import Field, Modal, SeenMessage

_COMMAND_KINDS = {"user": 2, "message": 3}


class Person(Attendee):
    """Somebody in the server. Every act returns once the bots were told, and once the first answer came."""

    def __repr__(self) -> str:
        return f"<Person {self.display_name}>"

    # Commands

    def visible_commands(self, channel: Channel | str | None = None) -> list[SeenCommand]:
        """The commands that this person's client offers in a channel, in their language."""
        where = self._where(channel)
        return [offered.seen(command, self.locale) for command in self._commands() if self._is_offered(command, where)]

    async def slash(
        self,
        name: str,
        /,
        *,
        channel: Channel | str | None = None,
        forged: bool = False,
        dm: bool = False,
        **options: OptionValue,
    ) -> Exchange:
        """Use "/name" or "/name subcommand"; `forged` as somebody whom Discord's client does not offer it."""
        command, path, defined = offered.find(self._commands(), name)
        where = self._place(command, channel, forged=forged, dm=dm)
        sent, resolved = offered.filled(self.world, defined, options)
        data = self._command_data(command, offered.nested(path, sent), resolved)
        return await self._act(COMMAND, self._bot_of(command), where, data)

    async def suggestions(
        self,
        name: str,
        option: str,
        typed: str = "",
        *,
        channel: Channel | str | None = None,
        forged: bool = False,
        dm: bool = False,
        **others: OptionValue,
    ) -> list[Choice]:
        """What is suggested for an option while `typed` stands in it."""
        command, path, defined = offered.find(self._commands(), name)
        where = self._place(command, channel, forged=forged, dm=dm)
        sent, resolved = offered.filled(self.world, defined, {**others, option: typed}, focused=option)
        data = self._command_data(command, offered.nested(path, sent), resolved)
        exchange = await self._act(AUTOCOMPLETE, self._bot_of(command), where, data)
        return [Choice(offered.localised(choice, "name", self.locale), choice["value"]) for choice in exchange.choices]

    async def context_menu(
        self, name: str, target: "SeenMessage | Message | Member", *, forged: bool = False
    ) -> Exchange:
        """Use a command on a message or on somebody."""
        kind = _COMMAND_KINDS["user" if isinstance(target, Member) else "message"]
        command = next((c for c in self._commands() if c["type"] == kind and c["name"] == name), None)
        if command is None:
            raise UnknownCommand(f"there is no such command as {name!r} here")
        resolved: dict[str, Json] = {}
        if isinstance(target, Member):
            where = self._place(command, None, forged=forged, dm=False)
            offered.resolve(self.world, target, resolved)
            target_id = target.id
        else:
            message = self._present(target)
            where = self._place(command, message.channel, forged=forged, dm=False)
            resolved["messages"] = {str(message.id): payloads.past_message(message)}
            target_id = message.id
        data = self._command_data(command, [], resolved) | {"target_id": str(target_id)}
        return await self._act(COMMAND, self._bot_of(command), where, data)

    # Components and forms

    async def click(
        self,
        message: "SeenMessage | Message",
        button: str = "",
        *,
        forged_custom_id: str | None = None,
        forged_values: Sequence[str] = (),
    ) -> Exchange:
        """Press the button of that label or custom_id.

        `forged_custom_id` sends one that need not be there; with `forged_values`, as that of a select.
        """
        shown = self._present(message)
        if forged_custom_id is not None:
            data: Json = {"component_type": parts.BUTTON, "custom_id": forged_custom_id, "id": 1}
            if forged_values:
                data |= {"component_type": parts.STRING_SELECT, "values": list(forged_values)}
        else:
            found = self._component(shown, button, frozenset({parts.BUTTON}))
            if found.get("custom_id") is None:
                raise NoSuchComponent(f"{button!r} is a link")
            data = {"component_type": parts.BUTTON, "custom_id": found["custom_id"], "id": found["id"]}
        return await self._act(COMPONENT, shown.author, shown.channel, data, message=shown)

    async def choose(
        self, message: "SeenMessage | Message", which: str, *values: str | Member | Channel | Role
    ) -> Exchange:
        """Choose in the select of that custom_id or placeholder: options by label or value, people, channels, roles."""
        shown = self._present(message)
        found = self._component(shown, which, parts.SELECTS)
        resolved: dict[str, Json] = {}
        chosen = self._chosen(found, values, resolved)
        data: Json = {
            "component_type": found["type"],
            "custom_id": found["custom_id"],
            "id": found["id"],
            "values": chosen,
        }
        if resolved:
            data["resolved"] = resolved
        return await self._act(COMPONENT, shown.author, shown.channel, data, message=shown)

    async def submit(self, modal: Modal, **fields: Any) -> Exchange:
        """Send a form: fields by custom_id or label; those not named are sent as they stand."""
        given = {modal.field(name).custom_id: value for name, value in fields.items()}
        resolved: dict[str, Json] = {}
        sent = [
            self._wrapped(field, self._entered(field, given.get(field.custom_id, field.value), resolved))
            for field in modal.fields
        ]
        opened_by: Interaction = modal.opened_by
        data: Json = {"custom_id": modal.custom_id, "components": sent}
        if resolved:
            data["resolved"] = resolved
        return await self._act(
            MODAL_SUBMIT,
            opened_by.bot,
            opened_by.channel,
            data,
            message=opened_by.message,
            opened_by=opened_by,
        )

    async def submit_raw(
        self, custom_id: str, fields: Mapping[str, str | Sequence[str]], *, channel: Channel | str | None = None
    ) -> Exchange:
        """Send a form that was opened earlier, or that never was: nothing is checked."""
        sent = []
        for number, (name, value) in enumerate(fields.items()):
            inner: Json = {"custom_id": name, "id": 2 * number + 2}
            if isinstance(value, str):
                inner |= {"type": parts.TEXT_INPUT, "value": value}
            else:
                inner |= {"type": parts.STRING_SELECT, "values": list(value)}
            sent.append({"type": parts.LABEL, "id": 2 * number + 1, "component": inner})
        data = {"custom_id": custom_id, "components": sent}
        return await self._act(MODAL_SUBMIT, self._only_bot(), self._where(channel), data)

    # Messages

    async def says(self, channel: Channel | str, text: str, files: Mapping[str, bytes] | None = None) -> SeenMessage:
        """Write into a channel."""
        where = self._where(channel)
        return await self._write(where, text, files)

    async def tells(self, bot: Member, text: str) -> SeenMessage:
        """Write to a bot privately."""
        return await self._write(self.world.private_channel(bot, self), text, None)

    # How it is done

    async def _act(
        self,
        kind: int,
        bot: Member,
        channel: Channel,
        data: Json,
        *,
        message: Message | None = None,
        opened_by: Interaction | None = None,
    ) -> Exchange:
        begun = self._stage.interactions.begin(kind, self, bot, channel, data, message=message, opened_by=opened_by)
        exchange = Exchange(begun)
        await exchange.first_answer()
        return exchange

    @property
    def _stage(self) -> Stage:
        if self.world.stage is None:
            raise CannotDo("nothing serves this world yet")
        return self.world.stage

    async def _write(self, channel: Channel, text: str, files: Mapping[str, bytes] | None) -> SeenMessage:
        world = self.world
        allowed = world.permissions(self, channel)
        if not allowed & rights.VIEW_CHANNEL or not allowed & rights.SEND_MESSAGES:
            raise NotVisible(f"{self!r} may not write there")
        given = [
            File(str(index), name, content, "application/octet-stream")
            for index, (name, content) in enumerate((files or {}).items())
        ]
        values = composed(world, {"content": text}, given, allowed=allowed)
        message = Message(id=world.new_id(), channel=channel, author=self, created_at=world.time.now(), **values)
        world.add_message(message)
        await self._told()
        return SeenMessage(message)

    def _commands(self) -> list[Json]:
        return [*self.world.commands.values(), *self.world.global_commands.values()]

    def _is_offered(self, command: Json, channel: Channel) -> bool:
        allowed = self.world.permissions(self, channel)
        if not allowed & rights.USE_APPLICATION_COMMANDS:
            return False
        decided = {
            entry["id"]: entry["permission"] for entry in self.world.command_permissions.get(int(command["id"]), [])
        }
        if str(self.id) in decided:
            return bool(decided[str(self.id)])
        of_roles = [decided[str(role_id)] for role_id in self.role_ids if str(role_id) in decided]
        if of_roles:
            return any(of_roles)
        if str(self.world.id) in decided:
            return bool(decided[str(self.world.id)])
        needed = command.get("default_member_permissions")
        if needed is None:
            return True
        if int(needed) == 0:
            return bool(allowed & rights.ADMINISTRATOR)
        return int(needed) & ~allowed == 0

    def _place(self, command: Json, channel: Channel | str | None, *, forged: bool, dm: bool) -> Channel:
        if dm:
            return self.world.private_channel(self._bot_of(command), self)
        where = self._where(channel)
        if not self.world.may_see(self, where):
            raise NotVisible(f"{self!r} does not see #{where.name}")
        if not forged and not self._is_offered(command, where):
            raise UnknownCommand(f"{self!r} is not offered {command['name']!r} in #{where.name}")
        return where

    def _command_data(self, command: Json, options: list[Json], resolved: Json) -> Json:
        data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        if options:
            data["options"] = options
        if resolved:
            data["resolved"] = resolved
        return data

    def _bot_of(self, command: Json) -> Member:
        return self.world.members[int(command["application_id"])]

    def _only_bot(self) -> Member:
        return next(member for member in self.world.members.values() if member.token is not None)

    def _present(self, message: "SeenMessage | Message") -> Message:
        now = message.message if isinstance(message, SeenMessage) else message
        if now.deleted_at is not None:
            raise NotVisible("the message was deleted")
        if now.only_for not in (None, self.id) or not self.world.may_see(self, now.channel):
            raise NotVisible(f"{self!r} does not see the message")
        return now

    def _component(self, message: Message, name: str, kinds: frozenset[int]) -> Json:
        found = [each for each in parts.walk(message.components) if each["type"] in kinds]
        for keys in (("custom_id",), ("label", "placeholder")):
            for each in found:
                if any(each.get(key) == name for key in keys):
                    if each.get("disabled"):
                        raise NoSuchComponent(f"{name!r} is disabled")
                    return each
        if not name and len(found) == 1 and not found[0].get("disabled"):
            return found[0]
        offered_names = [each.get("label") or each.get("placeholder") or each.get("custom_id") for each in found]
        raise NoSuchComponent(f"there is no {name!r} among {offered_names}")

    def _chosen(self, component: Json, values: Sequence[Any], resolved: dict[str, Json]) -> list[str]:
        chosen = []
        for value in values:
            if isinstance(value, Member | Channel | Role):
                offered.resolve(self.world, value, resolved)
                chosen.append(str(value.id))
                continue
            options = component.get("options", ())
            for option in options:
                if value in (option["value"], option["label"]):
                    chosen.append(option["value"])
                    break
            else:
                raise NoSuchComponent(f"there is no option {value!r} among {[o['label'] for o in options]}")
        if not component.get("min_values", 1) <= len(chosen) <= component.get("max_values", 1):
            raise NoSuchComponent(f"{len(chosen)} options cannot be chosen there")
        return chosen

    def _entered(self, field: Field, value: Any, resolved: dict[str, Json]) -> Json:
        component = field.component
        data: Json = {"type": component["type"], "custom_id": field.custom_id, "id": component["id"]}
        if field.kind == "text":
            if not isinstance(value, str):
                raise InvalidOption(f"{field.label!r} takes text")
            least = max(field.min_length or 0, 1 if field.required else 0)
            if not least <= len(value) <= (field.max_length or 4000) and (value or field.required):
                raise InvalidOption(f"{field.label!r} does not take a text of {len(value)}")
            return data | {"value": value}
        values = (value,) if isinstance(value, str | Member | Channel | Role) else tuple(value)
        if values or field.required:
            values = tuple(self._chosen(dict(component), values, resolved))
        return data | {"values": list(values)}

    def _wrapped(self, field: Field, entered: Json) -> Json:
        kind, number = field.outer
        if kind == parts.ACTION_ROW:
            return {"type": kind, "id": number, "components": [entered]}
        return {"type": kind, "id": number, "component": entered}
