"""Whatever somebody types: it is within Discord's limits in a post, no formula in a cell, and itself in a document."""

import contextlib
import csv
import io
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.loopback.exchange import CannotDo
from bot.question_text import shortened
from bot.reports.csv import written
from bot.reports.xlsx import workbook
from bot.splitting import split
from cogs.question_cards import brief, quoted
from cogs.replies import literal
from tests.cogs.conftest import RunningEvent
from tests.fuzz.fuzzed import fuzzed
from tests.fuzz.running import INTERNAL, in_a_running_event
from tests.fuzz.texts import broken, hostile
from tests.reports.test_xlsx import cells

MADE_AT = datetime(2020, 9, 8, tzinfo=UTC)
LIMITS = (2000, 4000, 4096, 1024, 256, 100)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@fuzzed(100)
@given(text=broken, limit=st.sampled_from(LIMITS))
def test_every_way_of_showing_a_text_keeps_its_limit(text: str, limit: int) -> None:
    for shown in (text, literal(text), quoted(text)):
        for part in split(shown, limit):
            assert 0 < _units(part) <= limit
    assert len(shortened(text, limit)) <= limit
    assert len(brief(text, limit, limit + 80)) <= limit + 80


@fuzzed(60)
@given(rows=st.lists(st.lists(broken, min_size=1, max_size=3), min_size=1, max_size=4))
def test_no_text_is_a_formula_in_a_file(rows: list[list[str]]) -> None:
    cells(workbook([("Hoja", rows)], MADE_AT))
    for line in csv.reader(io.StringIO(written(rows, "es").decode("utf-8-sig")), delimiter=";"):
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in line)


@fuzzed(2, shrinks=False)
@given(texts=st.lists(hostile, min_size=4, max_size=8))
def test_what_people_type_goes_through_posts_boards_and_reports(texts: list[str]) -> None:
    async def typed(event: RunningEvent) -> None:
        await _type_all(event, texts)

    in_a_running_event(typed)


async def _type_all(event: RunningEvent, texts: list[str]) -> None:
    mora, olga = event.moderator(), event.organizer()
    for number, text in enumerate(texts):
        person = event.person((text.strip("\0 \n")[:30].strip() or "Ana") if number % 2 else f"Persona {number}")
        form = await person.slash("pregunta")
        assert form.modal is not None
        answers = [form, await person.submit(form.modal, text=text[:1000] or "x", how=["named"])]
        filed = text[:80].strip() or "Telma"
        with contextlib.suppress(CannotDo):
            answers.append(await mora.slash("pregunta-de", texto=f"¿{text[:900]}?", de=filed))
        await event.clock.run_for(10)
        assert not any(answer.failed for answer in answers)
    for name in ("cola", "siguiente"):
        assert not (await mora.slash(name)).failed
    for command, option in (("siguiente", "numero"), ("unir", "numero")):
        found = await mora.suggestions(command, option)
        assert len(found) <= 25
        assert all(0 < len(choice.name) <= 100 for choice in found)
    for name in ("informe preguntas", "informe dia", "asistencia"):
        report = await olga.slash(name)
        await event.settle()
        assert not report.failed
        assert "referencia" not in report.text
    for who in (mora, olga):
        for message in who.private():
            assert not INTERNAL.search(message.text), message.text
