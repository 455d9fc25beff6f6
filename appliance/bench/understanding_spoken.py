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
from appliance.engines.ports import Recogniser, RecogniserModel, Voice

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
    """An utterance as `voice` said it and the recogniser wrote it.

    `again` is what one that knows the sayings of the business wrote; empty where it was not asked.
    """

    utterance: Utterance
    voice: str
    heard: str
    again: str = ""


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
        sayings: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """`sayings` by business: what a second hearing expects (conversation.second_hearing)."""
        self._file = file
        self._sayings = {name: tuple(one) for name, one in (sayings or {}).items()}
        self._expects = {name: _mark(" | ".join(one)) for name, one in self._sayings.items()}
        self._load = dict(voices)
        self._voices: dict[str, Voice] = {}
        self._load_recogniser = recogniser
        self._recogniser: RecogniserModel | None = None
        self._recogniser_name = recogniser_name
        self._last = ("", "", b"")
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
            spoken.append(Spoken(one, voice, self._text(one, voice), self._again(one, voice)))
            if number % _KEPT_EVERY == 0 or number == len(jobs):
                self._keep()
                tell(f"heard {number} of {len(jobs)}")
        return spoken

    def _text(self, said: Utterance, voice: str) -> str:
        key = _mark(f"{self._recogniser_name} {voice} {said.text}")
        if key not in self._kept:
            stream = self._model().open()
            _listen(stream, self._sound(said.text, voice))
            self._kept[key] = stream.finish().text
        return self._kept[key]

    def _again(self, said: Utterance, voice: str) -> str:
        """As the ear asks it: what it believes when the turn is over, which costs no last word."""
        if said.business not in self._sayings:
            return ""
        key = _mark(f"{self._recogniser_name} {self._expects[said.business]} {voice} {said.text}")
        if key not in self._kept:
            stream = self._model().open(self._sayings[said.business])
            _listen(stream, self._sound(said.text, voice))
            self._kept[key] = stream.partial()
        return self._kept[key]

    def _sound(self, text: str, voice: str) -> bytes:
        """As it reaches the recogniser; the last one is remembered, since it is heard twice."""
        if self._last[:2] != (text, voice):
            pcm = b"".join(self._voice(voice).speak(text))
            self._last = (text, voice, arrived(_LEAD + pcm + _TAIL, Impairment(), b"", seed=1))
        return self._last[2]

    def _model(self) -> RecogniserModel:
        if self._recogniser is None:
            self._recogniser = self._load_recogniser()
        return self._recogniser

    def _voice(self, name: str) -> Voice:
        if name not in self._voices:
            self._voices[name] = self._load[name]()
        return self._voices[name]

    def _keep(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps(self._kept), encoding="utf-8")


def _listen(stream: Recogniser, sound: bytes) -> None:
    for start in range(0, len(sound), FRAME_BYTES):
        stream.feed(sound[start : start + FRAME_BYTES])


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]
