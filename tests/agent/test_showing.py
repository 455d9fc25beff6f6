"""Onlookers see a call, but not what is nobody's business."""

from __future__ import annotations

from appliance.agent.showing import Showing
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain import recording as rec
from appliance.domain.call import Speaker, Turn, TurnClass

CARD = "four two four two four two four two four two four two four two four two"


class Watchers:
    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def tell(self, kind: str, **fields: object) -> None:
        self.told.append((kind, str(fields.get("text", ""))))


def shown(*things: object) -> list[tuple[str, str]]:
    watchers = Watchers()
    showing = Showing("c1", watchers, "en")  # type: ignore[arg-type]
    for thing in things:
        showing.show(thing)
    return watchers.told


def heard(text: str) -> ev.UtteranceHeard:
    return ev.UtteranceHeard("c1", text, 0, 1, 2, 3)


def speak(text: str) -> do.Speak:
    return do.Speak("c1", 1, 1, text, TurnClass.FLOW)


def test_words_are_shown_until_something_private_is_said_and_again_after_it() -> None:
    assert shown(
        ev.PartialHeard("c1", 1, "hello"),
        rec.PauseRecording("c1", private=True),
        ev.PartialHeard("c1", 2, "four two"),
        heard("four two four"),
        speak("So far I have four two four."),
        rec.GoOnRecording("c1"),
        heard("thank you"),
        do.SaveTurn("c1", Turn(1, Speaker.AGENT, "[private]", 0, 1)),
        ev.SpeechStarted("c1", 1),
    ) == [
        ("partial", "hello"),
        ("partial", "[private]"),
        ("heard", "[private]"),
        ("speak", "[private]"),
        ("heard", "thank you"),
        ("said", "[private]"),
    ]


def test_a_call_that_is_not_recorded_is_shown_all_the_same() -> None:
    assert shown(rec.PauseRecording("c1"), heard("hello")) == [("heard", "hello")]


def test_a_card_number_is_never_shown_whole() -> None:
    assert shown(heard(f"my card is {CARD} thanks")) == [("heard", "my card is [private] thanks")]
