"""Whether nearly the same is asked already."""

from collections import defaultdict

from rapidfuzz import fuzz

from bot.ids import PersonId, QuestionNumber, SessionKey
from bot.question_text import fold, words_of
from bot.questions import State
from bot.queue_operations import existing, shown
from bot.queue_values import Lookup, Similar
from bot.storage.nouns import Nouns

#: So many questions are compared letter by letter, found by the words that they share with the text.
CANDIDATES = 50

#: The longest words of the text say most about it, and of those that have one the newest are looked at.
_WORDS, _NEWEST = 12, 100

_SHOWN = 3


def similar(
    tx: Nouns, session: SessionKey, text: str, person: PersonId, seal: str, lookup: Lookup, *, percent: int
) -> Similar:
    """Others' questions of the session that wait and are like the text by at least `percent`."""
    folded = fold(text)
    found: list[tuple[float, QuestionNumber]] = []
    under_review = False
    for number in _candidates(tx, session, folded):
        question = existing(tx, number)
        if question.author == person or question.seal == seal:
            continue
        likeness = fuzz.token_set_ratio(folded, fold(question.text))
        if likeness < percent:
            continue
        if question.state is State.APPROVED:
            found.append((-likeness, number))
        else:
            under_review = True
    alike = [shown(tx, existing(tx, number), lookup) for _, number in sorted(found)[:_SHOWN]]
    return Similar(tuple(alike), under_review)


def _candidates(tx: Nouns, session: SessionKey, folded: str) -> list[QuestionNumber]:
    """Those that share the most and the rarest words with the text."""
    weight: defaultdict[QuestionNumber, float] = defaultdict(float)
    for word in sorted(words_of(folded), key=len, reverse=True)[:_WORDS]:
        numbers = tx.texts.with_word(session, word, _NEWEST)
        for number in numbers:
            weight[number] += 1 / len(numbers)
    return sorted(weight, key=lambda number: (-weight[number], number))[:CANDIDATES]
