"""The script played: each deed done by its person over the loopback, as people do it in Discord's client."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.loopback.exchange import CannotDo, Exchange
from bot.loopback.people import Person
from bot.loopback.seen import SeenMessage
from bot.rehearsal import deeds
from bot.rehearsal.cast import Actor
from bot.rehearsal.hall import Hall, free_name
from bot.rehearsal.moderating import Moderating, button_of

#: How people are told, in either language, under which number their question was saved.
_SAVED = re.compile(r"\*\*(?:número|number) (\d+)\*\*")

#: The first letter is Greek.
_IMPOSTER = "\u039frganización"


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
        self._moderating = Moderating(hall, moderators_channel, self.note)
        self._questions_channel = questions_channel
        #: Where people may write, and with that use commands; the bot has nothing to do with it.
        self._talk = hall.world.add_text_channel(free_name(hall.world, "charla"))
        self.organizer = hall.organizer("Olga Organizadora")
        self._imposter = hall.world.add_person(_IMPOSTER)
        self.heard = Heard()

    async def perform(self, deed: deeds.Deed) -> None:
        """Do what the deed says; returns once the people concerned have seen the first answer."""
        match deed:
            case deeds.Joins(_, actor):
                await self._enters(self._people[actor])
            case deeds.Leaves(_, actor):
                if self._is_connected(self._people[actor]):
                    await self._people[actor].leaves()
            case deeds.GoesAway(_, actor):
                if self._is_connected(self._people[actor]):
                    await self._people[actor].moves(self._hall.away)
            case deeds.Toggles(_, actor, what):
                if self._is_connected(self._people[actor]):
                    await self._people[actor].toggles(**{what: True})
                    await self._people[actor].toggles(**{what: False})
            case deeds.ChangesDevice(_, actor, late_leave):
                if self._is_connected(self._people[actor]):
                    await self._people[actor].changes_device(late_leave=late_leave)
            case deeds.Registers(_, actor):
                await self._registers(self._actors[actor], self._people[actor])
            case deeds.ChecksIn(_, actor, companions, by_button):
                await self._checks_in(self._people[actor], companions, by_button=by_button)
            case deeds.Asks():
                await self._asks(deed)
            case deeds.LooksUp(_, actor):
                self.note(await self._people[actor].slash("programa"))
                self.note(await self._people[actor].slash("mis-preguntas"))
            case deeds.Withdraws(_, actor):
                await self._withdraws(self._people[actor])
            case deeds.Converts(_, actor, text):
                await self._converts(self._people[actor], text)
            case deeds.Adopts(_, actor, moderator, text):
                await self._adopted(self._people[actor], moderator, text)
            case deeds.Imitates():
                self.note(await self._imposter.slash("programa"))
            case deeds.Supports(_, actor, which):
                await self._supports(self._people[actor], which)
            case deeds.Edits(_, actor):
                await self._edits(self._people[actor])
            case deeds.WantsMessages(_, actor):
                await self._press_in_own(self._people[actor], "question:messages:on")
            case deeds.Inspects():
                self.note(await self.organizer.slash("asistencia"))
                self.note(await self.organizer.slash("informe preguntas"))
                self.note(await self.organizer.slash("informe dia"))
            case _ if await self._moderating.perform(deed):
                self.heard.acknowledged |= self._moderating.filed
            case _:
                raise TypeError(f"nobody knows how to do {deed!r}")

    @property
    def moderators_channel(self) -> str:
        """Where the board of questions stands."""
        return self._moderating.channel

    def board(self) -> SeenMessage | None:
        """The message by which moderators see the questions, as it is now."""
        return self._moderating.board()

    # Coming and going

    async def somebody_leaves(self) -> None:
        """The first person in the auditorium, if any, leaves."""
        there = next((person for person in self._people if self._is_connected(person)), None)
        if there is not None:
            await there.leaves()

    async def somebody_comes(self) -> None:
        """The last person who is not there, if any, comes."""
        away = next((person for person in reversed(self._people) if not self._is_connected(person)), None)
        if away is not None:
            await self._enters(away)

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
        self.note(consent)
        if consent.answer is None or not consent.answer.buttons:
            return
        opened = await person.click(consent.answer, consent.answer.labels[0])
        self.note(opened)
        if opened.modal is None:
            return
        values = {
            "name": actor.name,
            "institution": actor.institution,
            "affiliation": [actor.country or actor.affiliation],
            "profile": [actor.profile] if actor.profile is not None else [],
        }
        self.note(await person.submit(opened.modal, **values))

    async def _checks_in(self, person: Person, companions: int, *, by_button: bool) -> None:
        if by_button and companions == 0 and (post := self._latest_with("presence:declare")) is not None:
            self.note(await person.click(post, "presence:declare"))
        else:
            self.note(await person.slash("presente", acompanantes=companions))

    # Asking

    async def _asks(self, deed: deeds.Asks) -> None:
        person = self._people[deed.actor]
        if deed.by_form:
            post = self._latest_with("question:ask")
            opened = await (person.click(post, "question:ask") if post is not None else person.slash("pregunta"))
            self.note(opened)
            if opened.modal is None:
                return
            answer = await person.submit(opened.modal, text=deed.text, how=["anonymous" if deed.anonymous else "named"])
        else:
            try:
                answer = await person.slash("pregunta", texto=deed.text, anonima=deed.anonymous)
            except CannotDo:
                # Discord's own client does not let text through that is empty to it.
                return
        self.note(answer)
        await self._sent(person, answer, insists=deed.insists)

    async def _sent(self, person: Person, answer: Exchange, *, insists: bool) -> None:
        """Hear what the bot said; where it showed questions that are alike, press one of the two buttons."""
        drafted = answer.answer
        wanted = "question:anyway:" if insists else "question:support:"
        if drafted is not None and (found := button_of(drafted, wanted)) is not None:
            answer = await person.click(*found)
            self.note(answer)
        shown = answer.updated or answer.answer
        if shown is not None and (number := _SAVED.search(shown.text)) is not None:
            self.heard.acknowledged.add(int(number[1]))

    async def _converts(self, person: Person, text: str) -> None:
        message = await person.says(self._talk, text)
        opened = await person.context_menu("Convertir en pregunta", message)
        self.note(opened)
        if opened.modal is not None:
            answer = await person.submit(opened.modal)
            self.note(answer)
            await self._sent(person, answer, insists=True)

    async def _adopted(self, person: Person, moderator: int, text: str) -> None:
        message = await person.says(self._talk, text)
        answer = await self._moderating.makes_question(moderator, message)
        if answer.answer is not None and (number := _SAVED.search(answer.answer.text)) is not None:
            self.heard.acknowledged.add(int(number[1]))

    async def _supports(self, person: Person, which: int) -> None:
        for message in reversed(person.sees_in(self._questions_channel)):
            pressed = [b.custom_id for b in message.buttons if b.custom_id and b.custom_id.startswith("support:vote:")]
            if pressed and not message.ephemeral:
                self.note(await person.click(message, pressed[which % len(pressed)]))
                return

    async def _edits(self, person: Person) -> None:
        opened = await self._press_in_own(person, "question:edit:")
        if opened is not None and opened.modal is not None:
            text = str(opened.modal.field("text").value)
            self.note(await person.submit(opened.modal, text=f"{text} Gracias."))

    async def _withdraws(self, person: Person) -> None:
        await self._press_in_own(person, "question:withdraw:")

    async def _press_in_own(self, person: Person, prefix: str) -> Exchange | None:
        """Look at one's own questions and press the first button there whose custom_id begins so."""
        own = await person.slash("mis-preguntas")
        self.note(own)
        found = None if own.answer is None else button_of(own.answer, prefix)
        if found is None:
            return None
        pressed = await person.click(*found)
        self.note(pressed)
        return pressed

    def _latest_with(self, custom_id: str) -> SeenMessage | None:
        """The newest public post with that button."""
        for message in reversed(self.organizer.sees_in(self._hall.announcements[0])):
            if any(button.custom_id == custom_id for button in message.buttons):
                return message
        return None

    def note(self, exchange: Exchange) -> None:
        """Hear how somebody was answered."""
        if exchange.failed:
            self.heard.unanswered += 1
