"""What is said about the profiles of those who share a connection, to whoever declared them."""

from collections.abc import Sequence

from bot.attendance import CheckIn, NoNumber, NotCheckedIn, TooManyProfiles
from bot.config import Profile
from bot.i18n import translator
from bot.languages import Language, text_in
from bot.phrases.refusals import words

_ = translator("companions")


def asked(check_in: CheckIn, profiles: Sequence[Profile], language: Language, *, forgot: bool) -> str:
    """Said with the button that opens the form. `forgot`: what was told before did not fit the new number."""
    if forgot:
        return _(
            "Los perfiles que había indicado no caben en ese número y se quitaron: indíquelos otra vez, por favor.",
            language,
        )
    if not check_in.profiles:
        return _("Si quiere, indique con el botón de qué perfil son. Se anota como declarado.", language)
    return told(check_in, profiles, language)


def told(check_in: CheckIn, profiles: Sequence[Profile], language: Language) -> str:
    """The profiles as they are declared, and how many companions have none."""
    names = {profile.key: text_in(profile.name, language) for profile in profiles}
    known = [f"{names.get(profile, profile)} {number}" for profile, number in check_in.profiles]
    rest = check_in.companions - sum(number for _profile, number in check_in.profiles)
    if rest:
        known.append(_("sin perfil {n}", language, n=rest))
    return _("Perfiles de sus acompañantes, como los declaró: {profiles}.", language, profiles=", ".join(known))


def saved(check_in: CheckIn, profiles: Sequence[Profile], language: Language) -> str:
    """The answer to the form that is saved."""
    return _("Anotado.", language) + " " + told(check_in, profiles, language)


def profiles_button(language: Language) -> str:
    return _("Indicar perfiles…", language)


def form_title(language: Language) -> str:
    """The form's heading, at most 45 characters."""
    return _("Perfiles de sus acompañantes", language)


def field_description(companions: int, language: Language) -> str:
    """Below each profile's name, at most 100 characters."""
    return _.plural(
        "Si es el perfil de su acompañante, escriba 1; si no, nada.",
        "Cuántas de las {n} personas que lo acompañan; nada, si ninguna.",
        companions,
        language,
    )


@words(NotCheckedIn)
def _not_checked_in(_refusal: NotCheckedIn, language: Language) -> str:
    return _("Primero anote su presencia y cuántas personas lo acompañan: /presente acompanantes", language)


@words(TooManyProfiles)
def _too_many_profiles(refusal: TooManyProfiles, language: Language) -> str:
    return _(
        "Indicó perfiles de {given} personas y anotó {companions} acompañantes. No se guardó nada; corrija lo uno o lo "
        "otro, por favor.",
        language,
        given=refusal.given,
        companions=refusal.companions,
    )


@words(NoNumber)
def _no_number(_refusal: NoNumber, language: Language) -> str:
    return _("Escriba solo números, por ejemplo 2. No se guardó nada.", language)
