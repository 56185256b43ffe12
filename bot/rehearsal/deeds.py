"""What people can do in a rehearsal."""

from dataclasses import dataclass
from datetime import datetime

from bot.ids import BlockKey
from bot.loopback.faults import FaultKind


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that one person does at an instant. Everything else derives from it."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Joins(Deed):
    actor: int


@dataclass(frozen=True, slots=True)
class Leaves(Deed):
    actor: int


@dataclass(frozen=True, slots=True)
class Toggles(Deed):
    actor: int
    what: str


@dataclass(frozen=True, slots=True)
class GoesAway(Deed):
    """Is moved to the AFK channel."""

    actor: int


@dataclass(frozen=True, slots=True)
class ChangesDevice(Deed):
    actor: int
    late_leave: bool


@dataclass(frozen=True, slots=True)
class Registers(Deed):
    actor: int


@dataclass(frozen=True, slots=True)
class ChecksIn(Deed):
    actor: int
    companions: int
    by_button: bool


@dataclass(frozen=True, slots=True)
class Asks(Deed):
    """Asks; where approved questions ask the like, supports one of those, or `insists`."""

    actor: int
    text: str
    anonymous: bool
    by_form: bool
    insists: bool = True


@dataclass(frozen=True, slots=True)
class Converts(Deed):
    """Writes a message in the talk and makes it a question."""

    actor: int
    text: str


@dataclass(frozen=True, slots=True)
class Adopts(Deed):
    """Writes a message in the talk, which a moderator makes a question of theirs."""

    actor: int
    moderator: int
    text: str


@dataclass(frozen=True, slots=True)
class Imitates(Deed):
    """Somebody from outside, under a name that passes for the organization's, uses the bot."""


@dataclass(frozen=True, slots=True)
class Supports(Deed):
    """Presses the button below one of the approved questions, counted around."""

    actor: int
    which: int


@dataclass(frozen=True, slots=True)
class Edits(Deed):
    """Changes the words of a question of their own that still waits."""

    actor: int


@dataclass(frozen=True, slots=True)
class WantsMessages(Deed):
    """Asks to be told by direct message what becomes of their questions."""

    actor: int


@dataclass(frozen=True, slots=True)
class LooksUp(Deed):
    """Asks for the programme and for their own questions."""

    actor: int


@dataclass(frozen=True, slots=True)
class Withdraws(Deed):
    actor: int


@dataclass(frozen=True, slots=True)
class Reviews(Deed):
    """A moderator approves, or rejects, the first question that waits on the board."""

    moderator: int
    approves: bool


@dataclass(frozen=True, slots=True)
class ReviewsPage(Deed):
    """A moderator approves all that the board shows at once."""

    moderator: int


@dataclass(frozen=True, slots=True)
class Corrects(Deed):
    """A moderator puts the words of the first question that waits right, and approves it."""

    moderator: int


@dataclass(frozen=True, slots=True)
class TakesNext(Deed):
    """One or two moderators ask for the next question; two do so at the same moment.

    `outcome` is what becomes of the one on air, where it is said.
    """

    moderators: tuple[int, ...]
    by_button: bool
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class TakesEarlier(Deed):
    """A moderator puts on air one that an earlier day left."""

    moderator: int


@dataclass(frozen=True, slots=True)
class Defers(Deed):
    """A moderator leaves the question on air for a later day."""

    moderator: int


@dataclass(frozen=True, slots=True)
class Undoes(Deed):
    """A moderator takes back what they did last."""

    moderator: int


@dataclass(frozen=True, slots=True)
class Merges(Deed):
    """A moderator joins the last question that waits to the first."""

    moderator: int


@dataclass(frozen=True, slots=True)
class Answers(Deed):
    """A moderator writes an answer to one of the questions that may have one, counted around."""

    moderator: int
    which: int
    text: str


@dataclass(frozen=True, slots=True)
class SetsPolicy(Deed):
    moderator: int
    policy: str


@dataclass(frozen=True, slots=True)
class Silences(Deed):
    """A moderator takes no more questions from whoever asked the last one."""

    moderator: int


@dataclass(frozen=True, slots=True)
class Files(Deed):
    """A moderator files a question for somebody on the telephone."""

    moderator: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class LooksAhead(Deed):
    """A moderator looks at the next questions, and opens the list of the approved ones."""

    moderator: int


@dataclass(frozen=True, slots=True)
class Inspects(Deed):
    """An organizer asks for the attendance so far, and what became of the questions."""


# What goes wrong, or otherwise than planned


@dataclass(frozen=True, slots=True)
class PutsOff(Deed):
    """An organizer puts off what is left of the day, and confirms."""

    minutes: int


@dataclass(frozen=True, slots=True)
class CallsOff(Deed):
    """An organizer takes a block out of the programme, and confirms."""

    block: BlockKey


@dataclass(frozen=True, slots=True)
class StopsBot(Deed):
    """The bot's process is stopped."""


@dataclass(frozen=True, slots=True)
class StartsBot(Deed):
    """It is started again, on the database that it left."""


@dataclass(frozen=True, slots=True)
class ChangesPlaces(Deed):
    """Somebody leaves the auditorium and somebody else comes."""


@dataclass(frozen=True, slots=True)
class BreaksConnection(Deed):
    """The connection to Discord breaks while somebody leaves and somebody else comes.

    `resumes`: whether Discord lets the bot go on where it was; else it has to look at everything anew.
    """

    resumes: bool


@dataclass(frozen=True, slots=True)
class DeletesBoard(Deed):
    """Somebody deletes the message by which moderators see the questions."""


@dataclass(frozen=True, slots=True)
class LooksForBoard(Deed):
    """Somebody looks whether that message is back."""


@dataclass(frozen=True, slots=True)
class TakesPermission(Deed):
    """The bot may not write where it announces any more."""


@dataclass(frozen=True, slots=True)
class GivesPermission(Deed):
    """It may write there again."""


@dataclass(frozen=True, slots=True)
class LooksForHeldBack(Deed):
    """Somebody looks whether what was kept back meanwhile has come."""


@dataclass(frozen=True, slots=True)
class MeetsFault(Deed):
    """Discord answers the next `times` requests of a route with a fault; a limit asks to wait `retry_after` seconds."""

    kind: FaultKind
    route: str
    times: int
    retry_after: float
