"""The profiles of those who share a connection, over the wire: declared, apart, and each person's own affair."""

from pathlib import Path
from typing import Any

import pytest

from bot.attendance import CheckIn
from bot.config import Config, Profile
from bot.loopback.people import Person
from tests.cogs.test_asistencia_presente import OFFER
from tests.cogs.test_organizacion import TUESDAY, WEDNESDAY, registers, until
from tests.factories import workshop


async def declared(event: Any, person: Person, session: str = TUESDAY) -> CheckIn | None:
    await event.settle()
    return await event.services.register.find_check_in(person.id, session)  # type: ignore[no-any-return]


async def opened(person: Person, number: int = 0, session: str = TUESDAY) -> Any:
    """The form, opened by the button of the latest private answer."""
    exchange = await person.click(person.private()[-1], f"presence:profiles:{session}:{number}")
    assert exchange.modal is not None
    return exchange.modal


class TestOneForm:
    async def test_profiles_are_kept_as_declared_and_told_to_that_person_alone(self, event: Any) -> None:
        ana, ben = event.person("Ana Prueba"), event.person("Ben Ensayo")
        await until(event, f"{TUESDAY} 09:10")
        answer = await ana.slash("presente", acompanantes=3)
        assert answer.text.splitlines()[1:] == [OFFER]
        assert answer.answer.labels == ["Indicar perfiles…"]
        form = await opened(ana)
        assert form.title == "Perfiles de sus acompañantes"
        assert [field.label for field in form.fields] == [
            "Fiscalía o procuraduría",
            "Autoridad de control migratorio",
            "Unidad de investigación",
        ]
        seen = len(ben.sees())
        answer = await ana.submit(form, **{"profile:judicial": "2", "profile:migration": " "})
        assert answer.text == (
            "Anotado. Perfiles de sus acompañantes, como los declaró: Fiscalía o procuraduría 2, sin perfil 1."
        )
        assert (await declared(event, ana)).profiles == (("judicial", 2),)
        assert len(ben.sees()) == seen
        # What is there is shown again, and may be changed.
        again = await ana.slash("presente")
        assert "Fiscalía o procuraduría 2, sin perfil 1." in again.text
        form = await opened(ana)
        assert [field.value for field in form.fields] == ["2", "", ""]
        await ana.submit(form, **{"profile:judicial": "", "profile:investigation": "3"})
        assert (await declared(event, ana)).profiles == (("investigation", 3),)

    async def test_they_stand_apart_in_the_summary_and_add_to_nothing_measured(self, event: Any) -> None:
        organizer, ana = event.organizer(), event.person("Ana Prueba")
        await registers(ana, affiliation="CR", profile="judicial")
        await until(event, f"{TUESDAY} 09:10")
        await ana.joins("auditorio")
        await ana.slash("presente", acompanantes=3)
        await ana.submit(await opened(ana), **{"profile:judicial": "2"})
        await until(event, f"{TUESDAY} 11:01:05")
        text = "\n".join(m.text for m in organizer.sees_in("organizacion") if not m.ephemeral)
        assert "**Personas presentes: 1**" in text
        assert "Declaradas con /presente: 1; acompañantes: 3. No se suman a las medidas." in text
        assert (
            "Acompañantes con perfil declarado, fuera de la cobertura: Costa Rica (Fiscalía o procuraduría 2)." in text
        )
        summary = await event.services.summaries.summary(TUESDAY)
        line = next(line for line in summary.delegations if line.country == "CR")
        assert (line.by_profile, line.companions_by_profile) == ((1, 0, 0), (2, 0, 0))

    async def test_what_does_not_fit_is_refused_with_the_way_back_and_nothing_is_stored(self, event: Any) -> None:
        ana = event.person("Ana Prueba")
        await until(event, f"{TUESDAY} 09:10")
        await ana.slash("presente", acompanantes=2)
        form = await opened(ana)
        answer = await ana.submit(form, **{"profile:judicial": "2", "profile:migration": "1"})
        assert answer.text.startswith("Indicó perfiles de 3 personas y anotó 2 acompañantes. No se guardó nada")
        assert answer.answer.labels == ["Indicar perfiles…"]
        for written in ("dos", "-1", "1.5", "٣"):
            answer = await ana.submit(await opened(ana), **{"profile:judicial": written})
            assert answer.text == "Escriba solo números, por ejemplo 2. No se guardó nada."
        assert (await declared(event, ana)).profiles == ()

    async def test_fewer_companions_than_profiles_forgets_these_and_says_so(self, event: Any) -> None:
        ana = event.person("Ana Prueba")
        await until(event, f"{TUESDAY} 09:10")
        await ana.slash("presente", acompanantes=3)
        await ana.submit(await opened(ana), **{"profile:judicial": "2"})
        assert "sin perfil 3" in (await ana.slash("presente", acompanantes=5)).text
        assert "no caben en ese número y se quitaron" in (await ana.slash("presente", acompanantes=1)).text
        assert await declared(event, ana) == CheckIn(ana.id, TUESDAY, 1, (await declared(event, ana)).declared_at, ())
        alone = await ana.slash("presente", acompanantes=0)
        assert alone.answer.labels == []

    async def test_form_that_stood_open_over_a_restart_is_taken_and_after_the_close_refused(self, event: Any) -> None:
        ana = event.person("Ana Prueba", locale="en-US")
        await until(event, f"{TUESDAY} 09:10")
        await ana.slash("presente", acompanantes=2)
        form, late = await opened(ana), await opened(ana)
        await event.restart()
        assert "Noted. Profiles of your companions" in (await ana.submit(form, **{"profile:judicial": "1"})).text
        await until(event, f"{TUESDAY} 11:00")
        assert "Today's session is over" in (await ana.submit(late, **{"profile:judicial": "2"})).text
        assert (await declared(event, ana)).profiles == (("judicial", 1),)
        await until(event, f"{WEDNESDAY} 09:10")
        assert "Today's session is over" in (await ana.submit(late, **{"profile:judicial": "2"})).text
        assert await declared(event, ana, WEDNESDAY) is None

    async def test_whoever_did_not_check_in_is_told_to(self, event: Any) -> None:
        ana = event.person("Ana Prueba")
        await until(event, f"{TUESDAY} 09:10")
        forged = await ana.submit_raw(f"presence:profiled:{TUESDAY}:0", {"profile:judicial": "1"})
        assert forged.text.startswith("Primero anote su presencia")
        assert await declared(event, ana) is None


class TestManyProfiles:
    @pytest.fixture
    def config(self, tmp_path: Path) -> Config:
        made = workshop(tmp_path)
        profiles = tuple(
            Profile.model_construct(
                key=f"profile_{n}", name={"es": f"Perfil {n} " + "x" * 60, "en": f"Profile {n}"}, minimum=2
            )
            for n in range(12)
        )
        return made.model_copy(update={"coverage": made.coverage.model_copy(update={"profiles": profiles})})

    async def test_each_five_have_a_form_of_their_own_and_add_up_together(self, event: Any) -> None:
        ana = event.person("Ana Prueba")
        await until(event, f"{TUESDAY} 09:10")
        answer = await ana.slash("presente", acompanantes=20)
        assert answer.answer.labels == ["Indicar perfiles… (1)", "Indicar perfiles… (2)", "Indicar perfiles… (3)"]
        offer = ana.private()[-1]
        forms = [(await ana.click(offer, f"presence:profiles:{TUESDAY}:{n}")).modal for n in range(3)]
        assert [len(form.fields) for form in forms] == [5, 5, 2]
        await ana.submit(forms[0], **{"profile:profile_0": "9"})
        await ana.submit(forms[2], **{"profile:profile_11": "11"})
        assert "Indicó perfiles de 21 personas" in (await ana.submit(forms[1], **{"profile:profile_5": "1"})).text
        assert (await declared(event, ana)).profiles == (("profile_0", 9), ("profile_11", 11))
        gone = await ana.click(offer, forged_custom_id=f"presence:profiles:{TUESDAY}:7")
        assert "Este botón ya no sirve" in gone.text
