"""What moderators see of a session, as of one instant."""

from collections.abc import Container, Sequence
from itertools import islice

from bot import queue_undo as undoing
from bot.agenda import Language, Session
from bot.ids import PersonId, QuestionNumber, SessionKey
from bot.question_states import undoable
from bot.question_text import fold, tidy
from bot.questions import State
from bot.queue_operations import existing, shown
from bot.queue_order import in_order
from bot.queue_values import HEAD, LISTED, BoardPage, Lookup, Row, Shown, Tab
from bot.storage.nouns import Nouns
from bot.turns import Place, PlaceReason, Policy, Selection

#: So many of those that have a word that begins as was typed are looked at.
_LOOKED_AT = 1000

#: What somebody changed last is among so many that were changed last in its session.
_LAST_MOVED = 25

_ALL = Selection()


def board(
    tx: Nouns,
    session: Session,
    policy: Policy,
    lookup: Lookup,
    *,
    tab: Tab = Tab.REVIEW,
    page: int = 0,
    panelist: str | None = None,
    language: Language | None = None,
) -> BoardPage:
    """The session's questions, with one page of a tab; `policy` holds where the session has none of its own."""
    key = session.key
    on_air = tx.questions.on_air(key)
    selection = Selection(fold(panelist) if panelist else None, language)
    total = _total(tx, key, tab, selection)
    pages = max(1, -(-min(total, LISTED) // HEAD))
    page = min(max(page, 0), pages - 1)
    first = page * HEAD
    if tab is Tab.ON_AIR:
        rows = [Row(shown(tx, on_air, lookup), None)] if on_air and total else []
    elif tab is Tab.APPROVED:
        rows = _approved(tx, key, policy, lookup, first, selection)
    else:
        rows = _by_arrival(tx, key, tab.state, lookup, first, selection)
    whole = not first and selection.is_all
    return BoardPage(
        session=session,
        on_air=shown(tx, on_air, lookup) if on_air else None,
        under_review=rows if whole and tab is Tab.REVIEW else _by_arrival(tx, key, State.PENDING, lookup),
        next_in_turn=rows if whole and tab is Tab.APPROVED else _approved(tx, key, policy, lookup),
        figures=tx.questions.figures(key),
        policy=tx.policies.of(key) or policy,
        tab=tab,
        rows=rows,
        page=page,
        pages=pages,
        total=min(total, LISTED),
        goes_on=total > LISTED,
    )


def suggestions(
    tx: Nouns, of: Sequence[tuple[SessionKey, Sequence[State]]], typed: str, how_many: int, lookup: Lookup
) -> list[Shown]:
    """Questions whose number or whose words begin as was typed, session by session, each with its states."""
    typed = tidy(typed)
    words = fold(typed).split() if typed else []
    found: list[QuestionNumber] = []
    for session, states in of:
        if not words:
            found += _first(tx, session, states, how_many)
        elif typed.lstrip("#").isdecimal():
            found += _numbered(tx, session, int(typed.lstrip("#")), states, how_many)
        if words:
            found += _worded(tx, session, words, states, how_many)
        found = list(dict.fromkeys(found))
        if len(found) >= how_many:
            break
    return [shown(tx, existing(tx, number), lookup) for number in found[:how_many]]


def recently_moved(
    tx: Nouns,
    sessions: Sequence[SessionKey],
    how_many: int,
    lookup: Lookup,
    of: Container[SessionKey] | None = None,
) -> list[Shown]:
    """Those of which a step can be taken back, of the last that moderators moved, whenever they were asked; with `of`,
    those that belong to one of these sessions: where they had their turn, or else were asked."""
    moved = [
        question
        for session in sessions
        for question in tx.questions.recently_moved(session, how_many)
        if of is None or (question.air_session or question.session) in of
    ]
    moved.sort(key=lambda q: (q.moved_at, q.state is State.ON_AIR, q.number), reverse=True)
    return [
        shown(tx, question, lookup)
        for question in moved[:how_many]
        if undoable(tx.questions.history(question.number)) is not None
    ]


def last_changed_by(
    tx: Nouns, sessions: Sequence[SessionKey], moderator: PersonId, of: Container[SessionKey] | None = None
) -> QuestionNumber | None:
    """The question of these sessions that the moderator changed last, and nobody since; `of` as in
    `recently_moved`."""
    numbers: list[QuestionNumber] = []
    for session in sessions:
        numbers += [question.number for question in tx.questions.recently_moved(session, _LAST_MOVED)]
        numbers += tx.answers.recent(session, moderator, _LAST_MOVED)
    found = [existing(tx, number) for number in numbers]
    own = [q.number for q in found if of is None or (q.air_session or q.session) in of]
    return undoing.last_changed_by(tx, moderator, own)


def _total(tx: Nouns, session: SessionKey, tab: Tab, selection: Selection) -> int:
    """How many there are. Of a selection, no more than one more than is listed is counted."""
    if tab is Tab.ON_AIR:
        on_air = tx.questions.on_air(session)
        if on_air is None or selection.language not in (None, on_air.language):
            return 0
        return int(selection.addressed_folded in (None, fold(on_air.addressed_to or "")))
    if selection.is_all:
        return tx.questions.count_in(session, (tab.state,))
    return len(tx.questions.selected(session, tab.state, selection, LISTED + 1))


def _by_arrival(
    tx: Nouns,
    session: SessionKey,
    state: State,
    lookup: Lookup,
    first: int = 0,
    selection: Selection = _ALL,
) -> list[Row]:
    if selection.is_all:
        found = tx.questions.head(session, state, HEAD, first)
    else:
        found = [existing(tx, number) for number in tx.questions.selected(session, state, selection, HEAD, first)]
    waits = state is State.PENDING
    return [
        Row(shown(tx, question, lookup), PlaceReason(Place.ARRIVAL, place) if waits else None)
        for place, question in enumerate(found, first + 1)
    ]


def _approved(
    tx: Nouns,
    session: SessionKey,
    policy: Policy,
    lookup: Lookup,
    first: int = 0,
    selection: Selection = _ALL,
) -> list[Row]:
    placed = list(islice(in_order(tx, session, policy, selection), first, first + HEAD))
    return [Row(shown(tx, existing(tx, each.candidate.number), lookup), each.reason) for each in placed]


def _first(tx: Nouns, session: SessionKey, states: Sequence[State], how_many: int) -> list[QuestionNumber]:
    heads = [tx.questions.head(session, state, how_many) for state in states]
    return sorted(question.number for head in heads for question in head)[:how_many]


def _numbered(
    tx: Nouns, session: SessionKey, number: int, states: Sequence[State], how_many: int
) -> list[QuestionNumber]:
    """The number itself first, then those that begin with its figures."""
    found: list[QuestionNumber] = []
    low = high = number
    while len(found) < how_many and low < 10**9:
        for state in states:
            found += [q.number for q in tx.questions.numbered(session, state, low, high, how_many)]
        low, high = low * 10, high * 10 + 9
        if low == 0:
            break
    return found


def _worded(
    tx: Nouns, session: SessionKey, words: Sequence[str], states: Sequence[State], how_many: int
) -> list[QuestionNumber]:
    """Those with a word for each that was typed; the longest one leads to them."""
    longest, *others = sorted(words, key=len, reverse=True)
    found = tx.texts.with_prefix(session, longest, states, _LOOKED_AT, _LOOKED_AT if others else how_many)
    for word in others:
        having = set(tx.texts.with_prefix(session, word, states, _LOOKED_AT, _LOOKED_AT))
        found = [number for number in found if number in having]
    return found
