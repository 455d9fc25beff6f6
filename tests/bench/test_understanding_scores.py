"""Shares right, declined and let in, of few sentences that can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from appliance.bench.understanding_scores import Judged, Scores, foreign_recall_at, micro_f1, scores_of


def test_a_declined_sentence_is_not_right():
    judged = [
        Judged(is_known=True, declined=False, right=True),
        Judged(is_known=True, declined=True, right=True),
        Judged(is_known=True, declined=False, right=False),
        Judged(is_known=False, declined=True, right=False),
    ]
    scores = scores_of(judged)
    assert scores == Scores(3, 1, pytest.approx(1 / 3), pytest.approx(1 / 3), 1.0)


def test_nothing_asked_is_no_share():
    assert scores_of([]) == Scores(0, 0, None, None, None)
    assert foreign_recall_at(np.ones(3, np.float32), np.ones(0, np.float32)) is None


def test_recall_is_taken_where_three_in_a_hundred_known_ones_are_declined():
    known = np.linspace(0, 1, 101, dtype=np.float32)
    assert foreign_recall_at(known, np.array([0.01, 0.02, 0.5, 0.9], np.float32)) == 0.5


def test_pairs_of_sentence_and_intent_are_counted_together():
    found = np.array([[1, 1], [0, 0]], bool)
    meant = np.array([[1, 0], [1, 0]], bool)
    assert micro_f1(found, meant) == 0.5
