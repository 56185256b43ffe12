"""The board in the moderators' channel, and the private lists that open from it: how they look."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

import discord
from discord import ButtonStyle, ui

from bot.languages import Language, text_in
from bot.phrases import board as phrases
from bot.phrases import moderation as moderation_phrases
from bot.phrases.agenda import relative
from bot.question_text import fold, shortened
from bot.questions import Hours, Question, State
from bot.queue_values import BoardPage, Row, Tab

from .question_cards import (
    Languages,
    air_id,
    approve_id,
    brief,
    button,
    for_moderators,
    in_all,
    next_id,
    page_id,
    row,
    units,
)

#: Discord takes 4000 characters in a message of components. Texts are shown up to the first of these lengths with
#: which all fits; the second number is what they may take once escaped.
_TEXT_LIMIT = 4000
_LENGTHS = ((300, 380), (200, 250), (120, 150), (60, 75))

#: An option's label.
_LABEL = 100

#: "All of them", in a filter.
ALL = "-"

Entry = tuple[str, str, ButtonStyle]
Draw = Callable[[int, int], ui.LayoutView]


@dataclass(frozen=True, slots=True)
class Listing:
    """Which rows a private list shows. `panelist` is a `panelist_token`; that and `language` may be ALL."""

    session: str
    tab: Tab
    page: int = 0
    panelist: str = ALL
    language: str = ALL

    def id(self, what: str) -> str:
        """The custom_id that opens it; `what` tells apart the buttons of one message."""
        return f"question:list:{self.session}:{self.tab}:{self.page}:{self.panelist}:{self.language}:{what}"


def panelist_token(name: str) -> str:
    """What stands for somebody's name in a custom_id."""
    return blake2b(fold(name).encode(), digest_size=4).hexdigest()


# The board


def board_view(board: BoardPage, hours: Hours, languages: Languages) -> ui.LayoutView:
    """The whole board: what is on air, who is next and why, and the head of what is under review."""
    return _fitting(lambda length, escaped: _board(board, hours, languages, length, escaped))


def _board(board: BoardPage, hours: Hours, languages: Languages, length: int, escaped: int) -> ui.LayoutView:
    # Discord takes 40 components; with five under review and one on air these are all of them.
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay("\n".join([_title(board, hours, languages), _on_air(board, languages)])))
    view.add_item(_on_air_buttons(board, languages))
    for each in board.under_review:
        view.add_item(ui.TextDisplay(_entry(each, languages, length, escaped)))
        view.add_item(row(*(_labelled(entry, languages) for entry in _review_buttons(each.question))))
    if rest := _rest(board, languages):
        view.add_item(ui.TextDisplay(rest))
    if len(board.under_review) > 1:
        view.add_item(row(_labelled(_page_button(board.under_review), languages)))
    view.add_item(_tabs(board, languages))
    return view


def _title(board: BoardPage, hours: Hours, languages: Languages) -> str:
    session = board.session
    title = in_all(
        languages, lambda it: phrases.title(session.number, shortened(text_in(session.theme, it), 100), it), "\n### "
    )
    counts = in_all(languages, lambda it: phrases.counts(board.figures, it), "\n")
    asking = in_all(languages, lambda it: phrases.asking_hours(hours, it))
    return f"### {title}\n{counts}\n-# {asking}"


def _on_air(board: BoardPage, languages: Languages) -> str:
    if board.on_air is None:
        lines = [f"**{in_all(languages, phrases.nothing_on_air)}**"]
    else:
        question = board.on_air.question
        lines = [
            f"**{in_all(languages, lambda it: phrases.on_air(question, it))}**",
            brief(question.text, 150, 200),
            for_moderators(board.on_air, languages),
        ]
    if board.next_in_turn:
        lines.append(in_all(languages, lambda it: phrases.next_in_turn(board.next_in_turn, board.policy, it), "\n"))
    return "\n".join(lines)


def _on_air_buttons(board: BoardPage, languages: Languages) -> "ui.ActionRow[ui.LayoutView]":
    seen = board.on_air.question.number if board.on_air else 0
    following = (in_all(languages, phrases.next_button), next_id(board.session.key, seen, "now"), ButtonStyle.primary)
    if not seen:
        return row(following)
    more: list[_Labelled] = [
        (phrases.finish_button, f"question:finish:{seen}", ButtonStyle.secondary),
        (moderation_phrases.card_button, f"question:card:{seen}", ButtonStyle.secondary),
    ]
    return row(following, *(_labelled(entry, languages) for entry in more))


def _rest(board: BoardPage, languages: Languages) -> str:
    """What is said below the head; nothing, where the head is all."""
    if not board.under_review:
        return in_all(languages, phrases.nothing_under_review)
    left = board.figures[State.PENDING] - len(board.under_review)
    return in_all(languages, lambda it: phrases.more_under_review(left, it)) if left > 0 else ""


def _tabs(board: BoardPage, languages: Languages) -> "ui.ActionRow[ui.LayoutView]":
    """What opens the private lists, in one list, since more buttons than these would be too many."""
    tabs: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=f"question:lists:{board.session.key}",
        placeholder=in_all(languages, moderation_phrases.lists)[:150],
        options=[discord.SelectOption(label=_tab_in_all(tab, board, languages), value=tab) for tab in Tab],
    )
    return ui.ActionRow(tabs)


# The private lists


def list_view(board: BoardPage, listing: Listing, panelists: Sequence[str], language: Language) -> ui.LayoutView:
    """A tab, page by page, for one moderator, in their language; `panelists` are those to filter by."""
    return _fitting(lambda length, escaped: _list(board, listing, panelists, language, length, escaped))


def _list(
    board: BoardPage, listing: Listing, panelists: Sequence[str], language: Language, length: int, escaped: int
) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    heading = f"### {_tab(board.tab, board, language)} · {moderation_phrases.only_you(language)}"
    if board.pages > 1:
        heading += f"\n-# {moderation_phrases.page_of(board.page + 1, board.pages, language)}"
    if board.goes_on:
        heading += f" · {moderation_phrases.first_of_many(board.total, language)}"
    view.add_item(ui.TextDisplay(heading if board.rows else f"{heading}\n{moderation_phrases.nothing_here(language)}"))
    view.add_item(ui.ActionRow(*(_tab_button(tab, board, listing, language) for tab in Tab)))
    for each in board.rows:
        view.add_item(ui.TextDisplay(_entry(each, (language,), length, escaped)))
        entries = _ROW_BUTTONS[board.tab](each.question)
        view.add_item(row(*(_labelled(entry, (language,)) for entry in entries)))
    view.add_item(_turning(board, listing, language))
    view.add_item(_languages(listing, language))
    if panelists:
        view.add_item(_panelists(listing, panelists, language))
    return view


def _tab_button(tab: Tab, board: BoardPage, listing: Listing, language: Language) -> "ui.Button[ui.LayoutView]":
    style = ButtonStyle.primary if tab is board.tab else ButtonStyle.secondary
    return button(_tab(tab, board, language), replace(listing, tab=tab, page=0).id("tab"), style)


def _turning(board: BoardPage, listing: Listing, language: Language) -> "ui.ActionRow[ui.LayoutView]":
    here = replace(listing, page=board.page)
    entries: list[Entry] = [(moderation_phrases.refresh_button(language), here.id("here"), ButtonStyle.secondary)]
    if board.page > 0:
        earlier = replace(here, page=board.page - 1).id("back")
        entries.insert(0, (moderation_phrases.previous_button(language), earlier, ButtonStyle.secondary))
    if board.page + 1 < board.pages:
        later = replace(here, page=board.page + 1).id("on")
        entries.append((moderation_phrases.following_button(language), later, ButtonStyle.secondary))
    if board.tab is Tab.REVIEW and len(board.rows) > 1:
        entries.append(_labelled(_page_button(board.rows), (language,)))
    return row(*entries)


def _languages(listing: Listing, language: Language) -> "ui.ActionRow[ui.LayoutView]":
    names = {ALL: moderation_phrases.any_language(language)}
    names |= {of: moderation_phrases.language_name(of, language) for of in ("es", "en")}
    return _filter(
        f"question:language:{listing.session}:{listing.tab}:{listing.panelist}",
        moderation_phrases.filter_language(language),
        names,
        listing.language,
    )


def _panelists(listing: Listing, panelists: Sequence[str], language: Language) -> "ui.ActionRow[ui.LayoutView]":
    names = {ALL: moderation_phrases.everybody(language)}
    names |= {panelist_token(name): shortened(name, _LABEL) for name in panelists[:24]}
    return _filter(
        f"question:panelist:{listing.session}:{listing.tab}:{listing.language}",
        moderation_phrases.filter_panelist(language),
        names,
        listing.panelist,
    )


def _filter(custom_id: str, placeholder: str, names: dict[str, str], chosen: str) -> "ui.ActionRow[ui.LayoutView]":
    options = [
        discord.SelectOption(label=label, value=value, default=value == chosen != ALL) for value, label in names.items()
    ]
    chooser: ui.Select[ui.LayoutView] = ui.Select(custom_id=custom_id, placeholder=placeholder, options=options)
    return ui.ActionRow(chooser)


# What both have


def _tab_in_all(tab: Tab, board: BoardPage, languages: Languages) -> str:
    return in_all(languages, lambda it: _tab(tab, board, it))[:_LABEL]


def _tab(tab: Tab, board: BoardPage, language: Language) -> str:
    return phrases.tab(tab, board.figures[tab.state], language)


def _entry(each: Row, languages: Languages, length: int, escaped: int) -> str:
    """One question: number, who, since when if that is known, why here, and the beginning of its text."""
    question = each.question
    parts = [f"**{question.number}**", for_moderators(each.shown, languages)]
    if not question.anonymous:
        parts.append(relative(question.asked_at))
    if (why := each.place_reason) is not None:
        parts.append(f"_{in_all(languages, lambda it: phrases.place_reason(why, it))}_")
    lines = [" · ".join(parts), brief(question.text, length, escaped)]
    if question.held_words:
        words = brief(", ".join(question.held_words), 60, 80)
        lines.insert(1, in_all(languages, lambda it: phrases.held(words, it)))
    return "\n".join(lines)


#: A label in each language, a custom_id and a style.
_Labelled = tuple[Callable[[Language], str], str, ButtonStyle]


def _labelled(entry: _Labelled, languages: Languages) -> Entry:
    label, custom_id, style = entry
    return in_all(languages, label), custom_id, style


def _review_buttons(question: Question) -> list[_Labelled]:
    number = question.number
    return [
        (phrases.approve_button, approve_id(question), ButtonStyle.success),
        (phrases.reject_button, f"question:reject:{number}", ButtonStyle.secondary),
        (phrases.approve_on_air_button, air_id(question), ButtonStyle.secondary),
        (moderation_phrases.card_button, f"question:card:{number}", ButtonStyle.secondary),
    ]


def _page_button(rows: Sequence[Row]) -> _Labelled:
    """Approves the ones that the moderator saw, as they were, and no others that came meanwhile."""
    seen = page_id(each.question for each in rows)
    return moderation_phrases.approve_page_button, seen, ButtonStyle.secondary


def _waiting_buttons(question: Question) -> list[_Labelled]:
    number = question.number
    return [
        (moderation_phrases.on_air_button, air_id(question), ButtonStyle.primary),
        (moderation_phrases.defer_button, f"question:defer:{number}", ButtonStyle.secondary),
        (moderation_phrases.card_button, f"question:card:{number}", ButtonStyle.secondary),
    ]


def _airing_buttons(question: Question) -> list[_Labelled]:
    number = question.number
    return [
        (phrases.finish_button, f"question:finish:{number}", ButtonStyle.primary),
        (moderation_phrases.defer_button, f"question:defer:{number}", ButtonStyle.secondary),
        (moderation_phrases.card_button, f"question:card:{number}", ButtonStyle.secondary),
    ]


def _deferred_buttons(question: Question) -> list[_Labelled]:
    number = question.number
    return [
        (moderation_phrases.on_air_button, air_id(question), ButtonStyle.secondary),
        (moderation_phrases.answer_button, f"question:answer:{number}", ButtonStyle.secondary),
        (moderation_phrases.card_button, f"question:card:{number}", ButtonStyle.secondary),
    ]


_ROW_BUTTONS: dict[Tab, Callable[[Question], list[_Labelled]]] = {
    Tab.REVIEW: lambda question: _review_buttons(question)[::2] + _review_buttons(question)[3:],
    Tab.APPROVED: _waiting_buttons,
    Tab.ON_AIR: _airing_buttons,
    Tab.DEFERRED: _deferred_buttons,
}


def _fitting(draw: Draw) -> ui.LayoutView:
    """What `draw` draws, with as much of the texts as Discord takes."""
    view = ui.LayoutView(timeout=None)
    for length, escaped in _LENGTHS:
        view = draw(length, escaped)
        if sum(units(each.content) for each in view.walk_children() if isinstance(each, ui.TextDisplay)) <= _TEXT_LIMIT:
            break
    return view
