"""The sounds of the menu by keys, as the fake voice says their names: a test can read what was played."""

from __future__ import annotations

from typing import Final

from appliance.conversation.key_menu import PHRASES, TONE, Offers
from appliance.domain.sound import FRAME_BYTES
from appliance.line.tap import CallTap
from tests.fakes.voice import FakeVoice, spell

NAMES: Final = (*PHRASES, TONE, "one_moment", "call_again")
MENU: Final = ({name: b"".join(FakeVoice().speak(name)) for name in NAMES}, Offers(person="101"))


def names_in(pcm: bytes) -> list[str]:
    """The sounds that follow one another in `pcm`."""
    frames = (pcm[at : at + FRAME_BYTES] for at in range(0, len(pcm), FRAME_BYTES))
    return [name for frame in frames if (name := spell(frame))]


def spoken(tap: CallTap, ticks: int = 34) -> list[str]:
    """What a caller hears in the next ticks."""
    return names_in(b"".join(tap.next_spoken() for _ in range(ticks)))
