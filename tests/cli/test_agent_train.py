"""`appliance agent train`: what a person and a script see of what was learnt."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from appliance.cli import agent_train
from appliance.cli.agent import app
from appliance.errors import ConfigError, ModelMissing
from tests.fakes.vectors import FakeVectors

RUN = CliRunner()


@pytest.fixture
def config(tmp_path, monkeypatch):
    monkeypatch.setattr(agent_train, "_vectors", lambda _box: FakeVectors())
    monkeypatch.setenv("ATTENDANT_HOME", str(tmp_path / "home"))
    file = tmp_path / "appliance.toml"
    file.write_text(f'[store]\ndirectory = "{tmp_path / "data"}"\n')
    return file


def test_it_teaches_keeps_the_table_and_reports(config, tmp_path):
    result = RUN.invoke(
        app, ["train", "auto_repair", "--config", str(config), "--json"], catch_exceptions=False
    )
    told = json.loads(result.stdout)
    assert (tmp_path / "home" / "cache" / "understanding" / f"{told['table']}.npz").is_file()
    assert {"book", "fact:hours"} <= {one["intent"] for one in told["intents"]}
    assert 0 < told["accuracy"] <= 1
    assert all(one["means"] != one["taken_for"] for one in told["confusions"])


def test_a_person_sees_the_confused_sentences_and_that_there_are_more(config):
    shown = RUN.invoke(app, ["train", "auto_repair", "--config", str(config)], catch_exceptions=False).stdout
    every = RUN.invoke(
        app, ["train", "auto_repair", "--config", str(config), "--all"], catch_exceptions=False
    ).stdout
    assert "Hilltop Auto Repair" in shown
    assert "more: --all lists them" in shown
    assert len(every.splitlines()) > len(shown.splitlines())


def test_a_business_that_is_not_there_is_named(config):
    with pytest.raises(ConfigError, match='none called "no_such"'):
        RUN.invoke(app, ["train", "no_such", "--config", str(config)], catch_exceptions=False)


def test_without_vectors_there_is_nothing_to_teach(tmp_path):
    file = tmp_path / "appliance.toml"
    file.write_text('[models]\nvectors = "none"\n')
    with pytest.raises(ModelMissing, match=r"models\.vectors = none"):
        RUN.invoke(app, ["train", "auto_repair", "--config", str(file)], catch_exceptions=False)
