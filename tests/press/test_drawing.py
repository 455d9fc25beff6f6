"""Every kind of plot becomes one SVG document, always the same for the same values, also with nothing to draw."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from appliance.press.drawing import svg
from appliance.press.plots import Bars, Curves, Distribution, Plot, Spans

PLOTS: list[Plot] = [
    Distribution("Gaps", "ms", {"phrase": [float(value) for value in range(40)], "open": [3.0]}),
    Distribution("Below zero", "dB", {"a": [-3.0, 2.0], "b": []}),
    Distribution("Nothing", "ms", {}),
    Spans("A turn", "ms", [("wait", 0, 320), ("nothing", 320, 320), ("voice", 320, 410)]),
    Spans("Nothing", "ms", []),
    Curves("Capacity", "calls", "ms", {"p50": [(1, 300), (4, 500)], "p95": []}),
    Curves("Nothing", "calls", "ms", {}),
    Bars(
        "Calls", "calls", [str(day) for day in range(31)], {"answered": [3] * 31, "missed": [0, 1] + [2] * 29}
    ),
    Bars("Nothing", "calls", [], {}),
]


@pytest.mark.parametrize("plot", PLOTS, ids=lambda plot: f"{type(plot).__name__} {plot.title}")
def test_a_plot_is_one_document_and_always_the_same(plot: Plot) -> None:
    drawn = svg(plot)
    assert ElementTree.fromstring(drawn).tag.endswith("svg")  # noqa: S314  our own text
    assert svg(plot) == drawn


def test_what_is_measured_is_in_the_picture() -> None:
    few = svg(Distribution("Gaps", "ms", {"phrase": [1.0, 2.0]}))
    many = svg(Distribution("Gaps", "ms", {"phrase": [float(value) for value in range(40)]}))
    assert many.count("<use") > few.count("<use"), "a dot a value"
