"""The README alone, followed to the letter behind a real Asterisk: an extension for the box, a call, its record.

Changed is only what a machine that others share asks for: the PBX's address, free ports, small models, a folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import select
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from appliance import settings
from appliance.bench.box import Box, free_udp_port
from appliance.bench.demo import last_call
from appliance.errors import ApplianceError
from tests.appliance.office import Office
from tests.fakes.extension import Extension
from tests.servers.asterisk import COLLEAGUES, Asterisk

pytestmark = pytest.mark.real

README = (Path(__file__).parent.parent.parent / "README.md").read_text(encoding="utf-8")
TELEPHONE = re.split(r"^## ", README.split("\n## Answer your own telephone\n")[1], flags=re.MULTILINE)[0]
REGISTRAR, CONTEXT = "192.168.1.10", "from-internal"  # what a reader puts their own in place of
QUESTION = re.compile(r"(?:\?[^\n]*|password): $")  # everything else ends its line
LIMIT_S = 120.0


def block(kind: str) -> list[str]:
    """The lines of the section's one block of this kind."""
    (found,) = re.findall(rf"```{kind}\n(.*?)```", TELEPHONE, re.DOTALL)
    return str(found).splitlines()


def for_the_phone_system() -> dict[str, str]:
    """What the README adds to each of Asterisk's files, in the context that this one's telephones are in."""
    lines = "\n".join(block("ini")).replace(CONTEXT, "office") + "\n"
    parts = re.split(r"^; (\S+\.conf)\n", lines, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def answers(registrar: str) -> dict[str, str]:
    """What the README types after each question of `init`."""
    pairs = [line.rsplit(": ", 1) for line in block("text")[1:]]
    return {question: answer.replace(REGISTRAR, registrar) for question, answer in pairs}


def appliance(words: list[str], folder: Path, **more: object) -> subprocess.Popen[bytes]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ATTENDANT_SIP")}
    return subprocess.Popen(
        [sys.executable, "-m", "appliance.cli.app", *words],
        cwd=folder,
        env={**environment, **exported(), "COLUMNS": "200"},
        **more,  # type: ignore[call-overload]
    )


def output_of(line: str, folder: Path) -> str:
    """What a command of the README prints."""
    assert line.startswith("appliance ")
    done = appliance(line.split()[1:], folder, stdout=subprocess.PIPE)
    return done.communicate(timeout=LIMIT_S * 3)[0].decode()


def exported() -> dict[str, str]:
    """The environment the README sets."""
    (line,) = [line for line in block("sh") if line.startswith("export ")]
    return dict(each.split("=") for each in line.split()[1:])


class Person:
    """Sits at a terminal, waits for each question, types what the README says, else Enter."""

    def __init__(self, answers: dict[str, str]) -> None:
        self._left = dict(answers)
        self.seen = ""

    def follow(self, command: str, folder: Path) -> int:
        """Until the command ends; its status."""
        assert command.startswith("$ appliance ")
        ours, theirs = pty.openpty()
        session = {"stdin": theirs, "stdout": theirs, "stderr": theirs, "start_new_session": True}
        process = appliance(command.split()[2:], folder, **session)
        os.close(theirs)
        try:
            while said := self._read(ours):
                self.seen += said
                if QUESTION.search(self.seen):
                    os.write(ours, self._answer(self.seen.splitlines()[-1]).encode() + b"\n")
            assert self._left == {}, "never asked"
            return process.wait(LIMIT_S)
        finally:
            os.close(ours)
            process.kill()
            process.wait()

    def _read(self, terminal: int) -> str:
        """What appears next; empty when nobody writes any more (EIO is a terminal's end of file)."""
        assert select.select([terminal], [], [], LIMIT_S)[0], f"stuck after: {self.seen[-500:]}"
        try:
            return os.read(terminal, 4096).decode(errors="replace")
        except OSError:
            return ""

    def _answer(self, prompt: str) -> str:
        asked = [question for question in self._left if prompt.startswith(question.rstrip(":"))]
        return self._left.pop(asked[0]) if asked else ""


def keep_to_itself(config: Path) -> None:
    """Other ports, small models and a folder of its own for this box."""
    text = config.read_text(encoding="utf-8")
    assert "[sip]\n" in text
    ours = f'[sip]\nbind_address = "127.0.0.1"\nport = {free_udp_port()}\nrtp_port = 0\n'
    apart = f'\n[models]\nprofile = "small"\n[store]\ndirectory = "{config.parent}"\n'
    config.write_text(text.replace("[sip]\n", ours) + apart, encoding="utf-8")


@dataclass(frozen=True)
class Followed:
    """Where the README has led to: a PBX, and a box that is one of its extensions."""

    pbx: Asterisk
    office: Office
    number: str
    password: str


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        also = for_the_phone_system()
        pbx = stack.enter_context(Asterisk(tmp_path_factory.mktemp("pbx"), also=also))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="att-")))
        typed = answers(pbx.address)
        person = Person(typed)
        assert person.follow(block("text")[0], folder) == 0, person.seen
        assert re.search(r"^ *registered", person.seen, re.MULTILINE), person.seen
        password = typed["Its password"]
        assert password not in person.seen
        config = folder / exported()["ATTENDANT_CONFIG"]
        keep_to_itself(config)
        assert block("sh")[-1] == "appliance run", "which is what a Box is"
        patch.delenv("ATTENDANT_SIP_PASSWORD", raising=False)
        for name, value in exported().items():
            patch.setenv(name, str(folder / value))
        box = Box(config, folder)
        with box:
            box.wait_ready()
            box.wait_for('"registered": true')
            number = settings.load(config).sip.user
            yield Followed(pbx, Office(box, folder, config, f"sip:{number}@{pbx.address}"), number, password)


def wait_for_a_turn(office: Office) -> None:
    """Until the greeting is on record: a turn is written down when it has been said."""
    waiting = threading.Event()
    for _ in range(int(LIMIT_S * 10)):
        with contextlib.suppress(ApplianceError):  # no call is on record yet
            if last_call(settings.load(office.config))["turns"]:
                return
        waiting.wait(0.1)
    pytest.fail("nothing was said")


def test_a_telephone_of_the_office_dials_the_box_and_is_answered(followed: Followed) -> None:
    desk = COLLEAGUES[0]
    with Extension(followed.pbx.address, desk, followed.pbx.password(desk)) as telephone:
        telephone.do("dial", to=followed.number)
        telephone.wait_for("confirmed", limit_s=LIMIT_S)
        assert telephone.hears_somebody(limit_s=LIMIT_S)
        wait_for_a_turn(followed.office)
        telephone.do("hang_up")
        telephone.wait_for("ended", limit_s=LIMIT_S)
    assert followed.office.record()["caller"] == desk
    shown = " ".join(output_of("appliance calls show last", followed.office.folder).split())
    assert "Thank you for calling Miller Motors." in shown


def test_the_doctor_is_content_with_the_registration(followed: Followed) -> None:
    (line,) = [line for line in block("sh") if line.startswith("appliance doctor")]
    found = json.loads(output_of(f"{line} --json", followed.office.folder))
    (registration,) = [one for one in found["findings"] if one["name"] == "registration"]
    assert registration["state"] == "ok", registration


def test_the_password_is_in_one_file_that_nobody_else_reads(followed: Followed) -> None:
    folder = followed.office.folder
    kept = folder / exported()["ATTENDANT_SIP_PASSWORD_FILE"]
    assert kept.read_text(encoding="utf-8").strip() == followed.password
    assert kept.stat().st_mode & 0o077 == 0
    assert followed.password not in "\n".join(followed.office.box.output)
    settings_files = [file.read_text(encoding="utf-8") for file in folder.glob("*.toml")]
    assert len(settings_files) == 2
    assert not any(followed.password in text for text in settings_files)
