"""config.toml, read into closed and frozen models; every mistake is found at once, each with its path."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from bot import place_ids
from bot.agenda import Block, BlockKind, Event, Language, Panelist, Session, instant_of
from bot.agenda_mistakes import DayWithoutYear
from bot.config_mistakes import ConfigMistake, ConfigMistakes, from_pydantic, in_order
from bot.config_rules import check_across
from bot.config_values import (
    CountryCode,
    Day,
    FilePath,
    FolderPath,
    Hours,
    Key,
    Languages,
    LanguageText,
    Place,
    Places,
    Source,
    Zone,
    context_of,
)
from bot.ids import BlockKey, PersonId, SessionKey
from bot.toml_lines import Document, read_document

__all__ = ["Config", "ConfigMistake", "ConfigMistakes", "load", "read"]


#: Something to look for in a text: a letter at least.
BlockedWord = Annotated[str, Field(max_length=100, pattern=r"\w")]


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class PanelistConfig(_Closed):
    name: Annotated[str, Field(min_length=1, pattern=r"\S")]
    institution: LanguageText | None = None
    #: The id of the panelist's Discord account, by which they are called before a session.
    account: Annotated[int, Field(strict=True, gt=0, lt=2**63)] | None = None


class BlockConfig(_Closed):
    hours: Hours
    kind: BlockKind
    title: LanguageText
    speakers: tuple[LanguageText, ...] = ()
    remarks: LanguageText | None = None
    moderator: LanguageText | None = None
    moderator_role: Place | None = None
    panelists: tuple[PanelistConfig, ...] = ()


class MaterialConfig(_Closed):
    """Something to read: `source` is its address, or the document itself, relative to the configuration file."""

    title: LanguageText
    source: Source


class SessionConfig(_Closed):
    day: Day
    theme: LanguageText
    blocks: Annotated[tuple[BlockConfig, ...], Field(min_length=1)]
    materials: Annotated[tuple[MaterialConfig, ...], Field(max_length=25)] = ()


class EventConfig(_Closed):
    name: LanguageText
    timezone: Zone
    languages: Languages
    #: The year of the days that are written without one.
    year: Annotated[int, Field(strict=True, ge=1970, le=9999)] | None = None
    sessions: Annotated[tuple[SessionConfig, ...], Field(min_length=1)]


class Profile(_Closed):
    """A kind of participant of which every delegation is expected to bring at least `minimum`."""

    key: Key
    name: LanguageText
    minimum: Annotated[int, Field(strict=True, ge=0, le=1000)] = 2


class CoverageConfig(_Closed):
    countries: Annotated[tuple[CountryCode, ...], Field(min_length=1)]
    profiles: Annotated[tuple[Profile, ...], Field(min_length=1, max_length=25)]


class RolesConfig(_Closed):
    """Roles of the server that registration gives, each by id or by name."""

    #: To everybody who registers.
    attendee: Place | None = None
    #: To the delegation of a country, by the code of coverage.countries.
    countries: Mapping[CountryCode, Place] = Field(default_factory=dict)
    #: To the members of delegations, by the key of coverage.profiles.
    profiles: Mapping[Key, Place] = Field(default_factory=dict)


class DiscordConfig(_Closed):
    """Places and roles of the server, each by id or by name."""

    guild: Place
    announcements: Places
    questions: Place
    moderators: Place
    organizers: Place
    #: Where moderators and panelists are called before a session; without it, the moderators' channel.
    backstage: Place | None = None
    stage: Place | None = None
    voice: tuple[Place, ...] = ()
    moderator_role: Place
    organizer_role: Place
    #: Under which `estrado setup` puts the channels that it makes.
    category: Place | None = None
    #: The one role that announcements may mention.
    announcement_role: Place | None = None
    roles: RolesConfig = RolesConfig()


class QuestionsConfig(_Closed):
    policy: Literal["rotation", "votes", "arrival"] = "rotation"
    per_person: Annotated[int, Field(strict=True, ge=1, le=1000)] = 5
    per_session: Annotated[int, Field(strict=True, ge=1, le=100_000)] = 500
    #: Discord takes at most 4000 characters in a form's field.
    maximum_length: Annotated[int, Field(strict=True, ge=20, le=4000)] = 1000
    opens: Literal["session", "qa"] = "session"
    closes: Literal["qa", "session"] = "qa"
    #: From how alike on two texts are nearly the same.
    similar_percent: Annotated[int, Field(strict=True, ge=50, le=100)] = 85
    #: How long after a question the same person may ask the next.
    slow_mode_seconds: Annotated[int, Field(strict=True, ge=0, le=3600)] = 0
    #: Questions with one of these words or phrases are marked for whoever reviews them.
    blocked_words: Annotated[tuple[BlockedWord, ...], Field(max_length=1000)] = ()


class AttendanceConfig(_Closed):
    register_opens_minutes: Annotated[int, Field(strict=True, ge=0, le=720)] = 15
    present_after_seconds: Annotated[int, Field(strict=True, ge=0, le=7200)] = 60
    check_in_opens_minutes: Annotated[int, Field(strict=True, ge=0, le=720)] = 15
    maximum_companions: Annotated[int, Field(strict=True, ge=0, le=1000)] = 20


class AnnouncementsConfig(_Closed):
    #: How long before a session its reminder with the way in comes; 0: there is none.
    day_before_hours: Annotated[int, Field(strict=True, ge=0, le=72)] = 18
    #: How long before a session its moderators and panelists are called; 0: they are not.
    preflight_minutes: Annotated[int, Field(strict=True, ge=0, le=720)] = 30
    #: Whether how to take part is pinned in the first of the announcements' channels.
    how_to_take_part: Annotated[bool, Field(strict=True)] = True
    #: Whether what is on is shown there while a session runs.
    now_card: Annotated[bool, Field(strict=True)] = True
    reminder_minutes: Annotated[int, Field(strict=True, ge=0, le=1440)] = 15
    last_call_minutes: Annotated[int, Field(strict=True, ge=0, le=120)] = 5
    late_after_minutes: Annotated[int, Field(strict=True, ge=1, le=120)] = 10
    summary_settle_seconds: Annotated[int, Field(strict=True, ge=0, le=3600)] = 60
    claim_expires_seconds: Annotated[int, Field(strict=True, ge=10, le=600)] = 60
    #: A corrected summary waits until the day has not changed any more for so long.
    correction_quiet_minutes: Annotated[int, Field(strict=True, ge=0, le=120)] = 5


class PrivacyConfig(_Closed):
    consent: LanguageText
    #: What the opening post says is recorded about people.
    recorded: LanguageText
    retention_days: Annotated[int, Field(strict=True, ge=1, le=3650)] = 90


class CertificatesConfig(_Closed):
    #: On how many days somebody has to have been there; by default on all but one.
    days: Annotated[int, Field(strict=True, ge=1, le=366)] | None = None
    #: For how much of a day's counted minutes, so that the day counts.
    minutes_percent: Annotated[int, Field(strict=True, ge=1, le=100)] = 50
    #: Whether a day counts on which somebody said that they were there, and was not measured for long enough.
    declared_counts: Annotated[bool, Field(strict=True)] = False
    #: In whose name certificates are signed.
    signatories: Annotated[tuple[LanguageText, ...], Field(max_length=3)] = ()
    #: How many days after the event the bot goes on, so that people can get theirs.
    available_days: Annotated[int, Field(strict=True, ge=0, le=365)] = 0


class StorageConfig(_Closed):
    """Paths are relative to the configuration file, and absolute once read."""

    database: FilePath
    anonymity_key: FilePath


class BackupsConfig(_Closed):
    """Copies of the database that the bot makes by itself, every night."""

    #: Where they lie, relative to the configuration file; by default beside the database.
    folder: FolderPath | None = None
    #: So many are kept; 0: none is made.
    keep: Annotated[int, Field(strict=True, ge=0, le=366)] = 14


class ConnectionConfig(_Closed):
    maximum_connections: Annotated[int, Field(strict=True, ge=1, le=2000)] = 300
    send_timeout_seconds: Annotated[float, Field(strict=True, gt=0, le=120, allow_inf_nan=False)] = 10


class Config(_Closed):
    """The whole configuration. What a caller gets from `load` is free of mistakes."""

    event: EventConfig
    coverage: CoverageConfig
    discord: DiscordConfig
    questions: QuestionsConfig = QuestionsConfig()
    attendance: AttendanceConfig = AttendanceConfig()
    announcements: AnnouncementsConfig = AnnouncementsConfig()
    certificates: CertificatesConfig = CertificatesConfig()
    privacy: PrivacyConfig
    storage: StorageConfig
    backups: BackupsConfig = BackupsConfig()
    connection: ConnectionConfig = ConnectionConfig()
    _known_ids: Mapping[str, int] = PrivateAttr(default_factory=dict)

    @property
    def known_ids(self) -> Mapping[str, int]:
        """What ids.toml beside the file knows, by `bot.place_ids.memory_key`."""
        return self._known_ids

    def with_known_ids(self, ids: Mapping[str, int]) -> "Config":
        """The same with these ids in place of those of ids.toml."""
        changed = self.model_copy()
        changed._known_ids = dict(ids)
        return changed

    @property
    def languages(self) -> tuple[Language, ...]:
        return self.event.languages

    @property
    def timezone(self) -> ZoneInfo:
        return self.event.timezone

    @property
    def keep_until(self) -> date:
        """The last day on which what is kept about people may be there."""
        return max(session.day for session in self.event.sessions) + timedelta(days=self.privacy.retention_days)

    def settled_at(self, event: Event) -> tuple[datetime, ...]:
        """When the figures of each of the event's days stop following what happens."""
        settle = timedelta(seconds=self.announcements.summary_settle_seconds)
        return tuple(session.ends_at + settle for session in event.sessions)

    @cached_property
    def agenda(self) -> Event:
        """The event as the rest of the program knows it: hours are instants, and each part has its key."""
        days = sorted(self.event.sessions, key=lambda session: session.day)
        return Event(
            name=self.event.name,
            timezone=self.timezone,
            languages=self.languages,
            sessions=tuple(_session(written, n, self.timezone) for n, written in enumerate(days, 1)),
        )


def load(path: Path) -> Config:
    """The configuration of a file; raises ConfigMistakes with all that is wrong with it."""
    return _config(read_document(path), path.parent).with_known_ids(place_ids.read(path.parent))


def read(values: Mapping[str, Any], directory: Path) -> Config:
    """The configuration of values as a TOML file gives them; its paths are relative to `directory`."""
    return _config(Document(dict(values), {}), directory)


def _config(document: Document, directory: Path) -> Config:
    context = context_of(document.values, directory.resolve())
    mistakes = list(check_across(document.values, context))
    config = None
    try:
        config = Config.model_validate(document.values, context=context)
    except ValidationError as error:
        mistakes.extend(from_pydantic(error, Config))
    if any(mistake.path == "event.year" for mistake in mistakes):
        # The year is written, and wrong: that the days have none is the same mistake.
        mistakes = [mistake for mistake in mistakes if mistake.kind != DayWithoutYear.kind]
    if mistakes or config is None:
        raise ConfigMistakes(in_order(mistakes, document.lines))
    return config


def _person(panelist: PanelistConfig) -> PersonId | None:
    return None if panelist.account is None else PersonId(panelist.account)


def _session(written: SessionConfig, number: int, zone: ZoneInfo) -> Session:
    key = SessionKey(written.day.isoformat())
    blocks = tuple(
        Block(
            key=BlockKey(f"{key}/{place}"),
            kind=block.kind,
            title=block.title,
            starts_at=instant_of(written.day, block.hours.start, zone),
            ends_at=instant_of(written.day, block.hours.end, zone),
            printed=f"{block.hours.start:%H:%M}-{block.hours.end:%H:%M}",
            speakers=block.speakers,
            remarks=block.remarks,
            moderator=block.moderator,
            moderator_role=block.moderator_role,
            panelists=tuple(Panelist(p.name, p.institution, _person(p)) for p in block.panelists),
        )
        for place, block in enumerate(written.blocks, 1)
    )
    return Session(key=key, day=written.day, number=number, theme=written.theme, blocks=blocks)
