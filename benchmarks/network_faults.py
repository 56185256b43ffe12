"""Whole hours of the event under each of the network's faults, each with the same audit at its end.

Unlike the hours of the tests, in which Discord's slow answers take hundredths of a second, these take 2.5 s each, by
the machine's time. An answer that never comes is given up after half a second where one channel gives none, since the
event's time does not stand still for longer waits; ten seconds elsewhere, as it is in config.toml.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.idle import IdleLoop
from bot.notices import Outcome
from bot.rehearsal.result import Result
from tests.cogs import network_hours as hours
from tests.cogs.conftest import RunningEvent
from tests.factories import workshop

#: What keeps one channel from posting for the whole hour.
_OF_ONE_CHANNEL = frozenset({"429 of 600 s on one channel", "no answer on one channel"})


@dataclass(frozen=True)
class Fault:
    """One of the network's faults; `every_seconds` somebody comes or goes."""

    name: str
    trouble: hours.Trouble
    every_seconds: int = 60
    patience_seconds: float = 10


FAULTS = (
    Fault("taken, and answered 502", hours.taken_and_answered_502),
    Fault("bursts of 503 and 500", hours.bursts_of_5xx),
    Fault("429 of 600 s on one channel", hours.wait_of_600_seconds),
    Fault("no answer on one channel", hours.never_an_answer, patience_seconds=0.5),
    Fault("gateway lost every 30 s", hours.dropped, 30),
    Fault("server out of order, 2 min in 10", hours.out_of_order),
    Fault("events twice and in the wrong order", hours.twice_and_in_the_wrong_order),
    Fault("2.5 s to each answer", hours.slow(2.5)),
)


@dataclass(frozen=True)
class Spent:
    """What came of an hour."""

    fault: Fault
    result: Result
    acknowledged: int
    #: Cues of the broken channel that went by meanwhile; and whether the other channel had all of its own in time.
    given_up: int
    other_in_time: bool
    told: int
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether nothing was lost, doubled or miscounted, and organizers heard of one trouble once."""
        result, of_one_channel = self.result, self.fault.name in _OF_ONE_CHANNEL
        return (
            result.cues.missed == self.given_up
            and result.cues.doubled == result.cues.skipped == result.questions.lost == result.unanswered == 0
            and result.questions.contradictions == result.recount.differences == 0
            and result.recount.compared > 0
            and self.acknowledged == result.questions.stored > 0
            and (result.contract is None or result.contract.violations == 0)
            and (not of_one_channel or (self.other_in_time and self.told == 1))
            and (of_one_channel or self.given_up == 0)
        )


async def spend(fault: Fault, directory: Path) -> Spent:
    """Spend one hour under a fault, on a server and a database of its own."""
    config = workshop(directory, announcements=(hours.BROKEN, hours.WHOLE))
    connection = config.connection.model_copy(update={"send_timeout_seconds": fault.patience_seconds})
    config = config.model_copy(update={"connection": connection})
    started = time.monotonic()
    event = RunningEvent(config, config.agenda.sessions[0].starts_at - timedelta(hours=1))
    async with event.loopback:
        event.loop.fences.append(event.loopback.settled)
        await event.start()
        try:
            olga = event.organizer()
            hour, result = await hours.spend(event, fault.trouble, fault.every_seconds)
            ledger = await event.services.notices.ledger()
        finally:
            event.loop.fences.clear()
            await event.stop()
    broken, whole = (channel.id for channel in event.hall.announcements)
    others = [entry for entry in ledger if entry.channel_id == whole]
    return Spent(
        fault,
        result,
        len(hour.heard.acknowledged),
        sum(entry.outcome is not Outcome.SENT for entry in ledger if entry.channel_id == broken),
        all(entry.outcome is Outcome.SENT and entry.late_seconds == 0 for entry in others),
        sum("No logro publicar en" in message.content for message in olga.sees_in("organizacion")),
        time.monotonic() - started,
    )


def table(spent: Sequence[Spent]) -> str:
    """One line an hour."""
    rows = [
        "| fault | cues due | sent | doubled | given up | questions told saved | kept | recounted | differ | "
        "told organizers | holds | s |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|--:|",
    ]
    for each in spent:
        cues, questions, recount = each.result.cues, each.result.questions, each.result.recount
        rows.append(
            f"| {each.fault.name} | {cues.due} | {cues.sent} | {cues.doubled} | {each.given_up} | {each.acknowledged} "
            f"| {questions.stored} | {recount.compared} | {recount.differences} | {each.told} "
            f"| {'yes' if each.holds else '**no**'} | {each.seconds:.0f} |"
        )
    return "\n".join(rows) + "\n"


def main() -> int:
    """Spend the hours, print what came of them, and exit with 1 where one does not hold."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--only", metavar="WORDS", help="the faults whose name has these words")
    wanted = arguments.parse_args().only or ""
    # What goes wrong goes wrong on purpose.
    logging.disable(logging.ERROR)
    spent: list[Spent] = []
    with suppress(KeyboardInterrupt):
        for fault in FAULTS:
            if wanted not in fault.name:
                continue
            with (
                tempfile.TemporaryDirectory() as directory,
                asyncio.Runner(loop_factory=IdleLoop) as runner,
            ):
                spent.append(runner.run(spend(fault, Path(directory))))
            sys.stdout.write(table(spent[-1:]).splitlines()[-1] + "\n")
            sys.stdout.flush()
    sys.stdout.write("\n" + table(spent))
    return 0 if all(each.holds for each in spent) else 1


if __name__ == "__main__":
    sys.exit(main())
