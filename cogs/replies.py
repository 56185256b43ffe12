"""How a person is answered: privately, in their language, shown literally, within Discord's limits."""

import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import discord

from bot.agenda import Language
from bot.i18n import language_of
from bot.ids import PersonId
from bot.splitting import split

from .answers import answering, is_answered, note_answered
from .first_answers import written
from .routes import inert

if TYPE_CHECKING:
    from .client import Estrado

#: Discord's limit of a message's content, in characters.
CONTENT_LIMIT = 2000

#: Real names carry one or two marks a letter, three in rare cases; more of them paint over the lines around.
MARKS_PER_LETTER = 3

_MARKUP = re.compile(r"([\\*_~|`>#\[\]()<@:\-+.])")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def bot_of(interaction: discord.Interaction) -> "Estrado":
    """The bot that took the interaction, as what it is."""
    return cast("Estrado", interaction.client)


def language(interaction: discord.Interaction) -> Language:
    """The language to answer this person in, by the language of their Discord."""
    return language_of(interaction.locale.value)


def person(interaction: discord.Interaction) -> PersonId:
    """Who it is."""
    return PersonId(interaction.user.id)


async def reply(
    interaction: discord.Interaction,
    text: str,
    *,
    view: discord.ui.View | None = None,
    files: Sequence[discord.File] = (),
    embed: discord.Embed | None = None,
) -> None:
    """Answer privately. Text over the limit goes on in further messages; view, files and embed go with the last.

    Serves as the first answer and after a deferral alike.
    """
    parts = split(text, CONTENT_LIMIT) or [""]
    for part in parts[:-1]:
        await _send(interaction, content=part)
    last: dict[str, Any] = {"content": parts[-1]}
    if view is not None:
        last["view"] = inert(view)
    if files:
        last["files"] = list(files)
    if embed is not None:
        last["embed"] = embed
    await _send(interaction, **last)


async def reply_layout(interaction: discord.Interaction, view: discord.ui.LayoutView) -> None:
    """Answer privately with a message that carries its own text within Discord's limits, as first answer or after."""
    await _send(interaction, view=inert(view))


async def _send(interaction: discord.Interaction, **message: Any) -> None:
    async with answering(interaction):
        if is_answered(interaction):
            await interaction.followup.send(ephemeral=True, **message)
        elif not await _given_at_once(interaction, **message):
            await interaction.response.send_message(ephemeral=True, **message)


async def _given_at_once(
    interaction: discord.Interaction,
    *,
    content: str | None = None,
    view: discord.ui.View | discord.ui.LayoutView | None = None,
    embed: discord.Embed | None = None,
    files: Sequence[discord.File] = (),
) -> bool:
    if files:
        return False
    mentions = bot_of(interaction).allowed_mentions or discord.AllowedMentions.none()
    given = await bot_of(interaction).first_answers.give(interaction, written(content, view, embed, mentions))
    if given:
        note_answered(interaction)
    return given


def literal(text: str) -> str:
    """A person's text so that Discord shows exactly it: no markup, mention, timestamp, hidden link or preview.

    Signs that turn the direction of what follows are dropped, and combining marks beyond three a letter.
    """
    text = _fewer_marks(_DIRECTION.sub("", unicodedata.normalize("NFC", text)))
    # A link keeps its address visible; a zero-width joint after the scheme keeps Discord from linking and previewing.
    return _MARKUP.sub(r"\\\1", text.replace("://", ":\u2060//"))


def _fewer_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        # By category: the marks that are piled highest (Thai, enclosing circles) have no combining class.
        if category in ("Mn", "Me"):
            marks += 1
        elif category != "Cf":
            # A sign without width between two marks does not keep them from the same letter.
            marks = 0
        if marks <= MARKS_PER_LETTER or category == "Cf":
            kept.append(character)
    return "".join(kept)
