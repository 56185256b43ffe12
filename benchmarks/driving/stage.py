"""The process of a driver: `python -m benchmarks.driving.stage CONFIG ROUND_TRIP`, asked in lines of JSON on stdin.

The loopback starts the bot, and answers all that is not measured. What is measured goes beside it: frames that were
written beforehand, and callbacks of which only the time and the body are kept until all is over.
"""

import asyncio
import base64
import contextlib
import json
import math
import re
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from benchmarks.driver import DEFERRED_SECONDS, Outcome
from benchmarks.driving.questions import nearly, words
from bot.clock import SystemClock
from bot.config import load
from bot.loopback import interactions as kinds
from bot.loopback import payloads
from bot.loopback.interactions import Interaction
from bot.loopback.nouns import Member, Message
from bot.loopback.sockets import Session
from bot.phrases import support
from bot.rehearsal.hall import TOKEN, furnish

#: What the token of a measured interaction begins with.
_OWN = "measured-"
_LATE = 3.0
#: The first person's number: their questions are none of those that a database was seeded with.
_FIRST = 1_000_000
#: What only one answer can say: a question's number, or that it has so many supporters now.
_NUMBER, _SUPPORTED = re.compile(r"número (\d+)"), re.compile(r"pregunta (\d+), que tiene (\d+) apoyos?\b")
#: How long nothing may be under way before a bot is taken to be at rest.
_REST_SECONDS = 1.0
#: How long a message may take that the bot posts of itself.
_PATIENCE_SECONDS = 20.0

_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Stage:
    """The loopback, with the fast lane beside it."""

    def __init__(self, config: Path, round_trip: float) -> None:
        self._config = load(config)
        self._half = round_trip / 2
        self._hall = furnish(self._config, SystemClock())
        self._world, self.loopback = self._hall.world, self._hall.loopback
        # Of the shape of Discord's, which hikari insists on: the first part is the bot's id.
        bot = self._world.bots[TOKEN]
        self.token = f"{base64.urlsafe_b64encode(str(bot.id).encode()).decode().rstrip('=')}.made-up.token"
        self._world.bots[self.token] = bot
        fast = f"{{token:{_OWN}[^/]+}}"
        self.loopback.add_route("POST", f"/api/v10/interactions/{{id}}/{fast}/callback", self._callback)
        self.loopback.add_route("POST", f"/api/v10/webhooks/{{id}}/{fast}", self._follow_up)
        self.loopback.add_route("PATCH", f"/api/v10/webhooks/{{id}}/{fast}/messages/@original", self._follow_up)
        self._members = _FIRST
        self._begin()

    def _begin(self) -> None:
        self._sent: dict[str, float] = {}
        self._came: dict[str, float] = {}
        self._answered: dict[str, float] = {}
        self._bodies: dict[str, bytes] = {}
        self._all = asyncio.Event()
        self._still_to_come = 0

    # What a bot answers

    async def _callback(self, request: web.Request) -> web.Response:
        if self._half:
            await asyncio.sleep(self._half)
        token = request.match_info["token"]
        body = await request.read()
        if token not in self._came and token in self._sent:
            self._came[token] = time.perf_counter()
            self._still_to_come -= 1
            if not self._still_to_come:
                self._all.set()
        self._bodies[token] = body
        self._answered[token] = time.perf_counter()
        if self._half:
            await asyncio.sleep(self._half)
        if "with_response" not in request.query_string:
            return web.Response(status=204)
        return web.Response(body=self._callback_body(request.match_info["id"]), content_type="application/json")

    async def _follow_up(self, request: web.Request) -> web.Response:
        token = request.match_info["token"]
        self._bodies[token] = await request.read()
        self._answered[token] = time.perf_counter()
        return web.Response(body=self._message, content_type="application/json")

    def _callback_body(self, interaction: str) -> bytes:
        return self._callback_template.replace(b'"@"', f'"{interaction}"'.encode())

    # What a bot is told

    @property
    def _session(self) -> Session:
        (session,) = (each for each in self.loopback.sessions if each.connected)
        return session

    async def ready(self) -> dict[str, Any]:
        """Return once one bot is there and asks for nothing any more; the port of its gateway connection."""
        await self.loopback.connected(60.0)
        quiet = time.perf_counter()
        seen = -1
        while time.perf_counter() - quiet < _REST_SECONDS:
            await asyncio.sleep(0.05)
            now = len(self.loopback.log)
            if now != seen or self.loopback.requests_in_flight:
                seen, quiet = now, time.perf_counter()
        bot = self._session.bot
        message: dict[str, Any] = {
            "id": str(self._world.new_id()),
            "channel_id": str(self._hall.questions.id),
            "author": payloads.user(bot),
            "content": "",
            "timestamp": payloads.instant(SystemClock().now()),
            "edited_timestamp": None,
            "type": 0,
            "flags": 64,
            "tts": False,
            "pinned": False,
            "mention_everyone": False,
            **{name: [] for name in ("mentions", "mention_roles", "attachments", "embeds", "components")},
        }
        self._message = _dumps(message).encode()
        about = {"id": "@", "type": 2, "response_message_id": message["id"], "response_message_ephemeral": True}
        resource = {"type": 4, "message": message}
        self._callback_template = _dumps({"interaction": about, "resource": resource}).encode()
        connections = self.loopback.gateway.connections
        return {"ports": [each.socket.get_extra_info("peername")[1] for each in connections]}

    def _person(self) -> Member:
        self._members += 1
        n = self._members
        joined = SystemClock().now() - timedelta(days=30)
        return Member(
            self._world.new_id(), f"persona{n}", f"Persona {n}", is_bot=False, locale="es-419", joined_at=joined
        )

    def _interaction(self, kind: int, data: dict[str, Any], message: Message | None = None) -> tuple[str, str]:
        """Token and payload of an interaction by somebody new, in `message` where it is a press."""
        loop = asyncio.get_running_loop()
        made = Interaction(
            id=self._world.new_id(),
            token=f"{_OWN}{self._members + 1}",
            kind=kind,
            person=self._person(),
            bot=self._session.bot,
            channel=self._hall.questions,
            created_at=SystemClock().now(),
            metadata={},
            message=message,
            answered=loop.create_future(),
            sent_at=0.0,
        )
        return made.token, _dumps(self.loopback.interactions._payload(made, data))

    def _question(self, command: str, text: str | None) -> tuple[str, str]:
        known = [*self._world.commands.values(), *self._world.global_commands.values()]
        found = next((each for each in known if each["name"] == command and each["type"] == 1), None)
        data: dict[str, Any] = {"id": "1", "name": command, "type": 1}
        if found is not None:
            data["id"] = found["id"]
            if "guild_id" in found:
                data["guild_id"] = found["guild_id"]
        asked = words(self._members) if text is None else text.replace("{n}", str(self._members))
        data["options"] = [{"type": 3, "name": "texto", "value": asked}]
        return self._interaction(kinds.COMMAND, data)

    async def _shown(self, custom_id: str) -> Message:
        """The message where questions are public that has this button, once there is one."""
        button = f'"custom_id":"{custom_id}"'
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                for message in self._hall.questions.messages.values():
                    if button in _dumps(payloads.message(message)):
                        return message
                await asyncio.sleep(0.05)

    async def burst(self, n: int, command: str, text: str | None, alike: int, wait: float) -> dict[str, Any]:
        """All at once, those that resemble others spread evenly."""
        resembles = {i * n // alike: nearly(i) for i in range(alike)}
        written = [self._question(command, resembles.get(i, text)) for i in range(n)]
        self._begin()
        self._still_to_come = n
        session = self._session
        begun = time.perf_counter()
        for token, payload in written:
            self._sent[token] = begun
            session.dispatch("INTERACTION_CREATE", payload)
        await self._wait(wait)
        return self._outcome(begun, [token for token, _ in written])

    async def _wait(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._all.wait()
        # A deferred answer comes later than what counts.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DEFERRED_SECONDS):
                while any(map(_is_deferral, self._bodies.values())):  # noqa: ASYNC110 -- after what is measured
                    await asyncio.sleep(0.05)

    def _outcome(self, begun: float, tokens: list[str], only_one: re.Pattern[str] = _NUMBER) -> dict[str, Any]:
        waited = sorted(self._came[token] - self._sent[token] for token in tokens if token in self._came)
        # What is deferred still has no answer.
        whole = [self._answered[t] for t in tokens if t in self._bodies and not _is_deferral(self._bodies[t])]
        contents = [_content(self._bodies[token]) for token in tokens if token in self._bodies]
        said = {found.groups() for content in contents if (found := only_one.search(content))}
        outcome = Outcome(
            sent=len(tokens),
            throughput=len(whole) / (max(whole) - begun) if whole else 0.0,
            p50=_percentile(waited, 0.5),
            p99=_percentile(waited, 0.99),
            worst=_percentile(waited, 1.0),
            late=sum(each > _LATE for each in waited),
            lost=len(tokens) - len(waited),
            saved=len(said),
            resembling=sum(content.startswith(support.alike("es")) for content in contents),
            example=next(iter(contents), ""),
        )
        return {name: getattr(outcome, name) for name in Outcome.__slots__}

    async def sustained(
        self, rate: float, seconds: float, joins: float, presses: float, custom_ids: list[str], wait: float
    ) -> dict[str, Any]:
        """Spread evenly, each at its own moment."""
        questions = [self._question("pregunta", None) for _ in range(round(rate * seconds))]
        buttons = [({"component_type": 2, "custom_id": each, "id": 1}, await self._shown(each)) for each in custom_ids]
        pressed = [
            self._interaction(kinds.COMPONENT, *buttons[i % len(buttons)]) for i in range(round(presses * seconds))
        ]
        entering = [self._entering() for _ in range(round(joins * seconds))]
        self._begin()
        self._still_to_come = len(questions) + len(pressed)
        due = sorted(
            [(i / rate, "INTERACTION_CREATE", *each) for i, each in enumerate(questions)]
            + [(i / presses, "INTERACTION_CREATE", *each) for i, each in enumerate(pressed)]
            + [(i / joins, "VOICE_STATE_UPDATE", "", each) for i, each in enumerate(entering)]
        )
        session = self._session
        begun = time.perf_counter()
        for after, event, token, payload in due:
            if (ahead := begun + after - time.perf_counter()) > 0:
                await asyncio.sleep(ahead)
            if token:
                # By when it was due: a driver that comes late with it does not flatter the bot.
                self._sent[token] = begun + after
            session.dispatch(event, payload)
        await self._wait(wait)
        return {
            "questions": self._outcome(begun, [token for token, _ in questions]),
            "presses": self._outcome(begun, [token for token, _ in pressed], _SUPPORTED),
        }

    def _entering(self) -> str:
        stage = self._hall.presence_channels[0]
        person = self._person()
        return _dumps(
            {
                "guild_id": str(self._world.id),
                "channel_id": str(stage.id),
                "user_id": str(person.id),
                "session_id": f"{person.id:032x}",
                **dict.fromkeys(("deaf", "mute", "self_deaf", "self_mute", "self_stream", "self_video"), False),
                "suppress": True,
                "request_to_speak_timestamp": None,
                "member": payloads.member(person),
            }
        )

    async def voice(self, n: int, seconds: float) -> dict[str, Any]:
        """So many people enter, and the bot has read of all of them."""
        entering = [self._entering() for _ in range(n)]
        session = self._session
        begun = time.perf_counter()
        for i, payload in enumerate(entering):
            if seconds and (ahead := begun + i * seconds / n - time.perf_counter()) > 0:
                await asyncio.sleep(ahead)
            session.dispatch("VOICE_STATE_UPDATE", payload)
        await self.loopback.settled()
        return {"seconds": time.perf_counter() - begun}


def _percentile(ordered: list[float], share: float) -> float:
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.inf


def _is_deferral(body: bytes) -> bool:
    return b'"type":5' in body.replace(b" ", b"")


def _content(body: bytes) -> str:
    try:
        said = json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
    data = said.get("data") or said
    return str(data.get("content") or "")


async def main() -> None:
    """Serve until stdin ends."""
    loop = asyncio.get_running_loop()
    stage = Stage(Path(sys.argv[1]), float(sys.argv[2]))
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)

    def answer(said: dict[str, Any]) -> None:
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()

    async with stage.loopback:
        addresses = {"ESTRADO_REST": stage.loopback.rest_url, "ESTRADO_GATEWAY": stage.loopback.gateway_url}
        answer({**addresses, "DISCORD_TOKEN": stage.token})
        while line := await reader.readline():
            asked = json.loads(line)
            try:
                answer(await getattr(stage, asked.pop("do"))(**asked))
            except Exception as error:  # noqa: BLE001 -- whoever asked is told, and the bot goes on
                answer({"error": repr(error)})


if __name__ == "__main__":
    asyncio.run(main())
