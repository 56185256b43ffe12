"""The nouns of the event, as both a transaction and a reader carry them.

A noun is a module, a .sql file and a migration of one name. The SQL is in the .sql file, with the parameters
of each query declared, and the class is the thin and typed way to it:

    -- name: on_air(session)^
    SELECT number, text FROM questions WHERE session = :session AND state = 'on_air';

    -- name: broken_on_air()
    -- More than one question on air in a session.
    SELECT session FROM questions WHERE state = 'on_air' GROUP BY session HAVING count(*) > 1;

    from bot.storage.queries import load

    queries = load("questions")

    class Questions:
        def __init__(self, connection: Connection) -> None:
            self._connection = connection

        def on_air(self, session: SessionKey) -> Question | None:
            row = queries.on_air(self._connection, session=session)
            return None if row is None else Question(**row)

Rows are `sqlite3.Row`: by name, by place, unpacked. Queries that give many rows are lazy, so they have to be
consumed before the operation returns. A query whose name begins with `broken_` takes no parameters and finds
rows that contradict an invariant; `checks.check` runs them all. `$` gives the value, `^` the row or None, `!`
the count of rows.

To register a noun: its import and its line in `Nouns`.
"""

from datetime import datetime
from sqlite3 import Connection

from bot.storage.agenda_changes import AgendaChanges
from bot.storage.alerts import Alerts
from bot.storage.anonymity_keys import AnonymityKeys
from bot.storage.answers import Answers
from bot.storage.arrivals import ArrivalRows
from bot.storage.askers import Askers
from bot.storage.certificates import Certificates
from bot.storage.check_ins import CheckIns
from bot.storage.corrections import CorrectionRows
from bot.storage.erasure_posts import ErasurePosts
from bot.storage.erasures import Erasures
from bot.storage.expected import ExpectedPeople
from bot.storage.facts import Facts
from bot.storage.given_roles import GivenRoles
from bot.storage.live_messages import LiveMessages
from bot.storage.materials import Materials
from bot.storage.native_events import NativeEvents
from bot.storage.notices import Notices
from bot.storage.participants import Participants
from bot.storage.policies import Policies
from bot.storage.practices import Practices
from bot.storage.public_words import PublicWords
from bot.storage.published import PublishedSummaries
from bot.storage.question_figures import QuestionFigures
from bot.storage.question_texts import QuestionTexts
from bot.storage.question_turns import QuestionTurns
from bot.storage.questions import Questions
from bot.storage.silences import Silences
from bot.storage.speeches import Speeches
from bot.storage.stays import Stays
from bot.storage.takedowns import Takedowns
from bot.storage.tidings import Tidings
from bot.storage.votes import Votes


class Nouns:
    """One attribute a noun, over one connection. `now` is the instant at which the write or the read was
    asked for."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self.connection = connection
        self.now = now
        self.facts = Facts(connection)
        self.notices = Notices(connection)
        self.alerts = Alerts(connection)
        self.agenda_changes = AgendaChanges(connection)
        self.public_words = PublicWords(connection)
        self.questions = Questions(connection)
        self.turns = QuestionTurns(connection)
        self.texts = QuestionTexts(connection)
        self.figures = QuestionFigures(connection)
        self.votes = Votes(connection)
        self.answers = Answers(connection)
        self.takedowns = Takedowns(connection)
        self.tidings = Tidings(connection)
        self.policies = Policies(connection)
        self.silences = Silences(connection)
        self.anonymity_keys = AnonymityKeys(connection)
        self.live_messages = LiveMessages(connection)
        self.native_events = NativeEvents(connection)
        self.askers = Askers(connection)
        self.stays = Stays(connection)
        self.check_ins = CheckIns(connection)
        self.arrivals = ArrivalRows(connection)
        self.speeches = Speeches(connection)
        self.corrections = CorrectionRows(connection)
        self.published = PublishedSummaries(connection)
        self.participants = Participants(connection)
        self.expected = ExpectedPeople(connection)
        self.roles = GivenRoles(connection)
        self.certificates = Certificates(connection)
        self.practices = Practices(connection)
        self.materials = Materials(connection)
        self.erasures = Erasures(connection)
        self.erasure_posts = ErasurePosts(connection)
