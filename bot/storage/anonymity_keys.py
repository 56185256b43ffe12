"""Under which key anonymous questions are sealed: its fingerprint, which tells nothing of it."""

from sqlite3 import Connection

from bot.storage.queries import load

queries = load("anonymity_keys")


class AnonymityKeys:
    """The key in use, and how many questions are sealed under which."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sealed_under(self) -> str | None:
        """The fingerprint of the key of the anonymous questions; None where there are none of a key that is
        still there."""
        fingerprint: str | None = queries.key_fingerprint(self._connection)
        if fingerprint is None or not queries.has_sealed_under(self._connection, fingerprint=fingerprint):
            return None
        return fingerprint

    def sealed_otherwise(self, fingerprint: str) -> int:
        """How many anonymous questions are sealed under another key than this."""
        count: int = queries.sealed_otherwise(self._connection, fingerprint=fingerprint)
        return count

    def keep(self, fingerprint: str) -> None:
        """This is the key in use from now on."""
        queries.keep_key_fingerprint(self._connection, fingerprint=fingerprint)

    def forget(self) -> int:
        """There is no key any more; how many questions are sealed."""
        queries.forget_key_fingerprint(self._connection)
        count: int = queries.count_sealed(self._connection)
        return count
