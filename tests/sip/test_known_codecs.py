"""The codecs of the SIP library that is installed here; it is once a process, so it has one of its own."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from appliance.settings import Codec


@pytest.mark.real
def test_the_library_has_every_codec_that_settings_may_name():
    done = subprocess.run(
        [sys.executable, "-m", "appliance.sip.known_codecs"], capture_output=True, text=True, check=True
    )
    assert {codec.value for codec in Codec} <= set(json.loads(done.stdout))
