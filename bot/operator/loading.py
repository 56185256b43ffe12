"""What a start does not wait for: the modules of other commands, and sweeps through what has just been loaded."""

import contextlib
import gc
import importlib
from collections.abc import Iterator, Mapping, MutableMapping

import click


class LoadedWhenAsked(MutableMapping[str, click.Command]):
    """A group's commands by their names, some of which are given as "module:command" and load when first looked up."""

    def __init__(self, commands: Mapping[str, click.Command | str]) -> None:
        self._commands = dict(commands)

    def __getitem__(self, name: str) -> click.Command:
        command = self._commands[name]
        if isinstance(command, str):
            module, _, attribute = command.partition(":")
            command = self._commands[name] = getattr(importlib.import_module(module), attribute)
        return command

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._commands[name] = command

    def __delitem__(self, name: str) -> None:
        del self._commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._commands)

    def __len__(self) -> int:
        return len(self._commands)


@contextlib.contextmanager
def unswept() -> Iterator[None]:
    """Nothing that loads in the block is looked through for garbage, neither then nor ever."""
    # Modules and classes stay to the end. The collector would go through all of them again each time that some more
    # have loaded, which is a tenth of the time, and later in the middle of a burst.
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()
