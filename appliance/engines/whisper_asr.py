"""Speech to words by Whisper (Radford et al. 2022, arXiv 2212.04356) in CTranslate2: the second look at a recording.

Too slow to converse with and better than what converses. CTranslate2 and the tokeniser are used directly:
faster-whisper around them brings 100 MB of film decoders for sound that lies here as samples already.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from appliance.domain.sound import SAMPLE_RATE_HZ
from appliance.errors import EngineFault, ModelMissing

_WINDOW_SAMPLES: Final = 400  # 25 ms
_HOP_SAMPLES: Final = 160  # 10 ms
_MELS: Final = 80
_CHUNK_SAMPLES: Final = 30 * SAMPLE_RATE_HZ
_CHUNK_FRAMES: Final = _CHUNK_SAMPLES // _HOP_SAMPLES
_SHORTEST_SAMPLES: Final = SAMPLE_RATE_HZ // 10
_BEAMS: Final = 5
_NO_SPEECH: Final = 0.6
_LOG_PROBABILITY_MIN: Final = -1.0
"""Above the one and below the other Whisper's authors take it for silence that was made into words."""
_TOKENS_MAX: Final = 224
_END: Final = "<|endoftext|>"

Floats = npt.NDArray[np.float32]


class Whisper:
    """A model in the folder `path`, as Systran publishes them. `threads` of processor. One thread owns it.

    ModelMissing when CTranslate2 is not installed, EngineFault when the folder holds no model.
    """

    def __init__(self, path: Path, *, language: str = "en", threads: int = 1) -> None:
        self.name = path.name
        try:
            import ctranslate2
            from tokenizers import Tokenizer
        except ImportError as error:
            raise ModelMissing(
                f"The second pass needs {error.name}, which is not installed.",
                remedy="Install Attendant with its extra: `uv sync --extra second-pass`.",
            ) from error
        try:
            self._model = ctranslate2.models.Whisper(
                str(path), device="cpu", compute_type="int8", intra_threads=threads, inter_threads=1
            )
            self._tokens: Any = Tokenizer.from_file(str(path / "tokenizer.json"))
        except Exception as error:  # both libraries raise plain Exceptions
            raise EngineFault(f"{path}: is no Whisper model ({error}).") from error
        self._features = ctranslate2.StorageView.from_array
        prompt = ("<|startoftranscript|>", f"<|{language}|>", "<|transcribe|>", "<|notimestamps|>")
        self._prompt = [self._token(one) for one in prompt]
        self._first_special = self._token(_END)

    def transcribe(self, pcm: bytes) -> str:
        """The words in 16 kHz mono int16 samples; empty when nobody seems to speak. EngineFault."""
        samples: Floats = np.frombuffer(pcm, np.int16).astype(np.float32) / np.float32(32768)
        pieces: list[Floats] = [
            samples[at : at + _CHUNK_SAMPLES] for at in range(0, len(samples), _CHUNK_SAMPLES)
        ]
        return " ".join(filter(None, [self._piece(one) for one in pieces]))

    def _piece(self, samples: Floats) -> str:
        """Up to 30 s, which is what Whisper hears at a time."""
        if len(samples) < _SHORTEST_SAMPLES or not samples.any():
            return ""
        try:
            result = self._model.generate(
                self._features(log_mel(samples)[np.newaxis]),
                [self._prompt],
                beam_size=_BEAMS,
                max_length=2 * _TOKENS_MAX,
                no_repeat_ngram_size=6,
                return_scores=True,
                return_no_speech_prob=True,
            )[0]
        except RuntimeError as error:
            raise EngineFault(f"Whisper failed at its work ({error}).") from error
        if result.no_speech_prob > _NO_SPEECH and result.scores[0] < _LOG_PROBABILITY_MIN:
            return ""
        words = [token for token in result.sequences_ids[0] if token < self._first_special]
        return str(self._tokens.decode(words)).strip()

    def _token(self, text: str) -> int:
        number = self._tokens.token_to_id(text)
        if number is None:
            raise EngineFault(f"{self.name}: knows no {text}.", remedy="Choose a model of the language.")
        return int(number)


def log_mel(samples: Floats) -> Floats:
    """The picture of up to 30 s of sound that Whisper looks at: (80 mels, 3000 frames of 10 ms), float32."""
    padded = np.zeros(_CHUNK_SAMPLES, np.float32)
    padded[: len(samples)] = samples
    padded = np.pad(padded, _WINDOW_SAMPLES // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW_SAMPLES)[::_HOP_SAMPLES]
    window = np.hanning(_WINDOW_SAMPLES + 1)[:-1].astype(np.float32)
    power = np.abs(np.fft.rfft(frames[:_CHUNK_FRAMES] * window, axis=1)) ** 2
    logarithm = np.log10(np.maximum(_mel_filters() @ power.T, 1e-10))
    logarithm = np.maximum(logarithm, logarithm.max() - 8.0)
    return np.ascontiguousarray((logarithm + 4.0) / 4.0, dtype=np.float32)


@cache
def _mel_filters() -> Floats:
    """Triangles on Slaney's mel scale (Auditory Toolbox, 1998): linear to 1 kHz, logarithmic above; equal areas."""
    bins_hz = np.fft.rfftfreq(_WINDOW_SAMPLES, 1 / SAMPLE_RATE_HZ)
    edges_hz = _hz(np.linspace(0, _mel(SAMPLE_RATE_HZ / 2), _MELS + 2))
    widths = np.diff(edges_hz)
    ramps = edges_hz[:, np.newaxis] - bins_hz
    rising, falling = -ramps[:-2] / widths[:-1, np.newaxis], ramps[2:] / widths[1:, np.newaxis]
    triangles = np.maximum(0, np.minimum(rising, falling))
    return np.asarray(triangles * (2 / (edges_hz[2:] - edges_hz[:-2]))[:, np.newaxis], np.float32)


_LINEAR_HZ: Final = 200 / 3  # a mel, below 1 kHz
_BEND_MEL: Final = 1000 / _LINEAR_HZ
_STEP: Final = np.log(6.4) / 27


def _mel(hz: float) -> float:
    return float(hz / _LINEAR_HZ if hz < 1000 else _BEND_MEL + np.log(hz / 1000) / _STEP)


def _hz(mels: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.where(mels < _BEND_MEL, _LINEAR_HZ * mels, 1000 * np.exp(_STEP * (mels - _BEND_MEL)))
