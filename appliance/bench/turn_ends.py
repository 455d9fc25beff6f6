"""How long after the last sound of an utterance its turn is held to be over, and how often too early.

The product's own ear hears recordings much faster than real time. What is counted here is only the ear's part
of `response_gap_ms` (measure.md): voice, network and the caller's own buffer come on top.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import quantiles
from typing import Any, Protocol

from appliance.bench.figures import Distribution, Figure, Findings
from appliance.bench.turn_material import Said, dictated, recorded
from appliance.bench.turn_tracks import SPEECH_MIN, Library, Rerun, Track
from appliance.conversation.turns import Asked
from appliance.conversation.vocabulary import words_for
from appliance.domain.events import UtteranceHeard
from appliance.domain.sound import SILENCE, FrameHeard, ms
from appliance.engines.ports import RecogniserModel, SpeechDetector
from appliance.errors import NotFound

_NOW = datetime.fromisoformat("2026-11-19T10:00")
_DETECTOR_LAG_MS = 80
"""How long the detector takes to notice that clean speech is over, at the median of the recordings."""

FALSE_ENDINGS_AIM_PERCENT = 3.0
DICTATION_FALSE_ENDINGS_AIM_PERCENT = 5.0


class HearsTurns(Protocol):
    """What is measured: the agent's ear."""

    def expect(self, asked: Asked) -> None:
        """What was asked before the caller speaks."""
        ...

    def hear(self, frame: FrameHeard) -> Sequence[object]:
        """Take one tick; what came of it."""
        ...


MakeEar = Callable[[SpeechDetector, RecogniserModel], HearsTurns]


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of one utterance. Times in ms after its true end; None where it never came to it.

    `wait_ms`: until the turn was held to be over. `detector_ms`: until the detector's last tick of speech.
    `words_ms`: until the last word stood in the partial. `pieces`: into how many turns it was cut.
    """

    said: Said
    wait_ms: float | None
    pieces: int
    detector_ms: float | None
    words_ms: float

    @property
    def is_cut(self) -> bool:
        """A false ending: the caller was held to be done and was not."""
        return self.pieces > 1


def measure(
    folder: Path,
    library_folder: Path,
    model: RecogniserModel,
    new_detector: Callable[[], SpeechDetector],
    make_ear: MakeEar,
    *,
    command: str,
    conditions: dict[str, str],
    most: int | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Findings:
    """Every recording of `folder` through an ear of its own, at most `most` of a set; NotFound when there is none.

    What the engines make of a recording is kept in `library_folder`: the first run takes a quarter of the
    recordings' length, later ones seconds.
    """
    library = Library(library_folder, model, new_detector)
    endings: list[Ending] = []
    for said in _at_most(most, itertools.chain(recorded(folder), dictated(folder))):
        endings.append(ending(said, library.track(said.frames, words_for(said.expectation)), make_ear))
        tell(f"{len(endings)}: {said.group}")
    if not endings:
        raise NotFound(f"{folder.name}: holds no recordings with a table.", remedy="It needs a refs.tsv.")
    return findings(endings, command, conditions)


def _at_most(most: int | None, everything: Iterable[Said]) -> Iterator[Said]:
    """The first `most` of every group."""
    seen: Counter[str] = Counter()
    for said in everything:
        seen[said.group] += 1
        if most is None or seen[said.group] <= most:
            yield said


def ending(said: Said, track: Track, make_ear: MakeEar) -> Ending:
    """Let the ear hear one recording as the engines heard it."""
    rerun = Rerun(track)
    ear = make_ear(rerun, rerun)
    ear.expect(Asked(said.expectation, now=_NOW))
    heard: list[UtteranceHeard] = []
    for tick, frame in enumerate(said.frames):
        rerun.tick = tick
        heard += [
            event
            for event in ear.hear(FrameHeard("bench", tick, frame, frame, SILENCE))
            if isinstance(event, UtteranceHeard)
        ]
    return _ending(said, track, heard)


def _ending(said: Said, track: Track, heard: Sequence[UtteranceHeard]) -> Ending:
    """Turns that began after the true end are noise behind the caller, not a piece of the utterance."""
    speech = [tick for tick, chance in enumerate(track.chances) if chance >= SPEECH_MIN]
    ends_ms = _true_end_ms(said, ms(speech[-1] + 1)) if speech else said.ends_ms
    pieces = [one for one in heard if ms(one.started_tick) < ends_ms]
    over = [one for one in pieces if ms(one.decided_tick + 1) > ends_ms]
    words = track.narrow_words or track.words
    return Ending(
        said,
        wait_ms=ms(over[-1].decided_tick + 1) - ends_ms if over else None,
        pieces=len(pieces),
        detector_ms=ms(speech[-1] + 1) - ends_ms if speech else None,
        words_ms=ms(words.index(words[-1]) + 1) - ends_ms,
    )


def _true_end_ms(said: Said, detector_ms: float) -> float:
    """The end by energy; where a recording goes on in noise, some detector's lag before the last speech in it."""
    return said.ends_ms if detector_ms >= said.ends_ms else detector_ms - _DETECTOR_LAG_MS


# --- summing up ---------------------------------------------------------------------------------


def findings(endings: Sequence[Ending], command: str, conditions: dict[str, str]) -> Findings:
    """Waits by group of recordings, and the share of utterances that were cut."""
    groups = list(Counter(one.said.group for one in endings))
    by_group = {name: [one for one in endings if one.said.group == name] for name in groups}
    cuts, dictated_cuts = _cut_percent(endings), _cut_percent(one for one in endings if one.said.dictated)
    synthetic = sorted({one.said.group for one in endings if one.said.synthetic})
    return Findings(
        bench="turns",
        command=command,
        summary={name: _group(of) for name, of in by_group.items()}
        | {"false_endings_percent": cuts, "dictation_false_endings_percent": dictated_cuts}
        | conditions,
        figures=[
            *(figure for name, of in by_group.items() for figure in _figures(name, of)),
            Figure("false endings", cuts, "%", FALSE_ENDINGS_AIM_PERCENT, n=len(endings)),
            Figure(
                "false endings while dictating",
                dictated_cuts,
                "%",
                DICTATION_FALSE_ENDINGS_AIM_PERCENT,
                n=sum(one.said.dictated for one in endings),
            ),
        ],
        rows=[row(one) for one in endings],
        plots=[
            Distribution(
                "From the last sound to the decision",
                "ms",
                {name: _waits(of) for name, of in by_group.items()},
            )
        ],
        conditions=conditions,
        notes=[
            "The end of speech is found by energy, in noise by the detector.",
            "The decision is the ear's: voice, network and buffers come on top.",
            *(f"Synthetic speech: {name}." for name in synthetic),
        ],
    )


def row(one: Ending) -> dict[str, Any]:
    """One utterance as a line of JSON."""
    return {
        "group": one.said.group,
        "recording": one.said.name,
        "expectation": str(one.said.expectation),
        "synthetic": one.said.synthetic,
        "dictated": one.said.dictated,
        "pieces": one.pieces,
        "wait_ms": _rounded(one.wait_ms),
        "detector_ms": _rounded(one.detector_ms),
        "words_ms": _rounded(one.words_ms),
    }


def _figures(name: str, endings: Sequence[Ending]) -> list[Figure]:
    waits = _waits(endings)
    return [
        Figure(f"{name} p50", _percentile(waits, 50), "ms", n=len(waits)),
        Figure(f"{name} p95", _percentile(waits, 95), "ms", n=len(waits)),
        Figure(f"{name} false endings", _cut_percent(endings), "%", n=len(endings)),
    ]


def _group(endings: Sequence[Ending]) -> dict[str, Any]:
    waits = _waits(endings)
    return {
        "n": len(endings),
        "p50_ms": _percentile(waits, 50),
        "p95_ms": _percentile(waits, 95),
        "detector_p50_ms": _percentile(
            [one.detector_ms for one in endings if one.detector_ms is not None], 50
        ),
        "words_p50_ms": _percentile([one.words_ms for one in endings], 50),
        "false_endings_percent": _cut_percent(endings),
        "never_ended": sum(one.wait_ms is None for one in endings),
    }


def _waits(endings: Iterable[Ending]) -> list[float]:
    return [one.wait_ms for one in endings if one.wait_ms is not None]


def _cut_percent(endings: Iterable[Ending]) -> float | None:
    cut = [one.is_cut for one in endings]
    return round(100 * sum(cut) / len(cut), 1) if cut else None


def _percentile(values: Sequence[float], percent: int) -> float | None:
    """None for fewer than two values."""
    return round(quantiles(values, n=100, method="inclusive")[percent - 1]) if len(values) > 1 else None


def _rounded(value: float | None) -> int | None:
    return None if value is None else round(value)
