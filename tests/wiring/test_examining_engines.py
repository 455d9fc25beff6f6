"""Models looked at: missing, damaged, fetched; ear and voice tried for real; the model's speed, asked and tried."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from appliance import settings
from appliance.business import Business
from appliance.business.callers import callers
from appliance.conversation.lessons import lessons
from appliance.engines import intent_files
from appliance.engines.intent_calibration import Calibration
from appliance.engines.intent_kernel import Kernel
from appliance.engines.intent_training import IntentTable
from appliance.ops.doctor import State, examine, mend
from appliance.ops.health import AgentState
from appliance.settings import Settings
from appliance.wiring import examining_engines, knowing, trying_mind
from appliance.wiring.trying_mind import Speed
from tests.fakes.patient import agent, checks_of, write
from tests.fakes.sources import Sources, manifest_text, serving, silent_address, write_manifest

FILES = {"voice.onnx": b"n" * 5000, "voice.onnx.json": b"{}"}


@pytest.fixture
def sources() -> Iterator[Sources]:
    with serving() as started:
        yield started


@pytest.fixture
def own_voice(folder: Path, sources: Sources, monkeypatch) -> Path:
    """Settings of a box whose voice is in a registry on loopback, and whose other models nobody wants to see."""
    sources.add_wheel("my-voice", "1.0", {f"my_voice/{path}": content for path, content in FILES.items()})
    official = "[" + ", ".join(f'{{ url = "{silent_address()}/{p}", to = "{p}" }}' for p in FILES) + "]"
    mirror = '[{ pypi = "my-voice==1.0", folder = "my_voice", download_bytes = 600 }]'
    mine = manifest_text("my-voice", FILES, official, mirror, main="voice.onnx")
    manifest = write_manifest(folder / "mine.toml", mine)
    monkeypatch.setenv("UV_DEFAULT_INDEX", sources.registries.pypi)
    file = write(folder)
    text = file.read_text().replace("[sip]", f'manifest = "{manifest}"\nvoice = "my-voice"\n[sip]')
    file.write_text(text)
    return file


def test_missing_models_are_named_with_what_fetches_them(folder):
    finding = examine(checks_of(write(folder))["models"])
    assert finding.state is State.FAIL
    assert "vosk-model-small-en-us-0.15: not on this box." in finding.told
    assert finding.fix is not None


def test_a_model_is_fetched_and_then_whole(own_voice, folder):
    from appliance.weights import place

    check = checks_of(own_voice)["models"]
    needed = [one for one in place.needed(settings.load(own_voice)) if one.name == "my-voice"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, "needed", lambda _: needed)
        found = examine(check)
        assert "my-voice: not on this box." in found.told
        assert mend(check, found).state is State.OK
        (folder / "models" / "my-voice" / "voice.onnx").write_bytes(b"x" * 5000)
        assert "corrupt" in examine(check).told


def test_licences_are_those_of_the_models_the_settings_call_for(own_voice):
    assert examine(checks_of(own_voice)["licences"]).figures["my-voice"] == "MIT"


def test_without_vectors_there_is_nothing_to_teach(folder):
    file = write(folder)
    file.write_text(file.read_text().replace("[sip]", 'vectors = "none"\n[sip]'))
    assert examine(checks_of(file)["trained"]).state is State.SKIPPED


def test_without_a_model_nobody_composes(folder):
    assert examine(checks_of(write(folder))["mind"]).state is State.SKIPPED


def test_a_running_mind_is_asked_and_no_second_one_loaded(folder, monkeypatch):
    file = write(folder)
    file.write_text(file.read_text().replace('language_model = "none"', 'language_model = "own.gguf"'))
    (folder / "own.gguf").write_bytes(b"GGUF")
    monkeypatch.chdir(folder)
    asked = []

    def answer(path: Path) -> Speed:
        asked.append(path.name)
        return Speed("own", 3.0, 400.0)

    monkeypatch.setattr(trying_mind, "ask", answer)
    with agent(folder, AgentState("full")):
        assert examine(checks_of(file)["mind"]).state is State.WARN
    with agent(folder, AgentState("full", calls=2)):
        assert examine(checks_of(file)["mind"]).state is State.SKIPPED  # callers have it
    assert asked == ["mind.sock"]


def test_a_language_nobody_wrote_sentences_for_is_left_out(folder, monkeypatch):
    monkeypatch.setattr(examining_engines, "SENTENCES", {})
    checks = checks_of(write(folder))
    assert examine(checks["loopback"]).state is State.SKIPPED
    assert examine(checks["capacity"]).state is State.SKIPPED


def _with_real_models(folder: Path) -> Path:
    """The small models, wherever this machine keeps them."""
    file = folder / "appliance.toml"
    models = settings.models_directory(Settings())
    file.write_text(
        f'[store]\ndirectory = "{folder / "data"}"\n[models]\ndirectory = "{models}"\nprofile = "small"\n'
    )
    return file


@pytest.mark.real
def test_ear_and_voice_understand_each_other_and_their_cost_is_known(folder):
    checks = checks_of(_with_real_models(folder))
    looped = examine(checks["loopback"])
    assert looped.state is State.OK
    assert looped.figures["word_error_rate"] < 0.2
    estimate = examine(checks["capacity"])
    assert estimate.figures["ear_cpu_per_s"] == looped.figures["ear_cpu_per_s"]
    assert estimate.figures["line_cpu_per_s"] > 0


def test_understanding_is_taught_by_the_fix_and_then_known(folder, monkeypatch):
    """What teaching does is intent_training's to show; here it leaves a table, in a home that goes with the test."""
    monkeypatch.setenv("ATTENDANT_HOME", str(folder))
    vectors = folder / "own-vectors"
    vectors.mkdir()
    for name in ("model.onnx", "tokenizer.json"):
        (vectors / name).touch()
    file = write(folder)
    file.write_text(file.read_text().replace("[sip]", f'vectors = "{vectors}"\n[sip]'))

    def teach(config: Settings, office: Business) -> None:
        taught = lessons(office, callers(office.language))
        rows = np.zeros((1, 3), np.float32)
        table = IntentTable(("hours",), Kernel(rows, rows), Calibration(1.0, 0.0, 1.0))
        intent_files.save(
            table, knowing.taught_directory() / f"{intent_files.name_of(taught, vectors.name)}.npz"
        )

    monkeypatch.setattr(knowing, "load_finder", teach)
    check = checks_of(file)["trained"]
    found = examine(check)
    assert found.state is State.WARN
    assert mend(check, found).state is State.OK


@pytest.mark.real
def test_a_model_is_tried_in_a_process_of_its_own(folder):
    finding = examine(checks_of(_with_real_models(folder))["mind"])
    assert finding.figures["tokens_per_s"] > 0
    assert "(a trial)" in finding.told
