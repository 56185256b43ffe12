"""How the approved questions look where people support them: the public list, and each person's own pages of it."""

import discord
from discord import ButtonStyle, ui

from bot.ids import SessionKey
from bot.languages import Language
from bot.phrases import questions as question_phrases
from bot.phrases import support as phrases
from bot.questions import ADDRESSEE_LENGTH, Question
from bot.queue_values import Page

from .question_cards import Languages, brief, in_all

#: So much of a question is shown; in signs before and after escaping, since a message of components takes 4000 in all.
_TEXT, _TEXT_ESCAPED = 300, 380

#: What the title, the words under it and the counts may take of a message.
_AROUND = 700
_MESSAGE = 4000


def public_list(page: Page, session: SessionKey, languages: Languages, *, is_live: bool) -> ui.LayoutView:
    """The head of the list, for everybody. Nobody's name stands in it, so that anonymous ones look like the others."""
    view = _view(page, languages, _under_title(page, languages, is_live=is_live), pressable=is_live)
    left = page.total - len(page.questions)
    if left > 0:
        view.add_item(ui.TextDisplay(in_all(languages, lambda it: phrases.more(left, it))))
        if is_live:
            view.add_item(_row((in_all(languages, phrases.all_button), page_id(session, 1))))
    return view


def own_page(page: Page, session: SessionKey, language: Language, told: str | None = None) -> ui.LayoutView:
    """A page of it for one person, in their language, below what came of their last press."""
    languages = (language,)
    lines = [told] if told else []
    if page.pages > 1:
        lines.append(f"-# {phrases.which_page(page.page + 1, page.pages, language)}")
    view = _view(page, languages, "\n".join(lines) or phrases.how(language), pressable=True, on_page=page.page)
    turns = [
        (label(language), page_id(session, number))
        for label, number in ((phrases.previous_button, page.page - 1), (phrases.next_button, page.page + 1))
        if 0 <= number < page.pages
    ]
    if turns:
        view.add_item(_row(*turns))
    return view


def page_id(session: SessionKey, page: int) -> str:
    """The custom_id that opens or turns to a page, from 0."""
    return f"support:page:{session}:{page}"


def _under_title(page: Page, languages: Languages, *, is_live: bool) -> str:
    if not is_live:
        over = in_all(languages, phrases.over)
        return f"-# {over}" if page.questions else f"-# {over}\n{in_all(languages, phrases.nothing_left)}"
    if not page.questions:
        return in_all(languages, phrases.nothing_waits)
    return in_all(languages, phrases.how, "\n")


def _view(
    page: Page, languages: Languages, under_title: str, *, pressable: bool, on_page: int | None = None
) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(f"### {in_all(languages, phrases.title)}\n{under_title}"))
    room = (_MESSAGE - _AROUND) // max(1, len(page.questions))
    for shown in page.questions:
        text = ui.TextDisplay[ui.LayoutView](_entry(shown.question, languages, room))
        view.add_item(ui.Section(text, accessory=_support(shown.question, languages, on_page)) if pressable else text)
    return view


def _entry(question: Question, languages: Languages, room: int) -> str:
    head = f"**{question.number}** · {in_all(languages, lambda it: phrases.supporters(question.votes, it))}"
    if question.addressed_to:
        whom = brief(question.addressed_to, ADDRESSEE_LENGTH, 120)
        head += f" · {in_all(languages, question_phrases.addressed_to)}: {whom}"
    return f"{head}\n{brief(question.text, _TEXT, min(_TEXT_ESCAPED, room - len(head) - 1))}"


def _support(question: Question, languages: Languages, on_page: int | None) -> "ui.Button[ui.LayoutView]":
    label = in_all(languages, phrases.support_button)
    where = "" if on_page is None else f":{on_page}"
    return ui.Button(label=label, custom_id=f"support:vote:{question.number}{where}", style=ButtonStyle.secondary)


def _row(*entries: tuple[str, str]) -> "ui.ActionRow[ui.LayoutView]":
    return ui.ActionRow(*(ui.Button(label=label[:80], custom_id=custom_id) for label, custom_id in entries))


def is_own_copy(message: discord.Message | None) -> bool:
    """Whether a press came from a person's own page of the list."""
    return message is not None and message.flags.ephemeral and message.flags.components_v2
