"""The organizers' list of who should come, read from the rows of a file: what it says, and what is wrong with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from rapidfuzz import fuzz, process

from bot.config import CoverageConfig
from bot.countries import country_of, near_countries
from bot.errors import Refusal
from bot.expected import Expected, Invitation, account_name
from bot.participants import INSTITUTION_LENGTH, NAME_LENGTH, Affiliation, Country, Elsewhere, Standing, one_line
from bot.question_text import fold, says_something
from bot.sheets import NoTable, Row, Unreadable, readings

#: How far down the words may stand that say what the columns are; above them lists have titles.
_HEADING_WITHIN = 20

_NEAR_PERCENT = 75


class Column(StrEnum):
    """What a list says about a person."""

    NAME = "name"
    GIVEN_NAMES = "given_names"
    SURNAMES = "surnames"
    INSTITUTION = "institution"
    COUNTRY = "country"
    PROFILE = "profile"
    ACCOUNT = "account"


#: The words above columns, folded. "Nombre" beside "apellidos" is the given name.
_HEADINGS: Mapping[Column, tuple[str, ...]] = {
    Column.NAME: (
        "nombre", "nombre completo", "nombre y apellido", "nombre y apellidos", "nombres y apellidos",
        "apellidos y nombres", "apellidos y nombre", "apellido y nombre", "nombre del participante",
        "nombre de la persona", "participante", "persona", "name", "full name", "complete name", "participant",
        "participant name", "name of participant",
    ),
    Column.GIVEN_NAMES: (
        "nombres", "nombre s", "nombre de pila", "first name", "first names", "given name", "given names",
    ),
    Column.SURNAMES: (
        "apellido", "apellidos", "apellido s", "last name", "last names", "surname", "surnames", "family name",
        "family names",
    ),
    Column.INSTITUTION: (
        "institucion", "entidad", "organizacion", "organismo", "dependencia", "institucion u organizacion",
        "institucion organizacion", "organizacion institucion", "institution", "organization", "organisation", "agency",
        "entity", "institution or organization", "institution organization",
    ),
    Column.COUNTRY: (
        "pais", "delegacion", "pais u organizacion", "pais delegacion", "delegacion o procedencia", "procedencia",
        "country", "delegation", "country or organization", "country delegation",
    ),
    Column.PROFILE: ("perfil", "perfil del participante", "perfil de participante", "profile", "participant profile"),
    Column.ACCOUNT: (
        "discord", "usuario", "usuario de discord", "usuario discord", "nombre de usuario", "cuenta de discord",
        "cuenta discord", "nombre de usuario de discord", "discord user", "discord username", "discord user name",
        "discord name", "discord account", "username", "user name", "user",
    ),
}  # fmt: skip

#: What stands for no delegation, in the column of the country or of the profile.
_ELSEWHERE_NAMES: Mapping[Elsewhere, tuple[str, ...]] = {
    Elsewhere.ORGANIZATION: (
        "organizacion internacional", "organizacion", "organismo internacional", "organizaciones internacionales",
        "international organization", "international organisation", "organization", "organisation",
    ),
    Elsewhere.PANELIST: (
        "panelista", "ponente", "expositor", "expositora", "experto", "experta", "panelist", "panellist", "speaker",
        "expert",
    ),
    Elsewhere.STAFF: ("equipo del evento", "equipo", "organizacion del evento", "event staff", "staff", "team"),
}  # fmt: skip

#: What people write into a cell that has nothing to say.
_NOTHING = frozenset({"", "n a", "na", "no aplica", "ninguno", "ninguna", "none", "sin dato", "s d"})


class Wrong(StrEnum):
    """What is wrong with a row."""

    NO_NAME = "no_name"
    NAME_TOO_LONG = "name_too_long"
    INSTITUTION_TOO_LONG = "institution_too_long"
    #: Neither a country nor an institution: for whom do they come?
    NO_PLACE = "no_place"
    UNKNOWN_COUNTRY = "unknown_country"
    #: A country, but none of the event's.
    COUNTRY_NOT_EXPECTED = "country_not_expected"
    UNKNOWN_PROFILE = "unknown_profile"
    #: A profile without a country: was that forgotten?
    PROFILE_WITHOUT_COUNTRY = "profile_without_country"
    NO_ACCOUNT_NAME = "no_account_name"
    #: The same person as on another line.
    SAME_PERSON = "same_person"
    #: The same Discord user name as on another line.
    SAME_ACCOUNT = "same_account"
    #: The Discord user name of somebody else who is on the list already.
    ACCOUNT_OF_ANOTHER = "account_of_another"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that keeps a row from being taken. `near` are codes of countries or keys of profiles."""

    line: int
    wrong: Wrong
    text: str = field(default="", repr=False)
    near: tuple[str, ...] = ()
    other_line: int | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A row that can be taken."""

    line: int
    said: Invitation


@dataclass(frozen=True, slots=True)
class Listing:
    """All that a file says. `unread` are the headings of columns that mean nothing here."""

    rows: tuple[Listed, ...]
    mistakes: tuple[Mistake, ...]
    unread: tuple[str, ...] = ()


@dataclass
class NoColumns(Refusal):
    """The file does not say in which columns there are names and countries or institutions.

    `found` are the headings of the row that comes nearest, `missing` what is not among them, `near` what a heading
    may have been meant for.
    """

    line: int
    found: tuple[str, ...]
    missing: tuple[Column, ...]
    near: tuple[tuple[str, Column], ...] = ()


@dataclass
class ColumnTwice(Refusal):
    """Two columns with one meaning."""

    line: int
    column: Column
    headings: tuple[str, ...]


def read_list(content: bytes, coverage: CoverageConfig) -> Listing:
    """The list in a CSV or XLSX file. Raises NoTable, NoColumns and ColumnTwice where there is none in it."""
    best: tuple[int, Row, Sequence[Row]] | None = None
    for rows in readings(content):
        for number, row in enumerate(rows[:_HEADING_WITHIN]):
            known = len({column for cell in row.cells if (column := _column(cell)) is not None})
            if best is None or known > best[0]:
                best = (known, row, rows[number + 1 :])
    if best is None:
        raise NoTable(Unreadable.EMPTY)
    _, heading, rows = best
    columns, unread = _columns(heading)
    return _listing(rows, columns, unread, coverage)


# Columns


def _columns(heading: Row) -> tuple[Mapping[Column, int], tuple[str, ...]]:
    """Which cell of a row is what, and the headings that are not read."""
    found: dict[Column, list[int]] = {}
    unread = []
    for place, cell in enumerate(heading.cells):
        column = _column(cell)
        if column is not None:
            found.setdefault(column, []).append(place)
        elif cell.strip():
            unread.append(one_line(cell))
    if Column.NAME in found and Column.SURNAMES in found and Column.GIVEN_NAMES not in found:
        found[Column.GIVEN_NAMES] = found.pop(Column.NAME)
    if Column.GIVEN_NAMES in found and Column.SURNAMES not in found and Column.NAME not in found:
        found[Column.NAME] = found.pop(Column.GIVEN_NAMES)
    for column, places in found.items():
        if len(places) > 1:
            raise ColumnTwice(heading.line, column, tuple(one_line(heading.cells[place]) for place in places))
    missing = []
    if Column.NAME not in found and not {Column.GIVEN_NAMES, Column.SURNAMES} <= found.keys():
        missing.append(Column.NAME)
    if not {Column.COUNTRY, Column.INSTITUTION} & found.keys():
        missing += [Column.COUNTRY, Column.INSTITUTION]
    if missing:
        shown = tuple(one_line(cell) for cell in heading.cells if cell.strip())
        near = tuple((cell, column) for cell in unread if (column := _near_column(cell)) is not None)
        raise NoColumns(heading.line, shown, tuple(missing), near)
    return {column: places[0] for column, places in found.items()}, tuple(unread)


def _column(cell: str) -> Column | None:
    return _known_headings().get(fold(cell)) if cell.strip() else None


def _near_column(cell: str) -> Column | None:
    known = _known_headings()
    found = process.extractOne(fold(cell), list(known), scorer=fuzz.ratio, score_cutoff=_NEAR_PERCENT)
    return None if found is None else known[found[0]]


@cache
def _known_headings() -> Mapping[str, Column]:
    return {heading: column for column, headings in _HEADINGS.items() for heading in headings}


# Rows


def _listing(
    rows: Iterable[Row], columns: Mapping[Column, int], unread: tuple[str, ...], coverage: CoverageConfig
) -> Listing:
    reading = _Reading(columns, coverage)
    listed: list[Listed] = []
    mistakes: list[Mistake] = []
    people: dict[str, int] = {}
    accounts: dict[str, int] = {}
    for row in rows:
        said, wrong = reading.read(row)
        if said is not None and said.key in people:
            wrong = [Mistake(row.line, Wrong.SAME_PERSON, said.name, other_line=people[said.key])]
        elif said is not None and said.account is not None and said.account in accounts:
            wrong = [Mistake(row.line, Wrong.SAME_ACCOUNT, said.account, other_line=accounts[said.account])]
        if said is None or wrong:
            mistakes += wrong
            continue
        people[said.key] = row.line
        if said.account is not None:
            accounts[said.account] = row.line
        listed.append(Listed(row.line, said))
    return Listing(tuple(listed), tuple(mistakes), unread)


class _Reading:
    """How a row is read in this file and this event."""

    def __init__(self, columns: Mapping[Column, int], coverage: CoverageConfig) -> None:
        self._columns = columns
        self._countries = coverage.countries
        self._profiles = {
            name: profile.key
            for profile in coverage.profiles
            for name in (fold(profile.key), *(fold(text) for text in profile.name.values()))
        }

    def read(self, row: Row) -> tuple[Invitation | None, list[Mistake]]:
        """What the row says, or all that is wrong with it."""
        mistakes: list[Mistake] = []
        name = self._name(row)
        if not says_something(name):
            mistakes.append(Mistake(row.line, Wrong.NO_NAME))
        elif len(name) > NAME_LENGTH:
            mistakes.append(Mistake(row.line, Wrong.NAME_TOO_LONG, name))
        institution = self._cell(row, Column.INSTITUTION)
        if len(institution) > INSTITUTION_LENGTH:
            mistakes.append(Mistake(row.line, Wrong.INSTITUTION_TOO_LONG, institution))
        standing = self._standing(row, institution, mistakes)
        account = self._account(row, mistakes)
        if mistakes or standing is None:
            return None, mistakes
        return Invitation(name, institution, standing, account), []

    def _standing(self, row: Row, institution: str, mistakes: list[Mistake]) -> Standing | None:
        profile = self._cell(row, Column.PROFILE)
        affiliation = self._affiliation(row, institution, profile, mistakes)
        if affiliation is None:
            return None
        if not profile or _elsewhere(profile) is affiliation:
            return Standing(affiliation)
        key = self._profiles.get(fold(profile))
        if key is None:
            near = process.extract(
                fold(profile), list(self._profiles), scorer=fuzz.token_set_ratio, score_cutoff=_NEAR_PERCENT
            )
            keys = tuple(dict.fromkeys(self._profiles[found] for found, _, _ in near))[:2]
            mistakes.append(Mistake(row.line, Wrong.UNKNOWN_PROFILE, profile, keys))
        elif not isinstance(affiliation, Country):
            mistakes.append(Mistake(row.line, Wrong.PROFILE_WITHOUT_COUNTRY, profile))
        return Standing(affiliation, key)

    def _affiliation(self, row: Row, institution: str, profile: str, mistakes: list[Mistake]) -> Affiliation | None:
        text = self._cell(row, Column.COUNTRY)
        if text:
            # "Organización" in the column of the country is one, whatever it is called.
            if (elsewhere := _elsewhere(text)) is not None:
                return elsewhere
            code = country_of(text)
            if code is None:
                near = near_countries(text, self._countries)
                mistakes.append(Mistake(row.line, Wrong.UNKNOWN_COUNTRY, text, near))
            elif code not in self._countries:
                mistakes.append(Mistake(row.line, Wrong.COUNTRY_NOT_EXPECTED, text, (code,)))
            else:
                return Country(code)
            return None
        if (elsewhere := _elsewhere(profile)) is not None:
            return elsewhere
        if says_something(institution):
            return Elsewhere.ORGANIZATION
        mistakes.append(Mistake(row.line, Wrong.NO_PLACE))
        return None

    def _account(self, row: Row, mistakes: list[Mistake]) -> str | None:
        text = self._cell(row, Column.ACCOUNT)
        account = account_name(text)
        if not account:
            return None
        if not _is_account_name(account):
            mistakes.append(Mistake(row.line, Wrong.NO_ACCOUNT_NAME, text))
        return account

    def _name(self, row: Row) -> str:
        if Column.NAME in self._columns:
            return self._cell(row, Column.NAME)
        return one_line(f"{self._cell(row, Column.GIVEN_NAMES)} {self._cell(row, Column.SURNAMES)}")

    def _cell(self, row: Row, column: Column) -> str:
        place = self._columns.get(column)
        if place is None or place >= len(row.cells):
            return ""
        text = one_line(row.cells[place])
        if column is not Column.NAME and (fold(text) in _NOTHING or not says_something(text)):
            return ""
        return text


def _elsewhere(text: str) -> Elsewhere | None:
    folded = fold(text)
    return next((kind for kind, names in _ELSEWHERE_NAMES.items() if folded in names), None)


def _is_account_name(account: str) -> bool:
    """Discord's rule for user names, and the older form with a number at its end."""
    name, _, number = account.partition("#")
    if number:
        return 2 <= len(name) <= 32 and number.isascii() and number.isdecimal() and len(number) == 4
    return 2 <= len(account) <= 32 and all(c.isascii() and (c.isalnum() or c in "._") for c in account)


# What a list changes


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the list that says something else than what is kept."""

    listed: Listed
    before: Expected


@dataclass(frozen=True, slots=True)
class Comparison:
    """What becomes of the list kept so far. `left_out` are on it and not in the file."""

    new: tuple[Listed, ...]
    changed: tuple[Change, ...]
    same: int
    mistakes: tuple[Mistake, ...]
    left_out: tuple[Expected, ...]


def compared(listing: Listing, kept: Sequence[Expected]) -> Comparison:
    """What the file says that is new. Rows are known again by their key; the mistakes are the file's and those that
    the kept list brings about, in the order of the lines."""
    known = {each.said.key: each for each in kept}
    listed = {row.said.key for row in listing.rows}
    # A name that somebody on the list has whom the file does not give another one.
    taken = {each.said.account: each.said.key for each in kept if each.said.account and each.said.key not in listed}
    new: list[Listed] = []
    changed: list[Change] = []
    same = 0
    mistakes = list(listing.mistakes)
    for row in listing.rows:
        before = known.get(row.said.key)
        if row.said.account in taken:
            mistakes.append(Mistake(row.line, Wrong.ACCOUNT_OF_ANOTHER, row.said.account or ""))
        elif before is None:
            new.append(row)
        elif before.said != row.said:
            changed.append(Change(row, before))
        else:
            same += 1
    # One that could not be taken keeps what it had, which another row may want.
    left_out = tuple(each for each in kept if each.said.key not in listed)
    return Comparison(tuple(new), tuple(changed), same, tuple(sorted(mistakes, key=lambda each: each.line)), left_out)
