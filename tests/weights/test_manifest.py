"""The manifest: what may stand in one, what is refused and where, and whether the shipped one is complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from appliance import configfile, settings
from appliance.errors import ConfigError
from appliance.settings import Profile
from appliance.weights.manifest import Kind, Manifest, ModelSet, Reference, Role, read

GOOD = """
[[model]]
name = "thing"
role = "voice"
licence = "MIT"
files = [{ path = "a.bin", bytes = 3, sha256 = "%s" }]
official = [{ url = "https://example.org/a.bin", to = "a.bin" }]
""" % ("ab" * 32)


def parsed(text: str) -> Manifest:
    return configfile.parse(text, Manifest, name="manifest.toml")


@pytest.fixture(scope="module")
def shipped() -> Manifest:
    return read(settings.shipped("models/manifest.toml"))


@pytest.mark.parametrize(
    ("replaced", "by", "complaint"),
    [
        ('"%s"' % ("ab" * 32), '"abc"', "manifest.toml:6: model.0.files.0.sha256"),
        ("bytes = 3", "bytes = -1", "manifest.toml:6: model.0.files.0.bytes"),
        ('role = "voice"', 'role = "singer"', "manifest.toml:4: model.0.role"),
        ('licence = "MIT"', "", "manifest.toml:2: model.0.licence: is missing"),
        ('licence = "MIT"', 'license = "MIT"', "Did you mean `licence`?"),
        ('name = "thing"', 'name = "../thing"', "manifest.toml:3: model.0.name"),
        ('path = "a.bin"', 'path = "../a.bin"', "leaves the model's folder"),
        ('path = "a.bin"', 'path = "/a.bin"', "leaves the model's folder"),
        ('to = "a.bin"', 'to = "b.bin"', "is not among its files"),
        ('to = "a.bin"', 'to = "a.bin", zip = "x"', "exactly one of url, zip, pypi, npm"),
        ('url = "https://example.org/a.bin"', 'pypi = "x==1"', "either `folder` or `member`"),
        ('url = "https://example.org/a.bin"', 'pypi = "x", member = "y"', "as name==version"),
        ('url = "https://example.org/a.bin"', 'npm = "x", member = "y"', "as name@version"),
        ('to = "a.bin" }]', 'to = "a.bin", parts = 2 }]', "takes `to`, no folder"),
        ('url = "https://example.org/a.bin"', 'pypi = "x==1", folder = "", parts = 2', "parts are joined"),
        ('licence = "MIT"', 'licence = "MIT"\nmain = "c.bin"', "main is 'c.bin'"),
        ("official = [{", "official = []\nmirror = [] # [{", "no source gives 'a.bin'"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(replaced: str, by: str, complaint: str) -> None:
    assert replaced in GOOD
    with pytest.raises(ConfigError, match=re.escape(complaint)):
        parsed(GOOD.replace(replaced, by))


def test_the_same_name_twice_is_refused() -> None:
    with pytest.raises(ConfigError, match="two models are called thing"):
        parsed(GOOD + GOOD)


def test_parts_are_numbered_as_the_template_says() -> None:
    text = GOOD.replace(
        '{ url = "https://example.org/a.bin", to = "a.bin" }',
        '{ pypi = "x-{part}==1", parts = 12, member = "x{part}/p{part:02}.bin", to = "a.bin" }',
    )
    references = list(parsed(text).model[0].official[0].references())
    assert len(references) == 12
    assert references[0] == Reference(Kind.PYPI, "x-1==1", "x1/p01.bin")
    assert references[11] == Reference(Kind.PYPI, "x-12==1", "x12/p12.bin")


def test_a_named_file_is_taken_from_its_own_source_the_rest_from_the_folder() -> None:
    two = GOOD.replace("files = [{", 'files = [{ path = "b.bin", bytes = 1, sha256 = "%s" }, {' % ("cd" * 32))
    text = two.replace("official = [", 'official = [{ zip = "https://example.org/z.zip", folder = "" }, ')
    model = parsed(text).model[0]
    folder, file = model.official
    assert [f.path for f in model.files_of(folder)] == ["b.bin"]
    assert [f.path for f in model.files_of(file)] == ["a.bin"]


def test_a_manifest_of_ones_own_wins() -> None:
    own = parsed(GOOD.replace("MIT", "Apache-2.0"))
    both = parsed(GOOD + GOOD.replace('"thing"', '"other"')).beside(own)
    assert both.names == ["other", "thing"]
    assert both.get("thing") == own.model[0]


def test_every_shipped_model_names_hashes_sizes_and_licence(shipped: Manifest) -> None:
    assert len(shipped.model) >= 6
    for model in shipped.model:
        assert model.licence, model.name
        assert model.about, model.name
        for file in model.files:
            assert re.fullmatch("[0-9a-f]{64}", file.sha256), (model.name, file.path)
            assert file.bytes > 0, (model.name, file.path)


def test_every_shipped_model_has_an_official_source_and_every_file_one_in_a_registry(
    shipped: Manifest,
) -> None:
    for model in shipped.model:
        assert model.official, model.name
        for file in model.files:
            kinds = {take.kind for take in model.takes_for(file)}
            assert kinds & {Kind.PYPI, Kind.NPM}, (model.name, file.path)


def test_every_archive_says_how_much_travels(shipped: Manifest) -> None:
    takes = [take for model in shipped.model for take in (*model.official, *model.mirror)]
    assert all(take.download_bytes > 0 for take in takes if take.kind is not Kind.FILE)


@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize("role", [Role.RECOGNISER, Role.VOICE, Role.LANGUAGE_MODEL, Role.VECTORS])
def test_a_shipped_set_has_one_model_for_every_role(shipped: Manifest, profile: Profile, role: Role) -> None:
    of_role = [model for model in shipped.of_set(ModelSet(profile.value)) if model.role is role]
    assert len(of_role) == 1


def test_the_small_set_differs_in_the_language_model_only(shipped: Manifest) -> None:
    default = {model.name for model in shipped.of_set(ModelSet.DEFAULT)}
    small = {model.name for model in shipped.of_set(ModelSet.SMALL)}
    assert default ^ small == {"qwen2.5-coder-1.5b-instruct-q4_k_m", "smollm2-135m-instruct-q4_1"}


README = (Path(__file__).parents[2] / "models" / "README.md").read_text()


def test_the_example_in_the_readme_is_a_manifest() -> None:
    (example,) = [
        block for block in re.findall(r"```toml\n(.*?)```", README, re.DOTALL) if "[[model]]" in block
    ]
    (model,) = parsed(example).model
    assert model.main in {file.path for file in model.files}


def test_the_readme_tells_of_every_shipped_model_with_its_licence(shipped: Manifest) -> None:
    for model in shipped.model:
        (row,) = [line for line in README.splitlines() if line.startswith(f"| {model.name} |")]
        assert model.licence in row
        assert all(wanted.value in row for wanted in model.profiles)


def test_the_demonstration_has_a_caller_with_another_voice(shipped: Manifest) -> None:
    (caller,) = shipped.of_set(ModelSet.DEMO)
    assert caller.role is Role.CALLER_VOICE
    assert {"kokoro-v1.0.int8.onnx", "vocab.json", "voices/af_heart.bin"} <= {f.path for f in caller.files}
