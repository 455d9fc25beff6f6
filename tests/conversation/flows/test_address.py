"""A postal address in a flow: dictated, asked for differently, left open, put right in parts, given to the office."""

from __future__ import annotations

import pytest

from appliance import configfile
from appliance.business import Business
from appliance.conversation.phrases import Phrases
from appliance.conversation.rehearsal import Rehearsal, perform
from appliance.conversation.session import Session
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.expectation import Expectation
from appliance.settings import Mind, Turns
from tests.business.test_tools import OFFICE

TOWING = """
[[intents]]
id = "towing"
examples = ["my car broke down", "i need a tow truck"]
flow = "towing"

[[flows]]
name = "towing"
begins = "what"

[flows.slots.matter]
kind = "text"
ask = ["ask_trouble"]
[flows.slots.where]
kind = "address"
ask = ["ask_where", "ask_where_again"]
gap = true
[flows.slots.name]
kind = "name"
ask = ["ask_your_name", "ask_name_again"]
gap = true
remembered = true
[flows.slots.phone]
kind = "phone"
ask = ["ask_phone", "ask_phone_again"]
gap = true
remembered = true

[flows.phrases]
ask_trouble = "What is wrong with the car?"
ask_where = "Where is it standing?"
ask_where_again = "What is the house number, and what is the street?"
confirm_towing = "To {where}, for {name}, {phone}. Is that right?"
confirm_towing_somewhere = "For {name}, {phone}. They will ask where the car is. Is that right?"
towing_noted = "They are on their way."

[flows.states.what]
ask = "matter"
next = "where_to"
[flows.states.where_to]
ask = "where"
next = "who"
[flows.states.who]
ask = "name"
next = "where_to_reach"
[flows.states.where_to_reach]
ask = "phone"
next = "read_back"
[flows.states.read_back]
confirm = ["confirm_towing", "confirm_towing_somewhere"]
correct = ["where", "name", "phone"]
change = "what_to_change_message"
next = "write"
[flows.states.write]
do = "take_message"
next = "done"
on = { failed = "lost" }
[flows.states.done]
say = ["towing_noted"]
end = "message"
[flows.states.lost]
say = ["message_lost"]
end = "dropped"
"""
GARAGE = configfile.parse(OFFICE + TOWING, Business, name="office.toml")
BEGINS = f"""
agent: {GARAGE.greeting}
likely: own:towing 0.97
caller: hello i need a tow truck
agent: What is wrong with the car?
caller: it does not start any more
agent: Where is it standing?
"""
WHO = """
agent: ... name?
caller: kate bell
agent: ... number ...
caller: three oh three five five five oh one seven three
"""


def played(text: str) -> Rehearsal:
    session = Session(
        "play", GARAGE, Phrases("en", {}), turns=Turns(), mind=Mind(), has_model=False, connects=False
    )

    def fetch(command: do.DiaryCommand | do.TakeMessage) -> ev.SessionEvent:
        assert isinstance(command, do.TakeMessage)
        return ev.MessageTaken(command.call_id, command.query, kept=True)

    rehearsal = Rehearsal(session, fetch)
    perform(text, rehearsal)
    return rehearsal


@pytest.mark.parametrize(
    "text",
    [
        # read back with the region by its name, and told to the office with the matter
        """
caller: twenty seven eighty eight san tomas expressway santa clara california nine five zero five one
"""
        + WHO
        + """
agent: To 2788 San Tomas Expressway, Santa Clara, California 95051, for Kate Bell, 3 0 3, 5 5 5, 0 1 7 3. Is that right?
caller: yes
agent: They are on their way.
expect message: Kate Bell 3035550173 it does not start any more; 2788 San Tomas Expressway, Santa Clara, CA 95051
""",
        # asked for differently once
        """
caller: over by the lake
agent: What is the house number, and what is the street?
caller: five oh five elm street in boulder
"""
        + WHO
        + """
agent: To 505 Elm Street, Boulder, for Kate Bell, ...
caller: yes
agent: They are on their way.
expect message: Kate Bell 3035550173 it does not start any more; 505 Elm Street, Boulder
""",
        # and then the gap is marked
        """
caller: over by the lake
agent: What is the house number, and what is the street?
caller: behind the old mill
"""
        + WHO
        + """
agent: For Kate Bell, 3 0 3, 5 5 5, 0 1 7 3. They will ask where the car is. Is that right?
caller: yes
agent: They are on their way.
expect message: Kate Bell 3035550173 it does not start any more
""",
        # put right in parts, with a no and with a yes; a number is no postcode
        """
caller: five oh five elm street in boulder
"""
        + WHO
        + """
agent: To 505 Elm Street, Boulder, for Kate Bell, ...
caller: no it's five oh five oak street
agent: To 505 Oak Street, Boulder, for Kate Bell, ...
caller: yes but it's apartment four b
agent: To 505 Oak Street, Apartment 4B, Boulder, for Kate Bell, ...
caller: yes but my number is three oh three five five five oh one one nine
agent: To 505 Oak Street, Apartment 4B, Boulder, for Kate Bell, 3 0 3, 5 5 5, 0 1 1 9. Is that right?
caller: that's right
agent: They are on their way.
expect message: Kate Bell 3035550119 it does not start any more; 505 Oak Street, Apartment 4B, Boulder
""",
        # wrong, and the right one not said: asked anew
        """
caller: five oh five elm street
"""
        + WHO
        + """
agent: To 505 Elm Street, for Kate Bell, ...
caller: yes but the address is wrong
agent: Where is it standing?
caller: nine hundred oak lane
agent: To 900 Oak Lane, for Kate Bell, ...
caller: yes
agent: They are on their way.
expect message: Kate Bell 3035550173 it does not start any more; 900 Oak Lane
""",
    ],
)
def test_plays(text):
    rehearsal = played(BEGINS + text)
    assert [type(one) for one in rehearsal.done].count(do.TakeMessage) == 1


def awaited(rehearsal: Rehearsal) -> Expectation:
    """What the ear was last told to listen for."""
    return [one.expectation for one in rehearsal.done if isinstance(one, do.Expect)][-1]


def test_it_is_on_record():
    ended = played(BEGINS + "caller: nine hundred oak lane\nagent: ...\nhang up:")
    closed = next(one for one in ended.done if isinstance(one, do.CloseCall))
    assert dict(closed.slots)["towing.where"] == "900 Oak Lane"


def test_said_before_it_is_asked_it_is_not_asked():
    begins = BEGINS.replace("it does not start any more", "it's dead and i live at nine hundred oak lane")
    rehearsal = played(begins.replace("agent: Where is it standing?", "agent: ... name?"))
    assert awaited(rehearsal) is Expectation.NAME


def test_the_ear_waits_as_for_dictation():
    assert awaited(played(BEGINS)) is Expectation.MESSAGE
