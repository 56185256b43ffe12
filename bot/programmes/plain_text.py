"""The calendar of sessions in a document's plain text: days with their weekday, ranges of hours, themes.

Two layouts are read, day by day. In the one, what happens follows its hours on the same line. In the other, the text
of a table whose columns came out one after the other, hours stand on lines of their own, and what happens follows in
paragraphs; there the n-th hours belong to the n-th paragraph.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time

from bot.agenda import BlockKind
from bot.agenda_mistakes import AgendaMistake, IncompleteDay, UnknownWord, UnreadableDay, UnreadableHours
from bot.agenda_text import is_written_like_a_day, parse_day, parse_hours
from bot.languages import Language
from bot.programmes.draft import (
    Doubt,
    DoubtKind,
    DraftBlock,
    DraftEvent,
    DraftSession,
    ProgrammeMistake,
    ProgrammeMistakeKind,
)
from bot.programmes.kinds import begins_a_block, kind_of
from bot.programmes.misprints import Misprint, misprints

_THEME = re.compile(
    r"(?:tema|theme|topic|eje|m[oó]dulo|module)\s*(?:\d+|[IVX]+)?\s*[:.–—-]\s*(?P<theme>.+)", re.IGNORECASE
)
_MODERATES = re.compile(
    r"(?:modera(?:d[oa]|ci[oó]n)?(?: por)?|moderador(?:/?a|\(a\))?|moderat(?:or|ed by|ion))\s*:?\s+(?P<who>.+)",
    re.IGNORECASE,
)
_PANELISTS = re.compile(
    r"(?:panelistas?|panellists?|panelists?|ponentes?|expositor(?:es|as?)?|speakers?)\s*:\s*(?P<who>.+)", re.IGNORECASE
)
_ANNOUNCED = re.compile(
    r"\s*\((?P<announced>[^()]*(?:panelist|panellist|ponente|expositor|speaker)[^()]*)\)", re.IGNORECASE
)
_EVENT = re.compile(
    r"(?:taller|seminario|webinar|curso|foro|encuentro|congreso|workshop|seminar|course|forum|symposium)\b",
    re.IGNORECASE,
)
_ITEM = re.compile(r"^(?:[•·▪*-]|\d{1,2}[.)])\s+")
_DAY_LABEL = re.compile(r"^(?:d[ií]a|day|jornada)\s*(?:\d+|[IVX]+)\s*[:.–—-]?\s*", re.IGNORECASE)
_HOUR = re.compile(r"\d{1,2}(?:[:.h]\d{2}|\s?[ap]\.?\s?m\b)", re.IGNORECASE)
_NOT_OVER = re.compile(
    r"(?:\b(?:de|del|la|el|los|las|al?|en|y|e|o|con|para|por|of|the|and|in|for|on|to|with)|,)$", re.IGNORECASE
)
_END_OF_DAY = re.compile(r"(?:fin|final|end)\b", re.IGNORECASE)

#: How long a block is taken to be where neither its end nor what follows is written.
_GUESSED_MINUTES = 30


@dataclass(slots=True)
class _Hours:
    """Hours as they stand on a line, and the rest of that line. `ends` is None where only the start is written."""

    line: int
    starts: time
    ends: time | None
    paragraphs: list[list[str]] = field(default_factory=list)


@dataclass(slots=True)
class _Day:
    day: date
    line: int
    hours: list[_Hours] = field(default_factory=list)
    theme: str | None = None
    #: Paragraphs of hours that stand apart from them.
    apart: list[list[str]] = field(default_factory=list)
    is_inline: bool = False


def read_text(text: str, year: int | None, language: Language, name: str | None) -> DraftEvent:
    """The programme that a text holds; `year` serves days without one, `name` an event that should not be guessed.

    Raises ProgrammeMistake where no day or hours are found or where they contradict each other.
    """
    slips = misprints(text)
    lines = text.splitlines()
    days = _days(lines, year)
    if not days:
        raise ProgrammeMistake(ProgrammeMistakeKind.NO_DAY)
    sessions = tuple(_session(day, slips) for day in sorted(days, key=lambda each: each.day))
    doubts: tuple[Doubt, ...] = ()
    if name is None:
        name, doubts = _guessed_name(lines[: min(day.line for day in days) - 1]), (Doubt(DoubtKind.NAME),)
    return DraftEvent(name, language, sessions, doubts)


def _days(lines: Sequence[str], year: int | None) -> list[_Day]:
    """The days with what stands under each. A day that is named again after a page's end goes on."""
    days: dict[date, _Day] = {}
    current: _Day | None = None
    was_blank = True
    in_theme = False
    for number, raw in enumerate(lines, 1):
        line = " ".join(raw.replace("|", " ").split())
        if not line or line.isdecimal():
            was_blank, in_theme = True, False
            continue
        if (named := _day_of(line, number, year)) is not None:
            day, line = named
            current = days.setdefault(day, _Day(day, number))
            was_blank, in_theme = True, False
            if not line:
                continue
        if current is None:
            continue
        if was_blank and _is_heading(line) and current.hours:
            # Another part of the document begins.
            current = None
            continue
        if theme := _THEME.match(line):
            current.theme, in_theme = theme["theme"], True
        elif in_theme and not begins_a_block(line) and _hours_of(line, number) is None:
            current.theme = f"{current.theme} {line}"
        elif (found := _hours_of(line, number)) is not None:
            hours, rest = found
            current.hours.append(hours)
            if rest:
                current.is_inline = True
                hours.paragraphs.append([rest])
            in_theme, was_blank = False, True
            continue
        else:
            in_theme = False
            _add(current, line, begins=was_blank)
        was_blank = False
    return list(days.values())


def _add(day: _Day, line: str, *, begins: bool) -> None:
    """A line of what happens: under the hours before it, and among the day's paragraphs in order."""
    for paragraphs in [day.apart] if not day.hours else [day.apart, day.hours[-1].paragraphs]:
        if paragraphs and not begins:
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])


def _day_of(line: str, number: int, year: int | None) -> tuple[date, str] | None:
    """The day that a line begins with, and the rest of the line. A day that cannot be is told, not passed over."""
    plain = _DAY_LABEL.sub("", line)
    head, separator, rest = plain.partition(":")
    for text, after in ((plain, ""), (head, rest.strip()))[: 2 if separator else 1]:
        if not any(c.isdecimal() for c in text):
            continue
        try:
            return parse_day(text, year), after
        except (UnknownWord, UnreadableDay, IncompleteDay):
            continue
        except AgendaMistake as mistake:
            if not is_written_like_a_day(text):
                continue
            raise ProgrammeMistake(ProgrammeMistakeKind.IMPOSSIBLE, number, {"mistake": mistake}) from None
    return None


def _hours_of(line: str, number: int) -> tuple[_Hours, str] | None:
    """The hours that a line begins with, and the rest of the line."""
    words = _ITEM.sub("", line).split()
    if not words or not _HOUR.match(" ".join(words[:2]).removeprefix("de ").removeprefix("De ")):
        return None
    impossible: AgendaMistake | None = None
    for taken in range(min(len(words), 9), 0, -1):
        text = " ".join(words[:taken]).rstrip(":;,.|")
        try:
            starts, ends = parse_hours(text)
        except UnreadableHours:
            continue
        except AgendaMistake as mistake:
            impossible = mistake
            continue
        return _Hours(number, starts, ends), " ".join(words[taken:]).lstrip(":-–—|. ")
    if impossible is not None:
        raise ProgrammeMistake(ProgrammeMistakeKind.IMPOSSIBLE, number, {"mistake": impossible})
    return _start_alone(words, number)


def _start_alone(words: Sequence[str], number: int) -> tuple[_Hours, str] | None:
    """A line such as "09:00 Bienvenida": read as a range to the day's end, of which the start is kept."""
    for taken in (2, 1):
        try:
            starts, _ = parse_hours(" ".join(words[:taken]).rstrip(":;,.|") + "-23:59")
        except AgendaMistake:
            continue
        return _Hours(number, starts, None), " ".join(words[taken:]).lstrip(":-–—|. ")
    return None


def _is_heading(line: str) -> bool:
    letters = [c for c in line if c.isalpha()]
    return len(letters) >= 8 and all(c.isupper() for c in letters)


def _session(day: _Day, slips: Mapping[str, Misprint]) -> DraftSession:
    if not day.hours:
        raise ProgrammeMistake(ProgrammeMistakeKind.NO_HOURS, day.line, {"day": day.day})
    blocks: list[DraftBlock] = []
    # In this order: the end of the day may be written like a block.
    timed = _with_ends(day)
    for (hours, ends, guessed), content in zip(timed, _contents(day), strict=True):
        block = _block(hours.starts, ends, content)
        if blocks and block.starts < blocks[-1].ends:
            raise ProgrammeMistake(ProgrammeMistakeKind.OVERLAP, hours.line, {"day": day.day})
        doubts = [*block.doubts, *_misprinted(content, slips)]
        if guessed:
            doubts.append(Doubt(DoubtKind.NO_END))
        if block.kind is BlockKind.QA and any(each.kind is BlockKind.QA for each in blocks):
            block = replace(block, kind=BlockKind.EXCHANGE)
            doubts.append(Doubt(DoubtKind.SECOND_QA))
        blocks.append(replace(block, doubts=tuple(doubts)))
    doubts = [] if day.theme else [Doubt(DoubtKind.NO_THEME)]
    doubts += _misprinted([day.theme or ""], slips)
    return DraftSession(day.day, day.theme, tuple(blocks), tuple(doubts))


def _with_ends(day: _Day) -> list[tuple[_Hours, time, bool]]:
    """Each block's hours with its end, and whether that had to be guessed. Puts the day's hours in order."""
    day.hours.sort(key=lambda hours: hours.starts)
    last, end_of_day = day.hours[-1], None
    if last.ends is None and len(day.hours) > 1 and last.paragraphs and _END_OF_DAY.match(last.paragraphs[0][0]):
        # "11:00 Fin" is no block but the end of the one before.
        end_of_day = day.hours.pop().starts
    following = [*(hours.starts for hours in day.hours[1:]), end_of_day]
    return [
        (hours, hours.ends or after or _guessed_end(hours.starts), hours.ends is None and after is None)
        for hours, after in zip(day.hours, following, strict=True)
    ]


def _guessed_end(starts: time) -> time:
    minutes = min(starts.hour * 60 + starts.minute + _GUESSED_MINUTES, 24 * 60 - 1)
    return time(minutes // 60, minutes % 60)


def _contents(day: _Day) -> list[list[str]]:
    """What happens in each of the day's blocks, in the order of their hours: the lines, or nothing."""
    if day.is_inline:
        return [[line for paragraph in hours.paragraphs for line in paragraph] for hours in day.hours]
    paragraphs = list(day.apart)
    wanted = len(day.hours)
    if len(paragraphs) > wanted:
        # What does not begin like a block goes on with the one before.
        joined: list[list[str]] = []
        for paragraph in paragraphs:
            if joined and not begins_a_block(paragraph[0]):
                joined[-1] = [*joined[-1], *paragraph]
            else:
                joined.append(paragraph)
        paragraphs = joined
    if len(paragraphs) < wanted:
        paragraphs = [part for paragraph in paragraphs for part in _parts(paragraph)]
    if len(paragraphs) > wanted:
        paragraphs = [*paragraphs[: wanted - 1], [line for each in paragraphs[wanted - 1 :] for line in each]]
    return paragraphs + [[] for _ in range(wanted - len(paragraphs))]


def _parts(paragraph: list[str]) -> Iterator[list[str]]:
    """A paragraph cut before each line that looks like a block's title."""
    part: list[str] = []
    for line in paragraph:
        if part and begins_a_block(line):
            yield part
            part = []
        part.append(line)
    yield part


def _block(starts: time, ends: time, content: Sequence[str]) -> DraftBlock:
    lines = list(_unbroken(_ITEM.sub("", line) for line in content))
    doubts: list[Doubt] = []
    title = lines.pop(0) if lines else ""
    if announced := _ANNOUNCED.search(title):
        title = _ANNOUNCED.sub("", title)
    moderator, panelists, speakers = None, [], []
    for line in lines:
        if found := _MODERATES.fullmatch(line):
            moderator = found["who"]
        elif found := _PANELISTS.fullmatch(line):
            panelists += [one.strip() for one in re.split(r",|;|\s+(?:y|and)\s+", found["who"]) if one.strip()]
        elif named := _ANNOUNCED.fullmatch(line):
            announced = announced or named
        else:
            speakers.append(line)
    kind = kind_of(title)
    if not title:
        doubts.append(Doubt(DoubtKind.NO_TITLE))
    elif kind is None:
        doubts.append(Doubt(DoubtKind.KIND, {"title": title}))
    kind = kind or BlockKind.EXCHANGE
    if announced and not panelists:
        doubts.append(Doubt(DoubtKind.PANELISTS, {"announced": announced["announced"]}))
    if kind is BlockKind.EXCHANGE and moderator is None:
        doubts.append(Doubt(DoubtKind.NO_MODERATOR))
    if kind is BlockKind.OPENING:
        doubts.append(Doubt(DoubtKind.REMARKS))
    return DraftBlock(starts, ends, kind, title, tuple(speakers), moderator, tuple(panelists), doubts=tuple(doubts))


def _unbroken(lines: Iterator[str]) -> Iterator[str]:
    """Lines that a narrow column broke, whole again: the next begins small, or the last cannot end so."""
    whole = ""
    for line in lines:
        if whole and (line[:1].islower() or _NOT_OVER.search(whole)):
            whole = f"{whole} {line}"
            continue
        if whole:
            yield whole
        whole = line
    if whole:
        yield whole


def _misprinted(lines: Sequence[str], slips: Mapping[str, Misprint]) -> list[Doubt]:
    words = re.findall(r"\w+", " ".join(lines))
    return [
        Doubt(DoubtKind.MISPRINT, {"word": slip.word, "likely": slip.likely, "times": slip.times})
        for word in dict.fromkeys(words)
        if (slip := slips.get(word)) is not None
    ]


def _guessed_name(lines: Sequence[str]) -> str:
    """The first paragraph or item that begins with a word for an event; else the first line that says something."""
    paragraph: list[str] = []
    first = ""
    for raw in [*lines, ""]:
        line = " ".join(raw.split())
        first = first or line
        if line and not (paragraph and _ITEM.match(line)):
            paragraph.append(line)
            continue
        whole = _ITEM.sub("", " ".join(paragraph))
        if _EVENT.match(whole):
            return whole.rstrip(".")
        paragraph = [line] if line else []
    return first or "?"
