"""What a benchmark found: figures with their aims, rows to look into, plots to look at. Pure values.

Every bench returns a `Findings`; `bench.report` prints, keeps and draws it the same way for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from appliance.press.plots import Curves, Distribution, Plot, Spans

__all__ = ["Curves", "Distribution", "Figure", "Findings", "Plot", "Spans"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value and what it should be. `value` None: too few measurements for it to stand.

    `name` is stable ("phrase p95"), `aim` a bound in the same unit. `at_most` tells which side of it is good.
    """

    name: str
    value: float | None
    unit: str
    aim: float | None = None
    at_most: bool = True
    n: int | None = None

    @property
    def met(self) -> bool | None:
        """Whether the aim is reached; None without a value or an aim."""
        if self.value is None or self.aim is None:
            return None
        return self.value <= self.aim if self.at_most else self.value >= self.aim


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything one run of a bench found out.

    `summary` is what `--json` prints. `rows` are the single measurements, one JSON line each, without words,
    names or numbers of people. `conditions` says what was measured: speech, codec, machine, models, revision.
    """

    bench: str
    command: str
    summary: Mapping[str, Any]
    figures: Sequence[Figure]
    rows: Sequence[Mapping[str, Any]] = ()
    plots: Sequence[Plot] = ()
    conditions: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
