"""What Discord makes of the body of a message, and what it refuses."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from bot.loopback import components as parts
from bot.loopback import permissions as rights
from bot.loopback.guild import Guild
from bot.loopback.nouns import (
    COMPONENTS_V2,
    EPHEMERAL,
    SUPPRESS_NOTIFICATIONS,
    Attachment,
    DiscordRefusal,
    Json,
    Member,
    invalid_form,
    missing_permissions,
)

MAX_CONTENT = 2000
MAX_EMBEDS = 10
MAX_EMBED_TEXT = 6000
MAX_FILES = 10
MAX_DESCRIPTION = 1024
#: A bot's limit; servers without boosts take ten megabytes a file.
MAX_FILE_BYTES = 10 * 1024 * 1024

_MAY_BE_SET = EPHEMERAL | COMPONENTS_V2 | SUPPRESS_NOTIFICATIONS | 1 << 2
_MENTION = re.compile(r"<@(!|&)?(\d+)>")
_EVERYONE = re.compile(r"@(everyone|here)\b")
_CODE = re.compile(r"```.*?```|``.*?``|`[^`]*`", re.DOTALL)
#: Drawn as nothing, although Unicode calls some of them letters.
_BLANK_LETTERS = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u034f")


class File(NamedTuple):
    """A file that came with a request, under the number of its part."""

    number: str
    name: str
    content: bytes
    content_type: str


def looks_empty(text: str) -> bool:
    """Whether nobody would see anything: blanks, format signs, and letters that are drawn as nothing."""
    return all(
        sign.isspace() or sign in _BLANK_LETTERS or unicodedata.category(sign) in ("Cf", "Cc", "Zs", "Zl", "Zp")
        for sign in text
    )


def composed(
    guild: Guild,
    body: Json,
    files: Sequence[File],
    *,
    allowed: int,
    before: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The values of a new message, or the changed values of one that is edited.

    `allowed` are the author's permissions in the channel; `before` holds an edited message's content, embeds,
    components, attachments and flags.
    """
    is_edit = before is not None
    held: Mapping[str, Any] = before or _NOTHING
    flags = _flags(body, held, is_edit=is_edit)
    layout = bool(flags & COMPONENTS_V2)
    content = held["content"]
    if "content" in body:
        content = _content(body["content"])
    embeds = held["embeds"]
    if "embeds" in body or "embed" in body:
        given = body.get("embeds") or ([body["embed"]] if body.get("embed") else [])
        embeds = _embeds(given)
    components = held["components"]
    if "components" in body:
        components = parts.checked(body["components"] or [], layout=layout)
    if layout and (content or embeds or body.get("poll") or body.get("sticker_ids")):
        message = "The message has the IS_COMPONENTS_V2 flag and cannot have content, embeds, stickers or a poll."
        raise invalid_form("content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message)
    attachments = _attachments(guild, body, files, held["attachments"])
    if files and not allowed & rights.ATTACH_FILES:
        raise missing_permissions()
    if embeds and not allowed & rights.EMBED_LINKS:
        raise missing_permissions()
    if looks_empty(content) and not embeds and not attachments and not components:
        raise DiscordRefusal(400, 50006, "Cannot send an empty message")
    values: dict[str, Any] = {
        "content": content,
        "embeds": embeds,
        "components": components,
        "attachments": attachments,
        "flags": flags,
    }
    text = "\n".join([content, *parts.texts(components)])
    values |= mentions(guild, text, body.get("allowed_mentions"), allowed)
    if flags & EPHEMERAL:
        values |= {"mentions": (), "mention_roles": (), "mention_everyone": False}
    return values


def mentions(guild: Guild, text: str, permitted: Json | None, allowed: int) -> dict[str, Any]:
    """Whom a text really pings: by what the sender permits and by what the author may do."""
    if "@" not in text:
        return {"mentions": (), "mention_roles": (), "mention_everyone": False}
    permitted = {"parse": ["users", "roles", "everyone"]} if permitted is None else permitted
    parse = set(permitted.get("parse") or ())
    users = {str(each) for each in permitted.get("users") or ()}
    roles = {str(each) for each in permitted.get("roles") or ()}
    for kind, listed in (("users", users), ("roles", roles)):
        if kind in parse and listed:
            message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            raise invalid_form("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)
    text = _CODE.sub("", text)
    pinged: dict[int, Member] = {}
    pinged_roles: dict[int, None] = {}
    anyone = bool(allowed & rights.MENTION_EVERYONE)
    for sign, number in _MENTION.findall(text):
        if sign == "&":
            role = guild.roles.get(int(number))
            if role is not None and (role.mentionable or anyone) and ("roles" in parse or number in roles):
                pinged_roles[role.id] = None
        elif (member := guild.members.get(int(number))) and ("users" in parse or number in users):
            pinged[member.id] = member
    return {
        "mentions": tuple(pinged.values()),
        "mention_roles": tuple(pinged_roles),
        "mention_everyone": anyone and "everyone" in parse and bool(_EVERYONE.search(text)),
    }


_NOTHING: Mapping[str, Any] = {"content": "", "embeds": (), "components": (), "attachments": (), "flags": 0}


def _flags(body: Json, held: Mapping[str, Any], *, is_edit: bool) -> int:
    before: int = held["flags"]
    given = int(body.get("flags") or 0) & _MAY_BE_SET
    if not is_edit:
        return given
    # What an edit can do: start to be a layout (and never stop), and hide or show link previews.
    if "flags" not in body:
        return before
    return before & ~(1 << 2) | given & (COMPONENTS_V2 | 1 << 2)


def _content(given: Any) -> str:
    if given is None:
        return ""
    if not isinstance(given, str):
        raise invalid_form("content", "BASE_TYPE_STRING", "Could not be interpreted as string.")
    if len(given) > MAX_CONTENT:
        raise invalid_form("content", "BASE_TYPE_MAX_LENGTH", f"Must be {MAX_CONTENT} or fewer in length.")
    return given.strip()


def _embeds(given: Sequence[Json]) -> tuple[Json, ...]:
    if len(given) > MAX_EMBEDS:
        raise invalid_form("embeds", "BASE_TYPE_MAX_LENGTH", f"Must be {MAX_EMBEDS} or fewer in length.")
    kept = tuple(_embed(embed, f"embeds.{index}") for index, embed in enumerate(given))
    if sum(len(text) for embed in kept for text in embed_texts(embed)) > MAX_EMBED_TEXT:
        message = f"Embed size exceeds maximum size of {MAX_EMBED_TEXT}"
        raise invalid_form("embeds", "MAX_EMBED_SIZE_EXCEEDED", message)
    return kept


def embed_texts(embed: Json) -> list[str]:
    """An embed's texts in the order in which they are read."""
    found = [embed.get("author", {}).get("name"), embed.get("title"), embed.get("description")]
    for field in embed.get("fields", ()):
        found += [field["name"], field["value"]]
    found.append(embed.get("footer", {}).get("text"))
    return [text for text in found if text]


def _embed(embed: Json, where: str) -> Json:
    kept: Json = {"type": "rich"}
    for key, most in (("title", 256), ("description", 4096)):
        if embed.get(key):
            kept[key] = _limited(embed[key], f"{where}.{key}", most)
    for key, text, most in (("author", "name", 256), ("footer", "text", 2048)):
        if embed.get(key):
            _limited(embed[key].get(text) or "", f"{where}.{key}.{text}", most)
            kept[key] = {name: value for name, value in embed[key].items() if value is not None}
    fields = embed.get("fields") or []
    if len(fields) > 25:
        raise invalid_form(f"{where}.fields", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    if fields:
        kept["fields"] = [_embed_field(field, f"{where}.fields.{index}") for index, field in enumerate(fields)]
    for key in ("url", "color", "timestamp", "image", "thumbnail"):
        if embed.get(key) is not None:
            kept[key] = embed[key]
    if len(kept) == 1:
        raise invalid_form(f"{where}.description", "BASE_TYPE_REQUIRED", "This field is required")
    return kept


def _embed_field(field: Json, where: str) -> Json:
    for key, most in (("name", 256), ("value", 1024)):
        if not field.get(key) or field[key].isspace():
            raise invalid_form(f"{where}.{key}", "BASE_TYPE_REQUIRED", "This field is required")
        _limited(field[key], f"{where}.{key}", most)
    return {"name": field["name"], "value": field["value"], "inline": bool(field.get("inline"))}


def _limited(text: str, where: str, most: int) -> str:
    if len(text) > most:
        raise invalid_form(where, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
    return text


def _attachments(guild: Guild, body: Json, files: Sequence[File], held: Sequence[Attachment]) -> tuple[Attachment, ...]:
    described = {str(each.get("id")): each for each in body.get("attachments") or ()}
    kept = list(held)
    if "attachments" in body:
        kept = [file for file in held if str(file.id) in described]
    for file in files:
        if len(file.content) > MAX_FILE_BYTES:
            raise DiscordRefusal(413, 40005, "Request entity too large")
        about = described.get(file.number, {})
        _limited(about.get("description") or "", f"attachments.{file.number}.description", MAX_DESCRIPTION)
        kept.append(
            Attachment(
                guild.new_id(),
                about.get("filename") or file.name,
                file.content,
                file.content_type,
                about.get("description"),
            )
        )
    if len(kept) > MAX_FILES:
        raise invalid_form("attachments", "BASE_TYPE_MAX_LENGTH", f"Must be {MAX_FILES} or fewer in length.")
    return tuple(kept)
