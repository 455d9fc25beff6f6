"""What the menu by keys says for one business, word for word, so that all of it can be made into sound ahead."""

from __future__ import annotations

from typing import Final

from appliance.business import Business
from appliance.conversation.facts import spoken_hours
from appliance.conversation.key_menu import PHRASES, Offers
from appliance.conversation.phrases import Phrases
from appliance.domain.appointment import Message

_NUMBER_DIGITS: Final = 3  # an extension of the house is one


def menu_texts(business: Business, phrases: Phrases) -> dict[str, str]:
    """The text of each sound of the menu, by its name (key_menu.PHRASES)."""
    known = {"name": business.name, "hours": spoken_hours(business), "address": business.address}
    return {name: phrases.say(name, **known) for name in PHRASES}


def spoken_message(call_id: str, caller: str, from_ms: int, to_ms: int, phrases: Phrases) -> Message:
    """What the office finds in its inbox of a message that nobody could write down. One a call."""
    seconds, at = str(max(1, (to_ms - from_ms) // 1000)), str(from_ms // 1000)
    matter = phrases.say("menu_matter", seconds=seconds, at=at)
    return Message(f"{call_id}-spoken", call_id, "", _number(caller), matter)


def _number(caller: str) -> str:
    """The caller's number, where the telephone told one."""
    return caller if sum(map(str.isdigit, caller)) >= _NUMBER_DIGITS else ""


def offers_of(business: Business, fallback: str = "") -> Offers:
    """What the menu offers; `fallback` is the number that the settings name, else the operator's is taken."""
    return Offers(person=fallback or operator_number(business))


def operator_number(business: Business) -> str:
    """Where "a real person, please" leads when nobody can decide whom to try: the first telephone; or empty."""
    by_id = {entry.id: entry for entry in business.directory}
    wanted, seen = [business.connecting.operator], set[str]()
    while wanted:
        entry = by_id.get(one := wanted.pop(0))
        if entry is None or one in seen:
            continue
        seen.add(one)
        if entry.extension:
            return entry.extension
        wanted += entry.ring or ()
    return ""
