"""What falls due, when, and how late is too late."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agenda import Event
from bot.config import AnnouncementsConfig, load
from bot.cues import Audience, Cue, CueKey, Form, due, plan, posts
from tests.domain.agendas import WORKSHOP, a_session, an_event

CONFIG = load(WORKSHOP)
EVENT = CONFIG.agenda
PLAN = plan(EVENT, CONFIG.announcements)
BY_KEY = {cue.key: cue for cue in PLAN}


def at(local: str, zone: str = "America/Costa_Rica") -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def local(cue: Cue) -> str:
    return f"{cue.at.astimezone(EVENT.timezone):%Y-%m-%d %H:%M:%S}"


def keys(cues: tuple[Cue, ...]) -> list[str]:
    return [cue.key for cue in cues]


def sent_until(now: datetime) -> set[CueKey]:
    """The keys of what a bot that was there all the time has recorded by `now`."""
    return {cue.key for cue in PLAN if cue.at <= now}


def test_tuesday_and_friday_have_their_cues_at_their_hours() -> None:
    assert [(local(cue), cue.key, cue.audience) for cue in PLAN if cue.session == "2020-09-08"] == [
        ("2020-09-07 15:00:00", "2020-09-08/day_before", Audience.PUBLIC),
        ("2020-09-08 08:30:00", "2020-09-08/preflight", Audience.BACKSTAGE),
        ("2020-09-08 08:45:00", "2020-09-08/reminder", Audience.PUBLIC),
        ("2020-09-08 08:50:00", "2020-09-08/roll", Audience.ORGANIZERS),
        ("2020-09-08 09:00:00", "2020-09-08/opening", Audience.PUBLIC),
        ("2020-09-08 09:30:00", "2020-09-08/2/start", Audience.PUBLIC),
        ("2020-09-08 10:15:00", "2020-09-08/qa_opens", Audience.PUBLIC),
        ("2020-09-08 10:55:00", "2020-09-08/last_call", Audience.PUBLIC),
        ("2020-09-08 11:00:00", "2020-09-08/qa_closes", Audience.PUBLIC),
        ("2020-09-08 11:00:00", "2020-09-08/session_closes", Audience.PUBLIC),
        ("2020-09-08 11:01:00", "2020-09-08/summary", Audience.ORGANIZERS),
    ]
    assert [(local(cue)[11:16], cue.key) for cue in PLAN if cue.session == "2020-09-11"][6:] == [
        ("10:15", "2020-09-11/qa_opens"),
        ("10:40", "2020-09-11/last_call"),
        ("10:45", "2020-09-11/qa_closes"),
        ("10:45", "2020-09-11/4/start"),
        ("11:00", "2020-09-11/session_closes"),
        ("11:00", "event/closes"),
        ("11:01", "2020-09-11/summary"),
        ("11:02", "event/final"),
    ]
    assert len(BY_KEY) == len(PLAN)
    assert [cue.at for cue in PLAN] == sorted(cue.at for cue in PLAN)


def test_what_is_configured_to_nothing_is_not_planned() -> None:
    nothing = AnnouncementsConfig(reminder_minutes=0, last_call_minutes=0, day_before_hours=0, preflight_minutes=0)
    kinds = {cue.kind for cue in plan(EVENT, nothing)}
    assert not {"reminder", "last_call", "day_before", "preflight", "roll"} & kinds
    longer_than_the_block = plan(EVENT, AnnouncementsConfig(last_call_minutes=30))
    assert {cue.session for cue in longer_than_the_block if cue.kind == "last_call"} == {
        "2020-09-08",
        "2020-09-09",
        "2020-09-10",
    }


def test_keys_stay_when_hours_change() -> None:
    def event(hours: str) -> Event:
        return an_event(a_session("8/9/2026", (hours, "opening"), ("10:00-11:00", "qa")))

    before, after = (plan(event(hours), AnnouncementsConfig()) for hours in ("09:00-10:00", "08:30-09:45"))
    assert keys(before) == keys(after)
    assert before != after


@pytest.mark.trial("J1")
def test_an_opening_a_few_seconds_late_is_sent_and_its_lateness_known() -> None:
    now = at("2020-09-08 09:00:05")
    found = due(PLAN, sent_until(at("2020-09-08 08:59:58")), now)
    assert (keys(found.send), found.skip) == (["2020-09-08/opening"], ())
    (cue,) = found.send
    assert (cue.lateness(now), cue.is_late(now), cue.form(now)) == (timedelta(seconds=5), True, Form.NORMAL)
    assert not cue.is_late(cue.at)


@pytest.mark.trial("J2")
def test_down_at_the_start_and_up_four_minutes_later_sends_the_theme_once_marked_late() -> None:
    recorded = sent_until(at("2020-09-08 08:58"))
    now = at("2020-09-08 09:04")
    found = due(PLAN, recorded, now)
    assert (keys(found.send), found.skip) == (["2020-09-08/opening"], ())
    assert found.send[0].form(now) is Form.LATE
    assert found.next_at == at("2020-09-08 09:30")
    assert due(PLAN, recorded | {"2020-09-08/opening"}, now).send == ()


@pytest.mark.trial("J2")
def test_up_in_the_questions_sends_only_what_is_still_current_in_one_post() -> None:
    now = at("2020-09-08 10:20")
    found = due(PLAN, sent_until(at("2020-09-08 08:58")), now)
    assert keys(found.send) == ["2020-09-08/opening", "2020-09-08/qa_opens"]
    assert keys(found.skip) == ["2020-09-08/2/start"]
    (post,) = posts(found.send)
    assert keys(post.cues) == ["2020-09-08/opening", "2020-09-08/qa_opens"]
    assert post.cues[0].form(now) is Form.UNDER_WAY


@pytest.mark.trial("J2")
def test_up_after_the_session_says_nothing_of_it_but_makes_its_summary() -> None:
    found = due(PLAN, sent_until(at("2020-09-08 08:58")), at("2020-09-08 13:00"))
    assert keys(found.send) == ["2020-09-08/summary"]
    assert keys(found.skip) == [
        "2020-09-08/opening",
        "2020-09-08/2/start",
        "2020-09-08/qa_opens",
        "2020-09-08/last_call",
        "2020-09-08/qa_closes",
        "2020-09-08/session_closes",
    ]


@pytest.mark.trial("J2")
def test_up_the_next_morning_makes_yesterdays_summary_once_and_starts_clean() -> None:
    recorded = sent_until(at("2020-09-08 08:58"))
    now = at("2020-09-09 08:00")
    found = due(PLAN, recorded, now)
    assert keys(found.send) == ["2020-09-08/summary"]
    assert found.next_at == at("2020-09-09 08:30")
    recorded |= {cue.key for cue in found.send + found.skip}
    assert due(PLAN, recorded, now) == due(PLAN, sent_until(now), now)
    recorded.add(CueKey("2020-09-09/preflight"))
    assert due(PLAN, recorded, at("2020-09-09 08:45")).send == (BY_KEY[CueKey("2020-09-09/reminder")],)


def test_what_is_said_on_the_day_before_is_true_until_that_day_ends() -> None:
    cue = BY_KEY[CueKey("2020-09-09/day_before")]
    assert cue.expires_at == at("2020-09-09 00:00")
    # Within the day itself it is true until the session starts.
    within = plan(EVENT, AnnouncementsConfig(day_before_hours=3))
    assert {each.expires_at for each in within if each.key == cue.key} == {at("2020-09-09 09:00")}


@pytest.mark.parametrize(("preflight", "roll"), [(30, "08:50"), (60, "08:50"), (20, "08:50"), (10, "08:55")])
def test_who_is_missing_is_told_ten_minutes_before_or_halfway_from_the_call(preflight: int, roll: str) -> None:
    cues = plan(EVENT, AnnouncementsConfig(preflight_minutes=preflight))
    assert [local(cue)[11:16] for cue in cues if cue.key == "2020-09-08/roll"] == [roll]


def test_who_is_missing_stands_in_a_message_of_its_own() -> None:
    assert [
        keys(post.cues) for post in posts([BY_KEY[CueKey(f"2020-09-08/{kind}")] for kind in ("roll", "summary")])
    ] == [
        ["2020-09-08/summary"],
        ["2020-09-08/roll"],
    ]


def test_a_cue_is_true_from_its_hour_and_until_just_before_it_expires() -> None:
    moment = timedelta(milliseconds=1)
    for cue in PLAN:
        others = set(BY_KEY) - {cue.key}
        assert due(PLAN, others, cue.at - moment) == due([cue], set(), cue.at - moment)
        assert due(PLAN, others, cue.at - moment).send == ()
        assert due(PLAN, others, cue.at - moment).next_at == cue.at
        assert due(PLAN, others, cue.at).send == (cue,)
        if cue.expires_at is not None:
            assert due(PLAN, others, cue.expires_at - moment).send == (cue,)
            assert due(PLAN, others, cue.expires_at).skip == (cue,)


def test_cues_of_one_instant_and_audience_are_one_post() -> None:
    def posted(instant: str) -> list[tuple[str, list[str]]]:
        return [(post.key, keys(post.cues)) for post in posts(cue for cue in PLAN if cue.at == at(instant))]

    assert posted("2020-09-08 11:00") == [
        ("2020-09-08/qa_closes", ["2020-09-08/qa_closes", "2020-09-08/session_closes"])
    ]
    assert posted("2020-09-11 10:45") == [("2020-09-11/qa_closes", ["2020-09-11/qa_closes", "2020-09-11/4/start"])]
    assert posted("2020-09-11 11:00") == [("2020-09-11/session_closes", ["2020-09-11/session_closes", "event/closes"])]


def test_summaries_and_audiences_are_posts_of_their_own() -> None:
    after = [cue for cue in PLAN if cue.kind == "summary"] + [BY_KEY[CueKey("2020-09-09/opening")]]
    assert sorted(post.key for post in posts(after)) == sorted(cue.key for cue in after)


@given(st.lists(st.sampled_from(PLAN), unique=True))
def test_posts_hold_each_cue_once_whatever_their_order(cues: list[Cue]) -> None:
    made = posts(cues)
    assert sorted(cue.key for post in made for cue in post.cues) == sorted(cue.key for cue in cues)
    assert posts(reversed(cues)) == made
    assert len({post.key for post in made}) == len(made)
    for post in made:
        assert {(cue.audience, cue.session) for cue in post.cues} == {(post.audience, post.session)}
        assert all(cue.kind != "opening" for cue in post.cues[1:])


INSTANTS = st.integers(0, 4 * 24 * 3600).map(lambda s: at("2020-09-08 06:00") + timedelta(seconds=s))


@given(st.lists(INSTANTS, max_size=25))
def test_each_cue_ends_once_and_never_before_its_hour_whenever_we_wake(nows: list[datetime]) -> None:
    last = datetime(2020, 9, 30, tzinfo=UTC)
    recorded: set[CueKey] = set()
    sent: dict[CueKey, datetime] = {}
    skipped: dict[CueKey, datetime] = {}
    # As they come: a clock that is set back wakes at an earlier instant.
    for now in [*nows, last, last]:
        found = due(PLAN, recorded, now)
        for cue in found.send:
            assert cue.key not in sent
            assert cue.key not in skipped
            assert cue.at <= now
            assert cue.expires_at is None or now < cue.expires_at
            sent[cue.key] = now
        for cue in found.skip:
            assert cue.key not in sent
            assert cue.key not in skipped
            assert cue.expires_at is not None
            assert cue.expires_at <= now
            skipped[cue.key] = now
        recorded |= {cue.key for cue in found.send + found.skip}
        assert found.next_at is None or found.next_at > now
    assert set(sent) | set(skipped) == set(BY_KEY)
    assert due(PLAN, recorded, last).next_at is None


def test_waking_at_each_next_instant_sends_everything_in_time() -> None:
    now, recorded, sent = at("2020-09-01 00:00"), set[CueKey](), list[Cue]()
    while (found := due(PLAN, recorded, now)).next_at is not None or found.send:
        assert found.skip == ()
        assert all(cue.at == now for cue in found.send)
        sent += found.send
        recorded |= {cue.key for cue in found.send}
        now = found.next_at or now
    assert tuple(sent) == PLAN


def test_a_reminder_is_at_its_local_hour_after_the_clocks_change() -> None:
    event = an_event(
        a_session("viernes 23 de octubre de 2026", ("09:00-10:00", "opening")),
        a_session("lunes 26 de octubre de 2026", ("09:00-10:00", "opening")),
        timezone="Europe/Madrid",
    )
    day_before = AnnouncementsConfig(reminder_minutes=24 * 60)
    reminders = [cue for cue in plan(event, day_before) if cue.kind == "reminder"]
    assert [cue.at for cue in reminders] == [
        at("2026-10-22 09:00", "Europe/Madrid"),
        at("2026-10-25 09:00", "Europe/Madrid"),
    ]
    quarter = [cue.at for cue in plan(event, AnnouncementsConfig()) if cue.kind == "reminder"]
    assert quarter == [at("2026-10-23 08:45", "Europe/Madrid"), at("2026-10-26 08:45", "Europe/Madrid")]
