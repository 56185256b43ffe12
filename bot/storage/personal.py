"""Where people stand in the database: every column that holds somebody's id or words, and what erasing does to it.

A column with a person in it that is not listed here fails a test, and so does one that docs/privacy.md does not name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

#: What stands where a text or a name was. A sign and no sentence: whoever shows it to people says it in words.
ERASED = "[…]"


class Fate(StrEnum):
    """What becomes of a row when the person in it is erased."""

    #: It goes on counting, under the number that stands for the person from then on.
    REKEYED = "rekeyed"
    #: It goes.
    DELETED = "deleted"
    #: It stays without the person.
    EMPTIED = "emptied"
    #: It stays until what it asks for is done elsewhere, and goes then.
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class PersonColumn:
    """A column that holds ids of people."""

    table: str
    column: str
    fate: Fate
    #: What the person is shown of such a row. Rows that somebody only moderated show nothing of whose they are.
    shown: tuple[str, ...]
    #: Other columns of the row, each with the SQL of what they hold afterwards.
    blanked: Mapping[str, str] = field(default_factory=dict)


_RANDOM = "'erased-' || lower(hex(randomblob(8)))"
_NOTHING = f"'{ERASED}'"

PEOPLE = (
    PersonColumn(
        "participants",
        "person_id",
        Fate.REKEYED,
        ("name", "institution", "language", "consented_at", "registered_at", "changed_at"),
        {
            "name": _NOTHING,
            "institution": _NOTHING,
            "language": "'es'",
            "consented_at": "0",
            "registered_at": "0",
            "changed_at": "0",
            "consent_given_to": "NULL",
        },
    ),
    PersonColumn("participants", "consent_given_to", Fate.EMPTIED, ("registered_at",)),
    PersonColumn("standings", "person_id", Fate.REKEYED, ("affiliation", "country", "profile", "since")),
    PersonColumn(
        "stays",
        "person_id",
        Fate.REKEYED,
        ("session_key", "channel_id", "voice_session_id", "opened_at", "closed_at", "closed_by", "connections"),
        {"voice_session_id": "''"},
    ),
    PersonColumn("check_ins", "person_id", Fate.REKEYED, ("session_key", "companions", "declared_at", "changed_at")),
    PersonColumn("arrivals", "person_id", Fate.DELETED, ("session_key", "place", "arrived_at")),
    PersonColumn("speeches", "person_id", Fate.EMPTIED, ("session_key", "turn", "given_at", "ended_at")),
    PersonColumn("speeches", "given_by", Fate.EMPTIED, ("session_key", "given_at")),
    PersonColumn("companion_profiles", "person_id", Fate.REKEYED, ("session_key", "profile", "companions")),
    PersonColumn(
        "corrections",
        "person_id",
        Fate.REKEYED,
        ("number", "session_key", "kind", "companions", "takes_back", "reason", "made_at"),
        {"reason": "NULL"},
    ),
    PersonColumn("corrections", "made_by", Fate.EMPTIED, ("number", "session_key", "kind", "made_at")),
    PersonColumn("certificates", "person_id", Fate.EMPTIED, ("number", "code", "issued_at")),
    PersonColumn(
        "expected",
        "person_id",
        Fate.REKEYED,
        (
            "name",
            "institution",
            "affiliation",
            "country",
            "profile",
            "account",
            "recognised",
            "recognised_at",
            "listed_at",
        ),
        {
            "key": _RANDOM,
            "words": _NOTHING,
            "name": _NOTHING,
            "institution": "''",
            "account": "NULL",
            "recognised_at": "0",
        },
    ),
    PersonColumn("doubts", "person_id", Fate.DELETED, ("why", "noted_at", "was_asked", "is_open")),
    PersonColumn("given_roles", "person_id", Fate.KEPT, ("role_id", "given_at")),
    PersonColumn(
        "questions",
        "author_id",
        Fate.REKEYED,
        (
            "number",
            "session_key",
            "text",
            "addressed_to",
            "affiliation",
            "language",
            "state",
            "asked_at",
            "moved_at",
            "reason",
            "words",
            "votes",
            "repeats",
        ),
    ),
    PersonColumn("questions", "moved_by", Fate.REKEYED, ("number", "session_key", "state", "moved_at")),
    PersonColumn("questions", "filed_by", Fate.REKEYED, ("number", "session_key", "asked_at")),
    PersonColumn(
        "question_transitions",
        "moderator_id",
        Fate.REKEYED,
        ("number", "at", "from_state", "to_state", "reason", "words"),
    ),
    PersonColumn("question_votes", "voter_id", Fate.REKEYED, ("number", "voted_at")),
    PersonColumn("question_texts", "moderator_id", Fate.REKEYED, ("number", "replaced_at")),
    PersonColumn("question_answers", "moderator_id", Fate.REKEYED, ("number", "generation", "text", "answered_at")),
    PersonColumn("question_answers", "withdrawn_by", Fate.REKEYED, ("number", "generation", "withdrawn_at")),
    PersonColumn("agenda_commands", "by_id", Fate.REKEYED, ("at", "kind", "reason")),
    PersonColumn("question_pauses", "paused_by", Fate.REKEYED, ("session_key", "paused_at")),
    PersonColumn("question_pauses", "resumed_by", Fate.REKEYED, ("session_key", "resumed_at")),
    PersonColumn("drafts", "made_by", Fate.DELETED, ("kind", "content", "made_at", "confirmed_at")),
    PersonColumn("question_policies", "moderator_id", Fate.REKEYED, ("session_key", "policy", "set_at")),
    PersonColumn("question_silences", "person_id", Fate.DELETED, ("session_key", "until", "silenced_at", "lifted_at")),
    PersonColumn("question_silences", "moderator_id", Fate.REKEYED, ("session_key", "silenced_at")),
    PersonColumn("question_silences", "lifted_by", Fate.REKEYED, ("session_key", "lifted_at")),
    PersonColumn("question_messages_wanted", "person_id", Fate.DELETED, ("since",)),
    PersonColumn("question_tidings", "person_id", Fate.DELETED, ("number", "state", "moved_at")),
    PersonColumn(
        "practices",
        "person_id",
        Fate.DELETED,
        (
            "number",
            "session_key",
            "country",
            "institution",
            "language",
            "title",
            "text",
            "results",
            "recorded_at",
            "state",
            "moved_at",
            "reason",
        ),
    ),
    PersonColumn("practices", "decided_by", Fate.EMPTIED, ("number", "session_key", "state", "moved_at")),
    PersonColumn(
        "materials", "added_by", Fate.EMPTIED, ("number", "session_key", "title", "link", "file_name", "added_at")
    ),
)

#: Columns of numbers whose names sound like somebody's id and that are nobody's.
NOT_PEOPLE = frozenset(
    {
        ("agenda_changes", "command_id"),
        ("agenda_command_sessions", "command_id"),
        ("alerts", "channel_id"),
        ("cues", "channel_id"),
        ("doubts", "expected_id"),
        ("erasure_posts", "channel_id"),
        ("erasure_posts", "message_id"),
        ("erasure_posts", "notice_id"),
        ("given_roles", "role_id"),
        ("live_messages", "channel_id"),
        ("live_messages", "message_id"),
        ("native_events", "event_id"),
        ("native_events", "guild_id"),
        ("notices", "channel_id"),
        ("notices", "message_id"),
        ("published_summaries", "channel_id"),
        ("question_answers", "message_id"),
        ("questions", "posted_message_id"),
        ("registers", "seen_to"),
        ("stays", "channel_id"),
    }
)

#: Texts by people in which somebody else's name or words may be quoted.
QUOTING = (
    ("question_answers", "text"),
    ("question_texts", "text"),
    ("questions", "words"),
    ("question_transitions", "words"),
    ("corrections", "reason"),
    ("practices", "title"),
    ("practices", "text"),
    ("practices", "results"),
    ("practices", "reason"),
    ("materials", "title"),
)

#: What is done once everybody is erased, beyond what goes with each person: the words that nobody's id stands beside.
LAST = (
    f"UPDATE questions SET text = {_NOTHING}, folded = 'erased ' || number, held_words = '[]', words = NULL, "
    f"addressed_to = NULL, addressed_folded = NULL, filed_for = iif(filed_for IS NULL, NULL, {_RANDOM})",
    f"UPDATE question_texts SET text = {_NOTHING}",
    f"UPDATE question_answers SET text = {_NOTHING}",
    "UPDATE question_transitions SET words = NULL",
    "UPDATE corrections SET reason = NULL, made_by = NULL",
    "DELETE FROM arrivals",
    "DELETE FROM drafts",
    "DELETE FROM public_words",
    "UPDATE agenda_commands SET reason = NULL",
    "DELETE FROM question_words",
    "DELETE FROM question_silences",
    "DELETE FROM question_messages_wanted",
    "DELETE FROM question_tidings",
    "DELETE FROM practices",
    "DELETE FROM materials",
    "DELETE FROM doubts",
    f"UPDATE expected SET key = {_RANDOM}, words = {_NOTHING}, name = {_NOTHING}, institution = '', account = NULL",
    "DELETE FROM given_roles",
    "DELETE FROM facts WHERE name LIKE 'lookalike/%'",
)
