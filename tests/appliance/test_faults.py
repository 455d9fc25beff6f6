"""A process is killed, the disk is gone, a model is missing: what the caller hears, what stays on record."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys

import pytest

from appliance.bench.box import write_config
from tests.appliance.office import open_office

pytestmark = pytest.mark.real


def said_by_agent(record):
    return [turn["text"] for turn in record["turns"] if turn["speaker"] == "agent"]


def test_the_agent_is_killed_and_the_call_goes_on_with_all_its_turns(short_folder, say):
    office = open_office(short_folder)
    with office.box:
        office.box.wait_ready()
        with office.dial() as dialer:
            dialer.wait_agent()
            dialer.say(say("Can I pay by credit card?"))
            dialer.wait_agent()
            os.kill(office.pid_of("agent"), signal.SIGKILL)
            office.wait_for_again("agent ready")
            with office.box.watch() as watch:
                next(line for line in watch if line["kind"] == "said")
            dialer.wait_agent()
            dialer.say(say("Where are you located?"))
            dialer.wait_agent()
            dialer.hang_up()
            dialer.wait_end()
        record = office.record()
    texts = said_by_agent(record)
    assert any("credit cards" in text for text in texts)
    assert any("I lost you for a moment" in text for text in texts)
    assert any("Mesa Road" in text for text in texts)
    assert record["disposition"] == "answered"
    numbers = [turn["number"] for turn in record["turns"]]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_line_is_killed_the_record_closes_and_the_next_call_is_answered(short_folder, say):
    office = open_office(short_folder)
    with office.box:
        office.box.wait_ready()
        with office.dial() as dialer:
            dialer.wait_agent()
            dialer.say(say("Can I pay by credit card?"))
            dialer.wait_agent()
            with office.box.watch() as watch:
                os.kill(office.pid_of("line"), signal.SIGKILL)
                lines = iter(watch)
                assert any(line["kind"] == "closed" for line in lines)
                assert any(line["kind"] == "line_ready" for line in lines)
        cut_off = office.record()
        office.hold()
        after = office.record()
    assert any("credit cards" in text for text in said_by_agent(cut_off))
    assert cut_off["ended_at"] is not None
    assert after["call_id"] != cut_off["call_id"]
    assert said_by_agent(after)[0].startswith("Thank you for calling")


def test_the_whole_box_is_killed_and_no_finished_turn_is_lost(short_folder, say):
    office = open_office(short_folder)
    with office.box:
        office.box.wait_ready()
        with office.dial() as dialer:
            dialer.wait_agent()
            dialer.say(say("Can I pay by credit card?"))
            dialer.wait_agent()
            for process in ("agent", "line"):
                os.kill(office.pid_of(process), signal.SIGSTOP)  # nobody may tidy up
            os.kill(office.box.pid, signal.SIGKILL)
    with office.box:
        office.box.wait_ready()
        record = office.record()
    assert any("credit cards" in text for text in said_by_agent(record))
    assert record["disposition"] == "system_failure"


def test_the_mind_is_killed_while_it_composes_and_a_message_is_offered(short_folder, say):
    office = open_office(short_folder)
    with office.box:
        office.box.wait_ready()
        with office.dial() as dialer:
            dialer.wait_agent()
            with office.box.watch() as watch:
                os.kill(office.pid_of("mind"), signal.SIGSTOP)  # it will never answer
                dialer.say(say("Do you have a favourite colour?"))
                next(line for line in watch if line["kind"] == "speak")
                os.kill(office.pid_of("mind"), signal.SIGKILL)
            dialer.wait_agent()
            dialer.hang_up()
            dialer.wait_end()
        record = office.record()
    assert any("Shall I take a message" in text for text in said_by_agent(record))


def test_without_a_language_model_the_box_answers_and_offers_messages(short_folder, say):
    office = open_office(short_folder, models={"language_model": "none"})
    with office.box:
        office.box.wait_ready()
        office.hold(say("Do you have a favourite colour?"))
        record = office.record()
    assert any("Shall I take a message" in text for text in said_by_agent(record))


def test_a_database_that_cannot_be_written_is_loud_and_the_call_goes_on(short_folder, say):
    office = open_office(short_folder)
    (short_folder / "attendant.db").mkdir()  # no file can be made there, not even by root
    with office.box:
        office.box.wait_ready()
        with office.dial() as dialer:
            dialer.wait_agent()
            dialer.say(say("Can I pay by credit card?"))
            dialer.wait_agent()
            dialer.hang_up()
            dialer.wait_end()
            gaps = [event for event in dialer.events if event["event"] == "response_gap"]
        output = "\n".join(office.box.output)
    assert gaps, "the caller was not answered"
    assert "store fault" in output


def run(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "appliance.cli.app", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        **options,
    )


def test_a_second_run_on_the_same_box_is_refused(short_folder):
    office = open_office(short_folder)
    with office.box:
        office.box.wait_ready()
        second = run("run", "--config", str(office.config))
    assert second.returncode == 75
    assert str(office.box.pid) in second.stderr
    assert "Traceback" not in second.stderr


def test_a_model_that_is_missing_or_corrupt_is_named(short_folder):
    broken = short_folder / "broken.gguf"
    broken.write_bytes(b"this is no model" * 100)
    for tables, name in (
        ({"models": {"recogniser": str(short_folder / "nowhere")}}, "nowhere"),
        ({"models": {"voice": str(short_folder / "no-voice.onnx")}}, "no-voice.onnx"),
    ):
        config = write_config(short_folder, tables=tables)
        ended = run("run", "--config", str(config))
        assert ended.returncode == 69
        assert name in ended.stderr
        assert "Traceback" not in ended.stderr + ended.stdout


def test_a_corrupt_language_model_costs_open_answers_only(short_folder, say):
    broken = short_folder / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(2000))
    office = open_office(short_folder, models={"language_model": str(broken)})
    with office.box:
        office.box.wait_ready()
        office.hold(say("Can I pay by credit card?"))
        record = office.record()
    assert any("credit cards" in text for text in said_by_agent(record))


def test_a_call_is_only_ever_written_by_the_agent(short_folder):
    """Looking at calls while the box runs does not lock it out."""
    office = open_office(short_folder)
    with office.box:
        office.box.wait_ready()
        with office.dial() as dialer:
            dialer.wait_agent()
            assert run("calls", "list", "--json", "--config", str(office.config)).returncode == 0
            dialer.hang_up()
            dialer.wait_end()
        with sqlite3.connect(short_folder / "attendant.db") as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
