"""Nobody speaks, or says nothing: the question once more, then how to answer by keys, then a message, then good-bye."""

from __future__ import annotations

from appliance.conversation.answers import is_backchannel
from appliance.conversation.desk import Desk
from appliance.conversation.keypad import offer_of_keys
from appliance.domain.call import TurnClass
from appliance.domain.commands import SessionCommand


class Silence:
    """How often in a row the caller was silent, or made only sounds of listening."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.count = 0
        self._sounds = 0
        self._has_heard_words = False

    def broken(self, text: str = "") -> None:
        """Somebody spoke, or pressed a key."""
        self.count = 0
        if not is_backchannel(text):
            self._sounds = 0
            self._has_heard_words = True

    def only_sounds(self) -> list[SessionCommand]:
        """ "Mm", "okay", where nothing was asked: what is wanted, then keys, then a message."""
        self._sounds += 1
        match self._sounds:
            case 1:
                return self._desk.say_phrase("anything_else" if self._has_heard_words else "how_help")
            case 2:
                return self._offer_keys()
            case _:
                return self._desk.offer_message("cannot_hear")

    def lasts(self) -> list[SessionCommand] | None:
        """What is done about it; None when nothing helped and the call is to be ended."""
        self.count += 1
        self._desk.mood.reprompted()
        self._desk.talk.speak_unasked()
        match self.count:
            case 1:
                return self._ask_once_more()
            case 2:
                return self._offer_keys()
            case 3 if not self._desk.course.takes_or_offers("message"):
                return self._desk.offer_message("cannot_hear")
            case _:
                return None

    def _ask_once_more(self) -> list[SessionCommand]:
        desk = self._desk
        if desk.flow is None:
            return desk.say_phrase("still_there")
        step = desk.flow.ask_again()
        return [*desk.say(step.say, TurnClass.FLOW, expectation=step.expectation), *desk.follow(step)]

    def _offer_keys(self) -> list[SessionCommand]:
        """Perhaps we cannot hear them: there is another way to answer, for most questions."""
        desk = self._desk
        expectation = desk.talk.expectation
        books = bool(desk.business.services)
        phrase = offer_of_keys(expectation, in_flow=desk.flow is not None, books=books)
        return desk.say_phrase(phrase, expectation=expectation)
