"""Sentence vectors: the contract, long sentences, broken models."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from appliance.engines.sentence_vectors import MiniLmVectors
from appliance.errors import ModelMissing
from tests.contracts.vectors import QUESTION, SentenceVectorsContract
from tests.engines.models import minilm, model_path
from tests.fakes.vectors import FakeVectors

NAME = "minilm-l6-v2-int8"


class TestFake(SentenceVectorsContract):
    @pytest.fixture
    def vectors(self) -> FakeVectors:
        return FakeVectors()


@pytest.mark.real
class TestMiniLm(SentenceVectorsContract):
    @pytest.fixture
    def vectors(self) -> MiniLmVectors:
        return minilm()

    def test_a_caller_without_end_is_cut_not_refused(self, vectors: MiniLmVectors) -> None:
        (vector,) = vectors.vectors([QUESTION * 500])
        assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)

    def test_it_knows_other_words_for_the_same(self, vectors: MiniLmVectors) -> None:
        pay, card, street = np.array(
            vectors.vectors(["how can I pay", "do you take credit cards", "what street are you on"])
        )
        assert pay @ card > pay @ street


def test_no_model_at_all(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="is missing") as caught:
        MiniLmVectors(tmp_path / NAME)
    assert "models.vectors = none" in caught.value.remedy


@pytest.mark.real
@pytest.mark.parametrize("part", ["model.onnx", "tokenizer.json"])
def test_a_broken_part_is_said_to_be_one(part: str, tmp_path: Path) -> None:
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).symlink_to(model_path(NAME) / name)
    (tmp_path / part).unlink()
    (tmp_path / part).write_bytes(b"rubbish")
    with pytest.raises(ModelMissing, match=part):
        MiniLmVectors(tmp_path)
