"""A bot that dies at each of the waits on the way of an announcement which the database knows nothing of, and comes
back: it is there, once."""

import itertools
from pathlib import Path

import pytest

from bot.ids import ChannelId
from bot.notices import Delivered, HeldCue
from bot.sending import Posted

from .conftest import RunningEvent
from .test_exactly_once import Dying, Killed, back_after, marks


async def announce(event: RunningEvent, key: str, cue: HeldCue) -> Delivered:
    """Two messages, as `bot.announcing` has them delivered."""
    assert event.bot.venue is not None
    channel: ChannelId = event.bot.venue.announcements[0]
    posting = event.bot.posting

    async def build(_at: object) -> list[str]:
        return ["Aviso.", "Y lo que sigue."]

    async def send(text: str, mark: str, nonce: str) -> Posted:
        message = await posting.post(channel, f"{text}\n-# ref. {mark}", nonce=nonce[:23])
        return Posted(message, event.clock.now())

    async def find(mark: str, since: object) -> Posted | None:
        return await posting.find(channel, mark, since)  # type: ignore[arg-type]

    return await event.services.notices.deliver(key, channel, 1, build, send, find, cues=[cue], goes_on=True)


@pytest.mark.trial("F5")
@pytest.mark.timeout(240)
@pytest.mark.parametrize("unheard", [False, True], ids=["as-it-asks", "before-it-hears"])
@pytest.mark.parametrize("away", [20, 400], ids=["back-soon", "back-late"])
async def test_a_death_at_any_wait_without_the_database_neither_loses_nor_doubles(
    event: RunningEvent, unheard: bool, away: int
) -> None:
    database: Path = event.config.storage.database
    elsewhere = database.with_name("elsewhere")
    posted_by_the_dead: set[int] = set()
    for dies_at in itertools.count(1):
        key = f"muerte-{dies_at}"
        cue = HeldCue(f"{key}/cue", "opening", event.clock.now())
        database.rename(elsewhere)
        died = False
        try:
            await Dying(announce(event, key, cue), dies_at, unheard=unheard)
        except Killed:
            died = True
        elsewhere.rename(database)
        posted_by_the_dead.add(len(marks(event, key)))
        await back_after(event, away)
        delivered = await announce(event, key, cue)
        assert marks(event, key) == [f"{key}-1", f"{key}-2"], f"died at wait {dies_at}"
        assert (len(delivered.messages), delivered.confirmed) == (2, True)
        ledger = {entry.key: entry.outcome for entry in await event.services.notices.ledger()}
        assert ledger[cue.key] == "sent"
        await event.clock.run_for(6)
        if not died:
            break
    # The claim that is refused; the first message sought and sent, and the second one.
    assert dies_at > 5
    assert posted_by_the_dead == {0, 1, 2}
