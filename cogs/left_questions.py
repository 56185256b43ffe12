"""How the questions that a day left without an answer are listed in a post."""

from collections.abc import Callable, Sequence

from bot.languages import Language
from bot.phrases import carried as phrases
from bot.queue_values import Shown

from .replies import literal


def listed(shown: Sequence[Shown], heading: Callable[[int, Language], str], languages: Sequence[Language]) -> str:
    """The first of them under the heading in each language, and how many more there are. Empty where there are none.

    Questions are in the language in which they were asked, so they stand there once.
    """
    if not shown:
        return ""
    lines = list(dict.fromkeys(heading(len(shown), language) for language in languages))
    for each in shown[: phrases.NAMED]:
        lines.append(phrases.line(each.question.number, literal(phrases.cut(each.question.text))))
    more = len(shown) - phrases.NAMED
    if more > 0:
        lines.append(" / ".join(dict.fromkeys(phrases.and_more(more, language) for language in languages)))
    return "\n".join(lines)
