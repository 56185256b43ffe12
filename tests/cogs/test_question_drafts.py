"""Drafts in private messages: what comes back is what was typed."""

import unicodedata

from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.ids import PersonId
from cogs.question_drafts import Draft, Unsent, embed, typed
from cogs.replies import literal

#: Without the marks and turns of direction that are never shown.
texts = st.text(st.characters(exclude_categories=("Cs", "Cf", "Mn", "Me")), max_size=200)


@given(texts)
@example("\\o/ **a** [b](https://example.org/c_d) <@1> -# x\n> y ||z||")
@example("\\\\\\")
@example("://://")
def test_what_is_shown_literally_is_read_back_as_it_was_typed(text: str) -> None:
    assume(unicodedata.is_normalized("NFC", text))
    assert typed(literal(text)) == text


def test_draft_of_signs_fits_only_as_far_as_discord_takes_it() -> None:
    assert Draft("*" * 2048, anonymous=False, addressed_to=None).fits
    assert not Draft("*" * 2049, anonymous=False, addressed_to=None).fits
    assert not Draft("𝐚" * 2049, anonymous=False, addressed_to=None).fits


def test_nothing_of_a_draft_is_in_its_repr_and_the_addressee_is_shown_whole() -> None:
    draft = Draft("Zafiro", anonymous=True, addressed_to="_" * 100)
    assert "Zafiro" not in repr(draft)
    assert embed(draft, "es").fields[0].value == "\\_" * 100


def test_only_so_many_peoples_drafts_are_remembered() -> None:
    unsent = Unsent()
    for number in range(1001):
        unsent.keep(PersonId(number), Draft(str(number), anonymous=False, addressed_to=None))
    assert unsent.of(PersonId(0)) is None
    last = unsent.of(PersonId(1000))
    assert last is not None
    assert last.text == "1000"
    unsent.drop(PersonId(1000))
    assert unsent.of(PersonId(1000)) is None
