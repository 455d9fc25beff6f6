"""The README tells the truth: each command is run, here or by the test that is named; links lead somewhere."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from appliance import settings
from appliance.bench.demo import CallerVoice, newest_folder

REPOSITORY = Path(__file__).parent.parent
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")

RUN_HERE = {
    "./install.sh demo",
    "./install.sh demo --json",
    "./install.sh demo --say question.wav",
    "./install.sh check",
    "appliance calls list",
    "appliance calls show last",
    "appliance calls search oil",
    "appliance calls export last --to exported",
    "appliance report day",
    "appliance sync status",
    "appliance backup",
    "appliance agent chat",
    "appliance agent train",
    "appliance appointments list",
    "appliance messages list",
    "appliance models list",
    "appliance models pull",
    "appliance models verify",
}
NEWCOMER = "tests/appliance/test_newcomer.py"
RUN_ELSEWHERE = {
    "./install.sh test": "runs this suite; .ci/run calls it",
    "./install.sh demo --listen": "tests/appliance/test_demo.py",
    "export ATTENDANT_CONFIG=appliance.toml ATTENDANT_SIP_PASSWORD_FILE=sip_password": NEWCOMER,
    "appliance doctor --quick": NEWCOMER,
    "appliance run": NEWCOMER,
    "appliance agent test tests/plays": "tests/cli/test_agent_test.py",
    "appliance kb add handbook.pdf": "tests/cli/test_kb.py",
}


def commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line]


def run(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    words = command.split()
    if words[0] == "appliance":
        words = [sys.executable, "-m", "appliance.cli.app", *words[1:]]
    else:
        words = [str(REPOSITORY / words[0]), *words[1:]]
    import os

    return subprocess.run(
        words,
        cwd=folder,
        env={**os.environ, "COLUMNS": "200", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


def test_every_command_is_run_by_a_test():
    assert set(commands()) == RUN_HERE | RUN_ELSEWHERE.keys()
    assert re.search(r'install\.sh"? test', (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8"))


def test_it_is_short_and_leads_with_a_transcript():
    assert len(README.splitlines()) < 200
    first_block = README.split("```")[1]
    assert "agent   Thank you for calling" in first_block


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_links_lead_somewhere(target):
    assert (REPOSITORY / target).exists()


@pytest.fixture(scope="module")
def after_the_demo(tmp_path_factory):
    """The demo, held once as the README says, and its settings file."""
    folder = tmp_path_factory.mktemp("readme")
    shown = run("./install.sh demo", folder)
    assert shown.returncode == 0, shown.stderr[-2000:]
    (folder / "shown.txt").write_text(shown.stdout, encoding="utf-8")
    shutil.copy(newest_folder() / "appliance.toml", folder / "appliance.toml")
    return folder


@pytest.mark.real
def test_the_demo_shows_the_conversation_and_the_record(after_the_demo):
    shown = " ".join((after_the_demo / "shown.txt").read_text(encoding="utf-8").split())
    for words in (
        "Thank you for calling Hilltop Auto Repair.",
        "We're open on Saturday from nine o'clock to one o'clock.",
        "hybrid",
        "It's booked: an oil change",
        "Thank you for calling. Goodbye.",
        "disposition booked",
        "appointment oil_change,",
        "Alice Miller",
        "3035550172",
        ".flac",
    ):
        assert words in shown


@pytest.mark.real
@pytest.mark.parametrize(
    "command",
    sorted(one for one in RUN_HERE if one.startswith("appliance") or "check" in one),
)
def test_the_other_commands_work_in_its_folder(command, after_the_demo):
    done = run(command, after_the_demo, ATTENDANT_CONFIG=str(after_the_demo / "appliance.toml"))
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    if "show last" in command:
        assert "It's booked: an oil change" in " ".join(done.stdout.split())
    if "export" in command:
        exported = {path.name for path in (after_the_demo / "exported").rglob("*") if path.is_file()}
        assert exported >= {"record.json", "transcript.txt", "recording.flac"}


@pytest.mark.real
def test_the_demo_as_json_is_one_object_with_the_booking(tmp_path):
    done = run("./install.sh demo --json", tmp_path)
    shown = json.loads(done.stdout)
    assert shown.keys() == {
        "call_id", "answered", "turns", "disposition", "appointment", "recording", "versions",
    }  # fmt: skip
    assert shown["answered"] is True
    assert shown["disposition"] == "booked"
    assert shown["appointment"]["service"] == "oil_change"
    assert shown["appointment"]["phone"] == "3035550172"
    assert Path(shown["recording"]).stat().st_size > 100_000
    classes = [turn["class"] for turn in shown["turns"] if turn["speaker"] == "agent"]
    assert {"phrase", "fact", "open", "flow"} <= set(classes)
    answers = [
        turn
        for before, turn in pairwise(shown["turns"])
        if turn["speaker"] == "agent" and before["speaker"] == "caller"
    ]
    assert len(answers) >= 8
    assert all(turn["response_gap_ms"] is not None and turn["response_gap_ms"] > 0 for turn in answers), (
        answers
    )
    composed = next(turn["text"] for turn in shown["turns"] if turn["class"] == "open")
    assert "hybrid" in composed


@pytest.mark.real
def test_the_demo_plays_your_own_recordings(tmp_path):
    import soundfile

    from appliance.domain.sound import SAMPLE_RATE_HZ

    spoken = CallerVoice(settings.home() / "cache" / "caller").sounds(["Can I pay by credit card?"])[0]
    sound, _ = soundfile.read(
        spoken, channels=1, samplerate=SAMPLE_RATE_HZ, subtype="PCM_16", format="RAW", dtype="int16"
    )
    soundfile.write(tmp_path / "question.wav", sound, SAMPLE_RATE_HZ)
    done = run("./install.sh demo --say question.wav", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no checks" in " ".join(done.stdout.split())
