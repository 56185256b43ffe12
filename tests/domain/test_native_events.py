"""What is to be done about a session's event in Discord's list, whatever it is there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agenda import Event
from bot.config import load
from bot.ids import NativeEventId
from bot.languages import LANGUAGES
from bot.native_events import Announced, Change, Deed, Make, NativeEvent, NativeState, Turn, next_deed
from bot.phrases import native_events as phrases
from tests.factories import CONFIG_FILE

WORKSHOP = load(CONFIG_FILE).agenda
START = datetime(2020, 9, 8, 15, tzinfo=UTC)
WANTED = Announced("Día 1", "ref. evento-2020-09-08", START, START + timedelta(hours=2))


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def native(state: NativeState = NativeState.SCHEDULED, **values: object) -> NativeEvent:
    return NativeEvent(NativeEventId(7), state, replace(WANTED, **values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seen", "minutes", "has_begun", "deed"),
    [
        (None, -60, False, Make(WANTED)),
        (None, 30, True, Make(replace(WANTED, starts_at=at(31)))),
        (None, 118, True, None),
        (native(), -60, True, None),
        (native(), 0, False, None),
        (native(), 0, True, Turn.START),
        (native(), 120, True, Turn.CALL_OFF),
        (native(NativeState.ACTIVE), 60, False, None),
        (native(NativeState.ACTIVE), 120, True, Turn.COMPLETE),
        (native(NativeState.OVER), 60, True, None),
        (native(starts_at=at(-20)), -60, False, Change(starts_at=START)),
        (native(NativeState.ACTIVE, starts_at=at(-20)), 60, True, None),
        (native(NativeState.ACTIVE, ends_at=at(100)), 60, True, Change(ends_at=at(120))),
        (native(starts_at=at(60)), 10, True, Change(starts_at=at(11))),
        (native(name="Otro"), 10, True, Change(name="Día 1")),
    ],
)
def test_next_deed(seen: NativeEvent | None, minutes: float, has_begun: bool, deed: Deed | None) -> None:
    assert next_deed(WANTED, seen, at(minutes), was_made=False, has_begun=has_begun) == deed


def test_one_that_is_gone_is_not_made_again() -> None:
    assert next_deed(WANTED, None, at(-60), was_made=True, has_begun=False) is None


_MINUTES = st.integers(-300, 300)


@given(
    _MINUTES, _MINUTES, st.integers(1, 300), _MINUTES, st.integers(1, 300), st.sampled_from(NativeState), st.booleans()
)
def test_deeds_come_to_rest_and_keep_what_discord_asks_for(
    now: int, start: int, length: int, seen_start: int, seen_length: int, state: NativeState, has_begun: bool
) -> None:
    instant = at(now)
    wanted = replace(WANTED, starts_at=at(start), ends_at=at(start + length))
    seen = native(state, starts_at=at(seen_start), ends_at=at(seen_start + seen_length))
    for _ in range(4):
        deed = next_deed(wanted, seen, instant, was_made=True, has_begun=has_begun)
        match deed:
            case None:
                break
            case Change():
                assert deed.starts_at is None or (deed.starts_at > instant and seen.state is NativeState.SCHEDULED)
                values = {key: value for key in ("starts_at", "ends_at") if (value := getattr(deed, key)) is not None}
                seen = replace(seen, announced=replace(seen.announced, **values))
            case Turn.START:
                assert seen.state is NativeState.SCHEDULED
                seen = replace(seen, state=NativeState.ACTIVE)
            case Turn.COMPLETE | Turn.CALL_OFF:
                assert seen.state is (NativeState.ACTIVE if deed is Turn.COMPLETE else NativeState.SCHEDULED)
                seen = replace(seen, state=NativeState.OVER)
            case _:
                raise AssertionError(deed)
    assert next_deed(wanted, seen, instant, was_made=True, has_begun=has_begun) is None


class TestWords:
    def long(self, length: int) -> Event:
        """The workshop with themes and titles of so many signs."""
        text = dict.fromkeys(LANGUAGES, "palabra " * (length // 8))
        sessions = tuple(
            replace(
                session,
                theme=text,
                blocks=tuple(replace(block, title=text) for block in session.blocks),
            )
            for session in WORKSHOP.sessions
        )
        return replace(WORKSHOP, sessions=sessions)

    @pytest.mark.parametrize("length", [8, 96, 120, 400, 4000])
    def test_nothing_is_longer_than_discord_takes_and_the_mark_is_always_there(self, length: int) -> None:
        event = self.long(length)
        for session in event.sessions:
            assert 1 <= len(phrases.name(event, session)) <= 100
            assert 1 <= len(phrases.stage_topic(event, session)) <= 120
            described = phrases.description(event, session, f"evento-{session.key}")
            assert len(described) <= 1000
            assert described.endswith(f"\nref. evento-{session.key}")
            assert ("martes" in described, "Tuesday" in described) == (session.number == 1, session.number == 1)

    def test_topic_is_in_one_language_and_cut_at_a_word(self) -> None:
        topic = phrases.stage_topic(self.long(400), WORKSHOP.sessions[0])
        assert topic == "Día 1: Técnicas de investigación e inteligencia policial sobre Tráfico Ilícito de Migrantes"
        long = self.long(400)
        assert phrases.stage_topic(long, long.sessions[0]).endswith("palabra…")
