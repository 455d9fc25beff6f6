"""Who does not want to be recorded is understood; who speaks of records or of a recording is not taken for it."""

from __future__ import annotations

import pytest

from appliance.conversation.recording_words import recording_words

WORDS = recording_words("en")


@pytest.mark.parametrize(
    "text",
    [
        "please don't record this", "don't record me", "do not record this call", "stop recording",
        "could you please stop recording this", "i don't want to be recorded", "i do not want this recorded",
        "i don't want you to record this conversation", "i'd rather not be recorded",
        "i would prefer you didn't record this", "i don't consent to being recorded",
        "i didn't agree to be recorded", "turn off the recording", "turn the recording off please",
        "can you switch off that recorder", "delete the recording", "no recording please",
        "please erase that recording",
        "i don't like being recorded", "off the record", "don't tape this", "never record me", "not recorded please",
        "i don't give you permission to record this call", "i don't want any of this recorded",
    ],
)  # fmt: skip
def test_withdrawals(text: str) -> None:
    assert WORDS.withdraws.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "i don't have a record of my appointment", "do you have my records", "i need a copy of my records",
        "my video recorder is broken", "i didn't get your recording", "no i have no record of that",
        "can you record a message for maria", "i heard a recording", "don't worry about the record player",
        "i don't know the record number", "please record that i called", "that was a recording",
        "i want a record of this", "i'd like to leave a recorded message", "not my medical records",
    ],
)  # fmt: skip
def test_no_withdrawals(text: str) -> None:
    assert not WORDS.withdraws.search(text)


@pytest.mark.parametrize(
    "text",
    ["are you recording this", "is this call recorded", "is this being recorded", "am i being recorded",
     "do you record calls", "is the call going to be recorded"],
)  # fmt: skip
def test_questions(text: str) -> None:
    assert WORDS.asks.search(text)
    assert not WORDS.withdraws.search(text)


def test_a_language_without_a_table_is_heard_as_english() -> None:
    assert recording_words("xx") is WORDS
