"""What callers say in a language: it loads, means what the product acts on, and an unknown language is refused."""

from __future__ import annotations

import re

import pytest

from appliance import settings
from appliance.business.callers import callers
from appliance.conversation.understand import Intent
from appliance.errors import ConfigError

LANGUAGES = [file.stem for file in settings.shipped("config/understanding").glob("*.toml")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_want_is_an_intent_with_sentences_enough(language):
    wants = callers(language).wants
    assert set(wants) <= set(Intent)
    assert all(len(sentences) >= 15 for sentences in wants.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_written_as_they_are_recognised(language):
    known = callers(language)
    every = [*known.wants.values(), *known.facts.values(), *known.foreign.values(), known.asks.sentences]
    odd = [one for sentences in every for one in sentences if not re.fullmatch(r"[a-z'{} ]+", one)]
    assert odd == []


def test_a_language_that_was_not_learnt_is_refused_with_those_that_were():
    with pytest.raises(ConfigError, match=r'"xx" is not understood\. There are: en'):
        callers("xx")
