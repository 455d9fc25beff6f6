"""Word errors, as jiwer counts them."""

from __future__ import annotations

from appliance.errors import NotFound


def edits(said: str, heard: str) -> int:
    """Words to change, add or strike out to come from one to the other (Levenshtein); NotFound without jiwer."""
    try:
        import jiwer  # noqa: PLC0415  a dependency of the bench alone
    except ImportError as error:
        raise NotFound(
            "jiwer, which counts word errors, is not installed.",
            remedy="Install the bench extra: `uv sync --extra bench`.",
        ) from error
    counted = jiwer.process_words([said], [heard])
    return int(counted.substitutions + counted.deletions + counted.insertions)
