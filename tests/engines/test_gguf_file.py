"""A language model's file before the library sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.engines.gguf_file import check_file
from appliance.errors import ModelMissing


def test_a_file_with_the_magic_passes(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF" + bytes(5000))
    check_file(path)
    assert path.stat().st_size == 5004


@pytest.mark.parametrize("content", [b"", b"GGUF", b"JUNK" + bytes(5000), None])
def test_anything_else_is_refused_with_a_remedy(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelMissing) as caught:
        check_file(path)
    assert "model.gguf" in caught.value.message
    assert "models pull" in caught.value.remedy
