"""The flows that ship are whole; a table that could not be run is refused, with its line and what is wrong."""

from __future__ import annotations

import pytest

from appliance import configfile
from appliance.business.flows import FlowTable, shipped_flows
from appliance.business.phrases import LANGUAGES
from appliance.business.wording import flow_wording_faults
from appliance.errors import ConfigError

SOUND = """
name = "survey"
begins = "first"
[slots.happy]
kind = "yes_no"
ask = ["happy"]
[slots.why]
kind = "text"
ask = ["why"]
[phrases]
happy = "Are you happy?"
why = "Why?"
thanks = "Thank you. You said {why}."
[states.first]
ask = "happy"
next = "second"
on = { no = "over" }
[states.second]
ask = "why"
next = "over"
[states.over]
say = ["thanks"]
end = "answered"
"""


def read(text: str) -> FlowTable:
    return configfile.parse(text, FlowTable, name="survey.toml")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("flow", shipped_flows().values(), ids=lambda flow: flow.name)
def test_every_flow_that_ships_can_be_said_in_every_language(flow, language):
    assert list(flow_wording_faults(flow, LANGUAGES[language])) == []


def test_the_flows_that_wishes_begin_are_there():
    assert {"booking", "message", "move", "cancel"} <= set(shipped_flows())


def test_a_sound_flow_is_read():
    assert read(SOUND).asking("why") == "second"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('begins = "first"', 'begins = "start"', 'survey.toml:3: begins: there is no state "start"'),
        ('next = "over"', 'next = "second"', "survey.toml:18: states.second: can never end"),
        ('kind = "text"', 'kind = "novel"', "survey.toml:8: slots.why.kind"),
        (
            'ask = "why"\n',
            'ask = "because"\n',
            'survey.toml:19: states.second.ask: there is no slot "because"',
        ),
        ('on = { no = "over" }', 'on = { no = "end" }', "states.first.on.no: there is no state"),
        ('next = "over"', 'next = "over"\nconfirm = ["why"]', "has ask and confirm"),
        ('ask = ["why"]\n', "", "is asked for but has no question"),
        ('end = "answered"', "", "leads nowhere"),
        ('ask = "why"', 'do = "book"', '"book" needs a slot of kind'),
        ('ask = "why"', 'say = ["happy"]', "survey.toml:7: slots.why: nobody fills this slot"),
        ("[states.over]", '[states.lost]\nend = "dropped"\n[states.over]', "states.lost: is never reached"),
    ],
)
def test_a_flow_that_cannot_be_run_is_refused_with_its_line(old, new, complaint):
    assert old in SOUND
    with pytest.raises(ConfigError) as refused:
        read(SOUND.replace(old, new))
    assert complaint in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("You said {why}", "You said {what}", '"thanks" speaks of {what}'),
        ('ask = ["happy"]', 'ask = ["glad"]', 'there is no phrase "glad"'),
        ("Are you happy?", "Are you {happy?", "expected '}'"),
    ],
)
def test_words_a_flow_cannot_say_are_found(old, new, complaint):
    faults = list(flow_wording_faults(read(SOUND.replace(old, new)), LANGUAGES["en"]))
    assert any(complaint in text for _, text in faults)
