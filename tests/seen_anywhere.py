"""Everything of one day that people see, written as text: run as a program in the environment that is to be tried.

python -m tests.seen_anywhere DIRECTORY
"""

import asyncio
import hashlib
import io
import json
import sys
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.config import Config
from bot.idle import IdleLoop
from bot.loopback.people import Person
from tests.cogs.acts import REGISTRATION
from tests.cogs.conftest import RunningEvent
from tests.factories import workshop
from tests.reports.pdfs import texts

DAY = "2020-09-08"


def readable(name: str, content: bytes) -> Any:
    """What a file says."""
    if name.endswith(".pdf"):
        return texts(content)
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return {part: book.read(part).decode() for part in book.namelist() if part.endswith(".xml")}
    if name.endswith((".csv", ".ics", ".json", ".txt")):
        return content.decode("utf-8-sig")
    return hashlib.sha256(content).hexdigest()


def seen(person: Person) -> list[Any]:
    """All that a person sees, with its files."""
    channels = ("anuncios", "preguntas", "moderacion", "organizacion")
    messages = [*(m for channel in channels for m in person.sees_in(channel)), *person.private()]
    return [[m.text, {file.name: readable(file.name, file.content) for file in m.attachments}] for m in messages]


async def day(config: Config) -> dict[str, Any]:
    """Tuesday, from an hour before it to Wednesday's reminder."""
    event = RunningEvent(config, config.agenda.sessions[0].starts_at - timedelta(hours=20))
    async with event.loopback:
        event.loop.fences.append(event.loopback.settled)
        await event.start()
        ana, eve, olga = event.person("Ana Prueba"), event.person("Eve Example", locale="en-GB"), event.organizer()
        try:
            await event.clock.run_until(event.at(f"{DAY} 08:50"))
            for person in (ana, eve):
                await person.slash("registro")
                form = (await person.click(person.private()[-1], "registration:agree")).modal
                assert form is not None
                await person.submit(form, **REGISTRATION)
                shown = (await person.slash("programa")).answer
                assert shown is not None
                await person.click(shown, shown.labels[0])
            await event.clock.run_until(event.at(f"{DAY} 09:00"))
            await ana.joins("auditorio")
            await ana.slash("presente", acompanantes=1)
            await event.clock.run_until(event.at(f"{DAY} 09:40"))
            await ana.slash("pregunta", texto="¿Cuándo sigue?")
            await eve.slash("pregunta", texto="When does it go on?")
            await olga.slash("retrasar", minutos=10, motivo="Sonido")
            await olga.click(olga.private()[-1], "Confirmar")
            await event.clock.run_until(event.at(f"{DAY} 11:10"))
            await ana.leaves()
            await event.clock.run_until(event.at(f"{DAY} 11:30"))
            for command in ("informe preguntas", "informe dia", "asistencia", "revista", "estado"):
                await olga.slash(command)
            for person in (ana, eve):
                await person.slash("mis-datos")
                await person.slash("mis-preguntas")
            await event.clock.run_until(event.at("2020-09-09 08:45"))
            return {"ana": seen(ana), "eve": seen(eve), "olga": seen(olga)}
        finally:
            event.loop.fences.clear()
            await event.stop()


def main() -> None:
    """Writes what everybody saw to stdout."""
    config = workshop(Path(sys.argv[1]))
    announcements = config.announcements.model_copy(
        update={"day_before_hours": 18, "preflight_minutes": 30, "how_to_take_part": True, "now_card": True}
    )
    with asyncio.Runner(loop_factory=IdleLoop) as runner:
        found = runner.run(day(config.model_copy(update={"announcements": announcements})))
    sys.stdout.buffer.write(json.dumps(found, ensure_ascii=False, indent=1).encode())


if __name__ == "__main__":
    main()
