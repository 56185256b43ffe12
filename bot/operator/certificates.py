"""`estrado certificates`: certificates given and written as files, and a code looked up."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.certificates import Certificate, CertificatesNotYet, read_code
from bot.certifying import Account, Held, IssuingNeedsTheDatabase, bring_up_to_date, look_at, rule_of
from bot.clock import SystemClock
from bot.config import Config, load
from bot.languages import Language
from bot.live_agenda import kept_event
from bot.operator.console import DONE, FALLS_SHORT, put, say
from bot.operator.writing import write_privately
from bot.participants import Participant
from bot.phrases import certificates as phrases
from bot.reports.certificates import Wanted, certificates_pdf, file_name, is_file_name
from bot.storage.looking import look
from bot.storage.nouns import Nouns
from bot.storage.refusals import DatabaseInUse
from bot.storage.store import Store

#: All of them in one file, to be printed at one go.
MERGED = "constancias.pdf"


def make(config: Path, database: Path | None, out: Path, wanted: Wanted, now: datetime, language: Language) -> int:
    """Give whoever has earned one their certificate, write all of them into `out`, and return the exit code.

    Done again it gives nobody another number and writes the same files. Raises ConfigMistakes,
    NotTypeset, IssuingNeedsTheDatabase and refusals of the database.
    """
    loaded = load(config)
    path = database or loaded.storage.database
    try:
        account = look(path, now, lambda tx: look_at(tx, kept_event(tx, loaded.agenda), loaded))
    except CertificatesNotYet as refusal:
        say(phrases.given_from(refusal.at, loaded.agenda, language))
        return FALLS_SHORT
    if account.steps:
        # The bot may run where nothing has to be written.
        account = asyncio.run(_write(path, loaded))
    _tell(account, loaded, language)
    if not account.held:
        _clean(out, (), language)
        say(phrases.nobody(rule_of(loaded), language))
        return FALLS_SHORT
    missing = ""
    for held in account.held:
        made = certificates_pdf([held], loaded, wanted)
        write_privately(out / file_name(held), made.pdf)
        put(str(out / file_name(held)))
        missing += made.missing
    write_privately(out / MERGED, certificates_pdf(account.held, loaded, wanted).pdf)
    put(str(out / MERGED))
    _clean(out, account.held, language)
    if missing:
        say(phrases.letters_missing(" ".join(dict.fromkeys(missing)), language))
    say(phrases.made(len(account.held), out, language))
    return DONE


def verify(config: Path, database: Path | None, code: str, now: datetime, language: Language) -> int:
    """Put what is known of the certificate with this code, and return 0 where it is valid, else 1.

    Raises ConfigMistakes, CodeUnreadable and refusals of the database.
    """
    loaded = load(config)
    wanted = read_code(code)

    def find(tx: Nouns) -> tuple[Certificate, Participant | None] | None:
        given = tx.certificates.of_code(wanted)
        if given is None:
            return None
        return given, None if given.person is None else tx.participants.find(given.person)

    found = look(database or loaded.storage.database, now, find)
    if found is None:
        say(phrases.unknown_code(language))
        return FALLS_SHORT
    given, who = found
    for name, value in phrases.verified(given, who, loaded.agenda, language):
        put(f"{name}: {value}")
    if given.is_valid:
        say(phrases.is_valid(language))
        return DONE
    say(phrases.is_withdrawn(given.since.astimezone(loaded.timezone).date(), language))
    return FALLS_SHORT


async def _write(path: Path, config: Config) -> Account:
    try:
        async with Store.open(path, SystemClock(), may_create=False) as store:
            return await store.write(lambda tx: bring_up_to_date(tx, kept_event(tx, config.agenda), config))
    except DatabaseInUse as error:
        raise IssuingNeedsTheDatabase from error


def _tell(account: Account, config: Config, language: Language) -> None:
    """What the operator has to know, or to tell somebody."""
    steps = account.steps
    if steps.given:
        say(phrases.newly_given(len(steps.given), language))
    for given in steps.withdrawn:
        say(phrases.withdrawn(given, rule_of(config), language))
    for given in steps.restored:
        say(phrases.restored(given, language))
    for given in steps.changed:
        if given.is_valid:
            say(phrases.changed(given, language))


def _clean(out: Path, held: Sequence[Held], language: Language) -> None:
    """Take away what an earlier run left of certificates that are withdrawn, or bear another name now."""
    names = {file_name(each) for each in held} | ({MERGED} if held else set())
    for file in sorted(out.glob("constancia*.pdf")):
        if file.name not in names and (file.name == MERGED or is_file_name(file.name)):
            file.unlink()
            say(phrases.removed(file, language))
