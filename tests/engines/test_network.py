"""The network: broken files and wrong inputs are said in the product's own words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from appliance.engines.network import Network
from appliance.errors import EngineFault, ModelMissing
from tests.engines.models import model_path


def load(file: Path) -> Network:
    return Network(file, role="vectors", remedy="Pull it.")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"vectors: .*none\.onnx is missing") as caught:
        load(tmp_path / "none.onnx")
    assert caught.value.remedy == "Pull it."


@pytest.mark.parametrize("content", [b"", b"rubbish", b"\x08\x07" + b"\0" * 1000])
def test_a_file_that_is_no_network(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.onnx").write_bytes(content)
    with pytest.raises(ModelMissing, match=r"broken\.onnx does not load"):
        load(tmp_path / "broken.onnx")


@pytest.mark.real
def test_inputs_it_cannot_take() -> None:
    network = load(model_path("minilm-l6-v2-int8") / "model.onnx")
    with pytest.raises(EngineFault, match=r"model\.onnx failed"):
        network.run(None, {"input_ids": np.zeros((1, 1), dtype=np.int64)})
