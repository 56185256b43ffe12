"""`estrado participants`: the list of who should come, from a file into the database, and how it stands."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.clock import Clock, SystemClock
from bot.config import Config, CoverageConfig, load
from bot.directory_operations import Imported, import_list, unmatched
from bot.expected import Expected, Invitation
from bot.expected_list import Listing, Mistake, compared, read_list
from bot.languages import Language
from bot.operator.console import DONE, FALLS_SHORT, put, put_json, say
from bot.participants import Country, Participant, Standing, written
from bot.phrases import expected as phrases
from bot.storage.looking import look
from bot.storage.refusals import DatabaseInUse, DatabaseMissing
from bot.storage.store import Store


def import_file(
    file: Path,
    config: Path,
    database: Path | None,
    language: Language,
    *,
    keep_good: bool,
    whole: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Take the list in `file` over, tell what it changes, and return the exit code.

    Raises ConfigMistakes, what reading the file raises, and refusals of the database.
    """
    loaded = load(config)
    path = database or loaded.storage.database
    listing = read_list(file.read_bytes(), loaded.coverage)
    clock = SystemClock()
    if dry_run:
        done = _tried(listing, path, clock.now(), keep_good=keep_good, whole=whole)
    else:
        try:
            done = asyncio.run(_import(listing, loaded, path, clock, keep_good=keep_good, whole=whole))
        except DatabaseInUse as refusal:
            say(phrases.bot_is_running(refusal, language))
            return FALLS_SHORT
    if as_json:
        put_json(_report(file, listing, done, loaded.coverage, language, dry_run=dry_run))
    else:
        for line in phrases.changes(done, language):
            put(line)
        put(phrases.imported(done, language))
    for mistake in done.comparison.mistakes:
        say(phrases.mistake(mistake, loaded.coverage, language))
    if listing.unread:
        say(phrases.unread(listing.unread, language))
    for said in phrases.verdict(done, language, keep_good="--keep-good", whole="--whole", dry_run=dry_run):
        say(said)
    return FALLS_SHORT if done.comparison.mistakes else DONE


def show_list(config: Path, database: Path | None, language: Language, *, as_json: bool) -> None:
    """Put everybody on the list, and whether they registered. The bot may be running."""
    loaded = load(config)
    everybody = look(database or loaded.storage.database, SystemClock().now(), lambda tx: tx.expected.all())
    if as_json:
        put_json({"expected": [_expected(each) for each in everybody]})
    else:
        _put_table(phrases.list_table(everybody, loaded.coverage, language))


def show_unmatched(config: Path, database: Path | None, language: Language, *, as_json: bool) -> None:
    """Put who on the list has not registered, and who registered and is not on it. The bot may be running."""
    loaded = load(config)
    found = look(database or loaded.storage.database, SystemClock().now(), unmatched)
    if as_json:
        put_json(
            {
                "expected": [_expected(each) for each in found.expected],
                "registered": [
                    {
                        **_participant(stranger.participant),
                        "candidates": [
                            {**_said(each.expected.said), "why": each.why.value} for each in stranger.candidates
                        ],
                    }
                    for stranger in found.strangers
                ],
            }
        )
    else:
        _put_table(phrases.unmatched_table(found, loaded.coverage, language))
    say(phrases.unmatched_figures(found, language))


async def _import(
    listing: Listing, config: Config, path: Path, clock: Clock, *, keep_good: bool, whole: bool
) -> Imported:
    # As the bot itself: before the event begins there may be no database yet.
    may_create = clock.now() < config.agenda.sessions[0].starts_at
    async with Store.open(path, clock, may_create=may_create) as store:
        return await store.write(lambda tx: import_list(tx, listing, keep_good=keep_good, whole=whole))


def _tried(listing: Listing, path: Path, now: datetime, *, keep_good: bool, whole: bool) -> Imported:
    """What the file would come to. Changes nothing; the bot may be running."""
    try:
        kept: Sequence[Expected] = look(path, now, lambda tx: tx.expected.all())
    except DatabaseMissing:
        kept = ()
    comparison = compared(listing, kept)
    taken = keep_good or not comparison.mistakes
    return Imported(comparison, taken, removed=len(comparison.left_out) if taken and whole else 0)


def _put_table(rows: Sequence[Sequence[str]]) -> None:
    """A row a line, with tabs between, which scripts and people read alike."""
    for row in rows:
        put("\t".join(row))


def _report(
    file: Path, listing: Listing, done: Imported, coverage: CoverageConfig, language: Language, *, dry_run: bool
) -> dict[str, Any]:
    comparison = done.comparison
    return {
        "file": str(file),
        "imported": done.taken and not dry_run,
        "new": [{"line": row.line, **_said(row.said)} for row in comparison.new],
        "changed": [
            {"line": change.listed.line, **_said(change.listed.said), "before": _said(change.before.said)}
            for change in comparison.changed
        ],
        "same": comparison.same,
        "left_out": [_said(each.said) for each in comparison.left_out],
        "removed": done.removed,
        "recognised": done.recognised,
        "unread_columns": list(listing.unread),
        "mistakes": [_mistake(each, coverage, language) for each in comparison.mistakes],
    }


def _mistake(mistake: Mistake, coverage: CoverageConfig, language: Language) -> dict[str, Any]:
    return {
        "line": mistake.line,
        "kind": mistake.wrong.value,
        "near": list(mistake.near),
        "sentence": phrases.mistake(mistake, coverage, language),
    }


def _said(said: Invitation) -> dict[str, Any]:
    return {"name": said.name, "institution": said.institution, **_standing(said.standing), "account": said.account}


def _standing(standing: Standing) -> dict[str, Any]:
    affiliation = standing.affiliation
    return {
        "affiliation": "country" if isinstance(affiliation, Country) else written(affiliation),
        "country": affiliation.code if isinstance(affiliation, Country) else None,
        "profile": standing.profile,
    }


def _expected(each: Expected) -> dict[str, Any]:
    return {
        **_said(each.said),
        "registered": each.person is not None,
        "recognised": None if each.recognised is None else each.recognised.value,
        # As text: a script's numbers would lose the last digits.
        "person": None if each.person is None else str(each.person),
    }


def _participant(participant: Participant) -> dict[str, Any]:
    return {
        "person": str(participant.person_id),
        "name": participant.name,
        "institution": participant.institution,
        **_standing(participant.standing),
    }
