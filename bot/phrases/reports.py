"""The final report as it is posted, and what is said of files that are handed over."""

from collections.abc import Sequence

from bot.agenda import Event
from bot.coverage import Delegation, Stand
from bot.event_coverage import days_present
from bot.i18n import country_name, day_name, translator
from bot.languages import Language, text_in
from bot.phrases.sight import noted
from bot.phrases.summary import by_name
from bot.questions import State
from bot.summary_values import Final, Summary

_ = translator("reports")

#: The Spanish of what Discord shows of the commands.
COMMANDS = (
    "Informes del evento (organización)",
    "Reciba los archivos de un día: imagen, hoja de cálculo, acta y lista de personas (organización)",
    "fecha",
    "El día de la sesión; sin él, la de hoy o la última",
    "final",
    "Reciba los archivos de todo el evento (organización)",
)


def posted(final: Final, lines: Sequence[Delegation], event: Event) -> tuple[str, ...]:
    """The final report as it is posted: in each of the event's languages. It names delegations and nobody."""
    return tuple(told(final, lines, event, language) for language in event.languages)


def told(final: Final, lines: Sequence[Delegation], event: Event, language: Language) -> str:
    """The whole event in figures. `lines` are the coverage of all days together."""
    parts = [_heading(final, event, language), _people(final, language)]
    parts.append("\n".join(_day(each, event, language) for each in final.summaries))
    parts.append(_coverage(final, lines, language))
    return "\n\n".join(parts)


def with_files(language: Language) -> str:
    """Said where the final report is posted."""
    return _("La hoja de cálculo, el acta y la lista de personas: `/informe final`.", language)


def handed_over(language: Language) -> str:
    """Said with files that name people, to organizers alone."""
    return _(
        "La hoja de cálculo y el archivo «personas» contienen nombres y textos que no se publicaron: son para la "
        "organización. La imagen y el acta no nombran a nadie.",
        language,
    )


def too_large(names: Sequence[str], language: Language) -> str:
    """Files that Discord does not take."""
    return _.plural(
        "Este archivo es demasiado grande para Discord: {names}. Quien opera el bot lo hace con `estrado report`.",
        "Estos archivos son demasiado grandes para Discord: {names}. Quien opera el bot los hace con `estrado report`.",
        len(names),
        language,
        names=", ".join(names),
    )


def made(n: int, folder: str, language: Language) -> str:
    """To who asked for the files on the command line."""
    return _.plural(
        "Se hizo {n} archivo en {folder}.", "Se hicieron {n} archivos en {folder}.", n, language, folder=folder
    )


def handle_with_care(language: Language) -> str:
    """The same, of what is in them."""
    return _("Dos de ellos contienen nombres, el .xlsx y el .csv: son para la organización.", language)


def _heading(final: Final, event: Event, language: Language) -> str:
    lines = [_("## Informe final", language), text_in(event.name, language)]
    if final.provisional:
        lines.append(_("**Provisional**: el evento no ha terminado y las cifras pueden cambiar.", language))
    return "\n".join(lines)


def _people(final: Final, language: Language) -> str:
    attended = [career for career in final.people if days_present(career)]
    every = sum(days_present(career) == len(final.summaries) for career in attended)
    return _(
        "**Asistieron {attended} de {registered} personas registradas**, {every} de ellas todos los días. Cada persona "
        "cuenta una vez; quienes no se registraron se cuentan solo por día.",
        language,
        attended=len(attended),
        registered=len(final.people),
        every=every,
    )


def _day(summary: Summary, event: Event, language: Language) -> str:
    total = summary.total
    expected = sum(line.stand is not Stand.UNEXPECTED for line in summary.delegations)
    said = _(
        "- **{day}**: {people} presentes, de ellas {unregistered} sin registrar; declararon presencia {declared}, con "
        "{companions} acompañantes; delegaciones completas {complete} de {expected}; preguntas {received}, "
        "respondidas {answered}",
        language,
        day=day_name(summary.session.day, language),
        people=total.people,
        unregistered=summary.unregistered.people,
        declared=total.declared,
        companions=total.companions,
        complete=len(summary.standing(Stand.COMPLETE)),
        expected=expected,
        received=summary.questions.received,
        answered=summary.questions[State.ANSWERED],
    )
    return noted(said, summary.unknown_in_blocks, event, language)


def _coverage(final: Final, lines: Sequence[Delegation], language: Language) -> str:
    profiles = final.summaries[-1].profiles
    expected = [line for line in by_name(lines, language) if line.stand is not Stand.UNEXPECTED]
    complete = sum(line.stand is Stand.COMPLETE for line in expected)
    said = [
        _(
            "**Cobertura de todo el evento**: {complete} de {expected} delegaciones completas.",
            language,
            complete=complete,
            expected=len(expected),
        )
    ]
    for line in expected:
        missing = [
            _(
                "{profile}: {has} de {minimum}",
                language,
                profile=text_in(profile.name, language),
                has=has,
                minimum=profile.minimum,
            )
            for has, profile in zip(line.by_profile, profiles, strict=True)
            if has < profile.minimum
        ]
        if missing:
            said.append(f"- {country_name(line.country, language)}: {'; '.join(missing)}")
    return "\n".join(said)
