"""A caller served by the keys of their telephone: what is played, recorded and dialled. Pure.

    menu -> (hours -> menu | tone, message -> good-bye | transfer -> gone, or back to the menu) -> good-bye

The agent plays it when nothing can be understood or said, the line process when there is no agent: every sound
is prepared, nothing is promised that needs more than a disk and a telephone. A caller without keys, or who
presses none, is asked for a message in the end. Time is ticks: `tick` is called once in each.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from appliance.domain.call import Disposition
from appliance.domain.sound import ticks

TONE: Final = "tone"
"""The name of the sound that says: speak now. It has no words."""
KEY_WAIT_TICKS: Final = ticks(5000)
"""So long after the menu somebody may look for the key."""
MENUS_MAX: Final = 2
"""So often the menu is said to somebody who presses nothing; then a message is asked for."""
PAUSE_MAX_TICKS: Final = ticks(5000)
"""A message with such a pause in it is over."""
FIRST_WORD_TICKS: Final = ticks(8000)
"""Who has not begun to speak by then does not."""
MESSAGE_MAX_TICKS: Final = ticks(180_000)
VOICE_MIN_TICKS: Final = ticks(400)
"""Less sound than this is no message: a click, a breath."""
TRIES_MAX: Final = 2
"""So often a caller may record nothing."""
DONE: Final = "#"
AGAIN: Final = "*"


@dataclass(frozen=True, slots=True)
class Offers:
    """What can be had: opening hours told, a message recorded, and the number of a person (empty: nobody)."""

    hours: bool = True
    message: bool = True
    person: str = ""


# --- what is to be done -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Play:
    """Drop what is being played and play these sounds, by name, one after the other."""

    sounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """Keep what is heard from now on."""


@dataclass(frozen=True, slots=True)
class StopRecording:
    """That was all; `keep` is false when nobody said anything. Times are ticks of the call."""

    keep: bool
    from_tick: int
    to_tick: int


@dataclass(frozen=True, slots=True)
class PutThrough:
    """Hand the caller to `to` (REFER); `transferred` wants to know what came of it."""

    to: str


@dataclass(frozen=True, slots=True)
class End:
    """Hang up when everything has been played."""


MenuStep = Play | Record | StopRecording | PutThrough | End


class _At(Enum):
    MENU = auto()
    ASKING = auto()  # for a message, until the tone is over
    RECORDING = auto()
    GOING = auto()  # to be put through, when they have heard so
    TRANSFERRING = auto()
    OVER = auto()


class KeyMenu:
    """One caller. `resumed`: they were in a call already and have heard a greeting."""

    def __init__(self, offers: Offers, *, resumed: bool = False) -> None:
        self._offers = offers
        self._resumed = resumed
        self._at = _At.MENU
        self._tick = 0
        self._waited_ticks = 0
        self._menus = 0
        self._tries = 0
        self._from_tick = 0
        self._voice_ticks = 0
        self._pause_ticks = 0
        self.outcome = Disposition.ABANDONED

    @property
    def is_busy(self) -> bool:
        """Whether it would be rude to take the caller away: they dictate, or are being put through."""
        return self._at is not _At.MENU

    def begin(self, tick: int = 0) -> list[MenuStep]:
        """The call is ours from `tick` on."""
        self._tick = tick
        return self._menu("menu_instead" if self._resumed else "menu_welcome")

    # --- keys -----------------------------------------------------------------------------------

    def press(self, digit: str) -> list[MenuStep]:
        """A key: it cuts off whatever is played."""
        match self._at:
            case _At.RECORDING:
                return self._recorded()
            case _At.ASKING if digit == DONE:
                return self._start_recording()
            case _At.MENU | _At.ASKING:
                return self._chosen(digit)
            case _:
                return []

    def _chosen(self, digit: str) -> list[MenuStep]:
        self._menus = 0
        offers = self._offers
        if digit == "1" and offers.hours:
            self.outcome = Disposition.ANSWERED
            return self._menu("menu_hours")
        if digit == "2" and offers.message:
            return self._ask_message()
        if digit in {"3", "0"} and offers.person:
            self._at = _At.GOING
            return [Play(("menu_person",))]
        return self._menu() if digit == AGAIN else self._menu("menu_no_such_key")

    def _menu(self, *first: str) -> list[MenuStep]:
        self._at = _At.MENU
        self._waited_ticks = 0
        self._menus += 1
        return [Play((*first, *self._choices()))]

    def _choices(self) -> list[str]:
        offers = self._offers
        offered = (
            ("menu_offer_hours", offers.hours),
            ("menu_offer_message", offers.message),
            ("menu_offer_person", bool(offers.person)),
        )
        return [*(name for name, is_offered in offered if is_offered), "menu_offer_again"]

    # --- time -----------------------------------------------------------------------------------

    def tick(self, tick: int, *, plays: bool, voice: bool) -> list[MenuStep]:
        """Tick `tick` went by; `plays`: something of ours is heard or still to be, `voice`: the caller makes sound."""
        self._tick = tick
        match self._at:
            case _At.MENU if not plays:
                self._waited_ticks += 1
                return self._no_key() if self._waited_ticks >= KEY_WAIT_TICKS else []
            case _At.ASKING if not plays:
                return self._start_recording()
            case _At.GOING if not plays:
                self._at = _At.TRANSFERRING
                return [PutThrough(self._offers.person)]
            case _At.RECORDING:
                return self._listen(voice=voice)
            case _:
                return []

    def _no_key(self) -> list[MenuStep]:
        if self._menus < MENUS_MAX:
            return self._menu()
        return self._ask_message() if self._offers.message else self._end("menu_goodbye")

    # --- a message ------------------------------------------------------------------------------

    def _ask_message(self, *first: str) -> list[MenuStep]:
        self._at = _At.ASKING
        self._tries += 1
        return [Play((*first, "menu_record", TONE))]

    def _start_recording(self) -> list[MenuStep]:
        self._at = _At.RECORDING
        self._from_tick = self._tick
        self._voice_ticks = self._pause_ticks = 0
        return [Record()]

    def _listen(self, *, voice: bool) -> list[MenuStep]:
        self._voice_ticks += voice
        self._pause_ticks = 0 if voice else self._pause_ticks + 1
        longest_pause = PAUSE_MAX_TICKS if self._voice_ticks >= VOICE_MIN_TICKS else FIRST_WORD_TICKS
        too_long = self._tick - self._from_tick >= MESSAGE_MAX_TICKS
        return self._recorded() if too_long or self._pause_ticks >= longest_pause else []

    def _recorded(self) -> list[MenuStep]:
        stopped = self._stop_recording()
        if stopped.keep:
            return [stopped, *self._end("menu_recorded")]
        if self._tries < TRIES_MAX:
            return [stopped, *self._ask_message("menu_not_recorded")]
        return [stopped, *self._end("menu_not_recorded", "menu_goodbye")]

    def _stop_recording(self) -> StopRecording:
        keep = self._voice_ticks >= VOICE_MIN_TICKS
        if keep:
            self.outcome = Disposition.MESSAGE
        return StopRecording(keep, self._from_tick, self._tick)

    # --- a person, and the end ------------------------------------------------------------------

    def transferred(self, status: int, *, final: bool) -> list[MenuStep]:
        """The phone system's word on the transfer: 2xx and the caller is with somebody else."""
        if self._at is not _At.TRANSFERRING or not final:
            return []
        if status < 300:
            self.outcome = Disposition.TRANSFERRED
            self._at = _At.OVER
            return [End()]
        return self._menu("menu_nobody")

    def hung_up(self) -> list[MenuStep]:
        """The caller is gone; a message under way is kept as far as it came."""
        recording, self._at = self._at is _At.RECORDING, _At.OVER
        return [self._stop_recording()] if recording else []

    def _end(self, *sounds: str) -> list[MenuStep]:
        self._at = _At.OVER
        return [Play(sounds), End()]


PHRASES: Final = (
    "menu_welcome",
    "menu_instead",
    "menu_offer_hours",
    "menu_offer_message",
    "menu_offer_person",
    "menu_offer_again",
    "menu_hours",
    "menu_record",
    "menu_recorded",
    "menu_not_recorded",
    "menu_person",
    "menu_nobody",
    "menu_no_such_key",
    "menu_goodbye",
)
"""Every sound of the menu with words, each by the phrase of the same name."""
