"""The message that says what is on."""

from collections.abc import Iterable
from datetime import datetime

from bot.agenda import Block, Event, Session
from bot.i18n import day_name, translator
from bot.languages import Language, Text, text_in
from bot.phrases.agenda import hour, relative
from bot.question_text import shortened
from bot.questions import Hours

_ = translator("now_card")

#: A message of components takes 4000 signs in all. Each line of one language keeps within so many.
_LINE = 250


def now(event: Event, session: Session, hours: Hours, at: datetime, language: Language, *, is_paused: bool) -> str:
    """What is on in the session, until when, who speaks, what is next, and how to ask."""
    block = session.block_at(at)
    if at >= session.ends_at:
        return "\n".join([_("### La sesión de hoy terminó", language), *_following(event, session, language)])
    if block is not None:
        lines = [
            _("### Ahora: {title}", language, title=_line(text_in(block.title, language))),
            _("Hasta las {end} ({distance})", language, end=hour(block.ends_at), distance=relative(block.ends_at)),
            *_people(block, language),
        ]
    elif at < session.starts_at:
        theme = text_in(session.theme, language)
        lines = [
            _("### La sesión comienza {distance}", language, distance=relative(session.starts_at)),
            _("Tema {number}: {theme}", language, number=session.number, theme=_line(theme)),
        ]
    else:
        lines = [_("### Ahora: pausa", language)]
    following = session.next_block(at)
    if following is not None:
        title = _line(text_in(following.title, language))
        lines.append(_("**Después, a las {at}:** {title}", language, at=hour(following.starts_at), title=title))
    else:
        lines.append(_("Con esto termina la sesión de hoy.", language))
    lines.append(_asking(hours, at, language, is_paused=is_paused))
    return "\n".join(lines)


def _people(block: Block, language: Language) -> list[str]:
    lines = []
    if block.speakers:
        lines.append(_("**Intervienen:** {names}", language, names=_line(_listed(block.speakers, language))))
    if block.panelists:
        names = ", ".join(panelist.name for panelist in block.panelists)
        lines.append(_("**Exponen:** {names}", language, names=_line(names)))
    if block.moderator is not None:
        lines.append(_("**Modera:** {who}", language, who=_line(text_in(block.moderator, language))))
    return lines


def _asking(hours: Hours, at: datetime, language: Language, *, is_paused: bool) -> str:
    if at >= hours.closes_at:
        return _("-# Ya no se reciben preguntas en esta sesión.", language)
    if at < hours.opens_at:
        return _("-# Las preguntas se reciben desde las {opens}.", language, opens=hour(hours.opens_at))
    if is_paused:
        return _("-# Por el momento no se reciben preguntas.", language)
    closes = hour(hours.closes_at)
    return _("-# Para preguntar: el botón de abajo, o /pregunta. Hasta las {closes}.", language, closes=closes)


def _following(event: Event, session: Session, language: Language) -> list[str]:
    following = event.next_session(session.starts_at)
    if following is None:
        return [_("Gracias por haber participado.", language)]
    return [
        _(
            "La próxima: {day}, a las {at}. Tema {number}: {theme}",
            language,
            day=day_name(following.day, language),
            at=hour(following.starts_at),
            number=following.number,
            theme=_line(text_in(following.theme, language)),
        )
    ]


def _listed(texts: Iterable[Text], language: Language) -> str:
    return ", ".join(text_in(text, language) for text in texts)


def _line(text: str) -> str:
    return shortened(text, _LINE)
