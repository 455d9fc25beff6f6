"""A turn heard twice, openly and narrowly, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from appliance.agent.recognition import Listener
from appliance.domain.expectation import Expectation
from appliance.engines.ports import Heard, WordHeard
from tests.fakes.recogniser import FakeRecogniserModel
from tests.fakes.voice import FakeVoice

WORD_MS = 200


@dataclass
class Scripted:
    """A stream that hears what it is told to, all in one utterance."""

    text: str
    confidence: float
    fed: int = 0

    def feed(self, pcm: bytes) -> None:
        """Count it."""
        self.fed += len(pcm)

    def partial(self) -> str:
        """The text, once something was fed."""
        return self.text if self.fed else ""

    def finish(self) -> Heard:
        """The text, word by word."""
        words = [] if not self.fed else self.text.split()
        self.fed = 0
        sure = [0.0 if word == "[unk]" else self.confidence for word in words]
        heard = [
            WordHeard(word, one, at * WORD_MS, (at + 1) * WORD_MS)
            for at, (word, one) in enumerate(zip(words, sure, strict=True))
        ]
        return Heard(" ".join(words), sum(sure) / len(sure) if sure else 0.0, tuple(heard))


@dataclass
class ScriptedModel:
    """Opens scripted streams: the open one and the narrow one hear different words."""

    openly: str
    narrowly: str
    sure_openly: float = 0.6
    sure_narrowly: float = 0.9
    name: str = "scripted"
    opened: list[tuple[str, ...]] = field(default_factory=list)

    def open(self, words: Sequence[str] = ()) -> Scripted:
        """A stream."""
        self.opened.append(tuple(words))
        if words:
            return Scripted(self.narrowly, self.sure_narrowly)
        return Scripted(self.openly, self.sure_openly)


def test_without_a_question_there_is_one_stream() -> None:
    model = ScriptedModel("five five", "five")
    listener = Listener(model)
    listener.feed(b"..")
    assert (listener.believed(), listener.finish().text) == ("five five", "five five")
    assert model.opened == [()]


def test_the_narrow_words_and_how_sure_they_are() -> None:
    listener = Listener(ScriptedModel("three or three", "three oh three"))
    listener.expect(Expectation.PHONE)
    listener.feed(b"..")
    assert listener.believed() == "three oh three"
    heard = listener.finish()
    assert heard.text == "three oh three"
    assert heard.confidence == pytest.approx(0.9)
    assert [word.word for word in heard.words] == ["three", "oh", "three"]


def test_something_else_is_heard_openly() -> None:
    listener = Listener(ScriptedModel("what time do you close", "[unk] no"))
    listener.expect(Expectation.YES_NO)
    listener.feed(b"..")
    assert listener.believed() == "what time do you close"
    heard = listener.finish()
    assert (heard.text, heard.confidence) == ("what time do you close", pytest.approx(0.6))


def test_the_same_question_again_opens_nothing() -> None:
    model = ScriptedModel("yes", "yes")
    listener = Listener(model, names=("maria",))
    listener.expect(Expectation.YES_NO)
    listener.expect(Expectation.YES_NO)
    assert len(model.opened) == 2
    assert "maria" in model.opened[1]
    listener.expect(Expectation.ANYTHING)
    assert len(model.opened) == 2


def test_another_question_forgets_what_was_heard_narrowly() -> None:
    listener = Listener(ScriptedModel("", "five five"))
    listener.expect(Expectation.PHONE)
    listener.feed(b"..")
    assert listener.believed() == "five five"
    listener.expect(Expectation.DAY)
    assert listener.believed() == ""


def test_each_turn_begins_afresh() -> None:
    listener = Listener(FakeRecogniserModel())
    listener.expect(Expectation.PHONE)
    listener.feed(b"".join(FakeVoice().speak("five five")))
    assert listener.finish().text == "five five"
    assert listener.finish().text == ""


def test_an_opening_request_is_heard_again_by_who_knows_what_is_said_here() -> None:
    model = ScriptedModel(openly="do you take watkins", narrowly="do you take walk ins")
    listener = Listener(model, sayings=("do you take walk ins",))
    assert len(model.opened) == 1  # not before somebody speaks: it takes some milliseconds
    listener.begin()
    listener.feed(bytes(640))
    assert listener.finish().text == "do you take watkins"
    assert listener.heard_again() == "do you take walk ins"  # of the whole turn, until the next one begins
    listener.begin()
    assert listener.heard_again() == ""
    assert len(model.opened) == 2


def test_an_answer_is_not_heard_again() -> None:
    listener = Listener(ScriptedModel(openly="yes", narrowly="yes"), sayings=("do you take walk ins",))
    listener.expect(Expectation.YES_NO)
    listener.begin()
    listener.feed(bytes(640))
    assert listener.heard_again() == ""
