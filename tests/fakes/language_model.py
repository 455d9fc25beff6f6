"""A language model made of prepared answers: it counts what it "evaluates" and speaks a word a step."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from appliance.business.schemas import allows
from appliance.domain.commands import TOOL_MARK, ToolSchema
from appliance.engines.ports import Piece

_ENDLESS = "..."
DEFAULT = "Yes, we do. Anything else?"


@dataclass
class _Composition:
    words: list[str]
    unread: int
    said: int = 0


def _held_to(tools: tuple[ToolSchema, ...], answer: str) -> str:
    """A use of one of `tools` stays; any other becomes one that their schemas allow, as a grammar would have it."""
    name, _, arguments = answer.removeprefix(TOOL_MARK).partition(" ")
    schema = dict(tools).get(name)
    try:
        if schema is not None and allows(json.loads(schema), json.loads(arguments)):
            return answer
    except ValueError:
        pass
    name, schema = tools[0]
    properties = json.loads(schema)["properties"]
    texts = {key: one.get("enum", ["0000"])[0] for key, one in properties.items()}
    return f"{TOOL_MARK}{name} {json.dumps(texts)}"


@dataclass
class FakeLanguageModel:
    """`answers` maps a prompt to its answer; a prompt is as many tokens as it has words.

    An answer that ends with "..." goes on with its last word until it is cancelled. `hold` makes `step` wait
    until it is set: a model in the middle of a long computation.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    name: str = "fake"
    version: str = "fake 1"
    context_tokens: int = 1000
    hold: threading.Event | None = None
    evaluated_tokens: int = 0
    steps: int = 0
    most_at_once: int = 0
    kept: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._prefixes: set[str] = set()
        self._to_prepare: list[str] = []
        self._under_way: dict[str, _Composition] = {}
        self._cancelled: set[str] = set()
        self._refused: list[Piece] = []

    def prepare(self, system: str) -> None:
        if system not in self._prefixes:
            self._to_prepare.append(system)

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
        if len(f"{system} {prompt}".split()) + max_tokens > self.context_tokens:
            self._refused.append(Piece(request, "", done=True, outcome="failed"))
            return
        answer = self.answers.get(prompt, DEFAULT)
        if answer.startswith(TOOL_MARK) and tools:
            answer = _held_to(tools, answer)
        words = re.findall(r"\s*\S+", answer)[:max_tokens]
        self.prepare(system)
        read = prompt.split()
        unread = len(read) - self._known(read, conversation)
        if conversation:
            self.kept[conversation] = read
        self._under_way[request] = _Composition(words, unread)

    def _known(self, read: list[str], conversation: str) -> int:
        """How many words the conversation's last prompt began with too; the last is always read again."""
        pairs = enumerate(zip(self.kept.get(conversation, []), read[:-1], strict=False))
        common = min(len(self.kept.get(conversation, [])), max(len(read) - 1, 0))
        return next((place for place, (mine, yours) in pairs if mine != yours), common)

    def leave(self, conversation: str) -> None:
        self.kept.pop(conversation, None)

    def cancel(self, request: str) -> None:
        if request in self._under_way:
            self._cancelled.add(request)

    @property
    def busy(self) -> bool:
        return bool(self._under_way or self._to_prepare or self._refused)

    def step(self) -> list[Piece]:
        if self.hold is not None:
            self.hold.wait(timeout=10)
        self.steps += 1
        pieces, self._refused = self._refused, []
        for name in self._cancelled & self._under_way.keys():
            said = self._under_way.pop(name).said
            pieces.append(Piece(name, "", done=True, outcome="cancelled", tokens=said))
        self._cancelled.clear()
        if self._to_prepare:
            self._prepare_one(self._to_prepare.pop(0))
            return pieces
        self.most_at_once = max(self.most_at_once, len(self._under_way))
        for name, one in list(self._under_way.items()):
            pieces += self._advance(name, one)
        return pieces

    def _prepare_one(self, system: str) -> None:
        if system not in self._prefixes:
            self._prefixes.add(system)
            self.evaluated_tokens += len(system.split())

    def _advance(self, name: str, one: _Composition) -> list[Piece]:
        self.evaluated_tokens += one.unread or 1
        one.unread = 0
        if one.said == len(one.words):
            del self._under_way[name]
            return [Piece(name, "", done=True, tokens=one.said)]
        one.said += 1
        word = one.words[one.said - 1]
        if word.endswith(_ENDLESS):
            one.words.append(word)
        return [Piece(name, word)]
