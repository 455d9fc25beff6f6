"""What can be drawn: how values are spread, where time went, one thing over another, how many there were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Distribution:
    """How values of several groups are spread: one histogram or strip a group."""

    title: str
    unit: str
    groups: Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Spans:
    """Steps after each other on one axis of time: the waterfall of a turn. (label, from, to)."""

    title: str
    unit: str
    spans: Sequence[tuple[str, float, float]]


@dataclass(frozen=True, slots=True)
class Curves:
    """One line a name over a common axis."""

    title: str
    x_label: str
    y_label: str
    curves: Mapping[str, Sequence[tuple[float, float]]]


@dataclass(frozen=True, slots=True)
class Bars:
    """How many there were at each place of an axis: one stacked part a name, as long as `places`."""

    title: str
    y_label: str
    places: Sequence[str]
    parts: Mapping[str, Sequence[float]]


Plot = Distribution | Spans | Curves | Bars
