"""What the compendium of good practices says, as a document and as a workbook. It names no person."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from bot.agenda import Event
from bot.collation import alphabetical
from bot.i18n import country_name, day_name, translator
from bot.ids import SessionKey
from bot.languages import Language, text_in
from bot.phrases.question_figures import language_name
from bot.phrases.tables import Cell, Column, Look, Reading, Section, Sheet, Table
from bot.practices import Practice

_ = translator("compendium")

Said = Mapping[str, object]


def document(
    practices: Sequence[Practice], event: Event, expected: Iterable[str], language: Language, made_at: datetime
) -> Said:
    """The compendium as the template `compendium` has it. `expected` are the codes of the countries expected."""
    made_on = made_at.astimezone(event.timezone).date()
    themes = _by_theme(practices, event)
    absent = _absent(practices, expected, language)
    return {
        "language": language,
        "event": text_in(event.name, language),
        "title": _("Compendio de buenas prácticas", language),
        "date": [made_on.year, made_on.month, made_on.day],
        "made": _("Hecho el {day}", language, day=day_name(made_on, language, with_year=True)),
        "figures": [
            [str(len(practices)), _.plural("buena práctica", "buenas prácticas", len(practices), language)],
            [str(n := len(_countries(practices, language))), _.plural("país", "países", n, language)],
            [str(n := len({each.session for each in practices})), _.plural("tema", "temas", n, language)],
        ],
        "about": _(
            "Cada delegación registró sus buenas prácticas sobre el tema del día, con sus palabras y en su idioma. "
            "Quienes moderaron el evento las revisaron. Van por tema y, dentro de cada tema, por país.",
            language,
        ),
        "contents": _("Contenido", language),
        "overview": {
            "title": _("Quiénes aportaron a cada tema", language),
            "head": [_("Tema", language), _("Prácticas", language), _("Países", language)],
            "rows": [
                [
                    _theme(key, event, language),
                    str(len(some)),
                    ", ".join(country_name(code, language) for code in _countries(some, language)) or "–",
                ]
                for key, some in themes.items()
            ],
            "absent": None
            if not absent
            else _("Sin buenas prácticas aprobadas: {countries}.", language, countries=", ".join(absent)),
        },
        "themes": [
            {
                "day": _day(key, language),
                "theme": _theme(key, event, language),
                "countries": [
                    {
                        "name": country_name(code, language),
                        "practices": [_said(each, language) for each in some if each.country == code],
                    }
                    for code in _countries(some, language)
                ],
            }
            for key, some in themes.items()
            if some
        ],
        "page": _("Página {page} de {pages}", language, page="{page}", pages="{pages}"),
    }


def workbook(practices: Sequence[Practice], event: Event, expected: Iterable[str], language: Language) -> list[Sheet]:
    """The same as a workbook: how many of each country on each theme, and every one in a row."""
    themes = _by_theme(practices, event)
    codes = {*expected, *(each.country for each in practices)}
    countries = sorted(codes, key=lambda code: alphabetical(country_name(code, language), language))
    matrix = Section(
        _("Por país y tema", language),
        columns=(
            Column(_("País", language)),
            *(Column(_short(key, event, language), Look.WHOLE) for key in themes),
            Column(_("Todos", language), Look.WHOLE),
        ),
        rows=tuple(
            (
                country_name(code, language),
                *(sum(each.country == code for each in some) for some in themes.values()),
                sum(each.country == code for each in practices),
            )
            for code in countries
        ),
    )
    reading = Reading(
        _("Resumen", language),
        _("Compendio de buenas prácticas", language),
        (
            text_in(event.name, language),
            *(f"{_short(key, event, language)}: {_theme(key, event, language)}" for key in themes),
        ),
        (matrix,),
    )
    return [reading, _table(themes, event, language)]


def nothing_yet(language: Language) -> str:
    """To the operator."""
    return _("Todavía no hay buenas prácticas aprobadas.", language)


def made(n: int, language: Language) -> str:
    """To the operator."""
    return _.plural(
        "Se exportó {n} buena práctica aprobada.", "Se exportaron {n} buenas prácticas aprobadas.", n, language
    )


def left_out(n: int, language: Language) -> str:
    """To the operator: what waits for review is not in the file."""
    return _.plural(
        "Queda {n} por revisar, que no está en el archivo.",
        "Quedan {n} por revisar, que no están en el archivo.",
        n,
        language,
    )


def letters_missing(letters: str, file: Path, language: Language) -> str:
    """To the operator: a square stands for what no font has."""
    return _(
        "Ninguna letra tipográfica tiene estos signos, y en {file} hay un cuadrado en su lugar: {letters}",
        language,
        file=file,
        letters=letters,
    )


def _table(themes: Mapping[SessionKey, Sequence[Practice]], event: Event, language: Language) -> Table:
    columns = (
        Column(_("Número", language), Look.ID),
        Column(_("Día", language), Look.DAY),
        Column(_("Tema", language), Look.LONG),
        Column(_("País", language)),
        Column(_("Institución", language)),
        Column(_("Título", language), Look.LONG),
        Column(_("En qué consiste", language), Look.LONG),
        Column(_("Qué resultado dio", language), Look.LONG),
        Column(_("Idioma", language)),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            str(each.number),
            date.fromisoformat(key),
            _theme(key, event, language),
            country_name(each.country, language),
            each.institution,
            each.title,
            each.text,
            each.results or None,
            language_name(each.language, language),
        )
        for key, some in themes.items()
        for code in _countries(some, language)
        for each in some
        if each.country == code
    ]
    return Table(_("Buenas prácticas", language), columns, tuple(rows))


def _said(practice: Practice, language: Language) -> Said:
    return {
        "number": _("Práctica {number}", language, number=practice.number),
        "title": practice.title,
        "institution": practice.institution,
        "language": practice.language,
        "text": _paragraphs(practice.text),
        "results_name": _("Qué resultado dio", language),
        "results": _paragraphs(practice.results),
    }


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _by_theme(practices: Sequence[Practice], event: Event) -> dict[SessionKey, list[Practice]]:
    """Every day of the event, and any other on which there is a practice."""
    keys = sorted({session.key for session in event.sessions} | {each.session for each in practices})
    return {key: [each for each in practices if each.session == key] for key in keys}


def _countries(practices: Sequence[Practice], language: Language) -> list[str]:
    codes = {each.country for each in practices}
    return sorted(codes, key=lambda code: alphabetical(country_name(code, language), language))


def _absent(practices: Sequence[Practice], expected: Iterable[str], language: Language) -> list[str]:
    there = {each.country for each in practices}
    names = [country_name(code, language) for code in expected if code not in there]
    return sorted(names, key=lambda name: alphabetical(name, language))


def _theme(key: SessionKey, event: Event, language: Language) -> str:
    themes = {session.key: text_in(session.theme, language) for session in event.sessions}
    return themes.get(key, _day(key, language))


def _day(key: SessionKey, language: Language) -> str:
    return day_name(date.fromisoformat(key), language, with_year=True)


def _short(key: SessionKey, event: Event, language: Language) -> str:
    """A theme by its number in the programme, or by its day where it is not in it."""
    numbers = {session.key: session.number for session in event.sessions}
    return _("Tema {number}", language, number=numbers[key]) if key in numbers else key
