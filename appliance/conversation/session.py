"""One call's conversation: an event comes in, commands go out. Pure; this is where everything is decided.

The table, as it stands on the wall:

    greeting -> listening -> (a flow asks and hears | a fact | the model composes) -> listening -> closing

`handle` takes every event of a call with the tick at which it is handled. What the caller wants is found in
`understand`; what takes several questions is a flow; what nobody prepared goes to the language model, and
what it composes is spoken only if `guard` finds every number, name and promise in what the business said.
"""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from appliance.business import Business
from appliance.conversation.answers import (
    asks_what_we_are,
    is_backchannel,
    is_emergency,
    is_goodbye,
    sounds_like_a_question,
    wants_repeat,
    yes_or_no,
)
from appliance.conversation.assent import SURE_YES_MIN
from appliance.conversation.desk import Desk
from appliance.conversation.floor import Floor
from appliance.conversation.keypad import Keypad
from appliance.conversation.leaving import Leaving
from appliance.conversation.mood import Care
from appliance.conversation.noticing import Noticing
from appliance.conversation.phrases import Phrases
from appliance.conversation.plain_phrases import PlainPhrases
from appliance.conversation.putting_through import PuttingThrough
from appliance.conversation.questions import Questions
from appliance.conversation.recording_rules import RecordingRules
from appliance.conversation.silence import Silence
from appliance.conversation.understand import Intent, Understanding, understand_all
from appliance.conversation.wanted import Wanted, flow_of, sorted_out, weightiest
from appliance.domain import events as ev
from appliance.domain.call import Disposition, TurnClass
from appliance.domain.commands import (
    GoOnSpeaking,
    HangUp,
    SessionCommand,
    StopSpeaking,
)
from appliance.domain.expectation import Expectation
from appliance.settings import Mind, Turns

_SURE_CONFIDENCE: Final = 0.5  # below, the recogniser doubts its own words
_MAY_NAME_SOMEBODY: Final = frozenset({Intent.HUMAN, Intent.QUESTION})  # "is maria there"


class Session:
    """The state of one conversation. `first_turn` continues the numbering of a call that was resumed.

    `has_documents`: open questions go to the office's documents first (FindPassages). `connects`: the telephone
    side can put callers through.
    """

    def __init__(
        self,
        call_id: str,
        business: Business,
        phrases: Phrases,
        *,
        turns: Turns,
        mind: Mind,
        has_model: bool,
        has_documents: bool = False,
        connects: bool = False,
        first_turn: int = 1,
    ) -> None:
        self._call_id = call_id
        self._business = business
        self._limits = turns
        self._desk = Desk(call_id, business, PlainPhrases(phrases), first_turn)
        self._questions = Questions(self._desk, mind, has_model=has_model, has_documents=has_documents)
        self._floor = Floor(self._desk, self._questions)
        self._silence = Silence(self._desk)
        self._noticing = Noticing(self._desk)
        self._rules = RecordingRules(self._desk)
        self._connects = connects
        self._through = PuttingThrough(self._desk)
        self._leaving = Leaving(self._desk)
        self._desk.people = self._through if connects else None
        self._caller_has_spoken = False
        self._keypad = Keypad(business.language)
        self._closing = False
        self._closed = False

    # --- the door -------------------------------------------------------------------------------

    def handle(self, event: ev.SessionEvent, tick: int) -> list[SessionCommand]:
        """What `event`, handled at `tick`, makes us do."""
        self._desk.tick = tick
        return self._rules.follow(event, self._happened(event))

    def _happened(self, event: ev.SessionEvent) -> list[SessionCommand]:
        match event:
            case ev.CallAnswered():
                self._desk.answered(event)
                return self._rules.answered(event)
            case ev.UtteranceHeard():
                return self._heard(event)
            case ev.CallerMayInterrupt() | ev.NobodyInterrupted() | ev.CallerInterrupted():
                return [] if self._is_over else self._floor.over_us(event)
            case ev.CallerSilent():
                return self._silent(event)
            case ev.DigitPressed():
                return self._key(event)
            case ev.SpeechBegan() | ev.VoiceReady() | ev.SpeechPlayed():
                return self._desk.talk.mouth(event)
            case ev.CallerHungUp():
                return self._hung_up()
            case ev.SpeechStarted() | ev.PartialHeard():
                return [] if self._is_over else self._floor.wanted()
            case _:
                return self._found_out(event)

    def _found_out(self, event: ev.AnswerFound | ev.ConnectEvent) -> list[SessionCommand]:
        """An answer to something we asked: the model, documents, diary, message book, a colleague's telephone."""
        match event:
            case ev.ModelAsked() | ev.ReplySentence() | ev.ReplyEnded():
                return self._questions.model(event)
            case ev.MindFound() | ev.MindLost():
                return self._questions.mind_state(event)
            case ev.PassagesFound():
                return self._questions.found(event)
            case ev.OpeningsFound() | ev.Booked() | ev.BookingRefused() | ev.MessageTaken():
                return self._desk.told(event)
            case ev.AppointmentsFound() | ev.AppointmentMoved() | ev.AppointmentCancelled():
                return self._desk.told(event)
            case ev.ToolAnswered():
                return self._questions.tool_answered(event)
            case _:
                return self._through.happened(event)

    def copied(self) -> Session:
        """This conversation as it stands, to try things on: what is done to the copy happens to nobody."""
        shared = (self._business, self._limits)
        return copy.deepcopy(self, {id(one): one for one in shared})

    @property
    def puzzled(self) -> int:
        """How often we did not know what to do with the caller's words."""
        return self._desk.puzzled

    @property
    def has_said_everything(self) -> bool:
        """Whether nothing of ours is being heard, or will be."""
        return not self._desk.talk.is_speaking and not self._closing

    def take_back(self) -> list[SessionCommand]:
        """Nothing of what we were about to say is to be said."""
        return [StopSpeaking(self._call_id), *self._questions.drop()]

    def count_on_from(self, later: Session) -> None:
        """Numbers that `later` has given away are not given again; what it knows of the mind is known."""
        self._desk.course.count_on_from(later._desk.course)
        self._desk.talk.count_on_from(later._desk.talk)
        self._questions.count_on_from(later._questions)
        self._through.count_on_from(later._through)

    @property
    def _is_over(self) -> bool:
        return self._closing or self._through.is_over

    @property
    def zone(self) -> ZoneInfo:
        """Where the office's clock stands."""
        return self._business.zone

    @property
    def now(self) -> datetime:
        """The office's time at the tick being handled."""
        return self._desk.now

    # --- what the caller said -------------------------------------------------------------------

    def _heard(self, event: ev.UtteranceHeard) -> list[SessionCommand]:
        if self._is_over:
            return []
        talk = self._desk.talk
        talk.listen(event)
        waited = self._floor.waited()
        if not event.text:
            return [GoOnSpeaking(self._call_id)] if waited else self._floor.heard_noise()
        self._silence.broken(event.text)
        self._caller_has_spoken = True
        event, known = self._rules.heard(event)
        if self._questions.is_waiting and is_backchannel(event.text):  # "okay", at "let me check that"
            talk.speak_unasked()
            return [talk.heard(known), *([GoOnSpeaking(self._call_id)] if waited else [])]
        stopped = [StopSpeaking(self._call_id), *talk.interrupt()] if waited else []
        saved = talk.heard(known)
        return [*stopped, saved, *self._questions.drop(), *self._respond(event, known.text)]

    def _respond(self, event: ev.UtteranceHeard, known: str) -> list[SessionCommand]:
        text = event.text
        if is_emergency(text):
            return self._emergency()
        if (replied := self._rules.replied()) is not None:
            return replied
        care = self._noticing.heard(text, sure=event.confidence >= SURE_YES_MIN)
        if care is Care.END:
            return self._close("abuse_end")
        if care is Care.WARN:
            return self._noticing.warned()
        if wants_repeat(text):
            return self._noticing.repeated()
        if asks_what_we_are(text):
            return self._desk.say_then_return(self._desk.phrases.say("what_we_are"), TurnClass.PHRASE)
        wishes = understand_all(text, event.likely, self._business)
        if (answered := self._about_people(weightiest(wishes), text)) is not None:
            return answered
        self._noticing.understood(known, wishes)
        return self._respond_in_flow(event, wishes) if self._desk.flow else self._respond_freely(text, wishes)

    def _about_people(self, meant: Understanding, text: str) -> list[SessionCommand] | None:
        """Words of a caller who waits for somebody, or was asked whom they mean; None: they are about neither."""
        if not self._connects:
            return None
        if not self._through.is_trying:
            return self._through.answered(text)
        done, goes_on = self._through.while_it_rings(meant)
        return [*done, *(self._act(meant, text) if goes_on else [])]

    def _put_through(self, meant: Understanding, text: str) -> list[SessionCommand] | None:
        """Whoever is asked for is tried; where nobody can be, a message is offered. None: nobody is asked for."""
        tried = None
        if self._connects:
            tried = self._through.person(meant.whom) if meant.whom else self._through.wished(text)
        if tried is not None or meant.intent is not Intent.HUMAN:
            return tried
        operator = self._through.person(None) if self._connects else None
        return self._desk.offer_message("no_human") if operator is None else operator

    def _respond_freely(self, text: str, wishes: tuple[Understanding, ...]) -> list[SessionCommand]:
        """Nothing is under way: the facts that were asked for first, then the wish that takes longer."""
        if more := self._on_offer_of_more(text) or self._leaving.wants_nothing(weightiest(wishes), text):
            return more
        if len(wishes) == 1:
            return self._act(wishes[0], text)
        wanted = sorted_out(wishes, text, self._business.services)
        facts = [self._questions.fact(one.fact or "", one.text) for one in wanted.facts]
        noted = [self._desk.note("fact", one.fact or "") for one in wanted.facts]
        told = [*noted, *self._desk.say(" ".join(facts), TurnClass.FACT)] if facts else []
        if wanted.longest.intent is Intent.FACT:
            return told
        return [*told, *self._one_after_the_other(wanted)]

    def _one_after_the_other(self, wanted: Wanted) -> list[SessionCommand]:
        """An open question first; the flow that was wished for with it begins when it is answered."""
        longest, flow = wanted.longest, flow_of(wanted.longest)
        if wanted.question is None or flow is None:
            return self._act(longest, longest.text)
        self._desk.begin_after_answer(flow, longest.text, longest.service)
        return self._questions.ask(wanted.question.text)

    def _respond_in_flow(
        self, event: ev.UtteranceHeard, wishes: tuple[Understanding, ...]
    ) -> list[SessionCommand]:
        text, meant = event.text, weightiest(wishes)
        if self._leaving.is_wished(meant, text):
            return self._leaving.leave(meant, text) or self._act(meant, text)
        if self._desk.course.offers and meant.service and flow_of(meant) is not None:
            return self._act(meant, text)  # "okay then a check up on monday" is no yes to a message
        if not (meant.intent is Intent.FACT and sounds_like_a_question(text)):
            is_yes_no = self._desk.talk.expectation is Expectation.YES_NO
            sure = event.confidence >= (SURE_YES_MIN if is_yes_no else _SURE_CONFIDENCE)
            answered = self._desk.heard(text, sure=sure)
            if answered is not None:
                return answered
        return self._act(meant, text)

    def _on_offer_of_more(self, text: str) -> list[SessionCommand]:
        """After "anything else?" a bare no ends the call and a bare yes asks what."""
        talk = self._desk.talk
        offered = talk.last_said.endswith(self._desk.phrases.say("anything_else"))
        if not offered or len(text.split()) > 4 or is_goodbye(text):
            return []
        match yes_or_no(text, self._business.language):
            case False:
                return self._close("goodbye")
            case True if (cut := talk.take_up()) is not None:  # a nod: the question was still to come
                return self._desk.say(cut.unplayed(), cut.turn_class, expectation=talk.expectation)
            case True:
                return self._desk.say_phrase("how_help")
            case _:
                return []

    # --- acting ---------------------------------------------------------------------------------

    def _emergency(self) -> list[SessionCommand]:
        """Before anything else; nothing that was under way matters now."""
        self._desk.course.drop()
        helped = self._through.emergency() if self._connects else None
        return [
            self._desk.note("emergency"),
            *(self._desk.say_phrase("emergency") if helped is None else helped),
        ]

    def _act(self, meant: Understanding, text: str) -> list[SessionCommand]:
        if (recalled := self._noticing.recalled(text)) is not None:
            return recalled
        flow = flow_of(meant)
        if flow and not self._desk.course.is_in(flow):
            return self._desk.begin(flow, text, meant.service)
        if meant.intent is Intent.FACT:
            told = self._questions.fact(meant.fact or "", text)
            return [
                self._desk.note("fact", meant.fact or ""),
                *self._desk.say_then_return(told, TurnClass.FACT),
            ]
        if meant.intent in _MAY_NAME_SOMEBODY and (tried := self._put_through(meant, text)) is not None:
            return tried
        if meant.intent is Intent.GOODBYE and (self._desk.flow is None or is_goodbye(text)):
            return self._close("goodbye")
        if (eased := self._noticing.eased()) is not None:
            return eased
        return self._act_freely(meant, text) if self._desk.flow is None else self._act_in_flow(text)

    def _act_in_flow(self, text: str) -> list[SessionCommand]:
        """Only a real question is a detour; the rest are failed answers."""
        return self._questions.ask(text) if sounds_like_a_question(text) else self._desk.missed()

    def _act_freely(self, meant: Understanding, text: str) -> list[SessionCommand]:
        match meant.intent:
            case Intent.THANKS:
                return self._desk.say_phrase("welcome")
            case Intent.GREETING:
                return self._desk.say_phrase("how_help")
            case Intent.QUESTION if is_backchannel(text):
                return self._silence.only_sounds()
            case Intent.QUESTION if len(text.split()) > 2:  # two words say too little
                return self._questions.ask(text)
            case _:
                return self._desk.missed()

    # --- keys and silence ------------------------------------------------------------------------

    def _key(self, event: ev.DigitPressed) -> list[SessionCommand]:
        """Keys interrupt at once, and then mean what was asked or offered."""
        noted = self._desk.note("key", event.method)
        stopped = [] if self._is_over else self._floor.taken()
        self._silence.broken()
        self._caller_has_spoken = True
        meant = self._keypad.press(event.digit, self._desk.talk.expectation)
        return [noted, *stopped, *self._on_key(meant)]

    def _on_key(self, meant: str | Intent | None) -> list[SessionCommand]:
        if isinstance(meant, Intent):
            is_free = self._desk.flow is None or meant is Intent.HUMAN
            return self._act(Understanding(meant), "") if is_free else []
        return (self._rules.pressed(meant) or self._desk.heard(meant) or []) if meant else []

    def _silent(self, event: ev.CallerSilent) -> list[SessionCommand]:
        if self._questions.is_waiting:
            return self._questions.bridge()
        if self._is_over or self._desk.talk.is_speaking or event.silent_ms < self._limits.reprompt_after_ms:
            return []
        if self._through.is_trying:
            return self._through.silent()
        done = self._silence.lasts()
        return self._close("nobody_there") if done is None else done

    # --- the end --------------------------------------------------------------------------------

    def _close(self, phrase: str) -> list[SessionCommand]:
        self._closing = True
        said = self._desk.say_phrase(phrase)
        return [*self._questions.drop(), *said, HangUp(self._call_id)]

    def fail(self, tick: int) -> list[SessionCommand]:
        """Something inside broke that nobody could name: apologise and end the call, never leave silence."""
        self._desk.tick = tick
        self._desk.course.fail()
        return self._close("fault")

    def _hung_up(self) -> list[SessionCommand]:
        if self._closed:
            return []
        self._closed = True
        self._through.caller_gone()
        closed = self._desk.closing(self._disposition())
        return [*self._questions.drop(), *self._desk.talk.end(), closed]

    def _disposition(self) -> Disposition:
        if (result := self._desk.course.result) is not None:
            return result
        if not self._caller_has_spoken:
            return Disposition.SILENT if self._silence.count else Disposition.ABANDONED
        return Disposition.ABANDONED if self._desk.flow is not None else Disposition.ANSWERED
