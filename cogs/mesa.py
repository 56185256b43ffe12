"""What moderators do at the table for others: /silenciar and /pregunta-de."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.errors import Refusal
from bot.ids import PersonId, QuestionNumber
from bot.languages import Language
from bot.phrases import moderation as phrases
from bot.phrases.questions import your_text
from bot.phrases.refusals import refused
from bot.question_text import says_something
from bot.questions import State

from .checks import moderators
from .choosing import number_in, suggested, suggested_panelists
from .decisions import Decisions
from .patience import in_time
from .replies import language, literal, person, reply
from .routes import press

if TYPE_CHECKING:
    from .client import Estrado

_NUMBER = r"(?P<number>\d{1,18})"


class Mesa(commands.Cog):
    """What moderators do about people."""

    def __init__(self, bot: "Estrado") -> None:
        self._queue = bot.services.queue
        self._decisions = Decisions(bot)

    @app_commands.command(
        name="silenciar",
        description=locale_str("No admita más preguntas de alguien en esta sesión (quienes moderan)"),
    )
    @app_commands.rename(numero=locale_str("numero"), persona=locale_str("persona"), levantar=locale_str("levantar"))
    @app_commands.describe(
        numero=locale_str("Por una pregunta suya, también anónima: su número o parte de su texto"),
        persona=locale_str("De quién, si no es por una pregunta"),
        levantar=locale_str("Volver a admitir sus preguntas"),
    )
    @app_commands.check(moderators)
    async def silenciar(
        self,
        interaction: discord.Interaction,
        numero: str | None = None,
        persona: discord.Member | None = None,
        levantar: bool = False,
    ) -> None:
        """Take no more questions from somebody until the session's end, or take them again."""
        it, number = language(interaction), number_in(numero)
        if persona is not None and levantar:
            lifted = await in_time(interaction, self._queue.lift_silence(PersonId(persona.id), person(interaction)))
            await reply(interaction, phrases.silence_lifted(it) if lifted else phrases.was_not_silenced(it))
        elif persona is not None:
            work = self._queue.silence_person(PersonId(persona.id), person(interaction))
            await reply(interaction, phrases.silenced((await in_time(interaction, work)).until, it))
        elif number is not None and levantar:
            lifting = self._queue.lift_silence_of(number, person(interaction))
            done = await self._decisions.tried(interaction, lifting, str(number))
            if done is not None:
                await reply(interaction, phrases.silence_lifted(it) if done else phrases.was_not_silenced(it))
        elif number is not None:
            await self._silence(interaction, str(number))
        else:
            await reply(interaction, phrases.choose_whom(it))

    @silenciar.autocomplete("numero")
    @app_commands.check(moderators)
    async def suggest_asked(self, _interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """The session's questions."""
        session = self._queue.session_in_view().key
        return suggested(await self._queue.suggestions(session, typed, list(State)))

    @press(rf"question:silence:{_NUMBER}", only=moderators)
    async def press_silence(self, interaction: discord.Interaction, number: str) -> None:
        """The same, for whoever asked this."""
        await self._silence(interaction, number)

    @app_commands.command(
        name="pregunta-de",
        description=locale_str("Registre la pregunta de otra persona, por ejemplo por teléfono (quienes moderan)"),
    )
    @app_commands.rename(
        texto=locale_str("texto"),
        de=locale_str("de"),
        persona=locale_str("persona"),
        idioma=locale_str("idioma"),
        para=locale_str("para"),
    )
    @app_commands.describe(
        texto=locale_str("Su pregunta, tal como debe leerse"),
        de=locale_str("De quién es, como debe leerse, si no está en el servidor"),
        persona=locale_str("De quién es, si está en el servidor"),
        idioma=locale_str("En qué idioma está"),
        para=locale_str("A quién va dirigida, si es a alguien en particular"),
    )
    @app_commands.choices(
        idioma=[
            app_commands.Choice(name=locale_str("Español"), value="es"),
            app_commands.Choice(name=locale_str("Inglés"), value="en"),
        ]
    )
    @app_commands.check(moderators)
    async def pregunta_de(
        self,
        interaction: discord.Interaction,
        texto: str,
        de: str | None = None,
        persona: discord.Member | None = None,
        idioma: str | None = None,
        para: str | None = None,
    ) -> None:
        """File a question for somebody; who filed it is kept with it."""
        it = language(interaction)
        whose = PersonId(persona.id) if persona is not None else de
        if whose is None:
            await reply(interaction, f"{phrases.choose_author(it)}\n\n{your_text(literal(texto), it)}")
            return
        spoken: Language = it if idioma is None else "es" if idioma == "es" else "en"
        work = self._queue.ask_for(person(interaction), whose, texto, spoken, addressed_to=para)
        try:
            asked = await in_time(interaction, work)
        except Refusal as refusal:
            given_back = f"\n\n{your_text(literal(texto), it)}" if says_something(texto) else ""
            await reply(interaction, refused(refusal, it) + given_back)
            return
        await reply(interaction, phrases.filed(asked.number, it, repeated=asked.repeated))

    @pregunta_de.autocomplete("para")
    @app_commands.check(moderators)
    async def suggest_panelists(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """The panelists of the session."""
        return suggested_panelists(self._queue.session_in_view(), typed, language(interaction))

    async def _silence(self, interaction: discord.Interaction, number: str) -> None:
        work = self._queue.silence(QuestionNumber(int(number)), person(interaction))
        silence = await self._decisions.tried(interaction, work, number)
        if silence is not None:
            await reply(interaction, phrases.silenced(silence.until, language(interaction)))
