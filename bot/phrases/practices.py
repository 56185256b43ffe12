"""What is said about good practices: to the delegations that record them, to who reviews them, to who reads them."""

from collections.abc import Collection, Sequence

from bot.agenda import Event, Session
from bot.i18n import country_name, day_name, sentence, translator
from bot.ids import PersonId
from bot.languages import Language, text_in
from bot.phrases.refusals import words
from bot.practices import (
    NoDelegation,
    NoReasonGiven,
    NoSuchPractice,
    Practice,
    PracticeField,
    PracticeMoved,
    PracticeSaysNothing,
    PracticeState,
    PracticeTooLong,
    TooManyPractices,
)

_ = translator("practices")

#: The Spanish of what Discord shows of the commands.
COMMANDS = (
    "Registre una buena práctica de su delegación sobre el tema del día",
    "Lea las buenas prácticas que las delegaciones registraron, y vea qué fue de las suyas",
)


# The form


def form_title(language: Language) -> str:
    return _("Buena práctica", language)


def session_label(language: Language) -> str:
    return _("Sobre el tema de qué día", language)


def session_choice(day: str, theme: str, language: Language) -> str:
    """A day to choose from."""
    return _("{day}: {theme}", language, day=day, theme=theme)


def field_label(where: PracticeField, language: Language) -> str:
    return _(_LABELS[where], language)


def form_note(language: Language) -> str:
    """Under the form: who will read it."""
    return _(
        "Se registra en nombre de su delegación. Cuando quienes moderan la aprueban, la leen todas las delegaciones y "
        "entra en el compendio, con su país y su institución y sin su nombre. Puede retirarla con /practicas.",
        language,
    )


def given_back(language: Language) -> str:
    """With a file of what somebody had written and could not be saved."""
    return _("Lo que escribió está en el archivo, para que no se pierda.", language)


def recorded(practice: Practice, language: Language) -> str:
    """Said once it is saved."""
    return _(
        "Guardada: es la buena práctica {number}, de {country}. Quienes moderan la revisan; con /practicas verá qué "
        "fue de ella.",
        language,
        number=practice.number,
        country=country_name(practice.country, language),
    )


def withdrawn(practice: Practice, language: Language) -> str:
    return _("Retiró la buena práctica {number}: nadie más la ve.", language, number=practice.number)


# The list and the card


def listed(practices: Sequence[Practice], own: Collection[int], event: Event, language: Language) -> str:
    """Practices by day; titles are shown as they are. `own` are the numbers of the reader's own."""
    if not practices:
        return _(
            "Todavía no hay buenas prácticas que leer. Si usted es de una delegación, registre una con /practica.",
            language,
        )
    lines = [_("**Buenas prácticas**", language)]
    for session in event.sessions:
        of_day = [practice for practice in practices if practice.session == session.key]
        if of_day:
            lines.append(f"### {_day(session, language)}")
            lines += [_line(practice, practice.number in own, language) for practice in of_day]
    return "\n".join(lines)


def show_placeholder(language: Language) -> str:
    return _("Leer una…", language)


def choice(practice: Practice, language: Language) -> str:
    """One to choose from a list, as plain text."""
    line = f"{practice.number} · {country_name(practice.country, language)} · {practice.title}"
    return line if practice.state is PracticeState.APPROVED else f"{line} ({_state(practice, language)})"


def card(practice: Practice, event: Event, language: Language) -> str:
    """All of one; its texts are shown as they are."""
    session = event.session(practice.session)
    lines = [
        _("**Buena práctica {number}: {title}**", language, number=practice.number, title=practice.title),
        f"{country_name(practice.country, language)} · {practice.institution}",
        f"-# {_day(session, language)}",
        f"-# {_state(practice, language)}",
        practice.text,
    ]
    if practice.results:
        lines += [_("**Qué resultado dio**", language), practice.results]
    return "\n".join(lines)


# To moderators


def to_review(practice: Practice, event: Event, language: Language) -> str:
    """In the moderators' channel, without any of its words."""
    session = event.session(practice.session)
    return _(
        "📘 {country} registró la buena práctica {number}, sobre el tema del {day}. Falta revisarla.",
        language,
        country=country_name(practice.country, language),
        number=practice.number,
        day=day_name(session.day, language),
    )


def review_button(language: Language) -> str:
    return _("Revisar la práctica", language)


def reject_title(number: int, language: Language) -> str:
    return _("Rechazar la buena práctica {number}", language, number=number)


def reason_label(language: Language) -> str:
    return _("Por qué; lo lee quien la registró", language)


def decided(practice: Practice, language: Language) -> str:
    """To the moderator who decided."""
    if practice.state is PracticeState.APPROVED:
        return _("Aprobada la buena práctica {number}: ya la leen todos.", language, number=practice.number)
    return _(
        "Rechazada la buena práctica {number}: solo la ven ustedes y quien la registró.",
        language,
        number=practice.number,
    )


# Refusals


@words(NoDelegation)
def _no_delegation(_refusal: NoDelegation, language: Language) -> str:
    return _(
        "Las buenas prácticas las registran las delegaciones de los países. Si usted es de una, regístrese en ella con "
        "/registro y repítalo.",
        language,
    )


@words(PracticeSaysNothing)
def _says_nothing(refusal: PracticeSaysNothing, language: Language) -> str:
    return _("NO se guardó: falta «{field}».", language, field=field_label(refusal.where, language))


@words(PracticeTooLong)
def _too_long(refusal: PracticeTooLong, language: Language) -> str:
    return _(
        "NO se guardó: «{field}» tiene {length} caracteres y caben {limit}.",
        language,
        field=field_label(refusal.where, language),
        length=refusal.length,
        limit=refusal.limit,
    )


@words(TooManyPractices)
def _too_many(refusal: TooManyPractices, language: Language) -> str:
    return _(
        "NO se guardó: usted ya registró {limit} buenas prácticas. Retire una con /practicas, o pídalo a otra persona "
        "de su delegación.",
        language,
        limit=refusal.limit,
    )


@words(NoSuchPractice)
def _no_such(refusal: NoSuchPractice, language: Language) -> str:
    return _("La buena práctica {number} no está, o ya no.", language, number=refusal.number)


@words(PracticeMoved)
def _moved(refusal: PracticeMoved, language: Language) -> str:
    practice = refusal.practice
    state = _(_STATES[practice.state], language)
    said = _("La buena práctica {number} ya está {state}.", language, number=practice.number, state=state)
    return said if practice.decided_by is None else said + " " + _by(practice.decided_by, language)


@words(NoReasonGiven)
def _no_reason(_refusal: NoReasonGiven, language: Language) -> str:
    return _("Diga por qué la rechaza: lo lee quien la registró.", language)


def _by(moderator: PersonId, language: Language) -> str:
    return _("Lo decidió {who}.", language, who=f"<@{moderator}>")


def _line(practice: Practice, is_own: bool, language: Language) -> str:
    said = f"- **{practice.number}** · {country_name(practice.country, language)} · {practice.title}"
    if is_own:
        said += f" · {_('suya', language)}"
    return said if practice.state is PracticeState.APPROVED else f"{said} · *{_state(practice, language)}*"


def _day(session: Session, language: Language) -> str:
    return session_choice(day_name(session.day, language), text_in(session.theme, language), language)


def _state(practice: Practice, language: Language) -> str:
    said = _(_STATES[practice.state], language)
    return said if practice.reason is None else f"{said}: {practice.reason}"


_STATES = {
    PracticeState.PENDING: sentence("por revisar"),
    PracticeState.APPROVED: sentence("aprobada"),
    PracticeState.REJECTED: sentence("rechazada"),
    PracticeState.WITHDRAWN: sentence("retirada"),
}

_LABELS = {
    PracticeField.TITLE: sentence("Título"),
    PracticeField.TEXT: sentence("En qué consiste"),
    PracticeField.RESULTS: sentence("Qué resultado dio (opcional)"),
}
