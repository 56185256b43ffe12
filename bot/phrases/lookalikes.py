"""What moderators are told of names that look like those of the organization."""

from bot.i18n import translator
from bot.ids import PersonId
from bot.languages import Language

_ = translator("lookalikes")


def heading(language: Language) -> str:
    return _("**Nombres que pueden confundir**", language)


def flagged(person: PersonId, name: str, official: str, language: Language) -> str:
    """One of them; the names as to be shown."""
    return _(
        "<@{person}> se muestra como «{name}», que se confunde con «{official}», y no es de la organización ni modera.",
        language,
        person=person,
        name=name,
        official=official,
    )


def flagged_picture(person: PersonId, language: Language) -> str:
    """Somebody who shows the bot's or the server's own picture."""
    return _(
        "<@{person}> lleva la misma imagen que el bot o el servidor, y no es de la organización ni modera.",
        language,
        person=person,
    )
