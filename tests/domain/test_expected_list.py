"""The organizers' list as they send it: what is read, what is refused and with which line, and what changes."""

import codecs
import unicodedata
from datetime import UTC, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import CoverageConfig, load
from bot.errors import Refusal
from bot.expected import Expected, ExpectedId, Invitation
from bot.expected_list import Column, ColumnTwice, Listed, Listing, NoColumns, Wrong, compared, read_list
from bot.participants import Country, Elsewhere, Standing
from bot.phrases.expected import mistake
from bot.phrases.refusals import refused
from tests.domain.test_sheets import workbook
from tests.factories import CONFIG_FILE

COVERAGE: CoverageConfig = load(CONFIG_FILE).coverage
JUDICIAL = Standing(Country("CR"), "judicial")
TUESDAY = datetime(2020, 9, 8, 15, tzinfo=UTC)


def read(text: str | bytes) -> Listing:
    return read_list(text.encode("utf-8", "replace") if isinstance(text, str) else text, COVERAGE)


def said(text: str | bytes) -> list[tuple[int, Invitation]]:
    listing = read(text)
    assert listing.mistakes == ()
    return [(row.line, row.said) for row in listing.rows]


def wrong(text: str) -> list[tuple[int, Wrong]]:
    return [(each.line, each.wrong) for each in read(text).mistakes]


ANA = Invitation("Ana García López", "Fiscalía General", JUDICIAL, "ana.g")


class TestReading:
    @pytest.mark.parametrize(
        "heading",
        [
            "nombre;institución;país;perfil;usuario de Discord",
            "Nombre y apellidos;INSTITUCION;PAÍS;Perfil;discord",
            "Full name;Organization;Country;Profile;Discord user name",
            "participante;entidad;delegación;perfil del participante;Username",
        ],
    )
    def test_headings_are_known_in_both_languages(self, heading: str) -> None:
        row = "Ana García López;Fiscalía General;Costa Rica;judicial;@Ana.G"
        assert said(f"{heading}\n{row}\n") == [(2, ANA)]

    @pytest.mark.parametrize("order", list(permutations(range(5)))[::17])
    def test_columns_stand_in_any_order_among_others(self, order: tuple[int, ...]) -> None:
        heading = ["Nombre", "Institución", "País", "Perfil", "Discord"]
        row = ["Ana García López", "Fiscalía General", "CRI", "Prosecution service", "ana.g"]
        lines = [",".join(["Nº", *(cells[n] for n in order), "Correo"]) for cells in (heading, row)]
        listing = read("\n".join(lines))
        assert [each.said for each in listing.rows] == [ANA]
        assert listing.unread == ("Nº", "Correo")

    def test_given_names_and_surnames_may_stand_apart(self) -> None:
        for heading in ("Apellidos;Nombre;País", "Surname;First name;Country", "Apellidos;Nombres;País"):
            ((_, found),) = said(f"{heading}\nGarcía López;Ana;CR\n")
            assert found == Invitation("Ana García López", "", Standing(Country("CR")))

    def test_titles_above_the_headings_and_blank_lines_are_passed_over(self) -> None:
        titles = "sep=;\n\nTaller regional;;\n;;\nLista de invitados;8 de septiembre;\n"
        text = f"{titles}País;Nombre;Institución\n\nCR;Ana;X\n;;\nHN;Ben;Y\n"
        assert [(line, each.name) for line, each in said(text)] == [(8, "Ana"), (10, "Ben")]

    @pytest.mark.parametrize("delimiter", [";", ",", "\t"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252"])
    def test_a_spanish_spreadsheet_is_read_whatever_it_writes(self, delimiter: str, encoding: str) -> None:
        lines = [
            "Nombre|País|Institución",
            "Ñandú Güell, Álvaro|México|Migración",
            '"Núñez\nÉlida"|Panamá|"Uno ""Dos"""',
        ]
        text = "\r\n".join(lines).replace(",", "" if delimiter == "," else ",").replace("|", delimiter)
        content = text.encode(encoding)
        assert content.startswith(codecs.BOM_UTF8) == (encoding == "utf-8-sig")
        names = [each.name for _, each in said(content)]
        assert [unicodedata.normalize("NFC", name).replace(",", "") for name in names] == [
            "Ñandú Güell Álvaro",
            "Núñez Élida",
        ]
        assert said(content)[1][1].institution == 'Uno "Dos"'

    def test_workbook_with_numbers_and_dates_in_other_columns(self) -> None:
        book = workbook(
            [["Invitados"], [], ["Nº", "NOMBRE", "PAÍS", "ENTIDAD", "FECHA"], [1, "Ana", "Perú", "X", TUESDAY.date()]],
            [["Name", "Country"], ["Ana García", "Costa Rica"]],
        )
        # The sheet whose headings say most is the list.
        listing = read(book)
        assert [(each.line, each.wrong, each.near) for each in listing.mistakes] == [
            (4, Wrong.COUNTRY_NOT_EXPECTED, ("PE",))
        ]

    def test_number_in_place_of_a_name_is_its_digits(self) -> None:
        book = workbook([["Nombre", "Institución"], [2020, 7.5]])
        assert said(book) == [(2, Invitation("2020", "7.5", Standing(Elsewhere.ORGANIZATION)))]

    @pytest.mark.parametrize(
        ("row", "standing"),
        [
            ("Ana;OIM;;", Standing(Elsewhere.ORGANIZATION)),
            ("Ana;OIM;Organización internacional;", Standing(Elsewhere.ORGANIZATION)),
            ("Ana;OIM;N/A;-", Standing(Elsewhere.ORGANIZATION)),
            ("Ana;OIM;;Panelista", Standing(Elsewhere.PANELIST)),
            ("Ana;OIM;Speaker;", Standing(Elsewhere.PANELIST)),
            ("Ana;;Equipo del evento;", Standing(Elsewhere.STAFF)),
            ("Ana;;HN;", Standing(Country("HN"))),
            ("Ana;X;Honduras;Autoridad de CONTROL migratorio", Standing(Country("HN"), "migration")),
            ("Ana;X;Honduras;investigation unit", Standing(Country("HN"), "investigation")),
        ],
    )
    def test_for_whom_somebody_comes(self, row: str, standing: Standing) -> None:
        assert [each.standing for _, each in said(f"nombre;institución;país;perfil\n{row}\n")] == [standing]

    @pytest.mark.trial("R3")
    def test_one_country_written_in_many_ways_is_one(self) -> None:
        written = ["México", unicodedata.normalize("NFD", "México"), " MEXICO ", "El Salvador", "Salvador (El)", "mx"]
        rows = "\n".join(f'Persona {n};"{country}"' for n, country in enumerate(written))
        codes = [each.standing.affiliation for _, each in said(f"nombre;país\n{rows}\n")]
        assert codes == [Country(code) for code in ("MX", "MX", "MX", "SV", "SV", "MX")]


class TestRefusing:
    HEADING = "nombre;institución;país;perfil;discord\n"

    @pytest.mark.parametrize(
        ("row", "kind"),
        [
            (";X;CR;;", Wrong.NO_NAME),
            ("\u200b;X;CR;;", Wrong.NO_NAME),
            ("···;X;CR;;", Wrong.NO_NAME),
            (f"{'a' * 101};X;CR;;", Wrong.NAME_TOO_LONG),
            (f"Ana;{'a' * 101};CR;;", Wrong.INSTITUTION_TOO_LONG),
            ("Ana;;;;", Wrong.NO_PLACE),
            ("Ana;X;Hondurras;;", Wrong.UNKNOWN_COUNTRY),
            ("Ana;X;Francia;;", Wrong.COUNTRY_NOT_EXPECTED),
            ("Ana;X;CR;Fiscal;", Wrong.UNKNOWN_PROFILE),
            ("Ana;OIM;;judicial;", Wrong.PROFILE_WITHOUT_COUNTRY),
            ("Ana;X;CR;;Ana García", Wrong.NO_ACCOUNT_NAME),
        ],
    )
    def test_bad_row_says_its_line_in_a_sentence_of_both_languages(self, row: str, kind: Wrong) -> None:
        listing = read(f"{self.HEADING}Ben;X;CR;;\n\n{row}\nEva;X;CR;;\n")
        (found,) = listing.mistakes
        assert (found.line, found.wrong) == (4, kind)
        assert [each.said.name for each in listing.rows] == ["Ben", "Eva"]
        assert mistake(found, COVERAGE, "es").startswith("Línea 4: ")
        assert mistake(found, COVERAGE, "en").startswith("Line 4: ")

    def test_all_that_is_wrong_with_a_row_is_said_at_once(self) -> None:
        assert wrong(f"{self.HEADING};X;Narnia;;a b\n") == [
            (2, Wrong.NO_NAME),
            (2, Wrong.UNKNOWN_COUNTRY),
            (2, Wrong.NO_ACCOUNT_NAME),
        ]

    def test_near_spellings_are_offered_in_words_and_not_taken(self) -> None:
        country, profile = read(f"{self.HEADING}Ana;X;Hondurras;;\nEva;X;CR;Unidad de investigacionn;\n").mistakes
        assert mistake(country, COVERAGE, "es") == (
            "Línea 2: «Hondurras» no es un país que se conozca. ¿Quiso decir «Honduras»?"
        )
        assert mistake(profile, COVERAGE, "en") == (
            "Line 3: “Unidad de investigacionn” is no profile of the event. Did you mean “Investigation unit”?"
        )

    def test_one_person_twice_names_the_first_line(self) -> None:
        text = f"{self.HEADING}Ana García;X;CR;;\nGARCIA, Ana;Y;Costa Rica;;\nAna García;X;HN;;\n"
        ((found),) = read(text).mistakes
        assert (found.line, found.wrong, found.other_line) == (3, Wrong.SAME_PERSON, 2)

    def test_one_account_twice_names_the_first_line(self) -> None:
        (found,) = read(f"{self.HEADING}Ana;X;CR;;@uno\nBen;X;CR;;UNO\n").mistakes
        assert (found.line, found.wrong, found.other_line) == (3, Wrong.SAME_ACCOUNT, 2)

    def test_file_without_headings_says_what_is_needed_and_what_may_be_meant(self) -> None:
        with pytest.raises(NoColumns) as refusal:
            read("Nonbre;Instituccion\nAna;X\n")
        assert refusal.value.line == 1
        assert refusal.value.near == (("Nonbre", Column.NAME), ("Instituccion", Column.INSTITUTION))
        assert "¿Quiso decir «nombre» con «Nonbre»?" in refused(refusal.value, "es")
        with pytest.raises(NoColumns):
            read("Ana;X;CR\nBen;Y;HN\n")

    def test_two_columns_of_one_meaning_are_not_guessed(self) -> None:
        with pytest.raises(ColumnTwice) as refusal:
            read("Nombre;País;Country\nAna;CR;HN\n")
        assert refusal.value.column is Column.COUNTRY
        assert "«País», «Country»" in refused(refusal.value, "es")

    @given(st.text(max_size=300) | st.binary(max_size=300))
    def test_any_file_is_a_list_or_refused_in_words(self, content: str | bytes) -> None:
        try:
            said = [mistake(each, COVERAGE, "es") for each in read(content).mistakes]
        except Refusal as refusal:
            said = [refused(refusal, "es")]
        assert all(sentence.endswith((".", "?")) for sentence in said)


class TestComparing:
    @staticmethod
    def kept(*said: Invitation) -> list[Expected]:
        return [Expected(ExpectedId(n), each, None, None, TUESDAY) for n, each in enumerate(said, 1)]

    @staticmethod
    def listing(*said: Invitation) -> Listing:
        return Listing(tuple(Listed(n, each) for n, each in enumerate(said, 2)), ())

    def test_the_same_is_same_and_a_changed_row_is_known_by_its_name_and_delegation(self) -> None:
        ben = Invitation("Ben Ensayo", "OIM", Standing(Elsewhere.ORGANIZATION))
        ana_now = Invitation("García López, Ana", "Corte", Standing(Country("CR"), "migration"), "ana2")
        found = compared(self.listing(ana_now, ben), self.kept(ANA, ben))
        assert (found.new, found.same, found.left_out) == ((), 1, ())
        assert [(each.before.said, each.listed.said) for each in found.changed] == [(ANA, ana_now)]

    def test_another_delegation_or_organization_is_another_person(self) -> None:
        elsewhere = Invitation(ANA.name, ANA.institution, Standing(Country("HN")))
        found = compared(self.listing(elsewhere), self.kept(ANA))
        assert [row.said for row in found.new] == [elsewhere]
        assert [each.said for each in found.left_out] == [ANA]

    def test_account_of_somebody_else_on_the_list_is_refused(self) -> None:
        ben = Invitation("Ben", "X", Standing(Country("CR")), "ana.g")
        found = compared(self.listing(ben), self.kept(ANA))
        assert [(each.line, each.wrong) for each in found.mistakes] == [(2, Wrong.ACCOUNT_OF_ANOTHER)]
        # Where the file says that Ana has another one by now, it is free.
        ana = Invitation(ANA.name, ANA.institution, JUDICIAL, "ana.new")
        assert compared(self.listing(ben, ana), self.kept(ANA)).mistakes == ()
