"""Which interactions have come already: Discord may tell of one twice, and nobody asks or votes twice by it."""

from collections import deque

#: An interaction can be answered for fifteen minutes; a second word of it comes much sooner.
_REMEMBERED = 10_000


class InteractionIds:
    """The last interactions. Forgets the oldest, so that it never grows."""

    def __init__(self) -> None:
        self._ids: set[int] = set()
        self._order: deque[int] = deque()

    def is_first(self, interaction_id: int) -> bool:
        """Whether this is the first word of it; asking takes note of it."""
        if interaction_id in self._ids:
            return False
        self._ids.add(interaction_id)
        self._order.append(interaction_id)
        if len(self._order) > _REMEMBERED:
            self._ids.discard(self._order.popleft())
        return True
