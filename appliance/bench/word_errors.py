"""Word errors, as jiwer counts them."""

from __future__ import annotations

import jiwer


def edits(said: str, heard: str) -> int:
    """Words to change, add or strike out to come from one to the other (Levenshtein)."""
    counted = jiwer.process_words([said], [heard])
    return int(counted.substitutions + counted.deletions + counted.insertions)
