"""The recipe for Asterisk in hardware/phone_systems.md, run by a real one as it stands there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.extension import Extension
from tests.servers.asterisk import Asterisk

RECIPES = Path(__file__).parent.parent / "hardware" / "phone_systems.md"
PHONE_SYSTEMS = ("Asterisk", "FreePBX", "3CX", "FRITZ!Box", "Kamailio", "Yeastar")
TRIED = {"Asterisk", "Kamailio"}
WAIT_S = 60.0
BOX_HZ, DESK_HZ, CALLER_HZ = 440, 1300, 700


def section(title: str) -> str:
    """What stands under one heading."""
    found = re.search(
        rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", RECIPES.read_text(), re.MULTILINE | re.DOTALL
    )
    assert found, title
    return found[1]


def block(text: str, kind: str) -> str:
    """The one fenced block of this kind."""
    (lines,) = re.findall(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return str(lines)


@pytest.mark.parametrize("phone_system", PHONE_SYSTEMS)
def test_a_recipe_tells_account_codecs_fallback_and_whether_it_was_tried(phone_system: str) -> None:
    told = section(phone_system)
    for matter in ("regist|secret|password", "codec|allow=|lookup|chan_pjsip", "fallback|not there"):
        assert re.search(matter, told, re.IGNORECASE), matter
    assert ("not tried here" in told) == (phone_system not in TRIED)


KAMAILIO_MODULES = ("pv", "tm", "tmx", "sl", "usrloc", "registrar")


@pytest.mark.real
def test_kamailio_can_read_its_recipe(tmp_path: Path) -> None:
    program = shutil.which("kamailio", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("kamailio is not installed: apt-get install kamailio")
    modules = "".join(f'loadmodule "{name}.so"\n' for name in KAMAILIO_MODULES)
    config = tmp_path / "kamailio.cfg"
    recipe = block(section("Kamailio"), "kamailio")
    for text, accepted in ((recipe, True), (recipe.replace("t_on_failure", "t_on_fail"), False)):
        config.write_text(f"listen=udp:127.0.0.1:5999\n{modules}{text}")
        read = subprocess.run(
            [program, "-c", "-Y", str(tmp_path), "-f", str(config)],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert (read.returncode == 0) == accepted, read.stderr[-2000:]


@pytest.fixture(scope="module")
def phone_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asterisk]:
    """Asterisk with the account and the number of the recipe; 101 and 103 are telephones of the office."""
    told = section("Asterisk")
    dialplan = block(told, "asterisk").removeprefix("[office]\n")  # it goes on where that context ends
    recipe = {"pjsip.conf": block(told, "ini"), "extensions.conf": dialplan}
    with Asterisk(tmp_path_factory.mktemp("recipe"), also=recipe) as office:
        yield office


@pytest.fixture(scope="module")
def caller(phone_system: Asterisk) -> Iterator[Extension]:
    number = "103"
    with Extension(phone_system.address, number, phone_system.password(number), hz=CALLER_HZ) as telephone:
        yield telephone


@pytest.fixture(scope="module")
def desk(phone_system: Asterisk) -> Iterator[Extension]:
    number = "101"
    with Extension(phone_system.address, number, phone_system.password(number), hz=DESK_HZ) as telephone:
        yield telephone


def box(phone_system: Asterisk, on_ring: str) -> Extension:
    password = re.search(r"^password=(\S+)$", block(section("Asterisk"), "ini"), re.MULTILINE)
    assert password
    return Extension(phone_system.address, "200", password[1], hz=BOX_HZ, on_ring=on_ring)


def hang_up(caller: Extension) -> None:
    """And wait until it is over; the telephone may call again."""
    so_far = sum(one["event"] == "ended" for one in caller.events)
    caller.do("hang_up")
    caller.wait_for("ended", WAIT_S, nth=so_far + 1)


@pytest.mark.real
def test_a_registered_box_answers_and_no_desk_rings(
    phone_system: Asterisk, caller: Extension, desk: Extension
) -> None:
    rang_before = sum(one["event"] == "rang" for one in desk.events)
    with box(phone_system, "answer"):
        caller.do("dial", to="300")
        assert caller.hears(BOX_HZ, WAIT_S)
        hang_up(caller)
    assert sum(one["event"] == "rang" for one in desk.events) == rang_before


@pytest.mark.real
def test_without_a_box_a_desk_rings(phone_system: Asterisk, caller: Extension, desk: Extension) -> None:
    caller.do("dial", to="300")
    assert caller.hears(DESK_HZ, WAIT_S)
    hang_up(caller)


@pytest.mark.real
@pytest.mark.parametrize("status", ["486", "480", "503"], ids=["all lines taken", "no agent", "broken"])
def test_a_box_that_refuses_is_no_dead_end(
    phone_system: Asterisk, caller: Extension, desk: Extension, status: str
) -> None:
    with box(phone_system, status) as refusing:
        caller.do("dial", to="300")
        refusing.wait_for("rang", WAIT_S)
        assert caller.hears(DESK_HZ, WAIT_S)
        hang_up(caller)
