"""The first caller waits for nothing that could have been made ready."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from appliance.conversation.dates import when_heard
from appliance.conversation.languages import LANGUAGES
from appliance.conversation.readiness import make_ready
from appliance.errors import ConfigError

NINE = datetime.fromisoformat("2026-11-19T09:00")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_compiled_for_a_caller(language, monkeypatch):
    make_ready(language, "US")

    def compiled(*_: object) -> None:
        pytest.fail("a pattern was compiled in a call")

    monkeypatch.setattr(re, "compile", compiled)
    assert when_heard("24/12", NINE, language) is not None


def test_a_language_nobody_knows_is_refused_at_the_start():
    with pytest.raises(ConfigError):
        make_ready("xx", "US")
