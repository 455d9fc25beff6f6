"""The sentences of one business in one language: the product's, with the business's own wording for some.

The tables stand in appliance.business.phrases; a phrase without braces is prepared as sound at start-up.
"""

from __future__ import annotations

from collections.abc import Mapping

from appliance.business.phrases import LANGUAGES, braces_of
from appliance.business.phrases_en import ENGLISH
from appliance.errors import ConfigError

__all__ = ["ENGLISH", "LANGUAGES", "Phrases"]


class Phrases:
    """The sentences of one business in one language."""

    def __init__(self, language: str = "en", own: Mapping[str, str] | None = None) -> None:
        self.language = language
        table = LANGUAGES.get(language)
        if table is None:
            raise ConfigError(
                f'language: "{language}" is not spoken yet.', remedy=f"Known are: {', '.join(LANGUAGES)}."
            )
        own = own or {}
        for name, text in own.items():
            _check(name, text, table)
        self._table = {**table, **own}

    def say(self, name: str, /, **slots: str) -> str:
        """The phrase called `name`, its slots filled."""
        return self._table[name].format(**slots)

    def wording(self, name: str) -> str:
        """The phrase called `name` as it stands, braces and all."""
        return self._table[name]

    def fixed(self) -> list[str]:
        """Every phrase that has no slots: what can be prepared as sound before anybody calls."""
        return [text for text in self._table.values() if not braces_of(text)]


def _check(name: str, text: str, table: Mapping[str, str]) -> None:
    if name not in table:
        raise ConfigError(
            f"phrases.{name}: no such phrase.", remedy=f"Known are: {', '.join(sorted(table))}."
        )
    try:
        unknown = braces_of(text) - braces_of(table[name])
    except ValueError as error:
        raise ConfigError(f"phrases.{name}: {error}.", remedy="Write {{ and }} for braces.") from error
    if unknown:
        allowed = ", ".join(sorted(braces_of(table[name]))) or "none"
        raise ConfigError(f"phrases.{name}: {{{min(unknown)}}} is not known there. Allowed: {allowed}.")
