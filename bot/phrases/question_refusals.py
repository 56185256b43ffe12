"""What is said when something about questions is refused."""

from bot.i18n import translator
from bot.languages import Language
from bot.phrases.agenda import hour, relative
from bot.phrases.questions import state_name
from bot.phrases.refusals import words
from bot.question_refusals import (
    AlreadyDecided,
    AlreadyTaken,
    AnsweredMeanwhile,
    AskedAlready,
    AskingClosed,
    AskingNotOpen,
    EmptyText,
    MergeImpossible,
    NobodyToSilence,
    NothingApproved,
    NothingApprovedFor,
    NothingToUndo,
    NotLinkable,
    NotVotable,
    OwnQuestion,
    QuestionsPaused,
    QuestionTimeNotCome,
    QuestionUnknown,
    SessionFull,
    SessionNotOn,
    Silenced,
    TextChanged,
    TextTooLong,
    TooManyQuestions,
    TooSoon,
    UndoBlocked,
)
from bot.question_states import State

_ = translator("question_refusals")


@words(EmptyText)
def _empty_text(refusal: EmptyText, language: Language) -> str:
    match refusal.where:
        case "question":
            return _("La pregunta no tiene nada que leer: escriba al menos una palabra.", language)
        case "addressee":
            return _("A quién va dirigida no se puede leer: escriba un nombre o déjelo vacío.", language)
        case "words":
            return _("Lo que añadió no se puede leer: escriba al menos una palabra o déjelo vacío.", language)
        case "answer":
            return _("La respuesta no tiene nada que leer: escriba al menos una palabra.", language)
        case "name":
            return _("El nombre de quien pregunta no se puede leer: escriba al menos una palabra.", language)


@words(AnsweredMeanwhile)
def _answered_meanwhile(refusal: AnsweredMeanwhile, language: Language) -> str:
    return _(
        "Mientras escribía, <@{by}> respondió la pregunta {number}. Lea su respuesta y, si hace falta, corríjala.",
        language,
        by=refusal.by,
        number=refusal.number,
    )


@words(TextChanged)
def _text_changed(refusal: TextChanged, language: Language) -> str:
    return _(
        "La pregunta {number} cambió después de que usted la vio. No se hizo nada: léala como quedó y decida de nuevo.",
        language,
        number=refusal.number,
    )


@words(QuestionsPaused)
def _questions_paused(_refusal: QuestionsPaused, language: Language) -> str:
    return _(
        "Las preguntas están en pausa por ahora. Guarde su texto y envíelo cuando se avise que se abren de nuevo.",
        language,
    )


@words(TextTooLong)
def _text_too_long(refusal: TextTooLong, language: Language) -> str:
    return _(
        "Es demasiado largo: tiene {length} caracteres y caben {limit}. Acórtelo y envíelo de nuevo.",
        language,
        length=refusal.length,
        limit=refusal.limit,
    )


@words(AskingNotOpen)
def _asking_not_open(refusal: AskingNotOpen, language: Language) -> str:
    if refusal.opens_at is None:
        return _("El evento terminó y ya no se reciben preguntas.", language)
    return _(
        "Todavía no se reciben preguntas. Podrá hacerlas desde {at} ({when}).",
        language,
        at=f"<t:{int(refusal.opens_at.timestamp())}:f>",
        when=relative(refusal.opens_at),
    )


@words(AskingClosed)
def _asking_closed(refusal: AskingClosed, language: Language) -> str:
    closed = _(
        "Esta sesión ya no recibe preguntas: se recibían hasta justo antes de las {at}.",
        language,
        at=hour(refusal.closed_at),
    )
    if refusal.opens_at is None:
        return closed
    at = f"<t:{int(refusal.opens_at.timestamp())}:f>"
    return closed + " " + _("Podrá preguntar de nuevo desde {at}.", language, at=at)


@words(TooManyQuestions)
def _too_many_questions(refusal: TooManyQuestions, language: Language) -> str:
    return _(
        "NO se guardó: ya tiene {limit} preguntas en esta sesión, que son las que admite cada persona. Puede retirar "
        "una con /mis-preguntas y enviar esta.",
        language,
        limit=refusal.limit,
    )


@words(SessionFull)
def _session_full(refusal: SessionFull, language: Language) -> str:
    return _("NO se guardó: la sesión ya tiene {limit} preguntas y no admite más.", language, limit=refusal.limit)


@words(QuestionUnknown)
def _question_unknown(refusal: QuestionUnknown, language: Language) -> str:
    return _("No encuentro esa pregunta ({number}).", language, number=refusal.number)


@words(AlreadyDecided)
def _already_decided(refusal: AlreadyDecided, language: Language) -> str:
    state = state_name(refusal.state, language)
    if refusal.at is None:
        number = refusal.number
        return _("La pregunta {number} ya no está donde estaba: {state}.", language, number=number, state=state)
    if refusal.by is None:
        return _(
            "La pregunta {number} ya no está donde estaba: {state} ({when}).",
            language,
            number=refusal.number,
            state=state,
            when=relative(refusal.at),
        )
    return _(
        "La pregunta {number} ya fue resuelta: {state}, por <@{by}> ({when}).",
        language,
        number=refusal.number,
        state=state,
        by=refusal.by,
        when=relative(refusal.at),
    )


@words(AlreadyTaken)
def _already_taken(refusal: AlreadyTaken, language: Language) -> str:
    return _(
        "<@{by}> acaba de poner al aire la pregunta {number} ({when}). No se pasó a otra.",
        language,
        number=refusal.number,
        by=refusal.by,
        when=relative(refusal.at),
    )


@words(QuestionTimeNotCome)
def _question_time_not_come(refusal: QuestionTimeNotCome, language: Language) -> str:
    return _(
        "Las preguntas y respuestas comienzan a las {at}. ¿Poner una al aire antes?",
        language,
        at=hour(refusal.starts_at),
    )


@words(SessionNotOn)
def _session_not_on(refusal: SessionNotOn, language: Language) -> str:
    return _(
        "Nada se pone al aire fuera de la sesión, que es de {start} a {end}.",
        language,
        start=f"<t:{int(refusal.starts_at.timestamp())}:f>",
        end=hour(refusal.ends_at),
    )


@words(NothingApproved)
def _nothing_approved(refusal: NothingApproved, language: Language) -> str:
    if not refusal.waiting:
        return _("No hay preguntas aprobadas ni en revisión.", language)
    return _.plural(
        "No hay preguntas aprobadas. Hay {n} en revisión:",
        "No hay preguntas aprobadas. Hay {n} en revisión; la primera:",
        refusal.waiting,
        language,
    )


@words(NothingApprovedFor)
def _nothing_approved_for(_refusal: NothingApprovedFor, language: Language) -> str:
    return _("No hay preguntas aprobadas para esa persona o institución. No se pasó a otra.", language)


@words(NothingToUndo)
def _nothing_to_undo(refusal: NothingToUndo, language: Language) -> str:
    return _(
        "En la pregunta {number} no hay nada que deshacer: lo último que le pasó lo hizo quien la preguntó.",
        language,
        number=refusal.number,
    )


@words(UndoBlocked)
def _undo_blocked(refusal: UndoBlocked, language: Language) -> str:
    return _(
        "No se deshizo: la pregunta {number} volvería al aire, donde está la {on_air}. Deshaga o cierre antes esa.",
        language,
        number=refusal.number,
        on_air=refusal.on_air,
    )


@words(AskedAlready)
def _asked_already(refusal: AskedAlready, language: Language) -> str:
    return _(
        "NO se cambió: así diría lo mismo que su pregunta {number}.",
        language,
        number=refusal.number,
    )


@words(MergeImpossible)
def _merge_impossible(refusal: MergeImpossible, language: Language) -> str:
    if refusal.number == refusal.into:
        return _("Una pregunta no se puede unir consigo misma: elija otra.", language)
    return _(
        "No se unieron: la pregunta {into} ya no está en la cola ({state}). Elija otra.",
        language,
        into=refusal.into,
        state=state_name(refusal.state, language),
    )


@words(OwnQuestion)
def _own_question(_refusal: OwnQuestion, language: Language) -> str:
    return _("Es su propia pregunta: la apoyan las demás personas.", language)


@words(NotVotable)
def _not_votable(refusal: NotVotable, language: Language) -> str:
    if refusal.state is State.PENDING:
        return _(
            "La pregunta {number} está otra vez en revisión. Podrá apoyarla cuando quienes moderan la aprueben.",
            language,
            number=refusal.number,
        )
    return _(
        "La pregunta {number} ya no espera turno y no se puede apoyar ({state}).",
        language,
        number=refusal.number,
        state=state_name(refusal.state, language),
    )


@words(NobodyToSilence)
def _nobody_to_silence(refusal: NobodyToSilence, language: Language) -> str:
    return _(
        "No hay a quién silenciar: la sesión terminó a las {hour} y ya no se reciben preguntas. El silencio vale hasta "
        "el fin de una sesión; en la siguiente podrá volver a hacerlo.",
        language,
        hour=hour(refusal.ended_at),
    )


@words(Silenced)
def _silenced(refusal: Silenced, language: Language) -> str:
    return _(
        "NO se guardó: quienes moderan no reciben preguntas suyas hasta el fin de la sesión, a las {until}. Si cree "
        "que es un error, escriba a la organización.",
        language,
        until=hour(refusal.until),
    )


@words(TooSoon)
def _too_soon(refusal: TooSoon, language: Language) -> str:
    return _(
        "NO se guardó: acaba de preguntar. Podrá enviar otra {when}; conserve su texto.",
        language,
        when=relative(refusal.again_at),
    )


@words(NotLinkable)
def _not_linkable(refusal: NotLinkable, language: Language) -> str:
    return _(
        "De la pregunta {number} no se puede saber quién la hizo, así que esto ya no se puede hacer con ella.",
        language,
        number=refusal.number,
    )
