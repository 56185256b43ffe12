"""Who may do what, asked by the bot itself on each action, whatever Discord's interface hides."""

import discord

from bot.errors import Needed, NotAllowed, NotOpenYet, OnlyInTheServer
from bot.ids import SessionKey

from .replies import bot_of


async def in_the_server(interaction: discord.Interaction) -> bool:
    """Refuse what does not come from the event's server."""
    venue = bot_of(interaction).venue
    if venue is None:
        raise NotOpenYet
    if interaction.guild_id != venue.guild_id or not isinstance(interaction.user, discord.Member):
        raise OnlyInTheServer
    return True


async def moderators(interaction: discord.Interaction) -> bool:
    """Let the event's moderators, those of the session in view, and organizers pass; refuse others."""
    return await moderators_of(interaction, bot_of(interaction).services.queue.session_in_view().key)


async def moderators_of(interaction: discord.Interaction, session: SessionKey) -> bool:
    """Let the event's moderators, those of this session, and organizers pass; refuse others."""
    await in_the_server(interaction)
    venue = bot_of(interaction).venue
    assert venue is not None
    if not venue.is_moderator(role_ids(interaction), session):
        raise NotAllowed(Needed.MODERATOR)
    return True


def sessions_moderated(interaction: discord.Interaction) -> frozenset[SessionKey]:
    """The sessions of which somebody may see what is not public and decide: all, for the event's moderators and
    organizers."""
    bot = bot_of(interaction)
    roles = role_ids(interaction)
    return frozenset(
        session.key
        for session in bot.services.event.sessions
        if bot.venue is not None and bot.venue.is_moderator(roles, session.key)
    )


async def organizers(interaction: discord.Interaction) -> bool:
    """Let organizers pass; refuse others."""
    await in_the_server(interaction)
    venue = bot_of(interaction).venue
    assert venue is not None
    if not venue.is_organizer(role_ids(interaction)):
        raise NotAllowed(Needed.ORGANIZER)
    return True


def role_ids(interaction: discord.Interaction) -> frozenset[int]:
    """The roles that Discord sent with the interaction itself, true at this instant even just after a reconnect."""
    member = interaction.user
    # Not `member.roles`: that drops the roles that the cache does not know (yet).
    return frozenset(member._roles) if isinstance(member, discord.Member) else frozenset()
