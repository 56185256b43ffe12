"""Certificates as PDF: whose, what they say, and that nothing is clipped or lies over anything else."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.certificates import Certificate, CertificateNumber, Merit, printed, read_code
from bot.certifying import Held
from bot.config import load
from bot.ids import PersonId
from bot.participants import Affiliation, Country, Elsewhere, Participant
from bot.reports.certificates import certificates_pdf, file_name, is_file_name
from tests.factories import CONFIG_FILE
from tests.reports.pdfs import overlaps, properties, texts, within

CONFIG = load(CONFIG_FILE)
AT = datetime(2020, 9, 11, 17, 2, tzinfo=UTC)
MINUTE = 60_000
CODE = read_code("84G7-ZWYR-D6ZE")
COSTA_RICA = Country("CR")
MERIT = Merit(4, 3, 0, 0, 0, 312 * MINUTE + 59_999, 480 * MINUTE)

NAMES = [
    "Ana Prueba",
    "María Fernanda de los Ángeles Rodríguez-Etchegaray y Villanueva de la Concepción Inmaculada Ñúñez Peña",
    "Søren Łukasz Őrsi Đorđević",
    "Nguyễn Thị Ánh Tuyết",
    "Ŵ" * 100,
    "ab " * 33 + "a",
    "#let x = $1$ *b* _i_ @r <l> [a](http://b)",
    "Μαρία Ιωάννου Иванова",
]


def held(
    name: str = "Ana Prueba",
    number: int = 7,
    *,
    language: Any = "es",
    institution: str = "Fiscalía de Ensayo",
    affiliation: Affiliation = COSTA_RICA,
    merit: Merit = MERIT,
    **more: Any,
) -> Held:
    given = Certificate(CertificateNumber(number), PersonId(number), CODE, AT, merit, AT, True)
    who = Participant(PersonId(number), name, institution, affiliation, None, language, AT, AT)
    return Held(replace(given, **more), who)


def squeezed(text: str) -> str:
    """Without blanks and the signs at which a long word is broken."""
    return re.sub(r"[\s\u200b]", "", text)


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_name_is_whole_on_one_page_and_lies_over_nothing(name: str, language: str) -> None:
    merits = Merit(4, 1, 1, 1, 1, 100 * MINUTE, 360 * MINUTE)
    each = held(name, language=language, institution=name, merit=merits, since=AT + timedelta(days=2))
    made = certificates_pdf([each], CONFIG, "own")
    (text,) = texts(made.pdf)
    assert squeezed(text).count(squeezed(name)) == 2
    assert made.missing == ""
    assert within(made.pdf, 34)
    assert overlaps(made.pdf) == []


def test_what_it_says() -> None:
    (text,) = texts(certificates_pdf([held()], CONFIG, "own").pdf)
    for said in (
        "Se hace constar que Ana Prueba Fiscalía de Ensayo · Costa Rica",
        "Taller para el intercambio de buenas prácticas para el combate integral al tráfico ilícito de migrantes",
        "celebrado en modalidad virtual, del 8 al 11 de septiembre de 2020.",
        # Minutes are cut, not rounded up.
        "Asistencia medida en 3 de 4 días: 312 minutos de 480.",
        "Presidencia Pro-Témpore",
        "Secretaría Ejecutiva",
        "N.º 007",
        "Expedida el 11 de septiembre de 2020",
        f"Código {printed(CODE)}",
    ):
        assert said in text
    # The capitals stand apart, and a reader of the file may take the air for blanks.
    assert squeezed(text).startswith("CONSTANCIADEASISTENCIASehace")
    assert "declarado" not in text
    assert "corregidas" not in text


def test_what_was_not_measured_is_printed_as_what_it_is() -> None:
    merit = Merit(4, 1, 1, 1, 1, 100 * MINUTE, 360 * MINUTE)
    each = held(merit=merit, since=AT + timedelta(days=2))
    (text,) = texts(certificates_pdf([each], CONFIG, "en").pdf)
    for said in (
        "Attendance measured on 1 of 4 days: 100 minutes of 360.",
        "1 day acknowledged by the organizers.",
        "1 day declared by the person, not measured.",
        "1 day without data in the register, which is not asked for.",
        "Figures corrected on 13 September 2020",
    ):
        assert said in text


def test_each_is_in_its_persons_language_unless_another_is_asked_for() -> None:
    several = [held("Ana Prueba", 1), held("Ben Rehearsal", 2, language="en"), held("Eva Ensayo", 3)]
    kinds = {"own": ["CONSTANCIA", "CERTIFICATE", "CONSTANCIA"], "es": ["CONSTANCIA"] * 3, "en": ["CERTIFICATE"] * 3}
    for wanted, expected in kinds.items():
        pages = texts(certificates_pdf(several, CONFIG, wanted).pdf)  # type: ignore[arg-type]
        assert [squeezed(page)[: len(kind)] for page, kind in zip(pages, expected, strict=True)] == expected
        assert [name in page for name, page in zip(("Ana", "Ben", "Eva"), pages, strict=True)] == [True] * 3


def test_without_signatories_the_organizers_sign_and_panelists_are_called_so() -> None:
    certificates = CONFIG.certificates.model_copy(update={"signatories": ()})
    config = CONFIG.model_copy(update={"certificates": certificates})
    (text,) = texts(certificates_pdf([held(affiliation=Elsewhere.PANELIST)], config, "es").pdf)
    assert "Por la organización" in text
    assert "Fiscalía de Ensayo · panelista" in text


def test_same_certificates_give_the_same_bytes() -> None:
    made = certificates_pdf([held()], CONFIG, "own")
    assert certificates_pdf([held()], CONFIG, "own") == made
    assert properties(made.pdf)["/CreationDate"].startswith("D:20200911")


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("José Ñandú", "constancia-007-jose-nandu.pdf"),
        ("Søren Łukasz ŐRSI", "constancia-007-soren-lukasz-orsi.pdf"),
        ("Nguyễn Thị Đức", "constancia-007-nguyen-thi-duc.pdf"),
        ("../../etc/passwd\0", "constancia-007-etc-passwd.pdf"),
        ("CON: <a|b>?*", "constancia-007-con-a-b.pdf"),
        ("李明", "constancia-007.pdf"),
        ("Straße Ægir", "constancia-007-strasse-aegir.pdf"),
        ("x" * 100, f"constancia-007-{'x' * 60}.pdf"),
    ],
)
def test_file_is_called_by_the_name_in_plain_letters(name: str, file: str) -> None:
    assert file_name(held(name)) == file
    assert is_file_name(file)


@pytest.mark.parametrize("name", ["constancias.pdf", "constancia-firma.pdf", "constancia-7.pdf", "acta.pdf"])
def test_other_files_are_none_of_them(name: str) -> None:
    assert not is_file_name(name)
