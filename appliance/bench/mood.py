"""How far moods can be told from words: false alarms on ordinary callers' sentences, precision on labelled emotions.

The labelled sets are of forums (GoEmotions, Demszky et al. 2020), a television series (MELD, Poria et al. 2019) and
textbook dialogues (RECCON on DailyDialog, Poria et al. 2021): not of people who talk to a receptionist, so that what
is missed there says little, and what is found and should not have been says much. Ordinary sentences are those of
booking dialogues and of intents; some of them are cross in truth.
"""

from __future__ import annotations

import csv
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from appliance.bench.figures import Figure, Findings
from appliance.conversation.mood import Mood, Sign, Strain, signs_in
from appliance.errors import NotFound

_FALSE_ALARMS_MAX: Final = {Sign.COMPLAINT: 0.5, Sign.ABUSE: 0.02, Sign.CONFUSION: 0.5}
"""Percent of ordinary turns: an apology nobody needed once in twenty calls of ten turns, a warning in five hundred."""
_GOEMOTIONS_CROSS: Final = frozenset({"2", "3", "9", "10", "11"})
"""anger, annoyance, disappointment, disapproval, disgust, by their places in emotions.txt"""
_CROSS: Final = frozenset({"anger", "angry", "disgust"})
_TURN_OF_DIALOGUE: Final = re.compile(r"^\d+,([a-z]+),[^,]*,(.*)$")
_COST_TURNS: Final = 2000


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence and whether its label is one of displeasure."""

    text: str
    is_cross: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in one sentence of a set. No words: rows are published."""

    source: str
    row: int
    is_cross: bool
    signs: tuple[str, ...]
    strains: bool


# --- the sets -----------------------------------------------------------------------------------


def emotions_in(data: Path) -> dict[str, list[Labelled]]:
    """The labelled sets of `data`/text_emotion, or of `data` itself, by their names; those that are there."""
    folder = data / "text_emotion" if (data / "text_emotion").is_dir() else data
    return _there({name: list(read(folder)) for name, read in _EMOTIONS.items()})


def ordinary_in(data: Path) -> dict[str, list[Labelled]]:
    """What people say who want something of an office, by set; labelled with no displeasure."""
    return _there({name: [Labelled(text, False) for text in read(data)] for name, read in _ORDINARY.items()})


def _there(sets: Mapping[str, list[Labelled]]) -> dict[str, list[Labelled]]:
    return {name: rows for name, rows in sets.items() if rows}


def _goemotions(folder: Path) -> Iterator[Labelled]:
    for file in sorted(folder.glob("goemotions/*.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines():
            text, labels, *_ = line.split("\t")
            yield Labelled(text, not _GOEMOTIONS_CROSS.isdisjoint(labels.split(",")))


def _meld(folder: Path) -> Iterator[Labelled]:
    for file in sorted(folder.glob("meld/*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            yield from (Labelled(row["Utterance"], row["Emotion"] in _CROSS) for row in csv.DictReader(lines))


def _reccon(folder: Path) -> Iterator[Labelled]:
    for file in sorted(folder.glob("reccon/*.txt")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if turn := _TURN_OF_DIALOGUE.match(line):
                yield Labelled(turn[2].replace(" ' ", "'"), turn[1] in _CROSS)


def _booking_dialogues(data: Path) -> Iterator[str]:
    for file in sorted(data.glob("text_dialogs_booking/sgd/**/*.json")):
        content = json.loads(file.read_text(encoding="utf-8"))
        for dialogue in content if isinstance(content, list) else ():
            yield from (turn["utterance"] for turn in dialogue.get("turns", ()) if turn["speaker"] == "USER")


def _intents(data: Path) -> Iterator[str]:
    file = data / "text_intents" / "clinc150.json"
    parts = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    yield from (text for name, rows in parts.items() if not name.startswith("oos") for text, _ in rows)


_EMOTIONS: Final[Mapping[str, Callable[[Path], Iterator[Labelled]]]] = {
    "goemotions": _goemotions,
    "meld": _meld,
    "reccon": _reccon,
}
_ORDINARY: Final[Mapping[str, Callable[[Path], Iterator[str]]]] = {
    "booking dialogues": _booking_dialogues,
    "intents": _intents,
}


# --- measuring ----------------------------------------------------------------------------------


def found_in(source: str, rows: Sequence[Labelled]) -> list[Found]:
    """What the words of each sentence tell, as the first turn of a call."""
    return [_found(source, number, one) for number, one in enumerate(rows)]


def _found(source: str, number: int, one: Labelled) -> Found:
    mood = Mood()
    mood.heard(one.text)
    signs = tuple(sorted(signs_in(one.text)))
    return Found(source, number, one.is_cross, signs, mood.strain > Strain.CALM)


def measure(data: Path, *, command: str, conditions: Mapping[str, str]) -> Findings:
    """Everything at once. NotFound when the folder holds none of the sets."""
    emotions, ordinary = emotions_in(data), ordinary_in(data)
    if not emotions and not ordinary:
        raise NotFound("bench mood: there is no data.", remedy="Give a folder with text_emotion: --data DIR.")
    labelled = [one for name, rows in emotions.items() for one in found_in(name, rows)]
    calls = [one for name, rows in ordinary.items() for one in found_in(name, rows)]
    figures = [
        *_alarms(calls),
        *_precisions(labelled, emotions),
        _cost([*_texts(ordinary), *_texts(emotions)]),
    ]
    return Findings(
        bench="mood",
        command=command,
        summary={one.name: one.value for one in figures},
        figures=figures,
        rows=[asdict(one) for one in (*labelled, *calls) if one.signs],
        conditions=conditions,
        notes=(
            "A sentence stands alone: what repeats, barge-ins and misunderstandings add is shown in the tests.",
            "Base share: how much of a set is labelled with displeasure; precision by chance.",
        ),
    )


def _alarms(calls: Sequence[Found]) -> Iterator[Figure]:
    for sign, most in _FALSE_ALARMS_MAX.items() if calls else ():
        share = sum(sign in one.signs for one in calls) / len(calls)
        yield Figure(f"false {sign}", round(100 * share, 3), "%", aim=most, n=len(calls))


def _precisions(labelled: Sequence[Found], sets: Mapping[str, object]) -> Iterator[Figure]:
    for name in sets:
        of_set = [one for one in labelled if one.source == name]
        strained = [one for one in of_set if one.strains]
        cross = [one for one in of_set if one.is_cross]
        yield Figure(f"{name} base share", _percent(len(cross), len(of_set)), "%", n=len(of_set))
        right = sum(one.is_cross for one in strained)
        yield Figure(f"{name} precision", _percent(right, len(strained)), "%", at_most=False, n=len(strained))
        yield Figure(f"{name} recall", _percent(right, len(cross)), "%", at_most=False, n=len(cross))
    cursed = [one for one in labelled if Sign.ABUSE in one.signs]
    right = sum(one.is_cross for one in cursed)
    yield Figure("abuse precision", _percent(right, len(cursed)), "%", at_most=False, n=len(cursed))


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _texts(sets: Mapping[str, Sequence[Labelled]]) -> Iterator[str]:
    for rows in sets.values():
        yield from (one.text for one in rows[:_COST_TURNS])


def _cost(texts: Sequence[str]) -> Figure:
    """Processor time of a turn in a call that goes on and on."""
    mood, texts = Mood(), texts[:_COST_TURNS]
    began_s = time.process_time()
    for text in texts:
        mood.heard(text)
    each_ms = 1000 * (time.process_time() - began_s) / max(1, len(texts))
    return Figure("time a turn", round(each_ms, 3), "ms", aim=5.0, n=len(texts))
