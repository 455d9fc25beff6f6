"""One turn of the agent while it is being said: which sentences were begun, how far they got, what it cost.

A reply is a list of speeches (sentences). It is over when no more will be added and each has been played or
dropped; then it becomes a `Turn` that holds only the words the caller really heard.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from appliance.domain.call import Speaker, Turn, TurnClass, Waterfall
from appliance.domain.sound import ms


@dataclass
class Speech:
    """One sentence on its way to the caller."""

    text: str
    acknowledges: bool = False  # "let me see": a sound for the wait, not the answer
    began_tick: int | None = None
    ended_tick: int | None = None
    share: float = 0.0
    over: bool = False


@dataclass
class CallerSpeech:
    """The moments of the utterance a reply answers, in ticks."""

    ended_tick: int
    decided_tick: int
    final_tick: int


@dataclass
class Reply:
    """A turn of the agent under way."""

    number: int
    turn_class: TurnClass
    answers: CallerSpeech | None
    decided_tick: int
    closed: bool = True
    interrupted: bool = False
    voice_ready_tick: int | None = None
    prepared: bool | None = None
    speeches: dict[int, Speech] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """Whether nothing of it is still to come."""
        return self.closed and all(speech.over for speech in self.speeches.values())

    @property
    def text(self) -> str:
        """All that was meant to be said."""
        return " ".join(speech.text for speech in self.speeches.values())

    def began(self, speech: int, tick: int) -> None:
        """The first frame of `speech` is on its way."""
        self.speeches[speech].began_tick = tick

    def played(self, speech: int, tick: int, share: float, *, over: bool) -> None:
        """`speech` has been heard up to `share`."""
        one = self.speeches[speech]
        one.share, one.ended_tick, one.over = share, tick, over

    def interrupt(self) -> None:
        """The caller talked over it: what was not begun never will be."""
        self.interrupted = True
        self.closed = True
        for speech in self.speeches.values():
            speech.over = speech.over or speech.began_tick is None

    def unplayed(self) -> str:
        """The words the caller has not heard yet."""
        return " ".join(filter(None, (_words(s.text, s.share)[1] for s in self.speeches.values())))

    def turn(self, number: int) -> Turn | None:
        """The finished turn; None when not a word was heard."""
        begun = [speech for speech in self.speeches.values() if speech.began_tick is not None]
        text = " ".join(filter(None, (_words(s.text, s.share)[0] for s in begun)))
        if not begun or not text:
            return None
        sound = begun[0].began_tick or 0
        answers = [speech for speech in begun if not speech.acknowledges]
        first = (answers or begun)[0].began_tick or 0
        last = max(speech.ended_tick or sound for speech in begun)
        return Turn(
            number=number,
            speaker=Speaker.AGENT,
            text=text,
            started_ms=ms(sound),
            ended_ms=ms(last),
            turn_class=self.turn_class,
            response_gap_ms=ms(first - self.answers.ended_tick) if self.answers else None,
            interrupted=self.interrupted,
            waterfall=self._waterfall(sound, first),
        )

    def _waterfall(self, first_sound_tick: int, first_packet_tick: int) -> Waterfall:
        answers = self.answers
        return Waterfall(
            speech_ended_ms=ms(answers.ended_tick) if answers else None,
            turn_decided_ms=ms(answers.decided_tick) if answers else None,
            final_text_ms=ms(answers.final_tick) if answers else None,
            reply_decided_ms=ms(self.decided_tick),
            first_audio_ms=ms(self.voice_ready_tick) if self.voice_ready_tick is not None else None,
            first_packet_ms=ms(first_packet_tick),
            first_sound_ms=ms(first_sound_tick),
            prepared=self.prepared,
        )


def question_share(text: str) -> float:
    """The share of `text`, in letters as `_words` counts them, after which its last sentence begins."""
    before, _, _ = text.rstrip(".?! ").rpartition(". ")
    letters = len(text.replace(" ", ""))
    return len(before.replace(" ", "")) / letters if letters else 0.0


def _words(text: str, share: float) -> tuple[str, str]:
    """`text` cut where `share` of its letters has been said: (heard, not heard), whole words only."""
    if share >= 1.0:
        return text, ""
    words = text.split()
    letters = sum(len(word) for word in words)
    said, count = 0, 0
    for word in words:
        said += len(word)
        if said > share * letters:
            break
        count += 1
    return " ".join(words[:count]), " ".join(words[count:])
