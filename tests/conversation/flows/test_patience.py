"""How long a flow tries."""

from __future__ import annotations

from appliance.conversation.flows.patience import REPEATS, Patience


def test_an_answer_gives_all_the_patience_back():
    patience = Patience()
    patience.misses += 1
    patience.answered()
    assert patience.misses == 0


def test_a_doubt_is_voiced_once_until_something_was_taken_down():
    patience = Patience()
    assert [patience.doubts(), patience.doubts()] == [True, False]
    patience.filled()
    assert patience.doubts()


def test_the_same_words_again_and_again_lead_nowhere():
    patience = Patience()
    said = [patience.goes_round("nothing free", read_back=False) for _ in range(REPEATS + 1)]
    assert said == [False] * REPEATS + [True]


def test_what_is_read_back_may_be_put_right_once_more():
    patience = Patience()
    said = [patience.goes_round("is that right?", read_back=True) for _ in range(REPEATS + 2)]
    assert said == [False] * (REPEATS + 1) + [True]


def test_other_words_are_progress():
    patience = Patience()
    assert not any(patience.goes_round(say, read_back=False) for say in ("a", "a", "b", "b", "a"))
