"""A past event in a database: who was there on which day, and for how long."""

from collections.abc import Mapping
from datetime import timedelta

from bot.attendance import ClosedBy, Seat
from bot.config import Config
from bot.ids import ChannelId, PersonId, SessionKey
from bot.participants import Country, Entry, Standing
from bot.storage.store import Transaction

ANA, BEN, EVA, ZOE = (PersonId(700000000000000001 + n) for n in range(4))
OLGA = PersonId(800000000000000001)
ROOM = ChannelId(900000000000000001)


def day(config: Config, number: int) -> SessionKey:
    """The key of the first, second, … day."""
    return config.agenda.sessions[number - 1].key


def registers(tx: Transaction, config: Config) -> None:
    """Each day's register, open from a quarter of an hour before to the end, without a gap."""
    for session in config.agenda.sessions:
        tx.stays.open_register(session.key, session.starts_at - timedelta(minutes=15), session.ends_at)
        tx.stays.set_seen_to(session.key, session.ends_at)
        tx.stays.close_register(session.key, session.ends_at)


def register(
    tx: Transaction, config: Config, person: PersonId, name: str, institution: str = "Fiscalía", language: str = "es"
) -> None:
    """Somebody of Costa Rica, registered before the event."""
    at = config.agenda.sessions[0].starts_at - timedelta(days=1)
    entry = Entry(name, institution, Standing(Country("CR"), "judicial"), language)  # type: ignore[arg-type]
    tx.participants.keep(person, entry, at, at)


def stays(tx: Transaction, config: Config, person: PersonId, minutes: Mapping[int, int]) -> None:
    """So many minutes from the start of each of these days."""
    for number, there in minutes.items():
        session = config.agenda.sessions[number - 1]
        tx.stays.begin(session.key, Seat(person, ROOM, f"v{person}"), session.starts_at)
        (stay, _kept) = tx.stays.open_stay(person) or (None, None)
        assert stay is not None
        tx.stays.end(stay, session.starts_at + timedelta(minutes=there), ClosedBy.LEFT)
