"""The ear: Vosk (Kaldi) behind `Recogniser`. The only file that imports vosk.

The house decides itself when a turn is over and then forces the final text, so Kaldi's own end-of-utterance
rules must never fire: they come late, cost up to half a second and cut a caller who thinks in two. Version
0.3.45 offers no call for that, so the model is opened through a folder of links whose conf/model.conf puts
those rules out of reach. The weights stay as they were downloaded.

A telephone leaves the band above 4 kHz empty and the pauses digitally silent, neither of which the model was
taught; a hiss far below anything audible makes up for both and took up to a quarter off the word errors.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import vosk

from appliance.domain.sound import FRAME_BYTES, FRAME_SAMPLES, SAMPLE_RATE_HZ, TICKS_PER_S
from appliance.engines.ports import Heard, WordHeard
from appliance.errors import EngineFault, ModelMissing

UNKNOWN: Final = "[unk]"
NOISE_WORD: Final = "huh"
"""What this model makes of hiss and hum: alone and unsure, it is nobody speaking."""
NOISE_CONFIDENCE_MAX: Final = 0.75

_BYTES_PER_MS: Final = 2 * SAMPLE_RATE_HZ // 1000
HISS_RMS: Final = 4.0
"""In steps of 16 bits, -78 dBFS: less than G.711 rounds away. Kaldi's own is 1, and never the same twice."""
_HISS: Final = np.random.default_rng(seed=1).normal(0.0, HISS_RMS, (TICKS_PER_S, FRAME_SAMPLES))

_NEVER_S: Final = 1_000_000
_WITHOUT_ENDPOINTS: Final = "".join(
    [f"\n--endpoint.rule{rule}.min-trailing-silence={_NEVER_S}" for rule in (1, 2, 3, 4)]
    + [f"\n--endpoint.rule5.min-utterance-length={_NEVER_S}\n"]
)
_OWN_LINES: Final = {"model.conf": _WITHOUT_ENDPOINTS, "mfcc.conf": "\n--dither=0\n"}
_NEEDED: Final = ("am/final.mdl", "conf/mfcc.conf", "conf/model.conf")
_NEEDED_FLAT: Final = ("final.mdl", "mfcc.conf")
_NEVER_EMPTY: Final = ("*.int", "splice.conf")

vosk.SetLogLevel(-1)


class VoskModel:
    """A loaded Vosk model, shared by all calls; each call opens a stream of its own."""

    def __init__(self, path: Path) -> None:
        """Load the model in the folder `path`; ModelMissing when it is not there, or not whole."""
        self.name = path.name
        self._grammars: dict[tuple[str, ...], str] = {}
        _check(path)
        with tempfile.TemporaryDirectory(prefix="vosk-") as folder:
            self._model = _load(_with_own_lines(path, Path(folder)), path)
            self._try_out(path)  # the graph is read when the first stream opens

    def open(self, words: Sequence[str] = ()) -> VoskRecogniser:
        """A new stream; with `words`, only those words (and unknown) can be heard.

        An entry may be several words: what follows what is learnt from them (a bigram, built in about a
        millisecond). An entry with a word that the model does not know (`missing`) is left out.
        """
        return VoskRecogniser(self._model, self._grammar(tuple(words)) if words else "")

    def _grammar(self, words: tuple[str, ...]) -> str:
        """`words` as Vosk takes them; the same few lists are asked for in every call."""
        if words not in self._grammars:
            unheard = set(self.missing({word for entry in words for word in entry.split()})) - {UNKNOWN}
            heard = [entry for entry in words if unheard.isdisjoint(entry.split())]
            self._grammars[words] = json.dumps([*heard, UNKNOWN])
        return self._grammars[words]

    def missing(self, words: Iterable[str]) -> tuple[str, ...]:
        """Those of `words` (single ones, lower case) that this model can never hear: not in its lexicon."""
        return tuple(word for word in words if self._model.vosk_model_find_word(word) < 0)

    def _try_out(self, path: Path) -> None:
        """Let a stream run empty: finds a broken graph now, and the first caller meets a warm model."""
        try:
            stream = self.open()
            stream.feed(bytes(SAMPLE_RATE_HZ))
            stream.finish()
        except EngineFault as error:
            raise _unusable(path) from error


class VoskRecogniser:
    """One stream of one call. One thread owns it; make a new one for each call (its memory grows slowly)."""

    def __init__(self, model: Any, grammar: str = "") -> None:
        try:
            self._kaldi = vosk.KaldiRecognizer(model, SAMPLE_RATE_HZ, *([grammar] if grammar else []))
        except Exception as error:  # vosk raises nothing more precise
            raise EngineFault("recogniser: a stream could not be opened.") from error
        self._kaldi.SetWords(True)
        self._rest = b""
        self._ticks = 0
        self._fed_ms = 0.0
        self._begun_ms = 0.0  # when this utterance began: Kaldi counts from the first
        self._finished: list[dict[str, Any]] = []

    def feed(self, pcm: bytes) -> None:
        """Take 16 kHz mono int16 samples, any length; passed on in whole ticks, however it was cut."""
        self._rest += pcm
        whole = len(self._rest) - len(self._rest) % FRAME_BYTES
        for start in range(0, whole, FRAME_BYTES):
            self._accept(self._rest[start : start + FRAME_BYTES])
        self._rest = self._rest[whole:]

    def partial(self) -> str:
        """The words believed so far; may change with the next piece. A lone noise word counts as nothing."""
        current = json.loads(self._kaldi.PartialResult()).get("partial", "").split()
        words = [word["word"] for word in self._finished] + current
        return "" if words == [NOISE_WORD] else " ".join(words)

    def finish(self) -> Heard:
        """The final words of everything fed since the last `finish`; the stream starts afresh."""
        if len(self._rest) >= 2:
            self._accept(self._rest[: len(self._rest) // 2 * 2])
        self._keep(self._kaldi.FinalResult())
        heard = _heard(self._finished, self._begun_ms)
        self._finished, self._rest, self._ticks, self._begun_ms = [], b"", 0, self._fed_ms
        return heard

    def _accept(self, pcm: bytes) -> None:
        try:
            ended = self._kaldi.AcceptWaveform(_with_hiss(pcm, self._ticks))
        except Exception as error:  # vosk raises nothing more precise
            raise EngineFault("recogniser: a stream failed while it listened.") from error
        self._ticks += 1
        self._fed_ms += len(pcm) / _BYTES_PER_MS
        if ended:  # a model whose rules could not be switched off: its pieces are joined again
            self._keep(self._kaldi.Result())

    def _keep(self, result: str) -> None:
        self._finished += json.loads(result).get("result", [])


def _heard(words: Sequence[dict[str, Any]], begun_ms: float) -> Heard:
    """What the final words amount to. An unknown word in a closed grammar counts with confidence 0."""
    heard = tuple(_word(word, begun_ms) for word in words)
    if not heard:
        return Heard(text="", confidence=0.0)
    confidence = sum(word.confidence for word in heard) / len(heard)
    if len(heard) == 1 and heard[0].word == NOISE_WORD and confidence < NOISE_CONFIDENCE_MAX:
        return Heard(text="", confidence=0.0)
    return Heard(" ".join(word.word for word in heard), confidence, heard)


def _word(told: dict[str, Any], begun_ms: float) -> WordHeard:
    known = told["word"] != UNKNOWN
    return WordHeard(
        word=told["word"],
        confidence=min(1.0, float(told["conf"])) if known else 0.0,
        start_ms=round(told["start"] * 1000 - begun_ms),
        end_ms=round(told["end"] * 1000 - begun_ms),
    )


def _with_hiss(pcm: bytes, tick: int) -> bytes:
    """A tick of sound with the hiss that belongs to it; the same every time."""
    samples = np.frombuffer(pcm, dtype="<i2")
    louder = np.rint(samples + _HISS[tick % TICKS_PER_S, : len(samples)])
    return np.clip(louder, -32768, 32767).astype("<i2").tobytes()


def _check(path: Path) -> None:
    """Kaldi ends the process over some missing or broken files instead of saying so: look before it does."""
    needed = [path / name for name in (_NEEDED_FLAT if (path / "final.mdl").exists() else _NEEDED)]
    texts = [file for pattern in _NEVER_EMPTY for file in path.rglob(pattern)]
    for file in [*needed, *texts]:
        if not file.is_file() or not file.stat().st_size:
            raise _incomplete(path, file)
    for file in texts:
        if not file.read_bytes().endswith(b"\n"):
            raise _incomplete(path, file)


def _incomplete(path: Path, file: Path) -> ModelMissing:
    return ModelMissing(
        f"recogniser: {file.relative_to(path)} is missing or cut short in {path}.", remedy=_remedy(path)
    )


def _unusable(path: Path) -> ModelMissing:
    return ModelMissing(f"recogniser: {path} does not load as a Vosk model.", remedy=_remedy(path))


def _remedy(path: Path) -> str:
    return f"Run `appliance models pull {path.name}`, or point models.recogniser at a whole Vosk model."


def _with_own_lines(path: Path, folder: Path) -> Path:
    """A folder that looks like the model at `path`, with _OWN_LINES added to its settings."""
    original = path.resolve()
    if not (original / "conf").is_dir():  # an older, flat model keeps its settings in the library
        return path
    (folder / "conf").mkdir()
    for part in original.iterdir():
        if part.name != "conf":
            (folder / part.name).symlink_to(part)
    for part in (original / "conf").iterdir():
        lines = part.read_bytes() + _OWN_LINES.get(part.name, "").encode()
        (folder / "conf" / part.name).write_bytes(lines)
    return folder


def _load(folder: Path, path: Path) -> Any:
    try:
        return vosk.Model(str(folder))
    except Exception as error:  # vosk raises nothing more precise
        raise _unusable(path) from error
