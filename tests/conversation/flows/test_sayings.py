"""What callers say inside a flow: the words that lead out of it, and those that only sound so."""

from __future__ import annotations

import pytest

from appliance.conversation.flows.sayings import ENGLISH


@pytest.mark.parametrize(
    "text",
    [
        "no i don't want to book an appointment",
        "i didn't ask for an appointment",
        "i'm not trying to make an appointment",
        "that's not what i wanted",
        "i just have a question",
        "i only want to know something",
        "no appointment please",
        "stop",
        "forget the booking",
        "start over",
    ],
)
def test_words_that_leave_a_flow(text):
    assert ENGLISH.leaves.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "i just want an oil change",
        "i don't want that one",
        "no not tuesday",
        "i don't need it before ten",
        "i was just there last week",
        "no that doesn't work for me",
        "i only have a morning free",
        "yes i'll be there at ten to drop it off",
    ],
)
def test_words_that_stay_in_a_flow(text):
    assert not ENGLISH.leaves.search(text)


@pytest.mark.parametrize(
    ("text", "withheld"),
    [
        ("i don't have one", True),
        ("i'd rather not say", True),
        ("i have no phone", True),
        ("i can't give you that", True),
        ("i have one at home it's three oh three", False),
        ("sure i can tell you", False),
    ],
)
def test_words_that_withhold_an_answer(text, withheld):
    assert bool(ENGLISH.withholds.search(text)) is withheld


@pytest.mark.parametrize(
    ("text", "urgent"),
    [
        ("it's urgent", True),
        ("please call me as soon as possible", True),
        ("it's not urgent", False),
        ("no rush", False),
        ("nothing important", False),
    ],
)
def test_urgency_is_the_callers_own_word(text, urgent):
    found = ENGLISH.urgent.search(text) and not ENGLISH.not_urgent.search(text)
    assert bool(found) is urgent


@pytest.mark.parametrize(
    ("text", "fluent"),
    [
        ("uh monday uh at uh nine", "monday at nine"),
        ("uh huh", "uh huh"),
        ("uh uh", "uh uh"),
        ("nuh uh", "nuh uh"),
        ("um yes", "yes"),
    ],
)
def test_hesitations_say_nothing(text, fluent):
    assert ENGLISH.hesitations.sub("", text).strip() == fluent


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("no wait make that tuesday", True),
        ("could we do ten instead", True),
        ("oh sorry i meant an inspection", True),
        ("do you have something on tuesday", False),
        ("nora blake", False),
    ],
)
def test_words_that_take_something_back(text, again):
    assert bool(ENGLISH.thinks_again.search(text)) is again


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("on monday i tried it myself", True),
        ("last saturday my sister came by", True),
        ("on monday i need a color", False),
        ("on monday i wanted to come in", False),
        ("a color on monday", False),
    ],
)
def test_a_day_on_which_something_happened_is_a_story(text, told):
    assert bool(ENGLISH.tells_of.search(text)) is told
