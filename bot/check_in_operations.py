"""What declaring presence does in one transaction each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.attendance import CheckIn, NotCheckedIn, TooManyProfiles
from bot.ids import PersonId, SessionKey
from bot.storage.store import Transaction


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """How a check-in went: `is_new`, `is_changed` (another number of companions), or it was there already."""

    check_in: CheckIn
    is_new: bool
    is_changed: bool
    #: The profiles of the companions did not fit their new number, and have to be told again.
    forgot_profiles: bool = False


def declare(tx: Transaction, person: PersonId, session: SessionKey, companions: int | None) -> CheckedIn:
    """Somebody is there, with so many others; None: they did not say, so what they said before stays."""
    there = tx.check_ins.find(person, session)
    if there is None:
        check_in = CheckIn(person, session, companions or 0, _minute(tx.now))
        tx.check_ins.add(check_in)
        return CheckedIn(check_in, is_new=True, is_changed=False)
    if companions is None or companions == there.companions:
        return CheckedIn(there, is_new=False, is_changed=False)
    tx.check_ins.set_companions(person, session, companions, _minute(tx.now))
    fits = sum(number for _, number in there.profiles) <= companions
    if not fits:
        for profile, _ in there.profiles:
            tx.check_ins.set_profile(person, session, profile, 0)
    changed = CheckIn(person, session, companions, there.declared_at, there.profiles if fits else ())
    return CheckedIn(changed, is_new=False, is_changed=True, forgot_profiles=not fits)


def tell_profiles(tx: Transaction, person: PersonId, session: SessionKey, profiles: Mapping[str, int]) -> CheckIn:
    """So many of somebody's companions are of these profiles; of other profiles nothing changes.

    Raises NotCheckedIn, and TooManyProfiles where there are not so many companions.
    """
    there = tx.check_ins.find(person, session)
    if there is None:
        raise NotCheckedIn
    given = sum({**dict(there.profiles), **profiles}.values())
    if given > there.companions:
        raise TooManyProfiles(given, there.companions)
    for profile, number in profiles.items():
        tx.check_ins.set_profile(person, session, profile, number)
    kept = tx.check_ins.find(person, session)
    assert kept is not None
    return kept


def _minute(at: datetime) -> datetime:
    """What is kept of when somebody declared to be there: nobody needs it finer, and what they do right after, perhaps
    to ask anonymously, should not stand beside it."""
    return at.replace(second=0, microsecond=0)
