"""The words of the turn under way: what is believed so far, what it may mean, when that is news.

The recogniser is fed only while the caller has the turn, with a third of a second from before it began, so
that the first sound of the first word is not lost.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from appliance.agent.recognition import Listener
from appliance.conversation.second_hearing import both, opinion
from appliance.conversation.second_thoughts import ONE_TURN_TICKS
from appliance.conversation.turns import DICTATIONS, Asked, is_complete
from appliance.conversation.understand import is_near_to_known
from appliance.domain import events as ev
from appliance.domain.expectation import Expectation
from appliance.engines.ports import Heard, IntentFinder

_BEFORE_ONSET_TICKS = 16
_TOLD_EVERY_TICKS = 5
_WORTH_ASKING_WORDS = 4

_STORY_WORDS = 40
"""What is longer is a story: it begins or ends with what is wanted. A vector of it all takes a tenth of a second."""

MakesSense = Callable[[str, Sequence[ev.IntentScore]], bool]
"""Whether words can be acted on as they stand, given what they are near to."""


def _is_near_to_known(_text: str, likely: Sequence[ev.IntentScore]) -> bool:
    return is_near_to_known(likely)


def _ends_of(text: str) -> tuple[str, ...]:
    """`text`, or of a story its beginning, which stays the same while it grows, and its end."""
    words, half = text.split(), _STORY_WORDS // 2
    return (text,) if len(words) <= _STORY_WORDS else (" ".join(words[:half]), " ".join(words[-half:]))


def _known(likely: Sequence[ev.IntentScore]) -> float:
    return sum(one.score for one in likely)


class TurnWords:
    """One call's words, turn after turn. One thread owns it."""

    def __init__(
        self,
        call_id: str,
        listener: Listener,
        finder: IntentFinder | None,
        makes_sense: MakesSense = _is_near_to_known,
    ) -> None:
        self._call_id = call_id
        self._listener = listener
        self._finder = finder
        self._makes_sense = makes_sense
        self._asked = Asked()
        self._before: deque[bytes] = deque(maxlen=_BEFORE_ONSET_TICKS)
        self._started_tick = 0
        self._told_tick = 0
        self._told = ""
        self._announced = ""
        self._pondered: dict[str, tuple[ev.IntentScore, ...]] = {}
        self._before_pause = Heard("", 0.0)
        self._turn_before: tuple[str, int] | None = None
        self._answers: set[str] = set()
        self.text = ""
        self.is_settled = False

    def expect(self, asked: Asked) -> None:
        """What was asked, and so what may be meant."""
        self._asked = asked
        self._answers.clear()
        self._listener.expect(asked.expectation)

    def understood(self, text: str) -> None:
        """These words would be understood, were they all. Of what is dictated, every piece would be."""
        if self._asked.expectation not in {*DICTATIONS, Expectation.NAME}:
            self._answers.add(text)

    # --- sound ----------------------------------------------------------------------------------

    def wait(self, pcm: bytes) -> None:
        """A tick of sound outside of a turn."""
        self._before.append(pcm)

    def begin(self, started_tick: int) -> None:
        """A turn began a few ticks ago."""
        self._listener.begin()
        self._listener.feed(b"".join(self._before))
        self._before.clear()
        self._pondered.clear()
        self._started_tick = started_tick
        self.text = self._told = self._announced = ""
        self.is_settled = False

    def feed(self, pcm: bytes) -> None:
        """A tick of sound of the turn."""
        self._listener.feed(pcm)

    def finish(self) -> Heard:
        """The turn is over: its final words."""
        last, before = self._listener.finish(), self._before_pause
        self._before_pause = Heard("", 0.0)
        if not before.text or not last.text:
            return before if before.text else last
        return Heard(f"{before.text} {last.text}", min(before.confidence, last.confidence))

    def conclude(self) -> None:
        """Have the recogniser say the words it has heard, some 30 ms; what the caller says next is joined to them.

        Worth it only when much hangs on a word or two: the recogniser forgets what they led to.
        """
        self._before_pause = self.finish()
        self.is_settled, self.text = True, self._before_pause.text

    # --- words ----------------------------------------------------------------------------------

    def look(self) -> None:
        """Ask the recogniser what it believes by now."""
        believed = " ".join(filter(None, (self._before_pause.text, self._listener.believed())))
        self.is_settled, self.text = believed == self.text, believed

    @property
    def make_sense(self) -> bool:
        """Whether the words have settled and can be acted on as they stand."""
        if not self.is_settled or not self.text:
            return False
        return self.text in self._answers or self._makes_sense(self.text, self.likely(self.text))

    def likely(self, text: str) -> tuple[ev.IntentScore, ...]:
        """What `text` may mean; 5 to 20 ms, so what was asked for in the pause is not asked again at its end."""
        if self._finder is None or not text:
            return ()
        if text not in self._pondered:
            self._pondered[text] = max(map(self._finder.likely, _ends_of(text)), key=_known)
        return self._pondered[text]

    def meant(self, text: str) -> tuple[ev.IntentScore, ...]:
        """The same by both hearings of it: a second vector only where they differ, mostly asked for in the pause."""
        likely = self.likely(text)
        again = opinion(self._listener.heard_again(), text)
        return both(likely, self.likely(again)) if text and again else likely

    def together(self, text: str, started_tick: int) -> ev.Together | None:
        """`text`, of a turn that began at `started_tick`, after the words before, when both may be one turn."""
        if self._finder is None or self._turn_before is None or not text:
            return None
        before, ended_tick = self._turn_before
        if not before or started_tick - ended_tick > ONE_TURN_TICKS:
            return None
        whole = f"{before} {text}"
        if len(whole.split()) > _STORY_WORDS:
            return None
        return ev.Together(whole, self.likely(whole))

    def over(self, utterance: ev.UtteranceHeard) -> None:
        """This turn is over; the next one may go on with it."""
        if utterance.text:
            whole = utterance.together.text if utterance.together is not None else utterance.text
            self._turn_before = (whole, utterance.ended_tick)

    # --- news -----------------------------------------------------------------------------------

    def news(self, tick: int) -> list[ev.PartialHeard | ev.CallerMayBeDone]:
        """The words when they changed; and that they say something already, which is worth preparing for.

        Many words nobody knows are probably a question for the model: it reads them while they come.
        """
        told: list[ev.PartialHeard | ev.CallerMayBeDone] = []
        if self.text not in {self._told, ""} and tick - self._told_tick >= _TOLD_EVERY_TICKS:
            self._told, self._told_tick = self.text, tick
            told.append(ev.PartialHeard(self._call_id, tick, self.text))
        if self.is_settled and (
            is_complete(self.text, self._asked)
            or self.make_sense
            or len(self.text.split()) >= _WORTH_ASKING_WORDS
        ):
            told += self.may_be_all(tick, tick)
        return told

    def may_be_all(self, last_speech_tick: int, tick: int) -> list[ev.CallerMayBeDone]:
        """The caller may have said it all with these words; told once of the same words."""
        if self.text in {self._announced, ""}:
            return []
        self._announced = self.text
        likely, started_tick = self.meant(self.text), self._started_tick
        together = self.together(self.text, started_tick)
        return [
            ev.CallerMayBeDone(
                self._call_id, self.text, started_tick, last_speech_tick, tick, likely, together
            )
        ]
