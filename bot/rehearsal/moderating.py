"""What moderators do in a rehearsal: on the board, on cards, and by commands."""

import asyncio
import re
from collections.abc import Callable, Sequence

from bot.loopback.exchange import Exchange
from bot.loopback.people import Person
from bot.loopback.seen import SeenMessage
from bot.rehearsal import deeds
from bot.rehearsal.hall import Hall

#: Said of a question that was filed for somebody, in either language.
_FILED = re.compile(r"(?:es la pregunta|it is question) \*\*(\d+)\*\*")


class Moderating:
    """Two moderators, one of each language."""

    def __init__(self, hall: Hall, channel: str, note: Callable[[Exchange], None]) -> None:
        self._people = (hall.moderator("Mora Moderadora"), hall.moderator("Max Moderator", "en-US"))
        self.channel = channel
        self._note = note
        #: The numbers of the questions that they were told were filed.
        self.filed: set[int] = set()

    async def perform(self, deed: deeds.Deed) -> bool:
        """Do what the deed says; False where it is none of moderators."""
        match deed:
            case deeds.Reviews(_, moderator, approves):
                await self._reviews(self._people[moderator], approves=approves)
            case deeds.ReviewsPage(_, moderator):
                await self._press(self._people[moderator], "question:page:")
            case deeds.Corrects(_, moderator):
                await self._corrects(self._people[moderator])
            case deeds.TakesNext(_, moderators, by_button, outcome):
                takers = [self._takes_next(self._people[m], outcome, by_button=by_button) for m in moderators]
                await asyncio.gather(*takers)
            case deeds.TakesEarlier(_, moderator):
                await self._takes_earlier(self._people[moderator])
            case deeds.Defers(_, moderator):
                if (found := self._button_on_board("question:finish:")) is not None:
                    await self._on_card(self._people[moderator], _number_in(found[1]), "question:defer:")
            case deeds.Undoes(_, moderator):
                self._note(await self._people[moderator].slash("deshacer"))
            case deeds.Merges(_, moderator):
                await self._merges(self._people[moderator])
            case deeds.Answers(_, moderator, which, text):
                await self._answers(self._people[moderator], which, text)
            case deeds.SetsPolicy(_, moderator, policy):
                self._note(await self._people[moderator].slash("politica", orden=policy))
            case deeds.Silences(_, moderator):
                await self._silences(self._people[moderator])
            case deeds.Files(_, moderator, name, text):
                await self._files(self._people[moderator], name, text)
            case deeds.LooksAhead(_, moderator):
                await self._looks_ahead(self._people[moderator])
            case _:
                return False
        return True

    async def makes_question(self, moderator: int, message: SeenMessage) -> Exchange:
        """Make somebody's message a question of theirs."""
        answer = await self._people[moderator].context_menu("Convertir en pregunta", message)
        self._note(answer)
        return answer

    async def _reviews(self, moderator: Person, *, approves: bool) -> None:
        """Approve the first question that waits on the board, or open its card and reject it."""
        if approves:
            await self._press(moderator, "question:approve:")
            return
        number = self._first_under_review()
        if number is None or (pressed := await self._on_card(moderator, number, "question:reject:")) is None:
            return
        if pressed.modal is not None:
            reason = pressed.modal.fields[0]
            self._note(await moderator.submit(pressed.modal, **{reason.custom_id: [reason.options[0].value]}))

    async def _corrects(self, moderator: Person) -> None:
        number = self._first_under_review()
        if number is None or (pressed := await self._on_card(moderator, number, "question:rewrite:")) is None:
            return
        if pressed.modal is not None:
            corrected = str(pressed.modal.field("text").value).rstrip() + "."
            self._note(await moderator.submit(pressed.modal, text=corrected))

    async def _on_card(self, moderator: Person, number: int, prefix: str) -> Exchange | None:
        """Open the question's card and press there."""
        board = self.board()
        if board is None or all(button.custom_id != f"question:card:{number}" for button in board.buttons):
            return None
        opened = await moderator.click(board, f"question:card:{number}")
        self._note(opened)
        found = None if opened.answer is None else button_of(opened.answer, prefix)
        if found is None:
            return None
        pressed = await moderator.click(*found)
        self._note(pressed)
        return pressed

    async def _takes_next(self, moderator: Person, outcome: str | None, *, by_button: bool) -> None:
        found = self._button_on_board("question:next:") if by_button else None
        if found is not None:
            self._note(await moderator.click(*found))
        elif outcome is None:
            self._note(await moderator.slash("siguiente"))
        else:
            self._note(await moderator.slash("siguiente", que_fue=outcome))

    async def _takes_earlier(self, moderator: Person) -> None:
        numbers = await self._suggested(moderator, "siguiente", "numero")
        if numbers:
            # Those of earlier days come after those of today.
            self._note(await moderator.slash("siguiente", numero=numbers[-1]))

    async def _merges(self, moderator: Person) -> None:
        joined = await self._suggested(moderator, "unir", "numero")
        if len(joined) > 1:
            self._note(await moderator.slash("unir", numero=joined[-1], con=joined[0]))

    async def _answers(self, moderator: Person, which: int, text: str) -> None:
        numbers = await self._suggested(moderator, "responder", "numero")
        if not numbers:
            return
        opened = await moderator.slash("responder", numero=numbers[which % len(numbers)])
        self._note(opened)
        if opened.modal is not None:
            self._note(await moderator.submit(opened.modal, text=text))

    async def _silences(self, moderator: Person) -> None:
        numbers = await self._suggested(moderator, "silenciar", "numero")
        if numbers:
            self._note(await moderator.slash("silenciar", numero=numbers[-1]))

    async def _files(self, moderator: Person, name: str, text: str) -> None:
        answer = await moderator.slash("pregunta-de", texto=text, de=name)
        self._note(answer)
        if (number := _FILED.search(answer.text)) is not None:
            self.filed.add(int(number[1]))

    async def _looks_ahead(self, moderator: Person) -> None:
        self._note(await moderator.slash("cola"))
        board = self.board()
        for select in () if board is None else board.selects:
            if board is not None and select.custom_id.startswith("question:lists:"):
                self._note(await moderator.choose(board, select.custom_id, "approved"))

    async def _press(self, moderator: Person, prefix: str) -> None:
        found = self._button_on_board(prefix)
        if found is not None:
            self._note(await moderator.click(*found))

    async def _suggested(self, moderator: Person, command: str, option: str) -> Sequence[str]:
        return [str(choice.value) for choice in await moderator.suggestions(command, option)]

    def _first_under_review(self) -> int | None:
        found = self._button_on_board("question:reject:")
        return None if found is None else _number_in(found[1])

    def board(self) -> SeenMessage | None:
        """The newest message of the channel with buttons of questions."""
        for message in reversed(self._people[0].sees_in(self.channel)):
            if not message.ephemeral and any((b.custom_id or "").startswith("question:") for b in message.buttons):
                return message
        return None

    def _button_on_board(self, prefix: str) -> tuple[SeenMessage, str] | None:
        """The first button whose custom_id begins so."""
        board = self.board()
        return None if board is None else button_of(board, prefix)


def _number_in(custom_id: str) -> int:
    return int(custom_id.rpartition(":")[2])


def button_of(message: SeenMessage, prefix: str) -> tuple[SeenMessage, str] | None:
    """The message with the custom_id of its first button that begins so."""
    for button in message.buttons:
        if button.custom_id is not None and button.custom_id.startswith(prefix):
            return message, button.custom_id
    return None
