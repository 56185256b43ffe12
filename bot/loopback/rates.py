"""Rate limits, kept in the time of the event: a request over its limit waits here, and the client never sleeps."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.loopback.nouns import EventTime

#: Discord does not publish these; so much has been seen to pass.
POSTS = (5, timedelta(seconds=5))
EDITS = (5, timedelta(seconds=5))
CHANNEL_NAMES = (2, timedelta(minutes=10))
OTHERS = (50, timedelta(seconds=1))
OLD_EDITS = (3, timedelta(seconds=20))

OLD_AFTER = timedelta(hours=1)

#: More refused requests than this in the window, and Discord shuts the address out.
INVALID_REQUESTS = (10_000, timedelta(minutes=10))


@dataclass(slots=True)
class Bucket:
    """How much of a limit is used in the window that runs."""

    name: str
    limit: int
    window: timedelta
    used: int = 0
    resets_at: datetime | None = None

    def take(self, now: datetime) -> bool:
        """Use one where there is one left."""
        # A clock that was set back must not keep a window open for ever.
        if self.resets_at is None or now >= self.resets_at or now < self.resets_at - self.window:
            self.resets_at, self.used = now + self.window, 0
        if self.used >= self.limit:
            return False
        self.used += 1
        return True

    def headers(self) -> dict[str, str]:
        """What the client is told: never to wait by its own clock."""
        assert self.resets_at is not None
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.limit - self.used),
            "X-RateLimit-Reset": f"{self.resets_at.timestamp():.3f}",
            "X-RateLimit-Reset-After": "0",
            "X-RateLimit-Bucket": self.name,
        }


class Rates:
    """All buckets of all bots."""

    def __init__(self, time: EventTime) -> None:
        self._time = time
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._refused: deque[datetime] = deque()
        self.held = 0

    async def admit(self, name: str, major: str, limit: tuple[int, timedelta]) -> Bucket:
        """Return the bucket once it has room, as late in the time of the event as that may be."""
        key = (name, major)
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = Bucket(name, *limit)
        while not bucket.take(self._time.now()):
            assert bucket.resets_at is not None
            expect = getattr(self._time, "expect", None)
            if expect is not None:
                expect(bucket.resets_at)
            with self.holding():
                await self._time.sleep_until(bucket.resets_at)
        return bucket

    def take_old_edit(self, channel_id: int) -> bool:
        """Whether one more message that is older than an hour may be edited in a channel now."""
        key = ("old edits", str(channel_id))
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = Bucket(key[0], *OLD_EDITS)
        return bucket.take(self._time.now())

    @contextmanager
    def holding(self) -> Iterator[None]:
        """A request waits here and is not under way."""
        self.held += 1
        try:
            yield
        finally:
            self.held -= 1

    def refused(self) -> None:
        """A request was answered 401, 403 or 429."""
        self._refused.append(self._time.now())

    @property
    def shut_out(self) -> bool:
        """Whether so many requests were refused that no more are looked at."""
        limit, window = INVALID_REQUESTS
        if len(self._refused) <= limit:
            return False
        oldest = self._time.now() - window
        while self._refused and self._refused[0] <= oldest:
            self._refused.popleft()
        return len(self._refused) > limit
