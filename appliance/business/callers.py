"""What callers of any office say in one language: a file in config/understanding, and nothing else makes a new one."""

from __future__ import annotations

from functools import cache

from appliance import configfile
from appliance.configfile import Strict
from appliance.errors import ConfigError
from appliance.settings import shipped

Sentences = tuple[str, ...]


class Asks(Strict):
    """Questions about a service that are no wish to book it."""

    sentences: Sentences
    """{service} stands for each service of the business in turn."""


class Callers(Strict):
    """One language's callers."""

    days: Sentences
    """{day} in a sentence stands for one of these."""
    wants: dict[str, Sentences]
    """Sentences for each intent that every office knows (conversation.understand.Intent)."""
    facts: dict[str, Sentences]
    """Sentences for facts that many businesses have, by the fact's id; with {service}, by the end of its id."""
    asks: Asks
    foreign: dict[str, Sentences]
    """What is no concern of an office, or no wish at all, by kind."""


@cache
def callers(language: str) -> Callers:
    """The callers who speak `language` (ISO 639-1); ConfigError when the product has not learnt it."""
    path = shipped(f"config/understanding/{language}.toml")
    if not path.is_file():
        known = sorted(file.stem for file in path.parent.glob("*.toml"))
        raise ConfigError(
            f'business: the language "{language}" is not understood.',
            remedy=f"There are: {', '.join(known)}; a language is added with a file in config/understanding.",
        )
    return configfile.read(path, Callers)
