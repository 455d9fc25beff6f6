"""Line, as it was looked at; ladder, messages, the file for Wireshark; and no line at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.busy import LINE, MESSAGES, busy
from tests.tui.fixed import FixedFeed, shown, text_of
from tests.tui.office import played, same_as_kept, until

KEPT = Path(__file__).with_name("pictures")


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
@played
async def test_the_screen_as_it_was_looked_at(size: tuple[int, int]) -> None:
    async with shown("line", busy(), size) as pilot:
        await until(pilot, "200 OK (SDP)")
        same_as_kept(KEPT, f"line-{size[0]}", text_of(pilot))


@played
async def test_another_dialog_is_chosen_and_read_whole() -> None:
    async with shown("line", busy()) as pilot:
        await until(pilot, "200 OK (SDP)")
        assert "401 Unauth" in await until(pilot, "- REGISTER -", "down")
        whole = await until(pilot, "came from 192.0.2.1:5060", "m")
        assert "CSeq: 1 REGISTER" in whole


@played
async def test_everything_is_written_for_wireshark_and_nothing_is_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "a.pcap"
    async with shown("line", busy()) as pilot:
        await until(pilot, "200 OK (SDP)")
        for expected in ("messages; secrets", "Choose another"):
            await until(pilot, "which file", "e")
            asking = pilot.app.screen.query_one("Input")
            asking.value = str(file)  # type: ignore[attr-defined]
            await until(pilot, expected, "enter")
    data = file.read_bytes()
    assert data[:4] == b"\xd4\xc3\xb2\xa1"
    assert data.count(b"Call-ID: ") == len(MESSAGES)


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ({"registrar": ""}, "answers unregistered"),
        ({"registration": {}}, "no answer yet from pbx.example"),
        ({"registration": {**LINE["registration"], "registered": False, "status": 403}}, "NOT REGISTERED"),
    ],
)
@played
async def test_how_it_stands_with_the_phone_system(known: dict[str, object], told: str) -> None:
    feed = busy()
    feed.line["look"] = {**LINE, **known}
    async with shown("line", feed) as pilot:
        await until(pilot, told)


@played
async def test_no_sip_yet_and_no_line_at_all() -> None:
    quiet = FixedFeed(line={"look": LINE, "trace": {"messages": [], "more": False}})
    async with shown("line", quiet) as pilot:
        await until(pilot, "No SIP yet")
        await until(pilot, "There is no SIP yet", "e")
    async with shown("line", FixedFeed()) as pilot:
        await until(pilot, "Start it: `appliance run`.")
