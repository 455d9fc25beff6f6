"""A room without walls: a PipeWire of its own with a microphone to play recordings to and a loudspeaker to listen at.

No sound card, and nothing of the machine's own PipeWire or session bus: everything lies in a folder of the test.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import soundfile
import soxr

from appliance.domain.sound import SAMPLE_RATE_HZ
from tests.fakes.waiting import wait_for

NEEDED = ("dbus-daemon", "pipewire", "wireplumber", "pw-cat", "pw-link")
_NULL_DEVICES = """
context.objects = [
  { factory = adapter args = { factory.name = support.null-audio-sink node.name = ears
      media.class = Audio/Source/Virtual audio.position = [ MONO ] } }
  { factory = adapter args = { factory.name = support.null-audio-sink node.name = mouth
      media.class = Audio/Sink audio.position = [ MONO ] } }
]
"""


def missing() -> list[str]:
    """The programs that this machine lacks for a room."""
    return [name for name in NEEDED if shutil.which(name) is None]


class SoundRoom:
    """`environment` is for whoever listens and speaks in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._run = folder / "run"
        self.environment = {
            **{
                name: value for name, value in os.environ.items() if not name.startswith(("PIPEWIRE", "DBUS"))
            },
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self._run}/bus",  # WirePlumber does not start without one
            "XDG_RUNTIME_DIR": str(self._run),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_STATE_HOME": str(folder / "state"),
        }
        self._children: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        drop_in = self._folder / "config" / "pipewire" / "pipewire.conf.d"
        drop_in.mkdir(parents=True)
        (drop_in / "null.conf").write_text(_NULL_DEVICES)
        self._run.mkdir(mode=0o700)
        self._start("dbus-daemon", "--session", "--nofork", f"--address=unix:path={self._run}/bus")
        wait_for((self._run / "bus").exists, "a bus")
        self._start("pipewire")
        wait_for((self._run / "pipewire-0").exists, "PipeWire")
        self._start("wireplumber")
        wait_for(lambda: {"ears:input_MONO", "mouth:playback_MONO"} <= self._ports("-i"), "its null devices")
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        for child in reversed(self._children):
            child.terminate()
        for child in self._children:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait(10)

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._children.append(child)
        return child

    def _ports(self, way: str) -> set[str]:
        told = subprocess.run(
            ["pw-link", way], env=self.environment, capture_output=True, text=True, check=False
        )
        return set(told.stdout.split("\n"))

    def echo(self) -> None:
        """What the loudspeaker says is heard by the microphone from now on."""
        self._link("mouth:monitor_MONO", "ears:input_MONO")

    def _link(self, one: str, other: str) -> None:
        subprocess.run(["pw-link", one, other], env=self.environment, check=True, timeout=30)

    def is_heard(self) -> bool:
        """Whether somebody listens to the microphone."""
        told = subprocess.run(
            ["pw-link", "-l"], env=self.environment, capture_output=True, text=True, check=False
        )
        return any("ears:capture" in line and "|" in line for line in told.stdout.splitlines())

    def say(self, recording: Path) -> None:
        """Play a recording to the microphone, to its end. Linked by hand: only loudspeakers are by themselves."""
        player = self._start("pw-cat", "-p", "--target", "0", str(recording))
        wait_for(lambda: "pw-cat:output_MONO" in self._ports("-o"), "the player")
        self._link("pw-cat:output_MONO", "ears:input_MONO")
        assert player.wait(120) == 0

    @contextlib.contextmanager
    def listening(self, recording: Path) -> Iterator[None]:
        """Record what the loudspeaker says meanwhile."""
        tap = "{ stream.capture.sink = true node.target = mouth }"
        child = self._start("pw-cat", "-r", "--format", "s16", "--channels", "1", "-P", tap, str(recording))
        wait_for(lambda: recording.exists() and self._is_tapped(), "the recorder")
        try:
            yield
        finally:
            child.terminate()
            child.wait(10)

    def _is_tapped(self) -> bool:
        return any("pw-cat:input" in line for line in self._ports("-i"))


def sound_of(recording: Path) -> bytes:
    """16 kHz mono int16 samples of a recording, also of one that is still being written."""
    samples, rate_hz = soundfile.read(recording, dtype="int16")
    return bytes(soxr.resample(samples, rate_hz, SAMPLE_RATE_HZ).astype("<i2").tobytes())
