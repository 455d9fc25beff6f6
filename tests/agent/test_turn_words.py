"""The words of a turn: none lost before its onset or at a forced pause, news told once, what they may mean kept."""

from __future__ import annotations

from appliance.agent.recognition import Listener
from appliance.agent.turn_words import TurnWords
from appliance.conversation.turns import Asked
from appliance.domain import events as ev
from appliance.domain.expectation import Expectation
from appliance.domain.sound import FRAME_BYTES, SILENCE
from appliance.engines.ports import Heard
from tests.fakes.recogniser import FakeRecogniserModel
from tests.fakes.voice import FakeVoice


class Finder:
    """Knows one sentence, and counts how often it is asked."""

    def __init__(self):
        self.asked: list[str] = []

    def likely(self, text):
        self.asked.append(text)
        return (ev.IntentScore("fact:pay", 1.0 if text == "can i pay" else 0.1),)


def make(finder=None) -> TurnWords:
    return TurnWords("call", Listener(FakeRecogniserModel()), finder)


def ticks_of(text: str) -> list[bytes]:
    sound = b"".join(FakeVoice().speak(text))
    return [sound[at : at + FRAME_BYTES] for at in range(0, len(sound), FRAME_BYTES)]


def hear(words: TurnWords, text: str) -> None:
    for pcm in ticks_of(text):
        words.feed(pcm)


def test_what_came_just_before_the_onset_belongs_to_the_turn():
    words = make()
    first, *rest = ticks_of("hello there")
    words.wait(SILENCE)
    words.wait(first)
    words.begin(1)
    for pcm in rest:
        words.feed(pcm)
    assert words.finish().text == "hello there"


def test_words_that_were_concluded_are_joined_with_those_that_follow_and_end_with_the_turn():
    words = make()
    words.begin(0)
    hear(words, "wait")
    words.conclude()
    assert (words.text, words.is_settled) == ("wait", True)
    hear(words, "i have a question")
    words.look()
    assert words.text == "wait i have a question"
    assert words.finish().text == "wait i have a question"
    words.begin(50)
    hear(words, "yes")
    assert words.finish().text == "yes"


def test_a_pause_without_words_concludes_to_nothing():
    words = make()
    words.begin(0)
    words.feed(SILENCE)
    words.conclude()
    hear(words, "hello")
    assert words.finish().text == "hello"


def test_the_same_words_are_news_once_and_looked_up_once():
    finder = Finder()
    words = make(finder)
    words.begin(0)
    hear(words, "can i pay")
    told = []
    for tick in range(100, 130):
        words.look()
        told += words.news(tick)
    assert [type(one) for one in told] == [ev.PartialHeard, ev.CallerMayBeDone]
    assert finder.asked == ["can i pay"]
    assert told[-1].likely[0].intent == "fact:pay"
    assert words.may_be_all(120, 130) == []


def test_words_that_say_nothing_yet_are_not_prepared_for_until_the_caller_pauses():
    words = make(Finder())
    words.begin(0)
    hear(words, "i was")
    told = []
    for tick in (100, 101, 102):
        words.look()
        told += words.news(tick)
    assert [type(one) for one in told] == [ev.PartialHeard]
    (maybe,) = words.may_be_all(99, 103)
    assert (maybe.text, maybe.started_tick, maybe.ended_tick) == ("i was", 0, 99)


def test_a_whole_answer_is_worth_preparing_for_while_they_speak():
    words = make()
    words.expect(Asked(Expectation.YES_NO))
    words.begin(0)
    hear(words, "yes")
    words.look()
    words.look()
    assert [type(one) for one in words.news(100)] == [ev.PartialHeard, ev.CallerMayBeDone]


def test_what_the_business_understands_by_rule_makes_sense_once_the_words_stand():
    def knows(text, _likely):
        return text == "an oil change please"

    words = TurnWords("call", Listener(FakeRecogniserModel()), None, knows)
    words.begin(0)
    hear(words, "an oil change please")
    words.look()
    assert not words.make_sense
    words.look()
    assert words.make_sense


def test_words_the_session_would_understand_make_sense_until_something_else_is_asked():
    words = make()
    words.expect(Asked(Expectation.DAY))
    words.begin(0)
    hear(words, "the first one")
    words.look()
    words.look()
    assert not words.make_sense
    words.understood("the first one")
    assert words.make_sense
    words.expect(Asked(Expectation.YES_NO))
    assert not words.make_sense


def test_a_piece_of_what_is_dictated_is_never_enough():
    words = make()
    words.expect(Asked(Expectation.PHONE))
    words.begin(0)
    hear(words, "three oh three")
    words.look()
    words.look()
    words.understood("three oh three")
    assert not words.make_sense


def test_a_turn_that_follows_at_once_may_be_one_with_the_turn_before():
    finder = Finder()
    words = make(finder)
    words.over(ev.UtteranceHeard("call", "can", 0, 40, 45, 46))
    together = words.together("i pay", 90)
    assert together is not None
    assert (together.text, together.likely[0].score) == ("can i pay", 1.0)
    words.over(ev.UtteranceHeard("call", "i pay", 90, 120, 125, 126, together=together))
    assert words.together("by card", 150).text == "can i pay by card"


def test_a_turn_after_a_pause_stands_alone():
    words = make(Finder())
    assert words.together("can i pay", 10) is None
    words.over(ev.UtteranceHeard("call", "hello", 0, 40, 45, 46))
    words.over(ev.UtteranceHeard("call", "", 60, 62, 70, 71))  # a cough is no turn
    assert words.together("can i pay", 50).text == "hello can i pay"
    assert words.together("can i pay", 500) is None
    assert make().together("can i pay", 50) is None


def test_of_a_story_only_its_ends_are_looked_up():
    finder = Finder()
    words = make(finder)
    story = " ".join(["well"] * 100)
    assert words.likely(f"{story} can i pay")[0].score == 0.1
    assert max(len(asked.split()) for asked in finder.asked) == 20
    assert finder.asked[1].endswith("can i pay")
    words.over(ev.UtteranceHeard("call", story, 0, 40, 45, 46))
    assert words.together("can i pay", 50) is None


class HeardOtherwise:
    """Hears "can i bay" openly, and what it expects wherever it expects something."""

    name = "otherwise"

    def __init__(self, text="can i bay"):
        self.text, self.fed = text, 0

    def open(self, words=()):
        return HeardOtherwise(*words)

    def feed(self, pcm):
        self.fed += len(pcm)

    def partial(self):
        return self.text if self.fed else ""

    def finish(self):
        heard, self.fed = Heard(self.partial()), 0
        return heard


def test_what_was_heard_twice_means_what_both_hearings_mean():
    finder = Finder()
    words = TurnWords("call", Listener(HeardOtherwise(), sayings=("can i pay",)), finder)
    words.begin(0)
    words.feed(SILENCE)
    words.look()
    (may_be_all,) = words.may_be_all(1, 2)
    heard = words.finish()
    assert heard.text == "can i bay"
    assert may_be_all.likely == words.meant(heard.text) == (ev.IntentScore("fact:pay", 0.55),)
    assert words.likely(heard.text) == (ev.IntentScore("fact:pay", 0.1),)


def test_what_was_pondered_in_the_pause_is_not_pondered_again_at_its_end():
    finder = Finder()
    words = TurnWords("call", Listener(HeardOtherwise(), sayings=("can i pay",)), finder)
    words.begin(0)
    words.feed(SILENCE)
    assert words.meant("can i bay") == words.meant("can i bay")
    assert finder.asked == ["can i bay", "can i pay"]
    words.begin(100)
    words.feed(SILENCE)
    words.meant("can i bay")
    assert finder.asked == ["can i bay", "can i pay"] * 2
