"""The session's way to people: what `Reaching` decides, said and done at the call's desk."""

from __future__ import annotations

from typing import Final

from appliance.conversation.connecting import Ending, Move
from appliance.conversation.desk import Desk
from appliance.conversation.flows.step import Flow
from appliance.conversation.reaching import Reaching
from appliance.conversation.understand import Intent, Understanding
from appliance.domain import events as ev
from appliance.domain.call import Disposition
from appliance.domain.commands import ConnectCommand, HangUp, SessionCommand, StopSpeaking
from appliance.domain.expectation import Expectation

Orders = list[SessionCommand | ConnectCommand]

_INSTEAD_OF_WAITING: Final = frozenset(
    {Intent.NEVER_MIND, Intent.MESSAGE, Intent.BOOK, Intent.MOVE, Intent.CANCEL, Intent.GOODBYE, Intent.FLOW}
)


class PuttingThrough:
    """People, for one call. What returns None was not about people, or cannot be done here."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._reaching = Reaching(desk.call_id, desk.business, desk.phrases)
        self._interrupted: Flow | None = None
        """What was under way when somebody was asked for; goes on when nobody can be had."""

    @property
    def is_over(self) -> bool:
        """Whether the caller is with somebody else: nothing is left to say or hear."""
        return self._reaching.was_connected

    @property
    def is_trying(self) -> bool:
        """Whether somebody is being rung for the caller."""
        return self._reaching.is_trying

    def count_on_from(self, later: PuttingThrough) -> None:
        """Legs that `later` has numbered are not numbered again."""
        self._reaching.count_on_from(later._reaching)

    # --- the caller -----------------------------------------------------------------------------

    def answered(self, text: str) -> Orders | None:
        """The caller's words after a question of ours about people."""
        was_asked_who = self._reaching.asks_who
        answered = self._done(self._reaching.answered(text, self._desk.now))
        if was_asked_who:
            self._desk.course.introduce(self._reaching.caller.name)
        return answered

    def wished(self, text: str) -> Orders | None:
        """The caller's words, if they ask for somebody of the directory; not in free dictation."""
        if self._desk.course.takes_anything:
            return None
        self._tell_what_is_known()
        return self._done(self._reaching.wished(text, self._desk.now))

    def person(self, whom: str | None) -> Orders | None:
        """A real person, or the entry `whom` of the directory."""
        now = self._desk.now
        self._tell_what_is_known()
        return self._done(self._reaching.reach(whom, now) if whom else self._reaching.operator(now))

    @property
    def are_there(self) -> bool:
        """Whether a caller who wants a person could have one now."""
        return self._reaching.can_reach_operator(self._desk.now)

    def _tell_what_is_known(self) -> None:
        """Colleagues are told what the caller has said in a flow: who they are, what it was about."""
        self._reaching.know(self._desk.course.known_of("name"), self._desk.course.matter)

    def emergency(self) -> Orders | None:
        """The emergency line, before anything else."""
        return self._done(self._reaching.emergency(self._desk.now))

    def while_it_rings(self, meant: Understanding) -> tuple[Orders, bool]:
        """Words of a caller who waits: what to do, and whether what they want is still to be done after it."""
        if meant.intent is Intent.FACT:
            return [], True
        if meant.intent not in _INSTEAD_OF_WAITING:
            return self.silent(), False
        given_up = self._take(self._reaching.drop())
        if meant.intent is Intent.NEVER_MIND:
            return [*given_up, *self._go_on()], False
        self._interrupted = None  # the caller wants something else instead
        return given_up, True

    def silent(self) -> Orders:
        """The caller waits and hears that we are still trying."""
        self._desk.talk.speak_unasked()
        return self._take(self._reaching.silent())

    def caller_gone(self) -> None:
        """The call is over, perhaps because it was handed over."""
        self._reaching.caller_gone()
        if self._reaching.was_connected:
            self._desk.course.note(Disposition.TRANSFERRED)

    # --- the colleagues -------------------------------------------------------------------------

    def happened(self, event: ev.ConnectEvent) -> Orders:
        """Something of a leg."""
        return self._take(self._reaching.handle(event))

    def _done(self, move: Move | None) -> Orders | None:
        return None if move is None else self._take(move)

    def _take(self, move: Move) -> Orders:
        """Say and do one move."""
        if move.commands or move.ending:
            self._interrupted = self._desk.course.set_aside() or self._interrupted
        said = self._desk.say(move.say, expectation=self._expected(move)) if move.say else []
        if self._offers_message(move):
            interrupted, self._interrupted = self._interrupted, None
            self._desk.course.offered(move.say, "message", before=interrupted)
        handed = self._hand_over() if move.ending is Ending.CONNECTED else []
        return [*said, *move.commands, *handed]

    def _go_on(self) -> list[SessionCommand]:
        """Nobody is wanted any more: back to what was under way, if something was."""
        interrupted, self._interrupted = self._interrupted, None
        if interrupted is None:
            return self._desk.say_phrase("flow_dropped")
        return self._desk.take(self._desk.course.take_up(interrupted))

    def _offers_message(self, move: Move) -> bool:
        return move.ending is Ending.NOBODY and not move.urgent

    def _expected(self, move: Move) -> Expectation:
        if self._reaching.asks_who:
            return Expectation.NAME
        return Expectation.YES_NO if self._offers_message(move) else Expectation.ANYTHING

    def _hand_over(self) -> Orders:
        """The caller is with somebody else: whatever we were saying is for nobody."""
        call_id = self._desk.call_id
        return [StopSpeaking(call_id), *self._desk.talk.interrupt(), HangUp(call_id)]
