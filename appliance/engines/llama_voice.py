"""How one answer of the language model chooses its next token, and turns tokens into whole characters."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import Any, Final

import llama_cpp.llama_cpp as llama

from appliance.domain.commands import ToolSchema
from appliance.engines.llama_grammar import ToolUse

_PENALTY_LAST_TOKENS: Final = 64
_REPEAT_PENALTY: Final = 1.05  # enough to leave a loop, too little to spoil a phone number


class Voice:
    """One answer's. `vocabulary` is the model's (llama_model_get_vocab), `piece` the bytes of a token."""

    def __init__(
        self,
        vocabulary: Any,
        piece: Callable[[int], bytes],
        seed: int,
        temperature: float,
        tools: tuple[ToolSchema, ...],
    ) -> None:
        self._piece = piece
        self._characters = codecs.getincrementaldecoder("utf-8")(errors="replace")
        penalties = (llama.llama_vocab_n_tokens(vocabulary), _PENALTY_LAST_TOKENS, _REPEAT_PENALTY, 0.0, 0.0)
        links = [llama.llama_sampler_init_penalties(*penalties)]
        if temperature > 0:
            links += [llama.llama_sampler_init_temp(temperature), llama.llama_sampler_init_dist(seed)]
        else:
            links += [llama.llama_sampler_init_greedy()]
        self._chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
        for link in links:
            llama.llama_sampler_chain_add(self._chain, link)
        self._use = ToolUse(vocabulary, tools)

    def choose(self, context: Any, place: int) -> int:
        """The token that follows the one at `place` of the last batch of `context` (llama_context)."""
        wanted = int(llama.llama_sampler_sample(self._chain, context, place))
        return self._use.held(wanted, context, place)

    def say(self, token: int) -> str:
        """The characters completed by `token`; the bytes of a begun one wait for the next."""
        text = self._characters.decode(self._piece(token))
        self._use.said(token, text)
        return text

    def rest(self) -> str:
        """What still waits at the end of the answer: a character that was cut is dropped."""
        return self._characters.decode(b"", final=True).rstrip("\N{REPLACEMENT CHARACTER}")

    def close(self) -> None:
        """Free the samplers."""
        self._use.close()
        llama.llama_sampler_free(self._chain)
