"""How the bot is doing, as organizers and the operator read it."""

from collections.abc import Iterator
from datetime import date

from bot.i18n import day_name, size_name, translator
from bot.ids import SessionKey
from bot.languages import Language
from bot.phrases.questions import state_name
from bot.question_states import State
from bot.status import SeenCue, Status

_ = translator("status")

#: The Spanish of what Discord shows of the command.
COMMANDS = ("Vea cómo está el bot: conexión, avisos, preguntas, base de datos y copias (organización)",)

_WAITING = (State.PENDING, State.APPROVED, State.ON_AIR, State.DEFERRED)


def told(status: Status, language: Language) -> str:
    """All of it, for an organizer; hours as Discord shows them to each reader."""
    return "\n".join(_lines(status, language))


def _lines(status: Status, language: Language) -> Iterator[str]:
    well = _("✅ Estrado funciona.", language)
    yield well if status.is_well else _("⚠️ Estrado tiene un problema; vea abajo.", language)
    yield _("- En marcha desde {since}", language, since=_ago(status.since.timestamp()))
    yield f"- {_connection(status, language)}"
    yield _("- Último aviso: {cue}", language, cue=_cue(status.last_cue, language))
    yield _("- Próximo aviso: {cue}", language, cue=_cue(status.next_cue, language))
    yield _(
        "- Preguntas del {day}: {counts}",
        language,
        day=_day(status.session, language),
        counts=" · ".join(f"{state_name(state, language)} {status.questions.get(state, 0)}" for state in _WAITING),
    )
    yield _(
        "- Base de datos: {size}; libre en el disco: {free}; operaciones en espera: {pending}",
        language,
        size=size_name(status.database_bytes, language),
        free=size_name(status.free_bytes, language),
        pending=status.pending,
    )
    if status.trouble is not None:
        yield _("- ⚠️ La base de datos no puede guardar nada ahora ({reason}).", language, reason=status.trouble.value)
    yield f"- {_backup(status, language)}"


def _connection(status: Status, language: Language) -> str:
    if not status.connected:
        return _("⚠️ Sin conexión con Discord", language)
    if not status.in_server:
        return _("⚠️ Conectado con Discord, pero el servidor del evento no está", language)
    if status.latency_seconds is None:
        return _("Conectado con Discord", language)
    milliseconds = round(status.latency_seconds * 1000)
    return _("Conectado con Discord; responde en {milliseconds} ms", language, milliseconds=milliseconds)


def _backup(status: Status, language: Language) -> str:
    if status.last_backup is None:
        said = _("Última copia: ninguna todavía", language)
    else:
        said = _("Última copia: {at}", language, at=_ago(status.last_backup.timestamp()))
    if status.backup_failed_at is None:
        return said
    failed = _ago(status.backup_failed_at.timestamp())
    return said + " " + _("⚠️ La siguiente no pudo hacerse ({at}).", language, at=failed)


def _cue(cue: SeenCue | None, language: Language) -> str:
    return _("ninguno", language) if cue is None else f"{cue.reference}, {_ago(cue.at.timestamp())}"


def _day(session: SessionKey, language: Language) -> str:
    return day_name(date.fromisoformat(session), language)


def _ago(timestamp: float) -> str:
    return f"<t:{int(timestamp)}:f> (<t:{int(timestamp)}:R>)"
