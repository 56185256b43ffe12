"""The compendium of good practices, read back: by theme and country, in people's own words, and without a name."""

import io
from datetime import UTC, datetime

import pypdf
import pytest

from bot.config import load
from bot.ids import PersonId, SessionKey
from bot.languages import Language
from bot.practices import Practice, PracticeNumber, PracticeState
from bot.reports.compendium import compendium_pdf, compendium_xlsx
from tests.factories import CONFIG_FILE
from tests.reports.pdfs import overlaps, properties, texts, within
from tests.reports.test_report_workbook import sheets

CONFIG = load(CONFIG_FILE)
EVENT = CONFIG.agenda
EXPECTED = CONFIG.coverage.countries
MADE_AT = datetime(2020, 9, 12, 3, tzinfo=UTC)
TUESDAY, WEDNESDAY, *_ = (session.key for session in EVENT.sessions)


def practice(number: int, session: SessionKey, country: str, **more: object) -> Practice:
    values: dict[str, object] = {
        "institution": f"Institución {country}",
        "language": "es",
        "title": f"Título {number}",
        "text": f"Primera línea {number}.\n\n- Segunda línea {number}.",
        "results": "",
        "recorded_at": MADE_AT,
        "state": PracticeState.APPROVED,
        "moved_at": MADE_AT,
    }
    return Practice(PracticeNumber(number), session, PersonId(7), country, **{**values, **more})  # type: ignore[arg-type]


SOME = (
    practice(1, TUESDAY, "US", language="en", title="A joint desk", results="Twelve cases"),
    practice(2, TUESDAY, "SV"),
    practice(3, TUESDAY, "US"),
    practice(4, WEDNESDAY, "HN"),
)


def pdf(practices: tuple[Practice, ...] = SOME, language: Language = "es") -> bytes:
    return compendium_pdf(practices, EVENT, EXPECTED, language, MADE_AT).pdf


def test_practices_stand_by_theme_and_then_by_country_in_the_readers_alphabet() -> None:
    first, tuesday, wednesday = texts(pdf())
    # In Spanish El Salvador comes before Estados Unidos, whatever their codes.
    places = [tuesday.index(word) for word in ("El Salvador", "Título 2", "Estados Unidos", "A joint desk", "Título 3")]
    assert places == sorted(places)
    assert "Qué resultado dio".upper() in tuesday.upper()
    assert "Twelve cases" in tuesday
    assert "Título 4" in wednesday
    assert "Título 4" not in tuesday
    assert "Hecho el viernes 11 de septiembre de 2020" in first
    assert "Sin buenas prácticas aprobadas: Belice, Canadá, Costa Rica, Guatemala," in first
    assert [entry for entry in _outline(pdf()) if "Título" not in entry][:2] == [
        EVENT.sessions[0].theme["es"],
        "El Salvador",
    ]


def test_english_one_has_english_names_and_the_words_as_they_were_written() -> None:
    tuesday = texts(pdf(language="en"))[1]
    assert "United States" in tuesday
    assert "Primera línea 2." in tuesday
    assert properties(pdf(language="en"))["/Title"] == "Compendium of good practices"


def test_words_are_text_whatever_they_are_and_stay_on_the_page() -> None:
    hostile = practice(
        9, TUESDAY, "BZ", institution='#read("/etc/passwd")', title="*x* $y$ #pagebreak() " + "W" * 120,
        text="@ref <label> \\ `x` " + "x" * 900 + "\n\n\n[a](b)", results="= Not a heading",
    )  # fmt: skip
    made = pdf((hostile, *SOME))
    text = "".join(texts(made)[1].split())
    for words in ('#read("/etc/passwd")', "#pagebreak()", "@ref<label>", "[a](b)", "=Notaheading"):
        assert words in text
    assert within(made, 30)
    assert not any(overlaps(made, page) for page in range(len(texts(made))))


def test_letters_that_no_font_has_are_told_and_the_same_gives_the_same_bytes() -> None:
    made = compendium_pdf((practice(1, TUESDAY, "HN", title="Uno 𓀀"),), EVENT, EXPECTED, "es", MADE_AT)
    assert made.missing == "𓀀"
    assert pdf() == pdf()


def test_long_compendium_goes_on_over_pages_and_says_where_each_country_is() -> None:
    many = tuple(
        practice(n, EVENT.sessions[n % 4].key, EXPECTED[n % len(EXPECTED)], text="Palabras de prueba. " * 60)
        for n in range(1, 60)
    )
    made = pdf(many)
    pages = texts(made)
    assert len(pages) > 12
    assert within(made, 30)
    assert all(f"Página {number} de {len(pages)}" in page for number, page in enumerate(pages, 1))


def test_practice_of_a_day_that_is_in_the_programme_no_more_is_not_lost() -> None:
    pages = texts(pdf((practice(5, SessionKey("2020-08-31"), "HN"),)))
    assert "lunes 31 de agosto de 2020" in pages[1]
    assert "Título 5" in pages[1]


@pytest.mark.parametrize("language", ["es", "en"])
def test_workbook_counts_by_country_and_theme_and_has_each_in_a_row(language: Language) -> None:
    rows = sheets(compendium_xlsx(SOME, EVENT, EXPECTED, language, MADE_AT))
    summary, listed = rows.values()
    states = {"es": "Estados Unidos", "en": "United States"}[language]
    (counted,) = [row for row in summary if row and row[0] == states]
    assert counted[1:6] == [2, 0, 0, 0, 2]
    assert [row[0] for row in listed[1:]] == ["2", "1", "3", "4"]
    assert listed[2][3:8] == [states, "Institución US", "A joint desk", SOME[0].text, "Twelve cases"]


def test_formula_in_a_title_is_a_text() -> None:
    made = compendium_xlsx((practice(1, TUESDAY, "HN", title="=1+1"),), EVENT, EXPECTED, "es", MADE_AT)
    assert list(sheets(made).values())[1][1][5] == "=1+1"


def _outline(made: bytes) -> list[str]:
    def flat(items: object) -> list[str]:
        assert isinstance(items, list)
        return [t for each in items for t in (flat(each) if isinstance(each, list) else [str(each.title)])]

    return flat(pypdf.PdfReader(io.BytesIO(made)).outline)
