"""The processes as they are started: what has nothing to do ends well."""

from __future__ import annotations

from pathlib import Path

from appliance import wiring
from appliance.wiring import processes


def test_a_feed_that_is_not_wanted_ends_at_once_and_well(tmp_path: Path, monkeypatch) -> None:
    config = tmp_path / "appliance.toml"
    config.write_text("[feed]\nport = 0\n", encoding="utf-8")
    monkeypatch.setenv("ATTENDANT_HOME", str(tmp_path))
    for once_a_process in ("configure_logs", "die_with_parent"):
        monkeypatch.setattr(processes, once_a_process, lambda *_, **__: None)
    assert wiring.main(["feed", "--config", str(config)]) == 0
    assert not list(tmp_path.glob("**/*.db"))
