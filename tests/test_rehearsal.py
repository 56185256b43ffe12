"""The dress rehearsal: that it plays the event, that a seed repeats it, and that it tells when something is wrong."""

import asyncio
import dataclasses
import json
import shlex
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from click.testing import CliRunner

from bot.agenda_changes import delay, with_changes
from bot.cli import main
from bot.clock import RehearsalClock, to_ms
from bot.config import load
from bot.idle import SHORT_TIMER_SECONDS
from bot.ids import BlockKey, ChannelId, MessageId, PersonId
from bot.live_agenda import LiveAgenda
from bot.loopback.faults import FaultKind
from bot.loopback.nouns import LogEntry
from bot.notices import Entry, Outcome
from bot.operator.rehearsing import repeating
from bot.rehearsal import Options, prepared, rehearse
from bot.rehearsal.days import blind_spans
from bot.rehearsal.deeds import (
    BreaksConnection,
    DeletesBoard,
    GivesPermission,
    MeetsFault,
    StartsBot,
    StopsBot,
    TakesPermission,
)
from bot.rehearsal.hall import SEND, furnish
from bot.rehearsal.incidents import Incidents
from bot.rehearsal.life import BotLife
from bot.rehearsal.mishaps import put_off
from bot.rehearsal.performance import Performance
from bot.rehearsal.recount import Difference, Span, Whereabouts, differences, recount
from bot.rehearsal.result import Cues, IncidentFigures, Questions, Recount, Result, borne_out, cues_figures, untimely
from bot.rehearsal.troubles import CALLBACK, troubles
from bot.services import Services
from cogs.app import running
from cogs.client import Estrado
from cogs.endpoint import Endpoint
from tests.factories import CONFIG_FILE


def launch(
    services: Services, token: str, *, rest: str, gateway: str, http_trace: aiohttp.TraceConfig
) -> AbstractAsyncContextManager[Estrado]:
    return running(services, token, endpoint=Endpoint(rest, gateway), http_trace=http_trace)


class Audience:
    """Somebody who looks on, and remembers."""

    def __init__(self) -> None:
        self.posts: list[tuple[str, str]] = []
        self.progress: list[float] = []

    def at(self, instant: datetime, progress: float) -> None:
        self.progress.append(progress)

    def posted(self, channel: str, instant: datetime, text: str) -> None:
        self.posts.append((channel, text))


async def play(out: Path, **options: Any) -> tuple[Result, Audience]:
    audience = Audience()
    return await rehearse(load(CONFIG_FILE), Options(out, **options), launch, audience), audience


def transcript_and_deeds(out: Path) -> tuple[str, str]:
    """What was said, and what people did, in the rehearsal there."""
    return (out / "transcript.md").read_text("utf-8"), (out / "deeds.txt").read_text("utf-8")


async def test_four_days_are_whole_and_leave_their_files(tmp_path: Path) -> None:
    result, audience = await play(tmp_path, attendees=40)
    assert result.holds
    assert result.cues.by_kind["opening"] == result.cues.by_kind["summary"] == 4
    assert (result.cues.missed, result.cues.doubled, result.cues.skipped, result.cues.late) == (0, 0, 0, 0)
    assert result.cues.due == result.cues.sent
    assert result.questions.acknowledged == result.questions.stored > 10
    questions = result.questions
    assert min(questions.votes, questions.answers, questions.undone) > 0
    assert {"answered", "rejected", "merged", "deferred"} <= set(questions.by_state)
    assert questions.contradictions == 0
    assert result.recount.compared > 200
    assert result.recount.differences == 0
    for day in result.attendance.values():
        assert day.people == sum(day.by_country.values()) == sum(day.by_profile.values()) > 20
    kept = {file.name for file in tmp_path.iterdir() if file.is_file()}
    of = [*(f"2020-09-{day:02}" for day in (8, 9, 10, 11)), "final"]
    kinds = ("asistencia-{}.png", "informe-{}.xlsx", "acta-{}.pdf", "personas-{}.csv", "resumen-{}.csv")
    reports = {kind.format(each) for kind in kinds for each in of}
    assert kept >= {"estrado.db", "transcript.md", "result.json", "constancias.pdf", *reports}
    assert {file.stat().st_mode & 0o077 for file in tmp_path.iterdir()} == {0}
    assert json.loads((tmp_path / "result.json").read_text("utf-8"))["cues"]["by_kind"] == result.cues.by_kind
    transcript = (tmp_path / "transcript.md").read_text("utf-8")
    for channel in ("anuncios", "preguntas", "moderacion", "organizacion"):
        assert f"## #{channel}\n" in transcript
    public = "\n".join(text for _, text in audience.posts)
    for said in ("días anteriores", "### Respuesta a la pregunta ", "### Preguntas aprobadas que esperan turno"):
        assert said in public
    assert "«\u039frganización», que se confunde con «Organización»" in transcript
    assert "\u039frganización" not in public
    assert "(mesa " in public
    assert "para responder por escrito" in transcript
    assert "para responder por escrito" not in public
    assert {channel for channel, _ in audience.posts} == {"anuncios", "preguntas"}
    assert audience.progress == sorted(audience.progress)
    assert audience.progress[-1] == 1.0


async def test_with_incidents_the_event_is_whole_too_and_each_is_told_in_a_line(tmp_path: Path) -> None:
    result, audience = await play(tmp_path, attendees=12, incidents=True, language="en")
    assert result.holds
    assert result.incidents is not None
    assert result.incidents.wrong == ()
    assert (result.cues.missed, result.cues.doubled, result.cues.skipped) == (0, 0, 0)
    # What fell due while the bot was away, and while it might not write.
    assert result.cues.late == 2
    assert result.cues.by_kind["block_start"] == 4
    assert result.questions.lost == result.questions.contradictions == result.recount.differences == 0
    assert result.unanswered == 0
    lines = [
        line for line in (tmp_path / "transcript.md").read_text("utf-8").splitlines() if line.startswith("- **2020-")
    ]
    for line, (at, what) in zip(
        lines,
        (
            ("2020-09-08 09:40:00", "resumes it (RESUME) and receives 2 events"),
            ("2020-09-08 10:30:00", "The bot stops and is back at 10:30:45"),
            ("2020-09-09 09:20:00", "/retrasar with 10 minutes"),
            ("2020-09-09 10:37:00", "identifies anew"),
            ("2020-09-10 09:05:00", "/agenda cancelar with the block “Technical exchange” (09:15-10:15;"),
            ("2020-09-10 10:14:45", "Sent at once: 0910-preguntas-1"),
            ("2020-09-11 09:30:00", "deletes the live message"),
            ("2020-09-11 10:13:00", "loses the permission to write in #anuncios until 10:18:00"),
            ("2020-09-11 10:18:00", "posts what was waiting: 0911-preguntas-1"),
        ),
        strict=True,
    ):
        assert line.startswith(f"- **{at}** · ")
        assert what in line
    assert "the day ends at 11:10, and not at 11:00" in lines[2]
    assert json.loads((tmp_path / "result.json").read_text("utf-8"))["incidents"] == {"told": 9, "wrong": []}
    changes = [text for _, text in audience.posts if "Cambio en el programa" in text]
    assert len(changes) == 2
    assert "~~10:15-11:00~~ → **10:25-11:10**" in changes[0]


async def test_a_bot_that_goes_on_as_planned_after_a_delay_is_found_out(tmp_path: Path) -> None:
    @asynccontextmanager
    async def deaf(services: Services, token: str, **more: Any) -> AsyncIterator[Estrado]:
        planned = LiveAgenda(services.store, services.config.agenda, services.clock)
        async with launch(dataclasses.replace(services, agenda=planned), token, **more) as bot:
            yield bot

    options = Options(tmp_path, attendees=4, first_day=2, last_day=2, incidents=True)
    result = await rehearse(load(CONFIG_FILE), options, deaf)
    assert result.incidents is not None
    assert any("2020-09-09/qa_opens" in each for each in result.incidents.wrong)
    assert not result.holds


async def test_one_seed_gives_the_same_day_to_the_byte_and_another_gives_another(tmp_path: Path) -> None:
    figures, told = [], []
    for place, seed in (("a", 3), ("b", 3), ("c", 4)):
        result, _ = await play(tmp_path / place, attendees=15, seed=seed, first_day=2, last_day=2)
        assert result.holds
        figures.append(dataclasses.replace(result, wall_seconds=0, contract=None))
        told.append(transcript_and_deeds(tmp_path / place))
    assert figures[0] == figures[1]
    assert figures[0] != figures[2]
    assert told[0] == told[1]
    assert all(one != other for one, other in zip(told[0], told[2], strict=True))
    assert "Asks(at=" in told[0][1]
    # The machine's own disk is none of the event's, and has another figure every minute.
    assert "libre en el disco: 100 GB" in told[0][0]


@pytest.mark.parametrize(
    ("day", "more"), [(1, {"incidents": True}), (4, {"faults": True})], ids=["incidents", "faults"]
)
async def test_one_seed_goes_wrong_in_the_same_way_to_the_byte(tmp_path: Path, day: int, more: dict[str, Any]) -> None:
    told = []
    for place in ("a", "b"):
        result, _ = await play(tmp_path / place, attendees=5, seed=14, first_day=day, last_day=day, **more)
        assert result.holds
        told.append(transcript_and_deeds(tmp_path / place))
    assert told[0] == told[1]
    assert ("MeetsFault(at=" in told[0][1]) is ("faults" in more)


def test_with_faults_the_bot_gives_a_request_up_before_time_may_leap(tmp_path: Path) -> None:
    config = load(CONFIG_FILE)
    assert prepared(config, Options(tmp_path, faults=True)).connection.send_timeout_seconds < SHORT_TIMER_SECONDS
    assert prepared(config, Options(tmp_path)).connection == config.connection


def test_a_seed_draws_its_faults_on_every_day_and_never_where_the_bot_does_not_run() -> None:
    event = load(CONFIG_FILE).agenda
    met: set[tuple[str, FaultKind]] = set()
    for seed in range(60):
        drawn = troubles(event, seed)
        assert drawn == troubles(event, seed) != troubles(event, seed + 1)
        assert [deed.at for deed in drawn] == sorted(deed.at for deed in drawn)
        runs = True
        for deed in drawn:
            assert deed.at.microsecond % 1000 == 0
            if isinstance(deed, StopsBot | StartsBot):
                assert runs is isinstance(deed, StopsBot)
                runs = not runs
            elif isinstance(deed, BreaksConnection | MeetsFault):
                assert runs
            if isinstance(deed, MeetsFault):
                met.add((deed.route, deed.kind))
                assert deed.route != CALLBACK or deed.times == 1
        for session in event.sessions:
            of_day = {type(deed) for deed in drawn if deed.at.date() == session.starts_at.date()}
            assert {StopsBot, StartsBot, BreaksConnection, MeetsFault} <= of_day
    assert len(met) == 20


def test_a_rehearsal_that_falls_short_says_the_one_command_that_repeats_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Result, "holds", False)
    options = ["--config", str(CONFIG_FILE), "--seed", "12", "--days", "4-4", "--attendees", "2"]
    options += ["--out", str(tmp_path / "my files"), "--language", "en"]
    outcome = CliRunner().invoke(main, ["rehearse", *options])
    assert outcome.exit_code == 1
    said = [line for line in outcome.stderr.splitlines() if "estrado rehearse" in line]
    assert said == [outcome.stderr.splitlines()[-1]]
    assert shlex.split(said[0].removeprefix("To repeat it: ")) == ["estrado", "rehearse", *options]


def test_the_command_that_repeats_a_rehearsal_says_what_went_wrong_in_it(tmp_path: Path) -> None:
    for more in ("incidents", "faults"):
        options = Options(tmp_path, seed=-3, first_day=2, last_day=3, **{more: True})
        assert f"--seed -3 --days 2-3 --attendees 100 --{more} --out" in repeating(CONFIG_FILE, options)


def test_incidents_and_faults_together_are_refused(tmp_path: Path) -> None:
    command = ["rehearse", "--config", str(CONFIG_FILE), "--out", str(tmp_path), "--language", "en"]
    both = CliRunner().invoke(main, [*command, "--incidents", "--faults"])
    assert (both.exit_code, both.stdout) == (2, "")
    assert "--incidents and --faults" in both.stderr


async def test_earlier_files_of_a_rehearsal_are_replaced_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept", "utf-8")
    old = ["resumen-1999-01-01.csv", "asistencia-1999-01-01.png", "informe-1999-01-01.xlsx", "acta-1999-01-01.pdf"]
    for name in old:
        (tmp_path / name).write_text("old", "utf-8")
    await play(tmp_path, attendees=3, first_day=4, last_day=4)
    assert (tmp_path / "mine.txt").read_text("utf-8") == "kept"
    assert not any((tmp_path / name).exists() for name in old)


def test_days_that_the_event_does_not_have_are_refused_with_what_to_type(tmp_path: Path) -> None:
    command = ["rehearse", "--config", str(CONFIG_FILE), "--out", str(tmp_path), "--language", "en"]
    for days in ("5", "0", "3-2", "martes"):
        outcome = CliRunner().invoke(main, [*command, "--days", days])
        assert (outcome.exit_code, outcome.stdout) == (2, "")
        assert days in outcome.stderr
        assert "1 to 4" in outcome.stderr
        assert "2-3" in outcome.stderr


async def test_places_that_share_a_name_are_one_place(tmp_path: Path) -> None:
    """One closed channel and one role for all staff, and a hall named like the one for those who are away."""
    config = load(CONFIG_FILE)
    places = config.discord.model_copy(
        update={
            "organizers": config.discord.moderators,
            "organizer_role": config.discord.moderator_role,
            "voice": ("ausentes", config.discord.stage),
        }
    )
    shared = config.model_copy(update={"discord": places})
    result = await rehearse(shared, Options(tmp_path, attendees=40, first_day=1, last_day=1), launch, Audience())
    assert result.holds
    assert result.cues.by_kind["summary"] == 1


def test_what_is_told_too_early_or_of_a_block_that_was_cancelled_is_untimely() -> None:
    at = datetime(2020, 9, 8, 15, tzinfo=UTC)

    def entry(key: str, sent_at: datetime | None) -> Entry:
        outcome = Outcome.SKIPPED if sent_at is None else Outcome.SENT
        return Entry(key, ChannelId(1), "block_start", at, outcome, key, sent_at, at)

    kept = [
        entry("early", at - timedelta(minutes=10)),
        entry("in time", at),
        entry("cancelled", at),
        entry("cancelled and skipped", None),
        entry("in no plan", at),
    ]
    planned = {"early", "in time", "cancelled", "cancelled and skipped"}
    found = untimely({"early": at, "in time": at}, planned, kept)
    assert [each.key for each in found] == ["early", "cancelled"]


def test_a_day_that_is_listed_twice_and_an_alert_that_never_came_are_told_as_wrong(tmp_path: Path) -> None:
    config = prepared(load(CONFIG_FILE), Options(tmp_path))
    clock = RehearsalClock(datetime(2020, 9, 8, 15, tzinfo=UTC))
    hall = furnish(config, clock)
    performance = Performance(hall, (), str(config.discord.questions), str(config.discord.moderators))
    life = BotLife(config, clock, hall, lambda _services: AsyncExitStack())
    incidents = Incidents(hall, life, performance, clock, config.agenda, "en")
    for starts_at in ("2020-09-08T15:00:00+00:00", "2020-09-09T15:00:00+00:00", "2020-09-09T15:00:00+00:00"):
        hall.world.tell("GUILD_SCHEDULED_EVENT_CREATE", {"scheduled_start_time": starts_at})
    incidents.look_back()

    async def lose_and_regain() -> None:
        channel, (bot,) = hall.announcements[0], hall.world.bots.values()
        await incidents.perform(TakesPermission(clock.now()))
        assert not hall.world.permissions(bot, channel) & SEND
        await incidents.perform(GivesPermission(clock.now()))
        assert hall.world.permissions(bot, channel) & SEND
        await incidents.perform(DeletesBoard(clock.now()))

    asyncio.run(lose_and_regain())
    twice, unheard, no_board = incidents.account.wrong
    assert twice == "2020-09-09 was put into the server's list of events more than once."
    assert "did NOT say so in #organizacion" in unheard
    assert "NO live message" in no_board


def test_a_delay_counted_twice_is_the_same_programme() -> None:
    planned = load(CONFIG_FILE).agenda
    for session in planned.sessions:
        for minutes in range(0, 120, 7):
            now = session.starts_at + timedelta(minutes=minutes)
            assert put_off(planned, now, 10) == with_changes(planned, delay(planned, planned, now, 10))


def test_the_bot_saw_nothing_from_its_last_connection_to_the_next() -> None:
    start = datetime(2020, 9, 8, 15, tzinfo=UTC)
    log = [
        LogEntry(start + timedelta(seconds=seconds), f"gateway.{kind}", {"session": session})
        for seconds, kind, session in (
            (0, "opened", "a"),
            (10, "closed", "a"),
            (10, "resumed", "a"),
            (20, "closed", "a"),
            (65, "opened", "b"),
            (70, "opened", "c"),
            (80, "closed", "b"),
        )
    ]
    ms = to_ms(start)
    assert list(blind_spans(log)) == [Span(ms + 20_000, ms + 65_000)]


def test_a_post_that_only_the_ledger_knows_of_is_missed() -> None:
    at = datetime(2020, 9, 8, 15, tzinfo=UTC)
    kept = [
        Entry(key, ChannelId(1), "opening", at, outcome, key, sent_at, at)
        for key, outcome, sent_at in (
            ("there", Outcome.SENT, at),
            ("deleted", Outcome.SENT, at),
            ("never", Outcome.SENT, at),
            ("too late", Outcome.SKIPPED, None),
        )
    ]
    known = {("there", ChannelId(1)): [MessageId(7)], ("deleted", ChannelId(1)): [MessageId(7), MessageId(8)]}
    believed = borne_out(kept, known, {7})
    assert [entry.key for entry in believed] == ["there", "too late"]
    expected = [(entry.key, "1") for entry in kept]
    assert cues_figures(expected, believed, doubled=0).missed == 2


GOOD = Result(
    cues=Cues(due=2, sent=2, late=0, skipped=0, missed=0, doubled=0, by_kind={}),
    questions=Questions(acknowledged=1, stored=1, lost=0, by_state={}),
    attendance={},
    recount=Recount(compared=1, differences=0),
    contract=None,
    wall_seconds=1,
    unanswered=0,
)


@pytest.mark.parametrize(
    "bad",
    [
        {"cues": dataclasses.replace(GOOD.cues, missed=1)},
        {"cues": dataclasses.replace(GOOD.cues, doubled=1)},
        {"questions": dataclasses.replace(GOOD.questions, lost=1)},
        {"questions": dataclasses.replace(GOOD.questions, contradictions=1)},
        {"recount": dataclasses.replace(GOOD.recount, differences=1)},
        {"unanswered": 1},
        {"incidents": IncidentFigures(told=1, wrong=("something",))},
    ],
)
def test_anything_that_went_wrong_makes_the_result_fail(bad: dict[str, Any]) -> None:
    assert GOOD.holds
    assert not dataclasses.replace(GOOD, **bad).holds


def test_recount_walks_from_mark_to_mark() -> None:
    ana, ben, room, hall = PersonId(1), PersonId(2), 7, 8
    first, second = BlockKey("d/1"), BlockKey("d/2")
    blocks = {first: Span(1000, 2000), second: Span(2000, 3000)}
    log = [
        Whereabouts(500, ana, room),
        Whereabouts(1500, ana, None),
        Whereabouts(1500, ana, room),
        Whereabouts(1700, ben, hall),
        Whereabouts(2400, ana, hall),
        Whereabouts(2600, ana, room),
        Whereabouts(9000, ana, None),
    ]
    counted = recount(log, blocks, frozenset({room}), [Span(1900, 2100), Span(2050, 2200)])
    assert counted == {ana: {first: 900, second: 600}}
    assert differences(counted, {ana: {first: 900, second: 601}, ben: {second: 1}}) == (
        Difference(ana, second, 600, 601),
        Difference(ben, second, 0, 1),
    )


def test_rehearsal_needs_the_loop_that_knows_when_all_is_idle(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        asyncio.run(play(tmp_path))
