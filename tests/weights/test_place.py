"""Which model the settings mean, where it is, and whether it can be believed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from appliance import configfile
from appliance.errors import ConfigError, ModelMissing
from appliance.settings import Models, Profile, Settings
from appliance.weights.manifest import Manifest, Model
from appliance.weights.place import (
    Damage,
    FileFault,
    Presence,
    chosen,
    installed,
    manifest_for,
    needed,
    presence,
    resolve,
    verify,
)
from tests.fakes.sources import manifest_text

FILES = {"a.bin": b"aaaa", "sub/b.bin": b"bb"}


def settings_with(directory: Path, **models: str) -> Settings:
    return Settings(models=Models.model_validate({"directory": str(directory), **models}))


@pytest.fixture
def model() -> Model:
    text = manifest_text("thing", FILES, mirror='[{ pypi = "x==1", folder = "" }]', main="a.bin")
    return configfile.parse(text, Manifest, name="test").model[0]


def put(directory: Path, files: dict[str, bytes] | None = None) -> Path:
    for path, content in (files or FILES).items():
        file = directory / "thing" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return directory / "thing"


# --- which one ------------------------------------------------------------------------------------


def test_names_come_from_the_profile_unless_they_are_set(tmp_path: Path) -> None:
    default = settings_with(tmp_path)
    small = settings_with(tmp_path, profile=Profile.SMALL)
    own = settings_with(tmp_path, profile=Profile.SMALL, language_model="none")
    assert chosen(default, "language_model") == "qwen2.5-coder-1.5b-instruct-q4_k_m"
    assert chosen(small, "language_model") == "smollm2-135m-instruct-q4_1"
    assert chosen(own, "language_model") == "none"
    assert chosen(default, "caller_voice") == "kokoro-v1.0-int8"


def test_what_is_needed_follows_the_settings(tmp_path: Path) -> None:
    own = settings_with(tmp_path, language_model="none", voice=str(tmp_path / "mine.onnx"))
    assert [model.role.value for model in needed(own)] == ["recogniser", "vectors"]


def test_a_manifest_of_ones_own_is_read_beside_the_shipped_one(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(manifest_text("my-voice", FILES, mirror='[{ pypi = "x==1", folder = "" }]'))
    manifest = manifest_for(settings_with(tmp_path, manifest=str(mine)))
    assert manifest.get("my-voice")
    assert manifest.get("piper-en_US-joe-medium")


# --- by name --------------------------------------------------------------------------------------


def test_a_missing_model_is_told_with_the_command_that_helps(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"vosk-model-small-en-us-0\.15 is not on this box") as missing:
        resolve(settings_with(tmp_path), "recogniser")
    assert missing.value.remedy == "Run `appliance models pull vosk-model-small-en-us-0.15`."


def test_a_model_is_its_main_file_or_its_folder(tmp_path: Path, model: Model) -> None:
    put(tmp_path)
    assert installed(tmp_path, model) == tmp_path / "thing" / "a.bin"
    assert installed(tmp_path, model.model_copy(update={"main": ""})) == tmp_path / "thing"


@pytest.mark.parametrize(
    ("files", "complaint"),
    [({"a.bin": b"aaaa"}, "sub/b.bin is missing"), ({**FILES, "a.bin": b"aaa"}, "a.bin has the wrong size")],
)
def test_a_half_model_is_found_at_the_start(
    tmp_path: Path, model: Model, files: dict[str, bytes], complaint: str
) -> None:
    put(tmp_path, files)
    with pytest.raises(ModelMissing, match=f"The model thing is damaged: {re.escape(complaint)}"):
        installed(tmp_path, model)


def test_a_name_nobody_knows_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no model called 'smolm2-135m-instruct'") as unknown:
        resolve(settings_with(tmp_path, language_model="smolm2-135m-instruct"), "language_model")
    assert unknown.value.remedy == "Did you mean `smollm2-135m-instruct-q4_1`?"


def test_a_model_for_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="minilm-l6-v2-int8 is a vectors"):
        resolve(settings_with(tmp_path, voice="minilm-l6-v2-int8"), "voice")


def test_none_is_allowed_where_the_box_can_do_without(tmp_path: Path) -> None:
    none = settings_with(tmp_path, language_model="none", vectors="none", voice="none", recogniser="none")
    assert resolve(none, "language_model") is None
    assert resolve(none, "vectors") is None
    for role in ("voice", "recogniser"):
        with pytest.raises(ConfigError, match="there is no working without one"):
            resolve(none, role)


# --- by path --------------------------------------------------------------------------------------


def own_gguf(folder: Path) -> Path:
    (folder / "mine.gguf").write_bytes(b"GGUF....")
    return folder / "mine.gguf"


def own_voice(folder: Path) -> Path:
    (folder / "mine.onnx").write_bytes(b"....")
    (folder / "mine.onnx.json").write_text("{}")
    return folder / "mine.onnx"


def own_recogniser(folder: Path) -> Path:
    (folder / "vosk" / "am").mkdir(parents=True)
    (folder / "vosk" / "am" / "final.mdl").write_bytes(b"...")
    return folder / "vosk"


def own_flat_recogniser(folder: Path) -> Path:
    (folder / "flat").mkdir()
    (folder / "flat" / "final.mdl").write_bytes(b"...")
    return folder / "flat"


def own_vectors(folder: Path) -> Path:
    (folder / "vectors").mkdir()
    for name in ("model.onnx", "tokenizer.json"):
        (folder / "vectors" / name).write_bytes(b"...")
    return folder / "vectors"


@pytest.mark.parametrize(
    ("role", "make"),
    [
        ("language_model", own_gguf),
        ("voice", own_voice),
        ("recogniser", own_recogniser),
        ("recogniser", own_flat_recogniser),
        ("vectors", own_vectors),
    ],
)
def test_a_path_of_ones_own_is_taken_as_it_is(tmp_path: Path, role: str, make) -> None:
    path = make(tmp_path)
    assert resolve(settings_with(tmp_path, **{role: str(path)}), role) == path


def test_a_path_under_home_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    path = own_gguf(tmp_path)
    assert resolve(settings_with(tmp_path, language_model="~/mine.gguf"), "language_model") == path


@pytest.mark.parametrize(
    ("role", "name", "complaint"),
    [
        ("language_model", "absent.gguf", "does not exist"),
        ("language_model", "text.gguf", "does not begin like a GGUF file"),
        ("language_model", "folder", "is no file"),
        ("voice", "text.gguf", "has no text.gguf.json beside it"),
        ("recogniser", "folder", "holds no final.mdl"),
        ("vectors", "folder", "lacks model.onnx and tokenizer.json"),
    ],
)
def test_a_path_that_cannot_be_it_is_told(tmp_path: Path, role: str, name: str, complaint: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.gguf").write_text("hello")
    with pytest.raises(ModelMissing, match=re.escape(complaint)):
        resolve(settings_with(tmp_path, **{role: str(tmp_path / name)}), role)


# --- whether it is whole --------------------------------------------------------------------------


def test_verifying_reads_every_byte(tmp_path: Path, model: Model) -> None:
    read: list[int] = []
    put(tmp_path)
    assert verify(tmp_path, model, read.append) == []
    assert sum(read) == model.bytes
    assert presence(tmp_path, model) is Presence.VERIFIED


def test_verifying_names_what_is_corrupt_and_what_is_missing(tmp_path: Path, model: Model) -> None:
    place = put(tmp_path, {"a.bin": b"aaax"})
    assert verify(tmp_path, model) == [
        FileFault("a.bin", Damage.CONTENT),
        FileFault("sub/b.bin", Damage.MISSING),
    ]
    assert [str(fault) for fault in verify(tmp_path, model)] == ["a.bin is corrupt", "sub/b.bin is missing"]
    assert place.exists()


def test_a_file_touched_after_verifying_is_no_longer_verified(tmp_path: Path, model: Model) -> None:
    place = put(tmp_path)
    verify(tmp_path, model)
    (place / "a.bin").write_bytes(b"aaax")
    assert presence(tmp_path, model) is Presence.PRESENT
    verify(tmp_path, model)
    assert presence(tmp_path, model) is Presence.PRESENT
    (place / "a.bin").write_bytes(b"a")
    assert presence(tmp_path, model) is Presence.DAMAGED


def test_a_manifest_with_other_hashes_is_not_what_was_verified(tmp_path: Path, model: Model) -> None:
    put(tmp_path)
    verify(tmp_path, model)
    other = model.model_copy(
        update={"files": tuple(f.model_copy(update={"sha256": "0" * 64}) for f in model.files)}
    )
    assert presence(tmp_path, other) is Presence.PRESENT
