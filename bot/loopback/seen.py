"""What people see: messages and forms as they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.loopback import components as parts
from bot.loopback.messages import embed_texts
from bot.loopback.nouns import Channel, Json, Member, Message, Role

_KINDS = {
    parts.TEXT_INPUT: "text",
    parts.STRING_SELECT: "select",
    parts.USER_SELECT: "user select",
    parts.ROLE_SELECT: "role select",
    parts.MENTIONABLE_SELECT: "mentionable select",
    parts.CHANNEL_SELECT: "channel select",
    parts.FILE_UPLOAD: "file upload",
    parts.RADIO_GROUP: "radio group",
    parts.CHECKBOX_GROUP: "checkbox group",
    parts.CHECKBOX: "checkbox",
}


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file in a message."""

    name: str
    content: bytes
    #: What is read to somebody who cannot see it.
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """A button; `custom_id` is None for a link."""

    label: str
    custom_id: str | None
    disabled: bool
    style: int
    url: str | None
    emoji: str | None


@dataclass(frozen=True, slots=True)
class Option:
    """One of a select's options."""

    label: str
    value: str
    description: str | None
    default: bool


@dataclass(frozen=True, slots=True)
class Select:
    """A select; `options` is empty where Discord offers people, roles or channels."""

    custom_id: str
    kind: str
    placeholder: str | None
    options: tuple[Option, ...]
    min_values: int
    max_values: int
    disabled: bool


class SeenMessage:
    """A message as it was when somebody looked; acting on it acts on the message as it is now."""

    __slots__ = (
        "_mentions",
        "attachments",
        "author",
        "channel",
        "components",
        "content",
        "created_at",
        "deleted_at",
        "edited_at",
        "embeds",
        "ephemeral",
        "id",
        "message",
        "pinned",
    )

    def __init__(self, message: Message) -> None:
        self.message = message
        self.id = message.id
        self.author: Member = message.author
        self.channel: Channel = message.channel
        self.content = message.content
        self.embeds: tuple[Json, ...] = message.embeds
        self.components: tuple[Json, ...] = message.components
        self.attachments = tuple(SeenFile(file.name, file.content, file.description) for file in message.attachments)
        self.ephemeral = message.is_ephemeral
        self.created_at: datetime = message.created_at
        self.edited_at: datetime | None = message.edited_at
        self.deleted_at: datetime | None = message.deleted_at
        self.pinned = message.pinned_at is not None
        self._mentions = (message.mentions, message.mention_roles, message.mention_everyone)

    def __repr__(self) -> str:
        place = "ephemeral" if self.ephemeral else self.channel.name
        return f"<SeenMessage {place}: {self.text!r} {self.labels}>"

    @property
    def text(self) -> str:
        """All that is read in it: content, embeds and text displays, joined by newlines."""
        found = [self.content] if self.content else []
        for embed in self.embeds:
            found += embed_texts(embed)
        return "\n".join(found + parts.texts(self.components))

    @property
    def deleted(self) -> bool:
        """Whether the message is gone by now."""
        return self.message.deleted_at is not None

    @property
    def pinged(self) -> list[Member | Role | str]:
        """Whom it really pinged: members, roles' ids as "<@&id>", and "@everyone"."""
        members, roles, everyone = self._mentions
        return [*members, *(f"<@&{role_id}>" for role_id in roles), *(["@everyone"] if everyone else [])]

    @property
    def buttons(self) -> list[Button]:
        """Its buttons in order."""
        return [
            Button(
                each.get("label", ""),
                each.get("custom_id"),
                bool(each.get("disabled")),
                each["style"],
                each.get("url"),
                (each.get("emoji") or {}).get("name"),
            )
            for each in parts.walk(self.components)
            if each["type"] == parts.BUTTON
        ]

    @property
    def labels(self) -> list[str]:
        """The labels of its buttons in order; an emoji stands for a label that is missing."""
        return [button.label or button.emoji or "" for button in self.buttons]

    @property
    def selects(self) -> list[Select]:
        """Its selects in order."""
        return [select(each) for each in parts.walk(self.components) if each["type"] in parts.SELECTS]


def select(component: Json) -> Select:
    """A select as it is shown."""
    return Select(
        component["custom_id"],
        _KINDS[component["type"]],
        component.get("placeholder"),
        _options(component),
        component.get("min_values", 1),
        component.get("max_values", 1),
        bool(component.get("disabled")),
    )


def _options(component: Json) -> tuple[Option, ...]:
    return tuple(
        Option(option["label"], str(option["value"]), option.get("description"), bool(option.get("default")))
        for option in component.get("options", ())
    )


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form."""

    custom_id: str
    label: str
    kind: str
    required: bool
    max_length: int | None
    min_length: int | None
    options: tuple[Option, ...]
    #: What stands in it already: the text, or the values chosen beforehand.
    value: str | tuple[str, ...]
    description: str | None
    placeholder: str | None
    component: Mapping[str, Any]
    #: The number of the label or row around it, and whether it is a label.
    outer: tuple[int, int]


class Modal:
    """A form as it is shown to one person."""

    def __init__(self, data: Json, opened_by: Any) -> None:
        self.custom_id: str = data["custom_id"]
        self.title: str = data["title"]
        self.opened_by = opened_by
        self.texts = [each["content"] for each in data["components"] if each["type"] == parts.TEXT_DISPLAY]
        self.fields = tuple(_fields(data))

    def field(self, name: str) -> Field:
        """The field of that custom_id or label; raises LookupError."""
        for field in self.fields:
            if name in (field.custom_id, field.label):
                return field
        raise LookupError(f"the form {self.custom_id!r} has no field {name!r}")


def _fields(data: Json) -> list[Field]:
    found = []
    for part in data["components"]:
        if part["type"] == parts.ACTION_ROW:
            found.append(_field(part["components"][0], part, part["components"][0]["label"], None))
        elif part["type"] == parts.LABEL:
            found.append(_field(part["component"], part, part["label"], part.get("description")))
    return found


def _field(component: Json, outer: Json, label: str, description: str | None) -> Field:
    options = _options(component)
    value: str | tuple[str, ...] = component.get("value") or ""
    if component["type"] != parts.TEXT_INPUT:
        value = tuple(option.value for option in options if option.default)
    return Field(
        component["custom_id"],
        label,
        _KINDS.get(component["type"], "other"),
        component.get("required", True),
        component.get("max_length"),
        component.get("min_length"),
        options,
        value,
        description,
        component.get("placeholder"),
        component,
        (outer["type"], outer["id"]),
    )
