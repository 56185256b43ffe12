"""Whoever bears a name like those of the organization, as moderators and everybody else see it."""

from typing import Any

import pytest

from bot.loopback.people import Person

TUESDAY = "2020-09-08"


def flags(moderator: Person) -> list[str]:
    """What moderators were told, each time."""
    return [m.text for m in moderator.sees_in("moderacion") if "Nombres que pueden confundir" in m.text]


@pytest.fixture
async def morning(event: Any) -> Any:
    """Tuesday 09:30: the session runs."""
    await event.clock.run_until(event.at(f"{TUESDAY} 09:30"))
    return event


@pytest.mark.trial("P3")
async def test_look_alikes_are_flagged_when_they_come_in_or_use_the_bot(morning: Any) -> None:
    moderator, ben = morning.moderator(), morning.person("Ben Ensayo")
    greek = morning.person("Οrganización")
    hidden = morning.person("Es\u200btrado", nick="Es\u200btrado")
    latin = morning.person("José Ñandú")
    for somebody in (greek, hidden, latin):
        await somebody.joins("auditorio")
    await morning.clock.run_for(6)
    (told,) = flags(moderator)
    assert f"<@{greek.id}> se muestra como «Οrganización», que se confunde con «Organización»" in told
    assert f"<@{hidden.id}>" in told
    assert "“Estrado”" in told
    assert f"<@{latin.id}>" not in told
    imposter = morning.person("Ana | Moderación")
    await imposter.slash("programa")
    await morning.clock.run_for(6)
    assert len(flags(moderator)) == 2
    assert f"<@{imposter.id}>" in flags(moderator)[1]
    message = moderator.sees_in("moderacion")[-1]
    assert message.pinged == []
    for bystander in (ben, imposter, greek):
        assert all("confund" not in m.text for m in bystander.sees())


@pytest.mark.trial("P3")
async def test_each_name_is_told_once_across_restarts_and_a_new_one_again(morning: Any) -> None:
    moderator = morning.moderator()
    imposter = morning.person("0rganización")
    await imposter.joins("auditorio")
    await morning.clock.run_for(6)
    await imposter.slash("programa")
    await morning.clock.run_for(6)
    await morning.restart()
    await morning.clock.run_for(6)
    assert len(flags(moderator)) == 1
    await imposter.renames("Moderador")
    await imposter.slash("programa")
    await morning.clock.run_for(6)
    assert len(flags(moderator)) == 2
    assert "Moderador" in flags(moderator)[1]


@pytest.mark.trial("P3")
async def test_moderators_are_nobodys_look_alikes_and_their_names_are_watched_from_when_they_are_seen(
    morning: Any,
) -> None:
    mora, olga = morning.moderator("Mora Núñez"), morning.organizer("Organización del taller")
    twin = morning.person("Моra Nuñez")
    namesake, disguised = morning.person("Eva"), morning.person("Еvа")
    await morning.moderator("Eva").slash("cola")
    for somebody in (namesake, disguised):
        await somebody.slash("programa")
    await morning.clock.run_for(6)
    assert [str(p.id) in flags(mora)[0] for p in (namesake, disguised)] == [False, True]
    await twin.joins("auditorio")
    await olga.joins("auditorio")
    await morning.clock.run_for(6)
    assert len(flags(mora)) == 1
    await mora.slash("cola")
    await morning.clock.run_for(6)
    (_, told) = flags(mora)
    assert f"<@{twin.id}> se muestra como «Моra Nuñez», que se confunde con «Mora Núñez»" in told
    assert str(olga.id) not in told


@pytest.mark.trial("P3")
async def test_name_in_the_registration_is_looked_at_too(morning: Any) -> None:
    moderator, ana = morning.moderator(), morning.person("Ana Prueba")
    registered = {"affiliation": ["CR"], "profile": [], "language": ["es"], "institution": "Ministerio"}
    agreed = int(morning.clock.now().timestamp() * 1000)
    await ana.submit_raw(f"registration:form:{agreed}", {"name": "Estrado oficial", **registered})
    await morning.clock.run_for(6)
    (told,) = flags(moderator)
    assert "«Estrado oficial», que se confunde con «Estrado»" in told


@pytest.mark.trial("P3")
async def test_nobody_is_named_in_a_channel_that_everybody_can_read(morning: Any) -> None:
    view_channel, moderator = 1 << 10, morning.moderator()
    morning.world.set_overwrite("moderacion", morning.world.everyone, allow=view_channel)
    ana, imposter = morning.person("Ana"), morning.person("0rganización")
    await imposter.joins("auditorio")
    await morning.clock.run_for(31)
    assert flags(ana) == []
    morning.world.set_overwrite("moderacion", morning.world.everyone, deny=view_channel)
    await morning.clock.run_for(36)
    assert len(flags(moderator)) == 1
    assert flags(ana) == []


@pytest.mark.trial("P3")
async def test_crowd_is_told_in_one_message_and_in_spite_of_a_channel_that_failed(morning: Any) -> None:
    moderator = morning.moderator()
    crowd = [morning.person(f"{'🎉' * number} Moderación") for number in range(1, 9)]
    morning.loopback.faults.add("503", route="POST /channels/{id}/messages", channel="moderacion", times=2)
    for somebody in crowd:
        await somebody.joins("auditorio")
    await morning.clock.run_for(80)
    assert len(flags(moderator)) == 1
    told = "".join(message.text for message in moderator.sees_in("moderacion"))
    assert [told.count(str(somebody.id)) for somebody in crowd] == [2] * 8  # once a language


@pytest.mark.trial("P3")
async def test_no_flag_tells_who_asked_anonymously(morning: Any) -> None:
    moderator, imposter = morning.moderator(), morning.person("0rganización")
    await imposter.slash("pregunta", texto="¿Quién paga?", anonima=True)
    opened = await imposter.slash("pregunta", anonima=True)
    await imposter.submit(opened.modal, text="¿Quién cobra?", how=["anonymous"])
    await imposter.slash("mis-preguntas")
    await imposter.click(imposter.private()[-1], forged_custom_id="question:withdraw:1")
    await morning.clock.run_for(60)
    assert flags(moderator) == []
    # By name, nothing is given away that the question does not say.
    await imposter.slash("pregunta", texto="¿Quién manda?")
    await morning.clock.run_for(6)
    assert len(flags(moderator)) == 1


@pytest.mark.trial("P3")
@pytest.mark.parametrize("what", ["voice", "form", "command"])
async def test_flag_comes_with_the_next_thing_that_is_no_anonymous_question(morning: Any, what: str) -> None:
    moderator, imposter = morning.moderator(), morning.person("0rganización")
    await imposter.slash("pregunta", texto="¿Quién paga?", anonima=True)
    await morning.clock.run_for(6)
    assert flags(moderator) == []
    if what == "voice":
        await imposter.joins("auditorio")
    elif what == "form":
        opened = await imposter.slash("pregunta")
        await imposter.submit(opened.modal, text="¿Quién cobra?", how=["named"])
    else:
        await imposter.slash("presente")
    await morning.clock.run_for(6)
    assert len(flags(moderator)) == 1


@pytest.mark.trial("P3")
async def test_the_bots_own_picture_on_somebody_else_is_flagged_once(morning: Any) -> None:
    moderator, ben = morning.moderator(), morning.person("Ben", avatar="b" * 32)
    next(member for member in morning.world.members.values() if member.is_bot).avatar = "a" * 32
    await morning.restart()
    same, none = morning.person("Ana Prueba", avatar="a" * 32), morning.person("Eva")
    for somebody in (ben, same, none):
        await somebody.joins("auditorio")
    await same.slash("programa")
    await morning.clock.run_for(6)
    (told,) = flags(moderator)
    assert f"<@{same.id}> lleva la misma imagen que el bot o el servidor" in told
    assert "the same picture as the bot" in told
    assert all(str(other.id) not in told for other in (ben, none))
    await morning.restart()
    await same.slash("programa")
    await morning.clock.run_for(6)
    assert len(flags(moderator)) == 1
    assert all("imagen" not in m.text for m in ben.sees())
