"""Prepared sounds: a menu is whole or it is none."""

from __future__ import annotations

from pathlib import Path

from appliance.conversation.key_menu import PHRASES, TONE, Offers
from appliance.ops.prepared import PreparedSounds

SOUNDS = {name: name.encode() * 2 for name in (*PHRASES, TONE)}


def test_what_was_written_is_played(folder: Path) -> None:
    PreparedSounds(folder / "deep").write(SOUNDS, Offers(person="101"))
    menu = PreparedSounds(folder / "deep").menu()
    assert menu is not None
    assert menu.offers == Offers(person="101")
    assert menu.of(("menu_record", TONE)) == b"menu_recordmenu_recordtonetone"
    assert [file.name for file in (folder / "deep").iterdir() if file.suffix == ".part"] == []


def test_half_a_menu_is_none(folder: Path) -> None:
    prepared = PreparedSounds(folder)
    assert prepared.menu() is None
    prepared.write({**SOUNDS, TONE: b""}, Offers())
    assert prepared.menu() is None


def test_a_menu_that_does_not_read_is_none(folder: Path) -> None:
    prepared = PreparedSounds(folder)
    prepared.write(SOUNDS, Offers())
    (folder / "menu.json").write_bytes(b"{")
    assert prepared.menu() is None


def test_a_sound_that_was_never_made_is_silence(folder: Path) -> None:
    assert PreparedSounds(folder).sound("one_moment") == b""
