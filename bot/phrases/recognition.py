"""What is said about who on the organizers' list somebody is, and about registering somebody else."""

from bot.expected import Asked
from bot.i18n import sentence, translator
from bot.languages import Language
from bot.participants import BotsDoNotRegister, NotInTheServer
from bot.phrases.refusals import words

_ = translator("recognition")

#: The Spanish of what Discord shows of the commands.
COMMANDS = (
    "Registre a otra persona, con su consentimiento (organización)",
    "persona",
    "La persona a quien registra",
    "Las personas que se esperan en el evento (organización)",
    "Importe la lista de quienes deben venir, desde un archivo CSV o Excel (organización)",
    "archivo",
    "La lista: con nombre, país o institución y, si los tiene, perfil y usuario de Discord",
    "validas",
    "Importe las filas correctas aunque otras tengan errores",
    "Vea quién falta por registrarse, y quién se registró sin estar en la lista (organización)",
    "Vea quién debía venir y no estuvo (organización)",
    "El día de la sesión; sin él, la de hoy o la última",
    "dia",
    "Diga quién de la lista es una persona registrada (organización)",
    "La cuenta que se registró",
    "invitada",
    "La persona de la lista; escriba parte de su nombre",
)


def question(asked: Asked, language: Language) -> str:
    """Said after a registration that is saved. Says nothing of whoever is on the list, for anybody can type a name."""
    return _(_QUESTIONS[asked], language)


def it_is_me_button(language: Language) -> str:
    return _("Sí, soy yo", language)


def it_is_not_me_button(language: Language) -> str:
    return _("No soy yo", language)


def complete_button(language: Language) -> str:
    return _("Completar mi nombre", language)


def thanks(language: Language) -> str:
    """The answer whatever was said: it must not tell whether the person on the list has another account."""
    return _("Gracias, anotado. No hace falta nada más.", language)


def ask_for_consent(mention: str, language: Language) -> str:
    """To an organizer, above the text of the consent."""
    return _(
        "**Registrar a {person}.** Léale esto, o muéstreselo, y pregunte si acepta. Si no acepta, no se guarda nada.",
        language,
        person=mention,
    )


def consent_given_button(language: Language) -> str:
    return _("Aceptó; continuar", language)


def registered_for(mention: str, answer: str, language: Language) -> str:
    """Above what became of the registration."""
    return _(
        "Para {person}. Queda anotado que usted recibió su consentimiento, y cuándo.\n{answer}",
        language,
        person=mention,
        answer=answer,
    )


def import_figures(figures: str, language: Language) -> str:
    return _("**Lista de personas esperadas.** {figures}", language, figures=figures)


def more_mistakes(n: int, language: Language) -> str:
    return _.plural(
        "Y {n} fila más con errores: todas están en el archivo.",
        "Y {n} filas más con errores: todas están en el archivo.",
        n,
        language,
    )


def validas_option(language: Language) -> str:
    """How Discord's command is told to keep the good rows."""
    return _("validas", language) + ":True"


def absent_figures(n: int, unregistered: int, day: str, language: Language) -> str:
    """`unregistered` are those of them who have not registered."""
    if n == 0:
        return _("De quienes se esperaban no falta nadie: {day}.", language, day=day)
    said = _.plural(
        "{n} persona que se esperaba no ha estado: {day}.",
        "{n} personas que se esperaban no han estado: {day}.",
        n,
        language,
        day=day,
    )
    if unregistered:
        said += " " + _.plural(
            "De ellas, {n} no se ha registrado y puede haber estado sin nombre.",
            "De ellas, {n} no se han registrado y pueden haber estado sin nombre.",
            unregistered,
            language,
        )
    return said


def nobody_expected_yet(language: Language) -> str:
    return _("Todavía no hay lista de personas esperadas. Impórtela con /participantes importar.", language)


def names_are_in_the_file(language: Language) -> str:
    return _("Los nombres están en el archivo, que es solo para la organización.", language)


def linked(mention: str, who: str, language: Language) -> str:
    return _("{person} es {who}. Anotado.", language, person=mention, who=who)


@words(NotInTheServer)
def _not_in_the_server(_refusal: NotInTheServer, language: Language) -> str:
    return _("Esa persona no está en el servidor del evento. Invítela y repita.", language)


@words(BotsDoNotRegister)
def _bots_do_not_register(_refusal: BotsDoNotRegister, language: Language) -> str:
    return _("Eso es un bot; solo se registran personas.", language)


_QUESTIONS = {
    Asked.IS_IT_YOU: sentence(
        "En la lista de la organización hay alguien con un nombre igual o muy parecido al que usted escribió. ¿Es "
        "usted? Por privacidad no se muestran sus datos."
    ),
    Asked.WHICH: sentence(
        "En la lista de la organización hay más de una persona con un nombre como el que usted escribió. Si usted es "
        "una de ellas, complete su nombre, con los dos apellidos, o corrija su delegación. Si no, no hace falta nada "
        "más."
    ),
}
