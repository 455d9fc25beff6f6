"""A sight of the box as Prometheus reads it: the agent's own figures, then what only an onlooker can tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from appliance.conversation.degradation import Level
from appliance.observe.seeing import Sight
from appliance.ops.health import AgentState, Verdict

COMPLAINTS: Final = ("agent", "line", "sound", "registration", "level", "store", "disk", "database")
"""The names of everything that may keep callers from being served; each has a series, at 0 while all is well."""


def exposition(sight: Sight, verdict: Verdict) -> bytes:
    """Text of Prometheus's format 0.0.4."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Seen(sight, verdict))
    agents = sight.told.metrics.encode() if sight.told is not None else b""
    return agents + generate_latest(registry)


class _Seen(Collector):
    def __init__(self, sight: Sight, verdict: Verdict) -> None:
        self._sight = sight
        self._verdict = verdict

    def collect(self) -> Iterator[Metric]:
        yield _complaints(self._verdict)
        if self._sight.told is not None:
            yield from _of_the_agent(self._sight.told.state)
        yield from _of_the_outbox(self._sight)
        yield from _of_processes(self._sight)
        if self._sight.free_bytes is not None:
            yield _gauge("disk_free_bytes", "Room left on the disk of the database.", self._sight.free_bytes)


def _gauge(name: str, told: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"attendant_{name}", told, value=value)


def _complaints(verdict: Verdict) -> GaugeMetricFamily:
    family = GaugeMetricFamily(
        "attendant_complaint",
        "1 while this keeps callers from being served as they should be.",
        labels=["of"],
    )
    found = {one.name for one in verdict.complaints}
    for name in COMPLAINTS:
        family.add_metric([name], name in found)
    return family


def _of_the_agent(state: AgentState) -> Iterator[GaugeMetricFamily]:
    level = Level.named(state.level) or Level.FULL
    yield _gauge("degradation_level", "0 full, 1 rules, 2 keys, 3 prepared, 4 alone.", level.value)
    yield _gauge("calls_active", "Calls that the agent serves now.", state.calls)
    yield _gauge("mind_up", "Whether the language model can be asked.", state.mind_is_up)
    if state.registered is not None:
        yield _gauge("registered", "Whether the phone system knows the box.", state.registered)


def _of_the_outbox(sight: Sight) -> Iterator[GaugeMetricFamily]:
    rows = GaugeMetricFamily(
        "attendant_outbox_rows",
        "What waits to be told to another machine, or was given up.",
        labels=["destination", "state"],
    )
    oldest = GaugeMetricFamily(
        "attendant_outbox_oldest_seconds",
        "For how long the oldest row waits; 0 while none does.",
        labels=["destination"],
    )
    for one in sight.outbox or ():
        rows.add_metric([one.destination, "waiting"], one.waiting)
        rows.add_metric([one.destination, "buried"], one.buried)
        waits_s = 0.0 if one.oldest_at is None else (sight.at - one.oldest_at).total_seconds()
        oldest.add_metric([one.destination], max(0.0, waits_s))
    yield from (rows, oldest)


def _of_processes(sight: Sight) -> Iterator[Metric]:
    memory = GaugeMetricFamily("attendant_memory_bytes", "Memory of a process in RAM.", labels=["process"])
    cpu = CounterMetricFamily("attendant_cpu_seconds", "Processor time of a process.", labels=["process"])
    for one in sight.processes:
        memory.add_metric([one.name], one.memory_bytes)
        cpu.add_metric([one.name], one.cpu_s)
    yield from (memory, cpu)
