"""`appliance bench mind`: how soon the language model has something to say, and how often it says the right thing.

A mind process of its own answers open questions to several businesses over its real socket. Each question is
asked three ways in turn, so that all ways share the machine's moods: the system prompt kept ("prefix"), in a
call whose words grew while the caller spoke ("reuse"), and four callers at once ("four callers"). Before that,
once for each business, with nothing evaluated ("cold").
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any, Final

from appliance import business as businesses
from appliance import configfile, link, settings
from appliance.bench import checkout, processes
from appliance.bench.box import write_config
from appliance.bench.figures import Distribution, Figure, Findings
from appliance.business import Business
from appliance.clock import Clock, SystemClock
from appliance.configfile import Strict
from appliance.conversation.facts import grounding_sources
from appliance.conversation.guard import Grounding, check
from appliance.conversation.prompts import declines, question_prompt, system_prompt
from appliance.domain.commands import AskModel, CancelAsk, ToolSchema
from appliance.domain.events import MindReady, ReplyEnded, ReplySentence
from appliance.errors import EngineFault

COLD: Final = "cold"
PREFIX: Final = "prefix"
REUSE: Final = "reuse"
FOUR: Final = "four callers"
WAYS: Final = (COLD, PREFIX, REUSE, FOUR)
CALLERS: Final = 4
GROWTH: Final = (0.4, 0.7, 0.9)
"""Shares of the question that are asked ahead while the caller speaks."""
WORD_S: Final = 0.33
"""How long a caller needs for a word."""
FIRST_CLAUSE_AIM_MS: Final = 700.0
RIGHT_AIM: Final = 0.85
_LIMIT_MS: Final = 240_000
_LOAD_LIMIT_S: Final = 60.0
_FOLDER: Final = Path(__file__).parent / "questions"
_ENDS: Final = (".", "!", "?")


class Question(Strict):
    """What a caller asks, as a recogniser writes it, and what a right answer holds."""

    asks: str
    """The question: lower case, no marks."""
    holds: tuple[str, ...] = ()
    """Groups of words, "a|b*": the answer holds a word of each. None: the facts do not say; decline."""


class Office(Strict):
    """A business and the questions it is asked."""

    business: Business | str
    """The business itself, or the name of a shipped one."""
    questions: tuple[Question, ...]
    """What is asked."""


@dataclass(slots=True)
class Answer:
    """What came of one ask. Times in ms since it was sent; None for what never came."""

    pieces: list[str] = field(default_factory=list)
    first_clause_ms: float | None = None
    first_sentence_ms: float | None = None
    first_clause_cpu_ms: float | None = None  # what the mind computed for it: says the same on a busy machine
    first_token_ms: int = 0
    ended_ms: float = 0.0
    tokens: int = 0
    outcome: str = ""
    use: str = ""  # of a tool, instead of pieces

    @property
    def tokens_per_s(self) -> float | None:
        """Speed of composing, the prompt left out; None for an answer too short to tell."""
        composing_ms = self.ended_ms - self.first_token_ms
        return (self.tokens - 1) / composing_ms * 1000 if self.tokens > 4 and composing_ms > 0 else None


@dataclass(frozen=True, slots=True)
class Measured:
    """One question asked one way."""

    office: str
    number: int
    way: str
    answer: Answer
    verdict: str  # right, wrong, declined, refused (by the guard)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: at most `questions` of each business."""

    questions: int = 100
    profile: str = "default"
    threads: int | None = None


def offices(folder: Path = _FOLDER) -> dict[str, tuple[Business, tuple[Question, ...]]]:
    """The businesses that are asked, with their questions, by name."""
    found = {}
    for path in sorted(folder.glob("*.toml")):
        office = configfile.read(path, Office)
        shop = office.business
        found[path.stem] = (businesses.load(shop) if isinstance(shop, str) else shop, office.questions)
    return found


def verdict_on(question: Question, pieces: Sequence[str], grounding: Grounding) -> str:
    """What a caller would have had of this answer: right, wrong, declined, or refused by the guard."""
    said: list[str] = []
    for piece in pieces:
        if declines(piece):
            break
        if not check(piece, grounding).allowed:
            return "refused" if not said else _judged(question, said)
        said.append(piece)
    return _judged(question, said)


def _judged(question: Question, said: Sequence[str]) -> str:
    if not said:
        return "declined" if question.holds else "right"
    text = " ".join(said).lower().replace("’", "'").replace("n't", " not")
    held = all(re.search(rf"\b(?:{_words(group)})", text) for group in question.holds)
    return "right" if question.holds and held else "wrong"


def _words(group: str) -> str:
    """Whole words, or the beginnings of words that are marked so ("recycl*")."""
    return "|".join(
        re.escape(word[:-1]) if word.endswith("*") else rf"{re.escape(word)}\b" for word in group.split("|")
    )


class Mind:
    """`with Mind(...) as mind:` is a mind process of its own with a line to it."""

    def __init__(self, folder: Path, plan: Plan, clock: Clock) -> None:
        tables: dict[str, dict[str, Any]] = {"models": {"profile": plan.profile}}
        if plan.threads:
            tables["mind"] = {"threads": plan.threads}
        self._folder = folder
        self._config = write_config(folder, tables=tables)
        self.clock = clock
        self.model = ""
        self._asked = 0

    def __enter__(self) -> Mind:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "appliance.wiring", "mind", "--config", str(self._config)],
            stderr=subprocess.DEVNULL,
            env={key: value for key, value in os.environ.items() if key != "NOTIFY_SOCKET"},
        )
        try:
            self._line = link.BlockingLink(self._dial())
        except BaseException:
            self._end()
            raise
        ready = self.receive()
        self.model = ready.model if isinstance(ready, MindReady) else ""
        return self

    def _dial(self) -> Any:
        deadline_s = self.clock.monotonic_s() + _LOAD_LIMIT_S
        pause = threading.Event()
        while self._process.poll() is None and self.clock.monotonic_s() < deadline_s:
            with contextlib.suppress(OSError):
                return link.dial(settings.data_directory(settings.load(self._config)) / "run" / "mind.sock")
            pause.wait(0.05)
        raise EngineFault("The mind does not start.", remedy="Try `appliance models verify`.")

    def __exit__(self, *_: object) -> None:
        self._line.close()
        self._end()

    def _end(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=30)

    def receive(self) -> link.Packet:
        """The next packet. EngineFault when the mind is gone or says nothing for minutes."""
        try:
            packet = self._line.receive(_LIMIT_MS / 1000)
        except (EOFError, OSError) as error:
            raise EngineFault("The mind is gone.", remedy="Its log says why.") from error
        if packet is None:
            raise EngineFault("The mind says nothing.", remedy="Is the machine overloaded?")
        return packet

    def ask(
        self,
        call_id: str,
        system: str,
        prompt: str,
        max_tokens: int = 70,
        tools: tuple[ToolSchema, ...] = (),
    ) -> int:
        """Send a question; its number."""
        self._asked += 1
        self._line.send(AskModel(call_id, self._asked, system, prompt, max_tokens, _LIMIT_MS, tools))
        return self._asked

    def cancel(self, call_id: str, ask: int) -> None:
        """Take a question back."""
        self._line.send(CancelAsk(call_id, ask))

    def answers(self, asks: Sequence[int]) -> list[Answer]:
        """Wait for the answers to all of `asks`, all sent just now; others are read over."""
        sent_s, spent_s = self.clock.monotonic_s(), processes.cpu_s(self._process.pid)
        found = {ask: Answer() for ask in asks}
        while not all(answer.outcome for answer in found.values()):
            packet = self.receive()
            now_ms = (self.clock.monotonic_s() - sent_s) * 1000
            if isinstance(packet, ReplySentence | ReplyEnded) and packet.ask in found:
                cpu_ms = (processes.cpu_s(self._process.pid) - spent_s) * 1000
                _note(found[packet.ask], packet, now_ms, cpu_ms)
        return [found[ask] for ask in asks]


def _note(answer: Answer, packet: ReplySentence | ReplyEnded, now_ms: float, cpu_ms: float) -> None:
    if isinstance(packet, ReplyEnded):
        answer.outcome, answer.tokens = packet.outcome, packet.tokens
        answer.first_token_ms, answer.ended_ms = packet.first_token_ms, now_ms
        return
    if packet.calls_tool:
        answer.use = packet.text
    else:
        answer.pieces.append(packet.text)
    if answer.first_clause_ms is None:
        answer.first_clause_ms, answer.first_clause_cpu_ms = now_ms, cpu_ms
    if answer.first_sentence_ms is None and packet.text.endswith(_ENDS):
        answer.first_sentence_ms = now_ms


def measure(plan: Plan, folder: Path, tell: Callable[[str], None], clock: Clock | None = None) -> Findings:
    """Ask everything, every way. `tell` hears how far it is. EngineFault when the mind does not start."""
    clock = clock or SystemClock()
    rows: list[Measured] = []
    with Mind(folder, plan, clock) as mind:
        for name, (shop, questions) in offices().items():
            tell(f"asking {name}")
            rows += _ask_office(mind, name, shop, questions[: plan.questions])
        model = mind.model
    return _findings(rows, plan, model)


def _ask_office(mind: Mind, name: str, shop: Business, questions: Sequence[Question]) -> Iterator[Measured]:
    system = system_prompt(shop)
    prompts = [question_prompt(question.asks, []) for question in questions]

    def measured(number: int, way: str, answer: Answer) -> Measured:
        grounding = _grounding(shop, questions[number].asks)
        return Measured(name, number, way, answer, verdict_on(questions[number], answer.pieces, grounding))

    yield measured(0, COLD, mind.answers([mind.ask(f"{name} cold", system, prompts[0])])[0])
    for number, prompt in enumerate(prompts):
        yield measured(number, PREFIX, mind.answers([mind.ask(f"{name} {number}", system, prompt)])[0])
        yield measured(number, REUSE, _grown(mind, f"{name} {number} grown", system, questions[number].asks))
        if number % CALLERS == CALLERS - 1:
            group = range(number - CALLERS + 1, number + 1)
            asks = [mind.ask(f"{name} {one} at once", system, prompts[one]) for one in group]
            for one, answer in zip(group, mind.answers(asks), strict=True):
                yield measured(one, FOUR, answer)


def _grown(mind: Mind, call_id: str, system: str, question: str) -> Answer:
    """Ask while the words grow at the pace of speech, each time in place of the last; then the whole."""
    words = question.split()
    lengths = [max(1, round(len(words) * share)) for share in GROWTH]
    pause = threading.Event()
    for length, following in zip(lengths, [*lengths[1:], len(words)], strict=True):
        ask = mind.ask(call_id, system, question_prompt(" ".join(words[:length]), []))
        pause.wait(max(1, following - length) * WORD_S)
        mind.cancel(call_id, ask)
    return mind.answers([mind.ask(call_id, system, question_prompt(question, []))])[0]


def _grounding(shop: Business, question: str) -> Grounding:
    now = datetime.now(shop.zone)
    return Grounding(grounding_sources(shop, now), question)


# --- what it comes to ---------------------------------------------------------------------------


def _findings(rows: Sequence[Measured], plan: Plan, model: str) -> Findings:
    summary = {way: _way_summary([row for row in rows if row.way == way]) for way in WAYS}
    verdicts = [row.verdict for row in rows if row.way == PREFIX]
    shares = {kind: _share(verdicts, kind) for kind in ("right", "wrong", "declined", "refused")}
    same = _same_answers(rows)
    speed = [speed for row in rows if row.way == PREFIX and (speed := row.answer.tokens_per_s)]
    tokens_per_s = round(median(speed), 1) if speed else None
    figures = [*_figures(summary), Figure("tokens per second", tokens_per_s, "tok/s", at_most=False)]
    figures += [Figure("right answers", shares["right"], "share", RIGHT_AIM, at_most=False, n=len(verdicts))]
    figures += [
        Figure(f"{kind} answers", shares[kind], "share", n=len(verdicts)) for kind in list(shares)[1:]
    ]
    figures += [Figure("same answer with reuse", same, "share", 1.0, at_most=False)]
    return Findings(
        bench="mind",
        command=f"appliance bench mind --profile {plan.profile}",
        summary={**summary, "tokens_per_s": tokens_per_s, "answers": shares, "same_with_reuse": same},
        figures=figures,
        rows=[_row(row) for row in rows],
        plots=[Distribution("ask to first clause", "ms", {way: _values(rows, way) for way in WAYS})],
        conditions={"language model": model, "threads": str(plan.threads or "default"), **_revision()},
        notes=["Questions are written, not spoken: recognition is not part of these figures."],
    )


def _revision() -> dict[str, str]:
    return {"revision": checkout.revision()}


def _values(rows: Sequence[Measured], way: str) -> list[float]:
    return [row.answer.first_clause_ms for row in rows if row.way == way and row.answer.first_clause_ms]


def _way_summary(rows: Sequence[Measured]) -> dict[str, Any]:
    clauses = sorted(one.answer.first_clause_ms for one in rows if one.answer.first_clause_ms is not None)
    sentences = sorted(
        one.answer.first_sentence_ms for one in rows if one.answer.first_sentence_ms is not None
    )
    computed = sorted(
        one.answer.first_clause_cpu_ms for one in rows if one.answer.first_clause_cpu_ms is not None
    )
    return {
        "n": len(rows),
        "first_clause_p50_ms": _quantile(clauses, 0.5),
        "first_clause_p95_ms": _quantile(clauses, 0.95),
        "first_clause_cpu_p50_ms": _quantile(computed, 0.5),
        "first_sentence_p50_ms": _quantile(sentences, 0.5),
        "first_sentence_p95_ms": _quantile(sentences, 0.95),
    }


def _quantile(ordered: Sequence[float], share: float) -> int | None:
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))]) if ordered else None


def _share(verdicts: Sequence[str], kind: str) -> float | None:
    return round(verdicts.count(kind) / len(verdicts), 3) if verdicts else None


def _same_answers(rows: Sequence[Measured]) -> float | None:
    """The law of reuse: what was evaluated before changes the time of an answer and not its words."""
    texts: dict[tuple[str, int], dict[str, str]] = {}
    for row in rows:
        texts.setdefault((row.office, row.number), {})[row.way] = " ".join(row.answer.pieces)
    both = [one[PREFIX] == one[REUSE] for one in texts.values() if PREFIX in one and REUSE in one]
    return round(sum(both) / len(both), 3) if both else None


def _figures(summary: dict[str, dict[str, Any]]) -> Iterator[Figure]:
    for way in WAYS:
        aim = FIRST_CLAUSE_AIM_MS if way == REUSE else None
        found = summary[way]
        for share in ("p50", "p95"):
            value = found[f"first_clause_{share}_ms"]
            yield Figure(
                f"{way} first clause {share}", value, "ms", aim if share == "p50" else None, n=found["n"]
            )
        yield Figure(
            f"{way} first clause computing p50", found["first_clause_cpu_p50_ms"], "ms", n=found["n"]
        )
        yield Figure(f"{way} first sentence p50", found["first_sentence_p50_ms"], "ms", n=found["n"])


def _row(row: Measured) -> dict[str, Any]:
    answer = row.answer
    return {
        "office": row.office,
        "question": row.number,
        "way": row.way,
        "verdict": row.verdict,
        "first_clause_ms": answer.first_clause_ms and round(answer.first_clause_ms),
        "first_sentence_ms": answer.first_sentence_ms and round(answer.first_sentence_ms),
        "first_clause_cpu_ms": answer.first_clause_cpu_ms and round(answer.first_clause_cpu_ms),
        "first_token_ms": answer.first_token_ms,
        "tokens": answer.tokens,
        "tokens_per_s": answer.tokens_per_s and round(answer.tokens_per_s, 1),
        "outcome": answer.outcome,
    }
