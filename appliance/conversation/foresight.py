"""What we would answer if the caller were done now: tried on a copy of the session, so without effects.

A session is pure: what it would do with some words is found by giving them to a copy and looking at its
commands. What it would say can then be made into sound, what it would look up can be looked up and what it
would ask the model can be asked, all while the caller still has the turn. The copy is thrown away and the
real words go to the real session: a wrong guess costs processor time and nothing else.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from appliance.conversation.languages import language_named
from appliance.conversation.second_thoughts import Conversation
from appliance.conversation.session import Session
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.expectation import Expectation


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would be said, in order, at what pace; asked of the model; looked up before anything more can be known.

    `is_understood`: we would know what to do with the words, and may do it without another moment's patience.
    Ending the call is never in a hurry: "no, that's all" is mostly followed by a good-bye.
    """

    speeches: tuple[str, ...] = ()
    is_understood: bool = False
    question: do.AskModel | None = None
    lookup: do.Lookup | None = None
    pace_percent: int = 100


class Foresight:
    """One guess, on a copy of `session` as it stands now."""

    def __init__(self, session: Session | Conversation) -> None:
        self._copy = session.copied()

    def heard(self, maybe: ev.CallerMayBeDone) -> Foreseen:
        """What would come of these words, were they the whole turn."""
        utterance = ev.UtteranceHeard(
            maybe.call_id,
            maybe.text,
            maybe.started_tick,
            maybe.ended_tick,
            maybe.tick,
            maybe.tick,
            likely=maybe.likely,
            together=maybe.together,
        )
        return self._tried(utterance, maybe.tick)

    def found(self, event: ev.OpeningsFound | ev.AppointmentsFound | ev.PassagesFound, tick: int) -> Foreseen:
        """What would come of what the lookup found."""
        return self._tried(event, tick)

    def _tried(self, event: ev.SessionEvent, tick: int) -> Foreseen:
        """Let the copy act. What it would write is taken to succeed: only then is there something to prepare."""
        speeches: list[str] = []
        question, lookup, closes, pace_percent = None, None, False, 100
        puzzled = self._copy.puzzled
        waiting: deque[ev.SessionEvent] = deque([event])
        while waiting:
            for command in self._copy.handle(waiting.popleft(), tick):
                match command:
                    case do.Speak(text=text, pace_percent=pace_percent):
                        speeches.append(text)
                    case do.AskModel():
                        question = command
                    case do.FindOpenings() | do.FindAppointments() | do.FindPassages():
                        lookup = command
                    case do.HangUp():
                        closes = True
                    case do.Book(call_id=call_id, query=query, appointment=appointment):
                        waiting.append(ev.Booked(call_id, query, appointment))
                    case do.TakeMessage(call_id=call_id, query=query):
                        waiting.append(ev.MessageTaken(call_id, query, kept=True))
                    case _:
                        pass
        sure = bool(speeches) or (lookup is not None and not isinstance(lookup, do.FindPassages))
        knows = question is None and self._copy.puzzled == puzzled and sure
        return Foreseen(tuple(speeches), knows and not closes, question, lookup, pace_percent)


def likely_answers(expectation: Expectation, language: str = "en") -> tuple[str, ...]:
    """The few words that nearly every caller answers such a question with: they can be prepared for."""
    return language_named(language).assent.plain if expectation is Expectation.YES_NO else ()
