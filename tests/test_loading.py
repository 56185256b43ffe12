"""What a start does not wait for: the modules of other commands, and sweeps through what has just been loaded."""

import gc
import sys

import click
import pytest

from bot.operator.loading import LoadedWhenAsked, unswept


def test_command_loads_when_it_is_looked_up_and_no_other_with_it() -> None:
    # One that nothing here loads, and whose `c` is no command, which is not asked; and one that cannot be loaded.
    places = {"first": "this:c", "second": "nowhere_to_be_found:command"}
    sys.modules.pop("this", None)
    here = click.Command("here")
    commands = LoadedWhenAsked({"here": here, **places})
    assert list(commands) == ["here", "first", "second"]
    assert commands["here"] is here
    assert "this" not in sys.modules
    assert commands["first"] == sys.modules["this"].c
    with pytest.raises(KeyError):
        commands["third"]


def test_collector_is_off_while_loading_and_on_again_whatever_happens() -> None:
    try:
        with unswept():
            assert not gc.isenabled()
        assert gc.isenabled()
        assert gc.get_freeze_count()
    finally:
        gc.unfreeze()
    with pytest.raises(RuntimeError), unswept():
        raise RuntimeError
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
