"""A language model's file, looked at before the library sees it: it aborts on some that are none."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from appliance.errors import ModelMissing

_MAGIC: Final = b"GGUF"
_SMALLEST_BYTES: Final = 4096


def check_file(path: Path) -> None:
    """Refuse what is plainly no model before the library sees it."""
    try:
        size_bytes = path.stat().st_size
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except OSError as error:
        raise unusable(path, f"it cannot be read: {error.strerror}") from error
    if magic != _MAGIC or size_bytes < _SMALLEST_BYTES:
        raise unusable(path, "it is not a GGUF file")


def unusable(path: Path, reason: str) -> ModelMissing:
    """The fault of a model file that will not do, and what to do about it."""
    return ModelMissing(
        f"{path}: the language model cannot be used: {reason}.",
        remedy="Fetch it again with `appliance models pull`, or name another file as models.language_model.",
    )
