"""What a block is for, by the words of its title. Pure."""

import re
from collections.abc import Mapping

from bot.agenda import BlockKind
from bot.question_text import fold

_WORDS: Mapping[BlockKind, str] = {
    BlockKind.OPENING: r"inaugura\w*|bienvenid\w*|apertura|opening|welcome|inauguration",
    BlockKind.CLOSING: r"cierre|clausura|closing|despedida|farewell|conclusiones finales",
    BlockKind.QA: r"preguntas|questions?|q(?: and)? a",
    BlockKind.BREAK: r"receso|pausa|descanso|cafe|coffee|break|almuerzo|lunch|refrigerio",
    BlockKind.EXCHANGE: r"intercambio|panel|ponencias?|presentacion(?:es)?|conferencia|mesa redonda|conversatorio|"
    r"exchange|talks?|lecture|presentations?|round table|discussion|debate",
}
_PATTERNS = {kind: re.compile(rf"(?<!\w)(?:{words})(?!\w)") for kind, words in _WORDS.items()}


def kind_of(title: str) -> BlockKind | None:
    """The kind that the title's first telling word stands for; None where no word tells."""
    plain = fold(title)
    found = {kind: match.start() for kind, pattern in _PATTERNS.items() if (match := pattern.search(plain))}
    return min(found, key=found.__getitem__) if found else None


def begins_a_block(line: str) -> bool:
    """Whether a line looks like a block's title: a capital, and a telling word among its first three."""
    return line[:1].isupper() and kind_of(" ".join(line.split()[:3])) is not None
