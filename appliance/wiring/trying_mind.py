"""How fast the language model composes: asked of a running mind, or tried by `python -m appliance.wiring.trying_mind`.

A try-out takes the path of a GGUF file and a number of threads, and prints one JSON object: model, tokens_per_s,
first_token_ms. It is a process of its own because llama.cpp is (engines/silero_vad.py says why), and stands behind
everything else on the box.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from appliance import link
from appliance.clock import SystemClock
from appliance.domain.commands import AskModel
from appliance.domain.events import MindReady, ReplyEnded
from appliance.errors import EngineFault

_SYSTEM: Final = "You are a helpful receptionist."
_PROMPT: Final = "Say in a few sentences why it is good to have a car looked at every year."
_TOKENS: Final = 40
_CONTEXT_TOKENS: Final = 1024
_NICENESS: Final = 10
_LIMIT_MS: Final = 60_000
_LIMIT_S: Final = 90.0
_CALL: Final = "doctor"
_REMEDY: Final = "`appliance degrade show` says how the box stands; its log says why."


@dataclass(frozen=True, slots=True)
class Speed:
    """What a try-out found. `first_token_ms` holds the evaluation of the prompt."""

    model: str
    tokens_per_s: float
    first_token_ms: float


def ask(socket_path: Path) -> Speed:
    """The speed of the mind behind `socket_path`, other callers' questions included. EngineFault when it does not
    answer in time, or with nothing."""
    clock = SystemClock()
    try:
        line = link.BlockingLink(link.dial(socket_path))
    except OSError as error:
        raise EngineFault("The running box has no mind process.", remedy=_REMEDY) from error
    too_late = threading.Timer(_LIMIT_S, line.close)
    too_late.start()
    try:
        return _asked(line, clock)
    except (EOFError, OSError) as error:
        raise EngineFault("The mind process does not answer.", remedy=_REMEDY) from error
    finally:
        too_late.cancel()
        line.close()


def _asked(line: link.BlockingLink, clock: SystemClock) -> Speed:
    name = ""
    began_s = clock.monotonic_s()
    line.send(AskModel(_CALL, 1, _SYSTEM, _PROMPT, max_tokens=_TOKENS, limit_ms=_LIMIT_MS))
    while True:
        line.flush()
        match line.receive():
            case MindReady(model=model):
                name = model
            case ReplyEnded(outcome="done") as ended if ended.tokens > 1:
                composing_s = max(clock.monotonic_s() - began_s - ended.first_token_ms / 1000, 0.001)
                return Speed(name, (ended.tokens - 1) / composing_s, ended.first_token_ms)
            case ReplyEnded():
                raise EngineFault("The mind process answers with nothing.", remedy=_REMEDY)
            case _:
                pass


def try_out(path: Path, threads: int) -> Speed:
    """Load the model and have it compose a little."""
    from appliance.engines.llama_llm import LlamaModel

    clock = SystemClock()
    model = LlamaModel(path, threads=threads, context_tokens=_CONTEXT_TOKENS, seed=0)
    began_s = clock.monotonic_s()
    model.begin(_CALL, _SYSTEM, _PROMPT, _TOKENS)
    first_s, tokens = None, 0
    while model.busy:
        for piece in model.step():
            first_s = clock.monotonic_s() if first_s is None else first_s
            tokens = piece.tokens if piece.done else tokens
    if first_s is None or tokens < 2:
        raise EngineFault("The language model composes nothing.", remedy="`appliance models verify`.")
    composing_s = max(clock.monotonic_s() - first_s, 0.001)
    return Speed(model.name, (tokens - 1) / composing_s, (first_s - began_s) * 1000)


if __name__ == "__main__":
    with contextlib.suppress(OSError):
        os.nice(_NICENESS)
    print(json.dumps(asdict(try_out(Path(sys.argv[1]), int(sys.argv[2])))))
