"""Who has the floor: we hold, stop, or go on when the caller makes a sound over us or before we began."""

from __future__ import annotations

from appliance.conversation.desk import Desk
from appliance.conversation.questions import Questions
from appliance.domain import events as ev
from appliance.domain.commands import GoOnSpeaking, HoldSpeaking, SessionCommand, StopSpeaking


class Floor:
    """The floor of one call."""

    def __init__(self, desk: Desk, questions: Questions) -> None:
        self._desk = desk
        self._questions = questions
        self._waits = False

    def over_us(
        self, event: ev.CallerMayInterrupt | ev.NobodyInterrupted | ev.CallerInterrupted
    ) -> list[SessionCommand]:
        """Somebody makes a sound while we speak: be silent while it is found out whether they mean it."""
        if not self._desk.talk.is_speaking:
            return []
        match event:
            case ev.CallerMayInterrupt():
                return [HoldSpeaking(self._desk.call_id)]
            case ev.NobodyInterrupted():
                return [GoOnSpeaking(self._desk.call_id), self._desk.note("went_on")]
            case ev.CallerInterrupted():
                self._desk.mood.interrupted()
                return self.taken()

    def taken(self) -> list[SessionCommand]:
        """The caller has the floor: what we were saying is stopped."""
        if not self._desk.talk.is_speaking:
            return []
        stopped: list[SessionCommand] = [StopSpeaking(self._desk.call_id), self._desk.note("barge_in")]
        return [*stopped, *self._questions.drop(), *self._desk.talk.interrupt()]

    def wanted(self) -> list[SessionCommand]:
        """What we are about to say waits for the caller's words; said again with each, for a hold ends by itself."""
        if not self._desk.talk.is_about_to_speak:
            return []
        self._waits = True
        return [HoldSpeaking(self._desk.call_id)]

    def waited(self) -> bool:
        """Whether something of ours waited for the words that have now been heard; once."""
        waited, self._waits = self._waits, False
        return waited

    def heard_noise(self) -> list[SessionCommand]:
        """A sound without words: if it made us stop, go on from the word where we stopped."""
        talk = self._desk.talk
        talk.speak_unasked()
        stopped = talk.take_up()
        if stopped is None:
            return []
        return self._desk.say(stopped.unplayed(), stopped.turn_class, expectation=talk.expectation)
