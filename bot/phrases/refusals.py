"""Every refusal in words. Each noun's phrases say which refusals of theirs they word, with @words."""

from collections.abc import Callable
from typing import Any, TypeVar

from bot.errors import (
    CommandChanged,
    Needed,
    NotAllowed,
    NothingBehindThis,
    NotOpenYet,
    NotSaved,
    NotSavedReason,
    NotTypeset,
    OnlyInTheServer,
    Refusal,
)
from bot.i18n import translator
from bot.languages import Language

_ = translator("refusals")

_Wording = Callable[[Any, Language], str]
_Worded = TypeVar("_Worded", bound=_Wording)

_WORDINGS: dict[type[Refusal], _Wording] = {}


def words(*kinds: type[Refusal]) -> Callable[[_Worded], _Worded]:
    """Make a function of a refusal and a language the wording of these kinds, and of what derives from them."""

    def register(wording: _Worded) -> _Worded:
        for kind in kinds:
            _WORDINGS[kind] = wording
        return wording

    return register


def refused(refusal: Refusal, language: Language) -> str:
    """What happened and what to do next, in the person's language."""
    for kind in type(refusal).__mro__:
        if wording := _WORDINGS.get(kind):
            return wording(refusal, language)
    return _("Eso no se puede hacer ahora. Si lo necesita, escriba a la organización.", language)


def is_worded(kind: type[Refusal]) -> bool:
    """Whether a kind of refusal, or one that it derives from, has words of its own."""
    return any(base in _WORDINGS for base in kind.__mro__)


def apology(reference: str, language: Language) -> str:
    """Something went wrong on our side; the log has the same reference."""
    return _(
        "Algo falló de nuestro lado y lo sentimos. Inténtelo de nuevo; si vuelve a ocurrir, dé a la organización "
        "esta referencia: {reference}",
        language,
        reference=reference,
    )


@words(NotAllowed)
def _not_allowed(refusal: NotAllowed, language: Language) -> str:
    if refusal.needed is Needed.ORGANIZER:
        return _("Esto es solo para la organización del evento.", language)
    return _("Esto es solo para quienes moderan la sesión.", language)


@words(OnlyInTheServer)
def _only_in_the_server(_refusal: OnlyInTheServer, language: Language) -> str:
    return _("Esto se usa en el servidor del evento, no en mensajes privados. Ábralo allí y repítalo.", language)


@words(NotOpenYet)
def _not_open_yet(_refusal: NotOpenYet, language: Language) -> str:
    return _("Estoy volviendo a conectarme. Inténtelo de nuevo en unos segundos.", language)


@words(NothingBehindThis)
def _nothing_behind_this(_refusal: NothingBehindThis, language: Language) -> str:
    return _("Este botón ya no sirve. Use el mensaje más reciente o el comando.", language)


@words(CommandChanged)
def _command_changed(_refusal: CommandChanged, language: Language) -> str:
    return _("Este comando cambió. Cierre Discord, ábralo otra vez y repítalo, por favor.", language)


@words(NotTypeset)
def _not_typeset(refusal: NotTypeset, language: Language) -> str:
    return _(
        "El documento ({document}) no se pudo componer, y no por lo que usted hizo. Avise a la organización, por "
        "favor.",
        language,
        document=refusal.document,
    )


@words(NotSaved)
def _not_saved(refusal: NotSaved, language: Language) -> str:
    if refusal.reason is NotSavedReason.LOCKED:
        return _("NO se guardó: la base de datos está ocupada. Repítalo en un minuto, por favor.", language)
    return _(
        "NO se guardó: hay un problema con la base de datos y la organización ya fue avisada. Conserve su texto y "
        "repítalo en unos minutos, por favor.",
        language,
    )
