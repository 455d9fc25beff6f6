"""What a caller may say at length, in bits, in doubt: recordings over a telephone, and when each truly ends.

Every recording is cut to its speech, taken through 8 kHz and G.711 and set into quiet, so that one thing
stays to be found out: how long after the last sample of speech the turn is held to be over. Numbers with
pauses are joined here from single recorded digits, as people dictate them: three, three, four.
"""

from __future__ import annotations

import csv
import io
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from appliance.audio.resample import resampled
from appliance.bench.recordings import load, speech_bounds
from appliance.domain.expectation import Expectation
from appliance.domain.sound import FRAME_BYTES, SAMPLE_RATE_HZ

TELEPHONE_HZ = 8_000
_BEFORE_MS, _AFTER_MS = 500, 2_200
_ROOM_RMS = 6.0
"""The quiet around the speech: what a good handset sends of a quiet room, in steps of 16 bits."""
_TAIL_MS = 400
"""How much of the recording's own end, after the last speech, is kept: breath and room."""


@dataclass(frozen=True, slots=True)
class Said:
    """One utterance as it reaches us: 16 kHz mono int16 after G.711, speech from `begins_ms` to `ends_ms`.

    `dictated`: digits, spelling or thinking aloud, with pauses that are not ends. `synthetic`: no human said it.
    """

    group: str
    speaker: str
    name: str
    expectation: Expectation
    pcm: bytes
    begins_ms: float
    ends_ms: float
    dictated: bool = False
    synthetic: bool = False

    @property
    def frames(self) -> list[bytes]:
        """The whole ticks of it."""
        last = len(self.pcm) - FRAME_BYTES
        return [self.pcm[at : at + FRAME_BYTES] for at in range(0, last + 1, FRAME_BYTES)]


@dataclass(frozen=True, slots=True)
class _Set:
    """A folder of recordings with its table, and what would have been asked before them."""

    group: str
    folder: str
    table: str = "refs.tsv"
    speaker: str = "speaker"
    expectation: Expectation = Expectation.ANYTHING


_SETS = (
    _Set("read aloud", "speech_librispeech_other"),
    _Set("read aloud, UK", "speech_vctk"),
    _Set("read aloud, easy", "speech_ljspeech"),
    _Set("commands", "speech_clips_misc", speaker="speaker_tag"),
    _Set("orders", "speech_barista_slots", table="labels.tsv", speaker="path"),
    _Set("ten digits", "digits_fsdd_8k", table="phone10_refs.tsv", expectation=Expectation.PHONE),
)
_ASKED_FOR = {
    "230pm.flac": Expectation.TIME,
    "half_an_hour.flac": Expectation.TIME,
    "today.flac": Expectation.DAY,
    "test.flac": Expectation.PHONE,
    "10001-90210-01803-8khz.flac": Expectation.PHONE,
}


def recorded(folder: Path) -> Iterator[Said]:
    """Every recording of the sets found in the data folder; any folder with a `refs.tsv` is a set of its own."""
    known = [one for one in _SETS if (folder / one.folder / one.table).is_file()]
    if not known and (folder / "refs.tsv").is_file():
        known = [_Set(folder.name, ".")]
    for one in known:
        for row in _rows(folder / one.folder / one.table):
            path = folder / one.folder / row["path"]
            yield over_telephone(
                load(path),
                group=one.group,
                speaker=row.get(one.speaker, "") or "unknown",
                name=row["path"],
                expectation=_ASKED_FOR.get(row["path"], one.expectation),
                dictated=one.expectation is Expectation.PHONE or row["path"] in _LONG_DIGITS,
            )


_LONG_DIGITS = frozenset({"test.flac", "10001-90210-01803-8khz.flac"})


def _rows(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def over_telephone(
    pcm: bytes,
    *,
    group: str,
    speaker: str,
    name: str,
    expectation: Expectation,
    dictated: bool = False,
    synthetic: bool = False,
) -> Said:
    """`pcm` (16 kHz mono int16) as a caller's utterance: in quiet, its own breath after it, through G.711."""
    first, last = speech_bounds(pcm)
    samples = np.frombuffer(pcm, np.int16)[first : last + _samples(_TAIL_MS)].astype(np.float64)
    quiet = np.random.default_rng(len(samples))
    around = np.concatenate([np.zeros(_samples(_BEFORE_MS)), samples, np.zeros(_samples(_AFTER_MS))])
    around += quiet.normal(0.0, _ROOM_RMS, len(around))
    begins_ms = float(_BEFORE_MS)
    return Said(
        group,
        speaker,
        name,
        expectation,
        g711(np.clip(around, -32768, 32767).astype(np.int16)),
        begins_ms,
        begins_ms + (last - first) * 1000 / SAMPLE_RATE_HZ,
        dictated,
        synthetic,
    )


def g711(samples: np.ndarray[tuple[int], np.dtype[np.int16]]) -> bytes:
    """16 kHz samples as they come out of a telephone: 8 kHz, mu-law, and up again."""
    wire = io.BytesIO()
    soundfile.write(
        wire, resampled(samples, SAMPLE_RATE_HZ, TELEPHONE_HZ), TELEPHONE_HZ, "ULAW", format="WAV"
    )
    wire.seek(0)
    narrow, _ = soundfile.read(wire, dtype="int16")
    return np.asarray(resampled(narrow, TELEPHONE_HZ, SAMPLE_RATE_HZ), np.int16).tobytes()


def _samples(ms: float) -> int:
    return round(ms * SAMPLE_RATE_HZ / 1000)


# --- dictated numbers ---------------------------------------------------------------------------

_AREAS = ("303", "720", "415", "617", "212", "512", "206", "404")
_GROUPS = (3, 3, 4)
_PAUSES_MS = (300, 900)
_BETWEEN_DIGITS_MS = (40, 140)


def dictated(folder: Path, *, count: int = 30) -> Iterator[Said]:
    """`count` ten-digit numbers joined from single digits, with pauses between their groups."""
    table = folder / "digits_fsdd_8k" / "refs.tsv"
    if not table.is_file():
        return
    takes = _takes(table)
    chance = random.Random(1)
    for number in range(count):
        speaker = sorted(takes)[number % len(takes)]
        digits = _number(chance)
        yield over_telephone(
            _joined(digits, takes[speaker], chance),
            group="dictated in groups",
            speaker=speaker,
            name=f"dictated-{number}",
            expectation=Expectation.PHONE,
            dictated=True,
        )


def _takes(table: Path) -> Mapping[str, Mapping[str, Sequence[Path]]]:
    """Speaker, digit: the recordings of it."""
    takes: dict[str, dict[str, list[Path]]] = defaultdict(lambda: defaultdict(list))
    for row in _rows(table):
        takes[row["speaker"]][row["digit"]].append(table.parent / row["path"])
    return takes


def _number(chance: random.Random) -> str:
    """A number a telephone company could give out."""
    return chance.choice(_AREAS) + str(chance.randint(2, 9)) + "".join(chance.choices("0123456789", k=6))


def _joined(digits: str, takes: Mapping[str, Sequence[Path]], chance: random.Random) -> bytes:
    pieces: list[bytes] = []
    ends = {sum(_GROUPS[: group + 1]) for group in range(len(_GROUPS) - 1)}
    for at, digit in enumerate(digits):
        if at:
            pause_ms = chance.uniform(*(_PAUSES_MS if at in ends else _BETWEEN_DIGITS_MS))
            pieces.append(bytes(2 * _samples(pause_ms)))
        pieces.append(load(chance.choice(takes[digit])))
    return b"".join(pieces)
