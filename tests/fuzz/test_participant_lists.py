"""Lists of participants as spreadsheets and people leave them: read, or refused in words."""

import csv
import io
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from bot.config import load
from bot.errors import Refusal
from bot.expected_list import read_list
from bot.phrases.operator import told
from tests.factories import CONFIG_FILE
from tests.fuzz.fuzzed import fuzzed
from tests.fuzz.texts import hostile

COVERAGE = load(CONFIG_FILE).coverage

_CELL = (
    st.sampled_from(
        (
            "nombre",
            "name",
            "institución",
            "país",
            "perfil",
            "cuenta",
            "México",
            "MX",
            "Ana Prueba",
            "@ana",
            "752000000000000010",
            "",
        )
    )
    | hostile
)
_ROWS = st.lists(st.lists(_CELL, max_size=7), max_size=8)


@st.composite
def _csv(draw: st.DrawFn) -> bytes:
    file = io.StringIO()
    writer = csv.writer(
        file, delimiter=draw(st.sampled_from(",;\t|")), quoting=draw(st.sampled_from((csv.QUOTE_ALL, 0)))
    )
    writer.writerows([["nombre", "país", "perfil"], *draw(_ROWS)])
    encoding = draw(st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "cp1252")))
    return file.getvalue().encode(encoding, "replace")


@st.composite
def _xlsx(draw: st.DrawFn) -> bytes:
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        # Else its bytes would not be the same for the same choices.
        book.set_properties({"created": datetime(2020, 9, 8, tzinfo=UTC)})
        sheet = book.add_worksheet()
        for line, cells in enumerate([["nombre", "país"], *draw(_ROWS)]):
            for place, cell in enumerate(cells):
                sheet.write(line, place, draw(st.sampled_from((cell, len(cell), True, None))))
    return file.getvalue()


@st.composite
def _damaged(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> bytes:
    content = draw(whole)
    at = draw(st.integers(0, len(content)))
    return content[:at] + draw(st.binary(max_size=8)) + content[at + draw(st.integers(0, 60)) :]


@fuzzed(120)
@given(content=st.one_of(_csv(), _xlsx(), _damaged(_csv()), _damaged(_xlsx()), st.binary(max_size=200)))
def test_a_list_is_read_or_refused_in_words(content: bytes) -> None:
    refused: Refusal | None = None
    try:
        # What was read can be kept and shown.
        str(read_list(content, COVERAGE)).encode()
    except Refusal as refusal:
        refused = refusal
    assert refused is None or (told(refused, "es") and told(refused, "en"))
