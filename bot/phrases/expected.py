"""What is said about the list of who should come: what a file says wrong, what became of it, who is missing."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from bot.collation import alphabetical
from bot.config import CoverageConfig
from bot.directory_operations import Absent, Imported, Stranger, Unmatched
from bot.expected import Expected, NobodyExpected, NotRegistered, Why
from bot.expected_list import Column, ColumnTwice, Listed, Mistake, NoColumns, Wrong
from bot.i18n import country_name, sentence, translator
from bot.languages import Language, text_in
from bot.participants import INSTITUTION_LENGTH, NAME_LENGTH, Affiliation, Country, Standing
from bot.phrases.directory import affiliation_name
from bot.phrases.refusals import refused, words
from bot.question_text import shortened
from bot.sheets import LARGEST_FILE, MOST_ROWS, NoTable, Unreadable
from bot.storage.refusals import DatabaseInUse

_ = translator("expected")

Row = list[str]

#: As much of a cell as is said back.
_SHOWN = 60


# What is wrong with a file


@words(NoTable)
def _no_table(refusal: NoTable, language: Language) -> str:
    match refusal.reason:
        case Unreadable.EMPTY:
            return _("El archivo está vacío. No se importó nada.", language)
        case Unreadable.TOO_LARGE:
            return _(
                "El archivo es demasiado grande para una lista de personas (caben {n} MB). No se importó nada.",
                language,
                n=LARGEST_FILE // 1024 // 1024,
            )
        case Unreadable.TOO_LONG:
            return _("El archivo tiene más de {n} filas. No se importó nada.", language, n=MOST_ROWS)
        case Unreadable.OLD_WORKBOOK:
            return _(
                "Es un libro de Excel antiguo (.xls) o con contraseña. Guárdelo como .xlsx sin contraseña, o como CSV, "
                "y repita.",
                language,
            )
        case Unreadable.DAMAGED_WORKBOOK:
            return _("El libro no se puede abrir. Guárdelo otra vez como .xlsx, o como CSV, y repita.", language)
        case Unreadable.BINARY:
            return _("Eso no es una tabla. Guarde la lista como CSV o como .xlsx y repita.", language)
        case Unreadable.OPEN_QUOTE:
            return _(
                "En la línea {line} se abren comillas que no se cierran, y todo lo que sigue sería una sola celda. "
                "Corríjalas y repita.",
                language,
                line=refusal.line,
            )
        case Unreadable.CELL_TOO_LONG:
            return _("En la línea {line} hay una celda larguísima. ¿Es este el archivo?", language, line=refusal.line)


@words(NoColumns)
def _no_columns(refusal: NoColumns, language: Language) -> str:
    said = _(
        "No se encuentran los títulos de las columnas. Hacen falta «nombre» y además «país» o «institución»; también "
        "se leen «perfil» y «usuario de Discord». La fila que más se parece es la {line}: {found}.",
        language,
        line=refusal.line,
        found=_list(refusal.found[:12], language),
    )
    for heading, column in refusal.near:
        said += " " + _(
            "¿Quiso decir «{meant}» con «{heading}»?",
            language,
            meant=column_name(column, language),
            heading=_short(heading),
        )
    return said


@words(ColumnTwice)
def _column_twice(refusal: ColumnTwice, language: Language) -> str:
    return _(
        "En la línea {line} hay varias columnas para «{column}»: {headings}. Deje una y repita.",
        language,
        line=refusal.line,
        column=column_name(refusal.column, language),
        headings=_list(refusal.headings, language),
    )


def mistake(of: Mistake, coverage: CoverageConfig, language: Language) -> str:
    """A row that cannot be taken: its line, why, and what to do."""
    said = _("Línea {line}: {why}", language, line=of.line, why=_why_wrong(of, language))
    near = _near(of, coverage, language)
    return f"{said} {near}" if near else said


def _why_wrong(of: Mistake, language: Language) -> str:
    text = _short(of.text)
    match of.wrong:
        case Wrong.NO_NAME:
            return _("falta el nombre.", language)
        case Wrong.NAME_TOO_LONG:
            return _(
                "el nombre tiene {length} caracteres y caben {limit}.", language, length=len(of.text), limit=NAME_LENGTH
            )
        case Wrong.INSTITUTION_TOO_LONG:
            return _(
                "la institución tiene {length} caracteres y caben {limit}.",
                language,
                length=len(of.text),
                limit=INSTITUTION_LENGTH,
            )
        case Wrong.NO_PLACE:
            return _("falta el país; sin país hace falta la institución u organización.", language)
        case Wrong.UNKNOWN_COUNTRY:
            return _("«{text}» no es un país que se conozca.", language, text=text)
        case Wrong.COUNTRY_NOT_EXPECTED:
            return _(
                "«{text}» es {country}, que no está entre los países del evento; si debe estar, agréguelo a "
                "coverage.countries.",
                language,
                text=text,
                country=country_name(of.near[0], language),
            )
        case Wrong.UNKNOWN_PROFILE:
            return _("«{text}» no es un perfil del evento.", language, text=text)
        case Wrong.PROFILE_WITHOUT_COUNTRY:
            return _(
                "tiene el perfil «{text}» y no tiene país. Los perfiles son de delegaciones: escriba el país o quite "
                "el perfil.",
                language,
                text=text,
            )
        case Wrong.NO_ACCOUNT_NAME:
            return _("«{text}» no puede ser un nombre de usuario de Discord.", language, text=text)
        case Wrong.SAME_PERSON:
            return _(
                "{text} está ya en la línea {other}, con la misma delegación u organización. Si son dos personas, "
                "escriba sus nombres completos; si es una, deje una línea.",
                language,
                text=text,
                other=of.other_line,
            )
        case Wrong.SAME_ACCOUNT:
            return _(
                "el usuario de Discord «{text}» está ya en la línea {other}.", language, text=text, other=of.other_line
            )
        case Wrong.ACCOUNT_OF_ANOTHER:
            return _("el usuario de Discord «{text}» es de otra persona que ya está en la lista.", language, text=text)


def _near(of: Mistake, coverage: CoverageConfig, language: Language) -> str:
    """What a cell may have been meant for. It is offered, not taken."""
    if not of.near:
        return ""
    if of.wrong is Wrong.UNKNOWN_COUNTRY:
        names = [country_name(code, language) for code in of.near]
    elif of.wrong is Wrong.UNKNOWN_PROFILE:
        known = {profile.key: text_in(profile.name, language) for profile in coverage.profiles}
        names = [known.get(key, key) for key in of.near]
    else:
        return ""
    return _("¿Quiso decir {names}?", language, names=_or([_("«{name}»", language, name=n) for n in names], language))


# What became of it


def imported(done: Imported, language: Language) -> str:
    """The figures of what was taken over."""
    comparison = done.comparison
    return _(
        "Nuevas: {new}. Cambiadas: {changed}. Iguales: {same}.",
        language,
        new=len(comparison.new),
        changed=len(comparison.changed),
        same=comparison.same,
    )


def changes(done: Imported, language: Language) -> Iterable[str]:
    """A line for each row that says something new."""
    for row in done.comparison.new:
        yield _("Línea {line}: nueva: {who}", language, line=row.line, who=_who(row, language))
    for change in done.comparison.changed:
        was = _invited(change.before, language)
        yield _(
            "Línea {line}: cambia: {who} (antes: {was})",
            language,
            line=change.listed.line,
            who=_who(change.listed, language),
            was=was,
        )


def verdict(
    done: Imported, language: Language, *, keep_good: str, whole: str | None, dry_run: bool = False
) -> Sequence[str]:
    """What happened with the file, and what to do next; a sentence each.

    `keep_good` and `whole` are how the options for that are written; None where there is none.
    """
    left_out = len(done.comparison.left_out) - done.removed
    said = []
    wrong = len({mistake.line for mistake in done.comparison.mistakes})
    if wrong and not done.taken:
        said.append(
            _.plural(
                "Hay {n} fila con errores y no se importó nada. Corríjala y repita, o repita con {option} para "
                "importar las demás.",
                "Hay {n} filas con errores y no se importó nada. Corríjalas y repita, o repita con {option} para "
                "importar las demás.",
                wrong,
                language,
                option=keep_good,
            )
        )
    elif wrong:
        said.append(
            _.plural(
                "Hay {n} fila con errores, que queda fuera.",
                "Hay {n} filas con errores, que quedan fuera.",
                wrong,
                language,
            )
        )
    if dry_run:
        said.append(_("Es una prueba: no se cambió nada.", language))
    if done.recognised:
        said.append(
            _.plural(
                "{n} persona que ya se había registrado está en la lista.",
                "{n} personas que ya se habían registrado están en la lista.",
                done.recognised,
                language,
            )
        )
    if done.taken and left_out:
        stay = _.plural(
            "{n} persona de la lista no está en el archivo y sigue en ella.",
            "{n} personas de la lista no están en el archivo y siguen en ella.",
            left_out,
            language,
        )
        said.append(stay if whole is None else f"{stay} " + _("Con {option} se quitan.", language, option=whole))
    if done.removed:
        said.append(
            _.plural(
                "{n} persona que no está en el archivo se quitó de la lista.",
                "{n} personas que no están en el archivo se quitaron de la lista.",
                done.removed,
                language,
            )
        )
    return said


def unread(headings: Sequence[str], language: Language) -> str:
    """Columns that mean nothing here; nothing of them is kept."""
    return _(
        "Columnas que no se leen, y de las que no se guarda nada: {headings}.",
        language,
        headings=_list(headings, language),
    )


def bot_is_running(refusal: DatabaseInUse, language: Language) -> str:
    """Said after why the database cannot be written by another process."""
    return "\n".join(
        (
            refused(refusal, language),
            _(
                "Si es el bot, que tiene la base de datos mientras funciona, importe la lista desde Discord: "
                "/participantes importar.",
                language,
            ),
        )
    )


@words(NobodyExpected)
def _nobody_expected(_refusal: NobodyExpected, language: Language) -> str:
    return _("Esa persona no está en la lista. Elíjala de las que se proponen mientras escribe.", language)


@words(NotRegistered)
def _not_registered(_refusal: NotRegistered, language: Language) -> str:
    return _("Esa cuenta no se ha registrado. Regístrela antes con /registrar.", language)


# Who is on it, and who is missing


def list_table(expected: Iterable[Expected], coverage: CoverageConfig, language: Language) -> list[Row]:
    """The list with a heading, by delegation and name in the order of the alphabet."""
    profiles = profile_names(coverage, language)
    rows = [[*_headings(language), _("Usuario de Discord", language), _("Registrada", language)]]
    for each in sorted(expected, key=lambda each: _place(each.said.standing.affiliation, each.said.name, language)):
        registered = _("sí", language) if each.person is not None else _("no", language)
        rows.append([*_cells(each, profiles, language), each.said.account or "", registered])
    return rows


def unmatched_table(found: Unmatched, coverage: CoverageConfig, language: Language) -> list[Row]:
    """Who on the list has not registered, then who registered and is not on it, with whom they may be."""
    profiles = profile_names(coverage, language)
    rows = [[*_headings(language), _("Qué pasa", language)]]
    for each in sorted(
        found.expected, key=lambda each: _place(each.said.standing.affiliation, each.said.name, language)
    ):
        rows.append([*_cells(each, profiles, language), _("en la lista, sin registrarse", language)])
    for stranger in sorted(
        found.strangers, key=lambda each: _place(each.participant.affiliation, each.participant.name, language)
    ):
        participant = stranger.participant
        rows.append(
            [
                participant.name,
                participant.institution,
                affiliation_name(participant.affiliation, language),
                profiles.get(participant.profile or "", ""),
                _about_stranger(stranger, language),
            ]
        )
    return rows


def absent_table(found: Iterable[Absent], coverage: CoverageConfig, language: Language) -> list[Row]:
    """Who is expected and was not there."""
    profiles = profile_names(coverage, language)
    rows = [[*_headings(language), _("Registrada", language)]]
    order = partial(_absent_order, language=language)
    for each in sorted(found, key=order):
        registered = _("sí", language) if each.participant is not None else _("no", language)
        rows.append([*_cells(each.expected, profiles, language), registered])
    return rows


def unmatched_figures(found: Unmatched, language: Language) -> str:
    expected = _.plural(
        "{n} persona de la lista no se ha registrado.",
        "{n} personas de la lista no se han registrado.",
        len(found.expected),
        language,
    )
    strangers = _.plural(
        "{n} persona registrada no está en la lista.",
        "{n} personas registradas no están en la lista.",
        len(found.strangers),
        language,
    )
    return f"{expected} {strangers}"


def candidates(stranger: Stranger, language: Language) -> str:
    """Whom on the list somebody may be, for organizers."""
    return "; ".join(
        _(
            "{who} ({why})",
            language,
            who=described(
                each.expected.said.name, each.expected.said.institution, each.expected.said.standing, language
            ),
            why=_(_WHY[each.why], language),
        )
        for each in stranger.candidates
    )


def described(name: str, institution: str, standing: Standing, language: Language) -> str:
    """Somebody on one line, for organizers."""
    return " · ".join(filter(None, (name, institution, affiliation_name(standing.affiliation, language))))


def column_name(column: Column, language: Language) -> str:
    return _(_COLUMNS[column], language)


def profile_names(coverage: CoverageConfig, language: Language) -> Mapping[str, str]:
    return {profile.key: text_in(profile.name, language) for profile in coverage.profiles}


def _about_stranger(stranger: Stranger, language: Language) -> str:
    if not stranger.candidates:
        return _("registrada, no está en la lista", language)
    return _("registrada; puede ser: {who}", language, who=candidates(stranger, language))


def _headings(language: Language) -> Row:
    return [
        _("Nombre", language),
        _("Institución", language),
        _("Delegación o procedencia", language),
        _("Perfil", language),
    ]


def _cells(each: Expected, profiles: Mapping[str, str], language: Language) -> Row:
    said = each.said
    return [
        said.name,
        said.institution,
        affiliation_name(said.standing.affiliation, language),
        profiles.get(said.standing.profile or "", ""),
    ]


def _place(affiliation: Affiliation, name: str, language: Language) -> tuple[object, ...]:
    """Delegations by the alphabet, then whoever is in none; within each by name."""
    shown = affiliation_name(affiliation, language)
    return (
        not isinstance(affiliation, Country),
        alphabetical(shown, language),
        alphabetical(name, language),
    )


def _absent_order(each: Absent, language: Language) -> tuple[object, ...]:
    return _place(each.expected.said.standing.affiliation, each.expected.said.name, language)


def _invited(each: Expected, language: Language) -> str:
    return described(each.said.name, each.said.institution, each.said.standing, language)


def _who(row: Listed, language: Language) -> str:
    return described(row.said.name, row.said.institution, row.said.standing, language)


def _short(text: str) -> str:
    return shortened(text, _SHOWN)


def _list(names: Sequence[str], language: Language) -> str:
    return ", ".join(_("«{name}»", language, name=_short(name)) for name in names)


def _or(names: Sequence[str], language: Language) -> str:
    return _(" o ", language).join(names)


_COLUMNS = {
    Column.NAME: sentence("nombre"),
    Column.GIVEN_NAMES: sentence("nombres"),
    Column.SURNAMES: sentence("apellidos"),
    Column.INSTITUTION: sentence("institución"),
    Column.COUNTRY: sentence("país"),
    Column.PROFILE: sentence("perfil"),
    Column.ACCOUNT: sentence("usuario de Discord"),
}

_WHY = {
    Why.ALIKE: sentence("el nombre se parece"),
    Why.ELSEWHERE: sentence("el mismo nombre, con otra delegación"),
    Why.TAKEN: sentence("otra cuenta se registró ya como esta persona"),
    Why.OTHER_ACCOUNT: sentence("la lista da otra cuenta de Discord para esta persona"),
}
