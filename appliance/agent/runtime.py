"""One call, from ring to record: feeds the session its events and carries out its commands.

A call is one TaskGroup: mouth, errands and the loop that asks the session what to do; nothing outlives it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, assert_never

from appliance.agent.connecting import Colleagues, FromLine
from appliance.agent.ear_thread import EarThread
from appliance.agent.equipment import Equipment
from appliance.agent.hearing import Ear
from appliance.agent.mindlink import MindLink
from appliance.agent.preparing import Preparing
from appliance.agent.questions import Questions
from appliance.agent.recognition import Listener
from appliance.agent.records import CallBook
from appliance.agent.showing import Showing
from appliance.agent.speaking import Mouth
from appliance.agent.tooling import use
from appliance.agent.turn_words import TurnWords
from appliance.agent.voicing import Voicing
from appliance.agent.watch import Watchers
from appliance.conversation.foresight import Foresight, likely_answers
from appliance.conversation.greeting import name_to_say
from appliance.conversation.interruption import Interruption
from appliance.conversation.reply import question_share
from appliance.conversation.second_thoughts import Conversation
from appliance.conversation.session import Session
from appliance.conversation.turns import Asked, TurnTaker
from appliance.conversation.understand import makes_sense
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain import recording as rec
from appliance.domain.call import CallEvent, Disposition, LineQuality
from appliance.domain.expectation import Expectation
from appliance.domain.sound import FrameHeard, ms

_log = logging.getLogger(__name__)
_NO_QUESTION = 2.0  # a share that is never reached


class CallRuntime:
    """The life of one call in the agent. Made when it is offered, gone when its record is closed."""

    def __init__(
        self,
        offered: ev.CallOffered,
        equipment: Equipment,
        *,
        book: CallBook,
        mind: MindLink,
        watchers: Watchers,
        send: Callable[[do.LineCommand], None],
    ) -> None:
        self._offered = offered
        self._call_id = offered.call_id
        self._kit = equipment
        self._book = book
        self._mind = mind
        self._watch = watchers
        self._showing = Showing(self._call_id, watchers, equipment.business.language)
        self._send = send
        self._tick = offered.tick
        self._events: asyncio.Queue[ev.SessionEvent | ev.CallerMayBeDone | None] = asyncio.Queue()
        self._tasks: asyncio.TaskGroup | None = None
        self._loop = asyncio.get_running_loop()
        self._quality: LineQuality | None = None
        self._goes_by_keys = False
        self._anticipated = Expectation.ANYTHING
        self._question_share = _NO_QUESTION
        self._talking: list[asyncio.Task[None]] = []
        self._ear = EarThread(self._make_ear(), self._tell_from_thread, self._failed_from_thread)
        self._questions = Questions(self._call_id, mind.send)
        self._voicing = Voicing(self._call_id, equipment.voice_queue)
        self._preparing = Preparing(
            self._voicing, self._questions, fetch=self._found, now_tick=lambda: self._tick
        )
        self._mouth = Mouth(
            self._call_id,
            self._voicing,
            send=send,
            tell=self.tell,
            now_tick=lambda: self._tick,
        )
        self._colleagues = Colleagues(
            self._call_id, equipment.voice_queue, send=send, tell=self.tell, spawn=self._errand
        )

    def _make_ear(self) -> Ear:
        kit = self._kit
        return Ear(
            self._call_id,
            kit.new_detector(),
            TurnWords(
                self._call_id,
                Listener(kit.recogniser, sayings=kit.sayings),
                kit.finder,
                lambda text, likely: makes_sense(text, likely, kit.business),
            ),
            TurnTaker(kit.settings.turns),
            Interruption(),
            speech_threshold=kit.settings.turns.speech_threshold,
            now_tick=lambda: self._tick,
        )

    # --- what comes in --------------------------------------------------------------------------

    def frame(self, frame: FrameHeard) -> None:
        """One tick of sound from the line."""
        self._tick = frame.tick
        self._ear.hear(frame)
        self._book.record(frame)

    def tell(self, event: ev.SessionEvent | ev.CallerMayBeDone) -> None:
        """Something happened in this call."""
        self._events.put_nowait(event)

    def of_colleague(self, packet: FromLine) -> None:
        """The line tells something of a colleague's leg, or of the caller's transfer."""
        self._colleagues.take(packet)

    def spoken_to(self, event: ev.SpokenTo) -> None:
        """The line reports how far a speech is."""
        self._mouth.played(event)

    def composed(self, answer: ev.ReplySentence | ev.ReplyEnded) -> None:
        """The mind has composed something for this call."""
        known = self._questions.came(answer)
        if known is not None:
            self.tell(known)

    def mind_state(self, up: bool) -> None:
        """The mind came or went."""
        if not up:
            self._questions.mind_lost()
        self.tell(ev.MindFound(self._call_id) if up else ev.MindLost(self._call_id))

    def go_by_keys(self) -> None:
        """Nobody can be understood any more, or nothing said: the caller goes on by keys, if there is a menu."""
        self._events.put_nowait(None)

    @property
    def dropped_frames(self) -> int:
        """Sound the ear could not keep up with, in ticks."""
        return self._ear.dropped_frames

    def note(self, kind: str, detail: str) -> None:
        """Keep something of the box that this call met."""
        self._book.note(CallEvent(ms(self._tick), kind, detail))

    def _tell_from_thread(self, event: ev.SessionEvent | ev.CallerMayBeDone) -> None:
        self._loop.call_soon_threadsafe(self.tell, event)

    def _failed_from_thread(self) -> None:
        self._loop.call_soon_threadsafe(self.go_by_keys)

    # --- the life of the call -------------------------------------------------------------------

    async def run(self) -> Disposition | None:
        """Answer, converse, close. Whatever breaks inside, the caller hears it said and the record closes.

        A call that goes on by keys is left open, and how it would have ended is returned.
        """
        session, answered = await self._begin()
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                self._talking.append(tasks.create_task(self._mouth.run()))
                closing = await self._converse(session, answered)
                for task in self._talking:  # nobody listens any more; what goes to the disk is seen through
                    task.cancel()
        finally:
            self._tasks = None
            self._ear.close()
            self._voicing.close()
            self._colleagues.close()
            self._questions.drop_guesses()
        disposition = self._as_it_turned_out(closing.disposition)
        self._book.summed_up(closing)
        if self._goes_by_keys:
            return disposition
        await self._book.close(disposition, self._kit.clock.now(), self._quality)
        self._watch.tell("closed", call_id=self._call_id, disposition=disposition)
        return None

    async def give_up(self) -> None:
        """`run` broke for a reason nobody named: the record closes all the same."""
        await self._book.close(Disposition.SYSTEM_FAILURE, self._kit.clock.now(), self._quality)

    def _as_it_turned_out(self, disposition: Disposition) -> Disposition:
        """The caller hung up while the agreed appointment was being written: it is written all the same."""
        while not self._events.empty():
            if isinstance(self._events.get_nowait(), ev.Booked):
                return Disposition.BOOKED
        return disposition

    async def _begin(self) -> tuple[Conversation, ev.CallAnswered]:
        """Take the call. What it was answered with is handled before anything the ear may have heard by then."""
        offered, kit = self._offered, self._kit
        now = kit.clock.now()
        self._send(do.AnswerCall(self._call_id))
        first_turn = await self._book.begin(offered, now, kit.versions)
        name = "" if offered.resumed else await self._name_to_say(offered.caller)
        session = Conversation(
            Session(
                self._call_id,
                kit.business,
                kit.phrases,
                turns=kit.settings.turns,
                mind=kit.settings.mind,
                has_model=self._mind.is_up,
                has_documents=kit.documents is not None and kit.documents.has_any(),
                connects=True,
                first_turn=first_turn,
            ),
            longest_turn_ms=kit.settings.turns.longest_utterance_ms,
        )
        self._watch.tell("offered", call_id=self._call_id, caller=offered.caller)
        return session, ev.CallAnswered(
            self._call_id,
            offered.caller,
            now.isoformat(),
            offered.resumed,
            offered.tick,
            self._book.may_record,
            name,
        )

    async def _name_to_say(self, caller: str) -> str:
        """How to greet who calls; empty: not by name."""
        known, kit = await self._book.caller_name(caller), self._kit
        greets = kit.settings.crm.greet_by_name and kit.business.greets_by_name
        return name_to_say(known, kit.business.language) if greets else ""

    async def _converse(self, session: Conversation, answered: ev.CallAnswered) -> do.CloseCall:
        """Until the session closes the call."""
        event: ev.SessionEvent | ev.CallerMayBeDone | None = answered
        while True:
            if event is None and self._kit.menu is not None:
                self._goes_by_keys = True
                event = ev.CallerHungUp(self._call_id, self._tick, 0)  # to the session it is the same
            try:
                commands = self._ask_session(session, event)
            except Exception:  # noqa: BLE001  the top of a call: say so, end it, keep the record
                _log.exception("session failed", extra={"call_id": self._call_id})
                commands = session.fail(self._tick)
            for command in commands:
                if isinstance(command, do.CloseCall):
                    return command
                self._carry_out(command)
            event = await self._events.get()

    def _ask_session(
        self, session: Conversation, event: ev.SessionEvent | ev.CallerMayBeDone | None
    ) -> list[do.SessionCommand]:
        if event is None:
            return session.fail(self._tick)
        if isinstance(event, ev.CallerHungUp):
            self._quality = event.quality
        self._showing.show(event)
        if isinstance(event, ev.CallerMayBeDone):
            self._prepare(session, event)
            return []
        commands = session.handle(event, self._tick)
        if isinstance(event, ev.SpeechBegan):
            self._anticipate(session)
        if isinstance(event, ev.SpeechPlayed) and event.share >= self._question_share:
            self._question_share = _NO_QUESTION
            self._ear.question_heard()
        return commands

    def _anticipate(self, session: Conversation) -> None:
        """While a question is heard whose answer is nearly certainly one of two words, prepare for both."""
        asked, self._anticipated = self._anticipated, Expectation.ANYTHING
        for text in likely_answers(asked, self._kit.business.language):
            self._prepare(
                session, ev.CallerMayBeDone(self._call_id, text, self._tick, self._tick, self._tick)
            )

    def _prepare(self, session: Conversation, maybe: ev.CallerMayBeDone) -> None:
        """Get ready for what would be said if this were all."""
        foreseen = self._preparing.foresee(Foresight(session), maybe)
        if foreseen.lookup is not None:
            self._errand(self._preparing.look_up(foreseen.lookup))
        if foreseen.is_understood:
            self._ear.understood(maybe.text)

    # --- what goes out --------------------------------------------------------------------------

    def _carry_out(self, command: do.SessionCommand) -> None:
        match command:
            case do.HangUp(call_id=leg) if leg != self._call_id:
                self._colleagues.carry_out(command)
            case do.Speak() | do.StopSpeaking() | do.HoldSpeaking() | do.GoOnSpeaking() | do.HangUp():
                self._speak(command)
            case (
                do.DialColleague()
                | do.Refer()
                | do.ReferReplacing()
                | do.JoinCalls()
                | do.PlayWaiting()
                | do.BriefColleague()
            ):
                self._colleagues.carry_out(command)
            case do.AskModel() | do.CancelAsk():
                self._compose(command)
            case do.Expect(expectation=expectation):
                self._anticipated = expectation
                self._ear.expect(self._asked(expectation))
            case do.FindPassages():
                self._errand(self._look_up(command))
            case do.CallTool():
                self._errand(self._use_tool(command))
            case (
                do.FindOpenings()
                | do.FindAppointments()
                | do.Book()
                | do.MoveAppointment()
                | do.CancelAppointment()
                | do.TakeMessage()
            ):
                self._errand(self._fetch(command))
            case do.SaveTurn() | do.Note() | rec.PauseRecording() | rec.GoOnRecording():
                self._keep(command)
            case rec.BlankRecording() | rec.DiscardRecording() | rec.HideTurns():
                self._keep(command)
            case do.CloseCall():
                pass  # the end of `_converse`
            case _:
                assert_never(command)

    def _keep(self, command: do.SaveTurn | do.Note | rec.RecordingCommand) -> None:
        self._showing.show(command)
        match command:
            case do.SaveTurn():
                self._book.save(command.turn)
            case do.Note():
                self._book.note(command.event)
            case _:
                self._book.keep_as_told(command)

    def _speak(
        self, command: do.Speak | do.StopSpeaking | do.HoldSpeaking | do.GoOnSpeaking | do.HangUp
    ) -> None:
        match command:
            case do.Speak():
                self._question_share = question_share(command.text)
                self._mouth.say(command)
                self._showing.show(command)
            case do.StopSpeaking():
                self._mouth.stop()
                self._send(command)
            case do.HoldSpeaking() | do.GoOnSpeaking():
                self._send(command)
            case do.HangUp():
                self._talking.append(self._errand(self._hang_up_when_said(command)))

    def _compose(self, command: do.AskModel | do.CancelAsk) -> None:
        """What was composed ahead is told before `ModelAsked`: the session then knows whether to bridge a wait."""
        if isinstance(command, do.CancelAsk):
            self._questions.cancel(command)
            return
        for answer in self._questions.ask(command):
            self.tell(answer)
        self.tell(ev.ModelAsked(self._call_id, command.ask))

    def _asked(self, expectation: Expectation) -> Asked:
        now = self._kit.clock.now().astimezone(self._kit.business.zone)
        return Asked(expectation, self._kit.business.region, now)

    def _errand(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        assert self._tasks is not None  # noqa: S101  commands are carried out inside the call's group only
        return self._tasks.create_task(work)

    async def _fetch(self, command: do.DiaryCommand | do.TakeMessage) -> None:
        self.tell(await self._book.fetch(command))

    async def _look_up(self, command: do.FindPassages) -> None:
        self.tell(await self._found(command))

    async def _use_tool(self, command: do.CallTool) -> None:
        """Its name and how it went are kept, what was given and said is not."""
        used = await use(self._kit.tooling, command, self._book.fetch)
        self._book.note(CallEvent(ms(self._tick), "tool", used.account))
        self.tell(used.answer)

    async def _found(self, lookup: do.Lookup) -> ev.SessionEvent:
        """What the diary or the documents say."""
        if not isinstance(lookup, do.FindPassages):
            return await self._book.fetch(lookup)
        documents = self._kit.documents
        if documents is None:
            return ev.PassagesFound(self._call_id, lookup.query)
        return await documents.look_up(lookup)

    async def _hang_up_when_said(self, command: do.HangUp) -> None:
        """Hang up after the last sentence has been handed to the line, which plays what it holds first."""
        await self._mouth.all_sent()
        self._send(command)
