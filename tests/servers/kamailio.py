"""A real Kamailio 5.6 (Debian package `kamailio`) on a free port: registrar with digest, and proxy.

No database: one user with a known password, bindings in memory. Ends with the test that started it.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
from pathlib import Path

import pytest

USER, PASSWORD, REALM = "attendant", "correct horse battery", "office.test"

_CONFIG = """
debug=1
log_stderror=yes
children=1
auto_aliases=no
disable_tcp=yes
alias="127.0.0.1:{port}"
listen=udp:127.0.0.1:{port}
loadmodule "pv.so"
loadmodule "tm.so"
loadmodule "tmx.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
modparam("usrloc", "db_mode", 0)
modparam("rr", "enable_full_lr", 1)

request_route {{
    if (!mf_process_maxfwd_header("10")) {{ sl_send_reply("483", "Too Many Hops"); exit; }}
    if (has_totag()) {{
        if (loose_route()) {{ t_relay(); exit; }}
        if (is_method("ACK")) {{ if (t_check_trans()) {{ t_relay(); }} exit; }}
        sl_send_reply("404", "Not here"); exit;
    }}
    if (is_method("CANCEL")) {{ if (t_check_trans()) {{ t_relay(); }} exit; }}
    if (is_method("REGISTER")) {{
        if (!pv_www_authenticate("{realm}", "{password}", "0")) {{
            www_challenge("{realm}", "1"); exit;
        }}
        if ($au != "{user}") {{ sl_send_reply("403", "Forbidden"); exit; }}
        save("location"); exit;
    }}
    if (is_method("INVITE")) {{
        record_route();
        if (!lookup("location")) {{ sl_send_reply("404", "Not Found"); exit; }}
        t_relay(); exit;
    }}
    sl_send_reply("200", "OK");
}}
"""


class Kamailio:
    """`with Kamailio(folder) as office:` and `office.address` is a registrar."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.port = port or _free_port()
        self.address = f"127.0.0.1:{self.port}"
        self._folder = folder
        self._config = folder / "kamailio.cfg"
        self._config.write_text(
            _CONFIG.format(port=self.port, realm=REALM, user=USER, password=PASSWORD), encoding="utf-8"
        )
        self.output: list[str] = []

    def __enter__(self) -> Kamailio:
        program = shutil.which("kamailio") or "/usr/sbin/kamailio"
        if not Path(program).exists():
            pytest.skip("kamailio is not installed: apt-get install kamailio")
        command = [program, "-DD", "-E", "-f", str(self._config), "-m", "64", "-M", "8"]
        command += ["-Y", str(self._folder), "-P", str(self._folder / "kamailio.pid")]
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._wait_ready()
        return self

    def _read(self) -> None:
        for line in self._process.stderr or ():
            self.output.append(line)

    def _wait_ready(self) -> None:
        """Until it answers an OPTIONS."""
        options = (
            f"OPTIONS sip:{self.address} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKup;rport\r\n"
            f"From: <sip:up@127.0.0.1>;tag=1\r\nTo: <sip:{self.address}>\r\nCall-ID: up\r\n"
            "CSeq: 1 OPTIONS\r\nMax-Forwards: 9\r\nContent-Length: 0\r\n\r\n"
        ).encode()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.connect(("127.0.0.1", self.port))
            sock.settimeout(0.2)
            for _ in range(100):
                try:
                    sock.send(options)
                    sock.recv(65_536)
                except (TimeoutError, ConnectionRefusedError):
                    assert self._process.poll() is None, "".join(self.output[-20:])
                    threading.Event().wait(0.1)
                else:
                    return
        raise AssertionError("kamailio does not answer: " + "".join(self.output[-20:]))

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(5)
        if self._process.stderr is not None:
            self._process.stderr.close()


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
