"""What is said about registration: the consent, the form, and what became of it."""

from datetime import date

from bot.collation import alphabetical
from bot.config import CoverageConfig
from bot.i18n import country_name, day_name, sentence, translator
from bot.languages import Language, Text, text_in
from bot.participants import (
    Affiliation,
    Country,
    Elsewhere,
    Field,
    NothingToRead,
    NotOnTheList,
    TooLongToKeep,
    written,
)
from bot.phrases.refusals import words

_ = translator("directory")

#: The Spanish of what Discord shows of the command.
COMMANDS = ("Regístrese en el evento, o corrija sus datos",)


def consent(text: Text, keep_until: date, registered: str | None, language: Language) -> str:
    """What is kept, what for and until when, before anything is asked. `registered`: as the person is already."""
    until = day_name(keep_until, language, with_year=True)
    parts = [
        _("**Registro de participantes**", language),
        text_in(text, language).strip(),
        _("Debe borrarse a más tardar el {day}.", language, day=until),
    ]
    if registered is None:
        parts.append(_("Si no acepta, no se guarda nada de esto y puede participar igual.", language))
    else:
        parts.append(
            _(
                "Ya tiene un registro: {registered}\nSi continúa puede corregirlo.",
                language,
                registered=registered,
            )
        )
    return "\n\n".join(parts)


def agree_button(language: Language) -> str:
    return _("Acepto y continúo", language)


def again_button(language: Language) -> str:
    return _("Volver al formulario", language)


def form_title(language: Language) -> str:
    return _("Registro", language)


def field_label(field: Field, language: Language) -> str:
    """At most 45 characters, as Discord has it."""
    return _(_LABELS[field], language)


def field_description(field: Field, language: Language) -> str | None:
    """At most 100 characters."""
    found = _DESCRIPTIONS.get(field)
    return None if found is None else _(found, language)


def language_name(named: Language) -> str:
    """A language in itself, for whoever looks for their own."""
    return {"es": "Español", "en": "English"}[named]


def affiliation_choices(coverage: CoverageConfig, language: Language) -> list[tuple[str, str]]:
    """What may be chosen, as value and label: the countries in the order of the alphabet, then what else there is."""
    countries = [Country(code) for code in dict.fromkeys(coverage.countries)]
    countries.sort(key=lambda country: alphabetical(country_name(country.code, language), language))
    return [(written(each), affiliation_name(each, language)) for each in (*countries, *Elsewhere)]


def pick_affiliation(language: Language) -> str:
    """Asked before the form, where there are more delegations than a form can list."""
    return _("Elija su delegación o su procedencia; después se abre el formulario.", language)


def list_placeholder(first: str, last: str, language: Language) -> str:
    """On a list of a part of the delegations."""
    return _("De {first} a {last}", language, first=first, last=last)


def affiliation_name(affiliation: Affiliation, language: Language) -> str:
    """The country's name, or what somebody is who is in no delegation."""
    if isinstance(affiliation, Country):
        return country_name(affiliation.code, language)
    return _(_ELSEWHERE[affiliation], language)


def described(name: str, institution: str, affiliation: Affiliation, profile: Text | None, language: Language) -> str:
    """A registration on one line; `name` and `institution` as they may be shown."""
    parts = [f"**{name}**", institution, affiliation_name(affiliation, language)]
    if profile is not None:
        parts.append(text_in(profile, language))
    return " · ".join(parts)


def registered(line: str, *, is_new: bool, lacks_profile: bool, language: Language) -> str:
    """The private answer to a registration that is saved. `line` describes it."""
    said = _("Registro guardado: {line}", language, line=line)
    if not is_new:
        said = _("Registro corregido: {line}", language, line=line)
    if lacks_profile:
        said += "\n" + _(
            "No indicó perfil: su delegación figura sin él en la cuenta de perfiles. Puede añadirlo cuando quiera.",
            language,
        )
    return said + "\n" + _("Para corregirlo, use /registro otra vez.", language)


def given_back(name: str, institution: str, language: Language) -> str:
    """What was typed and not taken, so that nobody has to write it again."""
    return _("Escribió:\nNombre: {name}\nInstitución: {institution}", language, name=name, institution=institution)


@words(NothingToRead)
def _nothing_to_read(refusal: NothingToRead, language: Language) -> str:
    return _(
        "No se guardó: en «{field}» no hay nada que se pueda leer. Escriba al menos una letra.",
        language,
        field=field_label(refusal.where, language),
    )


@words(TooLongToKeep)
def _too_long(refusal: TooLongToKeep, language: Language) -> str:
    return _(
        "No se guardó: «{field}» tiene {length} caracteres y caben {limit}. Acórtelo, por favor.",
        language,
        field=field_label(refusal.where, language),
        length=refusal.length,
        limit=refusal.limit,
    )


@words(NotOnTheList)
def _not_on_the_list(refusal: NotOnTheList, language: Language) -> str:
    return _(
        "No se guardó: falta elegir «{field}» de la lista, o lo elegido ya no está en ella. Elija de nuevo.",
        language,
        field=field_label(refusal.where, language),
    )


_LABELS = {
    Field.NAME: sentence("Nombre y apellidos"),
    Field.INSTITUTION: sentence("Institución"),
    Field.AFFILIATION: sentence("Delegación o procedencia"),
    Field.PROFILE: sentence("Perfil"),
    Field.LANGUAGE: sentence("Idioma"),
}

_DESCRIPTIONS = {
    Field.NAME: sentence("Como debe figurar en la lista de asistencia."),
    Field.PROFILE: sentence("Solo para delegaciones de países: el que más se acerque a su función."),
}

_ELSEWHERE = {
    Elsewhere.ORGANIZATION: sentence("Organización internacional"),
    Elsewhere.PANELIST: sentence("Panelista"),
    Elsewhere.STAFF: sentence("Equipo del evento"),
}
