"""A flow as a picture (SVG): its states from top to bottom, what each says, and where each answer leads.

The places are grandalf's (layers after Sugiyama, Tagawa and Toda, 1981); the drawing is plain SVG.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import shorten
from typing import Any, Final
from xml.etree import ElementTree as Xml

from grandalf.graphs import Edge, Graph, Vertex
from grandalf.layouts import SugiyamaLayout
from grandalf.routing import EdgeViewer, route_with_lines

from appliance.business.flows import FlowTable, StateTable
from appliance.conversation.phrases import Phrases

_WIDTH: Final = 260
_HEIGHT: Final = 78
_MARGIN: Final = 40
_LETTERS: Final = 40  # of a phrase, as many as a box is wide
_FILL: Final = {"ask": "#e8f0fe", "confirm": "#fef7e0", "do": "#fce8e6", "end": "#e6f4ea", "flow": "#f3e8fd"}

Point = tuple[float, float]


@dataclass
class _Box:
    """The shape of a state, as grandalf wants it: width, height, and the middle it is given."""

    w: int = _WIDTH
    h: int = _HEIGHT
    xy: Point = (0.0, 0.0)


def svg_of(flow: FlowTable, phrases: Phrases) -> str:
    """The picture of `flow`, its phrases in the words of `phrases`."""
    states = {name: Vertex(name) for name in flow.states}
    arrows = [
        Edge(states[name], states[target], data=key.removeprefix("on."))
        for name, state in flow.states.items()
        for key, target in state.targets.items()
    ]
    _place(states, arrows, flow.begins)
    boxes = {name: vertex.view.xy for name, vertex in states.items()}
    lines = [(edge.data, _ways(edge, boxes)) for edge in arrows]
    return _drawn(flow, phrases, boxes, lines)


def _place(states: dict[str, Any], arrows: list[Any], begins: str) -> None:
    for vertex in states.values():
        vertex.view = _Box()
    for edge in arrows:
        edge.view = EdgeViewer()
    layout = SugiyamaLayout(Graph(list(states.values()), arrows).C[0])
    layout.route_edge = route_with_lines
    layout.xspace, layout.yspace = 50, 46
    layout.init_all(roots=[states[begins]])
    layout.draw()


def _ways(edge: Any, boxes: dict[str, Point]) -> list[Point]:
    """The points of an arrow; one that leads upwards is laid by grandalf as if it led down."""
    points: list[Point] = list(edge.view._pts)
    start, end = boxes[edge.v[0].data], boxes[edge.v[1].data]
    return points or [start, end]


def _drawn(
    flow: FlowTable, phrases: Phrases, boxes: dict[str, Point], lines: list[tuple[str, list[Point]]]
) -> str:
    every = [*boxes.values(), *(point for _, points in lines for point in points)]
    left = min(x for x, _ in every) - _WIDTH / 2 - _MARGIN
    top = min(y for _, y in every) - _HEIGHT / 2 - _MARGIN
    width = max(x for x, _ in every) + _WIDTH / 2 + _MARGIN - left
    height = max(y for _, y in every) + _HEIGHT / 2 + _MARGIN - top
    svg = Xml.Element(
        "svg",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"{left:.0f} {top:.0f} {width:.0f} {height:.0f}",
        width=f"{width:.0f}",
        height=f"{height:.0f}",
        attrib={"font-family": "sans-serif", "font-size": "12"},
    )
    Xml.SubElement(svg, "title").text = f"The flow {flow.name}"
    _arrow_head(svg)
    _background(svg, left, top, width, height)
    for label, points in lines:
        _arrow(svg, label, points)
    for name, middle in boxes.items():
        _state(svg, name, flow, middle, phrases)
    return Xml.tostring(svg, encoding="unicode") + "\n"


def _background(svg: Xml.Element, left: float, top: float, width: float, height: float) -> None:
    box = {"x": f"{left:.0f}", "y": f"{top:.0f}", "width": f"{width:.0f}", "height": f"{height:.0f}"}
    Xml.SubElement(svg, "rect", box, fill="white")


def _arrow_head(svg: Xml.Element) -> None:
    definitions = Xml.SubElement(svg, "defs")
    size = {"markerWidth": "9", "markerHeight": "9", "refX": "8", "refY": "4.5", "orient": "auto"}
    marker = Xml.SubElement(definitions, "marker", size, id="head")
    Xml.SubElement(marker, "path", d="M0,0 L9,4.5 L0,9 z", fill="#5f6368")


def _arrow(svg: Xml.Element, label: str, points: list[Point]) -> None:
    path = " ".join(f"{'L' if at else 'M'}{x:.0f},{y:.0f}" for at, (x, y) in enumerate(points))
    Xml.SubElement(svg, "path", {"d": path, "marker-end": "url(#head)"}, fill="none", stroke="#5f6368")
    if label != "next":
        (x, y), (onward, below) = points[0], points[1]
        _text(svg, label, ((x + onward) / 2 + 5, (y + below) / 2), anchor="start", fill="#b3261e")


def _state(svg: Xml.Element, name: str, flow: FlowTable, middle: Point, phrases: Phrases) -> None:
    state, (x, y) = flow.states[name], middle
    fill = next((color for key, color in _FILL.items() if getattr(state, key)), "white")
    place = {"x": f"{x - _WIDTH / 2:.0f}", "y": f"{y - _HEIGHT / 2:.0f}"}
    size = {"width": str(_WIDTH), "height": str(_HEIGHT), "rx": "8"}
    weight = "3" if name == flow.begins else "1"
    Xml.SubElement(svg, "rect", {**place, **size, "stroke-width": weight}, fill=fill, stroke="#5f6368")
    _text(svg, name.replace("_", " "), (x, y - 16), weight="bold")
    _text(svg, _deed(state, flow), (x, y + 4))
    spoken = _spoken(state, flow)
    if spoken:
        wording = flow.phrases.get(spoken) or phrases.wording(spoken)
        _text(svg, f"“{shorten(wording, _LETTERS, placeholder='…')}”", (x, y + 24), fill="#5f6368")


def _deed(state: StateTable, flow: FlowTable) -> str:
    """What a state does, in a few words."""
    if state.ask:
        slot = flow.slots[state.ask]
        return f"asks for {state.ask} ({slot.kind})" + (", else a gap" if slot.gap else "")
    if state.confirm:
        return "reads back" + (f", corrects {', '.join(state.correct)}" if state.correct else "")
    if state.do:
        return f"does: {state.do}" + (f" {state.tool}" if state.tool else "")
    if state.end:
        return f"ends: {state.end}"
    return f"offers the flow {state.flow}" if state.flow else "says"


def _spoken(state: StateTable, flow: FlowTable) -> str:
    """The phrase that is most of what a state says."""
    if state.ask:
        slot = flow.slots[state.ask]
        return next(iter((*([slot.first] if slot.first else []), *slot.ask)), "")
    return next(iter((*state.confirm, *state.say)), "")


def _text(
    svg: Xml.Element,
    text: str,
    at: Point,
    *,
    anchor: str = "middle",
    weight: str = "normal",
    fill: str = "black",
) -> None:
    place = {"x": f"{at[0]:.0f}", "y": f"{at[1]:.0f}", "text-anchor": anchor, "font-weight": weight}
    Xml.SubElement(svg, "text", place, fill=fill).text = text
