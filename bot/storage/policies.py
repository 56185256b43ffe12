"""How it was decided in each session whose turn is next, where moderators changed it."""

from datetime import datetime
from sqlite3 import Connection

from bot.clock import to_ms
from bot.ids import PersonId, SessionKey
from bot.storage.queries import load
from bot.turns import Policy

queries = load("policies")


class Policies:
    """The policy of each session, with every change."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, session: SessionKey) -> Policy | None:
        """The session's own policy; None where nobody set one."""
        policy: Policy | None = queries.policy(self._connection, session=session)
        return policy

    def set(self, session: SessionKey, policy: Policy, moderator: PersonId, at: datetime) -> None:
        queries.keep(self._connection, session=session, policy=policy, moderator=moderator, at=to_ms(at))
