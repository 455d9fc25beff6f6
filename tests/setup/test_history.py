"""A file is replaced whole, and what it said before is kept with the time, the change and who made it."""

from __future__ import annotations

import os
import stat
import threading
from datetime import UTC, datetime

import pytest

from appliance.errors import ConfigError, NotFound, StoreFault
from appliance.setup import history
from appliance.setup.history import History

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setenv("ATTENDANT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SUDO_USER", "maria")
    return History(tmp_path / "etc" / "appliance.toml")


def test_a_new_file_has_no_former_version(kept):
    with kept.changing():
        assert kept.replace("a = 1\n", "init", AT) is None
    assert kept.now() == "a = 1\n"
    assert kept.versions() == []
    with pytest.raises(NotFound, match="not a former version"):
        kept.text()


def test_each_replacement_keeps_what_was(kept):
    for number, change in enumerate(["init", "set a", "set b", "set c"]):
        with kept.changing():
            kept.replace(f"a = {number}\n", change, AT)
    newest, text = kept.text()
    assert (newest.number, newest.change, newest.by, newest.replaced_at) == (
        3,
        "set c",
        "maria",
        AT.isoformat(),
    )
    assert text == "a = 2\n"
    assert [one.number for one in kept.versions()] == [3, 2, 1]
    assert kept.text(1)[1] == "a = 0\n"
    with pytest.raises(NotFound, match="version 9"):
        kept.text(9)


def test_the_same_again_is_no_change(kept):
    with kept.changing():
        kept.replace("a = 1\n", "init", AT)
        assert kept.replace("a = 1\n", "set a", AT) is None
    assert kept.versions() == []


def test_two_files_of_one_name_have_each_its_own(kept, tmp_path):
    other = History(tmp_path / "elsewhere" / "appliance.toml")
    for one in (kept, other):
        with one.changing():
            one.replace("a = 1\n", "init", AT)
    with kept.changing():
        kept.replace("a = 2\n", "set a", AT)
    assert other.versions() == []


def test_only_so_many_are_kept(kept, monkeypatch):
    monkeypatch.setattr(history, "_KEPT_MOST", 3)
    for number in range(8):
        with kept.changing():
            kept.replace(f"a = {number}\n", "set a", AT)
    assert [one.number for one in kept.versions()] == [7, 6, 5]


def test_the_files_mode_stays(kept):
    with kept.changing():
        kept.replace("a = 1\n", "init", AT)
    kept.file.chmod(0o604)
    with kept.changing():
        kept.replace("a = 2\n", "set a", AT)
    assert stat.S_IMODE(kept.file.stat().st_mode) == 0o604
    assert stat.S_IMODE((kept._path(1, "toml")).stat().st_mode) == 0o600


def test_a_new_file_belongs_to_whom_its_folder_does(kept, monkeypatch):
    given = []
    monkeypatch.setattr(os, "fchown", lambda _, *owner: given.append(owner))
    kept.file.parent.mkdir(parents=True)
    with kept.changing():
        kept.replace("a = 1\n", "init", AT)
    folder = kept.file.parent.stat()
    assert given == [(folder.st_uid, folder.st_gid)]
    assert stat.S_IMODE(kept.file.stat().st_mode) == 0o640


def test_a_link_stays_a_link(kept, tmp_path):
    real = tmp_path / "real.toml"
    real.write_text("a = 1\n")
    link = tmp_path / "link.toml"
    link.symlink_to(real)
    linked = History(link)
    with linked.changing():
        linked.replace("a = 2\n", "set a", AT)
    assert link.is_symlink()
    assert real.read_text() == "a = 2\n"


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(kept, monkeypatch):
    with kept.changing():
        kept.replace("a = 1\n", "init", AT)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with kept.changing(), pytest.raises(StoreFault, match="No space left"):
        kept.replace("a = 2\n", "set a", AT)
    assert kept.now() == "a = 1\n"
    assert [one.name for one in kept.file.parent.iterdir()] == ["appliance.toml"]
    assert kept.versions() == []


def test_two_who_change_at_once_lose_nothing(kept):
    with kept.changing():
        kept.replace("a = 0\n", "init", AT)

    def add_one() -> None:
        with kept.changing():
            count = int(kept.now().split()[-1])
            kept.replace(f"a = {count + 1}\n", "set a", AT)

    threads = [threading.Thread(target=add_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert kept.now() == "a = 8\n"
    assert len(kept.versions()) == 8


def test_a_file_that_is_no_text_is_told(kept):
    kept.file.parent.mkdir(parents=True)
    kept.file.write_bytes(b"\xff\x80")
    with pytest.raises(ConfigError, match="not UTF-8"):
        kept.now()


def test_a_secret_is_for_its_owner_only(tmp_path):
    history.write_secret(tmp_path / "new" / "sip_password", "hunter2")
    assert (tmp_path / "new" / "sip_password").read_text() == "hunter2\n"
    assert stat.S_IMODE((tmp_path / "new" / "sip_password").stat().st_mode) == 0o600
