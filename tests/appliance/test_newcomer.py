"""The README alone, followed to the letter behind a real Asterisk: an extension for the box, a call, its record.

Changed is only what a machine that others share asks for: the PBX's address, free ports, small models, a folder.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from appliance import settings
from appliance.bench.box import Box, free_udp_port
from appliance.bench.dialer import Dialer
from tests.appliance.office import Office
from tests.fakes.extension import Extension
from tests.servers.asterisk import COLLEAGUES, Asterisk

pytestmark = pytest.mark.real

README = (Path(__file__).parent.parent.parent / "README.md").read_text(encoding="utf-8")
TELEPHONE = re.split(r"^## ", README.split("\n## Answer your own telephone\n")[1], flags=re.MULTILINE)[0]


def block(kind: str) -> str:
    """The one block of this kind in the section."""
    (found,) = re.findall(rf"```{kind}\n(.*?)```", TELEPHONE, re.DOTALL)
    return str(found)


def for_the_phone_system() -> dict[str, str]:
    """What the README adds to each of Asterisk's files, in the context that this one's telephones have."""
    parts = re.split(
        r"^; (\S+\.conf).*\n", block("ini").replace("from-internal", "office"), flags=re.MULTILINE
    )
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def settings_file(folder: Path, registrar: str) -> Path:
    """The README's settings, and what keeps this box to itself."""
    written = block("toml").replace("192.168.1.10", registrar)
    assert registrar in written
    own_ports = f'bind_address = "127.0.0.1"\nport = {free_udp_port()}\nrtp_port = 0\n'
    assert "[sip]\n" in written
    file = folder / "appliance.toml"
    file.write_text(
        written.replace("[sip]\n", f"[sip]\n{own_ports}")
        + f'[models]\nprofile = "small"\n[store]\ndirectory = "{folder}"\n',
        encoding="utf-8",
    )
    return file


def command(words: str) -> str:
    """The line of the section's commands that has these words."""
    (line,) = [line for line in block("sh").splitlines() if words in line]
    return line


def appliance(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    assert line.startswith("appliance ")
    return subprocess.run(
        [sys.executable, "-m", "appliance.cli.app", *line.split()[1:]],
        cwd=folder,
        env={**os.environ, "COLUMNS": "200", "ATTENDANT_CONFIG": str(folder / "appliance.toml")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@dataclass(frozen=True)
class Followed:
    """Where the README has led to: a PBX, and a box that is one of its extensions."""

    pbx: Asterisk
    office: Office
    number: str


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    import tempfile

    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        also = for_the_phone_system()
        pbx = stack.enter_context(Asterisk(tmp_path_factory.mktemp("pbx"), also=also))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="att-")))
        config = settings_file(folder, pbx.address)
        checked = appliance(command("config check"), folder)
        assert checked.returncode == 0, checked.stderr
        secret, _, rest = command("appliance run").partition(" ")
        assert rest == "appliance run --config appliance.toml", "what Box starts"
        patch.setenv(*secret.split("=", 1))
        box = Box(config, folder)
        with box:
            box.wait_ready()
            box.wait_for('"registered": true')
            number = settings.load(config).sip.user
            yield Followed(pbx, Office(box, folder, config, f"sip:{number}@{pbx.address}"), number)


def test_a_telephone_of_the_office_dials_the_box_and_is_answered(followed: Followed) -> None:
    desk = COLLEAGUES[0]
    with Extension(followed.pbx.address, desk, followed.pbx.password(desk)) as telephone:
        telephone.do("dial", to=followed.number)
        telephone.wait_for("confirmed", limit_s=60)
        assert telephone.hears_somebody(limit_s=60)
        telephone.do("hang_up")
        telephone.wait_for("ended", limit_s=60)
    assert followed.office.record()["caller"] == desk


def test_a_question_is_answered_and_the_call_shown(followed: Followed, say: Callable[[str], Path]) -> None:
    with Dialer(followed.office.uri) as caller:
        caller.wait_agent()
        caller.say(say("What time do you open on Saturday?"))
        caller.wait_agent()
        caller.hang_up()
        caller.wait_end()
    assert followed.office.record()["disposition"] == "answered"
    shown = appliance("appliance calls show last", followed.office.folder)
    assert "We're open on Saturday" in " ".join(shown.stdout.split())


def test_the_password_is_in_no_file_and_no_line_of_output(followed: Followed) -> None:
    password = command("appliance run").split()[0].split("=")[1]
    assert f"password={password}" in block("ini").replace(" ", "")
    assert password not in followed.office.config.read_text(encoding="utf-8")
    assert password not in "\n".join(followed.office.box.output)
