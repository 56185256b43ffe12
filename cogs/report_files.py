"""Files of figures on their way to Discord, made apart from the bot, so that nobody waits while they are drawn."""

import io
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord

from bot.errors import Refusal
from bot.languages import Language
from bot.phrases import reports as phrases
from bot.reports.apart import NotMade, apart
from bot.reports.making import Made, Source, day_picture, final_picture
from bot.storage.alerts import AlertKind, WithoutFiles
from bot.summary_values import Final, Summary

if TYPE_CHECKING:
    from .client import Estrado

log = logging.getLogger(__name__)

#: What Discord takes in a server without boosts: a file, and to be sure all files of a message.
_LARGEST = 10 * 1024 * 1024


async def source_of(bot: "Estrado") -> Source:
    """What is on the disk by now of all that the bot has seen."""
    services = bot.services
    await services.register.settled()
    sure = {s.key: at for s in services.event.sessions if (at := services.register.sure_of(s.key)) is not None}
    return Source(services.store.path, services.config, bot.clock.now(), sure, services.event)


async def picture_of(bot: "Estrado", figures: Summary | Final) -> tuple[discord.File, ...]:
    """The picture of figures that are posted, in the event's languages.

    None where it cannot be made: the figures go out all the same, and organizers are told once.
    """
    languages = bot.services.event.languages
    try:
        source = await source_of(bot)
        if isinstance(figures, Summary):
            made = await apart(day_picture, source, figures, languages)
        else:
            made = await apart(final_picture, source, figures, languages)
    except (NotMade, Refusal, OSError) as error:
        log.exception("reports.picture_not_made error=%s", type(error).__name__)
        await bot.services.notices.tell(AlertKind.WITHOUT_FILES, None, WithoutFiles.NOT_MADE)
        return ()
    await bot.services.notices.is_over(AlertKind.WITHOUT_FILES, WithoutFiles.NOT_MADE)
    return (attached(made),)


def attached(made: Made) -> discord.File:
    """The file, with what is said of it to who cannot see it."""
    return file_of(made.name, made.content, made.description)


def file_of(name: str, content: bytes, description: str | None = None) -> discord.File:
    return discord.File(io.BytesIO(content), filename=name, description=description)


def within_limits(files: Sequence[Made], language: Language) -> tuple[list[discord.File], str]:
    """Those that Discord takes in one message, and what to say of the others."""
    kept: list[discord.File] = []
    left_out: list[str] = []
    room = _LARGEST
    for made in files:
        if len(made.content) <= room:
            room -= len(made.content)
            kept.append(attached(made))
        else:
            left_out.append(made.name)
    return kept, phrases.too_large(left_out, language) if left_out else ""
