"""Plots as SVG: how values are spread, where time went, one thing over another, how many there were.

Matplotlib without a display. Text becomes outlines, so that a picture looks the same wherever it is opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from appliance.press.plots import Bars, Curves, Distribution, Plot, Spans

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH_INCHES: Final = 8.0
_ROW_INCHES: Final = 0.55
_MARGIN_INCHES: Final = 1.2
_COLOURS: Final = ("#2563a8", "#c2571a", "#3d8a4b", "#8a4f9e", "#a8324a", "#5c6670", "#b08a1e", "#2a8f94")
_INK: Final = "#27313a"
_FAINT: Final = "#d7dde2"
_VALUES_FOR_P95: Final = 30
_LABELS_MAX: Final = 16
_GOLDEN: Final = 0.618034  # multiples of it, modulo one, scatter evenly and always the same way


def svg(plot: Plot) -> str:
    """The plot as one SVG document; the same values give the same text."""
    import matplotlib as mpl

    style: dict[Any, Any] = {
        "svg.hashsalt": "attendant",
        "svg.fonttype": "path",
        "font.size": 9,
        "text.color": _INK,
    }
    with mpl.rc_context(style):
        figure = _canvas(plot)
        match plot:
            case Distribution():
                _draw_distribution(figure.axes[0], plot)
            case Spans():
                _draw_spans(figure.axes[0], plot)
            case Curves():
                _draw_curves(figure.axes[0], plot)
            case Bars():
                _draw_bars(figure.axes[0], plot)
        out = StringIO()
        figure.savefig(out, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    return out.getvalue()


def _canvas(plot: Plot) -> Figure:
    """An empty figure of the right height with one set of quiet axes."""
    from matplotlib.figure import Figure

    match plot:
        case Distribution(groups=groups):
            height = _MARGIN_INCHES + _ROW_INCHES * len(groups)
        case Spans(spans=spans):
            height = _MARGIN_INCHES + 0.7 * _ROW_INCHES * len(spans)
        case Curves() | Bars():
            height = 3.6
    figure = Figure(figsize=(_WIDTH_INCHES, height), layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(plot.title, loc="left", fontsize=10, fontweight="bold", color=_INK)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(_INK)
    axes.tick_params(length=0, colors=_INK)
    axes.grid(axis=_grid_of(plot), color=_FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    return figure


def _grid_of(plot: Plot) -> Literal["both", "x", "y"]:
    """Lines that help to read a value off: along the axis that values stand on."""
    match plot:
        case Curves():
            return "both"
        case Bars():
            return "y"
        case _:
            return "x"


def _colour(index: int) -> str:
    return _COLOURS[index % len(_COLOURS)]


# --- how values are spread --------------------------------------------------------------------------


def _draw_distribution(axes: Axes, plot: Distribution) -> None:
    """A strip of dots a group, with its median and, on enough values, its 95th percentile."""
    for row, values in enumerate(plot.groups.values()):
        _draw_strip(axes, row, values)
    labels = [f"{name}  (n {len(values)})" for name, values in plot.groups.items()]
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.set_xlabel(f"{plot.unit}   (line: median; dotted: 95th percentile, from 30 values on)")
    if all(value >= 0 for values in plot.groups.values() for value in values):
        axes.set_xlim(left=0)


def _draw_strip(axes: Axes, row: int, values: Sequence[float]) -> None:
    if not len(values):
        return
    beside = (np.arange(len(values)) * _GOLDEN % 1 - 0.5) * 0.44
    axes.scatter(values, row + beside, s=14, color=_colour(row), alpha=0.45, linewidths=0)
    middle = float(np.median(values))
    axes.vlines(middle, row - 0.34, row + 0.34, color=_INK, linewidth=1.8)
    axes.annotate(f"{middle:.4g}", (middle, row - 0.36), ha="center", va="bottom", fontsize=8, color=_INK)
    if len(values) >= _VALUES_FOR_P95:
        late = float(np.percentile(values, 95))
        axes.vlines(late, row - 0.34, row + 0.34, color=_INK, linewidth=1.2, linestyle=":")
        axes.annotate(f"{late:.4g}", (late, row - 0.36), ha="center", va="bottom", fontsize=8, color=_INK)


# --- where time went --------------------------------------------------------------------------------


def _draw_spans(axes: Axes, plot: Spans) -> None:
    """A bar a step, one below the other, with how long it took beside it."""
    for row, (_, start, end) in enumerate(plot.spans):
        axes.barh(row, end - start, left=start, height=0.62, color=_colour(0))
        axes.annotate(
            f"{end - start:.4g}",
            (max(start, end), row),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=_INK,
        )
    axes.set_yticks(range(len(plot.spans)), [label for label, _, _ in plot.spans])
    axes.set_ylim(len(plot.spans) - 0.4, -0.6)
    axes.set_xlabel(plot.unit)
    axes.margins(x=0.08)


# --- one thing over another -------------------------------------------------------------------------


def _draw_curves(axes: Axes, plot: Curves) -> None:
    for index, (name, points) in enumerate(plot.curves.items()):
        across, up = zip(*points, strict=True) if points else ((), ())
        axes.plot(across, up, color=_colour(index), marker="o", markersize=3.5, linewidth=1.6, label=name)
    axes.set_xlabel(plot.x_label)
    axes.set_ylabel(plot.y_label)
    if plot.curves:
        axes.legend(frameon=False, fontsize=8)


# --- how many there were ----------------------------------------------------------------------------


def _draw_bars(axes: Axes, plot: Bars) -> None:
    """A column a place, its parts on top of each other; so many labels as can be read."""
    from matplotlib.ticker import MaxNLocator

    at = np.arange(len(plot.places))
    below = np.zeros(len(plot.places))
    for index, (name, values) in enumerate(plot.parts.items()):
        axes.bar(at, values, bottom=below, width=0.78, color=_colour(index), label=name)
        below = below + np.asarray(values, dtype=float)
    every = max(1, -(-len(plot.places) // _LABELS_MAX))
    axes.set_xticks(at[::every], list(plot.places)[::every])
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylim(0, max(1.0, float(below.max(initial=0.0)) * 1.08))
    axes.set_ylabel(plot.y_label)
    if len(plot.parts) > 1:
        axes.legend(frameon=False, fontsize=8, ncols=min(len(plot.parts), 5))
