"""A conversation in the terminal: typed words are answered, and hanging up says what came of it."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from appliance.cli import kb
from appliance.cli.agent import app
from tests.fakes.vectors import FakeVectors


def chat(*lines: str, documents: Path | None = None) -> list[str]:
    options = ["chat", "--rules-only", "--now", "2026-11-19T10:00"]
    options += ["--config", str(documents)] if documents else ["--no-documents"]
    result = CliRunner().invoke(app, options, input="".join(f"{line}\n" for line in lines))
    assert result.exit_code == 0, result.output
    return [line.rpartition("agent: ")[2] for line in result.output.splitlines()]


def test_a_booking_by_text():
    said = chat("an oil change tomorrow at ten", "alice miller", "/key 3035550172", "yes please", "/bye")
    assert "And what number can we reach you at?" in said
    assert any(line.startswith("It's booked: an oil change, tomorrow at ten") for line in said)
    assert said[-1].endswith("(booked)")


def test_the_end_of_the_input_hangs_up():
    assert chat("i need an oil change")[-1].endswith("(abandoned)")


def test_silence_is_answered():
    assert "Are you still there?" in chat("/silence", "/bye")


def test_the_offices_documents_answer(tmp_path, monkeypatch):
    monkeypatch.setattr(kb, "_encoder", lambda settings: FakeVectors())
    config = tmp_path / "appliance.toml"
    config.write_text(f'[store]\ndirectory = "{tmp_path / "data"}"\n', encoding="utf-8")
    prices = tmp_path / "prices.csv"
    prices.write_text("Service,Price\nTire rotation,25 dollars\nOil change,49 dollars\n", encoding="utf-8")
    added = CliRunner().invoke(kb.app, ["add", str(prices), "--config", str(config)])
    assert added.exit_code == 0, added.output
    said = chat("what is the price of a tire rotation", "/bye", documents=config)
    assert "Tire rotation: Price 25 dollars." in said
