"""What people read of the sessions in Discord's own list of events, and on the Stage."""

from bot.agenda import Event, Session
from bot.i18n import day_name, hour_of_place, translator
from bot.languages import Language, text_in

_ = translator("native_events")

#: What Discord takes.
NAME_LENGTH = 100
DESCRIPTION_LENGTH = 1000
TOPIC_LENGTH = 120


def name(event: Event, session: Session) -> str:
    """Its name in the list, in the event's first language: there is no room for more."""
    return _cut(_topic(session, event.languages[0]), NAME_LENGTH)


def stage_topic(event: Event, session: Session) -> str:
    """What stands over the Stage, in the event's first language."""
    return _cut(_topic(session, event.languages[0]), TOPIC_LENGTH)


def description(event: Event, session: Session, mark: str) -> str:
    """Theme and programme in each language, and the mark by which it is known again."""
    last = f"ref. {mark}"
    room = (DESCRIPTION_LENGTH - len(last) - 2) // len(event.languages) - 2
    parts = [_of_day(event, session, language, room) for language in event.languages]
    return "\n\n".join([*dict.fromkeys(parts), last])


def _topic(session: Session, language: Language) -> str:
    return _("Día {number}: {theme}", language, number=session.number, theme=text_in(session.theme, language))


def _of_day(event: Event, session: Session, language: Language, room: int) -> str:
    """As much as there is room for: the heading first, then whole lines of the programme."""
    heading = _cut(f"{day_name(session.day, language)}: {text_in(session.theme, language)}", room)
    lines = [heading]
    place = _("En {place}:", language, place=hour_of_place(event.timezone, language))
    for line in [place, *(f"{block.printed} {text_in(block.title, language)}" for block in session.blocks)]:
        if sum(len(each) + 1 for each in lines) + len(line) + 2 > room:
            lines.append("…")
            break
        lines.append(line)
    return "\n".join(lines)


def _cut(text: str, length: int) -> str:
    """The text, or its beginning up to the end of a word."""
    if len(text) <= length:
        return text
    kept = text[: length - 1]
    return f"{kept.rsplit(' ', 1)[0] if ' ' in kept else kept}…"
