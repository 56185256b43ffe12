"""Where the messages stand that the bot keeps up to date."""

from sqlite3 import Connection

from bot.clock import from_ms, to_ms
from bot.ids import ChannelId, MessageId
from bot.questions import LiveMessage
from bot.storage.queries import load

queries = load("live_messages")


class LiveMessages:
    """One a name."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, name: str) -> LiveMessage | None:
        row = queries.live_message(self._connection, name=name)
        if row is None:
            return None
        return LiveMessage(ChannelId(row["channel_id"]), MessageId(row["message_id"]), from_ms(row["posted_at"]))

    def keep(self, name: str, message: LiveMessage) -> None:
        """The message of that name stands here from now on."""
        queries.keep_live_message(
            self._connection,
            name=name,
            channel=message.channel,
            message=message.message,
            posted_at=to_ms(message.posted_at),
        )
