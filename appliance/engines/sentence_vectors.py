"""Sentences to vectors: all-MiniLM-L6-v2 (int8) behind `SentenceVectors`; only this file imports tokenizers.

Mean of the token vectors, then unit length, as the model was trained (Reimers and Gurevych 2019).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from appliance.engines.network import Network
from appliance.errors import ModelMissing

TOKENS_MAX: Final = 256
"""Longer sentences are cut: the model was trained on no more."""


class MiniLmVectors:
    """A loaded model, English, 384 values a vector. Thread safe."""

    def __init__(self, folder: Path) -> None:
        """Load `model.onnx` and `tokenizer.json` in `folder`."""
        self.name = folder.name
        remedy = f"Run `appliance models pull {folder.name}`, or set models.vectors = none."
        self._tokenizer = _tokenizer(folder / "tokenizer.json", remedy)
        self._network = Network(folder / "model.onnx", role="vectors", remedy=remedy)
        self.vectors(["warm up"])

    def vectors(self, sentences: Sequence[str]) -> list[list[float]]:
        """One unit-length vector a sentence.

        One sentence a run: int8 scales are found per run, so company would change a sentence's vector.
        """
        return [self._vector(sentence).tolist() for sentence in sentences]

    def _vector(self, sentence: str) -> npt.NDArray[np.float32]:
        encoding = self._tokenizer.encode(sentence)
        ids = np.array([encoding.ids], dtype=np.int64)
        mask = np.array([encoding.attention_mask], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        tokens = self._network.run(["last_hidden_state"], inputs)[0][0].astype(np.float32)
        mean = (tokens * mask[0][:, np.newaxis]).sum(axis=0) / mask.sum()
        unit: npt.NDArray[np.float32] = mean / np.linalg.norm(mean)
        return unit


def _tokenizer(file: Path, remedy: str) -> Tokenizer:
    if not file.is_file():
        raise ModelMissing(f"vectors: {file} is missing.", remedy=remedy)
    try:
        tokenizer = Tokenizer.from_file(str(file))
    except Exception as error:  # tokenizers raises nothing more precise
        raise ModelMissing(f"vectors: {file} is broken.", remedy=remedy) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(TOKENS_MAX)
    return tokenizer
