"""Out of what is under way, by words that mean it."""

from __future__ import annotations

import pytest

from appliance import business
from appliance.conversation.desk import Desk
from appliance.conversation.leaving import Leaving
from appliance.conversation.phrases import Phrases
from appliance.conversation.understand import Intent, Understanding
from appliance.domain import commands as do
from appliance.domain import events as ev

OFFICE = business.load("auto_repair")
NEVER_MIND, BOOK = Understanding(Intent.NEVER_MIND), Understanding(Intent.BOOK)
QUESTION = Understanding(Intent.QUESTION)


@pytest.fixture
def desk() -> Desk:
    desk = Desk("c", OFFICE, Phrases("en"), 1)
    desk.answered(ev.CallAnswered("c", "", "2026-11-19T10:00:00-07:00"))
    return desk


def said(orders: list[do.SessionCommand]) -> list[str]:
    return [one.text for one in orders if isinstance(one, do.Speak)]


@pytest.mark.parametrize(
    ("meant", "text", "leaves"),
    [
        (NEVER_MIND, "never mind", True),
        (BOOK, "i don't want to book an appointment", True),
        (BOOK, "i'd like an oil change", False),
    ],
)
def test_words_that_leave(desk, meant, text, leaves):
    assert Leaving(desk).is_wished(meant, text) is leaves
    assert bool(Leaving(desk).wants_nothing(meant, text)) is (leaves and meant is BOOK)


def test_a_long_message_is_no_leaving(desk):
    desk.begin("message")
    words = "tell maria to forget it and that i never wanted it in the first place"
    assert not Leaving(desk).is_wished(NEVER_MIND, words)


def test_who_leaves_hears_so_unless_they_asked_something(desk):
    desk.begin("booking", "an oil change", "oil_change")
    assert said(Leaving(desk).leave(NEVER_MIND, "never mind"))[0].startswith("All right")
    assert desk.flow is None
    assert Leaving(desk).leave(QUESTION, "forget it i only wanted to know whether you do hybrids") == []
