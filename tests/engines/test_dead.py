"""Engines that are not there say why at every turn."""

from __future__ import annotations

import pytest

from appliance.engines.dead import DeadRecogniser, DeadVoice
from appliance.errors import EngineFault, ModelMissing

FAULT = ModelMissing("voice: the file is broken.", remedy="Fetch it again.")


def test_nothing_is_heard_and_nothing_said() -> None:
    with pytest.raises(EngineFault, match="Fetch it again"):
        DeadRecogniser(FAULT).open()
    with pytest.raises(EngineFault, match="could not be loaded"):
        next(iter(DeadVoice(FAULT).speak("hello")))
