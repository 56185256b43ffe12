"""What is said of the incidents of a rehearsal, a line each, in its transcript."""

from collections.abc import Sequence

from bot.i18n import translator
from bot.languages import Language

_ = translator("incidents")


def title(language: Language) -> str:
    """Above the lines."""
    return _("Incidentes del ensayo", language)


def introduction(language: Language) -> str:
    """What the lines are."""
    return _("En orden, con la hora del evento: qué pasó, y qué hizo el bot. Lo publicado está más abajo.", language)


def delayed(minutes: int, reason: str, planned: str, real: str, channels: str, language: Language) -> str:
    """The day was put off; `planned` and `real` are the hours of its end."""
    return _(
        "La organización usa /retrasar con {minutes} minutos («{reason}») y confirma. Se avisa en {channels}: el día "
        "termina a las {real}, y no a las {planned}.",
        language,
        minutes=minutes,
        reason=reason,
        planned=planned,
        real=real,
        channels=channels,
    )


def called_off(block: str, hours: str, reason: str, channels: str, language: Language) -> str:
    """A block was taken out."""
    return _(
        "La organización usa /agenda cancelar con el bloque «{block}» ({hours}; «{reason}») y confirma. Se avisa en "
        "{channels}; el bloque ya no se anuncia ni cuenta para la asistencia.",
        language,
        block=block,
        hours=hours,
        reason=reason,
        channels=channels,
    )


def refused(command: str, answer: str, language: Language) -> str:
    """A command did not do what it should; `answer` is what the bot said."""
    return _("/{command} no tuvo efecto. El bot respondió: {answer}", language, command=command, answer=answer)


def untold(channels: str, language: Language) -> str:
    """Nothing in these channels told of a change."""
    return _("NO se avisó una sola vez en cada canal ({channels}).", language, channels=channels)


def restarted(back: str, seconds: int, moves: int, waited: int, language: Language) -> str:
    """The bot was away until `back`; so many came or went in the auditorium, and `waited` acts were tried again."""
    return _(
        "El bot se detiene y vuelve a las {back}, {seconds} segundos después; ese tiempo de presencia no cuenta para "
        "nadie, pues nadie lo veía. Mientras tanto: entradas y salidas del auditorio, {moves}; acciones que esperaron "
        "a que volviera, {waited}.",
        language,
        back=back,
        seconds=seconds,
        moves=moves,
        waited=waited,
    )


def posted_at_once(references: Sequence[str], language: Language) -> str:
    """What came as soon as it could."""
    if not references:
        return _("No quedaba ningún aviso por enviar.", language)
    return _("Salió al momento: {references}.", language, references=", ".join(references))


def broken(resumes: bool, came_back: bool, replayed: int, language: Language) -> str:
    """The connection broke. `came_back`: in the way that it should have."""
    if not came_back:
        return _("Se corta la conexión con Discord, y el bot NO volvió como debía.", language)
    if resumes:
        return _(
            "Se corta la conexión con Discord mientras alguien sale y alguien entra. El bot la reanuda (RESUME) y "
            "recibe {replayed} sucesos que se había perdido.",
            language,
            replayed=replayed,
        )
    return _(
        "Se corta la conexión con Discord mientras alguien sale y alguien entra, y no se puede reanudar. El bot se "
        "identifica de nuevo y mira quién está.",
        language,
    )


def board_deleted(channel: str, back: str | None, language: Language) -> str:
    """The moderators' message was deleted, and came back at `back`; None: it did not."""
    if back is None:
        return _("Alguien borra el mensaje vivo de preguntas en {channel}, y NO volvió.", language, channel=channel)
    return _(
        "Alguien borra el mensaje vivo de preguntas en {channel}. El bot lo publica de nuevo a las {back}.",
        language,
        channel=channel,
        back=back,
    )


def no_board(channel: str, language: Language) -> str:
    """There was nothing to delete."""
    return _("NO había mensaje vivo de preguntas que borrar en {channel}.", language, channel=channel)


def forbidden(channel: str, until: str, organizers: str, alerts: int, language: Language) -> str:
    """The bot could not write in a channel until `until`; organizers were told so in so many messages."""
    if not alerts:
        return _(
            "El bot pierde el permiso de escribir en {channel} hasta las {until}, y NO avisó en {organizers}.",
            language,
            channel=channel,
            until=until,
            organizers=organizers,
        )
    return _(
        "El bot pierde el permiso de escribir en {channel} hasta las {until}, y lo dice en {organizers} ({alerts}).",
        language,
        channel=channel,
        until=until,
        organizers=organizers,
        alerts=alerts,
    )


def held_back(references: Sequence[str], language: Language) -> str:
    """What came once it could be written."""
    if not references:
        return _("No había nada que publicar mientras tanto.", language)
    return _(
        "Con el permiso de vuelta publica lo que esperaba: {references}.", language, references=", ".join(references)
    )


def said_wrongly(key: str, channel: str, language: Language) -> str:
    """Something was announced that the programme does not have, or before its hour."""
    return _("NO debía publicarse, o no todavía: {key} en {channel}.", language, key=key, channel=channel)


def listed_twice(day: str, language: Language) -> str:
    """The server's list of events has a day more than once."""
    return _("El {day} quedó más de una vez en la lista de eventos del servidor.", language, day=day)


def counted(played: int, wrong: int, language: Language) -> tuple[str, str]:
    """How many there were, and how many things went wrong with them."""
    return _("Incidentes", language), _("{played}, {wrong} sin resolver", language, played=played, wrong=wrong)


def met(kind: str, route: str, times: int, language: Language) -> str:
    """Discord is to answer the next requests of a route with that fault, by its name."""
    return _(
        "A partir de aquí, Discord responde {times} de las peticiones «{route}» con la falla «{kind}».",
        language,
        times=times,
        route=route,
        kind=kind,
    )
