"""An act of a person and what came back of it."""

import asyncio
from typing import Any

from bot.loopback.interactions import COMPONENT, DEFERRED_ANSWER, DEFERRED_UPDATE, MODAL_SUBMIT, Interaction
from bot.loopback.nouns import LOADING
from bot.loopback.seen import Modal, SeenMessage

#: How long somebody looks at "thinking …" before giving up, in real seconds.
PATIENCE_SECONDS = 10.0


class CannotDo(Exception):
    """Discord's own client would not let a person do this; the bot hears nothing of it."""


class UnknownCommand(CannotDo):
    """There is no such command, or this person is not offered it here."""


class InvalidOption(CannotDo):
    """Discord's client does not take these options."""


class NotVisible(CannotDo):
    """The person does not see the message or channel."""


class NoSuchComponent(CannotDo):
    """The message has no such button, select or option, or it is disabled."""


class Exchange:
    """What a person sees of the answers to one interaction."""

    def __init__(self, interaction: Interaction) -> None:
        self.interaction = interaction

    @property
    def answers(self) -> list[SeenMessage]:
        """The messages that came in answer, in order and as they are now; "thinking …" is none."""
        return [
            SeenMessage(message)
            for message in self.interaction.messages
            if message.deleted_at is None and not message.flags & LOADING
        ]

    @property
    def answer(self) -> SeenMessage | None:
        """The last message that came in answer."""
        answers = self.answers
        return answers[-1] if answers else None

    @property
    def text(self) -> str:
        """The last answer's text, empty where there is none."""
        answer = self.answer
        return "" if answer is None else answer.text

    @property
    def updated(self) -> SeenMessage | None:
        """The message that was clicked, as it is now, where the answer changed it."""
        message = self.interaction.message
        return SeenMessage(message) if message is not None and self.interaction.updated else None

    @property
    def modal(self) -> Modal | None:
        """The form that opened."""
        modal = self.interaction.modal
        return None if modal is None else Modal(modal, self.interaction)

    @property
    def choices(self) -> list[dict[str, Any]]:
        """The suggestions of an autocompletion."""
        return self.interaction.choices

    @property
    def deferred(self) -> bool:
        """Whether the first answer only promised another."""
        return self.interaction.answer_type in (DEFERRED_ANSWER, DEFERRED_UPDATE)

    @property
    def acknowledged(self) -> bool:
        """Whether a valid first answer came in time."""
        return self.interaction.answer_type is not None

    @property
    def failed(self) -> bool:
        """Whether the person was told that the interaction failed."""
        return self.interaction.failed

    @property
    def acknowledged_after(self) -> float | None:
        """Real seconds until the first answer."""
        return self.interaction.acknowledged_after

    async def finished(self) -> None:
        """Return once a deferred answer has come; TimeoutError after ten real seconds of "thinking …"."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.interaction.finished.wait()

    async def first_answer(self) -> None:
        """Return once the first answer has come, or has failed to come in time."""
        await self.interaction.answered
        # What a bare deferral of an update leads to may be nothing at all, so only "thinking …" is waited for.
        if self.interaction.answer_type == DEFERRED_ANSWER:
            try:
                await self.finished()
            except TimeoutError:
                return

    def __repr__(self) -> str:
        kind = {COMPONENT: "component", MODAL_SUBMIT: "form"}.get(self.interaction.kind, "command")
        return f"<Exchange {kind} failed={self.failed} {self.answers}>"
