"""Whether nearly the same is asked already."""

from rapidfuzz import fuzz, process

from bot.ids import PersonId, SessionKey
from bot.question_text import fold, words_of
from bot.queue_operations import existing, shown
from bot.queue_values import Lookup, Similar
from bot.storage.nouns import Nouns

#: So many questions are compared letter by letter, those that share the most and the rarest words with the text.
CANDIDATES = 20

#: The longest words of the text say most about it, and of those that have one the newest are looked at.
_WORDS, _NEWEST = 12, 100

_SHOWN = 3


def similar(
    tx: Nouns, session: SessionKey, text: str, person: PersonId, seal: str, lookup: Lookup, *, percent: int
) -> Similar:
    """Others' questions of the session that wait and are like the text by at least `percent`."""
    folded = fold(text)
    words = sorted(words_of(folded), key=len, reverse=True)[:_WORDS]
    candidates = [
        question
        for question in tx.texts.alike(session, words, _NEWEST, CANDIDATES)
        if question.author != person and question.seal != seal
    ]
    # Without a processor the texts are compared as they are: they were folded when they came.
    found = process.extract(
        folded,
        [question.folded for question in candidates],
        scorer=fuzz.token_set_ratio,
        score_cutoff=percent,
        limit=None,
    )
    alike = [(-likeness, candidates[index]) for _, likeness, index in found]
    approved = sorted((likeness, question.number) for likeness, question in alike if question.is_approved)
    return Similar(
        tuple(shown(tx, existing(tx, number), lookup) for _, number in approved[:_SHOWN]),
        under_review=any(not question.is_approved for _, question in alike),
    )
