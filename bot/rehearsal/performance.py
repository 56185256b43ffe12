"""The script played: each deed done by its person over the loopback, as people do it in Discord's client."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.loopback.exchange import CannotDo, Exchange
from bot.loopback.people import Person
from bot.loopback.seen import SeenMessage
from bot.rehearsal import script
from bot.rehearsal.cast import Actor
from bot.rehearsal.hall import AWAY, Hall
from bot.rehearsal.script import Deed

#: How people are told, in either language, under which number their question was saved.
_SAVED = re.compile(r"\*\*(?:número|number) (\d+)\*\*")


@dataclass
class Heard:
    """What people were told, for the comparison with what was kept."""

    #: The numbers of the questions that somebody was told were saved.
    acknowledged: set[int] = field(default_factory=set)
    #: Interactions that nobody answered in time.
    unanswered: int = 0


class Performance:
    """Everybody on the made-up server, and what they do."""

    def __init__(self, hall: Hall, actors: Sequence[Actor], questions_channel: str, moderators_channel: str) -> None:
        self._hall = hall
        self._actors = actors
        self._people: list[Person] = [hall.world.add_person(actor.name, locale=actor.locale) for actor in actors]
        self._moderators = (hall.moderator("Mora Moderadora"), hall.moderator("Max Moderator", "en-US"))
        self._questions_channel = questions_channel
        self._moderators_channel = moderators_channel
        self.organizer = hall.organizer("Olga Organizadora")
        self.heard = Heard()

    async def perform(self, deed: Deed) -> None:
        """Do what the deed says; returns once the people concerned have seen the first answer."""
        match deed:
            case script.Joins(_, actor):
                await self._enters(self._people[actor])
            case script.Leaves(_, actor):
                if self._is_connected(self._people[actor]):
                    await self._people[actor].leaves()
            case script.GoesAway(_, actor):
                if self._is_connected(self._people[actor]):
                    await self._people[actor].moves(AWAY)
            case script.Toggles(_, actor, what):
                if self._is_connected(self._people[actor]):
                    await self._people[actor].toggles(**{what: True})
                    await self._people[actor].toggles(**{what: False})
            case script.ChangesDevice(_, actor, late_leave):
                if self._is_connected(self._people[actor]):
                    await self._people[actor].changes_device(late_leave=late_leave)
            case script.Registers(_, actor):
                await self._registers(self._actors[actor], self._people[actor])
            case script.ChecksIn(_, actor, companions, by_button):
                await self._checks_in(self._people[actor], companions, by_button=by_button)
            case script.Asks():
                await self._asks(deed)
            case script.LooksUp(_, actor):
                self._note(await self._people[actor].slash("programa"))
                self._note(await self._people[actor].slash("mis-preguntas"))
            case script.Withdraws(_, actor):
                await self._withdraws(self._people[actor])
            case script.Reviews(_, moderator, approves):
                await self._reviews(self._moderators[moderator], approves=approves)
            case script.TakesNext(_, moderators, by_button):
                takers = [self._takes_next(self._moderators[m], by_button=by_button) for m in moderators]
                await asyncio.gather(*takers)
            case script.Inspects():
                self._note(await self.organizer.slash("asistencia"))
            case _:
                raise TypeError(f"nobody knows how to do {deed!r}")

    # Coming and going

    def _is_connected(self, person: Person) -> bool:
        return person.id in self._hall.world.voice

    async def _enters(self, person: Person) -> None:
        if self._hall.stage is None:
            return
        if self._is_connected(person):
            await person.moves(self._hall.stage)
        else:
            await person.joins(self._hall.stage)

    # Registering and declaring

    async def _registers(self, actor: Actor, person: Person) -> None:
        consent = await person.slash("registro")
        self._note(consent)
        if consent.answer is None or not consent.answer.buttons:
            return
        opened = await person.click(consent.answer, consent.answer.labels[0])
        self._note(opened)
        if opened.modal is None:
            return
        values = {
            "name": actor.name,
            "institution": actor.institution,
            "affiliation": [actor.country or actor.affiliation],
            "profile": [actor.profile] if actor.profile is not None else [],
        }
        self._note(await person.submit(opened.modal, **values))

    async def _checks_in(self, person: Person, companions: int, *, by_button: bool) -> None:
        if by_button and companions == 0 and (post := self._latest_with("presence:declare")) is not None:
            self._note(await person.click(post, "presence:declare"))
        else:
            self._note(await person.slash("presente", acompanantes=companions))

    # Asking

    async def _asks(self, deed: script.Asks) -> None:
        person = self._people[deed.actor]
        if deed.by_form:
            post = self._latest_with("question:ask")
            opened = await (person.click(post, "question:ask") if post is not None else person.slash("pregunta"))
            self._note(opened)
            if opened.modal is None:
                return
            answer = await person.submit(opened.modal, text=deed.text, how=["anonymous" if deed.anonymous else "named"])
        else:
            try:
                answer = await person.slash("pregunta", texto=deed.text, anonima=deed.anonymous)
            except CannotDo:
                # Discord's own client does not let text through that is empty to it.
                return
        self._note(answer)
        if (number := _SAVED.search(answer.text)) is not None:
            self.heard.acknowledged.add(int(number[1]))

    async def _withdraws(self, person: Person) -> None:
        own = await person.slash("mis-preguntas")
        self._note(own)
        if own.answer is not None:
            for button in own.answer.buttons:
                if button.custom_id is not None and button.custom_id.startswith("question:withdraw:"):
                    self._note(await person.click(own.answer, button.custom_id))
                    return

    # Moderating

    async def _reviews(self, moderator: Person, *, approves: bool) -> None:
        """Approve or reject the first question that waits on the board."""
        wanted = "question:approve:" if approves else "question:reject:"
        found = self._button_on_board(wanted)
        if found is None:
            return
        board, custom_id = found
        answer = await moderator.click(board, custom_id)
        self._note(answer)
        if answer.modal is not None:
            reasons = answer.modal.fields[0].options
            self._note(await moderator.submit(answer.modal, **{answer.modal.fields[0].custom_id: [reasons[0].value]}))

    async def _takes_next(self, moderator: Person, *, by_button: bool) -> None:
        found = self._button_on_board("question:next:") if by_button else None
        if found is not None:
            self._note(await moderator.click(*found))
        else:
            self._note(await moderator.slash("siguiente"))

    def _button_on_board(self, prefix: str) -> tuple[SeenMessage, str] | None:
        for message in reversed(self._moderators[0].sees_in(self._moderators_channel)):
            for button in message.buttons:
                if not message.ephemeral and button.custom_id is not None and button.custom_id.startswith(prefix):
                    return message, button.custom_id
        return None

    def _latest_with(self, custom_id: str) -> SeenMessage | None:
        """The newest public post with that button."""
        for message in reversed(self.organizer.sees_in(self._hall.announcements[0])):
            if any(button.custom_id == custom_id for button in message.buttons):
                return message
        return None

    def _note(self, exchange: Exchange) -> None:
        if exchange.failed:
            self.heard.unanswered += 1
