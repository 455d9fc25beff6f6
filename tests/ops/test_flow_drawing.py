"""The picture of a flow shows every state and every branch, and is well-formed SVG."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

import pytest

from appliance import business
from appliance.business.flows import shipped_flows
from appliance.conversation.phrases import Phrases
from appliance.ops.flow_drawing import svg_of

FLOWS = [*shipped_flows().values(), *business.load("dental_practice").flows]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_every_state_and_every_branch_is_drawn(flow):
    picture = Xml.fromstring(svg_of(flow, Phrases()))  # noqa: S314  our own text
    texts = [one.text for one in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert {name.replace("_", " ") for name in flow.states} <= set(texts)
    branches = [key for state in flow.states.values() for key in state.on]
    assert sorted(text for text in texts if text in branches) == sorted(branches)


def test_boxes_do_not_overlap():
    picture = Xml.fromstring(svg_of(shipped_flows()["booking"], Phrases()))  # noqa: S314  our own text
    boxes = [one.attrib for one in picture.iter("{http://www.w3.org/2000/svg}rect") if "rx" in one.attrib]
    corners = [(float(box["x"]), float(box["y"])) for box in boxes]
    width, height = float(boxes[0]["width"]), float(boxes[0]["height"])
    apart = [
        abs(ax - bx) >= width or abs(ay - by) >= height
        for at, (ax, ay) in enumerate(corners)
        for bx, by in corners[at + 1 :]
    ]
    assert len(boxes) == len(shipped_flows()["booking"].states)
    assert all(apart)
