"""A second voice: Kokoro v1.0 (int8, 24 kHz) behind `Voice`, for the demo's caller and other languages.

Slower than Piper (about half of real time on one core), so it never answers a telephone unless asked to.
Phonemes come from espeak-ng and are written as Kokoro's vocabulary has them (see hexgrad/misaki).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from appliance.audio.mastering import mastered
from appliance.engines.network import Network
from appliance.engines.piper_tts import phonemes
from appliance.errors import ModelMissing

RATE_HZ: Final = 24_000
TOKENS_MAX: Final = 510
_STYLE_VALUES: Final = 256

LANGUAGES: Final = {"a": "en-us", "b": "en-gb", "e": "es", "f": "fr-fr", "i": "it", "p": "pt-br"}
"""First letter of a voice's name to espeak-ng's language; others need phonemes espeak-ng does not give."""

_AS_KOKORO_WRITES: Final = (("ʲ", ""), ("r", "ɹ"), ("x", "k"), ("ɬ", "l"), ("dʒ", "ʤ"), ("tʃ", "ʧ"))
_ENGLISH: Final = (("aɪ", "I"), ("aʊ", "W"), ("eɪ", "A"), ("oʊ", "O"), ("əʊ", "Q"), ("ɔɪ", "Y"), ("ɐ", "ə"))


class KokoroVoice:
    """One of Kokoro's voices. Thread safe."""

    def __init__(self, folder: Path, voice: str = "af_heart", speed: float = 1.0) -> None:
        """Load the network in `folder` with the voice `voice`, for example `af_heart` or `ef_dora`."""
        if voice[:1] not in LANGUAGES:
            raise ModelMissing(
                f"voice: Kokoro's {voice} speaks a language this box cannot spell out in phonemes.",
                remedy=f"Choose one whose name begins with one of {', '.join(LANGUAGES)}.",
            )
        self._language = LANGUAGES[voice[0]]
        self._vocabulary = _vocabulary(folder / "vocab.json")
        self._styles = _styles(folder / "voices" / f"{voice}.bin")
        network = folder / "kokoro-v1.0.int8.onnx"
        self._network = Network(network, role="voice", remedy=_remedy(folder))
        self._speed = speed
        self.name = f"kokoro-v1.0-int8 {voice} {speed:g}"

    def speak(self, text: str, pace_percent: int = 100) -> Iterator[bytes]:
        """16 kHz mono int16 samples, a piece per sentence."""
        for sentence in phonemes(text, self._language):
            tokens = self._tokens("".join(sentence))
            for start in range(0, len(tokens), TOKENS_MAX):
                sound = self._sound(tokens[start : start + TOKENS_MAX], self._speed * pace_percent / 100)
                if pcm := mastered(sound, RATE_HZ):
                    yield pcm

    def _tokens(self, spelling: str) -> list[int]:
        return [
            self._vocabulary[sign] for sign in as_kokoro(spelling, self._language) if sign in self._vocabulary
        ]

    def _sound(self, tokens: Sequence[int], speed: float) -> npt.NDArray[np.float32]:
        inputs = {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": self._styles[min(len(tokens), len(self._styles) - 1)][np.newaxis],
            "speed": np.array([speed], dtype=np.float32),
        }
        return self._network.run(None, inputs)[0].reshape(-1).astype(np.float32)


def as_kokoro(spelling: str, language: str) -> str:
    """espeak-ng's phonemes as Kokoro was taught them: one sign for an affricate and an English diphthong."""
    for before, after in _AS_KOKORO_WRITES + (_ENGLISH if language.startswith("en") else ()):
        spelling = spelling.replace(before, after)
    return spelling


def _vocabulary(file: Path) -> dict[str, int]:
    try:
        vocabulary: dict[str, int] = json.loads(file.read_text(encoding="utf-8"))["vocab"]
    except OSError as error:
        raise ModelMissing(f"voice: {file} is missing.", remedy=_remedy(file.parent)) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelMissing(f"voice: {file} is broken.", remedy=_remedy(file.parent)) from error
    return vocabulary


def _styles(file: Path) -> npt.NDArray[np.float32]:
    """The voice's style vector for each number of tokens, (510, 256)."""
    remedy = _remedy(file.parent.parent)
    if not file.is_file():
        raise ModelMissing(f"voice: {file} is missing.", remedy=remedy)
    styles = np.fromfile(file, dtype="<f4")
    if not styles.size or styles.size % _STYLE_VALUES:
        raise ModelMissing(f"voice: {file} is broken.", remedy=remedy)
    return styles.reshape(-1, _STYLE_VALUES)


def _remedy(folder: Path) -> str:
    return f"Run `appliance models pull {folder.name}`."
