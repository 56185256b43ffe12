"""What stands in each channel at the end of a rehearsal, as a page to read."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bot.languages import Language
from bot.loopback.nouns import ChannelKind
from bot.loopback.people import Person
from bot.loopback.seen import SeenMessage
from bot.phrases import incidents as phrases
from bot.rehearsal.incidents import Account


def transcript(
    reader: Person, title: str, zone: ZoneInfo, account: Account | None = None, language: Language = "es"
) -> str:
    """Every text channel that `reader` may see, in Markdown; messages as they are now, in the event's hours.

    Before them, the incidents, a line each.
    """
    parts = [f"# {title}\n"]
    if account is not None:
        parts.append(f"## {phrases.title(language)}\n\n{phrases.introduction(language)}\n")
        lines = sorted(account.lines, key=lambda line: line.at)
        parts.append("".join(f"- **{line.at.astimezone(zone):%Y-%m-%d %H:%M:%S}** · {line.text}\n" for line in lines))
    for channel in reader.world.channels.values():
        if channel.kind is not ChannelKind.TEXT or not reader.world.may_see(reader, channel):
            continue
        messages = [message for message in reader.sees_in(channel) if not message.ephemeral]
        parts.append(f"## #{channel.name}\n")
        parts.extend(_written(messages, zone) if messages else ["*(nada / nothing)*\n"])
    return "\n".join(parts)


def _written(messages: Iterable[SeenMessage], zone: ZoneInfo) -> Iterable[str]:
    for message in messages:
        local = message.created_at.astimezone(zone)
        edited = " (edited)" if message.edited_at is not None else ""
        yield f"**{local:%Y-%m-%d %H:%M:%S} · {message.author.display_name}{edited}**\n"
        # A quotation keeps headings and lists of a post inside it.
        yield "\n".join(f"> {line}".rstrip() for line in message.text.splitlines()) + "\n"
        if message.labels:
            yield "> " + " ".join(f"[{label}]" for label in message.labels) + "\n"
        for file in message.attachments:
            # What a picture shows says more than its size, which is not the same on every machine.
            said = file.description or f"{len(file.content)} bytes"
            yield f"> 📎 {file.name} ({said})\n"
