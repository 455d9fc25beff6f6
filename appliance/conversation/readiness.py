"""What the first caller would otherwise wait for: a language's patterns, compiled when the agent starts."""

from __future__ import annotations

from datetime import datetime

from appliance.conversation.assent import yes_or_no
from appliance.conversation.dates import when_heard
from appliance.conversation.durations import duration_heard
from appliance.conversation.emails import email_heard
from appliance.conversation.names import name_heard
from appliance.conversation.numbers import phone_heard

_SOME_WORDS = "one at two dot three"


def make_ready(language: str, region: str) -> None:
    """Read some words with every parser of `language`, some 50 ms; ConfigError when nothing is known of it."""
    when_heard(_SOME_WORDS, datetime.fromisoformat("2026-01-05T12:00"), language)
    phone_heard(_SOME_WORDS, region, "1", language)
    name_heard(_SOME_WORDS, (), language)
    yes_or_no(_SOME_WORDS, language)
    duration_heard(_SOME_WORDS, language)
    email_heard(_SOME_WORDS, "", language)
