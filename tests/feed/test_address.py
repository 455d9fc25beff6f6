"""The feed's secret: made once, kept to its owner, or chosen; and the one path that is the feed."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.errors import ConfigError
from appliance.feed.address import is_feed, token, url
from appliance.settings import Feed


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch):
    for name in ("CREDENTIALS_DIRECTORY", "ATTENDANT_FEED_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def test_the_secret_is_made_once_and_kept_to_its_owner(tmp_path: Path):
    folder = tmp_path / "data"
    made = token(folder)
    assert len(made) >= 32
    assert token(folder) == made
    assert (folder / "feed-token").stat().st_mode & 0o777 == 0o600
    assert token(tmp_path / "other") != made


def test_the_operator_may_choose_it(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("ATTENDANT_FEED_TOKEN", "chosen")
    assert url(Feed(), 8080, tmp_path) == "http://127.0.0.1:8080/chosen/diary.ics"
    assert url(Feed(bind_address="::1"), 8080, tmp_path) == "http://[::1]:8080/chosen/diary.ics"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path):
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(ConfigError, match="feed-token"):
        token(tmp_path / "data" / "below")


@pytest.mark.parametrize(
    ("path", "is_it"),
    [
        ("/secret/diary.ics", True),
        ("/secret/diary.ics?now=1", True),
        ("/secret/diary.ics/", False),
        ("/Secret/diary.ics", False),
        ("/secre/diary.ics", False),
        ("/diary.ics", False),
        ("/", False),
        ("", False),
        ("/sécret\udce9/diary.ics", False),
    ],
)
def test_only_one_path_is_the_feed(path, is_it):
    assert is_feed(path, "secret") is is_it
