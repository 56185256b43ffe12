"""The English of what Discord shows of a command: descriptions, option names, choices.

The Spanish stands where the command is declared, and with it in COMMANDS of the noun's phrases; see their .po.
"""

from functools import cache
from importlib import resources

from bot.i18n import catalogue


def in_english(spanish: str) -> str | None:
    """The English of a description, an option's name or a choice; None where no catalogue has it."""
    return _english().get(spanish)


@cache
def _english() -> dict[str, str]:
    folder = resources.files("bot") / "locale" / "en"
    modules = sorted(file.name.removesuffix(".po") for file in folder.iterdir() if file.name.endswith(".po"))
    return {
        spanish: english
        for module in modules
        for spanish, english in catalogue(module).items()
        if isinstance(english, str)
    }
