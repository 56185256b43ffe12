"""Faults by name: what Discord does on its bad days, played as often as asked and nowhere else."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.loopback.gateway import Gateway

FaultKind = Literal[
    "accepted-then-502",
    "500",
    "502",
    "503",
    "hang",
    "429",
    "401",
    "403",
    "404",
    "slow",
    "callback-10062",
    "30046",
]

_PARAMETER = re.compile(r"\{[^}]*\}")


def shape(route: str) -> str:
    """A route with its parameters made alike: "POST /channels/{id}/messages" -> "POST /channels/{}/messages"."""
    return _PARAMETER.sub("{}", route)


@dataclass(slots=True)
class Fault:
    """One kind of trouble, and where and how often it comes."""

    kind: FaultKind
    route: str | None
    channel: str | None
    #: How often it is still to come; None means always.
    times: int | None
    retry_after: float
    seconds: float
    code: int | None
    #: How often it has come.
    played: int = 0


class Faults:
    """The faults that are to come."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._faults: list[Fault] = []

    def add(
        self,
        kind: FaultKind,
        *,
        route: str | None = None,
        channel: str | None = None,
        times: int | None = 1,
        retry_after: float = 600,
        seconds: float = 1.0,
        code: int | None = None,
    ) -> Fault:
        """Let the next `times` requests (None: all) of a route ("POST /channels/{id}/messages"), in a channel of
        that name, meet `kind`.

        "accepted-then-502" does what was asked and answers 502; "500", "502" and "503" do nothing; "hang" never
        answers; "429" answers with `retry_after`; "401" does not know the token; "403" answers with `code` 50013 or
        50001; "404" with 10003 or `code`; "slow" takes real `seconds` first; "callback-10062" takes no interaction
        callback; "30046" takes no edit of an old message.
        """
        if kind == "callback-10062" and route is None:
            route = "POST /interactions/{id}/{token}/callback"
        found = Fault(kind, None if route is None else shape(route), channel, times, retry_after, seconds, code)
        self._faults.append(found)
        return found

    def clear(self) -> None:
        """No more faults."""
        self._faults.clear()

    def take(self, method: str, template: str, channel: str | None) -> Fault | None:
        """The fault that this request meets, used up by one."""
        if not self._faults:
            return None
        route = f"{method} {template}"
        for fault in self._faults:
            if fault.route not in (None, route) or fault.channel not in (None, channel):
                continue
            fault.played += 1
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self._faults.remove(fault)
            return fault
        return None

    def repeat_next_event(self, event: str) -> None:
        """Send the next gateway event of this type twice."""
        self._gateway.repeat_next(event)

    def swap_next_events(self, event: str) -> None:
        """Send the next two gateway events of this type in the wrong order."""
        self._gateway.swap_next(event)

    def ignore_member_requests(self, ignore: bool = True) -> None:
        """Never answer a bot that asks for members over the gateway."""
        self._gateway.ignore_member_requests = ignore
