"""The word that wakes the desk: openWakeWord's three networks behind `WakeWord`.

Sound -> mel spectrum (melspectrogram.onnx) -> one embedding of 96 numbers for each 80 ms, seen with the 760 ms
before it (embedding_model.onnx: Lin et al. 2020, "Training keyword spotters with limited and synthesized speech
data") -> how likely the last 16 of them are the word (a small network for each word). The package `openwakeword`
brings scikit-learn, scipy and a TensorFlow runtime without wheels for newer Pythons to do these three steps; they
are done here on the runtime that voices and vectors use already.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from appliance.domain.sound import FRAME_BYTES, FRAME_SAMPLES
from appliance.engines.network import Network, give_back_memory
from appliance.errors import EngineFault, Misused, ModelMissing

MEL_FILE: Final = "melspectrogram.onnx"
EMBEDDING_FILE: Final = "embedding_model.onnx"
STEP_SAMPLES: Final = 1280  # 80 ms, four ticks
_OVERLAP_SAMPLES: Final = 480  # of the sound before, which the spectrum of a step needs
_BANDS: Final = 32
_MEL_WINDOW: Final = 76
_WORD_WINDOW: Final = 16

Numbers = npt.NDArray[np.float32]


class WakeWordModel:
    """The loaded networks of one word; each stream of sound opens a listener of its own."""

    def __init__(self, path: Path) -> None:
        """Load the word's network `path`; the two that all words share stand beside it. ModelMissing."""
        remedy = (
            f"Run `appliance models pull {path.parent.name}`, or point models.wake_word at a whole model."
        )
        self.name = path.stem
        self._mel, self._embedding, self._word = (
            Network(file, role="wake word", remedy=remedy)
            for file in (path.with_name(MEL_FILE), path.with_name(EMBEDDING_FILE), path)
        )
        try:
            calm = self.embedding(np.ones((_MEL_WINDOW, _BANDS), np.float32))
            self.calm: Numbers = np.repeat(calm, _WORD_WINDOW, axis=0)
            self.likelihood(self.calm)
        except (EngineFault, ValueError) as error:
            raise ModelMissing(f"wake word: {path} is no openWakeWord model.", remedy=remedy) from error
        give_back_memory()

    def open(self) -> WakeWordListener:
        """A new stream, as after long silence."""
        return WakeWordListener(self)

    def spectrum(self, samples: Numbers) -> Numbers:
        """(n,) samples of 16 bits -> (frames of 10 ms, 32 bands), scaled as the embedding was taught."""
        bands = self._mel.run(None, {"input": samples[None, :]})[0].reshape(-1, _BANDS)
        return np.asarray(bands / 10 + 2, np.float32)

    def embedding(self, spectrum: Numbers) -> Numbers:
        """(76, 32) -> (1, 96)."""
        return self._embedding.run(None, {"input_1": spectrum[None, :, :, None]})[0].reshape(1, -1)

    def likelihood(self, embeddings: Numbers) -> float:
        """(16, 96) -> 0 to 1."""
        (name,) = self._word.inputs
        return float(self._word.run(None, {name: embeddings[None, :]})[0].reshape(-1)[0])


class WakeWordListener:
    """One stream of sound. Keeps the last two seconds of it, as numbers; one thread owns it."""

    _heard: Numbers
    _new_samples: int
    _spectrum: Numbers
    _embeddings: Numbers
    _likelihood: float

    def __init__(self, model: WakeWordModel) -> None:
        self._model = model
        self.forget()

    def likelihood(self, frame: bytes) -> float:
        """Probability 0 to 1 that the word was just said, as of the last whole 80 ms of FRAME_BYTES frames."""
        if len(frame) != FRAME_BYTES:
            raise Misused(f"a frame of {len(frame)} bytes was given to the wake word, not {FRAME_BYTES}")
        self._heard = np.concatenate((self._heard, np.frombuffer(frame, "<i2").astype(np.float32)))
        self._new_samples += FRAME_SAMPLES
        if self._new_samples >= STEP_SAMPLES:
            self._new_samples = 0
            self._likelihood = self._step()
        return self._likelihood

    def _step(self) -> float:
        model = self._model
        self._spectrum = np.vstack((self._spectrum, model.spectrum(self._heard)))[-_MEL_WINDOW:]
        self._heard = self._heard[-_OVERLAP_SAMPLES:]
        self._embeddings = np.vstack((self._embeddings[1:], model.embedding(self._spectrum)))
        return model.likelihood(self._embeddings)

    def forget(self) -> None:
        """What was heard so far is gone: the same word is not found twice, nor a half of it joined to another."""
        self._heard = np.zeros(_OVERLAP_SAMPLES, np.float32)
        self._new_samples = 0
        self._spectrum = np.ones((_MEL_WINDOW, _BANDS), np.float32)
        self._embeddings = self._model.calm
        self._likelihood = 0.0
