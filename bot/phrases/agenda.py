"""What is said about the agenda: announcements, the day's programme, and what is on and what is next."""

from collections.abc import Iterable
from datetime import datetime

from bot.agenda import Block, Event, Panelist, Session
from bot.cues import Cue, CueKind, Form, Post
from bot.i18n import day_name, hour_of_place, translator
from bot.languages import Language, Text, text_in

_ = translator("agenda")


def announcement(
    post: Post, event: Event, recorded: Text, now: datetime, language: Language, *, way_in: str | None = None
) -> str:
    """The whole text of a public post as it is to be told at `now`, in one language.

    `recorded` is what an opening says is recorded about people, `way_in` the address of where the event is held. Any
    length.
    """
    session = event.session(post.session)
    opening = next((cue for cue in post.cues if cue.kind is CueKind.OPENING), None)
    under_way = opening is not None and opening.form(now) is Form.UNDER_WAY
    parts = []
    for cue in post.cues:
        if under_way and cue.kind in (CueKind.BLOCK_START, CueKind.QA_OPENS):
            # The opening says what is on by now.
            continue
        if cue.kind is CueKind.DAY_BEFORE:
            parts.append(day_before(event, session, way_in, language))
            continue
        parts.append(_told(cue, event, session, recorded, now, language))
    return "\n\n".join(parts)


def opening(event: Event, session: Session, recorded: Text, form: Form, now: datetime, language: Language) -> str:
    """The post at a session's start: theme, day, who opens or welcomes, remarks, programme, what is recorded."""
    parts = [f"## {theme(session, language)}\n{day_name(session.day, language)} · {text_in(event.name, language)}"]
    if form is Form.UNDER_WAY:
        parts.append(_under_way(session, now, language))
    elif form is Form.LATE:
        parts.append(
            _("Este anuncio sale con retraso: la sesión comenzó a las {at}.", language, at=hour(session.starts_at))
        )
    first = session.blocks[0]
    parts.append(f"**{_headed(first, language)}**")
    if first.remarks is not None:
        parts.append(text_in(first.remarks, language).strip())
    parts.append(programme_of_day(event, session, language))
    parts.append(_("**Qué se registra.** {recorded}", language, recorded=text_in(recorded, language).strip()))
    return "\n\n".join(parts)


def programme_of_day(event: Event, session: Session, language: Language, now: datetime | None = None) -> str:
    """The blocks of a session: the official hours, beside them the reader's own; with `now`, which one is on."""
    current = None if now is None else session.block_at(now)
    lines = [_("**Programa** ({place}; entre paréntesis, su hora local)", language, place=_place(event, language))]
    for block in session.blocks:
        line = f"- {block.printed} ({hour(block.starts_at)}) {_described(block, language)}"
        lines.append(line + _(" ← **ahora**", language) if block == current else line)
    return "\n".join(lines)


def day_before(event: Event, session: Session, way_in: str | None, language: Language) -> str:
    """What is said on the day before a session. `way_in` is the address of where it is held."""
    said = _(
        "**Próxima sesión: {day}**, a las {printed} ({place}; su hora local: {at}, {when}).\n{theme}",
        language,
        day=day_name(session.day, language),
        printed=session.blocks[0].printed.split("-")[0],
        place=_place(event, language),
        at=hour(session.starts_at),
        when=relative(session.starts_at),
        theme=theme(session, language),
    )
    if way_in is None:
        return said
    return f"{said}\n" + _("Se entra por aquí: {link}", language, link=f"<{way_in}>")


def reminder(event: Event, session: Session, language: Language) -> str:
    """What is said some minutes before a session starts."""
    return _(
        "**La sesión comienza {when}**, a las {printed} ({place}; su hora local: {at}).\n{day} · {theme}",
        language,
        when=relative(session.starts_at),
        printed=session.blocks[0].printed.split("-")[0],
        place=_place(event, language),
        at=hour(session.starts_at),
        day=day_name(session.day, language),
        theme=theme(session, language),
    )


def block_start(block: Block, form: Form, language: Language) -> str:
    """What is said when a block starts, or that it has started."""
    values = {"block": _described(block, language), "printed": block.printed, "at": hour(block.starts_at)}
    if form is Form.NORMAL:
        return _("**Comienza ahora** ({printed}; su hora local: {at}): {block}", language, **values)
    return _("**En curso desde las {at}** ({printed}): {block}", language, **values)


def qa_opens(block: Block, form: Form, language: Language) -> str:
    """What is said when the questions and answers open, or that they have."""
    values = {"title": text_in(block.title, language), "end": hour(block.ends_at), "at": hour(block.starts_at)}
    if form is Form.NORMAL:
        return _("**Comienza ahora: {title}.** Hasta las {end}.", language, **values)
    return _("**{title}: en curso desde las {at}**, hasta las {end}.", language, **values)


def last_call(block: Block, language: Language) -> str:
    """What is said shortly before the questions and answers close."""
    return _(
        "**{title} termina {when}** (a las {end}).",
        language,
        title=text_in(block.title, language),
        when=relative(block.ends_at),
        end=hour(block.ends_at),
    )


def qa_closes(block: Block, form: Form, language: Language) -> str:
    """What is said when the questions and answers close."""
    title = text_in(block.title, language)
    if form is Form.NORMAL:
        return _("**Se cierra: {title}.** Gracias por sus preguntas.", language, title=title)
    return _(
        "**Se cerró a las {end}: {title}.** Gracias por sus preguntas.",
        language,
        title=title,
        end=hour(block.ends_at),
    )


def session_closes(event: Event, session: Session, form: Form, language: Language) -> str:
    """What is said when a session ends, with the next one where there is one."""
    if form is Form.NORMAL:
        said = _("**Termina la sesión de hoy.** Gracias por participar.", language)
    else:
        said = _(
            "**La sesión de hoy terminó a las {end}.** Gracias por participar.", language, end=hour(session.ends_at)
        )
    following = event.next_session(session.starts_at)
    return said if following is None else f"{said}\n{_next(following, language)}"


def event_closes(event: Event, language: Language) -> str:
    """What is said when the last session ends."""
    return _("**{name}** llega a su fin. Gracias a quienes participaron.", language, name=text_in(event.name, language))


def calendar_button(language: Language) -> str:
    return _("Guardar en mi calendario", language)


def calendar_told(language: Language) -> str:
    """With the programme as a calendar file."""
    return _(
        "Aquí está el programa tal como es ahora. Abra el archivo con su calendario. Si el programa cambia, pídalo "
        "otra vez: reemplaza lo que guardó antes.",
        language,
    )


def programme(event: Event, now: datetime, language: Language) -> str:
    """The answer to /programa: today's session with what is on, and what is next."""
    parts = []
    today = event.session_of_day(now)
    if today is not None:
        parts.append(f"**{day_name(today.day, language)}** · {theme(today, language)}")
        parts.append(_state(today, now, language))
        parts.append(programme_of_day(event, today, language, now))
    elif not event.is_over(now):
        parts.append(_("Hoy no hay sesión.", language))
    following = event.next_session(now if today is None else max(now, today.starts_at))
    if following is not None:
        parts.append(_next(following, language))
        if today is None:
            parts.append(programme_of_day(event, following, language))
    if event.is_over(now):
        parts.append(_("El evento ha terminado.", language))
    return "\n\n".join(parts)


def theme(session: Session, language: Language) -> str:
    """The theme with its number."""
    return _("Tema {number}: {theme}", language, number=session.number, theme=text_in(session.theme, language))


def hour(instant: datetime) -> str:
    """The instant as each reader's Discord shows its hour."""
    return f"<t:{int(instant.timestamp())}:t>"


def relative(instant: datetime) -> str:
    """The instant as each reader's Discord shows its distance: "in 15 minutes"."""
    return f"<t:{int(instant.timestamp())}:R>"


def _told(cue: Cue, event: Event, session: Session, recorded: Text, now: datetime, language: Language) -> str:
    form = cue.form(now)
    block = session.blocks[0] if cue.block is None else event.block(cue.block)
    match cue.kind:
        case CueKind.REMINDER:
            return reminder(event, session, language)
        case CueKind.OPENING:
            return opening(event, session, recorded, form, now, language)
        case CueKind.BLOCK_START:
            return block_start(block, form, language)
        case CueKind.QA_OPENS:
            return qa_opens(block, form, language)
        case CueKind.LAST_CALL:
            return last_call(block, language)
        case CueKind.QA_CLOSES:
            return qa_closes(block, form, language)
        case CueKind.SESSION_CLOSES:
            return session_closes(event, session, form, language)
        case CueKind.EVENT_CLOSES:
            return event_closes(event, language)
        case CueKind.DAY_BEFORE | CueKind.PREFLIGHT | CueKind.ROLL:
            raise ValueError("what prepares a session is told elsewhere")
        case CueKind.SUMMARY | CueKind.FINAL | CueKind.CORRECTION:
            raise ValueError("figures are no public post")


def _under_way(session: Session, now: datetime, language: Language) -> str:
    said = _("**La sesión está en marcha desde las {at}.**", language, at=hour(session.starts_at))
    block = session.block_at(now)
    if block is None:
        return said
    on_now = _("Ahora: {block} ({printed}).", language, block=_headed(block, language), printed=block.printed)
    return f"{said} {on_now}"


def _state(session: Session, now: datetime, language: Language) -> str:
    if now < session.starts_at:
        return _("Comienza {when}, a las {at}.", language, when=relative(session.starts_at), at=hour(session.starts_at))
    if now >= session.ends_at:
        return _("La sesión de hoy terminó a las {end}.", language, end=hour(session.ends_at))
    block, following = session.block_at(now), session.next_block(now)
    said = [_("Ahora: {title}.", language, title=_headed(block, language)) if block else _("Pausa.", language)]
    if following is not None:
        said.append(
            _(
                "Después, a las {at}: {title}.",
                language,
                at=hour(following.starts_at),
                title=_headed(following, language),
            )
        )
    return " ".join(said)


def _next(session: Session, language: Language) -> str:
    return _(
        "Próxima sesión: {day}, a las {at} · {theme}",
        language,
        day=day_name(session.day, language),
        at=hour(session.starts_at),
        theme=theme(session, language),
    )


def _headed(block: Block, language: Language) -> str:
    title = text_in(block.title, language)
    return f"{title}: {_listed(block.speakers, language)}" if block.speakers else title


def _described(block: Block, language: Language) -> str:
    parts = [_headed(block, language)]
    if block.moderator is not None:
        parts.append(_("Modera: {who}", language, who=text_in(block.moderator, language)))
    if block.panelists:
        names = ", ".join(_panelist(panelist, language) for panelist in block.panelists)
        parts.append(_.plural("Panelista: {names}", "Panelistas: {names}", len(block.panelists), language, names=names))
    return " · ".join(parts)


def _panelist(panelist: Panelist, language: Language) -> str:
    if panelist.institution is None:
        return panelist.name
    return f"{panelist.name} ({text_in(panelist.institution, language)})"


def _listed(texts: Iterable[Text], language: Language) -> str:
    return ", ".join(text_in(text, language) for text in texts)


def _place(event: Event, language: Language) -> str:
    return hour_of_place(event.timezone, language)
