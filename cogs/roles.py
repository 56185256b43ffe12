"""The roles that registration gives: to whoever registered, for their country and their profile."""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.errors import NotSaved
from bot.ids import PersonId, RoleId
from bot.participants import Country, Participant
from bot.storage.alerts import AlertKind
from bot.storage.store import Reader, Transaction

from .answers import Unheard
from .keeping import ended, guarded
from .venue import Venue, attendee_key, country_key, profile_key, roles_to_give

if TYPE_CHECKING:
    from .client import Estrado

log = logging.getLogger(__name__)

#: After Discord or the database failed.
_AGAIN_SECONDS = 30.0


class Roles(commands.Cog):
    """Sees to it that everybody who registered has the roles of config.toml, and of no earlier registration.

    What was given is kept, so that roles which somebody has otherwise are left alone, and one that an organizer takes
    away is not given again; whoever left the server and came back gets them anew. What cannot be given is told to
    organizers once, and is given when it can be.
    """

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._is_used = bool(roles_to_give(bot.services.config))
        self._people: set[PersonId] = set()
        self._everybody = False
        #: For whom something is worth trying again soon.
        self._failed: set[PersonId] = set()
        #: Who came back to the server without what they had been given.
        self._lost: dict[PersonId, set[RoleId]] = {}
        self._given: dict[PersonId, dict[RoleId, datetime]] = {}
        #: What Discord refused although nothing stood against it; not tried again before roles change.
        self._refused: set[RoleId] = set()
        #: What organizers were told last, by key in config.toml; None before the first look.
        self._blocked: frozenset[str] | None = None
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def cog_load(self) -> None:
        if not self._is_used and not await self._bot.services.store.read(lambda tx: tx.roles.all()):
            return
        self._bot.services.directory.on_registered(self._look_at)
        self._task = asyncio.create_task(self._keep(), name="roles")

    async def cog_unload(self) -> None:
        await ended([self._task] if self._task is not None else [])

    @commands.Cog.listener()
    async def on_venue_open(self, _venue: Venue) -> None:
        """Give what is missing, after a start too."""
        self._look_at_everybody()

    @commands.Cog.listener()
    async def on_erased(self, who: PersonId) -> None:
        """What was given to somebody who was erased is taken away, and the row of it goes."""
        self._look_at(who)

    @commands.Cog.listener()
    async def on_guild_role_update(self, _before: discord.Role, _after: discord.Role) -> None:
        """It may be possible now to give what was not."""
        self._look_at_everybody()

    @commands.Cog.listener()
    async def on_voice_state_update(
        self, member: discord.Member, _before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        """Somebody comes in."""
        if after.channel is not None:
            self._meet(member)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Somebody uses the bot."""
        if isinstance(interaction.user, discord.Member):
            self._meet(interaction.user)

    def _meet(self, member: discord.Member) -> None:
        person, joined_at = PersonId(member.id), member.joined_at
        given = self._given.get(person)
        if not given or joined_at is None:
            return
        # Not `member.roles`: that drops the roles that the cache does not know (yet).
        lost = {role for role, at in given.items() if at < joined_at and role not in member._roles}
        if lost:
            self._lost.setdefault(person, set()).update(lost)
            self._look_at(person)

    def _look_at(self, person: PersonId) -> None:
        self._people.add(person)
        self._woken.set()

    def _look_at_everybody(self) -> None:
        self._everybody = True
        self._refused.clear()
        self._woken.set()

    async def _keep(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            if self._bot.venue is None:
                continue
            people: set[PersonId] | None = None if self._everybody else self._people
            self._everybody, self._people, self._failed = False, set(), set()
            done = await guarded(self._see_to(people, self._bot.venue), "roles")
            if done and not self._failed:
                continue
            await self._bot.clock.sleep(_AGAIN_SECONDS)
            if done:
                self._people |= self._failed
            elif people is not None:
                self._people |= people
            else:
                self._everybody = True
            self._woken.set()

    async def _see_to(self, people: set[PersonId] | None, venue: Venue) -> None:
        """Bring the roles of these people, or of everybody, up to date."""
        store = self._bot.services.store
        while self._lost:
            person, lost = self._lost.popitem()
            await store.write(partial(_taken, person=person, roles=lost))

        def look(tx: Reader) -> tuple[dict[PersonId, Participant], dict[PersonId, dict[RoleId, datetime]]]:
            if people is None:
                return tx.participants.all(), tx.roles.all()
            found = {person: known for person in people if (known := tx.participants.find(person)) is not None}
            return found, {person: dict(tx.roles.of(person)) for person in people}

        participants, given = await store.read(look)
        if people is None:
            self._given = given
        else:
            self._given |= given
        givable = await self._givable(venue)
        for person in sorted(participants.keys() | given.keys()):
            wanted = _wanted(participants.get(person), venue)
            has = given.get(person, {}).keys()
            if wanted != has and not await self._bring_up_to_date(person, wanted - has, has - wanted, givable, venue):
                self._failed.add(person)

    async def _givable(self, venue: Venue) -> frozenset[RoleId]:
        """The roles that the bot may give just now; organizers are told of the others, once each."""
        guild = self._bot.get_guild(venue.guild_id)
        if guild is None:
            return frozenset()
        may, top = guild.me.guild_permissions.manage_roles, guild.me.top_role
        roles = {
            setting: role for setting, id_ in venue.given_roles.items() if (role := guild.get_role(id_)) is not None
        }
        possible = {
            setting: role
            for setting, role in roles.items()
            if may and role < top and not role.managed and role.id not in self._refused
        }
        blocked = frozenset(roles.keys() - possible.keys())
        if blocked != self._blocked:
            reasons = {setting: self._reason(roles[setting], may=may) for setting in blocked}
            await self._bot.services.store.write(partial(_told, given=possible, blocked=reasons))
            self._bot.services.notices.look_for_alerts()
            self._blocked = blocked
        return frozenset(RoleId(role.id) for role in possible.values())

    def _reason(self, role: discord.Role, *, may: bool) -> str:
        """Why a role cannot be given."""
        if not may:
            return "permission"
        return "refused" if role.id in self._refused else "hierarchy"

    async def _bring_up_to_date(
        self,
        person: PersonId,
        to_give: Iterable[RoleId],
        to_take: Iterable[RoleId],
        givable: frozenset[RoleId],
        venue: Venue,
    ) -> bool:
        """Whether all was done that can be done now; False where it is worth trying again soon."""
        done = True
        for role in sorted(to_take):
            done &= await self._change(person, role, venue, give=False)
        for role in sorted(set(to_give) & givable):
            if role not in self._refused:
                done &= await self._change(person, role, venue, give=True)
        return done

    async def _change(self, person: PersonId, role: RoleId, venue: Venue, *, give: bool) -> bool:
        http, store = self._bot.http, self._bot.services.store
        try:
            async with asyncio.timeout(self._bot.services.config.connection.send_timeout_seconds):
                await (http.add_role if give else http.remove_role)(venue.guild_id, person, role, reason=None)
        except discord.NotFound:
            # Whoever left gets it on coming back, and a role that is gone is nobody's.
            if give:
                return True
        except discord.Forbidden as error:
            log.warning("roles.forbidden role=%d code=%d", role, error.code)
            if give:
                self._refused.add(role)
                # To tell it.
                self._woken.set()
            return True
        except Unheard as error:
            log.warning("roles.not_changed role=%d kind=%s", role, type(error).__name__)
            return False
        try:
            if give:
                now = self._bot.clock.now()
                await store.write(lambda tx: tx.roles.give(person, role, now))
                self._given.setdefault(person, {})[role] = now
            else:
                await store.write(lambda tx: tx.roles.take(person, role))
                self._given.get(person, {}).pop(role, None)
        except NotSaved:
            return False
        return True


def _taken(tx: Transaction, person: PersonId, roles: Iterable[RoleId]) -> None:
    for role in roles:
        tx.roles.take(person, role)


def _told(tx: Transaction, given: Iterable[str], blocked: Mapping[str, str]) -> None:
    """Organizers hear of those that cannot be given, and why, and anew of one that could meanwhile."""
    for setting in given:
        tx.alerts.close(AlertKind.ROLE, setting, tx.now)
    for setting, reason in blocked.items():
        tx.alerts.open(AlertKind.ROLE, None, setting, (reason,), tx.now)


def _wanted(participant: Participant | None, venue: Venue) -> set[RoleId]:
    """The roles of somebody who registered like this; nobody's where they have not."""
    if participant is None or participant.is_erased:
        return set()
    keys = [attendee_key()]
    if isinstance(participant.affiliation, Country):
        keys.append(country_key(participant.affiliation.code))
        keys.append(profile_key(participant.profile or ""))
    return {role for key in keys if (role := venue.given_roles.get(key)) is not None}
