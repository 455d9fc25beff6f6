"""One call's conversation: an event comes in, commands go out. Pure; this is where everything is decided.

The table, as it stands on the wall:

    greeting -> listening -> (a flow asks and hears | a fact | the model composes) -> listening -> closing

`handle` takes every event of a call with the tick at which it is handled. What the caller wants is found in
`understand`; what takes several questions is a flow; what nobody prepared goes to the language model, and
what it composes is spoken only if `guard` finds every number, name and promise in what the business said.
"""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from appliance.business import Business
from appliance.conversation.answers import (
    is_backchannel,
    is_emergency,
    is_goodbye,
    sounds_like_a_question,
    wants_repeat,
    yes_or_no,
)
from appliance.conversation.composing import Composing
from appliance.conversation.course import Course
from appliance.conversation.facts import answer_of, grounding_sources
from appliance.conversation.flows.sayings import sayings_of
from appliance.conversation.flows.step import Flow, Step, Told
from appliance.conversation.keypad import Keypad, offer_of_keys
from appliance.conversation.phrases import Phrases
from appliance.conversation.prompts import system_prompt
from appliance.conversation.reply import Reply
from appliance.conversation.talk import Talk
from appliance.conversation.understand import Intent, Understanding, understand
from appliance.domain import events as ev
from appliance.domain.call import CallEvent, Disposition, TurnClass
from appliance.domain.commands import (
    CloseCall,
    Expect,
    GoOnSpeaking,
    HangUp,
    HoldSpeaking,
    Note,
    SessionCommand,
    StopSpeaking,
)
from appliance.domain.expectation import Expectation
from appliance.domain.sound import TICK_MS, ms
from appliance.settings import Mind, Turns

_SURE_CONFIDENCE = 0.5  # below, the recogniser doubts its own words
_UNANSWERED_MAX = 2  # questions in one flow to which we had no answer: then there must be another way
_DETOURS_MAX = 3  # questions in a row: who asks so much wants to know something, and nothing else
_WORDS_OF_LEAVING = 6  # in free dictation only so short a sentence is no dictation
_THINKING = ("thinking_1", "thinking_2", "thinking_3")  # a breath long: the answer is about to come
_DONE = {
    ev.Booked: Disposition.BOOKED,
    ev.AppointmentMoved: Disposition.MOVED,
    ev.AppointmentCancelled: Disposition.CANCELLED,
}
_FLOWS = {"book": "booking", "message": "message", "move": "move", "cancel": "cancel"}  # by intent
_NO_FLOW = frozenset({Intent.FACT, Intent.HUMAN, Intent.GOODBYE})
_WAITING = ("waiting_1", "waiting_2")  # it takes longer


class Session:
    """The state of one conversation. `first_turn` continues the numbering of a call that was resumed."""

    def __init__(
        self,
        call_id: str,
        business: Business,
        phrases: Phrases,
        *,
        turns: Turns,
        mind: Mind,
        has_model: bool,
        first_turn: int = 1,
    ) -> None:
        self._call_id = call_id
        self._business = business
        self._phrases = phrases
        self._limits = turns
        self._has_model = has_model
        self._talk = Talk(call_id, first_turn)
        self._composing = Composing(call_id, system_prompt(business), mind, self._talk)
        self._answered_at = datetime.min.replace(tzinfo=UTC)
        self._tick = 0
        self._course = Course(call_id, business, phrases, first_turn)
        self._sayings = sayings_of(business.language)
        self._unanswered = 0
        self._detours = 0
        self._silences = 0
        self.puzzled = 0
        """How often we did not know what to do with the caller's words."""
        self._caller_has_spoken = False
        self._keypad = Keypad()
        self._closing = False
        self._waits = False
        self._closed = False

    # --- the door -------------------------------------------------------------------------------

    def handle(self, event: ev.SessionEvent, tick: int) -> list[SessionCommand]:
        """What `event`, handled at `tick`, makes us do."""
        self._tick = tick
        match event:
            case ev.CallAnswered():
                return self._answered(event)
            case ev.UtteranceHeard():
                return self._heard(event)
            case ev.CallerMayInterrupt() | ev.NobodyInterrupted() | ev.CallerInterrupted():
                return self._over_us(event)
            case ev.CallerSilent():
                return self._silent(event)
            case ev.DigitPressed():
                return self._key(event)
            case ev.SpeechBegan() | ev.VoiceReady() | ev.SpeechPlayed():
                return self._talk.mouth(event)
            case ev.ModelAsked() | ev.ReplySentence() | ev.ReplyEnded():
                return self._model(event)
            case ev.MindFound() | ev.MindLost():
                return self._mind_state(event)
            case (
                ev.OpeningsFound()
                | ev.Booked()
                | ev.BookingRefused()
                | ev.AppointmentsFound()
                | ev.AppointmentMoved()
                | ev.AppointmentCancelled()
                | ev.MessageTaken()
            ):
                return self._told(event)
            case ev.CallerHungUp():
                return self._hung_up()
            case ev.SpeechStarted() | ev.PartialHeard():
                return self._caller_speaks()
            case _:
                assert_never(event)

    def copied(self) -> Session:
        """This conversation as it stands, to try things on: what is done to the copy happens to nobody."""
        shared = (self._business, self._phrases, self._limits, self._sayings)
        return copy.deepcopy(self, {id(one): one for one in shared})

    @property
    def has_said_everything(self) -> bool:
        """Whether nothing of ours is being heard, or will be unless something happens."""
        return not self._talk.is_speaking and not self._closing

    def take_back(self) -> list[SessionCommand]:
        """Nothing of what we were about to say is to be said."""
        return [StopSpeaking(self._call_id), *self._composing.drop()]

    def count_on_from(self, later: Session) -> None:
        """Numbers that `later` has given away are not given again; what it knows of the mind is known."""
        self._course.count_on_from(later._course)
        self._has_model = later._has_model
        self._talk.count_on_from(later._talk)
        self._composing.count_on_from(later._composing)

    @property
    def zone(self) -> ZoneInfo:
        """Where the office's clock stands."""
        return self._business.zone

    @property
    def now(self) -> datetime:
        """The office's time at the tick being handled."""
        return self._answered_at + timedelta(milliseconds=self._tick * TICK_MS)

    def _answered(self, event: ev.CallAnswered) -> list[SessionCommand]:
        elapsed = timedelta(milliseconds=event.tick * TICK_MS)
        self._answered_at = datetime.fromisoformat(event.now_iso).astimezone(self._business.zone) - elapsed
        self._course.calling_from = event.caller
        greeting = self._phrases.say("resumed") if event.resumed else self._business.greeting
        return self._say(greeting, TurnClass.PHRASE)

    # --- what the caller said -------------------------------------------------------------------

    def _heard(self, event: ev.UtteranceHeard) -> list[SessionCommand]:
        if self._closing:
            return []
        self._talk.listen(event)
        waited, self._waits = self._waits, False
        if not event.text:
            return [GoOnSpeaking(self._call_id)] if waited else self._heard_noise()
        self._silences = 0
        self._caller_has_spoken = True
        if self._composing.is_waiting and is_backchannel(event.text):  # "okay", at "let me check that"
            self._talk.speak_unasked()
            return [self._talk.heard(event), *([GoOnSpeaking(self._call_id)] if waited else [])]
        stopped = [StopSpeaking(self._call_id), *self._talk.interrupt()] if waited else []
        saved = self._talk.heard(event)
        return [*stopped, saved, *self._composing.drop(), *self._respond(event)]

    def _caller_speaks(self) -> list[SessionCommand]:
        """What we are about to say waits for the caller's words; said again with each, for a hold ends by itself."""
        if self._closing or not self._talk.is_about_to_speak:
            return []
        self._waits = True
        return [HoldSpeaking(self._call_id)]

    def _heard_noise(self) -> list[SessionCommand]:
        """A sound without words: if it made us stop, go on from the word where we stopped."""
        self._talk.speak_unasked()
        stopped = self._talk.take_up()
        if stopped is None:
            return []
        return self._say(stopped.unplayed(), stopped.turn_class, expectation=self._talk.expectation)

    @property
    def _flow(self) -> Flow | None:
        return self._course.flow

    def _respond(self, event: ev.UtteranceHeard) -> list[SessionCommand]:
        text = event.text
        if is_emergency(text):
            return self._emergency()
        if wants_repeat(text):
            return self._say(self._talk.last_said, TurnClass.PHRASE, expectation=self._talk.expectation)
        meant = understand(text, event.likely, self._business)
        if self._flow is None:
            return self._on_offer_of_more(text) or self._wants_nothing(meant, text) or self._act(meant, text)
        if self._leaves(meant, text):
            return self._leave(meant, text)
        is_detour = meant.intent is Intent.FACT and sounds_like_a_question(text)
        step = None if is_detour else self._course.heard(text, self._now_local(), sure=_is_sure(event))
        if step is None:
            return self._act(meant, text)
        self._detours = 0
        return self._take(step)

    def _wants_nothing(self, meant: Understanding, text: str) -> list[SessionCommand]:
        """ "I don't want to book" names a flow and wants none."""
        if meant.intent.value not in _FLOWS or not self._sayings.leaves.search(text.lower()):
            return []
        return self._say(self._phrases.say("how_help"), TurnClass.PHRASE)

    def _leaves(self, meant: Understanding, text: str) -> bool:
        """Whether the caller wants nothing of what is under way: "never mind", "i don't want to book"."""
        if self._course.takes_anything and len(text.split()) > _WORDS_OF_LEAVING:
            return False
        return meant.intent is Intent.NEVER_MIND or bool(self._sayings.leaves.search(text.lower()))

    def _leave(self, meant: Understanding, text: str) -> list[SessionCommand]:
        """Out of the flow; a question that was asked with it is answered."""
        self._course.drop()
        if meant.intent is Intent.FACT or (
            meant.intent is Intent.QUESTION and len(text.split()) > _WORDS_OF_LEAVING
        ):
            return self._act(meant, text)
        return self._say(self._phrases.say("flow_dropped"), TurnClass.PHRASE)

    def _emergency(self) -> list[SessionCommand]:
        """Before anything else; nothing that was under way matters now."""
        self._course.drop()
        noted = Note(self._call_id, CallEvent(ms(self._tick), "emergency"))
        return [noted, *self._say(self._phrases.say("emergency"), TurnClass.PHRASE)]

    def _on_offer_of_more(self, text: str) -> list[SessionCommand]:
        """After "anything else?" a bare no ends the call and a bare yes asks what."""
        if not self._talk.last_said.endswith(self._phrases.say("anything_else")) or len(text.split()) > 4:
            return []
        match yes_or_no(text):
            case False:
                return self._close(self._phrases.say("goodbye"))
            case True if (cut := self._talk.take_up()) is not None:  # a nod: the question was still to come
                return self._say(cut.unplayed(), cut.turn_class, expectation=self._talk.expectation)
            case True:
                return self._say(self._phrases.say("how_help"), TurnClass.PHRASE)
            case _:
                return []

    def _act(self, meant: Understanding, text: str) -> list[SessionCommand]:
        flow = self._flow_wished(meant, text)
        if flow and not self._course.is_in(flow):
            return self._begin(flow, text, meant.service)
        match meant.intent:
            case Intent.FACT:
                return self._tell_fact(meant.fact or "", text)
            case Intent.HUMAN:
                return self._offer_message("no_human")
            case Intent.GOODBYE if self._flow is None or is_goodbye(text):
                return self._close(self._phrases.say("goodbye"))
            case Intent.THANKS if self._flow is None:
                return self._say(self._phrases.say("welcome"), TurnClass.PHRASE)
            case Intent.GREETING if self._flow is None:
                return self._say(self._phrases.say("how_help"), TurnClass.PHRASE)
            case Intent.QUESTION if is_backchannel(text) and self._flow is None:
                return self._say(self._phrases.say("anything_else"), TurnClass.PHRASE)
            case Intent.QUESTION if self._flow is None and len(text.split()) > 2:  # two words say too little
                return self._ask_mind(text)
            case _ if self._flow is not None and sounds_like_a_question(text):  # the rest are failed answers
                return self._ask_mind(text)
            case _:
                return self._not_an_answer()

    def _flow_wished(self, meant: Understanding, text: str) -> str:
        """The flow that does what the caller wants; a wish about an appointment one has is none for a new one."""
        if meant.intent in _NO_FLOW:
            return ""
        return self._sayings.flow_wished(text.lower()) or _FLOWS.get(meant.intent.value, "")

    def _not_an_answer(self) -> list[SessionCommand]:
        """Words that fit nothing: ask for them again; what a flow asks then is its own business."""
        self.puzzled += 1
        if self._flow is None:
            return self._say(self._phrases.say("say_again"), TurnClass.PHRASE)
        return self._take(self._flow.missed())

    def _tell_fact(self, fact_id: str, question: str) -> list[SessionCommand]:
        answer = answer_of(fact_id, question, self._business, self._phrases, self._now_local())
        return self._say_then_ask_again(answer, TurnClass.FACT)

    def _say_then_ask_again(self, text: str, turn_class: TurnClass) -> list[SessionCommand]:
        """An answer given in the middle of a flow is followed by the flow's own question."""
        if not self._returns_to_flow() or self._flow is None:
            return self._say(text, turn_class)
        step = self._flow.ask_again()
        return self._say(text, turn_class, then=step.say, expectation=step.expectation)

    def _returns_to_flow(self) -> bool:
        """Whether a detour ends where it began. Who asks one thing after another is asked nothing more."""
        self._detours += 1
        if self._detours >= _DETOURS_MAX:
            self._course.drop()
        return self._flow is not None

    def _now_local(self) -> datetime:
        return self.now.astimezone(self._business.zone)

    # --- flows ----------------------------------------------------------------------------------

    def _begin(self, name: str, text: str, service: str | None = None) -> list[SessionCommand]:
        if not self._course.can_begin(name):
            return self._offer_message("not_known")
        self._unanswered = self._detours = 0
        return self._take(self._course.begin(name, self._now_local(), wished=text, service=service))

    def _offer_message(self, phrase: str, *, before: Flow | None = None) -> list[SessionCommand]:
        self._unanswered = self._detours = 0
        return self._take(self._course.offer(phrase, before=before))

    def _take(self, step: Step) -> list[SessionCommand]:
        """Carry out one move of the flow."""
        if step.stuck:
            return self._offer_message("way_out", before=self._flow)
        if step.begins:
            return self._begin(step.begins, "")
        said = self._say(step.say, TurnClass.FLOW, expectation=step.expectation) if step.say else []
        if step.offers:
            self._course.offered(step.say, step.offers)
        if step.outcome is not None:
            self._course.finish(step.outcome)
        return [*said, *([self._course.send(step.need)] if step.need else [])]

    def _told(self, event: Told) -> list[SessionCommand]:
        if (done := _DONE.get(type(event))) is not None:
            self._course.note(done)  # true whatever the caller does next
        step = self._course.told(event, self._now_local())
        return self._take(step) if step is not None else []  # None: a question nobody asks any more

    # --- the model ------------------------------------------------------------------------------

    def _ask_mind(self, question: str) -> list[SessionCommand]:
        """An open question: speak what the model composes, if it may be; until it does, say that we think."""
        if not self._has_model:
            return self._not_known()
        asks = sounds_like_a_question(question)  # who only paused in a longer story is not spoken into
        thinking = self._phrases.say(_THINKING[self._composing.asked % len(_THINKING)]) if asks else ""
        sources = grounding_sources(self._business, self._now_local())
        return self._composing.ask(question, sources, thinking, self._tick)

    def _model(self, event: ev.ModelAsked | ev.ReplySentence | ev.ReplyEnded) -> list[SessionCommand]:
        if not self._composing.answers(event):
            return []  # late: dropped by number
        if isinstance(event, ev.ModelAsked):
            return self._composing.asked_of_model()
        if isinstance(event, ev.ReplySentence):
            commands, failed = self._composing.sentence(event.text, self._tick)
            return [*commands, *(self._not_known() if failed else [])]
        reply, answered = self._composing.end()
        asked_again = self._back_to_flow(reply) if answered else []
        closed = self._talk.close(reply)
        return [*asked_again, *closed, *([] if answered else self._not_known())]

    def _back_to_flow(self, reply: Reply) -> list[SessionCommand]:
        """A detour in the middle of a flow ends with the flow's own question."""
        if not self._returns_to_flow() or self._flow is None:
            return []
        step = self._flow.ask_again()
        self._talk.expectation = step.expectation
        return [Expect(self._call_id, step.expectation), self._talk.add(reply, step.say)]

    def _not_known(self) -> list[SessionCommand]:
        """Nobody knows: offer a message, or, in the middle of something, say so and go on with it."""
        self.puzzled += 1
        if self._flow is None:
            return self._offer_message("not_known")
        self._unanswered += 1
        if self._unanswered >= _UNANSWERED_MAX and not self._course.takes_or_offers("message"):
            return self._offer_message("not_known", before=self._flow)
        return self._say_then_ask_again(self._phrases.say("not_known_short"), TurnClass.PHRASE)

    def _mind_state(self, event: ev.MindFound | ev.MindLost) -> list[SessionCommand]:
        self._has_model = isinstance(event, ev.MindFound)
        if self._has_model or not self._composing.is_waiting:
            return []
        return self._model(ev.ReplyEnded(self._call_id, self._composing.asked, "failed"))

    def _say(
        self,
        text: str,
        turn_class: TurnClass,
        *,
        then: str = "",
        expectation: Expectation = Expectation.ANYTHING,
    ) -> list[SessionCommand]:
        """Say `text`, then `then`, as one turn."""
        return self._talk.say([text, then], turn_class, self._tick, expectation=expectation)[1]

    # --- interruption, keys, silence ------------------------------------------------------------

    def _over_us(
        self, event: ev.CallerMayInterrupt | ev.NobodyInterrupted | ev.CallerInterrupted
    ) -> list[SessionCommand]:
        """Somebody makes a sound while we speak: be silent while it is found out whether they mean it."""
        if self._closing or not self._talk.is_speaking:
            return []
        match event:
            case ev.CallerMayInterrupt():
                return [HoldSpeaking(self._call_id)]
            case ev.NobodyInterrupted():
                went_on = Note(self._call_id, CallEvent(ms(self._tick), "went_on"))
                return [GoOnSpeaking(self._call_id), went_on]
            case ev.CallerInterrupted():
                return self._interrupted()

    def _interrupted(self) -> list[SessionCommand]:
        if self._closing or not self._talk.is_speaking:
            return []
        return [
            StopSpeaking(self._call_id),
            Note(self._call_id, CallEvent(ms(self._tick), "barge_in")),
            *self._composing.drop(),
            *self._talk.interrupt(),
        ]

    def _key(self, event: ev.DigitPressed) -> list[SessionCommand]:
        """Keys interrupt at once, and then mean what was asked or offered."""
        noted: list[SessionCommand] = [Note(self._call_id, CallEvent(ms(event.tick), "key", event.method))]
        stopped = self._interrupted()
        self._silences = 0
        self._caller_has_spoken = True
        meant = self._keypad.press(event.digit, self._talk.expectation)
        return [*noted, *stopped, *self._on_key(meant)]

    def _on_key(self, meant: str | Intent | None) -> list[SessionCommand]:
        if meant is Intent.HUMAN:
            return self._offer_message("no_human")
        if isinstance(meant, Intent):
            return self._act(Understanding(meant), "") if self._flow is None else []
        step = self._course.heard(meant, self._now_local()) if meant else None
        return self._take(step) if step is not None else []

    def _silent(self, event: ev.CallerSilent) -> list[SessionCommand]:
        if self._composing.is_waiting:
            return self._composing.bridge(
                self._phrases.say(_WAITING[self._composing.bridged % len(_WAITING)])
            )
        if self._closing or self._talk.is_speaking or event.silent_ms < self._limits.reprompt_after_ms:
            return []
        self._silences += 1
        self._talk.speak_unasked()
        match self._silences:
            case 1:
                return self._ask_once_more()
            case 2:
                return self._offer_keys()
            case 3 if not self._course.takes_or_offers("message"):
                return self._offer_message("cannot_hear")
            case _:
                return self._close(self._phrases.say("nobody_there"))

    def _ask_once_more(self) -> list[SessionCommand]:
        if self._flow is None:
            return self._say(self._phrases.say("still_there"), TurnClass.PHRASE)
        step = self._flow.ask_again()
        return self._say(step.say, TurnClass.FLOW, expectation=step.expectation)

    def _offer_keys(self) -> list[SessionCommand]:
        """Perhaps we cannot hear them: there is another way to answer, for most questions."""
        expectation = self._talk.expectation
        phrase = offer_of_keys(
            expectation, in_flow=self._flow is not None, books=bool(self._business.services)
        )
        return self._say(self._phrases.say(phrase), TurnClass.PHRASE, expectation=expectation)

    # --- the end --------------------------------------------------------------------------------

    def _close(self, text: str) -> list[SessionCommand]:
        self._closing = True
        said = self._say(text, TurnClass.PHRASE)
        return [*self._composing.drop(), *said, HangUp(self._call_id)]

    def fail(self, tick: int) -> list[SessionCommand]:
        """Something inside broke that nobody could name: apologise and end the call, never leave silence."""
        self._tick = tick
        self._course.fail()
        return self._close(self._phrases.say("fault"))

    def _hung_up(self) -> list[SessionCommand]:
        if self._closed:
            return []
        self._closed = True
        return [
            *self._composing.drop(),
            *self._talk.end(),
            CloseCall(self._call_id, self._disposition()),
        ]

    def _disposition(self) -> Disposition:
        if (result := self._course.result) is not None:
            return result
        if not self._caller_has_spoken:
            return Disposition.SILENT if self._silences else Disposition.ABANDONED
        return Disposition.ABANDONED if self._flow is not None else Disposition.ANSWERED


def _is_sure(event: ev.UtteranceHeard) -> bool:
    return event.confidence >= _SURE_CONFIDENCE
