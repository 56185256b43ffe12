"""What goes wrong in a rehearsal, done and looked at: a line each that a person can follow."""

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.agenda import Event, text_in
from bot.clock import RehearsalClock
from bot.languages import Language
from bot.loopback.exchange import Exchange
from bot.loopback.faults import Fault
from bot.loopback.nouns import Channel, Json, LogEntry, Overwrite
from bot.loopback.options import OptionValue
from bot.loopback.seen import SeenMessage
from bot.phrases import incidents as phrases
from bot.rehearsal import deeds
from bot.rehearsal.hall import SEND, Hall
from bot.rehearsal.life import BotLife
from bot.rehearsal.mishaps import called_off, put_off
from bot.rehearsal.performance import Performance

#: What a post is called, below it.
MARK = re.compile(r"\bref\. (\S+)")

_DELAY_REASON = "Falla de audio en la sala"
_CALLED_OFF_REASON = "Quien exponía no logró conectarse"

#: What people do without the bot.
_WITHOUT_THE_BOT = (deeds.Joins, deeds.Leaves, deeds.Toggles, deeds.GoesAway, deeds.ChangesDevice)


@dataclass(frozen=True, slots=True)
class Line:
    """What happened at an instant, and what came of it."""

    at: datetime
    text: str


@dataclass
class Account:
    """All incidents so far, told in a language."""

    language: Language
    lines: list[Line] = field(default_factory=list)
    #: What did not come out as it should.
    wrong: list[str] = field(default_factory=list)

    def tell(self, at: datetime, text: str, *, well: bool = True) -> None:
        """One more line; `well`: it came out as it should."""
        self.lines.append(Line(at, text))
        if not well:
            self.wrong.append(text)


@dataclass
class _Waiting:
    """What is looked at again later: since when, how long the log was, and what it was about."""

    at: datetime
    log: int
    kept: object = None


class Incidents:
    """Does the incidents; everybody else's deeds wait while there is no bot to do them with.

    `event` is the programme as it goes, by what was confirmed, and not by what the bot makes of it.
    """

    def __init__(
        self,
        hall: Hall,
        life: BotLife,
        performance: Performance,
        clock: RehearsalClock,
        event: Event,
        language: Language,
    ) -> None:
        self._hall = hall
        self._life = life
        self._performance = performance
        self._clock = clock
        self._language = language
        self._postponed: list[deeds.Deed] = []
        self._stopped = self._deleted = self._taken = _Waiting(clock.now(), 0)
        #: How often an event was made in the server's list for each hour of beginning.
        self._listed: Counter[str] = Counter()
        hall.world.listen(self._heard)
        self._faults: list[Fault] = []
        self.event = event
        self.account = Account(language)

    async def perform(self, deed: deeds.Deed) -> None:
        """Do what the deed says, an incident or not."""
        match deed:
            case deeds.PutsOff(_, minutes):
                await self._puts_off(minutes)
            case deeds.CallsOff():
                await self._calls_off(deed)
            case deeds.StopsBot():
                self._stopped = self._now()
                await self._life.stop()
            case deeds.StartsBot():
                await self._starts()
            case deeds.ChangesPlaces():
                await self._performance.somebody_leaves()
                await self._performance.somebody_comes()
            case deeds.BreaksConnection(_, resumes):
                await self._breaks(resumes=resumes)
            case deeds.DeletesBoard():
                self._deletes_board()
            case deeds.LooksForBoard():
                self._looks_for_board()
            case deeds.TakesPermission():
                self._takes_permission()
            case deeds.GivesPermission():
                self._gives_permission()
            case deeds.LooksForHeldBack():
                self._looks_for_held_back()
            case deeds.MeetsFault():
                self._meets_fault(deed)
            case _ if self._life.runs or isinstance(deed, _WITHOUT_THE_BOT):
                await self._performance.perform(deed)
            case _:
                self._postponed.append(deed)

    # The programme

    async def _puts_off(self, minutes: int) -> None:
        at, now = self._now(), self._clock.now()
        session = next(s.key for s in self.event.sessions if s.starts_at <= now < s.ends_at)
        after = put_off(self.event, now, minutes)
        if not await self._confirms("retrasar", minutos=minutes, motivo=_DELAY_REASON):
            return
        planned, real = (self._hour(each.session(session).ends_at, "%H:%M") for each in (self.event, after))
        self.event = after
        said = phrases.delayed(minutes, _DELAY_REASON, planned, real, self._announcements(), self._language)
        self.account.tell(at.at, said)
        self._expect_notice(at, [block.printed for block in after.session(session).blocks if block.ends_at > now])

    async def _calls_off(self, deed: deeds.CallsOff) -> None:
        at, block = self._now(), self.event.block(deed.block)
        if not await self._confirms("agenda cancelar", bloque=deed.block, motivo=_CALLED_OFF_REASON):
            return
        self.event = called_off(self.event, deed.block)
        title = text_in(block.title, self._language)
        said = phrases.called_off(title, block.printed, _CALLED_OFF_REASON, self._announcements(), self._language)
        self.account.tell(at.at, said)
        self._expect_notice(at, [block.printed])

    async def _confirms(self, command: str, **options: OptionValue) -> bool:
        """Whether the command was taken, shown, and confirmed by its button."""
        organizer = self._performance.organizer
        answers: list[Exchange] = [await organizer.slash(command, **dict[str, Any](options))]
        shown = answers[0].answer
        pressed = next((b.custom_id for b in shown.buttons if b.custom_id), None) if shown is not None else None
        if shown is not None and pressed is not None:
            answers.append(await organizer.click(shown, pressed))
        await self._clock.be_still()
        for answer in answers:
            self._performance.note(answer)
        if pressed is None:
            self.account.tell(self._clock.now(), phrases.refused(command, answers[0].text, self._language), well=False)
        return pressed is not None

    def _expect_notice(self, since: _Waiting, words: Sequence[str]) -> None:
        """It is wrong where not exactly one new post in each channel has all the words."""
        told = [
            sum(all(each in post.text for each in words) for post in self._posts(since, channel))
            for channel in self._hall.announcements
        ]
        if any(n != 1 for n in told):
            self.account.tell(since.at, phrases.untold(self._announcements(), self._language), well=False)

    # The bot and its connection

    async def _starts(self) -> None:
        since, back = self._stopped, self._now()
        await self._life.start()
        await self._clock.be_still()
        moves = sum(entry.kind == "voice" for entry in self._log_since(since))
        posted = self._references(back)
        waited, self._postponed = self._postponed, []
        for deed in waited:
            await self.perform(deed)
        seconds = round((back.at - since.at).total_seconds())
        said = phrases.restarted(self._hour(back.at), seconds, moves, len(waited), self._language)
        self.account.tell(since.at, f"{said} {phrases.posted_at_once(posted, self._language)}")

    async def _breaks(self, *, resumes: bool) -> None:
        at = self._now()
        # In this order: what happens while the connection is broken reaches the bot when it is back, or never.
        await asyncio.gather(
            self._hall.loopback.drop(resume=resumes),
            self._performance.somebody_leaves(),
            self._performance.somebody_comes(),
        )
        await self._hall.loopback.connected()
        await self._clock.be_still()
        kinds = {entry.kind: entry for entry in self._log_since(at) if entry.kind.startswith("gateway.")}
        came_back = ("gateway.resumed" in kinds) is resumes and ("gateway.opened" in kinds) is not resumes
        replayed = kinds["gateway.resumed"].detail["replayed"] if "gateway.resumed" in kinds else 0
        said = phrases.broken(resumes, came_back, replayed, self._language)
        self.account.tell(at.at, said, well=came_back)

    def _meets_fault(self, deed: deeds.MeetsFault) -> None:
        faults, wait = self._hall.loopback.faults, deed.retry_after
        self._faults.append(faults.add(deed.kind, route=deed.route, times=deed.times, retry_after=wait, seconds=0.05))
        self.account.tell(deed.at, phrases.met(deed.kind, deed.route, deed.times, self._language))

    @property
    def refused_callbacks(self) -> int:
        """How often Discord took no answer to a person, whatever the bot did."""
        return sum(fault.played for fault in self._faults if fault.kind == "callback-10062")

    # What the bot keeps before people's eyes

    def _deletes_board(self) -> None:
        self._deleted = self._now()
        board = self._performance.board()
        self._deleted.kept = board
        if board is None:
            said = phrases.no_board(f"#{self._performance.moderators_channel}", self._language)
            self.account.tell(self._deleted.at, said, well=False)
        else:
            self._hall.world.delete_message(board.message)

    def _looks_for_board(self) -> None:
        old, new = self._deleted.kept, self._performance.board()
        if isinstance(old, SeenMessage):
            back = self._hour(new.created_at) if new is not None and new.id != old.id else None
            said = phrases.board_deleted(f"#{self._performance.moderators_channel}", back, self._language)
            self.account.tell(self._deleted.at, said, well=back is not None)

    def _takes_permission(self) -> None:
        channel, role = self._hall.announcements[0], self._hall.bot_role
        self._taken = self._now()
        self._taken.kept = dict(channel.overwrites)
        before = channel.overwrites.get(role.id, Overwrite(False, 0, 0))
        taken = Overwrite(False, before.allow & ~SEND, before.deny | SEND)
        self._hall.world.change_channel(channel, overwrites={**channel.overwrites, role.id: taken})

    def _gives_permission(self) -> None:
        since, channel = self._taken, self._hall.announcements[0]
        if not isinstance(since.kept, dict):
            return
        alerts = self._posts(since, self._hall.organizers)
        heard = [message for message in alerts if any(m.startswith("alerta-") for m in MARK.findall(message.text))]
        self._hall.world.change_channel(channel, overwrites=since.kept)
        until, organizers = self._hour(self._clock.now()), f"#{self._hall.organizers.name}"
        said = phrases.forbidden(f"#{channel.name}", until, organizers, len(heard), self._language)
        self.account.tell(since.at, said, well=bool(heard))
        self._given = self._now()

    def _looks_for_held_back(self) -> None:
        posts = self._posts(self._given, self._hall.announcements[0])
        came = [f"{mark} ({self._hour(post.created_at)})" for post in posts for mark in MARK.findall(post.text)]
        said = phrases.held_back(came, self._language)
        self.account.tell(self._given.at, said)

    # What must not be there twice

    def _heard(self, event: str, data: Json, **_more: object) -> None:
        if event == "GUILD_SCHEDULED_EVENT_CREATE":
            self._listed[data["scheduled_start_time"]] += 1

    def look_back(self) -> None:
        """At the end: whether a day stands twice in the server's list of events, after restarts and delays."""
        for starts_at, times in self._listed.items():
            if times > 1:
                said = phrases.listed_twice(self._hour(datetime.fromisoformat(starts_at), "%Y-%m-%d"), self._language)
                self.account.tell(self._clock.now(), said, well=False)

    # How it is told

    def _now(self) -> _Waiting:
        return _Waiting(self._clock.now(), len(self._hall.loopback.log))

    def _log_since(self, since: _Waiting) -> Sequence[LogEntry]:
        return self._hall.loopback.log[since.log :]

    def _posts(self, since: _Waiting, channel: Channel) -> list[SeenMessage]:
        """What was posted in a channel since then, and still stands."""
        return [
            SeenMessage(message)
            for entry in self._log_since(since)
            if entry.kind == "message.created" and entry.detail["channel"] == channel.name
            if (message := channel.messages.get(entry.detail["message"])) is not None
        ]

    def _references(self, since: _Waiting) -> list[str]:
        """What was posted in public since then, by what it is called; once, however many channels it went to."""
        posts = [post for channel in self._hall.announcements for post in self._posts(since, channel)]
        return list(dict.fromkeys(mark for post in posts for mark in MARK.findall(post.text)))

    def _announcements(self) -> str:
        return ", ".join(f"#{channel.name}" for channel in self._hall.announcements)

    def _hour(self, instant: datetime, form: str = "%H:%M:%S") -> str:
        return instant.astimezone(self.event.timezone).strftime(form)
