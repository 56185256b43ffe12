"""Which interactions have come already: Discord may tell of one twice, and nobody asks or votes twice by it."""

#: An interaction can be answered for fifteen minutes; a second word of it comes much sooner.
_REMEMBERED = 10_000


class InteractionIds:
    """The last interactions. Forgets the oldest, so that it never grows."""

    def __init__(self) -> None:
        #: In order of arrival.
        self._ids: dict[int, None] = {}

    def is_first(self, interaction_id: int) -> bool:
        """Whether this is the first word of it; asking takes note of it."""
        if interaction_id in self._ids:
            return False
        self._ids[interaction_id] = None
        if len(self._ids) > _REMEMBERED:
            del self._ids[next(iter(self._ids))]
        return True
