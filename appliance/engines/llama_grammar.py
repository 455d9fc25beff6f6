"""How the language model is held to the arguments of a tool: a grammar (GBNF) made of JSON Schemas.

An answer is free until it begins with TOOL_MARK; from there every token is one that the schemas allow, so that
`tool order_status {"order": "4711"}` comes and nothing else, whatever the model would rather say. Plain answers
cost nothing. https://github.com/ggml-org/llama.cpp/tree/master/grammars
"""

from __future__ import annotations

import ctypes
import json
import logging
import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

import llama_cpp.llama_cpp as llama
from llama_cpp.llama_grammar import SchemaConverter

from appliance.domain.commands import TOOL_MARK, ToolSchema

_log = logging.getLogger(__name__)
_UNWRITABLE: Final = (AssertionError, ValueError, KeyError, IndexError, TypeError, RecursionError)
"""What the converter raises at a pattern that it cannot write."""
_LEANING: Final = 2.0
"""In logits. Qwen 1.5B had "tool" at most 1.5 behind its first word where a tool answers, elsewhere 2.3 and more."""
_KEPT: Final = frozenset({"type", "enum", "const", "description"})


class ToolUse:
    """Watches one answer begin; where it uses a tool, holds every further token to the grammar.

    `vocabulary` is the model's (llama_model_get_vocab).
    """

    def __init__(self, vocabulary: Any, tools: tuple[ToolSchema, ...]) -> None:
        self._vocabulary = vocabulary
        self._tools = tools
        self._begun: list[int] = []
        self._text = ""
        self._mark = _token_of(vocabulary, TOOL_MARK.rstrip()) if tools else None
        self._grammar: Any = None
        self._chain: Any = None  # owns the grammar

    def said(self, token: int, text: str) -> None:
        """`token` was composed, `text` the characters that it completed."""
        if not self._tools or self._chain is not None or not TOOL_MARK.startswith(self._text):
            return
        self._begun.append(token)
        self._text += text
        if self._text in (TOOL_MARK, TOOL_MARK.rstrip()):
            self._hold()

    def _hold(self) -> None:
        self._grammar = _grammar(self._vocabulary, self._tools)
        if not self._grammar:
            self._tools = ()  # it goes on freely; what it writes is looked at all the same
            return
        self._chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
        for link in (self._grammar, llama.llama_sampler_init_greedy()):
            llama.llama_sampler_chain_add(self._chain, link)
        for token in self._begun:
            llama.llama_sampler_accept(self._grammar, token)

    def held(self, wanted: int, context: Any, place: int) -> int:
        """`wanted` where the grammar allows it, else the likeliest token of those it allows; free before a use.

        To hold one token against the grammar takes no time, a vocabulary of 150,000 some 15 ms.
        """
        if self._chain is None:
            return self._leaning(wanted, context, place)
        if self._allows(wanted):
            llama.llama_sampler_accept(self._grammar, wanted)
            return wanted
        return int(llama.llama_sampler_sample(self._chain, context, place))

    def _leaning(self, wanted: int, context: Any, place: int) -> int:
        """At the first token the use of a tool is taken where it is nearly as likely as what is `wanted`."""
        if not self._tools or self._text or self._mark is None:
            return wanted
        logits = llama.llama_get_logits_ith(context, place)
        return self._mark if logits[self._mark] >= logits[wanted] - _LEANING else wanted

    def _allows(self, token: int) -> bool:
        one = (llama.llama_token_data * 1)(llama.llama_token_data(token, 1.0, 0.0))
        candidates = llama.llama_token_data_array(one, 1, -1, False)
        llama.llama_sampler_apply(self._grammar, ctypes.byref(candidates))
        return bool(one[0].logit > -math.inf)

    def close(self) -> None:
        """Free the samplers."""
        if self._chain is not None:
            llama.llama_sampler_free(self._chain)
            self._chain = None


def _token_of(vocabulary: Any, word: str) -> int | None:
    """The token that spells `word`; None where it takes several."""
    room = (llama.llama_token * 8)()
    count = llama.llama_tokenize(vocabulary, word.encode(), len(word), room, 8, False, False)
    return int(room[0]) if count == 1 else None


def _grammar(vocabulary: Any, tools: tuple[ToolSchema, ...]) -> Any:
    """A sampler that allows a use of one of `tools`: by all that their schemas say, or else by their types.

    None when no grammar can be made of them.
    """
    for text in filter(None, (written(tools, whole=True), written(tools, whole=False))):
        if sampler := llama.llama_sampler_init_grammar(vocabulary, text.encode(), b"root"):
            return sampler
    _log.error("tools make no grammar", extra={"tools": [name for name, _ in tools]})
    return None


@lru_cache(maxsize=16)
def written(tools: tuple[ToolSchema, ...], *, whole: bool) -> str:
    """The grammar of a use of one of `tools`; empty where a schema says what no grammar can.

    Unless `whole`, texts may be any: patterns and lengths are left out, and looked at afterwards.
    """
    converter = SchemaConverter(prop_order={}, allow_fetch=False, dotall=False, raw_pattern=False)
    try:
        uses = list(_uses(converter, tools, whole=whole))
    except _UNWRITABLE:
        _log.warning("tool schema unwritable as a grammar", extra={"tools": [name for name, _ in tools]})
        return ""
    return f"{converter.format_grammar()}\nroot ::= {json.dumps(TOOL_MARK)} ({' | '.join(uses)})\n"


def _uses(converter: SchemaConverter, tools: Sequence[ToolSchema], *, whole: bool) -> Iterator[str]:
    for number, (name, text) in enumerate(tools):
        schema = json.loads(text)
        if not whole:
            schema["properties"] = {
                key: {one: said for one, said in value.items() if one in _KEPT}
                for key, value in schema["properties"].items()
            }
        yield f"{json.dumps(f'{name} ')} {converter.visit(schema, f'tool-{number}')}"
