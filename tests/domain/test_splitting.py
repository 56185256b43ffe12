"""Long texts in several messages: nothing lost, nothing cut in two that reads as one."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.splitting import split

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
FLAG = "\U0001f1e8\U0001f1f7"
THUMB = "\U0001f44d\U0001f3fd"
HEART = "\u2764\ufe0f"
ACCENTED = "n\u0303"
STACKED = "e" + "\u0301\u0323"
JAMO = "\u1112\u1161\u11ab"


def units(text: str) -> int:
    """The length as UTF-16 counts it, which is never less than the number of characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def without_space(text: str) -> str:
    return "".join(text.split())


@pytest.mark.trial("D4")
@pytest.mark.parametrize("length", [1_999, 2_000, 2_001, 4_096, 4_097, 9_000])
@pytest.mark.parametrize("limit", [1_024, 2_000, 4_096])
def test_remarks_of_any_length_are_split_in_order_and_nothing_is_lost(length: int, limit: int) -> None:
    sentence = f"Señoras y señores delegados, qué {ACCENTED}andú {FAMILY} más pequeño {FLAG}. ¿Verdad? "
    remarks = (sentence * (length // len(sentence) + 1))[:length]
    parts = split(remarks, limit)
    assert without_space("".join(parts)) == without_space(remarks)
    assert all(0 < units(part) <= limit for part in parts)
    assert len(parts) <= 1 + 1.5 * units(remarks) / limit
    for part in parts:
        assert not unicodedata.combining(part[0])
        assert part[0] not in "\u200d\ufe0f"
        assert part[-1] != "\u200d"


def test_what_fits_is_one_part_as_it_is() -> None:
    text = "  Línea\n\n    otra  "
    assert split("x" * 2000, 2000) == ["x" * 2000]
    assert split(text, 100) == [text.strip()]
    assert split("", 100) == split(" \n\t ", 100) == []


@pytest.mark.parametrize("mark", ["\n\n", "\n", ". ", " "])
def test_a_text_is_cut_at_the_best_place_that_there_is(mark: str) -> None:
    # Less good places are all along the way; the best one is a good while before the limit.
    lesser = {"\n\n": "a b. c\nd ", "\n": "a b. c ", ". ": "ab c ", " ": "abcd"}[mark]
    text = (lesser * 20)[:60] + mark + (lesser * 20)[:60]
    assert [part.strip() for part in split(text, 100)] == [
        ((lesser * 20)[:60] + mark).strip(),
        (lesser * 20)[:60].strip(),
    ]


@pytest.mark.parametrize("sign", [FAMILY, FLAG, THUMB, HEART, ACCENTED, STACKED, JAMO])
@pytest.mark.parametrize("shift", range(12))
def test_a_letter_or_sign_of_several_characters_is_never_cut(sign: str, shift: int) -> None:
    text = "x" * shift + sign * 40
    parts = split(text, 50)
    assert "".join(parts) == text
    assert all(units(part) <= 50 for part in parts)
    assert parts[0].startswith("x" * shift)
    for part in parts:
        body = part.lstrip("x")
        assert body == sign * (len(body) // len(sign))


@pytest.mark.parametrize(
    "whole",
    [
        "<t:1599577200:t>",
        "<t:1599577200>",
        "<@123456789012345678>",
        "<@&123456789012345678>",
        "<#123456789012345678>",
        "</programa:123456789012345678>",
        "<:mano:123456789012345678>",
        "<a:mano:123456789012345678>",
        "https://example.org/programa?dia=martes",
    ],
)
@pytest.mark.parametrize("filling", range(15, 60))
def test_a_mention_a_timestamp_or_an_address_is_never_cut(whole: str, filling: int) -> None:
    text = "x" * filling + whole + " y" * 30
    parts = split(text, 60)
    assert without_space("".join(parts)) == without_space(text)
    assert sum(whole in part for part in parts) == 1


def test_a_block_of_code_that_is_cut_is_closed_and_opened_again() -> None:
    lines = [f"    línea {n:03}" for n in range(30)]
    text = "Antes\n```py\n" + "\n".join(lines) + "\n```\nDespués " + "palabra " * 20
    parts = split(text, 120)
    assert all(units(part) <= 120 for part in parts)
    assert all(part.count("```") % 2 == 0 for part in parts)
    inside = re.findall(r"```py\n(.*?)\n```", "\n".join(parts), re.DOTALL)
    assert "\n".join(inside).splitlines() == lines
    assert "".join(parts).count("palabra") == 20


def test_a_limit_too_small_to_be_kept_is_an_error() -> None:
    with pytest.raises(ValueError, match="39"):
        split("x" * 100, 39)


TEXTS = st.text(max_size=400) | st.lists(
    st.sampled_from(
        ["a", "palabra", " ", "\n", "\n\n", ". ", "\u00a0", FAMILY, FLAG, THUMB, ACCENTED, "<t:1:R>", "\r\n", "\t"]
    ),
    max_size=200,
).map("".join)


@given(TEXTS, st.integers(40, 120))
def test_nothing_but_white_space_at_the_cuts_is_lost(text: str, limit: int) -> None:
    parts = split(text.replace("```", ""), limit)
    assert without_space("".join(parts)) == without_space(text.replace("```", ""))
    assert all(units(part) <= limit for part in parts)
    assert all(part.strip() for part in parts)


@given(
    st.lists(st.sampled_from(["```", "```py\n", "a", "bruma larga", " ", "\n", "``", "`", "x" * 50]), max_size=60),
    st.integers(40, 120),
)
def test_blocks_of_code_in_any_disorder_lose_no_word_and_end(pieces: list[str], limit: int) -> None:
    text = "".join(pieces)
    parts = split(text, limit)
    assert all(units(part) <= limit for part in parts)
    # In order, all the letters of the text; a block that is opened again repeats its language between them.
    letters = iter(re.sub(r"[`\s]", "", "".join(parts)))
    assert all(letter in letters for letter in re.sub(r"[`\s]", "", text))
