"""A question's private card, with what can be done with it where it stands, and the forms that it opens."""

from collections.abc import Callable, Mapping, Sequence

import discord
from discord import ButtonStyle, ui

from bot.languages import Language
from bot.phrases import board as board_phrases
from bot.phrases import moderation as phrases
from bot.phrases import questions as question_phrases
from bot.question_text import shortened
from bot.questions import WORDS_LENGTH, Question, Reason, State
from bot.queue_moderators import ANSWER_LENGTH
from bot.queue_values import Answer, Replaced, Shown

from .question_cards import Languages, air_id, approve_id, brief, button, for_moderators, quoted
from .replies import literal

#: What Discord takes of an option's label and of a list.
_LABEL, _OPTIONS = 100, 25

_Label = Callable[[Language], str]

#: What may be done with a question, by where it stands: label, custom_id, style. What stands in braces is filled in.
_ACTIONS: Mapping[State, Sequence[tuple[_Label, str, ButtonStyle]]] = {
    State.PENDING: (
        (board_phrases.approve_button, "{approve}", ButtonStyle.success),
        (board_phrases.approve_on_air_button, "{air}", ButtonStyle.secondary),
        (board_phrases.reject_button, "question:reject:{number}", ButtonStyle.secondary),
        (phrases.edit_button, "question:rewrite:{number}", ButtonStyle.secondary),
        (phrases.merge_button, "question:merge:{number}", ButtonStyle.secondary),
        (phrases.silence_button, "question:silence:{number}", ButtonStyle.danger),
    ),
    State.APPROVED: (
        (phrases.on_air_button, "{air}", ButtonStyle.primary),
        (phrases.defer_button, "question:defer:{number}", ButtonStyle.secondary),
        (board_phrases.reject_button, "question:reject:{number}", ButtonStyle.secondary),
        (phrases.merge_button, "question:merge:{number}", ButtonStyle.secondary),
        (phrases.answer_button, "question:answer:{number}", ButtonStyle.secondary),
        (phrases.undo_button, "{undo}", ButtonStyle.secondary),
        (phrases.silence_button, "question:silence:{number}", ButtonStyle.danger),
    ),
    State.ON_AIR: (
        (board_phrases.finish_button, "question:finish:{number}", ButtonStyle.primary),
        (phrases.in_writing_button, "question:written:{number}", ButtonStyle.secondary),
        (phrases.defer_button, "question:defer:{number}", ButtonStyle.secondary),
        (board_phrases.show_again_button, "question:show:{number}", ButtonStyle.secondary),
        (phrases.answer_button, "question:answer:{number}", ButtonStyle.secondary),
        (phrases.undo_button, "{undo}", ButtonStyle.secondary),
    ),
    State.ANSWERED: (
        (phrases.answer_button, "question:answer:{number}", ButtonStyle.secondary),
        (phrases.undo_button, "{undo}", ButtonStyle.secondary),
    ),
    State.DEFERRED: (
        (phrases.on_air_button, "{air}", ButtonStyle.primary),
        (phrases.answer_button, "question:answer:{number}", ButtonStyle.secondary),
        (phrases.undo_button, "{undo}", ButtonStyle.secondary),
    ),
    State.REJECTED: (
        (phrases.undo_button, "{undo}", ButtonStyle.secondary),
        (phrases.silence_button, "question:silence:{number}", ButtonStyle.danger),
    ),
    State.MERGED: ((phrases.undo_button, "{undo}", ButtonStyle.secondary),),
    State.WITHDRAWN: (),
}


def card_text(shown: Shown, answer: Answer | None, replaced: Sequence[Replaced], language: Language) -> str:
    """All that moderators may know of a question, its whole text among it, and the texts that it had before."""
    question = shown.question
    lines = [phrases.card_heading(question, language), for_moderators(shown, (language,))]
    if not question.anonymous:
        lines[-1] += f" · {phrases.asked_when(question.asked_at, language)}"
    if question.votes:
        lines[-1] += f" · {phrases.supports(question.votes, language)}"
    if question.filed_by is not None:
        lines[-1] += f" · {board_phrases.filed(question.filed_by, language)}"
    if question.reason is not None:
        words = f" · {literal(question.words)}" if question.words else ""
        lines.append(f"-# {question_phrases.reason(question.reason, language)}{words}")
    if question.held_words:
        lines.append(board_phrases.held(literal(", ".join(question.held_words)), language))
    lines.append(quoted(question.text))
    if answer is not None:
        lines += [f"**{phrases.answer_so_far(language)}**", literal(answer.text)]
    for each in replaced:
        at = None if question.anonymous and each.moderator is None else each.at
        lines += [f"-# {phrases.replaced_text(at, language)}", quoted(each.text)]
    return "\n".join(lines)


def card_view(question: Question, undo: str | None, language: Language) -> ui.View | None:
    """What may be done with the question; `undo` is the custom_id that takes its last change back, where there is
    one."""
    view = ui.View(timeout=None)
    for label, custom_id, style in _ACTIONS[question.state]:
        if undo is not None or label is not phrases.undo_button:
            filled = custom_id.format(
                number=question.number, undo=undo, approve=approve_id(question), air=air_id(question)
            )
            view.add_item(button(label(language), filled, style))
    return view if view.children else None


def merge_view(number: int, candidates: Sequence[Shown], language: Language) -> ui.View:
    """The questions to which this one may be joined, to choose from."""
    view = ui.View(timeout=None)
    chooser: ui.Select[ui.View] = ui.Select(
        custom_id=f"question:into:{number}",
        placeholder=phrases.merge_placeholder(language),
        options=[
            discord.SelectOption(label=question_label(each), value=str(each.question.number))
            for each in candidates[:_OPTIONS]
        ],
    )
    view.add_item(chooser)
    return view


def question_label(shown: Shown) -> str:
    """A question where one is chosen: its number and as much of its text as there is room for."""
    question = shown.question
    return shortened(f"{question.number} · {question.text}", _LABEL)


def queue_line(shown: Shown, why: str | None, languages: Languages) -> str:
    """One question in `/cola`, and why it has its place."""
    question = shown.question
    head = f"**{question.number}** · {for_moderators(shown, languages)}"
    return f"{head} · _{why}_\n{brief(question.text, 150, 200)}" if why else f"{head}\n{brief(question.text, 150, 200)}"


# Forms


def reject_form(number: int, language: Language) -> ui.Modal:
    """The form for a rejection: a reason from the list, and words to add."""
    form = ui.Modal(title=board_phrases.reject_title(number, language), custom_id=f"question:rejected:{number}")
    reasons: ui.Select[ui.Modal] = ui.Select(
        custom_id="reason",
        options=[
            discord.SelectOption(label=question_phrases.reason(reason, language), value=reason.value)
            for reason in Reason
        ],
    )
    words: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id="words", style=discord.TextStyle.paragraph, required=False, max_length=WORDS_LENGTH
    )
    form.add_item(ui.Label(text=board_phrases.reject_reason(language), component=reasons))
    form.add_item(ui.Label(text=board_phrases.reject_words(language), component=words))
    return form


def edit_form(question: Question, limit: int, language: Language) -> ui.Modal:
    """The form for a question's text, with what stands there."""
    number = question.number
    seen = f"question:rewritten:{number}:{question.edits}"
    form = ui.Modal(title=phrases.edit_title(number, language), custom_id=seen)
    form.add_item(ui.Label(text=phrases.edit_text(language), component=_text(question.text, limit)))
    return form


def answer_form(question: Question, answer: Answer | None, language: Language) -> ui.Modal:
    """The form for an answer in writing, with the one that is there."""
    number = question.number
    seen = answer.generation if answer else 0
    form = ui.Modal(title=phrases.answer_title(number, language), custom_id=f"question:answered:{number}:{seen}")
    form.add_item(ui.TextDisplay(brief(question.text, 300, 380)))
    text = _text(answer.text if answer else "", ANSWER_LENGTH)
    form.add_item(ui.Label(text=phrases.answer_text(language), component=text))
    return form


def _text(so_far: str, limit: int) -> "ui.TextInput[ui.Modal]":
    return ui.TextInput(
        custom_id="text", style=discord.TextStyle.paragraph, max_length=limit, default=so_far[:limit] or None
    )
