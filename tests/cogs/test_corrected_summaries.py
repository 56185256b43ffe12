"""Corrected summaries over the wire: said once, figure by figure, whatever restarts and whatever breaks."""

from typing import Any

import pytest

from bot.ids import ChannelId
from bot.loopback.people import Person
from bot.loopback.seen import SeenMessage
from bot.published import differences, figures
from bot.storage.checks import check
from bot.storage.looking import look
from bot.storage.published import Published
from bot.summary import day_of
from tests.cogs.test_enmiendas import NAMES, corrects, takes_back
from tests.cogs.test_organizacion import TUESDAY, WEDNESDAY, registers, table, tuesday, until

_VIEW_CHANNEL, _SEND_MESSAGES = 1 << 10, 1 << 11


def corrected(organizer: Person) -> list[SeenMessage]:
    """The corrected summaries in the organizers' channel."""
    return [m for m in organizer.sees_in("organizacion") if "Resumen corregido" in m.text and not m.ephemeral]


def first(organizer: Person) -> SeenMessage:
    return next(m for m in organizer.sees_in("organizacion") if "## Resumen del" in m.text and not m.ephemeral)


async def published(event: Any, session: str = TUESDAY) -> list[Published]:
    channel = ChannelId(event.bot.venue.organizers)
    return await event.services.store.read(lambda tx: tx.published.of_session(session, channel))


async def rebuilt_equals_what_was_published_last(event: Any, session: str = TUESDAY) -> bool:
    """By the running bot, and from the database alone."""
    await event.settle()
    last = (await published(event, session))[-1].figures
    running = await event.services.summaries.summary(session)
    now, path = event.clock.now(), event.config.storage.database
    alone, _ = look(path, now, lambda nouns: day_of(nouns, event.services.event, event.config, session, now))
    return not differences(last, figures(running)) and not differences(last, figures(alone))


class TestSaid:
    async def test_correction_cites_the_first_and_says_each_figure_to_organizers_alone(self, event: Any) -> None:
        organizer, bystander, moderator = event.organizer(), event.person("Zoe Curiosa"), event.moderator()
        *_, iva = await tuesday(event)
        await until(event, f"{TUESDAY} 11:20")
        answer = await corrects(organizer, iva)
        assert "el resumen corregido sale en el canal de la organización tras 5 minutos sin más cambios" in answer
        await until(event, f"{TUESDAY} 11:24:59")
        assert corrected(organizer) == []
        seen = len(bystander.sees()), len(moderator.sees()), len(iva.sees())
        await until(event, f"{TUESDAY} 11:25:01")
        (post,) = corrected(organizer)
        assert post.text.splitlines() == [
            "## Resumen corregido del martes 8 de septiembre",
            "Corrige el resumen del martes de las 11:01.",
            "Cambian 3 cifras; lo demás queda igual.",
            "- Personas presentes: 3 → 4 (+1)",
            "- De ellas, por corrección: 0 → 1 (+1)",
            "- Panelistas, presentes: 0 → 1 (+1)",
            "",
            "## Corrected summary of Tuesday 8 September",
            "It corrects Tuesday's summary of 11:01.",
            "3 figures change; everything else stays.",
            "- People present: 3 → 4 (+1)",
            "- Of these, by correction: 0 → 1 (+1)",
            "- Panelists, present: 0 → 1 (+1)",
            "-# ref. 0908-correccion1-1",
        ]
        assert post.message.reference is not None
        assert post.message.reference["message_id"] == str(first(organizer).id)
        rows = table(post, f"resumen-{TUESDAY}-corregido-1.csv")
        assert ["Personas presentes", "4"] in rows
        assert not any(name in post.text + str(rows) for name in NAMES)
        assert (len(bystander.sees()), len(moderator.sees()), len(iva.sees())) == seen
        assert await rebuilt_equals_what_was_published_last(event)
        await until(event, f"{WEDNESDAY} 08:00")
        assert len(corrected(organizer)) == 1
        (entry,) = [e for e in await event.services.notices.ledger() if e.kind == "correction"]
        assert (entry.outcome, entry.due_at) == ("sent", event.at(f"{TUESDAY} 11:25"))

    async def test_several_changes_make_one_and_it_waits_for_the_last(self, event: Any) -> None:
        organizer, other = event.organizer(), event.organizer("Otto Otro")
        ana, ben, _eva, iva = await tuesday(event)
        await until(event, f"{TUESDAY} 11:20")
        await corrects(organizer, iva)
        await until(event, f"{TUESDAY} 11:24")
        await corrects(other, ben, "absent")
        await until(event, f"{TUESDAY} 11:28")
        await other.slash("excusar", persona=ben, sesion=TUESDAY, motivo="Viaja")
        await corrects(organizer, ana, motivo="La medida basta")
        await until(event, f"{TUESDAY} 11:32:59")
        assert corrected(organizer) == []
        await until(event, f"{TUESDAY} 11:33:01")
        (post,) = corrected(organizer)
        lines = post.text.splitlines()
        assert lines[3 : lines.index("")] == [
            "- De ellas, por corrección: 0 → 1 (+1)",
            "- No contadas, por corrección: 0 → 1 (+1)",
            "- Excusadas: 0 → 1 (+1)",
            "- Honduras, presentes: 1 → 0 (−1)",
            "- Honduras, excusadas: 0 → 1 (+1)",
            "- Honduras, Autoridad de control migratorio, presentes: 1 → 0 (−1)",
            "- Panelistas, presentes: 0 → 1 (+1)",
        ]

    async def test_what_is_taken_back_in_time_is_never_said(self, event: Any) -> None:
        organizer = event.organizer()
        *_, iva = await tuesday(event)
        await until(event, f"{TUESDAY} 11:20")
        await corrects(organizer, iva)
        await until(event, f"{TUESDAY} 11:23")
        await takes_back(organizer, 1)
        await until(event, f"{TUESDAY} 12:00")
        assert corrected(organizer) == []
        assert len(await published(event)) == 1
        assert await rebuilt_equals_what_was_published_last(event)

    async def test_what_is_taken_back_later_is_a_second_correction_that_cites_both(self, event: Any) -> None:
        organizer = event.organizer()
        *_, iva = await tuesday(event)
        await until(event, f"{TUESDAY} 11:20")
        await corrects(organizer, iva)
        await until(event, f"{WEDNESDAY} 08:00")
        await takes_back(organizer, 1)
        await until(event, f"{WEDNESDAY} 08:05:01")
        assert len(corrected(organizer)) == 2
        assert corrected(organizer)[-1].text.splitlines()[:4] == [
            "## Resumen corregido del martes 8 de septiembre",
            "Corrige el resumen del martes de las 11:01. La corrección anterior es del martes a las 11:25; lo que "
            "sigue es respecto de ella.",
            "Cambian 3 cifras; lo demás queda igual.",
            "- Personas presentes: 4 → 3 (−1)",
        ]
        assert "ref. 0908-correccion2-1" in corrected(organizer)[-1].text
        assert await rebuilt_equals_what_was_published_last(event)

    async def test_correction_before_the_summary_is_in_the_summary(self, event: Any) -> None:
        organizer = event.organizer()
        *_, iva = await tuesday(event)
        await until(event, f"{TUESDAY} 11:00:30")
        assert "corregido" not in await corrects(organizer, iva)
        await until(event, f"{TUESDAY} 12:00")
        assert "**Personas presentes: 4**" in first(organizer).text
        assert "De ellas, por corrección de la organización: 1" in first(organizer).text
        assert corrected(organizer) == []

    async def test_time_that_turns_out_unseen_after_the_close_is_corrected(self, event: Any) -> None:
        organizer = event.organizer()
        await tuesday(event)
        await until(event, f"{TUESDAY} 11:02")
        event.services.register.lost_sight(event.at(f"{TUESDAY} 10:55"))
        event.services.register.resumed(event.clock.now())
        await until(event, f"{TUESDAY} 11:08")
        (post,) = corrected(organizer)
        lines = post.text.splitlines()
        # Two people were there: ten minutes less in all, five less for each.
        assert lines[3 : lines.index("")] == [
            "- 10:15-11:00 Preguntas y Respuestas, minutos en total: 90,0 → 80,0 (−10,0)",
            "- 10:15-11:00 Preguntas y Respuestas, mediana de minutos: 45,0 → 40,0 (−5,0)",
            "- 10:15-11:00 Preguntas y Respuestas, minutos sin datos: 0,0 → 5,0 (+5,0)",
            "- Minutos sin datos: 0,0 → 5,0 (+5,0)",
        ]
        assert await rebuilt_equals_what_was_published_last(event)

    async def test_somebody_who_turns_out_to_be_a_bot_is_corrected_away(self, event: Any) -> None:
        organizer = event.organizer()
        _ana, ben, *_ = await tuesday(event)
        await until(event, f"{TUESDAY} 11:05")
        event.services.register.strike(ben.id)
        await until(event, f"{TUESDAY} 11:11")
        (post,) = corrected(organizer)
        assert "- Honduras, presentes: 1 → 0 (−1)" in post.text

    async def test_registering_or_changing_delegation_later_corrects_nothing(self, event: Any) -> None:
        organizer = event.organizer()
        ana, _ben, eva, _iva = await tuesday(event)
        await until(event, f"{TUESDAY} 11:05")
        await registers(eva, affiliation="MX", profile="judicial")
        await registers(ana, affiliation="PA", profile="judicial")
        await event.restart()
        await until(event, f"{WEDNESDAY} 08:30")
        assert corrected(organizer) == []
        assert await rebuilt_equals_what_was_published_last(event)


class TestRestarts:
    @pytest.mark.parametrize("back", ["11:22", "11:40"])
    async def test_stopped_before_it_was_due_it_is_said_once_by_the_next_run(self, event: Any, back: str) -> None:
        organizer = event.organizer()
        *_, iva = await tuesday(event)
        await until(event, f"{TUESDAY} 11:20")
        await corrects(organizer, iva)
        await event.stop()
        await event.clock.run_until(event.at(f"{TUESDAY} {back}"))
        await event.start()
        await event.settle()
        # The quiet time counts from the correction, not from the start.
        assert len(corrected(organizer)) == (back == "11:40")
        await until(event, f"{TUESDAY} 11:45")
        await event.restart()
        await until(event, f"{WEDNESDAY} 08:00")
        await event.restart()
        assert len(corrected(organizer)) == 1
        assert await rebuilt_equals_what_was_published_last(event)
        assert check(event.config.storage.database) == []

    async def test_answer_of_discord_that_is_lost_makes_no_second_one(self, event: Any) -> None:
        organizer = event.organizer()
        *_, iva = await tuesday(event)
        await until(event, f"{TUESDAY} 11:24")
        await corrects(organizer, iva)
        await until(event, f"{TUESDAY} 11:28:59")
        event.loopback.faults.add("accepted-then-502")
        await until(event, f"{TUESDAY} 11:29:02")
        await event.restart()
        await until(event, f"{TUESDAY} 11:45")
        assert len(corrected(organizer)) == 1
        assert len(await published(event)) == 2

    async def test_bot_away_over_the_first_summary_posts_it_corrected_and_no_correction(self, event: Any) -> None:
        organizer = event.organizer()
        *_, iva = await tuesday(event)
        await corrects(organizer, iva)
        await event.stop()
        await event.clock.run_until(event.at(f"{WEDNESDAY} 08:00"))
        await event.start()
        await until(event, f"{WEDNESDAY} 08:20")
        assert "De ellas, por corrección de la organización: 1" in first(organizer).text
        assert corrected(organizer) == []
        await corrects(organizer, iva, "absent")
        await until(event, f"{WEDNESDAY} 08:26")
        (post,) = corrected(organizer)
        assert "Corrige el resumen del martes, publicado el miércoles 9 de septiembre a las 08:00." in post.text


class TestBrokenChannel:
    async def test_it_comes_once_the_channel_works_again_and_with_what_is_true_then(self, event: Any) -> None:
        organizer = event.organizer()
        _ana, ben, _eva, iva = await tuesday(event)
        await until(event, f"{TUESDAY} 11:20")
        await corrects(organizer, iva)
        event.world.set_overwrite("organizacion", event.hall.bot_role, allow=_VIEW_CHANNEL, deny=_SEND_MESSAGES)
        await until(event, f"{TUESDAY} 11:40")
        assert corrected(organizer) == []
        await corrects(organizer, ben, "absent")
        await event.restart()
        event.world.set_overwrite("organizacion", event.hall.bot_role, allow=_VIEW_CHANNEL)
        await until(event, f"{TUESDAY} 12:30")
        (post,) = corrected(organizer)
        assert "- No contadas, por corrección: 0 → 1 (+1)" in post.text
        assert "- De ellas, por corrección: 0 → 1 (+1)" in post.text
        assert await rebuilt_equals_what_was_published_last(event)

    async def test_taken_back_while_it_could_not_be_said_it_never_was(self, event: Any) -> None:
        organizer = event.organizer()
        *_, iva = await tuesday(event)
        await until(event, f"{TUESDAY} 11:20")
        await corrects(organizer, iva)
        event.world.set_overwrite("organizacion", event.hall.bot_role, allow=_VIEW_CHANNEL, deny=_SEND_MESSAGES)
        await until(event, f"{TUESDAY} 11:40")
        await takes_back(organizer, 1)
        await until(event, f"{TUESDAY} 11:50")
        event.world.set_overwrite("organizacion", event.hall.bot_role, allow=_VIEW_CHANNEL)
        await until(event, f"{TUESDAY} 12:30")
        assert corrected(organizer) == []
        assert len(await published(event)) == 1
        await corrects(organizer, iva)
        await until(event, f"{TUESDAY} 12:36")
        (post,) = corrected(organizer)
        assert "ref. 0908-correccion1-1" in post.text
        (entry,) = [e for e in await event.services.notices.ledger() if e.kind == "correction"]
        assert entry.outcome == "sent"

    async def test_nothing_is_said_where_everyone_can_read(self, event: Any) -> None:
        organizer, bystander = event.organizer(), event.person("Zoe Curiosa")
        *_, iva = await tuesday(event)
        await until(event, f"{TUESDAY} 11:20")
        await corrects(organizer, iva)
        event.world.set_overwrite("organizacion", event.world.everyone)
        await until(event, f"{TUESDAY} 11:40")
        assert all("Resumen corregido" not in m.text for m in bystander.sees())
        event.world.set_overwrite("organizacion", event.world.everyone, deny=_VIEW_CHANNEL)
        await until(event, f"{TUESDAY} 12:00")
        assert len(corrected(organizer)) == 1
        assert all("Resumen corregido" not in m.text for m in bystander.sees())
