"""Vectors of a bench are made once and kept."""

from __future__ import annotations

import pytest

from appliance.bench.understanding_vectors import KeptVectors
from tests.fakes.vectors import FakeVectors


class Refuses(FakeVectors):
    def vectors(self, sentences):
        raise AssertionError(f"asked again for {sentences}")


def test_what_was_asked_once_is_kept(tmp_path):
    first = KeptVectors(FakeVectors(), tmp_path / "cache" / "kept.npz")
    rows = first.vectors(["when are you open", "hello"])
    first.keep()
    again = KeptVectors(Refuses(), tmp_path / "cache" / "kept.npz")
    assert again.vectors(["hello", "when are you open"]) == [rows[1], rows[0]]
    with pytest.raises(AssertionError, match="asked again"):
        again.vectors(["never said"])
