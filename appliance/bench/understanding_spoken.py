"""What callers say to a shipped business, spoken by synthetic voices over a telephone line and recognised.

Each utterance is spoken by the box's own voice, and some by others, which take longer than they speak; what was
recognised is kept by voice, recogniser and words, so that a run after the first takes no sound.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from appliance.bench.telephone_sound import Impairment, arrived
from appliance.domain.sound import FRAME_BYTES, SILENCE, ticks
from appliance.engines.ports import RecogniserModel, Voice

_UTTERANCES: Final = Path(__file__).parent / "utterances"
_LEAD: Final = SILENCE * ticks(320)  # as the ear feeds it: from before the onset on (agent/turn_words)
_TAIL: Final = SILENCE * ticks(500)
_KEPT_EVERY: Final = 20
OTHERS_MOST: Final = 100
FOREIGN: Final = "none"
FIRST: Final = "first"


@dataclass(frozen=True, slots=True)
class Utterance:
    """What is said to `business`, and the intent it means; None: none the business knows."""

    business: str
    text: str
    means: str | None
    collection: str = FIRST
    """The set it belongs to: on the first things were tuned, the others only judge."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """An utterance as `voice` said it and the recogniser wrote it."""

    utterance: Utterance
    voice: str
    heard: str


def utterances(folder: Path = _UTTERANCES) -> list[Utterance]:
    """Every utterance of every business in `folder`, in order; each of its folders is another set."""
    return [
        Utterance(table["business"], text, None if means == FOREIGN else means, collection)
        for collection, file in [
            *((FIRST, one) for one in sorted(folder.glob("*.toml"))),
            *((one.parent.name, one) for one in sorted(folder.glob("*/*.toml"))),
        ]
        for table in [tomllib.loads(file.read_text(encoding="utf-8"))]
        for means, texts in table["says"].items()
        for text in texts
    ]


def spread(said: Sequence[Utterance], most: int | None) -> list[Utterance]:
    """At most so many of them, evenly."""
    if most is None or len(said) <= most:
        return list(said)
    return [said[at * len(said) // most] for at in range(most)]


class Hearing:
    """Voices and a recogniser, loaded only for what was never heard before; `file` keeps what was."""

    def __init__(
        self,
        file: Path,
        voices: Mapping[str, Callable[[], Voice]],
        recogniser: Callable[[], RecogniserModel],
        recogniser_name: str,
    ) -> None:
        self._file = file
        self._load = dict(voices)
        self._voices: dict[str, Voice] = {}
        self._load_recogniser = recogniser
        self._recogniser: RecogniserModel | None = None
        self._recogniser_name = recogniser_name
        self._kept: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}

    def heard(self, said: Sequence[Utterance], tell: Callable[[str], None]) -> list[Spoken]:
        """Each utterance by the first voice, and at most `OTHERS_MOST` of them, evenly, by each of the others."""
        jobs = [
            (one, voice)
            for number, voice in enumerate(self._load)
            for one in (spread(said, OTHERS_MOST) if number else said)
        ]
        spoken = []
        for number, (one, voice) in enumerate(jobs, start=1):
            spoken.append(Spoken(one, voice, self._text(one.text, voice)))
            if number % _KEPT_EVERY == 0 or number == len(jobs):
                self._keep()
                tell(f"heard {number} of {len(jobs)}")
        return spoken

    def _text(self, text: str, voice: str) -> str:
        key = hashlib.sha256(f"{self._recogniser_name} {voice} {text}".encode()).hexdigest()[:20]
        if key not in self._kept:
            self._kept[key] = self._recognised(b"".join(self._voice(voice).speak(text)))
        return self._kept[key]

    def _recognised(self, pcm: bytes) -> str:
        if self._recogniser is None:
            self._recogniser = self._load_recogniser()
        stream = self._recogniser.open()
        sound = arrived(_LEAD + pcm + _TAIL, Impairment(), b"", seed=1)
        for start in range(0, len(sound), FRAME_BYTES):
            stream.feed(sound[start : start + FRAME_BYTES])
        return stream.finish().text

    def _voice(self, name: str) -> Voice:
        if name not in self._voices:
            self._voices[name] = self._load[name]()
        return self._voices[name]

    def _keep(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps(self._kept), encoding="utf-8")
