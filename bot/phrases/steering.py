"""What is said when the day goes otherwise than planned: previews, what everybody is told, and refusals."""

from collections.abc import Sequence

from bot.agenda import Block, Event
from bot.agenda_changes import (
    BeyondTheDay,
    BlockIsPast,
    BlocksWouldOverlap,
    LastBlockOfTheDay,
    NoQuestionsToOpen,
    NothingToDelay,
    PastWouldChange,
)
from bot.agenda_differences import Billing, Difference, Retitled
from bot.i18n import day_name, hour_of_place, translator
from bot.languages import Language, text_in
from bot.live_agenda import ChangedMeanwhile, OtherDays
from bot.phrases.agenda import hour
from bot.phrases.refusals import words
from bot.steering import AlreadyConfirmed, AlreadyPaused, ChangesNothing, HoursUnreadable, NothingToPause

_ = translator("steering")

#: What Discord shows of the commands.
COMMANDS = (
    "Retrase el bloque en curso, o el siguiente, y lo que queda del día (quienes moderan)",
    "minutos",
    "motivo",
    "Cuántos minutos; con signo menos, se adelanta",
    "Por qué; lo leerán todas las personas",
    "Cambie un bloque del programa (organización)",
    "Dé otras horas a un bloque (organización)",
    "Quite del programa un bloque que no ha comenzado (organización)",
    "Cambie quién expone o modera un bloque, o su título (organización)",
    "bloque",
    "horas",
    "ponente",
    "modera",
    "rol",
    "titulo",
    "El bloque; escriba parte de su hora o título",
    "Las horas oficiales, como 10:30-11:15",
    "Quién expone, en lugar de quien estaba previsto",
    "Quién modera, en lugar de quien estaba previsto",
    "El rol de Discord de quien modera: sus permisos pasan a él",
    "El título nuevo",
    "Deje de recibir preguntas nuevas hasta /abrir (quienes moderan)",
    "Reciba preguntas de nuevo, o comience ya el espacio de preguntas (quienes moderan)",
    "Anuncie algo a todas las personas, en los idiomas del evento (organización)",
)


def preview(public: str, language: Language) -> str:
    """What the person who changes something sees first; `public` is what everybody will be told."""
    said = _("**Vista previa: nada ha cambiado todavía.** Si lo confirma, se publicará esto:", language)
    return f"{said}\n\n{public}"


def only_rights(language: Language) -> str:
    """Where a change is nothing that the programme says."""
    return _("(No se publica nada: solo cambian los permisos para moderar.)", language)


def confirm_button(language: Language) -> str:
    return _("Confirmar", language)


def done(language: Language) -> str:
    return _("Hecho: el programa cambió. El aviso se publica ahora, y lo ya publicado se corrige.", language)


def being_said(language: Language) -> str:
    return _("Hecho: se publica ahora.", language)


def changed(
    found: Sequence[Difference],
    event: Event,
    reason: str | None,
    language: Language,
    themes: Sequence[Retitled] = (),
) -> str:
    """What everybody is told of a change: each block with its old and its new hour. `reason` as it is to be shown."""
    parts = []
    for key in sorted({*(each.session for each in found), *(each.session for each in themes)}):
        session = next((s for s in event.sessions if s.key == key), None)
        day = key if session is None else day_name(session.day, language)
        parts.append(_("**Cambio en el programa** · {day} ({place})", language, day=day, place=_place(event, language)))
        parts.extend(
            _("- Tema: {after} (antes: {before})", language, **_themes(each, language))
            for each in themes
            if each.session == key
        )
        parts.extend(_line(each, language) for each in found if each.session == key)
    if reason:
        parts.append(_("Motivo: {reason}", language, reason=reason))
    return "\n".join(parts)


def paused(language: Language) -> str:
    return _("**Las preguntas quedan en pausa.** Se avisará aquí cuando se reciban de nuevo.", language)


def resumed(language: Language) -> str:
    return _("**Se reciben preguntas de nuevo.** Envíe la suya con /pregunta.", language)


def paused_by_you(language: Language) -> str:
    return _("Hecho: no se reciben preguntas nuevas hasta /abrir. Lo ya recibido sigue en la cola.", language)


def resumed_by_you(language: Language) -> str:
    return _("Hecho: se reciben preguntas de nuevo.", language)


def say_title(language: Language) -> str:
    return _("Anuncio para todas las personas", language)


def say_field(written_in: Language, language: Language) -> str:
    return _("En español", language) if written_in == "es" else _("En inglés", language)


def block_suggestion(block: Block, day: str, language: Language) -> str:
    return f"{day} · {block.printed} · {text_in(block.title, language)}"


def _line(each: Difference, language: Language) -> str:
    before, after = each.before, each.after
    if after is None:
        assert before is not None
        return _(
            "- ~~{before}~~ **Se cancela:** {title}", language, before=before.printed, title=_headed(before, language)
        )
    if before is None:
        values = {"after": after.printed, "local": _local(after), "title": _headed(after, language)}
        return _("- **{after}** (su hora local: {local}) **Nuevo:** {title}", language, **values)
    values = {
        "before": before.printed,
        "after": after.printed,
        "local": _local(after),
        "title": _headed(after, language),
    }
    if before.hours == after.hours:
        said = _("- {after} (su hora local: {local}) {title}", language, **values)
    else:
        said = _("- ~~{before}~~ → **{after}** (su hora local: {local}) {title}", language, **values)
    if _headed(before, language) != _headed(after, language):
        said += _(" (antes: {title})", language, title=_headed(before, language))
    if before.moderator != after.moderator and after.moderator is not None:
        said += " · " + _("Modera: {who}", language, who=text_in(after.moderator, language))
    return said


def _themes(each: Retitled, language: Language) -> dict[str, str]:
    return {"before": text_in(each.before, language), "after": text_in(each.after, language)}


def _headed(billing: Billing, language: Language) -> str:
    title = text_in(billing.title, language)
    speakers = ", ".join(text_in(each, language) for each in billing.speakers)
    return f"{title}: {speakers}" if speakers else title


def _local(billing: Billing) -> str:
    return f"{hour(billing.hours.starts_at)}-{hour(billing.hours.ends_at)}"


def _place(event: Event, language: Language) -> str:
    return hour_of_place(event.timezone, language)


def _named(block: Block, language: Language) -> str:
    return f"{block.printed} · {text_in(block.title, language)}"


@words(NothingToDelay)
def _nothing_to_delay(_refusal: NothingToDelay, language: Language) -> str:
    return _("Hoy no queda ningún bloque que retrasar.", language)


@words(BlockIsPast)
def _block_is_past(refusal: BlockIsPast, language: Language) -> str:
    return _(
        "No se cambió nada: «{block}» ya comenzó o ya pasó, o lo haría con ese cambio. Lo pasado conserva sus horas.",
        language,
        block=_named(refusal.block, language),
    )


@words(BlocksWouldOverlap)
def _overlap(refusal: BlocksWouldOverlap, language: Language) -> str:
    return _(
        "No se cambió nada: «{block}» coincidiría con «{other}». Elija otras horas o mueva antes el otro bloque.",
        language,
        block=_named(refusal.block, language),
        other=_named(refusal.other, language),
    )


@words(BeyondTheDay)
def _beyond(refusal: BeyondTheDay, language: Language) -> str:
    return _(
        "No se cambió nada: «{block}» no cabría en su día, o terminaría antes de comenzar.",
        language,
        block=_named(refusal.block, language),
    )


@words(LastBlockOfTheDay)
def _last_block(refusal: LastBlockOfTheDay, language: Language) -> str:
    return _(
        "No se cambió nada: «{block}» es el único bloque de su día, y un día no puede quedar vacío.",
        language,
        block=_named(refusal.block, language),
    )


@words(NoQuestionsToOpen)
def _no_questions(_refusal: NoQuestionsToOpen, language: Language) -> str:
    return _(
        "No hay nada que abrir: las preguntas no están en pausa, y no hay un espacio de preguntas por comenzar en la "
        "sesión en curso.",
        language,
    )


@words(PastWouldChange)
def _past(refusal: PastWouldChange, language: Language) -> str:
    return _(
        "El programa sigue como estaba: la configuración dice otra cosa de «{block}», que ya comenzó. Devuélvale en "
        "config.toml lo que tenía y léala de nuevo.",
        language,
        block=_named(refusal.block, language),
    )


@words(OtherDays)
def _other_days(_refusal: OtherDays, language: Language) -> str:
    return _(
        "El programa sigue como estaba: la configuración tiene otros días. Para eso hay que detener el bot y "
        "arrancarlo de nuevo.",
        language,
    )


@words(ChangedMeanwhile)
def _changed_meanwhile(_refusal: ChangedMeanwhile, language: Language) -> str:
    return _(
        "No se cambió nada: otra persona cambió el programa después de esta vista previa. Véalo con /programa y "
        "repita la orden.",
        language,
    )


@words(AlreadyConfirmed)
def _already_confirmed(_refusal: AlreadyConfirmed, language: Language) -> str:
    return _("Ya se confirmó antes. No se hizo otra vez.", language)


@words(ChangesNothing)
def _changes_nothing(_refusal: ChangesNothing, language: Language) -> str:
    return _("El programa ya dice eso: no hay nada que cambiar.", language)


@words(AlreadyPaused)
def _already_paused(_refusal: AlreadyPaused, language: Language) -> str:
    return _("Las preguntas ya están en pausa. Ábralas con /abrir.", language)


@words(NothingToPause)
def _nothing_to_pause(_refusal: NothingToPause, language: Language) -> str:
    return _("Ahora no se reciben preguntas: no hay nada que poner en pausa.", language)


@words(HoursUnreadable)
def _hours_unreadable(refusal: HoursUnreadable, language: Language) -> str:
    return _("No entiendo las horas «{text}». Escríbalas como 10:30-11:15.", language, text=refusal.text)
