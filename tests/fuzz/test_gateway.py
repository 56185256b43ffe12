"""Whatever Discord leaves out of a frame or puts into it: the bot goes on, and nobody is shown what is wrong in it.

The frames are real ones of the loopback, changed, and go through its socket to discord.py and the cogs.
"""

import json
import logging
import re
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.loopback.sockets import Session
from tests.cogs.conftest import RunningEvent
from tests.fuzz.fuzzed import fuzzed
from tests.fuzz.running import INTERNAL, in_a_running_event
from tests.fuzz.spoiling import Change, changes, spoilt

#: The bot's own modules; the server on this machine is none.
_OWN = re.compile(r"/(?:cogs|bot(?!/loopback|/rehearsal))/")

#: Which frame (counted around), and what is done to it.
_SPOILT = st.tuples(st.integers(0, 10_000), changes())


class Frames(tuple[tuple[str, str], ...]):
    """Events with their texts, too long to be shown with each example."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} frames>"


class Complaints(logging.Handler):
    """What was logged with the place in our own code where it went wrong."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.own: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and (error := record.exc_info[1]) is not None:
            frames = traceback.extract_tb(error.__traceback__)
            if frames and any(_OWN.search(frame.filename) for frame in frames[-1:]):
                self.own.append("".join(traceback.format_exception(error)))


@pytest.fixture(scope="module")
def known() -> Frames:
    """One of each shape of frame that a busy hour sends, as it was sent."""
    sent: dict[tuple[str, Any], str] = {}

    async def busy(event: RunningEvent) -> None:
        world, (session,) = event.world, event.loopback.sessions
        record_dispatches(session, lambda kind, text: sent.setdefault((kind, _shape(json.loads(text))), text))
        event.loopback.gateway.announce_guild(session)
        ana, mora, olga = event.person("Ana Prueba"), event.moderator(), event.organizer()
        stage = world.channel_named("auditorio")
        await ana.joins(stage)
        await ana.toggles(mute=True)
        exchange = await ana.slash("pregunta", texto="¿Habrá grabación?")
        await ana.slash("mis-preguntas")
        await olga.slash("asistencia")
        await mora.suggestions("siguiente", "numero")
        await event.clock.run_for(5)
        for message in mora.sees_in("moderacion"):
            pressed = [b.custom_id for b in message.buttons if (b.custom_id or "").startswith("question:approve:")]
            if pressed:
                await mora.click(message, pressed[0])
        form = await ana.slash("pregunta")
        assert form.modal is not None
        await ana.submit(form.modal, text="¿Qué plazo hay?", how=["named"])
        await ana.leaves()
        role = world.add_role("Otra")
        world.change_role(role, position=1)
        channel = world.add_text_channel("otra")
        await ana.says(channel, "Hola")
        world.change_server(name=world.name)
        world.change_member(session.bot, nick="Estrado")
        (planned, *_) = world.scheduled_events.values()
        world.tell("GUILD_SCHEDULED_EVENT_CREATE", planned)
        world.tell("GUILD_SCHEDULED_EVENT_UPDATE", planned)
        world.change_channel(channel, topic="x")
        await event.settle()
        assert not exchange.failed

    in_a_running_event(busy)
    return Frames((kind, text) for (kind, _), text in sent.items())


def record_dispatches(session: Session, heard: Callable[[str, str], object]) -> None:
    """Hear every frame of a session before it is sent."""
    send = session.dispatch

    def dispatch(event: str, text: str) -> None:
        heard(event, text)
        send(event, text)

    session.dispatch = dispatch  # type: ignore[method-assign]


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple(sorted((key, _shape(each)) for key, each in value.items() if key in ("type", "data", "options")))
    return type(value).__name__ if not isinstance(value, int) else value


@fuzzed(8, shrinks=False)
@given(drawn=st.lists(_SPOILT, min_size=10, max_size=30))
def test_a_bot_that_is_told_nonsense_goes_on_answering(known: Frames, drawn: list[tuple[int, list[Change]]]) -> None:
    async def told(event: RunningEvent) -> None:
        ana = event.person("Ana Prueba")
        for which, changed in drawn:
            kind, text = known[which % len(known)]
            for session in event.loopback.sessions:
                if session.is_ready:
                    session.dispatch(kind, json.dumps(spoilt(json.loads(text), changed)))
        await event.settle()
        await event.loopback.connected()
        ben = event.person("Ben Prueba")
        exchange = await ben.slash("pregunta", texto="¿Sigue ahí?")
        await event.settle()
        assert not exchange.failed
        assert exchange.text
        for person in (ana, ben):
            for message in person.private():
                assert not INTERNAL.search(message.text), message.text

    complaints = Complaints()
    logging.getLogger().addHandler(complaints)
    try:
        in_a_running_event(told)
    finally:
        logging.getLogger().removeHandler(complaints)
    assert complaints.own == []
