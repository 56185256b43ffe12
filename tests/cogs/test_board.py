"""The moderators' board, /siguiente and the public post, over the wire."""

import asyncio
import re
from typing import Any

import pytest

from bot.ids import PersonId
from bot.participants import Country, Entry, Standing
from tests.cogs.dais import HOSTILE, TUESDAY, at_questions, board_of, boards, on_air, private_texts, register


@pytest.fixture
async def morning(event: Any) -> Any:
    """Tuesday 09:30, when questions are taken."""
    await event.clock.run_until(event.at(f"{TUESDAY} 09:30"))
    return event


class TestBoard:
    async def test_board_stands_from_the_sessions_start_and_shows_the_head(self, event: Any) -> None:
        moderator, ana = event.moderator(), event.person("Ana")
        assert boards(moderator) == []
        await event.clock.run_until(event.at(f"{TUESDAY} 09:00"))
        assert "Nada en revisión / Nothing under review" in board_of(moderator).text
        for number in range(1, 8):
            await event.person(f"Persona {number}").slash("pregunta", texto=f"Pregunta número {number}")
        await event.clock.run_for(3)
        text = board_of(moderator).text
        assert [n for n in range(1, 8) if f"Pregunta número {n}" in text] == [1, 2, 3, 4, 5]
        assert "y 2 más en revisión / and 2 more under review" in text
        assert len(boards(moderator)) == 1
        assert boards(ana) == []
        assert all(message.pinged == [] for message in moderator.sees())

    async def test_click_changes_the_board_at_once(self, morning: Any) -> None:
        moderator = morning.moderator()
        await morning.person("Ana").slash("pregunta", texto="Una")
        await morning.clock.run_for(3)
        await moderator.click(board_of(moderator), "question:approve:1")
        assert "aprobadas 1" in board_of(moderator).text
        assert "Siguen, por turno: 1" in board_of(moderator).text
        assert moderator.private() == []

    async def test_changes_that_come_together_make_one_edit(self, morning: Any) -> None:
        await morning.clock.run_for(3)
        board = board_of(morning.moderator())
        edits = []
        people = [morning.person(f"Persona {n}") for n in range(20)]
        await asyncio.gather(*(p.slash("pregunta", texto="¿Una igual?") for p in people))
        await morning.settle()
        for _ in range(5):
            edits.append(board.message.edited_at)
            await morning.clock.run_for(1)
        assert 1 <= len(set(edits)) <= 3
        assert "recibidas 20" in board_of(morning.moderator()).text

    @pytest.mark.trial("Q4")
    async def test_two_moderators_on_one_question_the_second_is_told_who(self, morning: Any) -> None:
        one, two = morning.moderator("Una Moderadora"), morning.moderator("Otra Moderadora")
        await morning.person("Ana").slash("pregunta", texto="Una")
        await morning.clock.run_for(3)
        board = board_of(two)
        await one.click(board, "question:approve:1")
        await two.click(board, forged_custom_id="question:approve:1")
        await morning.settle()
        assert f"ya fue resuelta: aprobada, por <@{one.id}>" in private_texts(two)[0]
        assert one.private() == []

    async def test_english_line_has_the_theme_in_english(self, morning: Any) -> None:
        theme = morning.config.agenda.sessions[0].theme
        lines = board_of(morning.moderator()).text.split("\n")
        assert lines[0].startswith("### Preguntas · sesión 1 · Técnicas de investigación")
        assert lines[1].startswith("### Questions · session 1 · Investigation techniques")
        assert theme["en"].startswith("Investigation techniques")

    async def test_page_is_approved_as_it_was_seen_and_the_second_moderator_is_told_which_were_left(
        self, morning: Any
    ) -> None:
        one, two, ana = morning.moderator("Una"), morning.moderator("Otra"), morning.person("Ana")
        for number, text in enumerate(("Frontera", "Puertos", "Víctimas", "Jueces", "Vídeo", "Presupuesto"), 1):
            await morning.person(f"Persona {number}").slash("pregunta", texto=text)
        await morning.clock.run_for(3)
        seen = board_of(two)
        await one.click(board_of(one), "Aprobar esta página / Approve this page")
        assert "aprobadas 5" in board_of(one).text
        assert "Presupuesto" in board_of(one).text
        assert "en revisión 1" in board_of(one).text
        await two.click(seen, forged_custom_id="question:page:1-2-3-4-5")
        await morning.settle()
        assert one.private() == ana.private() == []
        assert private_texts(two) == [
            "Quedan como estaban, por estar ya resueltas, cambiadas o con palabras que revisar: 1, 2, 3, 4, 5."
        ]
        assert "en revisión 1" in board_of(one).text

    async def test_each_place_has_its_reason_in_both_languages(self, morning: Any) -> None:
        moderator = morning.moderator()
        for country, text in (("MX", "Frontera"), ("MX", "Puertos"), ("CR", "Víctimas")):
            author = morning.person(f"Alguien de {country}")
            await register(morning, author, country)
            await author.slash("pregunta", texto=text)
        await morning.services.queue.approve_all([1, 2, 3], moderator.id)
        await morning.clock.run_for(3)
        text = board_of(moderator).text
        assert "Siguen, por turno: 1 (país sin turno), 3 (país sin turno), 2 (turno n.º 2 de su grupo)" in text
        assert "Next in turn: 1 (country without a turn), 3 (country without a turn), 2 (turn no. 2" in text

    async def test_long_text_is_cut_and_the_whole_is_a_tap_away(self, morning: Any) -> None:
        moderator, ben = morning.moderator(), morning.person("Ben")
        whole = " ".join(f"palabra{number}" for number in range(90))
        await morning.person("Ana").slash("pregunta", texto=whole)
        await morning.clock.run_for(3)
        assert "palabra29" in board_of(moderator).text
        assert "palabra35" not in board_of(moderator).text
        await moderator.click(board_of(moderator), "Ver todo… / See all…")
        assert whole in private_texts(moderator)[-1]
        assert "Rechazar…" in moderator.private()[-1].labels
        assert ben.sees_in("preguntas") == ben.private() == []

    async def test_board_is_never_posted_into_a_message_for_all(self, morning: Any) -> None:
        moderator, ben = morning.moderator(), morning.person("Ben")
        await at_questions(morning, "Frontera", "Secreto", approved=False)
        await morning.services.queue.approve(1, moderator.id)
        await morning.clock.run_for(3)
        public = next(m for m in ben.sees_in("preguntas") if m.components)
        await moderator.click(public, forged_custom_id="question:approve:2")
        await moderator.click(public, forged_custom_id="question:reject:77")
        await morning.settle()
        assert "En revisión" not in "\n".join(m.text for m in ben.sees_in("preguntas"))
        assert "sesión 1" not in "\n".join(m.text for m in ben.sees_in("preguntas"))

    @pytest.mark.trial("Q4")
    async def test_buttons_work_after_a_restart_and_the_board_stays_one(self, morning: Any) -> None:
        moderator = morning.moderator()
        await morning.person("Ana").slash("pregunta", texto="Una")
        await morning.clock.run_for(3)
        old = board_of(moderator)
        await morning.restart()
        await moderator.click(old, "question:approve:1")
        assert "aprobadas 1" in board_of(moderator).text
        assert len(boards(moderator)) == 1

    @pytest.mark.trial("Q4")
    async def test_board_comes_back_within_a_minute_of_being_deleted(self, morning: Any) -> None:
        moderator = morning.moderator()
        await morning.clock.run_for(3)
        morning.world.delete_message(board_of(moderator).message)
        assert boards(moderator) == []
        await morning.clock.run_for(61)
        assert len(boards(moderator)) == 1

    async def test_board_is_posted_anew_before_it_is_too_old_to_be_edited(self, event: Any) -> None:
        moderator = event.moderator()
        await event.clock.run_until(event.at(f"{TUESDAY} 09:01"))
        first = board_of(moderator)
        await event.clock.run_until(event.at(f"{TUESDAY} 09:51"))
        assert len(boards(moderator)) == 1
        assert board_of(moderator).id != first.id

    async def test_board_that_cannot_be_posted_is_told_to_organizers_and_stops_nothing(self, event: Any) -> None:
        organizer, moderator, ana = event.organizer(), event.moderator(), event.person("Ana")
        event.loopback.faults.add("403", route="POST /channels/{id}/messages", channel="moderacion", times=None)
        await event.clock.run_until(event.at(f"{TUESDAY} 09:05"))
        told = [m.text for m in organizer.sees_in("organizacion") if "moderacion" in m.text or "<#" in m.text]
        assert len(told) == 1
        await ana.slash("pregunta", texto="Una")
        assert "número 1" in private_texts(ana)[0]
        event.loopback.faults.clear()
        await event.clock.run_for(61)
        assert "Una" in board_of(moderator).text

    @pytest.mark.trial("D4")
    async def test_board_of_the_worst_texts_stays_within_the_limits(self, morning: Any) -> None:
        moderator = morning.moderator()
        for number in range(12):
            person = morning.person(f"Persona {number}")
            await person.slash("pregunta", texto=str(number) + "*" * 990, para="#" * 99 + "x")
        await morning.services.queue.approve_all(list(range(1, 7)), moderator.id)
        await morning.services.queue.put_on_air(1, moderator.id, early=True)
        await morning.clock.run_for(3)
        text = board_of(moderator).text
        assert len(text) <= 4000
        assert "Al aire: 1" in text
        assert "Siguen, por turno: 2 (" in text
        assert "y 1 más en revisión" in text

    @pytest.mark.trial("Q7")
    async def test_rejection_with_words_that_show_nothing_is_refused(self, morning: Any) -> None:
        moderator = morning.moderator()
        await morning.person("Ana").slash("pregunta", texto="Una")
        await morning.clock.run_for(3)
        for words in ("\u200b", "\u2800", "\u3164", "\u00ad", "   ", "😀"):
            form = (await moderator.click(board_of(moderator), "question:reject:1")).modal
            await moderator.submit(form, reason="other", words=words)
            await morning.settle()
        assert [text for text in private_texts(moderator) if "no se puede leer" in text] == private_texts(moderator)
        assert len(private_texts(moderator)) == 6
        assert "en revisión 1" in board_of(moderator).text


class TestNext:
    async def test_next_puts_one_on_air_and_closes_it_with_the_one_after(self, morning: Any) -> None:
        moderator, ana = morning.moderator(), morning.person("Ana")
        await at_questions(morning, "Una", "Otra")
        await moderator.slash("siguiente")
        await morning.settle()
        assert len(on_air(ana)) == 1
        assert "Pregunta 1 al aire / Question 1 on air" in on_air(ana)[0]
        assert "> Una" in on_air(ana)[0]
        await morning.clock.run_for(30)
        await moderator.slash("siguiente")
        await morning.settle()
        assert [text.split(" al aire")[0][-1] for text in on_air(ana)] == ["1", "2"]
        assert "La 1 quedó respondida" in private_texts(moderator)[-1]
        await morning.clock.run_for(30)
        await moderator.slash("siguiente")
        assert private_texts(moderator)[-1] == "No hay preguntas aprobadas ni en revisión."
        assert len(on_air(ana)) == 2

    async def test_with_none_approved_shows_the_first_with_its_buttons(self, morning: Any) -> None:
        moderator, ana = morning.moderator(), morning.person("Ana")
        await at_questions(morning, "Una", "Otra", approved=False)
        await moderator.slash("siguiente")
        answer = moderator.private()[-1]
        assert "Hay 2 en revisión" in answer.text
        assert "**1** · Una" in answer.text
        assert answer.labels == ["Aprobar", "Aprobar y al aire"]
        await moderator.click(answer, "Aprobar y al aire")
        await morning.settle()
        assert moderator.private()[-1].text.startswith("Al aire: la pregunta **1**.")
        assert len(on_air(ana)) == 1

    async def test_before_the_questions_it_asks_for_confirmation(self, morning: Any) -> None:
        moderator, ana = morning.moderator(), morning.person("Ana")
        await ana.slash("pregunta", texto="Una")
        await morning.clock.run_for(3)
        await moderator.click(board_of(moderator), "question:approve:1")
        await moderator.slash("siguiente")
        answer = moderator.private()[-1]
        assert answer.labels == ["Sí, al aire ya"]
        assert on_air(ana) == []
        await moderator.click(answer, "Sí, al aire ya")
        await morning.settle()
        assert len(on_air(ana)) == 1

    @pytest.mark.trial("Q3")
    async def test_two_moderators_at_once_show_one(self, morning: Any) -> None:
        one, two, ana = morning.moderator("Una"), morning.moderator("Otra"), morning.person("Ana")
        await at_questions(morning, "Primera", "Segunda", "Tercera")
        await morning.clock.run_for(3)
        board = board_of(one)
        await asyncio.gather(
            one.click(board, "question:next:2020-09-08:0:now"), two.click(board, "question:next:2020-09-08:0:now")
        )
        await morning.settle()
        assert len(on_air(ana)) == 1
        await asyncio.gather(one.slash("siguiente"), two.slash("siguiente"))
        await morning.settle()
        assert len(on_air(ana)) == 1
        told = [text for m in (one, two) for text in private_texts(m)]
        assert len(told) == 3
        assert all("acaba de poner al aire la pregunta 1" in text for text in told)

    @pytest.mark.trial("Q3")
    async def test_restart_reposts_nothing_and_the_current_one_can_be_shown_again(self, morning: Any) -> None:
        moderator, ana = morning.moderator(), morning.person("Ana")
        await at_questions(morning, "Una", "Otra")
        await moderator.slash("siguiente")
        for _ in range(3):
            await morning.restart()
        assert len(on_air(ana)) == 1
        await morning.clock.run_for(3)
        await moderator.click(board_of(moderator), "question:card:1")
        await moderator.click(moderator.private()[-1], "Mostrar de nuevo")
        await morning.settle()
        assert len(on_air(ana)) == 2
        await morning.restart()
        assert len(on_air(ana)) == 2

    @pytest.mark.trial("Q3")
    async def test_question_put_on_air_before_a_crash_is_posted_after_it_once(self, morning: Any) -> None:
        ana, moderator = morning.person("Ana"), morning.moderator()
        await at_questions(morning, "Una", "Otra")
        morning.loopback.faults.add("503", route="POST /channels/{id}/messages", channel="preguntas", times=None)
        await moderator.slash("siguiente")
        assert on_air(ana) == []
        morning.loopback.faults.clear()
        await morning.restart()
        assert len(on_air(ana)) == 1
        await morning.restart()
        assert len(on_air(ana)) == 1

    @pytest.mark.trial("Q3")
    async def test_post_whose_answer_was_lost_is_not_posted_twice(self, morning: Any) -> None:
        ana, moderator = morning.person("Ana"), morning.moderator()
        await at_questions(morning, "Una")
        lost = morning.loopback.faults.add(
            "accepted-then-502", route="POST /channels/{id}/messages", channel="preguntas"
        )
        await moderator.slash("siguiente")
        await morning.clock.run_for(10)
        assert lost.played == 1
        assert len(on_air(ana)) == 1
        await morning.restart()
        assert await morning.services.queue.unposted() == []
        assert len(on_air(ana)) == 1

    @pytest.mark.trial("D7")
    async def test_text_is_shown_literally(self, morning: Any) -> None:
        moderator, ana = morning.moderator(), morning.person("Ana")
        await at_questions(morning, *HOSTILE)
        for _ in HOSTILE:
            await moderator.slash("siguiente")
            await morning.clock.run_for(15)
        await morning.settle()
        shown = "\n".join(on_air(ana))
        assert len(on_air(ana)) == len(HOSTILE)
        quoted = [line.removeprefix("> ") for line in shown.split("\n") if line.startswith("> ")]
        unescaped = re.sub(r"\\.", "", "".join(quoted))
        assert [sign for sign in "<>[]()#`|*_~@\u202e" if sign in unescaped] == []
        assert "https://" not in shown
        assert "example" in shown
        assert "\u0301" * 4 not in shown
        assert "José Ñandú Nguyễn" in shown
        assert all(m.pinged == [] for m in ana.sees())

    async def test_post_names_who_registered_and_never_an_anonymous_author(self, morning: Any) -> None:
        moderator, ana, ben = morning.moderator(), morning.person("Apodo de Ana"), morning.person("Apodo de Ben")
        entry = Entry("Ana *Registrada*", "Migración", Standing(Country("MX"), None), "es")
        now = morning.clock.now()
        await morning.services.store.write(
            lambda tx: [tx.participants.keep(PersonId(p.id), entry, now, now) for p in (ana, ben)] and None
        )
        await ana.slash("pregunta", texto="Con nombre", para="**UNODC**")
        await ben.slash("pregunta", texto="Sin nombre", anonima=True)
        await morning.clock.run_for(3)
        board = board_of(moderator)
        assert board.text.count("Registrada") == 1
        assert str(ben.id) not in board.text
        await morning.clock.run_until(morning.at(f"{TUESDAY} 10:20"))
        for number in (1, 2):
            await moderator.click(board_of(moderator), f"question:air:{number}:now")
            await morning.settle()
        named, anonymous = on_air(ben)
        assert "Asked by: Ana \\*Registrada\\* · Migración · México / Mexico" in named
        assert "Para / For: \\*\\*UNODC\\*\\*" in named
        assert "Asked by: anónima / anonymous" in anonymous
        for leak in ("Registrada", "Migración", "México", "Apodo", str(ben.id)):
            assert leak not in anonymous

    async def test_close_of_the_session_answers_the_one_on_air(self, morning: Any) -> None:
        moderator = morning.moderator()
        await at_questions(morning, "Una", "Otra")
        await moderator.slash("siguiente")
        await morning.clock.run_until(morning.at(f"{TUESDAY} 11:00:05"))
        text = board_of(moderator).text
        assert "respondidas 1" in text
        assert "Nada al aire" in text
        await moderator.slash("siguiente")
        assert "fuera de la sesión" in private_texts(moderator)[-1]

    @pytest.mark.trial("Q6")
    async def test_board_of_yesterday_touches_nothing_of_today(self, morning: Any) -> None:
        moderator, ana = morning.moderator(), morning.person("Ana")
        await at_questions(morning, "La de ayer")
        await morning.clock.run_until(morning.at(f"{TUESDAY} 11:30"))
        yesterday = board_of(moderator)
        await morning.clock.run_until(morning.at("2020-09-09 10:20"))
        await ana.slash("pregunta", texto="La de hoy")
        await morning.clock.run_for(3)
        await moderator.click(board_of(moderator), "question:approve:2")
        await moderator.click(yesterday, "question:next:2020-09-08:0:now")
        await morning.settle()
        assert on_air(ana) == []
        assert ["fuera de la sesión" in text for text in private_texts(moderator)] == [True]
        assert "sesión 1" in yesterday.message.components[0]["content"]
        await moderator.click(board_of(moderator), "question:next:2020-09-09:0:now")
        await morning.settle()
        assert ["La de hoy" in text for text in on_air(ana)] == [True]

    async def test_queue_tells_the_next_in_turn(self, morning: Any) -> None:
        moderator = morning.moderator()
        await at_questions(morning, "Una", "Otra")
        await moderator.slash("cola")
        text = private_texts(moderator)[-1]
        assert text.index("**1**") < text.index("**2**")
        assert "aprobadas 2" in text


async def test_nothing_under_review_stands_where_everybody_can_read_it(event: Any) -> None:
    view_channel = 1 << 10
    moderator, olga, eva = event.moderator(), event.organizer(), event.person("Eva Espectadora")
    await event.clock.run_until(event.at(f"{TUESDAY} 09:05"))
    await event.person("Ana Prueba").slash("pregunta", texto="Sin revisar todavía")
    await event.clock.run_for(3)
    assert "Sin revisar" in board_of(moderator).text
    event.world.set_overwrite("moderacion", event.world.everyone, allow=view_channel)
    await event.clock.run_for(3)
    assert eva.sees_in("moderacion") == []
    assert boards(moderator) == []
    told = [message.text for message in olga.sees_in("organizacion") if "moderacion" in message.text]
    assert len(told) == 1
    assert "no es para todos" in told[0]
    event.world.set_overwrite("moderacion", event.world.everyone, deny=view_channel)
    await event.clock.run_for(120)
    assert "Sin revisar" in board_of(moderator).text
