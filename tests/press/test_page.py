"""A page of blocks: everything is in it, escaped, in order."""

from __future__ import annotations

import base64

from appliance.press.page import Definitions, Page, Picture, Sentences, Table, html


def test_blocks_stand_in_order_and_are_escaped() -> None:
    page = html(
        Page(
            "A <report>",
            "how --it was made",
            [
                Table("Figures", ["what", "how much"], [["phrase", "412 ms"], ["flow", "9"]], ["bad"]),
                Sentences("Notes", ["a & b"]),
                Definitions("Conditions", {"machine": "2 cores"}),
                Picture("Gaps", "<svg/>"),
            ],
        )
    )
    assert "<h1>A &lt;report&gt;</h1>" in page
    assert "a &amp; b" in page
    places = [page.index(text) for text in ("412 ms", "a &amp; b", "2 cores", "<img")]
    assert places == sorted(places)
    assert page.count('<tr class="bad">') == 1
    assert base64.b64encode(b"<svg/>").decode() in page


def test_rows_without_marks_are_all_shown() -> None:
    assert [mark for mark, _ in Table("t", ["a"], [["1"], ["2"]], ["good"]).marked_rows] == ["good", ""]
