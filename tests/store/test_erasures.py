"""The list of who was erased: no number in it, a copy with the backups, and loud when it does not read."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.errors import StoreFault
from appliance.store.erasures import FILE_NAME, Erasures
from tests.fakes.office_days import MONDAY

HIM = "+13035550123"


def test_known_by_either_notation_and_nobody_else(tmp_path: Path) -> None:
    Erasures(tmp_path).remember(HIM, MONDAY)
    again = Erasures(tmp_path)
    assert again.knows(HIM)
    assert again.knows(HIM.removeprefix("+1"))
    assert not again.knows("+13035550124")


def test_the_file_holds_no_number_and_two_boxes_hold_nothing_alike(tmp_path: Path) -> None:
    pages = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        Erasures(tmp_path / name).remember(HIM, MONDAY)
        pages.append((tmp_path / name / FILE_NAME).read_text())
    assert not any("3035550123" in page for page in pages)
    assert pages[0].split('"fingerprint"')[1] != pages[1].split('"fingerprint"')[1]
    assert (tmp_path / "one" / FILE_NAME).stat().st_mode & 0o077 == 0


def test_a_copy_lies_with_the_backups_and_either_is_enough(tmp_path: Path) -> None:
    box, backups = tmp_path / "box", tmp_path / "backups"
    box.mkdir(), backups.mkdir()
    Erasures(box, (backups,)).remember(HIM, MONDAY)
    Erasures(box, (backups,)).remember("+13035550124", MONDAY)
    (box / FILE_NAME).unlink()
    left = Erasures(box, (backups,))
    assert left.knows(HIM) and left.knows("+13035550124")
    (tmp_path / "gone").mkdir()
    assert not Erasures(box, (tmp_path / "gone",)).knows(HIM)


def test_nothing_may_be_erased_that_cannot_be_remembered(tmp_path: Path) -> None:
    (tmp_path / "erased.part").mkdir()
    with pytest.raises(StoreFault, match="cannot be written"):
        Erasures(tmp_path).remember(HIM, MONDAY)


def test_a_list_that_does_not_read_is_loud(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("[]")
    with pytest.raises(StoreFault, match="does not read"):
        Erasures(tmp_path).knows(HIM)
