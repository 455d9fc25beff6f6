"""What sayings and calls come to."""

from __future__ import annotations

import json

from appliance.bench.slots import findings
from appliance.bench.slots_phone import PhoneCall


def _call(at: int, *, kind: str = "recorded digits", stored: bool = True, keys: bool = False) -> PhoneCall:
    return PhoneCall(
        kind, at, first_right=stored, stored_right=stored, gap=not stored, keys=keys, turns=2, read_backs=1
    )


TABLES = {
    "days": [("tomorrow", True), ("someday", False)],
    "times": [("at nine", True)],
    "cardinals": [("one", True)],
}


def test_shares_and_aims():
    found = findings(
        TABLES, [_call(0), _call(1, keys=True), _call(2, stored=False)], "appliance bench slots", {}
    )
    figures = {figure.name: figure for figure in found.figures}
    assert figures["dates and times"].value == 0.6667
    assert figures["dates and times"].met is False
    assert figures["recorded digits, the right number stored"].value == 0.6667
    assert figures["recorded digits, right without keys"].value == 0.3333
    assert figures["cardinals"].met is None
    assert "synthetic voices, the right number stored" not in figures


def test_kinds_of_callers_are_never_mixed():
    found = findings({}, [_call(0, stored=False), _call(0, kind="synthetic voices")], "x", {})
    figures = {figure.name: figure.value for figure in found.figures}
    assert figures["recorded digits, the right number stored"] == 0
    assert figures["synthetic voices, the right number stored"] == 1


def test_rows_hold_nobody_s_words():
    found = findings(TABLES, [_call(0)], "x", {})
    assert "tomorrow" not in json.dumps([dict(row) for row in found.rows])
    assert len(found.rows) == 5
