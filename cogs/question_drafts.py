"""A question that was typed and not sent yet, kept in the private message that asks what to do with it.

The message itself holds the text, so that it survives a restart and nothing of it is kept anywhere else.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import discord
from discord import ButtonStyle, ui

from bot.errors import NothingBehindThis
from bot.ids import PersonId, QuestionNumber
from bot.languages import Language
from bot.phrases import questions as question_phrases
from bot.phrases import support as phrases
from bot.queue_values import Shown

from .question_cards import brief
from .replies import literal

#: Discord's limit of an embed's description.
_DESCRIPTION_LIMIT = 4096

_TEXT, _TEXT_ESCAPED = 300, 500


#: So many people's drafts are remembered.
_PEOPLE = 1000


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody is about to ask."""

    text: str = field(repr=False)
    anonymous: bool
    addressed_to: str | None = field(repr=False)

    @property
    def fits(self) -> bool:
        """Whether a message can hold it."""
        return len(literal(self.text).encode("utf-16-le")) // 2 <= _DESCRIPTION_LIMIT


class Unsent:
    """The last draft of each person, so that the form has it again where the private message was closed.

    In memory alone: what is to be asked anonymously must not be kept beside anybody's id.
    """

    def __init__(self) -> None:
        self._drafts: dict[PersonId, Draft] = {}

    def keep(self, person: PersonId, draft: Draft) -> None:
        """In place of an earlier one; the oldest of all goes where there are too many."""
        self._drafts.pop(person, None)
        self._drafts[person] = draft
        if len(self._drafts) > _PEOPLE:
            del self._drafts[next(iter(self._drafts))]

    def of(self, person: PersonId) -> Draft | None:
        """What the person typed and neither sent nor gave up."""
        return self._drafts.get(person)

    def drop(self, person: PersonId) -> None:
        """It was sent, or another question was supported in its place."""
        self._drafts.pop(person, None)


def told(alike: Sequence[Shown], it: Language) -> str:
    """What is said above the draft: which approved questions resemble it."""
    entries = [
        phrases.alike_one(s.question.number, brief(s.question.text, _TEXT, _TEXT_ESCAPED), s.question.votes, it)
        for s in alike
    ]
    return "\n".join([phrases.alike(it), *entries, phrases.what_to_do(it)])


def embed(draft: Draft, it: Language) -> discord.Embed:
    """The draft as it is shown, and kept."""
    shown = discord.Embed(title=phrases.draft_title(it), description=literal(draft.text))
    if draft.addressed_to:
        shown.add_field(name=phrases.draft_for(it), value=literal(draft.addressed_to))
    shown.set_footer(text=phrases.draft_anonymous(it) if draft.anonymous else phrases.draft_by_name(it))
    return shown


def choices(alike: Sequence[QuestionNumber], draft: Draft, it: Language) -> ui.View:
    """A button for each of the questions that resemble it, and one to send it all the same."""
    how = "anonymous" if draft.anonymous else "named"
    view = ui.View(timeout=None)
    for number in alike:
        label = phrases.support_that_button(number, it)
        custom_id = f"question:support:{number}:{how}"
        view.add_item(ui.Button(label=label, custom_id=custom_id, style=ButtonStyle.primary))
    view.add_item(ui.Button(label=phrases.send_anyway_button(it), custom_id=f"question:anyway:{how}"))
    return view


def draft_in(message: discord.Message | None, *, anonymous: bool) -> Draft:
    """The draft that a message of `embed` holds. Raises NothingBehindThis where it holds none."""
    if message is None or not message.flags.ephemeral or not message.embeds:
        raise NothingBehindThis
    shown = message.embeds[0]
    whom = next((entry.value for entry in shown.fields), None)
    return Draft(typed(shown.description or ""), anonymous, typed(whom) if whom else None)


def typed(shown: str) -> str:
    """What `literal` made this from."""
    return re.sub(r"\\(.)", r"\1", shown, flags=re.DOTALL).replace(":\u2060//", "://")


def given_back(text: str, it: Language) -> str:
    """What was typed and not taken, for below the reason."""
    return f"\n\n{question_phrases.your_text(literal(text), it)}"
