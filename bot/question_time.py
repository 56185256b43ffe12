"""How much time is left for questions. Pure."""

from datetime import datetime, timedelta

from bot.agenda import Session


def questions_end(session: Session) -> datetime:
    """When the session's questions and answers end; without such a block, when the session does."""
    return session.ends_at if session.qa is None else session.qa.ends_at


def time_left(session: Session, now: datetime) -> timedelta | None:
    """What is left of the time for questions; all of it before it begins, None once it is over."""
    starts_at = session.starts_at if session.qa is None else session.qa.starts_at
    left = questions_end(session) - max(now, starts_at)
    return left if left > timedelta(0) else None


def soon_over(session: Session, now: datetime, little: timedelta) -> datetime | None:
    """When the time for questions ends, where less than `little` of it is left."""
    left = time_left(session, now)
    return questions_end(session) if left is not None and left < little else None
