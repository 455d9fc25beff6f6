"""A real Asterisk 22 as the office's phone system, on free ports of loopback; ends with the test.

Debian 12 has none, so `./install.sh test` unpacks Debian's own of a later release under the cache (ASTERISK_ROOT
names another place). It runs there with its own loader and libraries: no chroot, no root, no Docker.

Anybody may call in. Extensions: 100 the box, 101 to 103 colleagues, 199 nobody is registered, 150 always busy,
160 answers as a mailbox does and never presses a key, 170 rings for ever.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(
    os.environ.get("ASTERISK_ROOT")
    or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "attendant" / "asterisk"
)
BOX, COLLEAGUES = "100", ("101", "102", "103")
_LOADER = "usr/lib*/ld-linux-*.so.*"
_LIBRARIES = "usr/lib/*-linux-gnu"

_FILES = {
    "asterisk.conf": """
[directories]
astetcdir => {folder}
astmoddir => {libraries}/asterisk/modules
astvarlibdir => {folder}/var
astdbdir => {folder}/var
astkeydir => {folder}/var
astdatadir => {root}/usr/share/asterisk
astagidir => {folder}/var
astspooldir => {folder}/var
astrundir => {folder}/run
astlogdir => {folder}/log
[options]
verbose = 3
nocolor = yes
""",
    "modules.conf": """
[modules]
autoload=no
{modules}
""",
    "logger.conf": "[general]\n[logfiles]\nconsole => notice,warning,error,verbose\n",
    "rtp.conf": "[general]\nrtpstart={rtp_port}\nrtpend={rtp_end}\nstrictrtp=no\n",
    "extensions.conf": """
[office]
exten => _1[0-1]X,1,Dial(PJSIP/${{EXTEN}},60)
 same => n,GotoIf($["${{DIALSTATUS}}" = "BUSY"]?busy)
 same => n,Hangup(19)
 same => n(busy),Busy(1)
exten => 150,1,Hangup(17)
exten => 160,1,Answer()
 same => n,Wait(60)
exten => 170,1,Ringing()
 same => n,Wait(60)
exten => 199,1,Hangup(20)
""",
    "pjsip.conf": """
[global]
type=global
[udp]
type=transport
protocol=udp
bind=127.0.0.1:{port}
[extension](!)
type=endpoint
context=office
disallow=all
allow=ulaw
direct_media=no
dtmf_mode=rfc4733
rtp_symmetric=yes
allow_transfer={allow_transfer}
[anonymous](extension)
[password](!)
type=auth
auth_type=digest
[place](!)
type=aor
max_contacts=2
remove_existing=yes
""",
}
_EXTENSION = """
[{number}](extension)
auth={number}-auth
aors={number}
callerid="Extension {number}" <{number}>
[{number}-auth](password)
username={number}
password=secret-{number}
[{number}](place)
"""
_MODULES = """
res_sorcery_config res_sorcery_memory res_sorcery_astdb res_sorcery_memory_cache res_pjproject res_rtp_asterisk
res_pjsip res_pjsip_session res_pjsip_registrar res_pjsip_authenticator_digest res_pjsip_endpoint_identifier_user
res_pjsip_endpoint_identifier_ip
res_pjsip_endpoint_identifier_anonymous res_pjsip_sdp_rtp res_pjsip_rfc3326 res_pjsip_caller_id res_pjsip_dtmf_info
res_pjsip_refer res_pjsip_pubsub res_pjsip_nat res_pjsip_logger res_timing_timerfd bridge_simple bridge_softmix
bridge_builtin_features bridge_native_rtp bridge_holding codec_ulaw codec_alaw chan_pjsip pbx_config app_dial
app_echo app_playback func_callerid res_musiconhold format_pcm res_pjsip_outbound_authenticator_digest
app_verbose app_stack func_channel func_logic
"""


class Asterisk:
    """`with Asterisk(folder) as office:` and `office.address` is a registrar. `takes_refer=False` declines REFER;
    `also` is what an administrator adds: the name of a configuration file to lines at its end."""

    def __init__(
        self, folder: Path, *, takes_refer: bool = True, also: Mapping[str, str] | None = None
    ) -> None:
        self.port = _free_port()
        self.address = f"127.0.0.1:{self.port}"
        self._folder = folder / "asterisk"
        self._takes_refer = takes_refer
        self._also = dict(also or {})
        self.output: list[str] = []
        self._said = threading.Condition()

    @staticmethod
    def password(number: str) -> str:
        """What extension `number` registers with."""
        return f"secret-{number}"

    def __enter__(self) -> Asterisk:
        loader = next(ROOT.glob(_LOADER), None)
        if loader is None:
            pytest.skip(
                f"no Asterisk under {ROOT.name}/ in the cache: run ./install.sh test, or set ASTERISK_ROOT"
            )
        self._configure()
        command = [str(loader), "--library-path", str(_libraries()), f"{ROOT}/usr/sbin/asterisk"]
        self._process = subprocess.Popen(
            [*command, "-f", "-C", str(self._folder / "asterisk.conf")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.wait_for("Asterisk Ready")
        return self

    def _configure(self) -> None:
        for name in ("var", "run", "log"):
            (self._folder / name).mkdir(parents=True)
        rtp_port = _free_port() & ~1
        slots = {
            "folder": self._folder,
            "root": ROOT,
            "libraries": _libraries(),
            "port": self.port,
            "rtp_port": rtp_port,
            "rtp_end": rtp_port + 99,
            "allow_transfer": "yes" if self._takes_refer else "no",
            "modules": "\n".join(f"load={name}.so" for name in _MODULES.split()),
        }
        for name, text in _FILES.items():
            (self._folder / name).write_text(text.format(**slots), encoding="utf-8")
        with (self._folder / "pjsip.conf").open("a", encoding="utf-8") as file:
            for number in (BOX, *COLLEAGUES):
                file.write(_EXTENSION.format(number=number))
        for name, lines in self._also.items():
            with (self._folder / name).open("a", encoding="utf-8") as file:
                file.write(lines)

    def _read(self) -> None:
        for line in self._process.stdout or ():
            with self._said:
                self.output.append(line)
                self._said.notify_all()

    def wait_for(self, words: str, limit_s: float = 30.0) -> None:
        """Until it has said these words."""

        def found() -> bool:
            return any(words in line for line in self.output)

        with self._said:
            assert self._said.wait_for(found, limit_s), f"no {words!r}: " + "".join(self.output[-30:])

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(5)
        if self._process.stdout is not None:
            self._process.stdout.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _libraries() -> Path:
    return next(ROOT.glob(_LIBRARIES))


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
