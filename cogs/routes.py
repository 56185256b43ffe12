r"""Buttons, selects and forms, routed by their custom_id in one place.

What a person presses may have been posted before a restart, an hour or three days ago. So discord.py keeps nothing of
what is shown (`inert`), and each press finds its way by its custom_id alone:

    @press(r"question:approve:(?P<number>\d+)", only=moderators)
    async def approve(self, interaction: discord.Interaction, number: str) -> None: ...
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import discord

from bot.errors import NothingBehindThis

from .answers import answering

Check = Callable[[discord.Interaction], Awaitable[bool]]
Answer = Callable[..., Awaitable[None]]
Shown = TypeVar("Shown", bound=discord.ui.View | discord.ui.LayoutView)

_ROUTE = "__estrado_route__"


@dataclass(frozen=True, slots=True)
class Route:
    """One kind of custom_id and what answers it."""

    kind: discord.InteractionType
    template: re.Pattern[str]
    only: Check | None


class Routes:
    """All that the cogs answer. `answer` finds the one for an interaction and runs it."""

    def __init__(self) -> None:
        self._routes: list[tuple[Route, Answer]] = []

    def add_from(self, owner: object) -> None:
        """Take in every method of `owner` that is marked with @press or @form."""
        for name in dir(type(owner)):
            route = getattr(getattr(type(owner), name), _ROUTE, None)
            if isinstance(route, Route):
                self._routes.append((route, getattr(owner, name)))

    def __iter__(self) -> Iterator[Route]:
        """Every kind of button, list and form that is answered."""
        return (route for route, _ in self._routes)

    async def answer(self, interaction: discord.Interaction) -> None:
        """Run what belongs to the interaction's custom_id. Raises NothingBehindThis, and what the answer raises."""
        custom_id = str(_sent(interaction).get("custom_id", ""))
        for route, answer in self._routes:
            found = route.template.fullmatch(custom_id) if route.kind is interaction.type else None
            if found is None:
                continue
            if route.only is not None:
                await route.only(interaction)
            await answer(interaction, **found.groupdict())
            return
        raise NothingBehindThis


def press(template: str, *, only: Check | None = None) -> Callable[[Answer], Answer]:
    """Answer the button or list whose custom_id fits `template`; its named groups become keyword arguments."""
    return _marked(Route(discord.InteractionType.component, re.compile(template), only))


def form(template: str, *, only: Check | None = None) -> Callable[[Answer], Answer]:
    """Answer the form whose custom_id fits `template`; its named groups become keyword arguments."""
    return _marked(Route(discord.InteractionType.modal_submit, re.compile(template), only))


def _marked(route: Route) -> Callable[[Answer], Answer]:
    def mark(answer: Answer) -> Answer:
        setattr(answer, _ROUTE, route)
        return answer

    return mark


def inert(view: Shown) -> Shown:
    """The same view, of which discord.py will keep nothing once it is sent."""
    view.stop()
    return view


async def open_form(interaction: discord.Interaction, modal: discord.ui.Modal) -> None:
    """Show a form as the first answer; its submission comes to the @form that fits its custom_id."""
    modal.stop()
    async with answering(interaction):
        await interaction.response.send_modal(modal)


def chosen(interaction: discord.Interaction) -> list[str]:
    """The values picked in the list that was used."""
    return [value for value in _listed(_sent(interaction).get("values")) if isinstance(value, str)]


def fields(interaction: discord.Interaction) -> dict[str, str | list[str]]:
    """What was filled into a form, by custom_id: text as str, what was picked in a list as list[str]."""
    return dict(_filled(_listed(_sent(interaction).get("components"))))


def _sent(interaction: discord.Interaction) -> Mapping[str, Any]:
    """What Discord sent of the button, list or form."""
    return cast("Mapping[str, Any]", interaction.data or {})


def _listed(values: object) -> list[Any]:
    """The values where they are a list, as they should; else none."""
    return values if isinstance(values, list) else []


def _filled(components: Iterable[Any]) -> Iterable[tuple[str, str | list[str]]]:
    """What is not as Discord describes it counts as left empty."""
    for component in components:
        match component:
            case {"component": inner}:
                yield from _filled([inner])
            case {"components": inner}:
                yield from _filled(_listed(inner))
            case {"custom_id": str(custom_id), "values": values}:
                yield custom_id, [value for value in _listed(values) if isinstance(value, str)]
            case {"custom_id": str(custom_id), "value": str(value)}:
                yield custom_id, value
