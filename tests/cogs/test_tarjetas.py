"""What moderators look at privately: cards and lists, over the wire."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.config import Config
from bot.ids import PersonId, QuestionNumber
from bot.questions import State
from bot.queue_values import Tab
from cogs.board_view import Listing, list_view
from tests.cogs.dais import (
    HOSTILE,
    TUESDAY,
    at_questions,
    board_of,
    boards,
    not_literal,
    on_air,
    private_texts,
    state_of,
)
from tests.factories import workshop


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """The workshop with a word that wants to be looked at."""
    made = workshop(tmp_path)
    return made.model_copy(update={"questions": made.questions.model_copy(update={"blocked_words": ("insulto",)})})


@pytest.fixture
async def morning(event: Any) -> Any:
    """Tuesday 09:30, when questions are taken."""
    await event.clock.run_until(event.at(f"{TUESDAY} 09:30"))
    return event


async def ask(event: Any, *texts: str, **options: str) -> None:
    for number, text in enumerate(texts, 1):
        await event.person(f"Persona {number}").slash("pregunta", texto=text, **options)
    await event.clock.run_for(3)


TEXTS = ("Frontera", "Puertos", "Víctimas", "Jueces", "Vídeo", "Presupuesto", "Aduanas")


class TestLists:
    async def test_lists_open_privately_turn_pages_and_leave_the_board_as_it_is(self, morning: Any) -> None:
        one, two, ana = morning.moderator("Una"), morning.moderator("Otra"), morning.person("Ana")
        await ask(morning, *TEXTS)
        before = board_of(one).text
        await one.choose(board_of(one), f"question:lists:{TUESDAY}", "review")
        shown = one.private()[-1]
        assert "Solo usted ve esta lista." in shown.text
        assert [text for text in TEXTS if text in shown.text] == list(TEXTS[:5])
        assert "/" not in shown.labels[0]
        await one.click(shown, "Siguientes →")
        shown = one.private()[-1]
        assert [text for text in TEXTS if text in shown.text] == list(TEXTS[5:])
        assert "Página 2 de 2" in shown.text
        assert len(one.private()) == 1
        assert board_of(two).text == before
        assert two.private() == ana.private() == []

    async def test_press_in_a_list_does_it_and_shows_the_list_again(self, morning: Any) -> None:
        moderator = morning.moderator()
        await ask(morning, *TEXTS)
        await moderator.choose(board_of(moderator), f"question:lists:{TUESDAY}", "review")
        await moderator.click(moderator.private()[-1], "Siguientes →")
        await moderator.click(moderator.private()[-1], "question:approve:7")
        assert await state_of(morning, 7) is State.APPROVED
        shown = moderator.private()[-1]
        assert "Aduanas" not in shown.text
        assert "Presupuesto" in shown.text
        await moderator.click(shown, "Aprobadas (1)")
        assert "Aduanas" in moderator.private()[-1].text
        await moderator.click(moderator.private()[-1], "Aplazar")
        await moderator.click(moderator.private()[-1], "Aplazadas (1)")
        assert "Aduanas" in moderator.private()[-1].text
        await moderator.click(moderator.private()[-1], "Al aire (0)")
        assert "No hay ninguna aquí." in moderator.private()[-1].text
        assert len(boards(moderator)) == 1
        assert len(moderator.private()) == 1

    async def test_list_is_filtered_by_language_and_by_whom_it_is_for(self, morning: Any) -> None:
        moderator = morning.moderator()
        await morning.person("Ana").slash("pregunta", texto="Frontera", para="Zoé Ñandú")
        await morning.person("Eve", locale="en-US").slash("pregunta", texto="Harbours", para="Zoe Nandu")
        await morning.person("Ben").slash("pregunta", texto="Puertos")
        await morning.clock.run_for(3)
        await moderator.choose(board_of(moderator), f"question:lists:{TUESDAY}", "review")
        await moderator.choose(moderator.private()[-1], "Idioma…", "Inglés")
        text = moderator.private()[-1].text
        assert [each for each in ("Frontera", "Harbours", "Puertos") if each in text] == ["Harbours"]
        await moderator.choose(moderator.private()[-1], "Idioma…", "Cualquier idioma")
        await moderator.choose(moderator.private()[-1], "Dirigidas a…", "Zoé Ñandú")
        text = moderator.private()[-1].text
        assert [each for each in ("Frontera", "Harbours", "Puertos") if each in text] == ["Frontera", "Harbours"]
        await moderator.choose(moderator.private()[-1], "Idioma…", "Español")
        text = moderator.private()[-1].text
        assert [each for each in ("Frontera", "Harbours", "Puertos") if each in text] == ["Frontera"]

    async def test_list_of_the_worst_texts_stays_within_the_limits(self, morning: Any) -> None:
        moderator = morning.moderator()
        await ask(morning, *(str(number) + "*" * 999 for number in range(6)), para="#" * 99 + "x")
        await moderator.choose(board_of(moderator), f"question:lists:{TUESDAY}", "review")
        shown = moderator.private()[-1]
        assert len(shown.text) <= 4000
        assert "Página 1 de 2" in shown.text

    @pytest.mark.trial("Q4")
    async def test_list_and_card_work_after_a_restart(self, morning: Any) -> None:
        moderator = morning.moderator()
        await ask(morning, *TEXTS)
        await moderator.choose(board_of(moderator), f"question:lists:{TUESDAY}", "review")
        await moderator.click(board_of(moderator), "question:card:2")
        shown, card = moderator.private()[-2:]
        await morning.restart()
        await moderator.click(shown, "question:approve:1")
        await moderator.click(card, "Aprobar")
        assert (await state_of(morning, 1), await state_of(morning, 2)) == (State.APPROVED, State.APPROVED)
        await moderator.click(card, forged_custom_id="question:approve:2")
        await morning.settle()
        assert "ya fue resuelta: aprobada" in private_texts(moderator)[-1]


class TestCards:
    async def test_card_has_what_fits_where_the_question_stands(self, morning: Any) -> None:
        moderator = morning.moderator()
        await at_questions(morning, "Frontera", approved=False)
        seen = []
        for move in ("approve", "defer"):
            await moderator.click(board_of(moderator), forged_custom_id="question:card:1")
            seen.append(moderator.private()[-1].labels)
            await moderator.click(board_of(moderator), forged_custom_id=f"question:{move}:1")
        await moderator.click(board_of(moderator), forged_custom_id="question:card:1")
        seen.append(moderator.private()[-1].labels)
        silence = "Silenciar a quien preguntó"
        assert seen == [
            ["Aprobar", "Aprobar y al aire", "Rechazar…", "Editar y aprobar", "Unir con…", silence],
            ["Al aire", "Aplazar", "Rechazar…", "Unir con…", "Responder…", "Deshacer", silence],
            ["Al aire", "Responder…", "Deshacer"],
        ]

    async def test_words_to_be_checked_are_marked_and_keep_it_off_the_page_approval(self, morning: Any) -> None:
        moderator, ben = morning.moderator(), morning.person("Ben")
        await ask(morning, "Frontera", "Es un insulto para todos")
        assert "⚠ Revise: contiene insulto / ⚠ Check: contains insulto" in board_of(moderator).text
        await moderator.click(board_of(moderator), "question:page:1-2")
        await morning.settle()
        assert (await state_of(morning, 1), await state_of(morning, 2)) == (State.APPROVED, State.PENDING)
        assert private_texts(moderator)[-1].endswith("cambiadas o con palabras que revisar: 2.")
        await moderator.click(board_of(moderator), "question:card:2")
        assert "⚠ Revise: contiene insulto" in private_texts(moderator)[-1]
        assert "insulto" not in "\n".join(m.text for m in ben.sees())

    @pytest.mark.trial("D7")
    async def test_card_shows_every_text_literally(self, morning: Any) -> None:
        moderator = morning.moderator()
        await ask(morning, *HOSTILE)
        for number in range(1, len(HOSTILE) + 1):
            await moderator.click(board_of(moderator), forged_custom_id=f"question:card:{number}")
        shown = [line.removeprefix("> ") for text in private_texts(moderator) for line in text.split("\n")[2:]]
        assert len(private_texts(moderator)) == len(HOSTILE)
        assert not_literal("".join(shown)) == []
        assert "José Ñandú Nguyễn" in "".join(shown)
        assert all(message.pinged == [] for message in moderator.private())

    async def test_card_and_lists_are_in_the_language_of_who_opens_them(self, morning: Any) -> None:
        moderator = morning.moderator("Mary Moderator", "en-US")
        await ask(morning, *TEXTS)
        await moderator.click(board_of(moderator), forged_custom_id="question:card:1")
        assert "**Question 1** · under review" in private_texts(moderator)[-1]
        assert moderator.private()[-1].labels[0] == "Approve"
        await moderator.choose(board_of(moderator), f"question:lists:{TUESDAY}", "review")
        assert "Only you see this list." in moderator.private()[-1].text
        assert "Under review (7)" in moderator.private()[-1].labels


class TestTextThatChanges:
    """What is approved is what the moderator saw, though its author changes it meanwhile."""

    async def test_changed_text_is_never_approved_unread(self, morning: Any) -> None:
        moderator, ben = morning.moderator(), morning.person("Ben")
        (ana,) = await at_questions(morning, "Lo inocente", approved=False)
        board, number = board_of(moderator), QuestionNumber(1)
        await moderator.click(board, "question:card:1")
        card = moderator.private()[-1]
        edit = (await moderator.click(card, "Editar y aprobar")).modal
        await morning.services.queue.edit_by_author(number, PersonId(ana.id), "Lo ofensivo")
        for label in ("Aprobar", "Aprobar y al aire"):
            await moderator.click(card, label)
            assert "cambió después de que usted la vio" in private_texts(moderator)[-1]
            assert await state_of(morning, 1) is State.PENDING
        await moderator.submit(edit, text="Lo inocente, bien escrito")
        assert "Lo inocente, bien escrito" in private_texts(moderator)[-1]
        assert await state_of(morning, 1) is State.PENDING
        assert await morning.services.queue.approve_all([number], PersonId(moderator.id), seen_edits={number: 0}) == []
        await moderator.click(moderator.private()[-1], "Ver todo…")
        whole = private_texts(moderator)[-1]
        assert whole.index("> Lo ofensivo") < whole.index("> Lo inocente")
        assert all("ofensivo" not in message.text for message in ben.sees())
        await morning.restart()
        await moderator.click(moderator.private()[-1], "Aprobar y al aire")
        await morning.settle()
        assert await state_of(morning, 1) is State.ON_AIR
        assert any("ofensivo" in text for text in on_air(ben))

    async def test_changed_text_is_approved_with_its_page_from_the_board_that_shows_it(self, morning: Any) -> None:
        moderator = morning.moderator()
        people = await at_questions(morning, "Una", "Otra", approved=False)
        await morning.services.queue.edit_by_author(QuestionNumber(2), PersonId(people[1].id), "Otra, mejor")
        await morning.clock.run_for(3)
        assert "Otra, mejor" in board_of(moderator).text
        await moderator.click(board_of(moderator), "Aprobar esta página / Approve this page")
        assert [await state_of(morning, n) for n in (1, 2)] == [State.APPROVED, State.APPROVED]


@pytest.mark.trial("D7")
async def test_since_when_an_anonymous_one_waits_is_told_nowhere_and_its_author_may_withdraw_it(morning: Any) -> None:
    moderator, ana = morning.moderator(), morning.person("Ana")
    await morning.person("Ben").slash("pregunta", texto="Con nombre")
    await ana.slash("pregunta", texto="Sin nombre", anonima=True)
    await morning.clock.run_for(3)
    board = board_of(moderator).text
    named, anonymous = board.index("**1**"), board.index("**2**")
    assert "<t:" in board[named:anonymous]
    assert "<t:" not in board[anonymous : board.index("Sin nombre")]
    await moderator.click(board_of(moderator), "question:card:2")
    assert "<t:" not in private_texts(moderator)[-1]
    await morning.services.queue.withdraw(2, ana.id)
    await moderator.click(board_of(moderator), forged_custom_id="question:approve:2")
    await morning.settle()
    assert private_texts(moderator)[-1] == "La pregunta 2 ya no está donde estaba: retirada."


async def test_list_that_does_not_go_to_its_end_says_so(morning: Any) -> None:
    await morning.person("Ben").slash("pregunta", texto="Una")
    page = await morning.services.queue.board(TUESDAY)
    listing = Listing(TUESDAY, Tab.REVIEW)
    told = []
    for each in (page, replace(page, pages=100, total=500, goes_on=True)):
        view = list_view(each, listing, [], "es")
        told.append("".join(item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay)))
    assert ["solo las 500 primeras; las demás, por su número o sus palabras" in text for text in told] == [False, True]
