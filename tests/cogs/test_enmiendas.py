"""Corrections of attendance by organizers, over the wire: what each person is told, and who is told nothing."""

import asyncio
from typing import Any

import pytest

from bot.corrections import CorrectionKind
from bot.loopback.people import Person
from tests.cogs.test_organizacion import TUESDAY, WEDNESDAY, table, tuesday, until, whole

#: Everything by which somebody could be recognised.
NAMES = ("Ana", "Ben", "Eva", "Iva", "Ñandú", "Anónima", "Olga", "Otto", "Institución de Ensayo", "teléfono")


async def corrects(organizer: Person, who: Person, presence: str = "present", **more: Any) -> str:
    """The answer to /corregir, for Tuesday and a reason unless `more` says otherwise."""
    given = {"sesion": TUESDAY, "motivo": "Estuvo por teléfono", **more}
    return (await organizer.slash("corregir", persona=who, presencia=presence, **given)).text


async def takes_back(organizer: Person, number: int, reason: str = "Fue un error", how: str = "list") -> str:
    """The answer to taking a correction back, by the list of /correcciones or by the latest button."""
    if how == "list":
        listed = await organizer.slash("correcciones")
        opened = await organizer.choose(listed.answer, "correction:list:0", str(number))
    else:
        opened = await organizer.click(organizer.private()[-1], f"correction:undo:{number}")
    assert opened.modal is not None
    return (await organizer.submit(opened.modal, reason=reason)).text


async def figures_of(event: Any, session: str = TUESDAY) -> Any:
    await event.settle()
    return await event.services.summaries.summary(session)


class TestCorrecting:
    async def test_organizer_alone_is_told_by_name_and_with_the_reason_shown_literally(self, event: Any) -> None:
        organizer, other, bystander = event.organizer(), event.organizer("Otto Otro"), event.person("Zoe Curiosa")
        *_, iva = await tuesday(event)
        await until(event, f"{TUESDAY} 10:30")
        seen = len(bystander.sees()), len(iva.sees()), len(other.private())
        text = await corrects(organizer, iva, motivo="Habló por *teléfono*\n<@&1> @everyone", acompanantes=1)
        assert text.splitlines() == [
            "Anotada la corrección 1: **Iva Ñandú** (Panelistas, Institución de Ensayo), martes 8 de septiembre: "
            "presente, con 1 acompañante.",
            "Motivo: Habló por \\*teléfono\\* \\<\\@&1\\> \\@everyone",
            "Lo medido y lo declarado quedan como están; la corrección se cuenta y se dice aparte.",
        ]
        await event.settle()
        assert (len(bystander.sees()), len(iva.sees()), len(other.private())) == seen
        assert iva.direct_messages() == []
        assert "corrección" not in whole(organizer)

    async def test_measured_and_declared_stay_as_they_were_and_the_effect_is_apart(self, event: Any) -> None:
        organizer = event.organizer()
        ana, ben, eva, iva = await tuesday(event)
        await until(event, f"{TUESDAY} 10:30")
        before, record = await figures_of(event), await event.services.register.day(TUESDAY)
        await corrects(organizer, iva, acompanantes=5)
        await corrects(organizer, ben, "absent", motivo="Era otra persona con su cuenta")
        await corrects(organizer, eva, "present", motivo="Confirmada")
        after, record_after = await figures_of(event), await event.services.register.day(TUESDAY)
        assert (record_after.stays, record_after.check_ins) == (record.stays, record.check_ins)
        assert after.blocks == before.blocks
        total = after.total
        # Iva is there by correction alone, Ben is not counted, and of Eva nothing changes: she was measured.
        assert (total.people, total.corrected, total.discounted) == (3, 1, 1)
        assert (total.declared, total.companions, total.companions_corrected) == (1, 2, 3)
        honduras = next(line for line in after.delegations if line.country == "HN")
        assert (honduras.count.people, honduras.by_profile, honduras.count.discounted) == (0, (0, 0, 0), 1)
        await organizer.slash("asistencia")
        await event.settle()
        text = "\n".join(m.text for m in organizer.private())
        assert "De ellas, por corrección de la organización: 1" in text
        assert "No contadas, por corrección de la organización: 1" in text
        assert "Declaradas con /presente: 1; acompañantes: 2." in text
        assert "Acompañantes según la organización, que los corrigió: 5" in text
        rows = table(organizer.private()[-1], f"personas-{TUESDAY}.csv")
        assert [[row[0], row[5], row[6], *row[-5:]] for row in rows[1:4]] == [
            ["Ana Prueba", "sí", "90,00", "no", "0", "", "0", "no"],
            ["Ben Ensayo", "no", "20,00", "no", "0", "ausente", "0", "no"],
            ["Iva Ñandú", "sí", "0,00", "sí", "2", "presente", "3", "no"],
        ]
        figures = table(organizer.private()[-1], f"resumen-{TUESDAY}.csv")
        assert ["De las presentes, por corrección", "1"] in figures
        assert ana.display_name not in str(figures)

    async def test_whoever_has_not_registered_counts_without_a_name(self, event: Any) -> None:
        organizer, zoe = event.organizer("Olga Organizer", "en-US"), event.person("Zoe Curiosa")
        await until(event, f"{TUESDAY} 09:10")
        text = await corrects(organizer, zoe, motivo="Seen at the door")
        assert text.splitlines()[0] == f"Correction 1 is noted: <@{zoe.id}>, Tuesday 8 September: present."
        assert "They have not registered: they count without a name" in text
        summary = await figures_of(event)
        assert (summary.total.people, summary.unregistered.people, summary.unregistered.corrected) == (1, 1, 1)

    async def test_what_is_refused_says_what_to_do_and_stores_nothing(self, event: Any) -> None:
        organizer, ana = event.organizer(), event.person("Ana Prueba")
        assert "antes no hay presencia que corregir" in await corrects(organizer, ana)
        await until(event, f"{TUESDAY} 09:10")
        assert "Falta el motivo" in await corrects(organizer, ana, motivo="…")
        assert "tiene 301 caracteres y caben 300" in await corrects(organizer, ana, motivo="a" * 301)
        assert "hasta 20" in await corrects(organizer, ana, acompanantes=21)
        assert "No hay sesión en ese día" in await corrects(organizer, ana, sesion="ayer")
        assert "Los bots no se cuentan" in await corrects(organizer, event.world.members[event.bot.user.id])
        assert await event.services.errata.all() == []

    async def test_nobody_but_organizers_corrects_lists_or_is_suggested_a_day(self, event: Any) -> None:
        ana, moderator = event.person("Ana Prueba"), event.moderator()
        organizer = event.organizer()
        await until(event, f"{TUESDAY} 09:10")
        await corrects(organizer, ana)
        for nobody in (ana, moderator):
            given = {"persona": nobody, "sesion": TUESDAY, "motivo": "Porque sí"}
            for name, more in (
                ("corregir", given | {"presencia": "present"}),
                ("excusar", given),
                ("correcciones", {}),
            ):
                answer = await nobody.slash(name, forged=True, **more)
                assert answer.text == "Esto es solo para la organización del evento."
            assert await nobody.suggestions("corregir", "sesion", "mar", forged=True) == []
            listed = organizer.private()[-1]
            forged = await nobody.submit_raw("correction:undone:1", {"reason": "Porque sí"})
            assert forged.text == "Esto es solo para la organización del evento."
            assert listed.text not in "".join(m.text for m in nobody.sees())
        (line,) = await event.services.errata.all()
        assert line.taken_back is None
        assert [c.value for c in await organizer.suggestions("corregir", "sesion", "mar")] == [TUESDAY]
        assert [c.value for c in await organizer.suggestions("correcciones", "dia", "juev")] == ["2020-09-10"]


class TestTwoAtOnce:
    async def test_the_same_by_two_organizers_is_noted_once_and_the_second_is_told_by_whom(self, event: Any) -> None:
        olga, otto, ana = event.organizer(), event.organizer("Otto Otro"), event.person("Ana Prueba")
        await until(event, f"{TUESDAY} 09:10")
        texts = await asyncio.gather(*(corrects(each, ana) for each in (olga, otto, olga, otto)))
        await event.settle()
        assert sum("Anotada la corrección 1" in text for text in texts) == 1
        assert sum("Ya consta así: es la corrección 1 (presente;" in text for text in texts) == 3
        (line,) = await event.services.errata.all()
        assert f"<@{line.correction.made_by}>" in next(text for text in texts if "Ya consta" in text)

    async def test_the_later_of_two_that_contradict_prevails_and_says_what_it_replaces(self, event: Any) -> None:
        olga, otto, ana = event.organizer(), event.organizer("Otto Otro"), event.person("Ana Prueba")
        await until(event, f"{TUESDAY} 09:10")
        await corrects(olga, ana)
        text = await corrects(otto, ana, "absent", motivo="La vi en otra sala")
        assert f"Reemplaza la 1 (presente; <@{olga.id}>" in text
        assert (await figures_of(event)).total.people == 0
        assert f"Vuelve a valer la 1 (presente; <@{olga.id}>" in await takes_back(otto, 2)
        assert (await figures_of(event)).total.people == 1

    async def test_a_correction_is_taken_back_once_whoever_presses_first(self, event: Any) -> None:
        olga, otto, ana = event.organizer(), event.organizer("Otto Otro"), event.person("Ana Prueba")
        await until(event, f"{TUESDAY} 09:10")
        await corrects(olga, ana)
        forms = [
            (await who.choose((await who.slash("correcciones")).answer, "correction:list:0", "1")).modal
            for who in (olga, otto)
        ]
        pairs = zip((olga, otto), forms, strict=True)
        answers = await asyncio.gather(*(who.submit(form, reason="Fue un error") for who, form in pairs))
        texts = [answer.text for answer in answers]
        await event.settle()
        assert sum("Anulada la corrección 1: <@" in text for text in texts) == 1
        assert sum("Ya la anuló <@" in text for text in texts) == 1
        (line,) = await event.services.errata.all()
        assert line.taken_back is not None
        assert not line.is_in_force


class TestExcusing:
    async def test_excused_is_told_apart_and_gives_way_to_presence(self, event: Any) -> None:
        organizer, ana = event.organizer(), event.person("Ana Prueba")
        answer = await organizer.slash("excusar", persona=ana, sesion="martes 8 de septiembre", motivo="Viaja")
        assert answer.text.splitlines() == [
            f"Anotada la corrección 1: <@{ana.id}>, martes 8 de septiembre: excusada.",
            "Motivo: Viaja",
            "Si resulta que estuvo, cuenta como presente.",
            "No está en el registro: cuenta sin nombre y en ninguna delegación.",
        ]
        await until(event, f"{TUESDAY} 09:30")
        assert (await figures_of(event)).total.excused == 1
        await organizer.slash("asistencia")
        await event.settle()
        assert "Excusadas, no presentes: 1" in "\n".join(m.text for m in organizer.private())
        await ana.joins("auditorio")
        await until(event, f"{TUESDAY} 09:40")
        total = (await figures_of(event)).total
        assert (total.people, total.excused, total.corrected) == (1, 0, 0)

    async def test_excuse_and_presence_are_taken_back_each_by_itself(self, event: Any) -> None:
        organizer, ana = event.organizer(), event.person("Ana Prueba")
        await until(event, f"{TUESDAY} 09:30")
        await organizer.slash("excusar", persona=ana, sesion=TUESDAY, motivo="Viaja")
        assert "Ya consta así" in (await organizer.slash("excusar", persona=ana, sesion=TUESDAY, motivo="Sí")).text
        await corrects(organizer, ana, "absent")
        await takes_back(organizer, 2, how="list")
        total = (await figures_of(event)).total
        assert (total.people, total.excused) == (0, 1)


class TestListing:
    async def test_organizers_see_who_when_and_why_with_what_was_taken_back(self, event: Any) -> None:
        organizer, other = event.organizer(), event.organizer("Otto Otro")
        assert (await organizer.slash("correcciones")).text == "No hay correcciones ni excusas."
        *_, iva = await tuesday(event)
        await until(event, f"{TUESDAY} 10:30")
        await corrects(organizer, iva)
        assert "Fue" in await takes_back(organizer, 1, how="button")
        await other.slash("excusar", persona=iva, sesion=WEDNESDAY, motivo="*Viaja*")
        at = f"<t:{int(event.at(f'{TUESDAY} 10:30').timestamp())}:f>"
        assert (await other.slash("correcciones")).text.splitlines() == [
            "**Correcciones y excusas: 2**, la última primero",
            "3. **Iva Ñandú** (Panelistas, Institución de Ensayo), miércoles 9 de septiembre: **excusada**. "
            f"\\*Viaja\\* (<@{other.id}>, {at})",
            "1. **Iva Ñandú** (Panelistas, Institución de Ensayo), martes 8 de septiembre: **presente**. "
            f"Estuvo por teléfono (<@{organizer.id}>, {at})",
            f"> Anulada: Fue un error (<@{organizer.id}>, {at})",
        ]
        only = await other.slash("correcciones", dia=WEDNESDAY)
        assert "**Correcciones y excusas: 1**" in only.text
        # What was taken back is not offered again.
        (choices,) = [c["options"] for row in only.answer.components for c in row["components"]]
        assert [choice["value"] for choice in choices] == ["3"]

    async def test_list_of_two_hundred_is_whole_and_the_latest_can_be_taken_back(self, event: Any) -> None:
        organizer = event.organizer()
        await until(event, f"{TUESDAY} 09:30")
        errata = event.services.errata
        for number in range(200):
            await errata.correct(1000 + number, TUESDAY, f"Motivo {number} " + "x" * 250, organizer.id, present=True)
        await organizer.slash("correcciones")
        await event.settle()
        answers = organizer.private()
        text = "\n".join(message.text for message in answers)
        missing = [number for number in range(200) if f"Motivo {number} " not in text]
        assert missing == []
        selects = [c for row in answers[-1].components for c in row["components"]]
        assert [len(select["options"]) for select in selects] == [25] * 5
        assert selects[0]["options"][0]["value"] == "200"
        assert "Anulada la corrección 76" in await takes_back_by(organizer, answers[-1], 76)

    async def test_form_that_stood_open_over_a_restart_is_taken(self, event: Any) -> None:
        organizer, ana = event.organizer(), event.person("Ana Prueba")
        await until(event, f"{TUESDAY} 09:30")
        await corrects(organizer, ana)
        opened = await organizer.click(organizer.private()[-1], "correction:undo:1")
        await event.restart()
        assert "Anulada la corrección 1" in (await organizer.submit(opened.modal, reason="Fue un error")).text
        (line,) = await event.services.errata.all()
        assert line.taken_back.kind is CorrectionKind.TAKEN_BACK


async def takes_back_by(organizer: Person, listed: Any, number: int) -> str:
    """By whichever of the lists has it."""
    for row in listed.components:
        for select in row["components"]:
            if str(number) in [option["value"] for option in select["options"]]:
                opened = await organizer.choose(listed, select["custom_id"], str(number))
                return (await organizer.submit(opened.modal, reason="Fue un error")).text
    pytest.fail(f"no list has {number}")
