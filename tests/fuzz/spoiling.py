"""Values as a program sends them, with fields left out or of another kind."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

STRANGE = (
    None,
    "",
    "0",
    "nada",
    "\0",
    "\ud800",
    "9" * 30,
    "2020-13-45",
    0,
    -1,
    2**63,
    1.5,
    True,
    [],
    {},
    [None],
    {"id": None},
)

#: Which place (counted around), and the new value in a tuple, or None for a field that is left out.
Change = tuple[int, tuple[Any] | None]


def changes(strange: tuple[Any, ...] = STRANGE) -> st.SearchStrategy[list[Change]]:
    """One to three changes."""
    place = st.integers(0, 10_000)
    return st.lists(st.tuples(place, st.none() | st.tuples(st.sampled_from(strange))), min_size=1, max_size=3)


def spoilt(value: Any, drawn: list[Change]) -> Any:
    """The value changed so; the given one stays."""
    content = copy.deepcopy(value)
    for where, new in drawn:
        there = list(_places(content))
        if not there:
            break
        container, key = there[where % len(there)]
        if new is None:
            del container[key]
        else:
            container[key] = copy.deepcopy(new[0])
    return content


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container in it with each of its keys."""
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])
