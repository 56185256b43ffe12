"""Good practices over the wire: who may record, who reads what, who decides, and that moderators are told once."""

import asyncio
from typing import Any

import pytest

from bot.ids import PersonId
from bot.loopback.exchange import Exchange
from bot.loopback.people import Person
from bot.loopback.seen import SeenMessage
from bot.materials import checked_material
from bot.participants import Draft
from bot.practices import PracticeDraft
from bot.services import open_services
from tests.cogs import test_checks

TUESDAY, WEDNESDAY = "2020-09-08", "2020-09-09"

#: Words that nobody may read who is not meant to.
TITLE, TEXT, RESULTS = "Mesa *conjunta*", "Un enlace por institución.\n<@&1> @everyone", "Doce casos"


async def member(event: Any, name: str, affiliation: str = "HN", locale: str = "es-419") -> Person:
    """Somebody who registered."""
    person: Person = event.person(name, locale=locale)
    draft = Draft(name, "Fiscalía de *Ensayo*", affiliation, None)
    await event.services.directory.register(
        PersonId(person.id), draft, consented_at=event.clock.now(), language="es" if locale != "en-US" else "en"
    )
    return person


async def records(who: Person, **more: Any) -> Exchange:
    opened = await who.slash("practica")
    assert opened.modal is not None, opened.text
    return await who.submit(opened.modal, **{"title": TITLE, "text": TEXT, "results": RESULTS, **more})


def told(moderator: Person) -> list[SeenMessage]:
    return [m for m in moderator.sees_in("moderacion") if "buena práctica" in m.text and not m.ephemeral]


def everything(person: Person) -> str:
    return "\n".join(message.text for message in (*person.sees(), *person.private()))


async def test_delegation_records_moderator_approves_and_all_read_it_literally(event: Any) -> None:
    mora, ben, zoe = event.moderator(), await member(event, "Ben", "CR"), event.person("Zoe")
    ana = await member(event, "Ana Ñandú")
    answer = await records(ana)
    assert answer.text == (
        "Guardada: es la buena práctica 1, de Honduras. Quienes moderan la revisan; con /practicas verá qué fue "
        "de ella."
    )
    assert answer.answer.labels == ["Retirar la 1"]
    await event.settle()
    (post,) = told(mora)
    assert post.text.splitlines()[:2] == [
        "📘 Honduras registró la buena práctica 1, sobre el tema del martes 8 de septiembre. Falta revisarla.",
        "📘 Honduras recorded good practice 1, on the theme of Tuesday 8 September. It is to be reviewed.",
    ]
    assert post.labels == ["Revisar la práctica / Review the practice"]
    for other in (ben, zoe):
        assert (await other.slash("practicas")).text.startswith("Todavía no hay buenas prácticas que leer.")
    card = await mora.click(post, "practice:show:1")
    assert card.text.splitlines() == [
        "**Buena práctica 1: Mesa \\*conjunta\\***",
        "Honduras · Fiscalía de \\*Ensayo\\*",
        "-# martes 8 de septiembre: Técnicas de investigación e inteligencia policial sobre "
        "Tráfico Ilícito de Migrantes",
        "-# por revisar",
        "Un enlace por institución\\.",
        "\\<\\@&1\\> \\@everyone",
        "**Qué resultado dio**",
        "Doce casos",
    ]
    assert card.answer.labels == ["Aprobar", "Rechazar…"]
    decided = await mora.click(card.answer, "practice:approve:1")
    assert decided.text == "Aprobada la buena práctica 1: ya la leen todos."
    assert decided.answer.labels == ["Rechazar…"]
    listed = await zoe.slash("practicas")
    assert listed.text.splitlines()[-1] == "- **1** · Honduras · Mesa \\*conjunta\\*"
    read = await zoe.choose(listed.answer, "practice:list:0", "1")
    assert "Doce casos" in read.text
    assert read.answer.labels == []
    for reader in (zoe, ben, mora):
        assert "Ana" not in everything(reader)
        assert all(not message.pinged for message in (*reader.sees(), *reader.private()))


async def test_rejected_one_is_read_with_its_reason_by_who_recorded_it_and_the_decision_can_be_changed(
    event: Any,
) -> None:
    mora, ana, ben = event.moderator(), await member(event, "Ana"), await member(event, "Ben")
    await records(ana)
    await event.settle()
    card = await mora.click(told(mora)[0], "practice:show:1")
    opened = await mora.click(card.answer, "practice:reject:1")
    assert (await mora.submit(opened.modal, reason="🙂")).text.startswith("Diga por qué la rechaza")
    rejected = await mora.submit(opened.modal, reason="Es de *otro* tema")
    assert rejected.text.startswith("Rechazada la buena práctica 1")
    own = await ana.slash("practicas")
    assert own.text.endswith("Mesa \\*conjunta\\* · suya · *rechazada: Es de \\*otro\\* tema*")
    assert (await ben.slash("practicas")).text.startswith("Todavía no hay")
    # Somebody of the same delegation forges the button.
    post = await ben.slash("practicas")
    forged = await ben.click(post.answer, forged_custom_id="practice:show:1")
    assert forged.text == "La buena práctica 1 no está, o ya no."
    assert (await mora.click(rejected.answer, "practice:approve:1")).text.startswith("Aprobada")
    assert "otro" not in (await ana.slash("practicas")).text


async def test_who_is_of_no_delegation_is_told_how_to_and_no_form_opens(event: Any) -> None:
    zoe, iom = event.person("Zoe"), await member(event, "Iom", "organization")
    for person in (zoe, iom):
        refused = await person.slash("practica")
        assert refused.modal is None
        assert refused.text.startswith("Las buenas prácticas las registran las delegaciones")
    forged = await zoe.submit_raw(
        "practice:record", {"session": [TUESDAY], "title": TITLE, "text": TEXT, "results": ""}, channel="preguntas"
    )
    assert "Lo que escribió está en el archivo" in forged.text
    assert await event.services.compendium.all() == []


async def test_what_could_not_be_saved_is_given_back_and_the_same_twice_is_one(event: Any) -> None:
    ana = await member(event, "Ana")
    opened = await ana.slash("practica")
    blank = await ana.submit(opened.modal, title="\u200b", text=TEXT)
    assert blank.text.splitlines()[0] == "NO se guardó: falta «Título»."
    (file,) = blank.answer.attachments
    assert (file.name, TEXT in file.content.decode()) == ("practica.txt", True)
    first, second = await asyncio.gather(
        *(ana.submit(opened.modal, title=TITLE, text=TEXT, session=WEDNESDAY) for _ in range(2))
    )
    assert first.text == second.text
    (kept,) = await event.services.compendium.all()
    assert (kept.session, kept.results) == (WEDNESDAY, "")


async def test_own_one_is_withdrawn_for_good_and_nobody_elses(event: Any) -> None:
    mora, ana, ben = event.moderator(), await member(event, "Ana"), await member(event, "Ben")
    answer = await records(ana)
    await event.settle()
    (post,) = told(mora)
    card = await mora.click(post, "practice:show:1")
    taken = await ben.submit_raw("practice:rejected:1", {"reason": "x"}, channel="preguntas")
    assert taken.text == "Esto es solo para quienes moderan la sesión."
    assert (await ana.click(answer.answer, "practice:withdraw:1")).text == (
        "Retiró la buena práctica 1: nadie más la ve."
    )
    late = await mora.click(card.answer, "practice:approve:1")
    assert late.text == "La buena práctica 1 ya está retirada."
    assert (await mora.click(post, "practice:show:1")).text == "La buena práctica 1 no está, o ya no."


async def test_two_moderators_at_once_decide_once(event: Any) -> None:
    mora, mina, ana = event.moderator(), event.moderator("Mina"), await member(event, "Ana")
    await records(ana)
    await event.settle()
    (post,) = told(mora)
    cards = [await each.click(post, "practice:show:1") for each in (mora, mina)]
    done = await asyncio.gather(
        *(each.click(card.answer, "practice:approve:1") for each, card in zip((mora, mina), cards, strict=True))
    )
    assert sorted(exchange.text.split(":")[0][:20] for exchange in done) == [
        "Aprobada la buena pr",
        "La buena práctica 1 ",
    ]


async def test_moderators_are_told_once_across_restarts_and_of_what_waited_meanwhile(event: Any) -> None:
    mora, ana = event.moderator(), await member(event, "Ana")
    await records(ana)
    await event.settle()
    await event.restart()
    assert len(told(mora)) == 1
    assert (await mora.click(told(mora)[0], "practice:show:1")).answer.labels == ["Aprobar", "Rechazar…"]


async def test_what_was_recorded_just_before_the_bot_died_is_told_by_the_next_start(event: Any) -> None:
    mora, ana = event.moderator(), await member(event, "Ana")
    await event.stop()
    async with open_services(event.config, event.clock) as services:
        await services.compendium.record(PersonId(ana.id), TUESDAY, PracticeDraft(TITLE, TEXT), language="es")
    await event.start()
    assert len(told(mora)) == 1


async def test_post_that_cannot_be_made_is_made_once_the_channel_is_mended(event: Any) -> None:
    mora, ana = event.moderator(), await member(event, "Ana")
    event.loopback.faults.add("403", route="POST /channels/{id}/messages", channel="moderacion", times=2)
    assert (await records(ana)).text.startswith("Guardada")
    await event.settle()
    assert told(mora) == []
    await event.clock.run_for(300)
    assert len(told(mora)) == 1


async def test_erased_person_takes_their_practices_along_and_a_number_is_never_given_twice(event: Any) -> None:
    mora, ana, ben = event.moderator(), await member(event, "Ana Ñandú"), await member(event, "Ben Prueba")
    await records(ana)
    await records(ben, title="Según Ana Ñandú", text="Lo que dijo Ana Ñandú.", results="")
    await event.settle()
    await event.services.erasure.erase(PersonId(ana.id), ["Ana Ñandú"])
    (kept,) = await event.services.compendium.all()
    assert (kept.number, kept.title, kept.text) == (2, "Según […]", "Lo que dijo […].")
    assert (await mora.click(told(mora)[0], "practice:show:1")).text == "La buena práctica 1 no está, o ya no."
    await event.services.erasure.erase(PersonId(ben.id), ["Ben Prueba"])
    eva = await member(event, "Eva")
    await records(eva)
    await event.settle()
    (kept,) = await event.services.compendium.all()
    assert kept.number == 3
    assert len(told(mora)) == 3


async def test_nothing_is_said_to_be_saved_that_is_not(event: Any) -> None:
    ana = await member(event, "Ana")
    opened = await ana.slash("practica")
    database = event.config.storage.database
    database.rename(database.with_suffix(".away"))
    await ana.submit(opened.modal, title=TITLE, text=TEXT)
    await event.settle()
    said = ana.private()[-1]
    assert said.text.startswith("NO se guardó")
    assert [file.name for file in said.attachments] == ["practica.txt"]
    assert await event.services.compendium.all() == []


async def test_when_everybody_is_erased_nothing_is_left_of_practices_and_materials(event: Any) -> None:
    ana, services = await member(event, "Ana"), event.services
    await records(ana)
    await services.library.add(TUESDAY, checked_material("Guía", None, "guia.pdf", b"made up"), PersonId(1))
    # Who added it goes before, so that nobody's id stands beside it.
    await services.erasure.erase(PersonId(1), [])
    await event.clock.run_until(services.erasure.due_at)
    await services.erasure.purge()
    assert await services.compendium.all() == []
    assert await services.library.all() == []
    assert not await services.store.read(lambda tx: tx.erasures.has_words())


class TestModeratorsOfAnotherDay:
    """Each session may have moderators of its own: they read and decide nothing of another day's."""

    config = test_checks.TestModeratorsOfOneSession.config
    moderates = test_checks.TestModeratorsOfOneSession.moderates

    @pytest.mark.trial("D8")
    async def test_they_read_and_decide_nothing_that_waits_for_others(self, event: Any) -> None:
        tuesdays, mora, ana = self.moderates(event, TUESDAY), event.moderator(), await member(event, "Ana")
        await records(ana, session=WEDNESDAY)
        await event.settle()
        assert (await tuesdays.slash("practicas")).text.startswith("Todavía no hay")
        shown = await tuesdays.slash("practicas")
        for custom_id, told_so in (
            ("practice:show:1", "La buena práctica 1 no está, o ya no."),
            ("practice:approve:1", "Esto es solo para quienes moderan la sesión."),
        ):
            assert (await tuesdays.click(shown.answer, forged_custom_id=custom_id)).text == told_so
        forged = await tuesdays.submit_raw("practice:rejected:1", {"reason": "Porque sí"}, channel="preguntas")
        assert forged.text == "Esto es solo para quienes moderan la sesión."
        card = await mora.click(told(mora)[0], "practice:show:1")
        assert (await mora.click(card.answer, "practice:approve:1")).text.startswith("Aprobada")
        read = await tuesdays.slash("practicas")
        assert (await tuesdays.choose(read.answer, "practice:list:0", "1")).answer.labels == []
