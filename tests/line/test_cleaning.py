"""Whose frame goes on: the caller's own while we are silent, the cleaned one while we may be echoed."""

from __future__ import annotations

from appliance.domain.sound import FRAME_BYTES, SILENCE, ticks
from appliance.line.cleaning import ECHO_TAIL_MS, Cleaner
from appliance.settings import Audio
from tests.fakes.tones import tone

CALLER = tone(300, 20)
OURS = tone(500, 20)


def test_the_caller_passes_untouched_while_we_are_silent() -> None:
    cleaner = Cleaner(Audio())
    assert all(cleaner.clean(CALLER, SILENCE) is CALLER for _ in range(5))


def test_the_canceller_works_while_we_speak_and_until_the_echo_must_be_over() -> None:
    cleaner = Cleaner(Audio())
    assert cleaner.clean(CALLER, OURS) is not CALLER
    tail = [cleaner.clean(CALLER, SILENCE) for _ in range(ticks(ECHO_TAIL_MS) + 1)]
    assert tail[0] is not CALLER
    assert tail[-1] is CALLER


def test_switched_off_it_touches_nothing() -> None:
    cleaner = Cleaner(Audio(echo_cancellation=False))
    assert cleaner.clean(CALLER, OURS) is CALLER
    assert cleaner.erle_db == 0.0


def test_noise_suppression_keeps_the_length() -> None:
    assert len(Cleaner(Audio(noise_suppression=3)).clean(CALLER, SILENCE)) == FRAME_BYTES
