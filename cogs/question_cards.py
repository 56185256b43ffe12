"""How questions look on Discord: forms, buttons, the moderators' board and the public post."""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

import discord
from discord import ButtonStyle, ui

from bot.ids import SessionKey
from bot.languages import Language, text_in
from bot.phrases import board as board_phrases
from bot.phrases import questions as phrases
from bot.phrases.agenda import relative
from bot.question_text import shortened
from bot.questions import ADDRESSEE_LENGTH, WORDS_LENGTH, Hours, Reason, State
from bot.queue_operations import Board, Shown

from .replies import literal

#: The board shows this much of a text; the number of signs that Discord sees after escaping is limited too, since
#: a message of components takes 4000 in all.
_TEXT, _TEXT_ESCAPED = 300, 380
_WHO, _WHO_ESCAPED = 140, 170

#: The public post is one message, if the text is not made of signs that have to be escaped alone.
_PUBLIC_WHO, _PUBLIC_WHO_ESCAPED = 200, 260

Languages = Sequence[Language]


def in_all(languages: Languages, phrase: Callable[[Language], str], between: str = " / ") -> str:
    """A phrase in the event's languages, in order; once, where they say the same."""
    return between.join(dict.fromkeys(phrase(language) for language in languages))


def brief(text: str, length: int, escaped: int) -> str:
    """The beginning of a person's text on one line, to be shown literally in at most `escaped` signs."""
    while _units(shown := literal(shortened(text, length))) > escaped:
        length = min(length - 1, length * escaped // _units(shown))
    return shown


def who(shown: Shown, languages: Languages) -> str:
    """Who asks, as all may read it; not escaped."""
    asker = shown.asker
    if asker is None:
        return in_all(languages, lambda it: phrases.nobody(it, anonymous=shown.question.anonymous))
    code = asker.country
    country = in_all(languages, lambda it: phrases.country(code, it)) if code else None
    return " · ".join(part for part in (asker.name, asker.institution, country) if part)


def public_post(shown: Shown, languages: Languages) -> str:
    """The question on air, for the questions' channel."""
    question = shown.question
    heading = in_all(languages, lambda it: phrases.on_air_heading(question.number, it))
    lines = [f"## {heading}", *(f"> {line}" for line in literal(question.text).split("\n"))]
    asker = brief(who(shown, languages), _PUBLIC_WHO, _PUBLIC_WHO_ESCAPED)
    lines.append(f"{in_all(languages, phrases.asked_by)}: {asker}")
    if question.addressed_to:
        whom = brief(question.addressed_to, ADDRESSEE_LENGTH, 2 * ADDRESSEE_LENGTH)
        lines.append(f"{in_all(languages, phrases.addressed_to)}: {whom}")
    return "\n".join(lines)


# The moderators' board


def board_view(board: Board, hours: Hours, languages: Languages) -> ui.LayoutView:
    """The whole board: what is on air, the head of what is under review, and how many wait."""
    view = ui.LayoutView(timeout=None)
    session = board.session
    theme = shortened(text_in(session.theme, languages[0]), 100)
    title = in_all(languages, lambda it: board_phrases.title(session.number, theme, it))
    view.add_item(ui.TextDisplay(f"### {title}\n{_counts(board, languages)}\n-# {_hours(hours, languages)}"))
    view.add_item(ui.TextDisplay(_on_air(board, languages)))
    view.add_item(_on_air_buttons(board, languages))
    view.add_item(ui.Separator())
    for shown in board.under_review:
        view.add_item(ui.TextDisplay(_under_review(shown, languages)))
        view.add_item(_review_buttons(shown, languages))
    if rest := _rest(board, languages):
        view.add_item(ui.TextDisplay(rest))
    return view


def _counts(board: Board, languages: Languages) -> str:
    return in_all(languages, lambda it: board_phrases.counts(board.figures, it), "\n")


def _hours(hours: Hours, languages: Languages) -> str:
    return in_all(languages, lambda it: board_phrases.asking_hours(hours, it))


def _on_air(board: Board, languages: Languages) -> str:
    if board.on_air is None:
        lines = [f"**{in_all(languages, board_phrases.nothing_on_air)}**"]
    else:
        question = board.on_air.question
        lines = [
            f"**{in_all(languages, lambda it: board_phrases.on_air(question, it))}**",
            brief(question.text, 150, 200),
            _for_moderators(board.on_air, languages),
        ]
    if board.next_in_turn:
        numbers = [shown.question.number for shown in board.next_in_turn]
        lines.append(in_all(languages, lambda it: board_phrases.next_in_turn(numbers, it)))
    return "\n".join(lines)


def _under_review(shown: Shown, languages: Languages) -> str:
    question = shown.question
    asker = _for_moderators(shown, languages)
    return (
        f"**{question.number}** · {asker} · {relative(question.asked_at)}\n{brief(question.text, _TEXT, _TEXT_ESCAPED)}"
    )


def _rest(board: Board, languages: Languages) -> str:
    """What is said below the head; nothing, where the head is all."""
    if not board.under_review:
        return in_all(languages, board_phrases.nothing_under_review)
    left = board.figures[State.PENDING] - len(board.under_review)
    return in_all(languages, lambda it: board_phrases.more_under_review(left, it)) if left > 0 else ""


def _for_moderators(shown: Shown, languages: Languages) -> str:
    """Who asks and for whom, to be shown; somebody who has not registered as Discord shows them to moderators."""
    question = shown.question
    if shown.asker is None and question.author is not None:
        named = f"<@{question.author}> ({in_all(languages, board_phrases.unregistered)})"
    else:
        named = brief(who(shown, languages), _WHO, _WHO_ESCAPED)
    if question.addressed_to is None:
        return named
    whom = brief(question.addressed_to, 50, 60)
    return f"{named} · {in_all(languages, lambda it: board_phrases.addressed_to(whom, it))}"


def _on_air_buttons(board: Board, languages: Languages) -> "ui.ActionRow[ui.LayoutView]":
    seen = board.on_air.question.number if board.on_air else 0
    row = _row(
        (in_all(languages, board_phrases.next_button), next_id(board.session.key, seen, "now"), ButtonStyle.primary),
    )
    if seen:
        for label, action in (
            (board_phrases.finish_button, "finish"),
            (board_phrases.show_again_button, "show"),
        ):
            row.add_item(_button(in_all(languages, label), f"question:{action}:{seen}"))
    return row


def _review_buttons(shown: Shown, languages: Languages) -> "ui.ActionRow[ui.LayoutView]":
    number = shown.question.number
    return _row(
        (in_all(languages, board_phrases.approve_button), f"question:approve:{number}", ButtonStyle.success),
        (in_all(languages, board_phrases.reject_button), f"question:reject:{number}", ButtonStyle.secondary),
        (
            in_all(languages, board_phrases.approve_on_air_button),
            f"question:air:{number}:now",
            ButtonStyle.secondary,
        ),
    )


# Private messages and forms


def next_id(session: SessionKey, seen: int | Literal["any"], when: Literal["now", "early"]) -> str:
    """The custom_id of "Siguiente": in which session, and what stands on air beside the button, 0 for nothing."""
    return f"question:next:{session}:{seen}:{when}"


def buttons(entries: Iterable[tuple[str, str]]) -> ui.View | None:
    """Labels and custom_ids as buttons, at most 25; None for none."""
    view = ui.View(timeout=None)
    for label, custom_id in list(entries)[:25]:
        view.add_item(_button(label, custom_id))
    return view if view.children else None


def queue_line(shown: Shown, languages: Languages) -> str:
    """One question in `/cola`."""
    number = shown.question.number
    return f"**{number}** · {_for_moderators(shown, languages)}\n{brief(shown.question.text, 150, 200)}"


def ask_form(language: Language, limit: int, *, anonymous: bool, whom: str | None) -> ui.Modal:
    """The form for a question; what anonymous means stands in it."""
    form = ui.Modal(title=phrases.form_title(language), custom_id="question:ask")
    text: ui.TextInput[ui.Modal] = ui.TextInput(custom_id="text", style=discord.TextStyle.paragraph, max_length=limit)
    how: ui.Select[ui.Modal] = ui.Select(
        custom_id="how",
        options=[
            discord.SelectOption(label=phrases.form_by_name(language), value="named", default=not anonymous),
            discord.SelectOption(label=phrases.form_anonymously(language), value="anonymous", default=anonymous),
        ],
    )
    addressee: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id="whom",
        required=False,
        max_length=ADDRESSEE_LENGTH,
        default=whom[:ADDRESSEE_LENGTH] if whom else None,
    )
    form.add_item(ui.Label(text=phrases.form_question(language), component=text))
    form.add_item(ui.Label(text=phrases.form_how(language), component=how))
    form.add_item(ui.TextDisplay(phrases.anonymity(language)))
    form.add_item(ui.Label(text=phrases.form_whom(language), component=addressee))
    return form


def reject_form(number: int, language: Language) -> ui.Modal:
    """The form for a rejection: a reason from the list, and words to add."""
    form = ui.Modal(title=board_phrases.reject_title(number, language), custom_id=f"question:rejected:{number}")
    reasons: ui.Select[ui.Modal] = ui.Select(
        custom_id="reason",
        options=[discord.SelectOption(label=phrases.reason(reason, language), value=reason.value) for reason in Reason],
    )
    words: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id="words", style=discord.TextStyle.paragraph, required=False, max_length=WORDS_LENGTH
    )
    form.add_item(ui.Label(text=board_phrases.reject_reason(language), component=reasons))
    form.add_item(ui.Label(text=board_phrases.reject_words(language), component=words))
    return form


def _row(*entries: tuple[str, str, ButtonStyle]) -> "ui.ActionRow[ui.LayoutView]":
    return ui.ActionRow(*(_button(label, custom_id, style) for label, custom_id, style in entries))


def _button(label: str, custom_id: str, style: ButtonStyle = ButtonStyle.secondary) -> "ui.Button[ui.LayoutView]":
    return ui.Button(label=label[:80], custom_id=custom_id, style=style)


def _units(text: str) -> int:
    return len(text) + sum(ord(character) > 0xFFFF for character in text)
