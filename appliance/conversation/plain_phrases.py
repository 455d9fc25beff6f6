"""One call's phrases: as the business words them, or plainly, once the caller has lost the thread or all patience."""

from __future__ import annotations

from typing import Any, Final

from appliance.business.phrases import LANGUAGES
from appliance.conversation.phrases import Phrases

_PLAIN: Final = "_plain"


class PlainPhrases(Phrases):
    """`phrases`, which all calls share, with a switch of this call's own: `plainly`.

    A phrase that the business words itself stands, unless the business has plain words for it too.
    """

    def __init__(self, phrases: Phrases) -> None:
        self.language = phrases.language
        self.plainly = False
        self._phrases = phrases
        self._plain = _plain_of(phrases)

    def __deepcopy__(self, memo: dict[int, Any]) -> PlainPhrases:
        twin = object.__new__(PlainPhrases)
        twin.__dict__.update(self.__dict__)  # the switch is the twin's own, the tables are shared
        return twin

    def say(self, name: str, /, **slots: str) -> str:
        """The phrase called `name`, its slots filled."""
        return self.wording(name).format(**slots)

    def wording(self, name: str) -> str:
        """The phrase called `name` as it stands now, braces and all."""
        return self._phrases.wording(self._plain.get(name, name) if self.plainly else name)

    def fixed(self) -> list[str]:
        """Every phrase that has no slots, the plain ones among them."""
        return self._phrases.fixed()


def _plain_of(phrases: Phrases) -> dict[str, str]:
    """Which phrases have a plain one that may stand for them."""
    product = LANGUAGES[phrases.language]
    names = [name for name in product if f"{name}{_PLAIN}" in product]
    return {name: f"{name}{_PLAIN}" for name in names if _may_be_plain(name, phrases)}


def _may_be_plain(name: str, phrases: Phrases) -> bool:
    product = LANGUAGES[phrases.language]
    is_own = phrases.wording(name) != product[name]
    plain = f"{name}{_PLAIN}"
    return not is_own or phrases.wording(plain) != product[plain]
