"""Made-up days for reports: full, empty, of one person, of forty countries, with long names."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.agenda import Block, Session
from bot.attendance import Span, common, length, span_of, union
from bot.clock import to_ms
from bot.config import Config, Profile, load
from bot.coverage import Count, Delegation, Stand
from bot.ids import PersonId, QuestionNumber
from bot.origins import Origins
from bot.participants import Country, Elsewhere, Participant, Standing
from bot.questions import Asker, Figures, Question, State
from bot.queue_values import Exported
from bot.summary_values import (
    Attendee,
    Basis,
    BlockFigures,
    Career,
    Change,
    DayOf,
    Final,
    People,
    Summary,
)
from tests.factories import CONFIG_FILE

CONFIG: Config = load(CONFIG_FILE)
EVENT = CONFIG.agenda
SESSION = EVENT.sessions[0]
PROFILES = CONFIG.coverage.profiles
_FORTY = (
    "AR BO BR CL CO EC GY PY PE SR UY VE BZ CA CR DO GT HN MX NI PA SV US HT JM CU BS BB TT AG DM GD KN LC VC GS CD PM "
    "UM SH"
)
FORTY = _FORTY.split()

#: What a spreadsheet takes for a formula, and what tears a file apart.
NASTY = (
    "=1+1",
    '=HYPERLINK("https://example.org";"acta")',
    "+34 600",
    "-5",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\0=1",
    "\uff1d1+1",
    'dijo "sí"; y se fue',
    "una línea\notra línea",
    "Ana García",
)


def minutes_in(session: Session, first: float, last: float) -> Span:
    """A span between two minutes of a session."""
    start = to_ms(session.starts_at)
    return Span(start + round(first * 60_000), start + round(last * 60_000))


def delegations(codes: Sequence[str], profiles: Sequence[Profile], people: Sequence[int]) -> tuple[Delegation, ...]:
    """Delegations whose profiles have so many people, over and over."""
    found = []
    for number, code in enumerate(codes):
        by = tuple(people[(number + n) % len(people)] for n in range(len(profiles)))
        complete = all(has >= profile.minimum for has, profile in zip(by, profiles, strict=True))
        stand = Stand.ABSENT if not sum(by) else Stand.COMPLETE if complete else Stand.INCOMPLETE
        nobody = (0,) * len(profiles)
        found.append(Delegation(code, stand, by, 0, Count(sum(by), sum(by) // 2, 1), nobody))
    return tuple(found)


def summary_of(
    session: Session = SESSION,
    *,
    codes: Sequence[str] = CONFIG.coverage.countries,
    profiles: Sequence[Profile] = PROFILES,
    people: Sequence[int] = (2, 1, 0, 2, 3, 12),
    **more: Any,
) -> Summary:
    """A day on which these were there."""
    some = any(people)
    hidden = union(more.get("unknown", ()))
    values: dict[str, Any] = {
        "session": session,
        "as_of": session.ends_at + timedelta(minutes=1),
        "provisional": False,
        "basis": Basis.MEASURED,
        "profiles": tuple(profiles),
        "delegations": delegations(codes, profiles, people),
        "elsewhere": {kind: Count(3 if some else 0) for kind in Elsewhere},
        "unregistered": Count(4 if some else 0),
        "present_after_seconds": 60,
        "only_seen": 1,
        "connections": 90,
        "blocks": tuple(_block(block, hidden) for block in session.blocks),
        "unknown": (),
        "questions": Figures({State.ANSWERED: 3}),
        "origins": Origins({}, elsewhere=3, anonymous=0),
        **more,
    }
    return Summary(**values)


def _block(block: Block, hidden: Sequence[Span]) -> BlockFigures:
    own = common(hidden, (span_of(block),))
    return BlockFigures(block, 30, 30 * 600_000, 600_000, length(own), own)


def through(session: Session, most: int, unknown: Sequence[Span] = (), until: int | None = None) -> Any:
    """Attendance that rises to `most`, stays and falls."""
    start, end = to_ms(session.starts_at), to_ms(session.ends_at)
    shape = ((at, min(1.0, 0.3 + n / 30, 2.2 - n / 70)) for n, at in enumerate(range(start, until or end, 60_000)))
    return tuple(
        (at, round(most * part)) for at, part in shape if not any(hole.start <= at < hole.end for hole in unknown)
    )


def participant(number: int, name: str, affiliation: Any = None, profile: str | None = "judicial") -> Participant:
    at = SESSION.starts_at
    standing = affiliation or Country("CR")
    person = PersonId(712_345_678_901_234_560 + number)
    return Participant(person, name, name, standing, profile, "es", at, at)


def people_of(names: Sequence[str]) -> People:
    """People of these names, each with an institution of the same name."""
    attendees = []
    for number, name in enumerate(names):
        who = participant(number, name)
        minutes = {block.key: 1_800_000 + number * 1234 for block in SESSION.blocks}
        attendees.append(Attendee(who, who.standing, number != 1, minutes, number % 3 or None))
    return People(SESSION, False, Basis.MEASURED, PROFILES, tuple(attendees), 3)


def questions_of(texts: Sequence[str]) -> list[Exported]:
    """Questions of these texts, each by somebody of a name like it."""
    at = SESSION.starts_at + timedelta(minutes=12, seconds=5)
    values: dict[str, Any] = {
        "session": SESSION.key,
        "author": PersonId(1),
        "seal": None,
        "language": "es",
        "state": State.REJECTED,
        "asked_at": at,
        "moved_at": at,
        "moved_by": None,
        "reason": None,
        "showings": 0,
        "votes": 7,
    }
    return [
        Exported(
            Question(number=QuestionNumber(n), text=text, addressed_to=text, words=text, **values),
            Asker(text, text, "CR"),
            None,
            (),
            (),
        )
        for n, text in enumerate(texts, 1)
    ]


def final_of(names: Sequence[str], **more: Any) -> Final:
    """The whole event with these people, who missed its second day."""
    days = {
        session.key: DayOf(
            measured=3_600_000, counted=7_200_000, unknown=0, present=session.number != 2, companions=None
        )
        for session in EVENT.sessions
    }
    people = [participant(number, name) for number, name in enumerate(names)]
    return Final(
        as_of=EVENT.sessions[-1].ends_at + timedelta(minutes=1),
        provisional=False,
        summaries=tuple(summary_of(session, **more) for session in EVENT.sessions),
        people=tuple(Career(each, Standing(Country("CR"), "judicial"), days) for each in people),
    )


CHANGES = (Change("BZ", PROFILES[0], 0, 2), Change("HN", PROFILES[1], 2, 1))

LONG = "Autoridad competente para la supervisión de la aplicación de las leyes migratorias y de extranjería"
LONG_PROFILES = tuple(
    Profile.model_construct(
        key=f"p{n}", name={"es": f"{LONG} {n}", "en": f"Authority in charge {n} " * 4}, minimum=n % 4
    )
    for n in range(6)
)
LONG_SESSION = replace(
    SESSION,
    theme={language: f"{text}, " * 3 for language, text in SESSION.theme.items()},
    blocks=tuple(
        replace(
            block,
            title={
                language: f"{text} de las delegaciones y los observadores invitados"
                for language, text in block.title.items()
            },
        )
        for block in SESSION.blocks
    ),
)
