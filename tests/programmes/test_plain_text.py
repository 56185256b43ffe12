"""The calendar of sessions in plain text: in both layouts, with what the text leaves open, and what it contradicts."""

import string
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agenda import BlockKind
from bot.agenda_mistakes import EndNotAfterStart, OtherWeekday
from bot.programmes.draft import DoubtKind, DraftBlock, DraftEvent, ProgrammeMistake, ProgrammeMistakeKind
from bot.programmes.plain_text import read_text

#: A table whose left column came out before its right one, broken by a page's end.
TABLE = """
PLAN DE TRABAJO

1. Taller de prueba sobre puentes y
caminos

La OIP y el OPIN apoyan; el OPIN coordina. 9 de mayo de 2019-2022.

CALENDARIO
Día Contenido
Lunes 7 de septiembre

09:00 – 09:30

09:30 -10:15
10:15-11:00

TEMA 1: Puentes de piedra y
de madera

Palabras de Inauguración
Presidencia
OIPN

Intercambio Técnico (2 a 3 panelistas)
Modera: OIP

Preguntas y Respuestas

Martes 8 de septiembre
09:00 – 09:15
09:15 -10:15

TEMA 2: Caminos

Bienvenida
Secretaría

Intercambio Técnico
Modera: Ana Prueba

12

10:15 – 11:00

Preguntas y Respuestas

ANEXOS DEL PLAN
Otra cosa
"""

LINES = """
Curso: canales

DÍA 1: lunes 7/9
 • 9:00 a.m. a 9:30 a.m. | Bienvenida
   Secretaría
 • 09.30–10h15: Panel sobre aguas
   Modera: Ana Prueba
   Panelistas: Luis Uno, Eva Dos y Juan Tres
 • 10:15 Preguntas y respuestas
 • 11:00 Fin
"""


def read(text: str) -> DraftEvent:
    return read_text(text, 2020, "es", None)


def hours(block: DraftBlock) -> str:
    return f"{block.starts:%H:%M}-{block.ends:%H:%M}"


def doubts(block: DraftBlock) -> list[DoubtKind]:
    return [doubt.kind for doubt in block.doubts]


def test_table_whose_columns_came_out_one_after_the_other() -> None:
    first, second = read(TABLE).sessions
    assert (first.day, first.theme) == (date(2020, 9, 7), "Puentes de piedra y de madera")
    assert [(hours(block), block.kind, block.title) for block in first.blocks] == [
        ("09:00-09:30", BlockKind.OPENING, "Palabras de Inauguración"),
        ("09:30-10:15", BlockKind.EXCHANGE, "Intercambio Técnico"),
        ("10:15-11:00", BlockKind.QA, "Preguntas y Respuestas"),
    ]
    assert first.blocks[0].speakers == ("Presidencia", "OIPN")
    assert first.blocks[1].moderator == "OIP"
    assert (second.day, second.theme) == (date(2020, 9, 8), "Caminos")
    assert [hours(block) for block in second.blocks] == ["09:00-09:15", "09:15-10:15", "10:15-11:00"]
    assert second.blocks[1].moderator == "Ana Prueba"
    assert second.blocks[2].title == "Preguntas y Respuestas"


def test_what_the_text_leaves_open_is_a_doubt_beside_it() -> None:
    event = read(TABLE)
    opening, exchange, qa = event.sessions[0].blocks
    assert doubts(opening) == [DoubtKind.REMARKS, DoubtKind.MISPRINT]
    assert opening.doubts[1].data == {"word": "OIPN", "likely": "OPIN", "times": 2}
    assert doubts(exchange) == [DoubtKind.PANELISTS]
    assert doubts(qa) == []
    assert event.name == "Taller de prueba sobre puentes y caminos"
    assert [doubt.kind for doubt in event.doubts] == [DoubtKind.NAME]
    assert read_text(TABLE, 2020, "es", "Puentes").doubts == ()


def test_what_happens_beside_its_hours() -> None:
    (session,) = read(LINES).sessions
    assert session.day == date(2020, 9, 7)
    assert [(hours(block), block.kind, block.title) for block in session.blocks] == [
        ("09:00-09:30", BlockKind.OPENING, "Bienvenida"),
        ("09:30-10:15", BlockKind.EXCHANGE, "Panel sobre aguas"),
        ("10:15-11:00", BlockKind.QA, "Preguntas y respuestas"),
    ]
    assert session.blocks[1].panelists == ("Luis Uno", "Eva Dos", "Juan Tres")
    assert [doubt.kind for doubt in session.doubts] == [DoubtKind.NO_THEME]


def test_a_start_alone_ends_with_what_follows_and_the_last_is_guessed_and_said_so() -> None:
    (session,) = read("Lunes 7 de septiembre\n09:00 Bienvenida\n09:30 Cosas\n").sessions
    assert [hours(block) for block in session.blocks] == ["09:00-09:30", "09:30-10:00"]
    assert DoubtKind.NO_END not in doubts(session.blocks[0])
    assert doubts(session.blocks[1]) == [DoubtKind.KIND, DoubtKind.NO_MODERATOR, DoubtKind.NO_END]


def test_hours_for_which_nothing_is_written_are_kept_and_marked() -> None:
    (session,) = read("Lunes 7 de septiembre\n09:00-09:30\n09:30-10:00\n\nBienvenida\n").sessions
    assert [block.title for block in session.blocks] == ["Bienvenida", ""]
    assert DoubtKind.NO_TITLE in doubts(session.blocks[1])


def test_a_second_block_of_questions_is_noted_as_another_kind() -> None:
    text = "Lunes 7 de septiembre\n09:00-09:30 Preguntas\n09:30-10:00 Preguntas y respuestas\n"
    (session,) = read(text).sessions
    assert [block.kind for block in session.blocks] == [BlockKind.QA, BlockKind.EXCHANGE]
    assert DoubtKind.SECOND_QA in doubts(session.blocks[1])


@pytest.mark.parametrize(
    ("text", "line", "mistake"),
    [
        ("\nMartes 7 de septiembre\n09:00-09:30 Panel\n", 2, OtherWeekday),
        ("Lunes 7 de septiembre\n10:15-09:30 Panel\n", 2, EndNotAfterStart),
    ],
)
def test_what_cannot_be_is_told_with_its_line(text: str, line: int, mistake: type[Exception]) -> None:
    with pytest.raises(ProgrammeMistake) as refused:
        read(text)
    assert (refused.value.kind, refused.value.line) == (ProgrammeMistakeKind.IMPOSSIBLE, line)
    assert isinstance(refused.value.data["mistake"], mistake)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Nada que ver.", ProgrammeMistakeKind.NO_DAY),
        ("Lunes 7 de septiembre\nBienvenida\n", ProgrammeMistakeKind.NO_HOURS),
        ("Lunes 7 de septiembre\n09:00-10:00 Panel\n09:30-11:00 Panel\n", ProgrammeMistakeKind.OVERLAP),
    ],
)
def test_a_text_without_a_programme_is_refused(text: str, kind: ProgrammeMistakeKind) -> None:
    with pytest.raises(ProgrammeMistake) as refused:
        read(text)
    assert refused.value.kind is kind


_ANY_LINES = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(["Lunes 7 de septiembre", "TEMA 1: x", "Modera: y", "Preguntas", "Fin", "ANEXOS DEL PLAN", ""]),
        st.builds(
            "{:02}:{:02}{}{:02}:{:02} {}".format,
            *[st.integers(0, 25), st.integers(0, 61)],
            st.sampled_from("-–a"),
            *[st.integers(0, 25), st.integers(0, 61)],
            st.text(string.ascii_letters, max_size=8),
        ),
    ),
    max_size=30,
)


@given(_ANY_LINES)
def test_any_text_is_read_or_refused(lines: list[str]) -> None:
    try:
        event = read("\n".join(lines))
    except ProgrammeMistake:
        return
    for session in event.sessions:
        bounds = [bound for block in session.blocks for bound in (block.starts, block.ends)]
        assert bounds == sorted(bounds)
        assert all(block.starts < block.ends <= time(23, 59) for block in session.blocks)
        assert sum(block.kind is BlockKind.QA for block in session.blocks) <= 1
