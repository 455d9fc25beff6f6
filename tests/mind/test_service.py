"""The mind over a real Unix socket: with a model of prepared answers, and with the small real one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from appliance import link
from appliance.clock import Clock, SetClock
from appliance.domain.commands import AnswerCall, AskModel, CancelAsk, PreparePrefix
from appliance.domain.events import MindReady, ReplyEnded, ReplySentence
from appliance.engines.ports import LanguageModel
from appliance.mind import service
from tests.alone import run_alone
from tests.fakes.language_model import FakeLanguageModel

REPOSITORY = Path(__file__).parent.parent.parent
SMOLLM2 = "smollm2-135m-instruct-q4_1/SmolLM2-135M-Instruct.Q4_1.gguf"
DEADLINE_S = 60.0
ANSWERS = {
    "long": "First sentence here. Second one there. " + "And on it goes...",
    "oil?": "Yes, we do. Come by!",
}


def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition; a pause between looks leaves the processor to the service."""
    deadline = time.monotonic() + DEADLINE_S
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        pause.wait(0.005)


class Client:
    """One end of the line, as the agent holds it."""

    def __init__(self, path: Path) -> None:
        self.line = link.BlockingLink(link.dial(path))
        ready = self.receive()
        assert isinstance(ready, MindReady)
        self.ready = ready

    def receive(self) -> link.Packet:
        packet = self.line.receive(DEADLINE_S)
        assert packet is not None, "nothing came"
        return packet

    def ask(
        self, prompt: str, ask: int = 1, call_id: str = "call", limit_ms: int = 60_000, tokens: int = 100_000
    ) -> None:
        self.line.send(AskModel(call_id, ask, "You are a receptionist.", prompt, tokens, limit_ms))

    def answer(self) -> tuple[list[str], ReplyEnded]:
        """The sentences up to the next end."""
        sentences = []
        while isinstance(packet := self.receive(), ReplySentence):
            sentences.append(packet.text)
        assert isinstance(packet, ReplyEnded)
        return sentences, packet


Dial = Callable[[], Client]


@contextmanager
def serving(model: LanguageModel, path: Path, clock: Clock | None = None) -> Iterator[threading.Event]:
    """The service in a thread; yields an event that is set whenever it says that it is alive."""
    stop, ready, alive = threading.Event(), threading.Event(), threading.Event()
    work = partial(service.run, model, path, stop, ready.set, alive.set, clock=clock)
    thread = threading.Thread(target=work)
    thread.start()
    assert ready.wait(DEADLINE_S)
    try:
        yield alive
    finally:
        stop.set()
        thread.join(DEADLINE_S)
        assert not thread.is_alive()
        assert not path.exists()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mind.sock"


@pytest.fixture
def fake() -> FakeLanguageModel:
    return FakeLanguageModel(ANSWERS, context_tokens=1_000_000)


@pytest.fixture
def dial(path: Path) -> Iterator[Dial]:
    """Makes clients, and closes them at the end."""
    with ExitStack() as lines:

        def make() -> Client:
            client = Client(path)
            lines.callback(client.line.close)
            return client

        yield make


@pytest.fixture
def client(fake: FakeLanguageModel, path: Path, dial: Dial) -> Iterator[Client]:
    with serving(fake, path):
        yield dial()


def test_it_says_which_model_it_has(client: Client) -> None:
    assert client.ready == MindReady("fake", "fake 1")


def test_sentences_come_one_by_one_and_then_the_end(client: Client) -> None:
    client.ask("oil?")
    sentences, ended = client.answer()
    assert sentences == ["Yes, we do.", "Come by!"]
    assert (ended.call_id, ended.ask, ended.outcome, ended.tokens) == ("call", 1, "done", 5)
    assert 0 < ended.first_token_ms <= ended.lasted_ms + 1  # both rounded


def test_the_first_sentence_does_not_wait_for_the_last(client: Client) -> None:
    client.ask("long")
    assert client.receive() == ReplySentence("call", 1, "First sentence here.")
    client.line.send(CancelAsk("call", 1))
    _, ended = client.answer()
    assert ended.outcome == "cancelled"


def test_cancel_in_the_middle_of_a_computation(fake: FakeLanguageModel, path: Path, dial: Dial) -> None:
    fake.hold = threading.Event()
    with serving(fake, path):
        client = dial()
        client.ask("long")
        until(lambda: fake.busy)
        client.line.send(CancelAsk("call", 1))
        until(lambda: bool(fake._cancelled))
        fake.hold.set()
        ended = client.answer()[1]
        assert ended == ReplyEnded("call", 1, "cancelled", lasted_ms=ended.lasted_ms)


def test_cancel_that_overtakes_nothing_is_ignored(client: Client) -> None:
    client.line.send(CancelAsk("call", 99))
    client.ask("oil?")
    assert client.answer()[1].outcome == "done"


def test_an_answer_that_takes_too_long_is_late(fake: FakeLanguageModel, path: Path, dial: Dial) -> None:
    fake.hold = threading.Event()
    clock = SetClock(datetime(2026, 11, 21, tzinfo=UTC))
    with serving(fake, path, clock):
        client = dial()
        client.ask("oil?", limit_ms=5000)
        until(lambda: fake.busy)
        clock.advance(5)
        fake.hold.set()
        sentences, ended = client.answer()
        assert (sentences, ended.outcome) == ([], "late")
        client.ask("oil?", ask=2)
        assert client.answer()[1].ask == 2


def test_a_prompt_that_is_too_long_fails_and_the_next_is_answered(client: Client) -> None:
    client.ask("oil?", tokens=2_000_000)
    assert client.answer()[1].outcome == "failed"
    client.ask("oil?", ask=2)
    assert client.answer()[1].outcome == "done"


def test_a_prepared_prefix_is_evaluated_before_anybody_asks(client: Client, fake: FakeLanguageModel) -> None:
    client.line.send(PreparePrefix("You are a receptionist."))
    until(lambda: fake.evaluated_tokens == 4)
    client.ask("oil?")
    client.answer()
    assert fake.evaluated_tokens == 4 + 5 + 1  # prefix, words of the answer, its end


def test_four_callers_at_once_share_the_steps(fake: FakeLanguageModel, path: Path, dial: Dial) -> None:
    fake.hold = threading.Event()
    with serving(fake, path):
        clients = [dial() for _ in range(4)]
        for client in clients:
            client.ask("oil?")
        until(lambda: fake.busy)
        fake.hold.set()
        assert [client.answer()[0] for client in clients] == [["Yes, we do.", "Come by!"]] * 4
        assert fake.most_at_once >= 3  # the first may have had a step to itself


def test_one_client_may_ask_for_several_calls(client: Client) -> None:
    for number in range(4):
        client.ask("oil?", call_id=f"call {number}")
    ended = []
    while len(ended) < 4:
        if isinstance(packet := client.receive(), ReplyEnded):
            ended.append((packet.call_id, packet.outcome))
    assert sorted(ended) == [(f"call {number}", "done") for number in range(4)]


def test_a_call_that_says_a_word_more_is_read_from_that_word(client: Client, fake: FakeLanguageModel) -> None:
    client.ask("do you also repair the")
    client.answer()
    before = fake.evaluated_tokens
    client.ask("do you also repair the brakes", ask=2)
    _, ended = client.answer()
    assert fake.evaluated_tokens - before == 1 + ended.tokens


def test_the_asks_of_a_client_that_vanishes_are_cancelled(
    fake: FakeLanguageModel, path: Path, dial: Dial
) -> None:
    with serving(fake, path):
        client = dial()
        client.ask("long")
        client.receive()
        client.line.close()
        until(lambda: not fake.busy)
        assert fake.evaluated_tokens < 80_000
        other = dial()
        other.ask("oil?")
        assert other.answer()[0] == ["Yes, we do.", "Come by!"]


def test_a_client_that_talks_nonsense_is_shown_the_door(client: Client, path: Path) -> None:
    stranger = link.dial(path)
    stranger.send(b"what is this")
    line = link.BlockingLink(stranger)
    assert isinstance(line.receive(DEADLINE_S), MindReady)
    with pytest.raises(EOFError):
        line.receive(DEADLINE_S)
    line.close()
    client.line.send(AnswerCall("call"))  # ours, but not for the mind
    client.ask("oil?")
    assert client.answer()[1].outcome == "done"


def test_it_is_alive_when_idle_and_when_busy(fake: FakeLanguageModel, path: Path, dial: Dial) -> None:
    with serving(fake, path) as alive:
        for _ in range(2):
            assert alive.wait(DEADLINE_S)
            alive.clear()
        steps = fake.steps
        client = dial()
        client.ask("long")
        assert alive.wait(DEADLINE_S)
        assert steps == 0  # nothing is computed for nobody


def test_clients_see_the_end_when_it_stops(fake: FakeLanguageModel, path: Path, dial: Dial) -> None:
    with serving(fake, path):
        client = dial()
    with pytest.raises(EOFError):
        client.line.receive(DEADLINE_S)


_SERVE = """
import sys, threading
from pathlib import Path
from appliance.mind import service
from tests.fakes.language_model import FakeLanguageModel
model = FakeLanguageModel({"long": "word " * 100000}, context_tokens=10**9)
service.run(model, Path(sys.argv[1]), threading.Event(), lambda: print("ready", flush=True), lambda: None)
"""


def test_a_killed_mind_is_an_end_of_the_line_for_its_clients(path: Path, dial: Dial) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE, str(path)], stdout=subprocess.PIPE, text=True, cwd=REPOSITORY
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        client = dial()
        client.ask("long", tokens=100_000)
        os.kill(process.pid, signal.SIGKILL)
        with pytest.raises(EOFError):
            while True:
                client.receive()
        process.wait(DEADLINE_S)
        with pytest.raises(ConnectionRefusedError):
            link.dial(path)
    finally:
        process.kill()
        process.communicate()
    with serving(
        FakeLanguageModel(ANSWERS, context_tokens=1_000_000), path
    ):  # the socket it left behind is no obstacle
        client = dial()
        client.ask("oil?")
        assert client.answer()[1].outcome == "done"


@pytest.mark.real
def test_with_a_real_model() -> None:
    run_alone(Path(__file__).with_name("llama_alone.py"))
