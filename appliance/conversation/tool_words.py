"""What the language model is told of tools, one table a language. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ToolWords:
    """Braces are filled in. `rule` stands before the lines of tools, `line` is one of them, `example` a question."""

    rule: str
    line: str
    example: str
    came: str
    """What a tool answered, behind the question that is put once more."""
    told: str
    """What was asked and answered as one sentence of the business: the guard holds the model to it."""
    part: str
    between: str
    yes: str
    no: str
    stemmer: str
    """What brings words to their stems (`stems`)."""
    silent: frozenset[str]
    """Words of an argument that nobody need have said."""


_ENGLISH: Final = ToolWords(
    rule="Some things you can look up. For these, say only the line that looks it up, with what the caller said:\n",
    line="- {description} {use}\n",
    example="\nCaller: {asked}\nYou: {use}",
    came="\nYou looked it up: {came}\nAnswer the caller with it in one short sentence.",
    told="The {parts}.",
    part="{name} is {value}",
    between=", the ",
    yes="yes",
    no="no",
    stemmer="english",
    silent=frozenset({"a", "an", "the", "of", "for", "my", "your"}),
)
_LANGUAGES: Final[Mapping[str, ToolWords]] = {"en": _ENGLISH}


def tool_words(language: str) -> ToolWords | None:
    """The table of a language; None where the model has no words for tools: then it has no tools."""
    return _LANGUAGES.get(language)
