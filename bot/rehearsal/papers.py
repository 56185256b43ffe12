"""The files that an event leaves behind: those of `estrado report` for each day and for all of it, and certificates."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.agenda import Event
from bot.certificates import CertificatesNotYet
from bot.certifying import Held, bring_up_to_date
from bot.config import Config
from bot.reports.certificates import certificates_pdf
from bot.reports.making import Made, Source, day_report, final_report
from bot.storage.store import Store

CERTIFICATES = "constancias.pdf"

#: What an earlier rehearsal may have left.
PATTERNS = ("asistencia-*.png", "informe-*.xlsx", "acta-*.pdf", "personas-*.csv", CERTIFICATES)


async def certified(store: Store, event: Event, config: Config) -> Sequence[Held]:
    """Everybody's certificate of the event as it went, given by now; none where it is too early for them."""
    try:
        account = await store.write(lambda tx: bring_up_to_date(tx, event, config))
    except CertificatesNotYet:
        return ()
    return account.held


def papers(config: Config, database: Path, held: Sequence[Held], now: datetime) -> list[Made]:
    """All files, from the database alone. It takes some seconds: to be called off the event loop."""
    source, languages = Source(database, config, now), config.agenda.languages
    made = [each for session in config.agenda.sessions for each in day_report(source, session.key, languages)]
    made += final_report(source, languages)
    if held:
        made.append(Made(CERTIFICATES, certificates_pdf(held, config, "own").pdf))
    return made
