"""The speaker line: who has the floor, for how long, who waits, and what could not be done on the Stage."""

from collections.abc import Sequence

from bot.floor import NoSession, NotSpeaking, Speech, Waiting
from bot.i18n import translator
from bot.languages import Language
from bot.participants import Country, Elsewhere
from bot.phrases.agenda import relative
from bot.phrases.connection import permission_name
from bot.phrases.directory import affiliation_name
from bot.phrases.refusals import words
from bot.turns import UNREGISTERED_TURN

_ = translator("floor")

#: The Spanish of what Discord shows of the command.
COMMANDS = (
    "Dé la palabra, y vea quién la tiene y quién la pide (quienes moderan)",
    "persona",
    "A quién dársela; sin nadie, solo se muestra quién la tiene y quién la pide",
    "minutos",
    "Por cuántos minutos",
)


def give_label(language: Language) -> str:
    """Over the list of raised hands."""
    return _("Dar la palabra a…", language)


def end_button(language: Language) -> str:
    return _("Terminó", language)


def back_button(language: Language) -> str:
    return _("Devolver al público", language)


def mute_button(language: Language) -> str:
    return _("Quitar el sonido", language)


def look_button(language: Language) -> str:
    return _("Ver de nuevo", language)


def card(speech: Speech | None, name: str, waiting: Sequence[tuple[Waiting, str]], language: Language) -> str:
    """Who has the floor, by name, and the hands in their order, each with its name."""
    if speech is None:
        lines = [_("**Nadie tiene la palabra.**", language)]
    else:
        lines = [
            _(
                "🎙️ **Tiene la palabra {name}** ({turn}). Termina {when}.",
                language,
                name=name,
                turn=turn_name(speech.turn, language),
                when=relative(speech.ends_at),
            )
        ]
    if not waiting:
        return "\n".join([*lines, _("Nadie pide la palabra en el auditorio.", language)])
    lines.append(_("**Piden la palabra**, primero la delegación que menos la ha tenido:", language))
    for place, (each, who) in enumerate(waiting, 1):
        lines.append(f"{place}. {waits(each, who, language)}")
    return "\n".join(lines)


def waits(each: Waiting, name: str, language: Language) -> str:
    """One hand in the line."""
    return _.plural(
        "{name} · {turn} ({n} vez)",
        "{name} · {turn} ({n} veces)",
        each.taken,
        language,
        name=name,
        turn=turn_name(each.turn, language),
    )


def turn_name(turn: str, language: Language) -> str:
    """For whom somebody takes a turn."""
    if turn == UNREGISTERED_TURN:
        return _("sin registrar", language)
    return affiliation_name(Elsewhere(turn) if turn in set(Elsewhere) else Country(turn), language)


def somebody(language: Language) -> str:
    """Who speaks, where there is no name for them any more."""
    return _("alguien", language)


def nudge(speech: Speech, language: Language) -> str:
    """To whoever moderates, when the end is near. It names nobody: it stays in the channel."""
    return _(
        "⏳ A quien tiene la palabra le quedan dos minutos: termina {when}. Turno: {turn}.",
        language,
        when=relative(speech.ends_at),
        turn=turn_name(speech.turn, language),
    )


def not_on_stage(name: str, language: Language) -> str:
    """There is nobody to be brought to the front."""
    return _("⚠️ {name} no está en el auditorio: el tiempo corre igual.", language, name=name)


def brought_back(name: str, language: Language) -> str:
    return _("{name} está de nuevo entre el público.", language, name=name)


def muted(name: str, language: Language) -> str:
    return _("{name} ya no se oye. Se le oirá cuando vuelva a tener la palabra.", language, name=name)


def ended(language: Language) -> str:
    return _("Terminó de hablar.", language)


def not_done(missing: Sequence[str], language: Language) -> str:
    """Discord did not let the bot do it; a moderator of the Stage can, by hand."""
    if not missing:
        return _("⚠️ Discord no lo hizo. Hágalo a mano en el auditorio, por favor.", language)
    return _(
        "⚠️ No pude: en el auditorio me falta el permiso «{permission}». Hágalo a mano, por favor.",
        language,
        permission=permission_name(missing[0], language),
    )


@words(NotSpeaking)
def _not_speaking(_refusal: NotSpeaking, language: Language) -> str:
    return _("Ya no tiene la palabra esa persona. Vea quién la tiene con /palabra.", language)


@words(NoSession)
def _no_session(_refusal: NoSession, language: Language) -> str:
    return _("La sesión ya terminó.", language)
