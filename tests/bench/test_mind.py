"""What `appliance bench mind` makes of answers: judged as a caller would have heard them, and counted."""

from __future__ import annotations

import pytest

from appliance.bench.mind import COLD, PREFIX, REUSE, Answer, Measured, Plan, Question, offices, verdict_on
from appliance.bench.mind import _findings as findings_of
from appliance.conversation.guard import Grounding
from appliance.conversation.prompts import DECLINE

GROUNDING = Grounding(["We have four bikes. We do not repair cars. We open at nine."])
BIKES = Question(asks="how many bikes do you have", holds=("four|4",))
CARS = Question(asks="do you repair cars", holds=("no|not",))
UNKNOWN = Question(asks="do you sell cakes")


@pytest.mark.parametrize(
    ("question", "pieces", "verdict"),
    [
        (BIKES, ["We have four bikes."], "right"),
        (BIKES, ["We have 4 bikes,", "and we like them."], "right"),
        (BIKES, ["We have many bikes."], "wrong"),
        (BIKES, ["We have five bikes."], "refused"),
        (BIKES, ["We have four bikes.", "We have seven cars."], "right"),
        (BIKES, [DECLINE], "declined"),
        (BIKES, [], "declined"),
        (CARS, ["We don't repair cars."], "right"),
        (CARS, ["We repair cars."], "refused"),
        (CARS, ["We open at nine, you know."], "wrong"),  # "no" is a word, not a beginning
        (UNKNOWN, [DECLINE], "right"),
        (UNKNOWN, ["We have four bikes."], "wrong"),
        (UNKNOWN, ["Yes, we sell cakes."], "refused"),
    ],
)
def test_an_answer_is_judged_by_what_the_caller_hears(
    question: Question, pieces: list[str], verdict: str
) -> None:
    assert verdict_on(question, pieces, GROUNDING) == verdict


def test_the_beginning_of_a_word_may_be_enough() -> None:
    question = Question(asks="what about old oil", holds=("recycl*",))
    assert verdict_on(question, ["It is recycled."], Grounding(["Oil is recycled."])) == "right"


def test_every_office_has_questions_that_can_be_answered_and_some_that_cannot() -> None:
    found = offices()
    assert len(found) >= 3
    for shop, questions in found.values():
        assert shop.name
        assert any(one.holds for one in questions)
        assert any(not one.holds for one in questions)


def measured(number: int, way: str, clause_ms: float, text: str = "We have four bikes.") -> Measured:
    answer = Answer([text], clause_ms, clause_ms + 100, clause_ms, 50, clause_ms + 1000, 11, "done")
    return Measured("bikes", number, way, answer, "right")


def test_the_ways_are_counted_apart_and_reuse_must_not_change_a_word() -> None:
    rows = [measured(0, COLD, 5000)]
    rows += [measured(number, PREFIX, 1000.0 + number) for number in range(3)]
    rows += [measured(number, REUSE, 500.0 + number) for number in range(2)]
    rows += [measured(2, REUSE, 600.0, "Others.")]
    found = findings_of(rows, Plan(), "a model")
    assert found.summary[COLD]["first_clause_p50_ms"] == 5000
    assert found.summary[PREFIX]["first_clause_p50_ms"] == 1001
    assert found.summary[REUSE]["first_clause_p50_ms"] == 501
    assert found.summary["same_with_reuse"] == pytest.approx(2 / 3, abs=0.001)
    assert found.summary["answers"]["right"] == 1.0
    assert not any("We have" in str(row) for row in found.rows)


def test_too_little_measured_is_no_figure() -> None:
    found = findings_of([], Plan(), "")
    assert {figure.value for figure in found.figures} == {None}
