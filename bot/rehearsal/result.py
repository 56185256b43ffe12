"""How a rehearsal went, as figures."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.ids import ChannelId, MessageId
from bot.loopback.contract import Contract
from bot.notices import Entry, Outcome
from bot.questions import standing_after
from bot.queue_values import Exported
from bot.rehearsal.recount import Difference


@dataclass(frozen=True, slots=True)
class Cues:
    """What became of everything that fell due. A cue in two channels counts twice.

    `missed`: due, not too late by the rule, and not sent. `skipped`: too late by the rule. `late` were sent all the
    same, more than a second after they were due. `doubled`: messages beyond one for the same part of a notice.
    """

    due: int
    sent: int
    late: int
    skipped: int
    missed: int
    doubled: int
    by_kind: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Questions:
    """What people were told was saved, and what is there. `lost`: told and not there.

    `contradictions`: questions that stand elsewhere than their history leads.
    """

    acknowledged: int
    stored: int
    lost: int
    by_state: Mapping[str, int]
    votes: int = 0
    answers: int = 0
    undone: int = 0
    contradictions: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """One day's attendance, in people and whole minutes."""

    people: int
    minutes: int
    by_country: Mapping[str, int]
    by_profile: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Recount:
    """How many pairs of person and block were counted twice, and on how many the two counts differ."""

    compared: int
    differences: int


@dataclass(frozen=True, slots=True)
class Checked:
    """Requests held against Discord's published description, and what did not fit."""

    requests: int
    violations: int


@dataclass(frozen=True, slots=True)
class IncidentFigures:
    """How many incidents were told of in the transcript, and what did not come out as it should."""

    told: int
    wrong: Sequence[str]


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that result.json holds."""

    cues: Cues
    questions: Questions
    attendance: Mapping[str, Day]
    recount: Recount
    contract: Checked | None
    wall_seconds: float
    unanswered: int
    #: None in a rehearsal in which everything goes as planned.
    incidents: IncidentFigures | None = None

    @property
    def holds(self) -> bool:
        """Whether nothing was missed, doubled, lost, contradictory, different, unanswered or against the contract."""
        return not (
            self.cues.missed
            or self.cues.doubled
            or self.questions.lost
            or self.questions.contradictions
            or self.recount.differences
            or self.unanswered
            or (self.incidents is not None and self.incidents.wrong)
            or (self.contract is not None and self.contract.violations)
        )

    def as_json(self) -> dict[str, Any]:
        """The values of result.json."""
        values = asdict(self)
        if self.incidents is None:
            del values["incidents"]
        return values


#: A cue that goes out within this time of its instant is on time.
ON_TIME_SECONDS = 1.0


def cues_figures(expected: Sequence[tuple[str, str]], ledger: Sequence[Entry], doubled: int) -> Cues:
    """What became of `expected`, pairs of cue and channel."""
    entries = {(entry.key, str(entry.channel_id)): entry for entry in ledger}
    sent = [entry for entry in entries.values() if entry.outcome is Outcome.SENT]
    skipped = [entry for entry in entries.values() if entry.outcome is Outcome.SKIPPED]
    settled = {(entry.key, str(entry.channel_id)) for entry in (*sent, *skipped)}
    return Cues(
        due=len(expected),
        sent=len(sent),
        late=sum(1 for entry in sent if (entry.late_seconds or 0) > ON_TIME_SECONDS),
        skipped=len(skipped),
        missed=len(set(expected) - settled),
        doubled=doubled,
        by_kind=dict(sorted(Counter(entry.kind for entry in sent).items())),
    )


def untimely(expected: Mapping[str, datetime], planned: Set[str], ledger: Iterable[Entry]) -> list[Entry]:
    """What was sent before its hour (`expected`, by key), or was `planned` and is in the programme no more."""
    return [
        entry
        for entry in ledger
        if entry.sent_at is not None
        if (
            entry.sent_at < expected[entry.key]
            if entry.key in expected
            else entry.key in planned and entry.outcome is Outcome.SENT
        )
    ]


def borne_out(
    ledger: Iterable[Entry], known: Mapping[tuple[str, ChannelId], Sequence[MessageId]], there: Set[int]
) -> list[Entry]:
    """The ledger without what it says was sent and is not: `known` are its messages by notice and channel, `there`
    those that stand in a channel."""

    def stands(entry: Entry) -> bool:
        messages = known.get((entry.notice or "", entry.channel_id), ())
        return bool(messages) and all(message in there for message in messages)

    return [entry for entry in ledger if entry.outcome is not Outcome.SENT or stands(entry)]


def checked(contract: Contract | None) -> Checked | None:
    """What the contract saw; None where there was none."""
    return None if contract is None else Checked(contract.requests, len(contract.violations))


def lost(acknowledged: set[int], stored: set[int]) -> int:
    """How many questions somebody was told were saved and that are not there."""
    return len(acknowledged - stored)


def questions_figures(acknowledged: set[int], questions: Sequence[Exported]) -> Questions:
    """What became of the questions that people were told were saved."""
    stored = {int(each.question.number) for each in questions}
    return Questions(
        acknowledged=len(acknowledged),
        stored=len(stored),
        lost=lost(acknowledged, stored),
        by_state=dict(sorted(Counter(each.question.state.value for each in questions).items())),
        votes=sum(each.question.votes for each in questions),
        answers=sum(each.answer is not None for each in questions),
        undone=sum(step.undoes is not None for each in questions for step in each.history),
        contradictions=sum(standing_after(each.history) != each.question.standing for each in questions),
    )


def noted(differences: Sequence[Difference], compared: int) -> Recount:
    """The recount's two figures."""
    return Recount(compared, len(differences))
