"""The whole bot: the client with its cogs, connected for the length of a block."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import aiohttp

from bot.services import Services

from .agenda import Agenda
from .ahora import Ahora
from .apoyos import Apoyos
from .asistencia import Asistencia
from .client import Estrado
from .constancias import Constancias
from .correcciones import Correcciones
from .endpoint import Endpoint, redirected
from .enmiendas import Enmiendas
from .estado import Estado
from .evento import Evento
from .informes import Informes
from .materiales import Materiales
from .mesa import Mesa
from .mis_datos import MisDatos
from .moderacion import Moderacion
from .olvido import Olvido
from .organizacion import Organizacion
from .palabra import Palabra
from .parecidos import Parecidos
from .participantes import Participantes
from .practicas import Practicas
from .preguntas import Preguntas
from .programa import Programa
from .propias import Propias
from .registrar import Registrar
from .registro import Registro
from .respuestas import Respuestas
from .revista import Revista
from .roles import Roles
from .tarjetas import Tarjetas

COGS = (
    Programa,
    Evento,
    Ahora,
    Agenda,
    Palabra,
    Preguntas,
    Propias,
    Apoyos,
    Moderacion,
    Tarjetas,
    Correcciones,
    Respuestas,
    Mesa,
    Asistencia,
    Registro,
    Registrar,
    Revista,
    Participantes,
    Roles,
    Organizacion,
    Informes,
    Enmiendas,
    Constancias,
    Practicas,
    Materiales,
    Parecidos,
    MisDatos,
    Olvido,
    Estado,
)

#: The names that discord.py gives to the tasks in which commands, and buttons and forms, are answered.
_ANSWERING = ("CommandTree-invoker", "discord.py: on_interaction")

_ANSWER_WINDOW_SECONDS = 3.0


@contextlib.asynccontextmanager
async def running(
    services: Services,
    token: str,
    *,
    endpoint: Endpoint | None = None,
    http_trace: aiohttp.TraceConfig | None = None,
    on_no_server: Callable[[], None] = lambda: None,
    login_patience_seconds: float = 60.0,
) -> AsyncIterator[Estrado]:
    """The bot, logged in and connecting, for the length of the block; closed cleanly at its end.

    `on_no_server` is called when the bot is not in the event's server; it waits there until it is let in.

    Raises discord.LoginFailure for a wrong token, OSError where Discord cannot be reached and TimeoutError where it
    does not answer in time. What ends the connection later is raised out of the block: discord.ConnectionClosed,
    discord.PrivilegedIntentsRequired, and discord.LoginFailure for a token that is refused by now.
    """
    with redirected(endpoint):
        bot = Estrado(services, COGS, http_trace=http_trace, on_no_server=on_no_server)
        try:
            async with asyncio.timeout(login_patience_seconds):
                await bot.login(token)
            async with asyncio.TaskGroup() as tasks:
                connection = tasks.create_task(bot.connect(), name="discord")
                refusal = tasks.create_task(bot.until_token_refused(), name="token")
                try:
                    yield bot
                finally:
                    # Nothing more is read from now on; Discord sends it again to nobody, and people press again.
                    connection.cancel()
                    refusal.cancel()
                    await _answers_given()
                    await bot.close()
        finally:
            await bot.close()


async def _answers_given() -> None:
    """Return once those who asked for something a moment ago have their answer, or would have given up on it."""
    answering = [task for task in asyncio.all_tasks() if task.get_name() in _ANSWERING]
    if answering:
        await asyncio.wait(answering, timeout=_ANSWER_WINDOW_SECONDS)
