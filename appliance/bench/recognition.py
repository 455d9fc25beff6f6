"""Word error on the telephone's band: recordings of people, impaired as lines impair, heard as the product hears.

A set is a folder with a `refs.tsv` (columns `path` and `ref`, or `digits`), a condition is what happens to its
sound and what the caller had been asked. Each recording is fed in ticks of 20 ms and its end is forced, as the
ear does it. Digits are counted as digits, everything else as words (Levenshtein distance, by jiwer).
"""

from __future__ import annotations

import csv
import multiprocessing
import re
import time
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final, Protocol

from appliance.bench import recordings
from appliance.bench.figures import Curves, Distribution, Figure, Findings
from appliance.bench.telephone_sound import Impairment, Law, arrived
from appliance.bench.word_errors import edits
from appliance.conversation.numbers import digits_heard
from appliance.conversation.numerals import in_words
from appliance.domain.expectation import Expectation
from appliance.domain.sound import FRAME_BYTES, SILENCE, ms, ticks
from appliance.engines.ports import Heard
from appliance.errors import NotFound

NOISES: Final = "noise_clips"
QUICK_PER_SET: Final = 8
_TAIL_MS: Final = 300
_CLEAN: Final = "clean"
_NOISY: Final = "/noisy"
_RECORDINGS = "*refs.tsv"
_NOT_WORDS = "["  # "[out-of-vocabulary rejection clip]"
_BUCKETS: Final = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)


class Hears(Protocol):
    """The recogniser as the product uses it (agent.recognition.Listener)."""

    def expect(self, expectation: Expectation) -> None:
        """What was asked."""
        ...

    def feed(self, pcm: bytes) -> None:
        """Take a tick."""
        ...

    def believed(self) -> str:
        """The words so far."""
        ...

    def finish(self) -> Heard:
        """The words."""
        ...


OpenListener = Callable[[], Hears]
Loader = Callable[[], OpenListener]
"""Loads the model, in the process that uses it, and returns what opens a call's listener. Must be picklable."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One utterance: where it is, and what is said in it: digits when `digits`, else words."""

    path: Path
    said: str
    digits: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """How a set is heard. `believed_too`: also watch when the words before the end settle (costs time)."""

    name: str
    way: Impairment = field(default_factory=Impairment)
    asked: Expectation = Expectation.ANYTHING
    believed_too: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One utterance under one condition; numbers only, nobody's words.

    `settled_ms`: from the last sample of speech to the moment the words before the end were the final ones.
    """

    set: str
    condition: str
    utterance: int
    units: int
    errors: int
    exact: bool
    confidence: float
    sound_ms: int
    processor_ms: float
    finish_ms: float
    settled_ms: int | None


# --- sets ---------------------------------------------------------------------------------------


def sets_in(folder: Path, most: int | None = None) -> dict[str, list[Recording]]:
    """Every set in `folder` and in the folders right below it, by name; of each at most `most` recordings,
    evenly spread. A column `condition` divides a set in clean and noisy. NotFound when there is none."""
    found: dict[str, list[Recording]] = {}
    for table in sorted([*folder.glob(_RECORDINGS), *folder.glob(f"*/{_RECORDINGS}")]):
        name = table.parent.name + ("" if table.name == "refs.tsv" else f"_{table.name.split('_refs')[0]}")
        for divided, listed in _rows_of(table, name):
            if listed:
                found[divided] = _spread(listed, most)
    if not found:
        raise NotFound(
            f"{folder}: no refs.tsv in it or in a folder below.",
            remedy="Give a folder of recordings with a refs.tsv: columns path and ref, tab-separated.",
        )
    return found


def _rows_of(table: Path, name: str) -> Iterable[tuple[str, list[Recording]]]:
    with table.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    for suffix, divided in (("", ""), ("/clean", _CLEAN), (_NOISY, _NOISY)):
        listed = [one for row in rows if _division(row) == divided and (one := _recording(table.parent, row))]
        yield f"{name}{suffix}", listed


def _division(row: Mapping[str, str]) -> str:
    """Which part of its set a recording belongs to: clean, noisy, or (where no column says so) the only one."""
    condition = row.get("condition") or ""
    return _NOISY if condition not in {"", _CLEAN} else condition


def _recording(folder: Path, row: Mapping[str, str]) -> Recording | None:
    path, digits = folder / (row.get("path") or ""), row.get("digits") or row.get("digit")
    if digits:
        return Recording(path, digits, digits=True)
    said = plain(row.get("ref") or "")
    return Recording(path, said) if said and not (row["ref"]).startswith(_NOT_WORDS) else None


def _spread(listed: Sequence[Recording], most: int | None) -> list[Recording]:
    if most is None or len(listed) <= most:
        return list(listed)
    return [listed[at * len(listed) // most] for at in range(most)]


def plain(text: str) -> str:
    """Words only, lower case, numbers written out, for counting word errors."""
    text = re.sub(r"\d+", lambda number: in_words(int(number[0])), text.lower().replace("’", "'"))
    return " ".join(re.findall(r"[a-z']+", text))


# --- conditions ---------------------------------------------------------------------------------

_PLAIN: Final = Impairment()
_LINE: Final = (
    Condition("mu_law", believed_too=True),
    Condition("a_law", Impairment(law=Law.A)),
    *(Condition(f"noise_{db}db", Impairment(noise_db=db)) for db in (20, 10, 5)),
    *(Condition(f"loss_{share}pc", Impairment(loss=share / 100)) for share in (1, 3, 5)),
)
_SUPPRESSED: Final = tuple(
    Condition(
        f"{name}_suppression_{level}",
        Impairment(noise_db=noise_db, suppression=level),
    )
    for level in (1, 2, 3, 4)
    for name, noise_db in (("clean", None), ("noise_10db", 10.0))
)
_ASKED: Final = tuple(
    Condition(f"asked_{asked}", _PLAIN, asked)
    for asked in (Expectation.YES_NO, Expectation.DAY, Expectation.TIME, Expectation.NAME, Expectation.PHONE)
)


def conditions_for(name: str, listed: Sequence[Recording]) -> list[Condition]:
    """What a set is heard under. Digits are asked for (and once heard openly, to compare); words are heard
    openly, and once under each question they do not answer: they must come out all the same."""
    if name.endswith(_NOISY):
        return [Condition("mu_law"), *(one for one in _SUPPRESSED if one.way.noise_db is None)]
    if listed[0].digits:
        asked = [
            Condition(one.name, one.way, Expectation.PHONE, one.believed_too)
            for one in (*_LINE, *_SUPPRESSED)
        ]
        return [*asked, Condition("open")]
    return [*_LINE, *_SUPPRESSED, *_ASKED]


# --- hearing ------------------------------------------------------------------------------------


def heard_under(
    condition: Condition, name: str, listed: Sequence[Recording], noises: Sequence[Path], new: OpenListener
) -> list[Row]:
    """One call in which all of `listed` are said, one turn each."""
    listener = new()
    listener.expect(condition.asked)
    return [
        _heard(listener, condition, recording, noises, name=name, number=number)
        for number, recording in enumerate(listed)
    ]


def _heard(
    listener: Hears,
    condition: Condition,
    recording: Recording,
    noises: Sequence[Path],
    *,
    name: str,
    number: int,
) -> Row:
    said = _sound(recording.path) + SILENCE * ticks(_TAIL_MS)
    seed = zlib.crc32(recording.path.name.encode())
    noise = _sound(noises[seed % len(noises)]) if condition.way.noise_db is not None else b""
    pcm = arrived(said, condition.way, noise, seed)
    began_s = time.process_time()
    beliefs = _fed(listener, pcm, watching=condition.believed_too)
    fed_s = time.process_time()
    heard = listener.finish()
    done_s = time.process_time()
    units, errors = _errors(recording, heard.text)
    return Row(
        set=name,
        condition=condition.name,
        utterance=number,
        units=units,
        errors=errors,
        exact=not errors,
        confidence=round(heard.confidence, 3),
        sound_ms=ms(len(pcm) // FRAME_BYTES),
        processor_ms=round((done_s - began_s) * 1000, 1),
        finish_ms=round((done_s - fed_s) * 1000, 1),
        settled_ms=_settled_ms(beliefs, said) if condition.believed_too else None,
    )


def _fed(listener: Hears, pcm: bytes, *, watching: bool) -> list[str]:
    beliefs = []
    for start in range(0, len(pcm), FRAME_BYTES):
        listener.feed(pcm[start : start + FRAME_BYTES])
        if watching:
            beliefs.append(listener.believed())
    return beliefs


def _settled_ms(beliefs: Sequence[str], said: bytes) -> int:
    """When the belief became what it was at the end, counted from the end of speech; may be before it."""
    last = next((at for at in reversed(range(len(beliefs))) if beliefs[at] != beliefs[-1]), -1)
    _, speech_ends = recordings.speech_bounds(said)
    return ms(last + 2) - ms(speech_ends * 2 // FRAME_BYTES)


@cache
def _sound(path: Path) -> bytes:
    return recordings.load(path)


def _errors(recording: Recording, text: str) -> tuple[int, int]:
    """How many words or digits were said, and how many edits what was heard is away from them."""
    if recording.digits:
        return len(recording.said), edits(" ".join(recording.said), " ".join(digits_heard(text)))
    return len(recording.said.split()), edits(recording.said, plain(text))


# --- the run ------------------------------------------------------------------------------------

_listeners: list[OpenListener] = []  # of a worker process: the model it loaded


def _begin(load: Loader) -> None:
    _listeners[:] = [load()]


def _job(condition: Condition, name: str, listed: Sequence[Recording], noises: Sequence[Path]) -> list[Row]:
    return heard_under(condition, name, listed, noises, _listeners[0])


def measure(
    folder: Path,
    load: Loader,
    *,
    noise_folder: Path | None = None,
    most: int | None = None,
    only: str = "",
    processes: int = 2,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Row]:
    """Every set of `folder` under every condition whose name contains `only`, in up to `processes` at once."""
    noises = _noises(folder, noise_folder)
    jobs = [
        (condition, name, listed, noises)
        for name, listed in sets_in(folder, most).items()
        for condition in conditions_for(name, listed)
        if only in condition.name and (noises or condition.way.noise_db is None)
    ]
    context = multiprocessing.get_context("spawn")
    rows: list[Row] = []
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_begin, initargs=(load,)) as pool:
        for (condition, name, *_), future in [(job, pool.submit(_job, *job)) for job in jobs]:
            rows += future.result()
            tell(f"{name} {condition.name}")
    return rows


def _noises(folder: Path, other: Path | None) -> list[Path]:
    for place in (folder / NOISES, folder.parent / NOISES, *([other / NOISES] if other else [])):
        if found := sorted(one for one in place.glob("*") if one.suffix in {".flac", ".wav"}):
            return found
    return []


# --- findings -----------------------------------------------------------------------------------


def by_set(rows: Sequence[Row]) -> dict[str, dict[str, dict[str, float | int | None]]]:
    """Set -> condition -> word error and what belongs to it."""
    table: dict[str, dict[str, dict[str, float | int | None]]] = {}
    for row in rows:
        table.setdefault(row.set, {}).setdefault(row.condition, {})
    for name, conditions in table.items():
        for condition in conditions:
            conditions[condition] = _scores([r for r in rows if (r.set, r.condition) == (name, condition)])
    return table


def _scores(rows: Sequence[Row]) -> dict[str, float | int | None]:
    settled = sorted(row.settled_ms for row in rows if row.settled_ms is not None)
    return {
        "n": len(rows),
        "word_error": round(sum(row.errors for row in rows) / sum(row.units for row in rows), 4),
        "exact_share": round(sum(row.exact for row in rows) / len(rows), 4),
        "processor_share": round(sum(r.processor_ms for r in rows) / sum(r.sound_ms for r in rows), 3),
        "settled_p50_ms": settled[len(settled) // 2] if settled else None,
        "settled_p95_ms": settled[int(len(settled) * 0.95)] if settled else None,
    }


def by_confidence(rows: Sequence[Row]) -> list[dict[str, float | int]]:
    """How often an utterance was not exactly right, by the confidence the recogniser gave it."""
    table: list[dict[str, float | int]] = []
    for low, high in pairwise(_BUCKETS):
        inside = [row for row in rows if low <= row.confidence < high]
        if inside:
            wrong = sum(not row.exact for row in inside) / len(inside)
            table.append({"from": low, "n": len(inside), "wrong_share": round(wrong, 3)})
    return table


def findings(rows: Sequence[Row], command: str, conditions: Mapping[str, str]) -> Findings:
    """What `measure` found, to print, keep and draw."""
    table = by_set(rows)
    plain_line = {name: scores["mu_law"] for name, scores in table.items() if "mu_law" in scores}
    noise = {
        name: [
            (float(db), float(scores[f"noise_{db}db"]["word_error"] or 0))
            for db in (20, 10, 5)
            if f"noise_{db}db" in scores
        ]
        for name, scores in table.items()
    }
    settled = {
        name: [float(r.settled_ms) for r in rows if r.set == name and r.settled_ms is not None]
        for name in table
    }
    return Findings(
        bench="recognition",
        command=command,
        summary={"sets": table, "by_confidence": by_confidence(rows), **conditions},
        figures=[
            Figure(f"{name} {condition}", scores["word_error"], "share", n=int(scores["n"] or 0))
            for name, under in table.items()
            for condition, scores in under.items()
        ],
        rows=[asdict(row) for row in rows],
        plots=[
            Curves(
                "Word error against noise",
                "speech over noise, dB",
                "word error",
                {name: curve for name, curve in noise.items() if curve},
            ),
            Distribution(
                "When the words settle, after the last sample of speech",
                "ms",
                {name: values for name, values in settled.items() if name in plain_line and values},
            ),
        ],
        conditions=conditions,
    )
