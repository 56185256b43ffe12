"""What organizers have to be told about channels and notices, as it is kept."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from sqlite3 import Connection

from bot.clock import from_ms, to_ms
from bot.ids import ChannelId
from bot.storage.queries import load

queries = load("alerts")


class AlertKind(StrEnum):
    """What happened."""

    #: Nothing can be posted in a channel; `subject` says why, `detail` holds the permissions that are missing. Of no
    #: channel: the server lacks something, `subject` is its key in config.toml.
    BROKEN = "broken"
    #: Discord does not take a notice, whoever sends it; `subject` is its reference.
    REFUSED = "refused"
    #: Whether a notice is in its channel could not be found out; `subject` is its reference.
    UNCONFIRMED = "unconfirmed"
    #: A notice went out late; `subject` is its reference, `detail` the minutes.
    LATE = "late"
    #: Notices were not posted because it was too late for them; `detail` holds their references.
    SKIPPED = "skipped"
    #: Two accounts registered as one expected person; `subject` is the doubt's number.
    CONTESTED = "contested"
    #: A role cannot be given to those who register; `subject` is its key in config.toml, `detail` why.
    ROLE = "role"
    #: What is posted for organizers goes out without its files; `subject` says why (WithoutFiles). It concerns no
    #: channel: theirs is the one to tell it in.
    WITHOUT_FILES = "without_files"
    #: Something of Discord's own cannot be used; `subject` says what (NativeUse), `detail` holds the permissions that
    #: are missing.
    NATIVE = "native"


class NativeUse(StrEnum):
    """What of Discord's own the bot makes use of."""

    #: The sessions in Discord's list of events, and the Stage with its topic.
    EVENTS = "events"
    #: The message about how to take part, pinned.
    PIN = "pin"
    #: Who is in a Stage or voice channel in which presence is measured.
    PRESENCE = "presence"


class WithoutFiles(StrEnum):
    """Why a post goes out without its files."""

    #: The bot may attach none in the organizers' channel.
    FORBIDDEN = "forbidden"
    #: The picture could not be made.
    NOT_MADE = "not_made"


@dataclass(frozen=True, slots=True)
class Alert:
    id: int
    kind: AlertKind
    #: None where it concerns no one channel.
    channel_id: ChannelId | None
    subject: str
    detail: tuple[str, ...]
    opened_at: datetime


class Alerts:
    """Alerts, each open once by kind, channel and subject."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(
        self,
        kind: AlertKind,
        channel_id: ChannelId | None,
        subject: str,
        detail: tuple[str, ...],
        at: datetime,
    ) -> bool:
        """Note something to tell; False where the same is open already, told or not."""
        opened: int = queries.open_alert(
            self._connection,
            kind=kind,
            channel_id=channel_id or 0,
            subject=subject,
            detail=" ".join(detail),
            now=to_ms(at),
        )
        return opened > 0

    def close_broken(self, channel_id: ChannelId, at: datetime) -> None:
        """The channel works again. If it breaks anew, that is told anew."""
        queries.close_broken(self._connection, channel_id=channel_id, now=to_ms(at))

    def close(self, kind: AlertKind, subject: str, at: datetime) -> None:
        """It is not so any more, wherever it was. If it comes again, that is told anew."""
        queries.close_alert(self._connection, kind=kind, subject=subject, now=to_ms(at))

    def close_elsewhere(self, kind: AlertKind, subject: str, channels: Container[ChannelId], at: datetime) -> None:
        """It is so in these channels alone, and not any more in others."""
        for row in list(queries.open_anywhere(self._connection, kind=kind, subject=subject)):
            if row["channel_id"] not in channels:
                queries.close_by_id(self._connection, id=row["id"], now=to_ms(at))

    def open_of_no_channel(self, kind: AlertKind) -> list[str]:
        """The subjects of what is still so of a kind, where it concerns no one channel."""
        return [row["subject"] for row in queries.open_of_no_channel(self._connection, kind=kind)]

    def is_broken(self, channel_id: ChannelId) -> bool:
        return bool(queries.open_broken(self._connection, channel_id=channel_id))

    def untold(self) -> list[Alert]:
        """What is still so and was not told, in the order in which it happened."""
        return [
            Alert(
                row["id"],
                AlertKind(row["kind"]),
                ChannelId(row["channel_id"]) if row["channel_id"] else None,
                row["subject"],
                tuple(row["detail"].split()),
                from_ms(row["opened_at"]),
            )
            for row in queries.untold_alerts(self._connection)
        ]

    def told(self, alert: int, at: datetime) -> None:
        queries.told(self._connection, id=alert, now=to_ms(at))
