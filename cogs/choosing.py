"""How a moderator says which question is meant: by its number, by part of its text, by whom it is for."""

from collections.abc import Iterable
from dataclasses import dataclass

from discord import app_commands

from bot.agenda import Panelist, Session
from bot.ids import QuestionNumber
from bot.languages import Language, text_in
from bot.question_text import fold, says_something, shortened
from bot.questions import ADDRESSEE_LENGTH, Outcome
from bot.queue_values import Shown

from .board_view import ALL, panelist_token
from .moderation_cards import question_label

#: Discord shows this many suggestions, and of each so many signs.
_SUGGESTIONS, _LABEL = 25, 100


@dataclass(frozen=True, slots=True)
class Chosen:
    """What /siguiente was told beside: what becomes of the one on air, which one goes there, or for whom."""

    outcome: Outcome = Outcome.ANSWERED
    number: QuestionNumber | None = None
    addressed_to: str | None = None

    def id_part(self) -> str:
        """What a custom_id says of it; nothing, where nothing was chosen."""
        if self == Chosen():
            return ""
        whom = ALL if self.addressed_to is None else panelist_token(self.addressed_to)
        return f":{self.outcome}:{ALL if self.number is None else self.number}:{whom}"


def number_in(text: str | None) -> QuestionNumber | None:
    """The number that was chosen or typed; None where there is none in it."""
    digits = (text or "").strip().removeprefix("#")
    return QuestionNumber(int(digits)) if digits.isascii() and digits.isdecimal() and len(digits) <= 18 else None


def suggested(found: Iterable[Shown]) -> list[app_commands.Choice[str]]:
    """Questions to choose from; what is chosen is the number."""
    return [
        app_commands.Choice(name=question_label(each), value=str(each.question.number))
        for each, _ in zip(found, range(_SUGGESTIONS), strict=False)
    ]


def fitting(found: Iterable[Shown], typed: str) -> Iterable[Shown]:
    """Those whose number, or one of whose words, begins with what was typed, whatever the accents."""
    wanted = fold(typed) if says_something(typed) else ""
    return (
        each
        for each in found
        if str(each.question.number).startswith(wanted) or f" {wanted}" in f" {fold(each.question.text)}"
    )


def panelists(session: Session) -> list[str]:
    """The names of those who may be asked in the session, as they are kept with a question."""
    names = (shortened(each.name, ADDRESSEE_LENGTH) for block in session.blocks for each in block.panelists)
    return list(dict.fromkeys(names))


def panelist_of(session: Session, token: str | None) -> str | None:
    """The panelist for whom a custom_id's token stands."""
    return next((name for name in panelists(session) if panelist_token(name) == token), None)


def suggested_panelists(session: Session, typed: str, language: Language) -> list[app_commands.Choice[str]]:
    """Panelists to choose from, found by name or institution."""
    wanted = fold(typed) if says_something(typed) else ""
    labels = {
        shortened(each.name, ADDRESSEE_LENGTH): _described(each, language)
        for block in session.blocks
        for each in block.panelists
    }
    found = [(name, label) for name, label in labels.items() if wanted in fold(label)]
    return [app_commands.Choice(name=label, value=name) for name, label in found[:_SUGGESTIONS]]


def _described(panelist: Panelist, language: Language) -> str:
    institution = text_in(panelist.institution, language) if panelist.institution else ""
    return shortened(" · ".join(filter(None, (panelist.name, institution))), _LABEL)
