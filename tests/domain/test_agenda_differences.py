"""What is told of a change: each block once, known again whatever key it has by now."""

import json
from dataclasses import replace

from bot.agenda import Event
from bot.agenda_differences import differences, last_end, read, retitled, written
from bot.ids import BlockKey
from tests.domain.agendas import a_session, an_event


def day(*blocks: tuple[str, str, str], theme: str = "Tema") -> Event:
    """One day of (hours, kind, title) blocks."""
    session = a_session("8/9/2026", *((hours, kind) for hours, kind, _ in blocks), theme=theme)
    for written_block, (_, _, title) in zip(session["blocks"], blocks, strict=True):
        written_block["title"] = title
    return an_event(session)


MORNING = (("09:00-09:30", "opening", "Apertura"), ("09:30-10:15", "exchange", "Intercambio"))


def told(before: Event, after: Event) -> list[tuple[str, str | None, str | None]]:
    return [
        (
            str((each.after or each.before).title["es"]),  # type: ignore[union-attr]
            each.before and each.before.printed,
            each.after and each.after.printed,
        )
        for each in differences(before, after)
    ]


def test_the_same_programme_differs_in_nothing() -> None:
    assert differences(day(*MORNING), day(*MORNING)) == ()


def test_a_block_written_in_between_is_all_that_is_new() -> None:
    between = ("09:30-09:40", "break", "Pausa")
    later = ("09:40-10:15", "exchange", "Intercambio")
    assert told(day(*MORNING), day(MORNING[0], between, later)) == [
        ("Pausa", None, "09:30-09:40"),
        ("Intercambio", "09:30-10:15", "09:40-10:15"),
    ]


def test_a_block_that_was_taken_out_leaves_those_behind_it_as_they_are() -> None:
    last = ("10:15-11:00", "qa", "Preguntas")
    assert told(day(*MORNING, last), day(MORNING[0], last)) == [("Intercambio", "09:30-10:15", None)]


def test_a_new_title_at_the_same_place_is_the_same_block() -> None:
    (found,) = differences(day(*MORNING), day(MORNING[0], ("09:30-10:15", "exchange", "Mesa")))
    assert found.before is not None
    assert found.after is not None
    assert (found.block, found.before.title["es"], found.after.title["es"]) == (
        BlockKey("2026-09-08/2"),
        "Intercambio",
        "Mesa",
    )


def test_what_was_written_is_read_as_it_was() -> None:
    before, after = day(*MORNING), day(("09:00-09:40", "opening", "Apertura"))
    found = differences(before, after)
    assert read(json.loads(json.dumps(written(found))), after) == found
    assert last_end(found) == before.sessions[0].ends_at


def test_another_theme_is_told_apart_from_blocks() -> None:
    before, after = day(*MORNING), day(*MORNING, theme="Otro")
    assert differences(before, after) == ()
    assert [(each.session, each.before["es"], each.after["es"]) for each in retitled(before, after)] == [
        ("2026-09-08", "Tema", "Otro")
    ]
    assert retitled(before, replace(after, sessions=())) == ()
