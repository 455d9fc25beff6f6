"""The tools that the language model may use: what it is told of them, and what of its wishes is granted. Pure.

The model proposes a use (`order_status {"order": "4711"}`); it is granted when the tool is one of its own, the
schema takes the arguments, and the caller said every one of them. What the tool answers becomes plain statements,
which ground what the model composes of it (guard).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from appliance.business import Business, Tool
from appliance.business.schemas import Schema
from appliance.business.tools import parameters_of
from appliance.conversation.digits import reader_of, runs_of_digits, without_accents
from appliance.conversation.stems import stem_of
from appliance.conversation.tool_words import ToolWords, tool_words
from appliance.conversation.tools import Scalar, Values, arguments_of
from appliance.domain.commands import TOOL_MARK, ToolSchema

_WORD: Final = re.compile(r"\d+|[^\W\d_]+(?:'[^\W\d_]+)*")
UNKNOWN: Final = "tool unknown"
UNFIT: Final = "tool argument unfit"
UNSAID: Final = "tool argument unsaid"


@dataclass(frozen=True, slots=True)
class Wish:
    """The use of a tool that is granted, or why it is not (`refused`, a kind and never the caller's words)."""

    tool: str = ""
    arguments: Values = ()
    refused: str = ""


def tools_for_model(business: Business) -> tuple[Tool, ...]:
    """The tools of a business that its model may use; none in a language without words for it."""
    if tool_words(business.language) is None:
        return ()
    return tuple(tool for tool in business.tools if tool.model)


def schemas(business: Business) -> tuple[ToolSchema, ...]:
    """What the mind is handed to hold the model to: the arguments of each tool."""
    return tuple((tool.name, json.dumps(tool.takes)) for tool in tools_for_model(business))


# --- what the model is told ---------------------------------------------------------------------


def rules(business: Business) -> str:
    """What it can look up, a line each; empty for a business without such tools."""
    words, tools = tool_words(business.language), tools_for_model(business)
    if words is None or not tools:
        return ""
    return words.rule + "".join(
        words.line.format(description=tool.description, use=_blank(tool)) for tool in tools
    )


def examples(business: Business) -> str:
    """Questions that callers ask, each with the line that looks it up."""
    words = tool_words(business.language)
    if words is None:
        return ""
    return "".join(
        words.example.format(asked=one.asked, use=use_of(tool.name, one.give))
        for tool in tools_for_model(business)
        for one in tool.examples
    )


def use_of(name: str, arguments: object) -> str:
    """A use as the model writes it."""
    return f"{TOOL_MARK}{name} {json.dumps(arguments, ensure_ascii=False)}"


def _blank(tool: Tool) -> str:
    return use_of(tool.name, dict.fromkeys(parameters_of(tool.takes), "..."))


def question_in_figures(question: str, language: str) -> str:
    """The question with dictated digits in one piece: "order four seven one one" -> "order 4711".

    That is how a model reads them. One without a number stays as it is, with its capitals.
    """
    if not any(len(run) > 1 for run in runs_of_digits(question, language)):
        return question
    pieces: list[str] = []
    among_digits = False
    for digits, word in reader_of(language).groups(question):
        if digits and among_digits:
            pieces[-1] += digits
        else:
            pieces.append(digits or word)
        among_digits = bool(digits)
    return " ".join(pieces)


# --- what it may do -----------------------------------------------------------------------------


def granted(text: str, business: Business, said: Sequence[str]) -> Wish:
    """What becomes of the use that the model proposes; `said` is all that the caller said lately.

    An argument that nobody said is left out where the schema lets it be, and otherwise refuses the whole.
    """
    name, _, written = text.strip().partition(" ")
    tool = next((one for one in tools_for_model(business) if one.name == name), None)
    if tool is None:
        return Wish(refused=UNKNOWN)
    proposed = _scalars(written)
    if proposed is None:
        return Wish(name, refused=UNFIT)
    heard = _Heard(said, business.language)
    kept = {key: value for key, value in proposed.items() if heard.holds(value, _schema(tool, key))}
    arguments = arguments_of(tool, kept)
    if arguments is not None:
        return Wish(name, arguments)
    return Wish(name, refused=UNFIT if len(kept) == len(proposed) else UNSAID)


def missing(wish: Wish, business: Business) -> str:
    """What the caller would have to say for it, as the schema describes it; empty where it does not."""
    tool = business.tool(wish.tool)
    required: Sequence[str] = tool.takes.get("required", ()) if tool is not None else ()
    described = [str(_schema(tool, name).get("description", "")) for name in required] if tool else []
    return described[0] if len(described) == 1 else ""


def _scalars(written: str) -> dict[str, Scalar] | None:
    try:
        proposed = json.loads(written)
    except (ValueError, RecursionError):
        return None
    if not isinstance(proposed, dict) or not all(isinstance(one, Scalar) for one in proposed.values()):
        return None
    return proposed


def _schema(tool: Tool, parameter: str) -> Schema:
    return parameters_of(tool.takes).get(parameter, {})


class _Heard:
    """What a caller said, to look arguments up in."""

    def __init__(self, said: Sequence[str], language: str) -> None:
        words = tool_words(language)
        assert words is not None  # noqa: S101  without words there are no tools
        self._words = words
        self._runs = {run for one in said for run in runs_of_digits(one, language)}
        self._stems = {self._stem(word) for one in said for word in _WORD.findall(without_accents(one))}

    def holds(self, value: Scalar, schema: Schema) -> bool:
        """Whether `value` was said: each number as one, each word by its stem; of a choice what tells it apart."""
        parts = self._parts(value)
        choices = [self._parts(one) for one in schema.get("enum", ())]
        if len(choices) > 1:
            shared = choices[0].intersection(*choices[1:])
            return any(self._has(one) for one in parts - shared)
        return bool(parts) and all(self._has(one) for one in parts)

    def _parts(self, value: object) -> set[str]:
        return set(_WORD.findall(without_accents(str(value)))) - self._words.silent

    def _has(self, part: str) -> bool:
        return part in self._runs if part.isdecimal() else self._stem(part) in self._stems

    def _stem(self, word: str) -> str:
        return stem_of(word.removesuffix("'s"), self._words.stemmer)


# --- what came of it ----------------------------------------------------------------------------


def statement(tool: Tool, arguments: Values, result: Values, language: str) -> str:
    """What was asked and answered, in one sentence: what the model may speak of, and of nothing else."""
    words = tool_words(language)
    assert words is not None  # noqa: S101  without words there are no tools
    described = {**parameters_of(tool.takes), **parameters_of(tool.gives)}
    parts = (
        words.part.format(name=_called(name, described), value=_spoken(value, words))
        for name, value in (*arguments, *result)
    )
    return words.told.format(parts=words.between.join(parts))


def came(told: str, language: str) -> str:
    """What is put behind the question when the tool has answered."""
    words = tool_words(language)
    assert words is not None  # noqa: S101  without words there are no tools
    return words.came.format(came=told)


def told_by_business(tool: Tool, arguments: Values, result: Values, language: str) -> str:
    """What the business says of an answer (`says`); empty when it leaves that to the model, or a part is missing."""
    words = tool_words(language)
    assert words is not None  # noqa: S101  without words there are no tools
    values = {name: _spoken(value, words) for name, value in (*arguments, *result)}
    try:
        return tool.says.format(**values)
    except KeyError:
        return ""


def _called(name: str, described: Mapping[str, Schema]) -> str:
    return str(described.get(name, {}).get("title", "")) or name.replace("_", " ")


def _spoken(value: Scalar, words: ToolWords) -> str:
    if isinstance(value, bool):
        return words.yes if value else words.no
    return str(value)
