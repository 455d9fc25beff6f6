"""Leaving what is under way: "never mind", "i don't want to book", and what was asked in the same breath."""

from __future__ import annotations

from typing import Final

from appliance.conversation.desk import Desk
from appliance.conversation.flows.sayings import sayings_of
from appliance.conversation.understand import Intent, Understanding
from appliance.conversation.wanted import flow_of
from appliance.domain.commands import SessionCommand

_WORDS_OF_LEAVING: Final = 6  # in free dictation only so short a sentence is no dictation


class Leaving:
    """Callers who want out of a flow, for one call."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._leaving = sayings_of(desk.business.language).leaves

    def wants_nothing(self, meant: Understanding, text: str) -> list[SessionCommand]:
        """ "I don't want to book" names a flow and wants none; nothing for other words."""
        if flow_of(meant) is None or not self._leaving.search(text.lower()):
            return []
        return self._desk.say_phrase("how_help")

    def is_wished(self, meant: Understanding, text: str) -> bool:
        """Whether the caller wants nothing of what is under way."""
        if self._desk.course.takes_anything and len(text.split()) > _WORDS_OF_LEAVING:
            return False
        return meant.intent is Intent.NEVER_MIND or bool(self._leaving.search(text.lower()))

    def leave(self, meant: Understanding, text: str) -> list[SessionCommand]:
        """Out of the flow; nothing is said when a question was asked with it: that is to be answered."""
        self._desk.course.drop()
        is_question = meant.intent is Intent.QUESTION and len(text.split()) > _WORDS_OF_LEAVING
        if is_question or meant.intent is Intent.FACT:
            return []
        return self._desk.say_phrase("flow_dropped")
