"""Corrections of attendance, for organizers: /corregir, /excusar, /correcciones, and corrected summaries."""

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.agenda import Event, Session
from bot.corrections import CorrectionKind, CorrectionNumber, NobodyToCorrect
from bot.errata import Listed, Noted
from bot.errors import NothingBehindThis
from bot.ids import PersonId
from bot.languages import Language
from bot.participants import Participant
from bot.phrases import corrections as phrases
from bot.summary import day_meant

from .checks import organizers
from .corrected_summaries import CorrectedSummaries
from .correction_cards import take_back_form, take_back_list, take_back_view
from .days import days_for_organizers
from .patience import in_time
from .replies import language, literal, person, reply
from .routes import chosen, fields, form, open_form, press
from .venue import Venue

if TYPE_CHECKING:
    from .client import Estrado

_NUMBER = r"(?P<number>\d{1,18})"

#: Says in words what was saved.
_Wording = Callable[..., str]


class Enmiendas(commands.Cog):
    """What organizers know better than the register. What is posted of it names nobody; private answers do."""

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._errata = bot.services.errata
        self._republishing = bot.services.republishing
        self._outlet = CorrectedSummaries(bot)

    @property
    def _event(self) -> Event:
        return self._bot.services.event

    async def cog_unload(self) -> None:
        self._republishing.close()

    @commands.Cog.listener()
    async def on_venue_open(self, venue: Venue) -> None:
        """Tell corrections in the organizers' channel, at once what is due."""
        self._republishing.open(venue.organizers, self._outlet)

    @app_commands.command(
        name="corregir",
        description=locale_str("Corrija la presencia de alguien en una sesión; lo medido no se toca (organización)"),
    )
    @app_commands.rename(
        persona=locale_str("persona"),
        sesion=locale_str("sesion"),
        presencia=locale_str("presencia"),
        motivo=locale_str("motivo"),
        acompanantes=locale_str("acompanantes"),
    )
    @app_commands.describe(
        persona=locale_str("De quién se trata"),
        sesion=locale_str("El día de la sesión"),
        presencia=locale_str("Si estuvo o no, en verdad"),
        motivo=locale_str("Por qué; lo lee solo la organización"),
        acompanantes=locale_str("Cuántas personas compartían en verdad su conexión; sin nada, las declaradas"),
    )
    @app_commands.choices(
        presencia=[
            app_commands.Choice(name=locale_str("Presente"), value=CorrectionKind.PRESENT.value),
            app_commands.Choice(name=locale_str("Ausente"), value=CorrectionKind.ABSENT.value),
        ]
    )
    @app_commands.check(organizers)
    async def corregir(
        self,
        interaction: discord.Interaction,
        persona: discord.User,
        sesion: str,
        presencia: str,
        motivo: str,
        acompanantes: app_commands.Range[int, 0, 1000] | None = None,
    ) -> None:
        """Say that somebody was, or was not, in a session."""
        session = self._session(sesion)
        work = self._errata.correct(
            _who(persona),
            session.key,
            motivo,
            person(interaction),
            present=presencia == CorrectionKind.PRESENT,
            companions=acompanantes,
        )
        await self._answer(interaction, work, phrases.noted)

    @app_commands.command(
        name="excusar",
        description=locale_str("Anote que alguien avisó que no asiste a una sesión (organización)"),
    )
    @app_commands.rename(persona=locale_str("persona"), sesion=locale_str("sesion"), motivo=locale_str("motivo"))
    @app_commands.describe(
        persona=locale_str("De quién se trata"),
        sesion=locale_str("El día de la sesión"),
        motivo=locale_str("Por qué; lo lee solo la organización"),
    )
    @app_commands.check(organizers)
    async def excusar(self, interaction: discord.Interaction, persona: discord.User, sesion: str, motivo: str) -> None:
        """Say that somebody let the organizers know that they cannot come."""
        work = self._errata.excuse(_who(persona), self._session(sesion).key, motivo, person(interaction))
        await self._answer(interaction, work, phrases.noted)

    @app_commands.command(
        name="correcciones",
        description=locale_str("Vea a quiénes se corrigió o excusó, quién lo hizo y por qué (organización)"),
    )
    @app_commands.rename(dia=locale_str("dia"))
    @app_commands.describe(dia=locale_str("Solo las de un día; sin él, todas"))
    @app_commands.check(organizers)
    async def correcciones(self, interaction: discord.Interaction, dia: str | None = None) -> None:
        """Everything that was corrected, with names, and a list to take one back."""
        it = language(interaction)
        only = None if dia is None else self._session(dia).key
        lines = [_shown(line) for line in await in_time(interaction, self._errata.all(only))]
        names = {line.correction.person: _name(line.correction.person, line.participant, it) for line in lines}
        text = phrases.listed(lines, names, self._event, it)
        await reply(interaction, text, view=take_back_list(_to_take_back(lines), self._event, it))

    @corregir.autocomplete("sesion")
    @excusar.autocomplete("sesion")
    @correcciones.autocomplete("dia")
    async def suggest_days(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """The event's days."""
        return await days_for_organizers(interaction, self._event, typed)

    @press(rf"correction:undo:{_NUMBER}", only=organizers)
    async def press_take_back(self, interaction: discord.Interaction, number: str) -> None:
        """Ask why a correction does not hold."""
        await open_form(interaction, take_back_form(CorrectionNumber(int(number)), language(interaction)))

    @press(r"correction:list:\d{1,2}", only=organizers)
    async def choose_to_take_back(self, interaction: discord.Interaction) -> None:
        """The same, for the one that was chosen in a list."""
        for number in chosen(interaction)[:1]:
            if number.isascii() and number.isdecimal() and len(number) <= 18:
                await self.press_take_back(interaction, number)
                return
        raise NothingBehindThis

    @form(rf"correction:undone:{_NUMBER}", only=organizers)
    async def take_back(self, interaction: discord.Interaction, number: str) -> None:
        """Take it back."""
        reason = fields(interaction).get("reason", "")
        work = self._errata.take_back(
            CorrectionNumber(int(number)), reason if isinstance(reason, str) else "", person(interaction)
        )
        await self._answer(interaction, work, phrases.taken_back)

    async def _answer(
        self, interaction: discord.Interaction, work: Coroutine[Any, Any, Noted], wording: _Wording
    ) -> None:
        """Say what was saved; a correction can be taken back where it is said."""
        it = language(interaction)
        made = await in_time(interaction, work)
        row = made.correction
        shown = replace(made, correction=replace(row, reason=literal(row.reason or "")))
        who = _name(row.person, made.participant, it)
        text = wording(shown, who, self._event, it, quiet_minutes=self._quiet_minutes(self._event.session(row.session)))
        is_correction = row.kind is not CorrectionKind.TAKEN_BACK
        await reply(interaction, text, view=take_back_view(row.number, it) if is_correction else None)

    def _session(self, text: str) -> Session:
        return day_meant(self._event, text, self._bot.clock.now())

    def _quiet_minutes(self, session: Session) -> int | None:
        """After how long a corrected summary comes; None before the day's first one."""
        rules = self._bot.services.config.announcements
        seconds = (self._bot.clock.now() - session.ends_at).total_seconds()
        return rules.correction_quiet_minutes if seconds >= rules.summary_settle_seconds else None


def _who(user: discord.User | discord.Member) -> PersonId:
    if user.bot:
        raise NobodyToCorrect
    return PersonId(user.id)


def _name(who: PersonId, participant: Participant | None, it: Language) -> str:
    """Somebody as they registered, or else as Discord shows them."""
    if participant is None:
        return phrases.unknown_person(who, it)
    return phrases.known_person(
        literal(participant.name), literal(participant.institution), participant.affiliation, it
    )


def _shown(line: Listed) -> Listed:
    """The same with reasons that Discord shows as they were written."""
    row, taken = line.correction, line.taken_back
    if row.reason is not None:
        row = replace(row, reason=literal(row.reason))
    if taken is not None and taken.reason is not None:
        taken = replace(taken, reason=literal(taken.reason))
    return replace(line, correction=row, taken_back=taken)


def _to_take_back(lines: Iterable[Listed]) -> list[Listed]:
    return [line for line in lines if line.taken_back is None]
