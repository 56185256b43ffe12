"""The call before a session, who came to it, and what the bot finds when it looks at itself."""

from collections.abc import Iterator, Sequence

from bot.agenda import Session
from bot.errors import NotSavedReason
from bot.i18n import day_name, size_name, translator
from bot.languages import Language, text_in
from bot.phrases.agenda import hour, relative, theme
from bot.phrases.connection import lack
from bot.phrases.refusals import words
from bot.preflight import (
    Attendance,
    CallIsOver,
    NotCalled,
    Place,
    SelfCheck,
    TroubleKind,
    WhichPanelist,
)

_ = translator("preflight")

#: The Spanish of what Discord shows of the command.
COMMANDS = ("Vea quién falta de moderación y panel, y si el bot está listo (organización)",)


def here_button(language: Language) -> str:
    return _("Estoy", language)


def which_panelist(language: Language) -> str:
    """Over the list of panelists whose accounts are not known."""
    return _("¿Quién es usted?", language)


def called(session: Session, language: Language) -> str:
    """The call, without those who are called."""
    return _(
        "**Comenzamos {when}**, a las {at}: {theme}. Si ya está, pulse el botón, por favor.",
        language,
        when=relative(session.starts_at),
        at=hour(session.starts_at),
        theme=theme(session, language),
    )


def welcomed(taken: Sequence[Place], session: Session, language: Language) -> str:
    """To whoever said to be there."""
    roles = ", ".join(_place(place, language) for place in taken)
    return _(
        "Gracias: la organización sabe que usted está ({roles}). Comenzamos {when}.",
        language,
        roles=roles,
        when=relative(session.starts_at),
    )


def roll(session: Session, attended: Sequence[Attendance], names: Sequence[str], language: Language) -> str:
    """Who is there and who is missing; `names` are the panelists as they are shown."""
    missing = [_who(each.place, name, language) for each, name in zip(attended, names, strict=True) if not each.people]
    there = [_came(each, name, language) for each, name in zip(attended, names, strict=True) if each.people]
    lines = [
        _(
            "**Revista · {day}**, comienza {when}",
            language,
            day=day_name(session.day, language),
            when=relative(session.starts_at),
        )
    ]
    if missing:
        lines.append(
            _.plural("⚠️ Falta {n}: {who}", "⚠️ Faltan {n}: {who}", len(missing), language, who=", ".join(missing))
        )
    if there:
        lines.append(_("✅ Están: {who}", language, who=", ".join(there)))
    return "\n".join(lines)


def checked(found: SelfCheck, language: Language) -> str:
    """The look at the bot itself: what is wrong, or that nothing is, and then the figures."""
    troubles = [f"- ⚠️ {line}" for kind in found.troubles for line in _trouble(kind, found, language)]
    head = (
        _.plural("**El bot: {n} problema**", "**El bot: {n} problemas**", len(troubles), language)
        if troubles
        else _("✅ **El bot está listo**: canales, permisos, reloj, disco, base de datos y copias.", language)
    )
    return "\n".join([head, *troubles, _figures(found, language)])


def _figures(found: SelfCheck, language: Language) -> str:
    status = found.status
    return "-# " + " · ".join(
        (
            _("base de datos: {size}", language, size=size_name(status.database_bytes, language)),
            _("libre en el disco: {size}", language, size=size_name(status.free_bytes, language)),
            _("última copia: {at}", language, at=relative(status.last_backup))
            if status.last_backup is not None
            else _("última copia: ninguna todavía", language),
        )
    )


def _trouble(kind: TroubleKind, found: SelfCheck, language: Language) -> Iterator[str]:
    status = found.status
    match kind:
        case TroubleKind.SERVER:
            yield _("No tengo conexión con Discord, o el servidor del evento no está.", language)
        case TroubleKind.LACK:
            for each in found.lacks:
                yield lack(each, language)
        case TroubleKind.CLOCK:
            assert found.clock_off is not None
            seconds = round(found.clock_off.total_seconds())
            many = abs(seconds)
            if seconds > 0:
                yield _.plural(
                    "El reloj de la máquina va {n} segundo adelantado al de Discord: los avisos saldrán antes.",
                    "El reloj de la máquina va {n} segundos adelantado al de Discord: los avisos saldrán antes.",
                    many,
                    language,
                )
            else:
                yield _.plural(
                    "El reloj de la máquina va {n} segundo atrasado al de Discord: los avisos saldrán tarde.",
                    "El reloj de la máquina va {n} segundos atrasado al de Discord: los avisos saldrán tarde.",
                    many,
                    language,
                )
        case TroubleKind.CLOCK_UNKNOWN:
            yield _("No pude comparar el reloj con el de Discord: todavía no he publicado nada.", language)
        case TroubleKind.DISK:
            yield _(
                "Queda poco espacio en el disco: {size}. Quien opera el bot debe liberar más.",
                language,
                size=size_name(status.free_bytes, language),
            )
        case TroubleKind.DATABASE:
            yield _database(found, language)
        case TroubleKind.BACKUP:
            yield _("No hay una copia reciente de la base de datos.", language)
        case TroubleKind.BACKUP_FAILED:
            yield _("La última copia de la base de datos no pudo hacerse.", language)


def _database(found: SelfCheck, language: Language) -> str:
    if found.status.trouble is NotSavedReason.FULL:
        return _("La base de datos no guarda nada: el disco está lleno.", language)
    if found.status.trouble is not None:
        return _("La base de datos no guarda nada en este momento.", language)
    return _("La base de datos está dañada. Avise a quien opera el bot: hay que recuperar la última copia.", language)


def moderation(language: Language) -> str:
    """Whoever moderates, where the server has no role for it."""
    return _("moderación", language)


def _place(place: Place, language: Language) -> str:
    return _("moderación", language) if place.panelist is None else _("panel", language)


def _who(place: Place, name: str, language: Language) -> str:
    if place.panelist is None:
        return _("moderación", language)
    institution = place.panelist.institution
    return name if institution is None else f"{name} ({text_in(institution, language)})"


def _came(each: Attendance, name: str, language: Language) -> str:
    if each.place.panelist is None and len(each.people) > 1:
        return _("moderación ({n} personas)", language, n=len(each.people))
    return _who(each.place, name, language)


@words(NotCalled)
def _not_called(_refusal: NotCalled, language: Language) -> str:
    return _(
        "Esta llamada es para quien modera y para el panel de la sesión, y no lo encuentro entre ellos. Si debe "
        "estar, escriba a la organización.",
        language,
    )


@words(WhichPanelist)
def _which(refusal: WhichPanelist, language: Language) -> str:
    return _("Diga quién es usted: {names}.", language, names=", ".join(refusal.names))


@words(CallIsOver)
def _over(_refusal: CallIsOver, language: Language) -> str:
    return _("Esa sesión ya terminó.", language)
