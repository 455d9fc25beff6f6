"""A running mind is asked how fast it is: one that answers, one that has nothing to say, one that is not there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from appliance.errors import EngineFault
from appliance.mind import service
from appliance.wiring.trying_mind import ask
from tests.fakes.language_model import FakeLanguageModel


@contextmanager
def mind(folder: Path, model: FakeLanguageModel) -> Iterator[Path]:
    path, stop, ready = folder / "mind.sock", threading.Event(), threading.Event()
    thread = threading.Thread(target=service.run, args=(model, path, stop, ready.set, lambda: None))
    thread.start()
    assert ready.wait(60)
    try:
        yield path
    finally:
        stop.set()
        thread.join()


def test_the_speed_of_a_mind_is_that_of_its_answer(folder):
    with mind(folder, FakeLanguageModel(name="fake")) as path:
        speed = ask(path)
    assert speed.model == "fake"
    assert speed.tokens_per_s > 0


def test_a_mind_that_is_not_there_is_a_fault_with_a_remedy(folder):
    with pytest.raises(EngineFault, match="no mind process") as fault:
        ask(folder / "mind.sock")
    assert fault.value.remedy
