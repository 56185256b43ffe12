"""From dated entries, as schedules and calendars have them, to the sessions of days. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from bot.agenda import BlockKind
from bot.programmes.draft import Doubt, DoubtKind, DraftBlock, DraftSession, ProgrammeMistake, ProgrammeMistakeKind
from bot.programmes.kinds import kind_of


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happens from `starts` to `ends`, both local times of the event's zone."""

    starts: datetime
    ends: datetime
    title: str
    theme: str | None = None
    kind: BlockKind | None = None
    people: tuple[str, ...] = ()
    moderator: str | None = None
    remarks: str | None = None


def sessions_of(entries: Iterable[Entry]) -> tuple[DraftSession, ...]:
    """A session a day, its entries as blocks. Raises ProgrammeMistake where they overlap or go over midnight."""
    ordered = sorted(entries, key=lambda entry: (entry.starts, entry.ends))
    if not ordered:
        raise ProgrammeMistake(ProgrammeMistakeKind.NO_DAY)
    return tuple(_session(day, list(own)) for day, own in groupby(ordered, key=lambda entry: entry.starts.date()))


def _session(day: date, entries: Sequence[Entry]) -> DraftSession:
    blocks: list[DraftBlock] = []
    for entry in entries:
        if entry.ends.date() != day or entry.ends <= entry.starts:
            raise ProgrammeMistake(ProgrammeMistakeKind.OVER_MIDNIGHT, data={"title": entry.title, "day": day})
        if blocks and entry.starts.time() < blocks[-1].ends:
            raise ProgrammeMistake(ProgrammeMistakeKind.OVERLAP, data={"day": day})
        blocks.append(_block(entry, has_qa=any(block.kind is BlockKind.QA for block in blocks)))
    themes = list(dict.fromkeys(entry.theme for entry in entries if entry.theme))
    theme = themes[0] if len(themes) == 1 else None
    return DraftSession(day, theme, tuple(blocks), () if theme else (Doubt(DoubtKind.NO_THEME),))


def _block(entry: Entry, *, has_qa: bool) -> DraftBlock:
    doubts: list[Doubt] = []
    kind = entry.kind or kind_of(entry.title)
    if not entry.title:
        doubts.append(Doubt(DoubtKind.NO_TITLE))
    elif kind is None:
        doubts.append(Doubt(DoubtKind.KIND, {"title": entry.title}))
    kind = kind or BlockKind.EXCHANGE
    if kind is BlockKind.QA and has_qa:
        kind = BlockKind.EXCHANGE
        doubts.append(Doubt(DoubtKind.SECOND_QA))
    if kind is BlockKind.EXCHANGE and entry.moderator is None:
        doubts.append(Doubt(DoubtKind.NO_MODERATOR))
    if kind is BlockKind.OPENING and entry.remarks is None:
        doubts.append(Doubt(DoubtKind.REMARKS))
    spoken = kind in (BlockKind.OPENING, BlockKind.CLOSING)
    return DraftBlock(
        entry.starts.time(),
        entry.ends.time(),
        kind,
        entry.title,
        speakers=entry.people if spoken else (),
        moderator=entry.moderator,
        panelists=() if spoken else entry.people,
        remarks=entry.remarks if kind is BlockKind.OPENING else None,
        doubts=tuple(doubts),
    )
