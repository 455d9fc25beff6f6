"""A flow drawn from the command line, printed or written; one that does not exist names those that do."""

from __future__ import annotations

from typer.testing import CliRunner

from appliance.cli.agent import app


def draw(*arguments: str):
    return CliRunner().invoke(app, ["draw", *arguments])


def test_a_flow_is_printed_or_written(tmp_path):
    printed = draw("booking").output
    assert printed.startswith("<svg ")
    draw("booking", "--out", str(tmp_path / "booking.svg"))
    assert (tmp_path / "booking.svg").read_text() == printed


def test_a_flow_of_a_business_of_its_own():
    assert "prescription" in draw("prescription", "--business", "dental_practice").output


def test_an_unknown_flow_names_the_known_ones():
    assert "booking, cancel, find, message, move" in str(draw("dancing").exception)
