"""The short way into pjsua2's vectors is right, and never writes past what was asked for."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.fakes.line_process import REPOSITORY

# pjsua2 is imported in a process of its own: it keeps threads and settings for as long as it lives.
_PROBE = """
import json
import pjsua2 as pj
from appliance.sip import vectors

content = bytes(range(256)) * 2
frame = pj.MediaFrame()
frame.size = 100
vectors.write(frame, content)
vectors._write_by_element(frame, content[:50])
print(json.dumps({
    "layout": vectors.layout_known(),
    "read": vectors.read(pj.ByteVector(content)) == content,
    "read_slowly": vectors._read_by_element(pj.ByteVector(content)) == content,
    "empty": vectors.read(pj.ByteVector()) == b"",
    "written_slowly": bytes(frame.buf) == content[:50],
    "cut": (vectors.write(frame, content), bytes(frame.buf) == content[:100])[1],
    "kind": frame.type == pj.PJMEDIA_FRAME_TYPE_AUDIO,
}))
"""


@pytest.mark.real
def test_bytes_come_and_go_unchanged_and_never_too_many() -> None:
    result = subprocess.run(
        [sys.executable, "-c", _PROBE], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert all(json.loads(result.stdout).values()), result.stdout
