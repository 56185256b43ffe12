"""The coverage of the whole event: whoever was present on one day at least, once. Pure."""

from bot.config import CoverageConfig
from bot.coverage import Delegation, lines
from bot.summary_values import Career, Final


def event_delegations(final: Final, coverage: CoverageConfig) -> tuple[Delegation, ...]:
    """Each delegation's line over all days, by where people stood last. Those who never registered are in none."""
    present = [career.participant.person_id for career in final.people if days_present(career)]
    standings = {career.participant.person_id: career.standing for career in final.people}
    return lines(present, {}, standings, coverage).delegations


def days_present(career: Career) -> int:
    """On how many days somebody was present."""
    return sum(day.present for day in career.days.values())
