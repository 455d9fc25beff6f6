"""An open question on its way through the language model: asked, composed, checked sentence by sentence.

The model proposes, code disposes: a sentence is spoken only when the guard finds every number, name and
promise in it among what the model was given. Answers to old questions are dropped by their number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from appliance.conversation.guard import Grounding, check
from appliance.conversation.prompts import declines, question_prompt
from appliance.conversation.reply import Reply
from appliance.conversation.talk import Talk
from appliance.domain import events as ev
from appliance.domain.call import CallEvent, TurnClass
from appliance.domain.commands import AskModel, CancelAsk, Note, SessionCommand, ToolSchema
from appliance.domain.sound import ms
from appliance.settings import Mind

_CLAUSE_ENDS = (",", ";", ":", "-", "–", "—")
_NOBODYS: Final = -1
"""The number of no question: whatever else is composed of it is dropped."""


@dataclass(frozen=True, slots=True)
class _Question:
    ask: int
    reply: Reply
    grounding: Grounding
    acknowledgement: str
    prompt: str


class Composing:
    """At most one question at a time, numbered."""

    def __init__(self, call_id: str, system: str, limits: Mind, talk: Talk) -> None:
        self._call_id = call_id
        self._system = system
        self._limits = limits
        self._talk = talk
        self._question: _Question | None = None
        self.asked = 0
        self.bridged = 0

    def count_on_from(self, later: Composing) -> None:
        """Questions that `later` has numbered keep their numbers."""
        self.asked, self.bridged = later.asked, later.bridged

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is still to come."""
        return self._question is not None

    def ask(
        self,
        question: str,
        sources: Sequence[str],
        acknowledgement: str,
        tick: int,
        *,
        passage: str = "",
        about: str = "",
        tools: tuple[ToolSchema, ...] = (),
    ) -> list[SessionCommand]:
        """Ask. `passage` is what a document says about it, `about` what is known of the caller.

        `tools`: what the model may have looked up instead of answering at once (`looks_up`).

        The acknowledgement, if any, is said only if the answer is not there already (`asked_of_model`).
        """
        self.asked += 1
        reply, begun = self._talk.say([], TurnClass.OPEN, tick, is_open=True)
        prompt = question_prompt(question, self._talk.recent, passage, about)
        self._question = _Question(self.asked, reply, Grounding(sources, question), acknowledgement, prompt)
        return [self._order(prompt, tools), *begun]

    def _order(self, prompt: str, tools: tuple[ToolSchema, ...] = ()) -> AskModel:
        tokens, limit_ms = self._limits.answer_tokens, self._limits.limit_ms
        return AskModel(self._call_id, self.asked, self._system, prompt, tokens, limit_ms, tools)

    def looks_up(self, words: str) -> list[SessionCommand]:
        """Something is looked up before it is answered: say so. The reply stays open for `ask_on`, or `tell`."""
        assert self._question is not None  # noqa: S101  the session asked `answers` first
        self._question = replace(self._question, ask=_NOBODYS)
        return [self._talk.add(self._question.reply, words, acknowledges=True)]

    def ask_on(self, came: str, told: str) -> list[SessionCommand]:
        """Ask the same again with what was found behind it (`came`); only what it says (`told`) may be spoken."""
        assert self._question is not None  # noqa: S101  an answer to nothing is dropped before
        self.asked += 1
        old = self._question
        grounding = Grounding([told], old.grounding.question)
        self._question = replace(old, ask=self.asked, grounding=grounding, acknowledgement="")
        return [self._order(f"{old.prompt}{came}")]

    def tell(self, words: str) -> list[SessionCommand]:
        """What was found is said in the business's own words; `end` follows."""
        assert self._question is not None  # noqa: S101  an answer to nothing is dropped before
        return [self._talk.add(self._question.reply, words)]

    def asked_of_model(self) -> list[SessionCommand]:
        """The model has the question, and nothing of its answer has come before: say that we think."""
        assert self._question is not None  # noqa: S101  the session asked `answers` first
        reply = self._question.reply
        if reply.speeches or not self._question.acknowledgement:
            return []
        return [self._talk.add(reply, self._question.acknowledgement, acknowledges=True)]

    def bridge(self, words: str) -> list[SessionCommand]:
        """The line has been silent for a second and the answer is still to come: say that it will."""
        if self._question is None or _is_begun(self._question.reply):
            return []
        self.bridged += 1
        return [self._talk.add(self._question.reply, words, acknowledges=True)]

    def answers(self, event: ev.ModelAsked | ev.ReplySentence | ev.ReplyEnded) -> bool:
        """Whether `event` belongs to the question that stands."""
        return self._question is not None and event.ask == self._question.ask

    def sentence(self, text: str, tick: int) -> tuple[list[SessionCommand], bool]:
        """A sentence, or its first clause, was composed: the commands, and whether the answer failed.

        What was said and stands by itself is an answer; a clause whose rest may not be said is none.
        """
        assert self._question is not None  # noqa: S101  the session asked `answers` first
        reply = self._question.reply
        if declines(text):  # the model says itself that it does not know: our own words are better
            return self.drop(), not _is_answered(reply)
        verdict = check(text, self._question.grounding, before=_hanging(reply))
        if verdict.allowed:
            return [self._talk.add(reply, text)], False
        refused = Note(self._call_id, CallEvent(ms(tick), "guard_refused", verdict.reason))
        return [refused, *self.drop()], not _is_answered(reply)

    def end(self) -> tuple[Reply, bool]:
        """No more will be composed: the reply, still open, and whether it holds an answer."""
        assert self._question is not None  # noqa: S101  the session asked `answers` first
        reply, self._question = self._question.reply, None
        return reply, _is_answered(reply)

    def drop(self) -> list[SessionCommand]:
        """The answer is no longer wanted."""
        if self._question is None:
            return []
        question, self._question = self._question, None
        return [CancelAsk(self._call_id, question.ask), *self._talk.close(question.reply)]


def _is_begun(reply: Reply) -> bool:
    return any(not speech.acknowledges for speech in reply.speeches.values())


def _is_answered(reply: Reply) -> bool:
    """Whether something was answered, and not only begun."""
    return _is_begun(reply) and not _hanging(reply)


def _hanging(reply: Reply) -> str:
    """The clause that was said last and waits for the rest of its sentence; empty when none does."""
    composed = [speech.text for speech in reply.speeches.values() if not speech.acknowledges]
    return composed[-1] if composed and composed[-1].rstrip().endswith(_CLAUSE_ENDS) else ""
