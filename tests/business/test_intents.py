"""A business's own intents: each has sentences and does exactly one thing; anything else is refused by name."""

from __future__ import annotations

import pytest

from appliance.business import OwnIntent
from appliance.configfile import parse
from appliance.errors import ConfigError

TOWING = """
id = "towing"
examples = ["my car broke down", "i need a tow truck"]
"""


def of(text: str) -> OwnIntent:
    return parse(text, OwnIntent, name="shop.toml")


@pytest.mark.parametrize("deed", ["answer", "flow", "transfer"])
def test_it_does_one_thing(deed):
    assert getattr(of(f'{TOWING}{deed} = "towing"'), deed) == "towing"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (TOWING, "has none; give it exactly one of: answer, flow, transfer"),
        (TOWING + 'answer = "We do."\nflow = "towing"', "has answer and flow; give it exactly one"),
        (TOWING.replace(', "i need a tow truck"', "") + 'answer = "Yes."', "examples"),
        (TOWING.replace("towing", "Tow Truck") + 'answer = "Yes."', "id"),
        (TOWING + 'anwser = "Yes."', "Did you mean `answer`?"),
    ],
)
def test_what_is_refused_and_why(text, what):
    with pytest.raises(ConfigError, match=r"shop.toml:\d+") as refusal:
        of(text)
    assert what in str(refusal.value)
