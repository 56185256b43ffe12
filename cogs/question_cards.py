"""How questions look on Discord to all and to moderators: parts of posts and messages, and the public posts."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Literal

from discord import ButtonStyle, ui

from bot.ids import SessionKey
from bot.languages import Language
from bot.phrases import board as board_phrases
from bot.phrases import on_air as on_air_phrases
from bot.phrases import questions as phrases
from bot.question_text import shortened
from bot.questions import ADDRESSEE_LENGTH, Answer, Published, Question, Takedown
from bot.queue_values import Shown

from .replies import literal

#: Of who asks, the moderators' messages show this much; the signs that Discord sees after escaping are limited too.
_WHO, _WHO_ESCAPED = 140, 170

#: The public post is one message, if the text is not made of signs that have to be escaped alone.
_PUBLIC_WHO, _PUBLIC_WHO_ESCAPED = 200, 260

Languages = Sequence[Language]


def in_all(languages: Languages, phrase: Callable[[Language], str], between: str = " / ") -> str:
    """A phrase in the event's languages, in order; once, where they say the same."""
    return between.join(dict.fromkeys(phrase(language) for language in languages))


def brief(text: str, length: int, escaped: int) -> str:
    """The beginning of a person's text on one line, to be shown literally in at most `escaped` signs."""
    while units(shown := literal(shortened(text, length))) > escaped:
        length = min(length - 1, length * escaped // units(shown))
    return shown


def quoted(text: str) -> str:
    """A person's whole text, literally, as a quotation."""
    return "\n".join(f"> {line}" for line in literal(text).split("\n"))


def who(shown: Shown, languages: Languages) -> str:
    """Who asks, as all may read it; not escaped."""
    asker = shown.asker
    if asker is None:
        return in_all(languages, lambda it: phrases.nobody(it, anonymous=shown.question.anonymous))
    code = asker.country
    country = in_all(languages, lambda it: phrases.country(code, it)) if code else None
    return " · ".join(part for part in (asker.name, asker.institution, country) if part)


def public_post(shown: Shown, block_ends_at: datetime | None, languages: Languages) -> str:
    """The question on air, for the questions' channel; with the block's end, where little time is left of it."""
    question = shown.question
    heading = in_all(languages, lambda it: phrases.on_air_heading(question.number, it))
    lines = [f"## {heading}", quoted(question.text)]
    asker = brief(who(shown, languages), _PUBLIC_WHO, _PUBLIC_WHO_ESCAPED)
    lines.append(f"{in_all(languages, phrases.asked_by)}: {asker}")
    if question.addressed_to:
        whom = brief(question.addressed_to, ADDRESSEE_LENGTH, 2 * ADDRESSEE_LENGTH)
        lines.append(f"{in_all(languages, phrases.addressed_to)}: {whom}")
    if block_ends_at is not None:
        lines.append(f"-# {in_all(languages, lambda it: on_air_phrases.time_left(block_ends_at, it))}")
    return "\n".join(lines)


def answer_post(shown: Shown, answer: str, languages: Languages, *, corrected: bool, stands_under: bool) -> str:
    """A written answer, for the questions' channel; with the question, unless it stands under the question's post."""
    number = shown.question.number
    heading = in_all(languages, lambda it: on_air_phrases.answer_heading(number, it, corrected=corrected))
    question = [] if stands_under else [quoted(shown.question.text)]
    return "\n".join([f"### {heading}", *question, literal(answer)])


def withdrawn_post(takedown: Takedown, languages: Languages) -> str:
    """What stands in place of a public post that cannot be removed."""
    withdrawn = {
        Published.QUESTION: on_air_phrases.question_withdrawn,
        Published.ANSWER: on_air_phrases.answer_withdrawn,
    }[takedown.what]
    return in_all(languages, lambda it: withdrawn(takedown.number, it))


def for_moderators(shown: Shown, languages: Languages) -> str:
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


# Buttons


def next_id(session: SessionKey, seen: int | Literal["any"], when: Literal["now", "early"]) -> str:
    """The custom_id of "Siguiente": in which session, and what stands on air beside the button, 0 for nothing."""
    return f"question:next:{session}:{seen}:{when}"


def approve_id(question: Question) -> str:
    """The custom_id of "Aprobar" beside the question's text as it is."""
    return f"question:approve:{question.number}{_edits(question)}"


def air_id(question: Question) -> str:
    """The custom_id of "Al aire" beside the question's text as it is."""
    return f"question:air:{question.number}:now{_edits(question)}"


def undo_id(number: int, step: int, answer: Answer | None) -> str:
    """The custom_id of "Deshacer" beside the question as it is: its last step, and the answer that holds."""
    return f"question:undo:{number}:{step}" + (f".{answer.generation}" if answer else "")


def page_id(questions: Iterable[Question]) -> str:
    """The custom_id that approves these together, with their texts as they are."""
    return "question:page:" + "-".join(f"{q.number}.{q.edits}" if q.edits else str(q.number) for q in questions)


def _edits(question: Question) -> str:
    """Which text it is that was seen; nothing, for the first one."""
    return f":{question.edits}" if question.edits else ""


def buttons(entries: Iterable[tuple[str, str]]) -> ui.View | None:
    """Labels and custom_ids as buttons, at most 25; None for none."""
    view = ui.View(timeout=None)
    for label, custom_id in list(entries)[:25]:
        view.add_item(button(label, custom_id))
    return view if view.children else None


def row(*entries: tuple[str, str, ButtonStyle]) -> "ui.ActionRow[ui.LayoutView]":
    """Labels, custom_ids and styles as a row of buttons, at most five."""
    return ui.ActionRow(*(button(label, custom_id, style) for label, custom_id, style in entries))


def button(label: str, custom_id: str, style: ButtonStyle = ButtonStyle.secondary) -> "ui.Button[ui.LayoutView]":
    """A button, its label within Discord's limit."""
    return ui.Button(label=label[:80], custom_id=custom_id, style=style)


def units(text: str) -> int:
    """How long Discord takes the text to be."""
    return len(text) + sum(ord(character) > 0xFFFF for character in text)
