"""Takes back what we were about to answer when it turns out that the caller was not done.

A turn that was cut in two is harmless as long as nothing of its answer was heard and nothing was done: the
session goes back to how it stood, and hears both pieces as one turn. A session is pure, so a copy from before
is all that is needed; what it wanted written down is withheld until our answer sounds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from appliance.conversation.session import Session
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.sound import ticks

ONE_TURN_TICKS = ticks(2500)
"""A longer pause parts two turns."""
_DEEDS = (
    do.Book
    | do.MoveAppointment
    | do.CancelAppointment
    | do.TakeMessage
    | do.CallTool  # it may change something elsewhere
    | do.DialColleague
    | do.Refer
    | do.ReferReplacing
    | do.JoinCalls
    | do.HangUp
    | do.CloseCall
)
_WRITTEN_DOWN = do.SaveTurn | do.Note
_CHANGES_NOTHING = (
    ev.SpeechStarted
    | ev.PartialHeard
    | ev.VoiceReady
    | ev.SpeechPlayed
    | ev.ModelAsked
    | ev.ReplySentence
    | ev.ReplyEnded
    | ev.PassagesFound
    | ev.OpeningsFound
    | ev.AppointmentsFound
    | ev.MindFound
    | ev.MindLost
)


@dataclass
class _Answering:
    """An utterance whose answer nobody has heard yet, and the session from before it."""

    before: Session
    heard: ev.UtteranceHeard
    withheld: list[do.SessionCommand] = field(default_factory=list)


class Conversation:
    """A session with second thoughts; the same door. Nobody's turn grows beyond `longest_turn_ms`."""

    def __init__(self, session: Session, *, longest_turn_ms: int = 30_000) -> None:
        self._session = session
        self._longest_turn_ms = longest_turn_ms
        self._answering: _Answering | None = None

    @property
    def puzzled(self) -> int:
        """How often we did not know what to do with the caller's words."""
        return self._session.puzzled

    def copied(self) -> Conversation:
        """This conversation as it stands, to try things on."""
        twin = Conversation(self._session.copied(), longest_turn_ms=self._longest_turn_ms)
        if self._answering is not None:
            twin._answering = replace(self._answering, before=self._answering.before.copied(), withheld=[])
        return twin

    def handle(self, event: ev.SessionEvent, tick: int) -> list[do.SessionCommand]:
        """What `event`, handled at `tick`, makes us do."""
        if isinstance(event, ev.UtteranceHeard) and event.text:
            return self._heard(event, tick)
        settled = [] if isinstance(event, _CHANGES_NOTHING) else self._settled()
        return [*settled, *self._withheld(self._session.handle(event, tick))]

    def fail(self, tick: int) -> list[do.SessionCommand]:
        """Something inside broke: as `Session.fail`."""
        return [*self._settled(), *self._session.fail(tick)]

    def _heard(self, event: ev.UtteranceHeard, tick: int) -> list[do.SessionCommand]:
        earlier = self._answering
        if earlier is not None and self._is_one_turn(earlier.heard, event):
            first = self._session.take_back()
            earlier.before.count_on_from(self._session)
            self._session, event = earlier.before, _joined(earlier.heard, event)
        else:
            first = self._settled()
        before = self._session.copied() if self._session.has_said_everything else None
        self._answering = _Answering(before, event) if before is not None else None
        return [*first, *self._withheld(self._session.handle(event, tick))]

    def _is_one_turn(self, first: ev.UtteranceHeard, second: ev.UtteranceHeard) -> bool:
        pause_ticks = second.started_tick - first.ended_tick
        length_ticks = second.ended_tick - first.started_tick
        return pause_ticks <= ONE_TURN_TICKS and length_ticks <= ticks(self._longest_turn_ms)

    def _withheld(self, commands: list[do.SessionCommand]) -> list[do.SessionCommand]:
        """`commands` without what is to be written down, while that may still be taken back."""
        if self._answering is None:
            return commands
        if any(isinstance(command, _DEEDS) for command in commands):
            return [*self._settled(), *commands]
        self._answering.withheld += [one for one in commands if isinstance(one, _WRITTEN_DOWN)]
        return [one for one in commands if not isinstance(one, _WRITTEN_DOWN)]

    def _settled(self) -> list[do.SessionCommand]:
        """It can no longer be taken back: what was withheld is written down now."""
        answering, self._answering = self._answering, None
        return answering.withheld if answering is not None else []


def _joined(first: ev.UtteranceHeard, second: ev.UtteranceHeard) -> ev.UtteranceHeard:
    """Both pieces as one turn."""
    text = f"{first.text} {second.text}"
    told = second.together
    return replace(
        second,
        text=text,
        started_tick=first.started_tick,
        confidence=min(first.confidence, second.confidence),
        likely=told.likely if told is not None and told.text == text else _of_either(first, second),
        together=None,
    )


def _of_either(first: ev.UtteranceHeard, second: ev.UtteranceHeard) -> tuple[ev.IntentScore, ...]:
    """What either is near to, the whole may mean; the best guess when nobody asked of the whole."""
    scores = {one.intent: one for one in sorted((*first.likely, *second.likely), key=lambda one: one.score)}
    return tuple(sorted(scores.values(), key=lambda one: -one.score))
