"""Before a session: who is called, who is missing, and how the bot finds itself."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import RehearsalClock
from bot.config import Config, PanelistConfig
from bot.loopback.nouns import Overwrite, Snowflakes
from bot.loopback.people import Person
from bot.loopback.seen import SeenMessage
from tests.cogs.dais import register
from tests.factories import workshop

TUESDAY, WEDNESDAY = "2020-09-08", "2020-09-09"

VIEW, MENTION = 1 << 10, 1 << 17

PANEL = (
    PanelistConfig(name="Paz Panelista"),
    PanelistConfig.model_construct(name="Pía Panelista", institution={"es": "UNODC"}, account=None),
)


def with_panel(config: Config, *panelists: PanelistConfig) -> Config:
    """The workshop with these panelists on Tuesday, prepared as config.toml has it."""
    first, *others = config.event.sessions
    opening, exchange, *rest = first.blocks
    blocks = (opening, exchange.model_copy(update={"panelists": panelists}), *rest)
    sessions = (first.model_copy(update={"blocks": blocks}), *others)
    prepared = {"preflight_minutes": 30, "day_before_hours": 18}
    return config.model_copy(
        update={
            "event": config.event.model_copy(update={"sessions": sessions}),
            "announcements": config.announcements.model_copy(update=prepared),
        }
    )


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return with_panel(workshop(tmp_path), *PANEL)


def call_of(person: Person) -> SeenMessage:
    """The call, which names whom it calls."""
    (found,) = [m for m in person.sees_in("moderacion") if "ref. 0908-llamada-1" in m.text]
    return found


def roll_of(organizer: Person) -> str:
    (found,) = [m.text for m in organizer.sees_in("organizacion") if "ref. 0908-revista" in m.text]
    return found


async def called(event: Any) -> tuple[Person, SeenMessage]:
    moderator = event.moderator()
    await event.clock.run_until(event.at(f"{TUESDAY} 08:30"))
    await event.settle()
    return moderator, call_of(moderator)


async def test_half_an_hour_before_moderators_are_pinged_and_panelists_named(event: Any) -> None:
    _, call = await called(event)
    assert call.pinged == [f"<@&{event.hall.moderator_role.id}>"]
    assert "Paz Panelista · Pía Panelista" in call.text
    assert call.labels == ["Estoy / Here"]
    assert not event.person("Ana Prueba").sees_in("moderacion")


async def test_ten_minutes_before_organizers_see_who_is_missing_and_that_all_is_well(event: Any) -> None:
    moderator, call = await called(event)
    organizer, paz = event.organizer(), event.moderator("Paz Panelista")
    await moderator.click(call, "Estoy / Here")
    assert "(moderación)" in moderator.private()[-1].text
    await paz.click(call, "Estoy / Here")
    assert "(panel, moderación)" in paz.private()[-1].text
    await event.clock.run_until(event.at(f"{TUESDAY} 08:50"))
    await event.settle()
    told = roll_of(organizer)
    assert "Falta 1: Pía Panelista (UNODC)" in told
    assert "Están: moderación (2 personas), Paz Panelista" in told
    assert "✅ **El bot está listo**" in told
    assert "1 missing: Pía Panelista" in told


async def test_a_panelist_whose_account_nobody_knows_says_who_they_are(event: Any) -> None:
    _, call = await called(event)
    # In the channel by a role of her own, and called otherwise on Discord.
    guest = event.person("pp77", roles=(event.hall.organizer_role,))
    await guest.click(call, "Estoy / Here")
    asked = guest.private()[-1]
    assert [option.label for option in asked.selects[0].options] == ["Paz Panelista", "Pía Panelista"]
    await guest.choose(asked, f"preflight:panelist:{TUESDAY}", "Pía Panelista")
    assert "(panel)" in guest.private()[-1].text
    # The place is taken: the next one is asked for the other alone, and nobody takes what they cannot be.
    other = event.organizer("Otra Persona")
    await other.click(call, "Estoy / Here")
    assert [option.label for option in other.private()[-1].selects[0].options] == ["Paz Panelista"]
    refused = await other.click(call, forged_custom_id=f"preflight:panelist:{TUESDAY}", forged_values=["Pía Panelista"])
    assert refused.answer is not None
    assert "no lo encuentro" in refused.answer.text
    await event.settle()
    attended = await event.services.arrivals.attendance(TUESDAY)
    assert [list(each.people) for each in attended] == [[], [], [guest.id]]


async def test_somebody_registered_under_the_panelists_name_is_known(event: Any) -> None:
    _, call = await called(event)
    guest = event.organizer("pp77")
    await register(event, guest, "CR", "PIA PANELISTA")
    await guest.click(call, "Estoy / Here")
    assert "(panel)" in guest.private()[-1].text


async def test_it_is_kept_over_a_restart_and_not_told_twice(event: Any) -> None:
    moderator, call = await called(event)
    await moderator.click(call, "Estoy / Here")
    await event.restart()
    assert call_of(moderator).id == call.id
    await moderator.click(call, "Estoy / Here")
    organizer = event.organizer()
    await event.clock.run_until(event.at(f"{TUESDAY} 08:50"))
    await event.restart()
    assert "Están: moderación" in roll_of(organizer)


async def test_after_the_session_the_button_says_that_it_is_over(event: Any) -> None:
    moderator, call = await called(event)
    await event.clock.run_until(event.at(f"{TUESDAY} 11:00"))
    await moderator.click(call, "Estoy / Here")
    assert "terminó" in moderator.private()[-1].text


async def test_who_cannot_be_pinged_is_told_beforehand(event: Any) -> None:
    organizer = event.organizer()
    role = event.hall.moderator_role
    channel = event.hall.backstage
    overwrite = Overwrite(is_member=False, allow=VIEW, deny=MENTION)
    event.world.change_channel(channel, overwrites={**channel.overwrites, event.hall.bot_role.id: overwrite})
    await event.settle()
    await organizer.slash("revista")
    told = organizer.private()[-1].text
    assert f"no puede mencionar el rol {role.name}" in told
    assert "**El bot: " in told


async def test_a_clock_that_is_off_is_seen_in_discords_own_ids(event: Any) -> None:
    organizer = event.organizer()
    await event.clock.run_until(event.at(f"{TUESDAY} 08:45"))
    await event.settle()
    assert event.bot.posting.clock_off == timedelta(0)
    event.world.new_id = Snowflakes(Shifted(event.clock, timedelta(seconds=95)))
    for _ in range(5):
        await event.bot.posting.post(event.bot.venue.organizers, "Prueba")
    await organizer.slash("revista")
    assert "95 segundos atrasado" in organizer.private()[-1].text


class Shifted:
    """Discord's clock where the machine's is wrong."""

    def __init__(self, clock: RehearsalClock, by: timedelta) -> None:
        self._clock, self._by = clock, by

    def now(self) -> datetime:
        return self._clock.now() + self._by

    async def sleep_until(self, instant: datetime) -> None:
        await self._clock.sleep_until(instant - self._by)


async def test_the_day_before_everybody_is_told_with_the_way_in(event: Any) -> None:
    ana = event.person("Ana Prueba")
    await event.clock.run_until(event.at(f"{TUESDAY} 15:00"))
    await event.settle()
    (said,) = [m.text for m in ana.sees_in("anuncios") if "ref. 0909-vispera" in m.text]
    assert "**Próxima sesión: miércoles 9 de septiembre**" in said
    assert f"/{event.bot.venue.guild_id}/{event.bot.venue.stage}>" in said
    assert "Se entra por aquí" in said
    assert "The way in" in said


async def test_started_on_the_day_itself_nobody_is_told_that_its_eve_was_missed(event: Any) -> None:
    organizer, ana = event.organizer(), event.person("Ana Prueba")
    await event.settle()
    assert not [m.text for m in ana.sees_in("anuncios") if "vispera" in m.text]
    assert not [m.text for m in organizer.sees_in("organizacion") if "vispera" in m.text]
