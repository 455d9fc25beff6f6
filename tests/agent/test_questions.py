"""Questions to the model: guesses are matched with what is really asked, numbered, taken back."""

from __future__ import annotations

from appliance.agent.questions import Questions
from appliance.domain.commands import AskModel, CancelAsk
from appliance.domain.events import ReplyEnded, ReplySentence


class Mind:
    """Takes orders and knows them by number."""

    def __init__(self, *, up: bool = True):
        self.orders: list[AskModel | CancelAsk] = []
        self.up = up

    def send(self, order):
        self.orders.append(order)
        return self.up

    @property
    def asked(self) -> list[tuple[int, str]]:
        return [(order.ask, order.prompt) for order in self.orders if isinstance(order, AskModel)]

    @property
    def cancelled(self) -> list[int]:
        return [order.ask for order in self.orders if isinstance(order, CancelAsk)]


def question(prompt: str, ask: int = 1) -> AskModel:
    return AskModel("call", ask, "system", prompt)


def test_a_guess_that_comes_true_is_asked_once_and_what_was_composed_is_there_at_once():
    mind = Mind()
    questions = Questions("call", mind.send)
    questions.guess(question("do you"))
    (number, _), *_ = mind.asked
    assert questions.came(ReplySentence("call", number, "We do.")) is None
    assert questions.ask(question("do you", ask=7)) == [ReplySentence("call", 7, "We do.")]
    assert mind.asked == [(number, "do you")]
    assert questions.came(ReplyEnded("call", number, "done")) == ReplyEnded("call", 7, "done")
    assert questions.came(ReplyEnded("call", number, "done")) is None


def test_a_guess_that_changes_is_taken_back_and_the_same_guess_twice_is_one():
    mind = Mind()
    questions = Questions("call", mind.send)
    questions.guess(question("do you"))
    questions.guess(question("do you"))
    questions.guess(question("do you work on sundays"))
    first, second = (number for number, _ in mind.asked)
    assert mind.cancelled == [first]
    assert questions.came(ReplySentence("call", first, "We do.")) is None
    assert questions.ask(question("do you work on sundays", ask=3)) == []
    assert questions.came(ReplySentence("call", second, "No.")) == ReplySentence("call", 3, "No.")


def test_what_was_not_guessed_is_asked_and_the_guess_dropped():
    mind = Mind()
    questions = Questions("call", mind.send)
    questions.guess(question("do you"))
    assert questions.ask(question("where are you", ask=2)) == []
    assert [prompt for _, prompt in mind.asked] == ["do you", "where are you"]
    assert mind.cancelled == [mind.asked[0][0]]


def test_the_session_cancels_by_its_own_number():
    mind = Mind()
    questions = Questions("call", mind.send)
    questions.ask(question("where are you", ask=9))
    questions.cancel(CancelAsk("call", 9))
    assert mind.cancelled == [mind.asked[0][0]]
    questions.cancel(CancelAsk("call", 9))
    assert len(mind.cancelled) == 1


def test_without_a_mind_the_question_has_failed_at_once():
    questions = Questions("call", Mind(up=False).send)
    questions.guess(question("do you"))
    assert questions.ask(question("do you", ask=4)) == [ReplyEnded("call", 4, "failed")]


def test_a_mind_that_died_answers_no_guess_of_its_life_before():
    mind = Mind()
    questions = Questions("call", mind.send)
    questions.guess(question("do you"))
    questions.mind_lost()
    assert questions.ask(question("do you", ask=4)) == []
    assert len(mind.asked) == 2
