"""Plays for the menu by keys: what the caller does, then what must be played, recorded and dialled."""

from __future__ import annotations

import pytest

from appliance.conversation import key_menu as km
from appliance.conversation.key_menu import End, KeyMenu, Offers, Play, PutThrough, Record, StopRecording
from appliance.domain.call import Disposition

CHOICES = ("menu_offer_hours", "menu_offer_message", "menu_offer_person", "menu_offer_again")
ASK = Play(("menu_record", km.TONE))


class Caller:
    """Somebody at their telephone; time goes on by ticks."""

    def __init__(self, offers: Offers, *, resumed: bool = False) -> None:
        self.menu = KeyMenu(offers, resumed=resumed)
        self.at = 100
        self.heard = self.menu.begin(self.at)

    def listens(self, count: int = 1) -> list[km.MenuStep]:
        return self._ticks(count, plays=True, voice=False)

    def says_nothing(self, count: int) -> list[km.MenuStep]:
        return self._ticks(count, plays=False, voice=False)

    def speaks(self, count: int) -> list[km.MenuStep]:
        return self._ticks(count, plays=False, voice=True)

    def _ticks(self, count: int, *, plays: bool, voice: bool) -> list[km.MenuStep]:
        done: list[km.MenuStep] = []
        for _ in range(count):
            self.at += 1
            done += self.menu.tick(self.at, plays=plays, voice=voice)
        return done


@pytest.fixture
def caller() -> Caller:
    """A new caller of an office that has a person to speak to."""
    return Caller(Offers(person="101"))


def test_a_new_caller_is_welcomed_and_one_in_a_call_is_told_what_changed(caller: Caller) -> None:
    assert caller.heard == [Play(("menu_welcome", *CHOICES))]
    assert Caller(Offers(person="101"), resumed=True).heard == [Play(("menu_instead", *CHOICES))]


def test_only_what_can_be_had_is_offered() -> None:
    assert Caller(Offers()).heard == [
        Play(("menu_welcome", "menu_offer_hours", "menu_offer_message", "menu_offer_again"))
    ]
    nobody = Caller(Offers())
    assert nobody.menu.press("3")[0] == Play(
        ("menu_no_such_key", "menu_offer_hours", "menu_offer_message", "menu_offer_again")
    )


def test_the_hours_are_told_and_the_menu_again(caller: Caller) -> None:
    assert caller.menu.press("1") == [Play(("menu_hours", *CHOICES))]
    assert caller.menu.outcome is Disposition.ANSWERED


def test_star_repeats(caller: Caller) -> None:
    assert caller.menu.press("*") == [Play(CHOICES)]


def test_a_message_from_tone_to_good_bye(caller: Caller) -> None:
    assert caller.menu.press("2") == [ASK]
    assert caller.listens(200) == []
    assert caller.says_nothing(1) == [Record()]
    began = caller.at
    assert caller.speaks(300) == []
    assert caller.menu.press("#") == [
        StopRecording(True, began, caller.at),
        Play(("menu_recorded",)),
        End(),
    ]
    assert caller.menu.outcome is Disposition.MESSAGE
    assert caller.menu.press("1") == []


def test_a_message_ends_with_a_pause_and_a_breath_does_not_end_it(caller: Caller) -> None:
    caller.menu.press("2")
    caller.says_nothing(1)
    caller.speaks(100)
    assert caller.says_nothing(km.PAUSE_MAX_TICKS - 1) == []
    caller.speaks(1)
    assert isinstance(caller.says_nothing(km.PAUSE_MAX_TICKS)[0], StopRecording)


def test_who_says_nothing_is_asked_once_more(caller: Caller) -> None:
    caller.menu.press("2")
    caller.says_nothing(1)
    first = caller.says_nothing(km.FIRST_WORD_TICKS)
    assert first[1:] == [Play(("menu_not_recorded", "menu_record", km.TONE))]
    assert first[0] == StopRecording(False, caller.at - km.FIRST_WORD_TICKS, caller.at)
    caller.says_nothing(1)
    assert caller.says_nothing(km.FIRST_WORD_TICKS)[1:] == [
        Play(("menu_not_recorded", "menu_goodbye")),
        End(),
    ]
    assert caller.menu.outcome is Disposition.ABANDONED


def test_nobody_talks_for_ever(caller: Caller) -> None:
    caller.menu.press("2")
    caller.says_nothing(1)
    assert End() in caller.speaks(km.MESSAGE_MAX_TICKS)


def test_hanging_up_in_the_middle_keeps_the_message(caller: Caller) -> None:
    caller.menu.press("2")
    caller.says_nothing(1)
    began = caller.at
    caller.speaks(100)
    assert caller.menu.hung_up() == [StopRecording(True, began, caller.at)]
    assert caller.menu.outcome is Disposition.MESSAGE


def test_hanging_up_elsewhere_keeps_nothing(caller: Caller) -> None:
    assert caller.menu.hung_up() == []


@pytest.mark.parametrize("key", ["3", "0"])
def test_a_person_by_transfer(caller: Caller, key: str) -> None:
    assert caller.menu.press(key) == [Play(("menu_person",))]
    assert caller.listens(50) == []
    assert caller.says_nothing(2) == [PutThrough("101")]
    assert caller.menu.is_busy
    assert caller.menu.transferred(100, final=False) == []
    assert caller.menu.transferred(200, final=True) == [End()]
    assert caller.menu.outcome is Disposition.TRANSFERRED


def test_nobody_takes_the_call_and_the_menu_is_back(caller: Caller) -> None:
    caller.menu.press("3")
    caller.says_nothing(1)
    assert caller.menu.transferred(486, final=True) == [Play(("menu_nobody", *CHOICES))]
    assert not caller.menu.is_busy
    assert caller.menu.press("2") == [ASK]


def test_who_presses_nothing_is_asked_for_a_message(caller: Caller) -> None:
    assert caller.listens(1000) == []
    assert caller.says_nothing(km.KEY_WAIT_TICKS) == [Play(CHOICES)]
    assert caller.says_nothing(km.KEY_WAIT_TICKS) == [ASK]


def test_without_messages_the_call_ends_politely() -> None:
    caller = Caller(Offers(message=False))
    caller.says_nothing(km.KEY_WAIT_TICKS)
    assert caller.says_nothing(km.KEY_WAIT_TICKS) == [Play(("menu_goodbye",)), End()]


def test_a_key_after_the_prompt_goes_elsewhere_and_pound_skips_the_rest_of_it(caller: Caller) -> None:
    caller.menu.press("2")
    assert caller.menu.press("1") == [Play(("menu_hours", *CHOICES))]
    caller.menu.press("2")
    assert caller.menu.press("#") == [Record()]
