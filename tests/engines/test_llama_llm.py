"""The language model: the contract for the fake here, for the real one in a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.alone import LIMIT_S, run_alone
from tests.contracts.language_model import USES_TOOL, LanguageModelContract
from tests.fakes.language_model import FakeLanguageModel


class TestFake(LanguageModelContract):
    @pytest.fixture
    def model(self) -> FakeLanguageModel:
        answers = {
            "Where is your shop?": "Next to the fire station.",
            USES_TOOL: 'tool order_status {"order": "8123"}',
        }
        return FakeLanguageModel(answers, context_tokens=1024)


@pytest.mark.real
@pytest.mark.timeout(LIMIT_S + 20)
def test_the_real_one_in_a_process_of_its_own() -> None:
    run_alone(Path(__file__).with_name("llama_alone.py"))
