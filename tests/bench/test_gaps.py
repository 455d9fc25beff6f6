"""The gap bench: whose recordings it plays, what its callers answer, and one short call with a real box."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from appliance.bench import gaps
from appliance.bench.exchanges import Utterance
from appliance.bench.gaps import Plan, Saying, Visit, measure, recordings_in
from appliance.bench.scenarios import scenarios
from appliance.cli.bench import app
from appliance.errors import NotFound


def _folder(tmp_path: Path, *lines: str) -> Path:
    (tmp_path / "a.wav").touch()
    (tmp_path / "b.wav").touch()
    (tmp_path / "refs.tsv").write_text("\n".join(["path\tref", *lines]) + "\n", encoding="utf-8")
    return tmp_path


def test_the_first_column_names_the_recordings(tmp_path: Path) -> None:
    folder = _folder(tmp_path, 'a.wav\the said "no', "b.wav\tyes", "a.wav\ttwice")
    assert [path.name for path in recordings_in(folder)] == ["a.wav", "b.wav"]
    assert recordings_in(folder / "refs.tsv") == recordings_in(folder)


@pytest.mark.parametrize("lines", [(), ("missing.wav\twords",)])
def test_a_table_that_does_not_hold_is_named(tmp_path: Path, lines: tuple[str, ...]) -> None:
    with pytest.raises(NotFound, match=r"refs\.tsv"):
        recordings_in(_folder(tmp_path, *lines))


def test_a_folder_without_a_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"refs\.tsv"):
        recordings_in(tmp_path)


def test_a_plan_is_typed_again_without_this_machines_paths(tmp_path: Path) -> None:
    plan = Plan(3, "small", tmp_path / "speech_vctk", codec="PCMA", loss_percent=3)
    assert plan.command == (
        "appliance bench gap --calls 3 --profile small --data speech_vctk --codec PCMA --loss 3"
    )
    assert plan.bench == "gap-speech_vctk"
    assert Plan(8).command == "appliance bench gap --calls 8"


def test_recordings_are_taken_evenly_from_the_list() -> None:
    paths = [Path(str(number)) for number in range(100)]
    shared = [[path.name for path in call] for call in gaps._shared_out(paths, 2, 5)]
    assert shared == [["0", "10", "20", "30", "40"], ["50", "60", "70", "80", "90"]]
    assert sum(len(call) for call in gaps._shared_out(paths[:3], 2, 5)) == 3


def test_of_a_dictated_number_only_the_number_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gaps.SyntheticVoice, "sound", lambda _, text: Path(text))
    [visit] = gaps._dictated(_folder(tmp_path, "a.wav\t555", "b.wav\t556"), calls=1)
    measured = [saying for saying in visit.sayings if saying.utterance.counted]
    assert [saying.sound.name for saying in measured] == ["a.wav", "b.wav"]
    assert all(saying.utterance == Utterance("human", dictated=True) for saying in measured)


def test_a_caller_reacts_to_what_the_agent_asks() -> None:
    sentence, digits, decline = (Saying(Path(name), Utterance("synthetic")) for name in "abc")
    visit = Visit((sentence,), digits=digits, decline=decline)
    assert visit.reaction("Shall I take a message, so that somebody calls?", sentence) is decline
    assert visit.reaction("Could you say the number again, one digit at a time?", sentence) is digits
    assert visit.reaction("Sorry, could you say it again?", sentence) is sentence
    assert visit.reaction("Which day would suit you?", sentence) is None
    assert Visit((sentence,)).reaction("Could you say it again?", sentence) is None


def test_every_scenario_dictates_and_its_callers_differ() -> None:
    all_scenarios = scenarios("Tuesday")
    assert all(any(line.dictated for line in one.lines) for one in all_scenarios)
    assert len({(one.voice, one.speed) for one in all_scenarios}) == len(all_scenarios)
    assert all("Tuesday morning." in {line.text for line in one.lines} for one in all_scenarios)


def test_a_codec_nobody_speaks_is_refused() -> None:
    result = CliRunner().invoke(app, ["gap", "--codec", "OPUS"])
    assert result.exit_code == 2


@pytest.mark.real
def test_a_short_call_is_measured_from_end_to_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gaps, "_visits", lambda _: [_short_visit()])
    found = measure(Plan(1, "small"), tmp_path / "box", lambda _: None)
    assert found.summary["utterances"] == 2
    assert found.summary["calls"] == 1
    answered = [row for row in found.rows if row["gap_ms"] is not None]
    assert answered, "not one of two sentences was answered"
    assert all(row["gap_ms"] >= row["first_sound_ms"] for row in answered)
    assert all(row["class"] in {"phrase", "flow", "fact", "open"} for row in answered)
    assert found.conditions["speech"].startswith("synthetic")


def _short_visit() -> Visit:
    whole = gaps.scripted(scenarios("Tuesday")[0])
    return Visit((whole.sayings[0], whole.sayings[3]), digits=whole.digits, decline=whole.decline)
