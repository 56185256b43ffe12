"""The alphabets of the languages, whatever the host's locale."""

import random
import unicodedata

import pytest

from bot.collation import alphabetical
from bot.languages import Language

NAMES = ["Alvarez", "Álvarez", "Ávila", "Élida", "Nunez", "Nuñez", "Ñandú", "Oca", "Zúñiga"]


@pytest.mark.trial("R3")
@pytest.mark.parametrize("seed", range(5))
def test_accents_stand_with_their_letter_and_enye_after_n(seed: int) -> None:
    shuffled = NAMES.copy()
    random.Random(seed).shuffle(shuffled)
    assert sorted(shuffled, key=lambda name: alphabetical(name, "es")) == NAMES
    decomposed = [unicodedata.normalize("NFD", name) for name in shuffled]
    assert [unicodedata.normalize("NFC", name) for name in sorted(decomposed, key=_spanish)] == NAMES


def ordered(words: list[str], language: Language) -> list[str]:
    return sorted(random.Random(7).sample(words, len(words)), key=lambda word: alphabetical(word, language))


def _spanish(name: str) -> object:
    return alphabetical(name, "es")


@pytest.mark.trial("R3")
def test_enye_follows_every_n_within_a_word_in_spanish_alone() -> None:
    words = ["cana", "canz", "caña", "caño", "cao"]
    assert ordered(words, "es") == words
    english = ordered(words, "en")
    assert english == ["cana", "caña", "caño", "canz", "cao"]


def test_blanks_come_before_letters_and_case_makes_no_difference() -> None:
    words = ["De la Oliva", "de la Rosa", "Dean", "dedo"]
    assert ordered(words, "es") == words
