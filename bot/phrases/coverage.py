"""What delegations lack, and what changed since the day before."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from bot.agenda import Event
from bot.collation import alphabetical
from bot.config import Profile
from bot.coverage import Delegation, Stand
from bot.i18n import country_name, day_name, translator
from bot.languages import Language, text_in
from bot.phrases.sight import noted
from bot.summary_values import Change, Summary

_ = translator("coverage")

L = TypeVar("L", Change, Delegation)

#: Longer than this, gaps are told with the letters of the matrix below them instead of the profiles' names.
_LONG = 1200


def gaps(summary: Summary, letters: Iterable[str], language: Language) -> list[str]:
    """What each incomplete delegation lacks, a line each: "Faltan: Belice, Control migratorio: 0 de 2"."""

    def told(say: Callable[[Profile], str]) -> list[str]:
        return [
            _(
                "Faltan: {country}, {gaps}",
                language,
                country=country_name(line.country, language),
                gaps="; ".join(
                    _("{profile}: {has} de {minimum}", language, profile=say(profile), has=has, minimum=profile.minimum)
                    for profile, has in summary.missing(line)
                ),
            )
            for line in _alphabetically(summary.standing(Stand.INCOMPLETE), language)
        ]

    by_name, by_letter = (told(say) for say in _profile_names(summary, letters, language))
    return by_name if sum(map(len, by_name)) <= _LONG else by_letter


def gained(summary: Summary, letters: Iterable[str], event: Event, language: Language) -> str:
    """What changed in the coverage since the day before; empty on the first day."""
    if summary.since is None:
        return ""
    against = _("**Frente al {day}**", language, day=day_name(summary.since.day, language))
    heading = noted(against, (*summary.since_unknown, *summary.unknown_in_blocks), event, language)
    if not summary.gained:
        return f"{heading}: {_('sin cambios en la cobertura', language)}"
    more = [change for change in summary.gained if change.by > 0]
    fewer = [change for change in summary.gained if change.by < 0]

    def told(say: Callable[[Profile], str]) -> str:
        lines = [f"{heading}:"]
        if more:
            lines.append(_("Más: {changes}", language, changes=_changes(more, say, language)))
        if fewer:
            lines.append(_("Menos: {changes}", language, changes=_changes(fewer, say, language)))
        return "\n".join(lines)

    by_name, by_letter = (told(say) for say in _profile_names(summary, letters, language))
    return by_name if len(by_name) <= _LONG else by_letter


def _changes(changes: Iterable[Change], say: Callable[[Profile], str], language: Language) -> str:
    return "; ".join(
        _(
            "{country}, {profile}: {before} → {now}",
            language,
            country=country_name(each.country, language),
            profile=say(each.profile),
            before=each.before,
            now=each.now,
        )
        for each in _alphabetically(changes, language)
    )


def _alphabetically(lines: Iterable[L], language: Language) -> list[L]:
    return sorted(lines, key=lambda line: alphabetical(country_name(line.country, language), language))


def _profile_names(
    summary: Summary, letters: Iterable[str], language: Language
) -> tuple[Callable[[Profile], str], Callable[[Profile], str]]:
    """How a profile is called: by its name, and by its letter in the matrix."""
    letter_of = {profile.key: f"`{letter}`" for profile, letter in zip(summary.profiles, letters, strict=True)}
    return (lambda profile: text_in(profile.name, language)), (lambda profile: letter_of[profile.key])
