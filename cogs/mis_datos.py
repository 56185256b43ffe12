"""What the bot keeps about a person: they see all of it, privately, and erase it."""

import io
import json
from typing import TYPE_CHECKING

import discord
from discord import ButtonStyle, app_commands, ui
from discord.app_commands import locale_str
from discord.ext import commands

from bot.erasure import ErasureDelayed, readable
from bot.languages import Language
from bot.phrases import privacy as phrases
from bot.phrases.refusals import refused

from .checks import in_the_server
from .patience import in_time
from .replies import language, person, reply
from .routes import press

if TYPE_CHECKING:
    from .client import Estrado


class MisDatos(commands.Cog):
    """`/mis-datos`. Erasing takes two steps: the second one says what goes and what stays."""

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._config = bot.services.config
        self._erasure = bot.services.erasure

    @app_commands.command(
        name="mis-datos",
        description=locale_str("Vea todo lo que el bot guarda sobre usted, en un archivo, y bórrelo si quiere"),
    )
    @app_commands.check(in_the_server)
    async def mis_datos(self, interaction: discord.Interaction) -> None:
        """All that is kept, but for what was asked anonymously."""
        await self._show(interaction, anonymous=False)

    @press("data:anonymous", only=in_the_server)
    async def press_anonymous(self, interaction: discord.Interaction) -> None:
        """The same with what was asked anonymously."""
        await self._show(interaction, anonymous=True)

    @press("data:erase", only=in_the_server)
    async def press_erase(self, interaction: discord.Interaction) -> None:
        """The first step: say what goes and what stays."""
        it = language(interaction)
        choices = (
            ("data:erase:all", phrases.erase_all_button(it), ButtonStyle.danger),
            ("data:erase:named", phrases.keep_anonymous_button(it), ButtonStyle.danger),
        )
        await reply(interaction, phrases.confirm(it), view=_buttons(*choices))

    @press("data:erase:(?P<what>all|named)", only=in_the_server)
    async def press_confirm(self, interaction: discord.Interaction, what: str) -> None:
        """The second step: erase."""
        it, who, user = language(interaction), person(interaction), interaction.user
        names = dict.fromkeys(filter(None, (user.name, user.global_name, user.display_name)))
        work = self._erasure.erase(who, names, keeps_anonymous=what == "named")
        try:
            await in_time(interaction, work)
            told = phrases.erased(it)
        except ErasureDelayed as delayed:
            told = refused(delayed, it)
        self._bot.dispatch("erased", who)
        await reply(interaction, told)

    async def _show(self, interaction: discord.Interaction, *, anonymous: bool) -> None:
        it = language(interaction)
        held = await in_time(interaction, self._erasure.held(person(interaction), anonymous=anonymous))
        content = json.dumps(readable(held, self._config), ensure_ascii=False, indent=2).encode()
        file = discord.File(io.BytesIO(content), filename="mis-datos.json" if it == "es" else "my-data.json")
        view = _offered(it, anonymous=anonymous)
        await reply(interaction, phrases.held(held, self._config.keep_until, it), files=[file], view=view)


def _offered(it: Language, *, anonymous: bool) -> ui.View:
    choices = [] if anonymous else [("data:anonymous", phrases.anonymous_button(it), ButtonStyle.secondary)]
    return _buttons(*choices, ("data:erase", phrases.erase_button(it), ButtonStyle.danger))


def _buttons(*choices: tuple[str, str, ButtonStyle]) -> ui.View:
    view = ui.View(timeout=None)
    for custom_id, label, style in choices:
        view.add_item(ui.Button(custom_id=custom_id, label=label, style=style))
    return view
