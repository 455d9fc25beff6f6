"""One call's questions to the model, some of them asked before it is certain that they will be.

The mind knows a question by a number of ours, the session by its own; a guess has none until the session
asks the same thing. Then what was composed in the meantime is handed over at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from appliance.domain.commands import AskModel, CancelAsk, MindCommand, ToolSchema
from appliance.domain.events import ReplyEnded, ReplySentence

Answer = ReplySentence | ReplyEnded


@dataclass
class _Asked:
    """A question the mind works on. `ask` is the session's number, None while it is only a guess."""

    system: str
    prompt: str
    tools: tuple[ToolSchema, ...] = ()
    ask: int | None = None
    kept: list[Answer] = field(default_factory=list)


class Questions:
    """Numbers questions and matches guesses. `send` gives an order to the mind; False when there is none."""

    def __init__(self, call_id: str, send: Callable[[MindCommand], bool]) -> None:
        self._call_id = call_id
        self._send = send
        self._number = 0
        self._asked: dict[int, _Asked] = {}

    def guess(self, question: AskModel) -> None:
        """The session may ask this soon. A guess that said something else is taken back."""
        if any(self._is_same(one, question) for one in self._asked.values()):
            return
        self.drop_guesses()
        self._ask(question, ask=None)

    def ask(self, question: AskModel) -> list[Answer]:
        """The session asks: what has been composed already, if it was guessed; failed if there is no mind."""
        for asked in self._asked.values():
            if asked.ask is None and self._is_same(asked, question):
                asked.ask = question.ask
                kept, asked.kept = asked.kept, []
                return [replace(answer, ask=question.ask) for answer in kept]
        self.drop_guesses()
        if self._ask(question, ask=question.ask):
            return []
        return [ReplyEnded(self._call_id, question.ask, "failed")]

    def cancel(self, order: CancelAsk) -> None:
        """The session wants no answer any more."""
        self._forget([number for number, asked in self._asked.items() if asked.ask == order.ask])

    def drop_guesses(self) -> None:
        """The caller said something else."""
        self._forget([number for number, asked in self._asked.items() if asked.ask is None])

    def came(self, answer: Answer) -> Answer | None:
        """An answer of the mind as the session knows it; None while nobody has asked for it, or any more."""
        asked = self._asked.get(answer.ask)
        if asked is None:
            return None
        if asked.ask is None:
            asked.kept.append(answer)
            return None
        if isinstance(answer, ReplyEnded):
            del self._asked[answer.ask]
        return replace(answer, ask=asked.ask)

    def mind_lost(self) -> None:
        """Whoever worked on them is gone."""
        self._asked.clear()

    def _ask(self, question: AskModel, ask: int | None) -> bool:
        self._number += 1
        if not self._send(replace(question, ask=self._number)):
            return False
        self._asked[self._number] = _Asked(question.system, question.prompt, question.tools, ask)
        return True

    def _forget(self, numbers: list[int]) -> None:
        for number in numbers:
            del self._asked[number]
            self._send(CancelAsk(self._call_id, number))

    def _is_same(self, asked: _Asked, question: AskModel) -> bool:
        asks = (question.system, question.prompt, question.tools)
        return (asked.system, asked.prompt, asked.tools) == asks
