"""Public sets as they lie in a data folder: read, parted where they have no test part, left out where they are not."""

from __future__ import annotations

import json

from appliance.bench.understanding_sets import sets_in


def test_each_layout_is_read(tmp_path):
    folder = tmp_path / "text_intents"
    for domain in ("hotels", "banking77"):
        (folder / ("nlupp/hotels" if domain == "hotels" else domain)).mkdir(parents=True)
    clinc = {
        "train": [["hi", "greet"]],
        "oos_train": [["um", "oos"]],
        "val": [["hey", "greet"]],
        "oos_val": [],
    }
    (folder / "clinc150.json").write_text(json.dumps(clinc))
    rows = "".join(f"sentence {number},card\n" for number in range(20))
    (folder / "banking77" / "train.csv").write_text(f"text,category\n{rows}")
    for fold in range(10):
        row = {"text": f"sentence {fold}", "intents": ["change", "booking"]}
        (folder / "nlupp" / "hotels" / f"fold{fold}.json").write_text(json.dumps([row, {"text": "hm"}]))
    found = {one.name: one for one in sets_in(tmp_path)}
    assert {name: (len(one.taught), len(one.asked)) for name, one in found.items()} == {
        "clinc150": (2, 1),
        "banking77": (18, 2),
        "nlupp_hotels": (16, 4),
    }
    assert found["clinc150"].taught[1].means == frozenset()
    assert found["nlupp_hotels"].asked[0].means == {"change", "booking"}
    assert [one.name for one in sets_in(folder)] == list(found)


def test_what_is_not_there_is_left_out(tmp_path):
    assert sets_in(tmp_path) == []


def test_a_test_part_is_asked_where_there_is_one(tmp_path):
    parts = {
        "train": [["hi", "greet"]],
        "val": [["hey", "greet"]],
        "test": [["hello", "greet"], ["yo", "greet"]],
    }
    (tmp_path / "clinc150.json").write_text(json.dumps(parts))
    assert [one.text for one in sets_in(tmp_path)[0].asked] == ["hello", "yo"]
