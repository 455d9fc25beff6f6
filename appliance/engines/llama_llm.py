"""The language model: llama.cpp by way of llama-cpp-python, several callers in one context.

Who gets which tokens next is decided in `llama_batch`; here it is carried out.
"""

from __future__ import annotations

import ctypes
import logging
import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Final

from appliance.domain.commands import ToolSchema
from appliance.engines.chat_template import ChatTemplate
from appliance.engines.gguf_file import check_file, unusable
from appliance.engines.llama_batch import (
    CHUNK_ALONE,
    SEQUENCES,
    Answer,
    Forget,
    Lend,
    Order,
    Prefix,
    Schedule,
    Share,
    is_looping,
)
from appliance.engines.ports import Piece
from appliance.errors import EngineFault, Misused

# OpenMP reads these when it loads. Its threads spin while they wait and starve the recogniser: a 30-token
# answer took 58 s instead of 4.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "0")

import llama_cpp.llama_cpp as llama
from llama_cpp import __version__ as _LIBRARY_VERSION  # noqa: N812

from appliance.engines.llama_voice import Voice

_log = logging.getLogger(__name__)

_BATCH_TOKENS: Final = CHUNK_ALONE + SEQUENCES
_LOG_ERROR: Final = 4  # ggml.h, enum ggml_log_level
_DONE: Final = 0
_NO_CELLS: Final = 1
_ABORTED: Final = 2
_PLAIN: Final = str.maketrans("<>[]|", "     ")

_complaints: deque[str] = deque(maxlen=8)
"""The library's last errors, for the message of the fault that follows them."""


@llama.llama_log_callback  # type: ignore[untyped-decorator]
def _log_line(level: int, text: bytes, _: object) -> None:
    """The library's own log: quiet, it names files and tensors and never a caller's words."""
    if level == _LOG_ERROR:
        _complaints.append(text.decode(errors="replace").partition(": ")[2].strip())


class LlamaModel:
    """A GGUF file as a `LanguageModel`. One thread owns it; only `cancel` may be called from others.

    `threads` compute, `context_tokens` are shared by all callers, `seed` matters only with a `temperature`
    above 0, `gpu_layers` only where the library was built for a GPU. ModelMissing when the file is not there or is
    no text model, EngineFault when the library cannot go on.
    """

    def __init__(
        self,
        path: Path,
        threads: int,
        context_tokens: int,
        seed: int,
        temperature: float = 0.0,
        *,
        gpu_layers: int = 0,
    ) -> None:
        self.name = path.stem
        self.version = f"llama-cpp-python {_LIBRARY_VERSION}"
        self.evaluated_tokens = 0
        self._weights = _Weights(path, gpu_layers)
        self._context = _Context(self._weights, threads, context_tokens, self._is_unwanted)
        self._schedule = Schedule(self._context.cells, self._weights.trained_tokens)
        self._sampling = (seed, temperature)
        self._voices: dict[str, Voice] = {}
        self._refused: list[Piece] = []
        self._lock = threading.Lock()
        self._cancelled: set[str] = set()
        self._computing: set[str] = set()

    def prepare(self, system: str) -> None:
        """Have the next steps evaluate `system`; callers' answers go first."""
        if self._schedule.prefix(system):
            return
        tokens = self._weights.prefix_tokens(system)
        if len(tokens) > self._context.cells:
            _log.warning("prefix too long", extra={"tokens": len(tokens), "cells": self._context.cells})
            return
        self._carry_out(self._schedule.hold(system, tokens))

    def begin(
        self,
        request: str,
        system: str,
        prompt: str,
        max_tokens: int,
        *,
        conversation: str = "",
        tools: tuple[ToolSchema, ...] = (),
    ) -> None:
        """Queue an answer; one whose prompt exceeds the context is closed as failed by the next step."""
        if request in self._voices:
            raise Misused(f"request {request} is already being answered")
        tokens = self._weights.prompt_tokens(system, prompt)
        answer = Answer(
            request, system, tokens, self._prefix_length(system, tokens), max_tokens, conversation
        )
        if not self._schedule.fits(answer):
            _log.warning("prompt too long", extra={"tokens": len(tokens), "cells": self._context.cells})
            self._refused.append(Piece(request, "", done=True, outcome="failed"))
            return
        weights, (seed, temperature) = self._weights, self._sampling
        self._voices[request] = Voice(weights.vocabulary, weights.piece, seed, temperature, tools)
        self._schedule.add(answer)

    def _prefix_length(self, system: str, tokens: tuple[int, ...]) -> int:
        held = self._schedule.prefix(system)
        prefix = held.tokens if held else self._weights.prefix_tokens(system)
        return len(prefix) if tokens[: len(prefix)] == prefix else 0

    def leave(self, conversation: str) -> None:
        """Forget what a conversation's questions left evaluated."""
        self._carry_out(self._schedule.leave(conversation))

    def cancel(self, request: str) -> None:
        """Stop composing; a computation that serves nobody else is broken off at once."""
        with self._lock:
            if request in self._voices:
                self._cancelled.add(request)

    def _is_unwanted(self) -> bool:
        """Whether what is being computed serves cancelled requests only; asked by llama.cpp as it goes."""
        return bool(self._computing) and self._computing <= self._cancelled

    @property
    def busy(self) -> bool:
        """Whether `step` has anything to do."""
        return self._schedule.has_work or bool(self._refused)

    def step(self) -> list[Piece]:
        """One evaluation of the model for everybody; the text, and the ends, that came of it."""
        pieces, self._refused = self._refused, []
        pieces += self._end_cancelled()
        self._carry_out(self._schedule.admit())
        shares = self._schedule.plan()
        return pieces + self._evaluate(shares) if shares else pieces

    def _end_cancelled(self) -> list[Piece]:
        with self._lock:
            names, self._cancelled = self._cancelled, set()
        unwanted = filter(None, (self._schedule.find(name) for name in names))
        return [self._close(answer, "cancelled") for answer in unwanted]

    def _close(self, answer: Answer, outcome: str, text: str = "") -> Piece:
        self._carry_out(self._schedule.end(answer))
        voice = self._voices.pop(answer.name)
        voice.close()
        text += voice.rest() if outcome == "done" else ""
        return Piece(answer.name, text, done=True, outcome=outcome, tokens=len(answer.composed))

    def _carry_out(self, orders: Sequence[Order]) -> None:
        for order in orders:
            match order:
                case Lend(of, to):
                    self._context.lend(of, to)
                case Forget(of, start):
                    self._forget(of, start)

    def _forget(self, sequence: int, start: int) -> None:
        if not self._context.forget(sequence, start):  # Mamba and its kin cannot take back a part
            self._carry_out(self._schedule.lost(sequence))

    def _evaluate(self, shares: list[Share]) -> list[Piece]:
        self._computing = {one.owner.name for one in shares if isinstance(one.owner, Answer)}
        status = self._context.decode(shares)
        self._computing = set()
        if status == _DONE:
            return self._harvest(shares)
        if status == _NO_CELLS:
            return self._relieve()
        self._take_back([one for one in shares if isinstance(one.owner, Prefix)])
        return self._end_cancelled()

    def _take_back(self, shares: list[Share]) -> None:
        """What a broken-off computation left of the system prompts; the answers in it are ended anyway."""
        for share in shares:
            if not self._context.forget(share.sequence, share.position):
                self._context.forget(share.sequence)  # Mamba and its kin cannot take back a part
                share.owner.evaluated = 0

    def _relieve(self) -> list[Piece]:
        """The cells ran out after all: the oldest idle prefix goes, else the newest answer."""
        if orders := self._schedule.drop_idle():
            self._carry_out(orders)
            return []
        newest = self._schedule.newest()
        return [self._close(newest, "failed")] if newest else []

    def _harvest(self, shares: list[Share]) -> list[Piece]:
        self._schedule.advance(shares)
        pieces: list[Piece] = []
        last = -1  # place in the batch of a share's last token
        for share in shares:
            last += len(share.tokens)
            self.evaluated_tokens += len(share.tokens)
            if share.yields and isinstance(share.owner, Answer):
                pieces += self._compose(share.owner, last)
        return pieces

    def _compose(self, answer: Answer, place: int) -> list[Piece]:
        voice = self._voices[answer.name]
        token = voice.choose(self._context.pointer, place)
        if self._weights.is_end(token):
            return [self._close(answer, "done")]
        answer.composed.append(token)
        text = voice.say(token)
        if len(answer.composed) >= answer.max_tokens or is_looping(answer.composed):
            return [self._close(answer, "done", text)]
        return [Piece(answer.name, text)] if text else []

    def close(self) -> None:
        """Give everything back to the system; the model is of no use afterwards."""
        for voice in self._voices.values():
            voice.close()
        self._voices.clear()
        self._context.close()
        self._weights.close()


class _Weights:
    """The model file: its weights mapped, its vocabulary, its way of writing a conversation."""

    def __init__(self, path: Path, gpu_layers: int) -> None:
        check_file(path)
        _complaints.clear()
        llama.llama_log_set(_log_line, None)
        llama.llama_backend_init()
        params = llama.llama_model_default_params()
        params.n_gpu_layers = gpu_layers
        params.load_mode = llama.LLAMA_LOAD_MODE_MMAP
        params.use_extra_bufts = False  # repacked weights: 0.6 GB and 4 s more at start, for little speed
        self.model = llama.llama_model_load_from_file(os.fsencode(path), params)
        if not self.model:
            raise unusable(path, next(iter(_complaints), "llama.cpp does not take it"))
        if llama.llama_model_has_encoder(self.model) or not llama.llama_model_has_decoder(self.model):
            raise unusable(path, "it is no model that composes text")
        self.vocabulary = llama.llama_model_get_vocab(self.model)
        self.trained_tokens = int(llama.llama_model_n_ctx_train(self.model))
        self._bos = int(llama.llama_vocab_bos(self.vocabulary))
        template = llama.llama_model_chat_template(self.model, None)
        eos = int(llama.llama_vocab_eos(self.vocabulary))
        self._chat = ChatTemplate(template and template.decode(), self._mark(self._bos), self._mark(eos))

    def _mark(self, token: int) -> str:
        return self.piece(token, special=True).decode(errors="replace") if token >= 0 else ""

    def prompt_tokens(self, system: str, prompt: str) -> tuple[int, ...]:
        """Tokens of a whole conversation."""
        rendered = self._chat.render(self._plain(system.strip()), self._plain(prompt.strip()))
        tokens = self._tokens(rendered)
        wants_bos = llama.llama_vocab_get_add_bos(self.vocabulary) and tokens[:1] != (self._bos,)
        return (self._bos, *tokens) if wants_bos else tokens

    def prefix_tokens(self, system: str) -> tuple[int, ...]:
        """What all conversations with this system prompt begin with, found by writing two and comparing."""
        pairs = zip(self.prompt_tokens(system, "What?"), self.prompt_tokens(system, "1"), strict=False)
        return tuple(token for token, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))

    def _plain(self, text: str) -> str:
        """`text` without the marks by which the template tells who speaks: nobody speaks in our name."""
        if self._tokens(text) == self._tokens(text, special=False):
            return text
        return text.translate(_PLAIN)

    def _tokens(self, text: str, *, special: bool = True) -> tuple[int, ...]:
        data = text.encode()
        room = len(data) + 8  # never more tokens than bytes, but for a few marks
        buffer = (llama.llama_token * room)()
        count = llama.llama_tokenize(self.vocabulary, data, len(data), buffer, room, False, special)
        if count < 0:
            raise EngineFault("The language model's vocabulary cannot take a text apart.")
        return tuple(buffer[:count])

    def piece(self, token: int, *, special: bool = False) -> bytes:
        """The bytes of a token; may end inside a character. Marks are empty unless `special`."""
        buffer = ctypes.create_string_buffer(256)
        length = llama.llama_token_to_piece(self.vocabulary, token, buffer, len(buffer), 0, special)
        return buffer.raw[: max(length, 0)]

    def is_end(self, token: int) -> bool:
        """Whether `token` ends the answer."""
        return bool(llama.llama_vocab_is_eog(self.vocabulary, token))

    def close(self) -> None:
        """Unmap the file."""
        llama.llama_model_free(self.model)


class _Context:
    """Evaluated tokens in their cells, and the computation itself."""

    def __init__(
        self, weights: _Weights, threads: int, context_tokens: int, is_unwanted: Callable[[], bool]
    ) -> None:
        params = llama.llama_context_default_params()
        params.n_ctx = context_tokens
        params.n_batch = params.n_ubatch = _BATCH_TOKENS
        params.n_seq_max = params.n_outputs_max = SEQUENCES
        params.n_threads = params.n_threads_batch = threads
        params.kv_unified = True  # one row of cells for all sequences: lending a prefix copies nothing
        self.pointer = llama.llama_init_from_model(weights.model, params)
        if not self.pointer:
            raise EngineFault(
                f"There is no room for a context of {context_tokens} tokens.",
                remedy="Lower mind.context_tokens, or take a smaller model.",
            )
        self._abort = llama.ggml_abort_callback(lambda _: is_unwanted())
        llama.llama_set_abort_callback(self.pointer, self._abort, None)
        self._memory = llama.llama_get_memory(self.pointer)
        self._batch = llama.llama_batch_init(_BATCH_TOKENS, 0, 1)
        self.cells = int(llama.llama_n_ctx(self.pointer))

    def lend(self, of: int, to: int) -> None:
        """Sequence `to` begins with what `of` holds."""
        llama.llama_memory_seq_cp(self._memory, of, to, -1, -1)

    def forget(self, sequence: int, start: int = -1) -> bool:
        """Empty a sequence from `start` on; False when the model cannot take back a part."""
        return bool(llama.llama_memory_seq_rm(self._memory, sequence, start, -1))

    def decode(self, shares: Sequence[Share]) -> int:
        """Evaluate all shares in one go: _DONE, _NO_CELLS or _ABORTED; EngineFault when it cannot go on."""
        batch, count = self._batch, 0
        for share in shares:
            for offset, token in enumerate(share.tokens):
                batch.token[count] = token
                batch.pos[count] = share.position + offset
                batch.n_seq_id[count] = 1
                batch.seq_id[count][0] = share.sequence
                batch.logits[count] = share.yields and offset == len(share.tokens) - 1
                count += 1
        batch.n_tokens = count
        status = int(llama.llama_decode(self.pointer, batch))
        if status not in (_DONE, _NO_CELLS, _ABORTED):
            raise EngineFault(
                f"The language model failed to evaluate {count} tokens (llama_decode: {status}).",
                remedy="If it repeats, check the file with `appliance models verify`.",
            )
        return status

    def close(self) -> None:
        """Free the cells."""
        llama.llama_batch_free(self._batch)
        llama.llama_free(self.pointer)
