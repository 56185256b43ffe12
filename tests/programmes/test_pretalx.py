"""Schedules of pretalx's shape: what is written is read back the same, and what others write is read."""

import json
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.agenda import BlockKind
from bot.config import load
from bot.programmes.draft import DoubtKind, ProgrammeMistake, ProgrammeMistakeKind
from bot.programmes.pretalx import read_schedule, schedule
from tests.factories import CONFIG_FILE

MADRID = ZoneInfo("Europe/Madrid")


def talk(start: str, title: str, **more: Any) -> dict[str, Any]:
    return {"date": f"2021-03-{start}:00+01:00", "duration": "00:45", "title": title, **more}


def published(*days: dict[str, list[dict[str, Any]]]) -> str:
    return json.dumps({"schedule": {"conference": {"title": "Jornadas", "days": [{"rooms": day} for day in days]}}})


def test_the_workshop_comes_back_as_it_was_written() -> None:
    event = load(CONFIG_FILE).agenda
    draft = read_schedule(json.dumps(schedule(event, "1", "es", scope="servidor")), event.timezone, "es", None, None)
    assert draft.name == event.name["es"]
    for session, drafted in zip(event.sessions, draft.sessions, strict=True):
        assert (drafted.day, drafted.theme, drafted.doubts) == (session.day, session.theme["es"], ())
        for block, copy in zip(session.blocks, drafted.blocks, strict=True):
            assert f"{copy.starts:%H:%M}-{copy.ends:%H:%M}" == block.printed
            assert (copy.kind, copy.title) == (block.kind, block.title["es"])
            assert copy.speakers == tuple(speaker["es"] for speaker in block.speakers)
            assert copy.moderator == (None if block.moderator is None else block.moderator["es"])
            assert copy.doubts == ()


def test_identities_stay_when_the_programme_changes_and_differ_between_events() -> None:
    event = load(CONFIG_FILE).agenda

    def identities(version: str, scope: str) -> list[str]:
        days = schedule(event, version, "es", scope=scope)["schedule"]["conference"]["days"]
        return [talk["guid"] for day in days for talks in day["rooms"].values() for talk in talks]

    assert identities("1", "a") == identities("2", "a")
    assert not set(identities("1", "a")) & set(identities("1", "b"))
    assert len(set(identities("1", "a"))) == 13


def test_a_schedule_of_somebody_else() -> None:
    text = published(
        {
            "Sala": [
                talk("01T10:00", "Panel", persons=[{"public_name": "Ana Prueba"}, {"name": "Eva Dos"}], track="Aguas")
            ]
        },
        {"Sala": [talk("02T09:00", "Preguntas"), talk("02T08:00", "Bienvenida", abstract="Buenos días.")]},
    )
    first, second = read_schedule(text, MADRID, "es", None, None).sessions
    assert (first.day, first.theme) == (date(2021, 3, 1), "Aguas")
    assert (first.blocks[0].starts, first.blocks[0].ends) == (time(10), time(10, 45))
    assert first.blocks[0].panelists == ("Ana Prueba", "Eva Dos")
    assert [(block.kind, block.remarks) for block in second.blocks] == [
        (BlockKind.OPENING, "Buenos días."),
        (BlockKind.QA, None),
    ]
    assert [doubt.kind for doubt in second.doubts] == [DoubtKind.NO_THEME]


def test_of_several_rooms_one_is_chosen() -> None:
    text = published({"Norte": [talk("01T10:00", "Panel")], "Sur": [talk("01T10:00", "Otro panel")]})
    for room in (None, "Este"):
        with pytest.raises(ProgrammeMistake) as refused:
            read_schedule(text, MADRID, "es", None, room)
        assert refused.value.data == {"rooms": ["Norte", "Sur"]}
    (session,) = read_schedule(text, MADRID, "es", None, "Sur").sessions
    assert [block.title for block in session.blocks] == ["Otro panel"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{", ProgrammeMistakeKind.UNREADABLE),
        (
            '{"schedule": {"conference": {"days": [{"rooms": {"a": [{"title": "x"}]}}]}}}',
            ProgrammeMistakeKind.UNREADABLE,
        ),
        (published({}), ProgrammeMistakeKind.NO_DAY),
        (published({"a": [talk("01T10:00", "x"), talk("01T10:30", "y")]}), ProgrammeMistakeKind.OVERLAP),
        (published({"a": [talk("01T23:30", "x")]}), ProgrammeMistakeKind.OVER_MIDNIGHT),
    ],
)
def test_what_is_no_schedule_is_refused(text: str, kind: ProgrammeMistakeKind) -> None:
    with pytest.raises(ProgrammeMistake) as refused:
        read_schedule(text, MADRID, "es", None, None)
    assert refused.value.kind is kind
