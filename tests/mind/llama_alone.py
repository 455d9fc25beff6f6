"""The mind with a real model, in a process of its own: run by test_service.py (tests/alone.py says why)."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance import settings
from appliance.domain.commands import CancelAsk, PreparePrefix
from appliance.engines.llama_llm import LlamaModel
from tests.mind.test_service import SMOLLM2, Dial, dial, path, serving

__all__ = ["dial", "path"]


@pytest.mark.real
def test_four_callers_at_once_with_a_real_model(path: Path, dial: Dial) -> None:
    weights = settings.models_directory(settings.load(None)) / SMOLLM2
    model = LlamaModel(weights, threads=1, context_tokens=1024, seed=1)
    with serving(model, path):
        clients = [dial() for _ in range(4)]
        clients[0].line.send(PreparePrefix("You are a receptionist."))
        for client in clients:
            client.ask("Say hello to the caller, then ask how you can help.", tokens=20)
        answers = [client.answer() for client in clients]
        assert {ended.outcome for _, ended in answers} == {"done"}
        assert all(sentences for sentences, _ in answers)
        clients[0].ask("Tell me everything about cars.", ask=2, tokens=500)
        clients[0].receive()
        clients[0].line.send(CancelAsk("call", 2))
        assert clients[0].answer()[1].outcome == "cancelled"
        clients[1].ask("Tell me everything about cars.", ask=2, tokens=500, limit_ms=1)
        assert clients[1].answer()[1].outcome == "late"
    model.close()
