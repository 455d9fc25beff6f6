"""A caller's question, answered: by a prepared fact, by the office's documents, or composed by the model.

In this order, because each is surer than the next. What the documents answer word for word is said as it
stands; what they only touch upon grounds what the model composes; what it has looked up by a tool does, too
(model_tools); what nobody knows becomes a message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from appliance.conversation import model_tools
from appliance.conversation.answers import sounds_like_a_question
from appliance.conversation.composing import Composing
from appliance.conversation.desk import Desk
from appliance.conversation.facts import answer_of, grounding_sources
from appliance.conversation.flows.agreement import Agreement
from appliance.conversation.prompts import system_prompt
from appliance.conversation.reply import Reply
from appliance.conversation.tools import DONE, NONE, Values, key_of
from appliance.domain import events as ev
from appliance.domain.call import TurnClass
from appliance.domain.commands import CallTool, Expect, FindPassages, SessionCommand
from appliance.settings import Mind

_THINKING: Final = ("thinking_1", "thinking_2", "thinking_3")  # a breath long: the answer is about to come
_WAITING: Final = ("waiting_1", "waiting_2", "waiting_3", "waiting_4")  # it takes longer


@dataclass(frozen=True, slots=True)
class _LookedUp:
    query: int
    question: str


@dataclass(frozen=True, slots=True)
class _Using:
    query: int
    tool: str
    arguments: Values


class Questions:
    """The questions of one call, one at a time."""

    def __init__(self, desk: Desk, mind: Mind, *, has_model: bool, has_documents: bool) -> None:
        self._desk = desk
        self._has_model = has_model
        self._has_documents = has_documents
        self._composing = Composing(desk.call_id, system_prompt(desk.business), mind, desk.talk)
        self._tools = model_tools.schemas(desk.business)
        self._question = ""
        self._looked_up: _LookedUp | None = None
        self._using: _Using | None = None
        self._told = ""  # by a tool, to the question that the model is asked with it

    def count_on_from(self, later: Questions) -> None:
        """Questions that `later` has numbered keep their numbers; what it knows of the mind is known."""
        self._has_model = later._has_model
        self._composing.count_on_from(later._composing)

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is still to come."""
        return self._composing.is_waiting

    def drop(self) -> list[SessionCommand]:
        """The answer is no longer wanted."""
        self._looked_up = self._using = None
        self._told = ""
        return self._composing.drop()

    def bridge(self) -> list[SessionCommand]:
        """The answer takes its time: say that it will come."""
        waiting = _WAITING[self._composing.bridged % len(_WAITING)]
        return self._composing.bridge(self._desk.phrases.say(waiting))

    # --- answering ------------------------------------------------------------------------------

    def fact(self, fact_id: str, question: str) -> str:
        """The prepared answer."""
        desk = self._desk
        return answer_of(fact_id, question, desk.business, desk.phrases, desk.now)

    def ask(self, question: str) -> list[SessionCommand]:
        """An open question: first to the documents, if there are any."""
        if not self._has_documents:
            return self._compose(question, ())
        self._looked_up = _LookedUp(self._desk.course.next_query(), question)
        return [FindPassages(self._desk.call_id, self._looked_up.query, question)]

    def found(self, event: ev.PassagesFound) -> list[SessionCommand]:
        """What the documents say to the question; nothing for one that is no longer asked."""
        asked, self._looked_up = self._looked_up, None
        if asked is None or asked.query != event.query:
            self._looked_up = asked
            return []
        noted = [self._desk.note("source", one.source) for one in event.passages[:1]]
        if event.answer:
            return [*noted, *self._desk.say_then_return(event.answer, TurnClass.FACT)]
        return [*noted, *self._compose(asked.question, tuple(one.text for one in event.passages))]

    def _compose(self, question: str, passages: tuple[str, ...]) -> list[SessionCommand]:
        """Speak what the model composes, if it may be said; until it does, say that we think."""
        desk = self._desk
        if not self._has_model:
            return desk.not_known()
        asks = sounds_like_a_question(question)  # who only paused in a longer story is not spoken into
        thinking = desk.phrases.say(_THINKING[self._composing.asked % len(_THINKING)]) if asks else ""
        about = desk.sheet.for_model(question)
        sources = [
            *grounding_sources(desk.business, desk.now),
            *passages,
            *(desk.sheet.grounding() if about else ()),
        ]
        self._question, self._told = question, ""
        if self._tools:
            question = model_tools.question_in_figures(question, desk.business.language)
        return self._composing.ask(
            question,
            sources,
            thinking,
            desk.tick,
            passage="".join(passages[:1]),
            about=about,
            tools=self._tools,
        )

    def model(self, event: ev.ModelAsked | ev.ReplySentence | ev.ReplyEnded) -> list[SessionCommand]:
        """What the model composed of an answer; an old one is dropped by its number."""
        if not self._composing.answers(event):
            return []
        if isinstance(event, ev.ModelAsked):
            return self._composing.asked_of_model()
        if isinstance(event, ev.ReplySentence) and event.calls_tool:
            return self._tool_wished(event.text)
        if isinstance(event, ev.ReplySentence):
            commands, failed = self._composing.sentence(event.text, self._desk.tick)
            return [*commands, *(self._not_composed() if failed else [])]
        return self._ended()

    def _ended(self) -> list[SessionCommand]:
        reply, answered = self._composing.end()
        asked_again = self._back_to_flow(reply) if answered else []
        closed = self._desk.talk.close(reply)
        return [*asked_again, *closed, *([] if answered else self._not_composed())]

    def _not_composed(self) -> list[SessionCommand]:
        """The model has no answer that may be said: what a tool told stands by itself, nothing else does."""
        told, self._told = self._told, ""
        return self._desk.say_then_return(told, TurnClass.OPEN) if told else self._desk.not_known()

    def _back_to_flow(self, reply: Reply) -> list[SessionCommand]:
        """A detour in the middle of a flow ends with the flow's own question."""
        step = self._desk.question_after_detour()
        if step is None:
            return []
        talk = self._desk.talk
        talk.expectation = step.expectation
        asked: list[SessionCommand] = [Expect(self._desk.call_id, step.expectation)]
        if step.say:
            asked.append(talk.add(reply, step.say))
        return [*asked, *self._desk.follow(step)]

    # --- tools that the model uses --------------------------------------------------------------

    def _tool_wished(self, text: str) -> list[SessionCommand]:
        """The model would use a tool: at once where it only looks, after a yes where it changes something."""
        desk = self._desk
        said = [self._question, *(words for who, words in desk.talk.recent if who == "caller")]
        wish = model_tools.granted(text, desk.business, said)
        tool = desk.business.tool(wish.tool)
        if wish.refused or tool is None:
            return self._tool_refused(wish)
        if tool.changes:
            return [*self.drop(), *self._agree_on(wish)]
        self._using = _Using(desk.course.next_query(), wish.tool, wish.arguments)
        key = key_of(desk.call_id, wish.tool, wish.arguments)
        use = CallTool(desk.call_id, self._using.query, wish.tool, wish.arguments, key)
        return [*self._composing.looks_up(desk.phrases.say("looking_up")), use]

    def _tool_refused(self, wish: model_tools.Wish) -> list[SessionCommand]:
        """What the caller did not say is asked for, if the business says what it is."""
        desk = self._desk
        refused = [desk.note("guard_refused", wish.refused), *self.drop()]
        what = model_tools.missing(wish, desk.business) if desk.flow is None else ""
        return [
            *refused,
            *(desk.say(desk.phrases.say("tool_needs", what=what)) if what else desk.not_known()),
        ]

    def _agree_on(self, wish: model_tools.Wish) -> list[SessionCommand]:
        """Ask for a yes; in the middle of something else nothing is changed."""
        desk = self._desk
        if desk.flow is not None:
            return desk.not_known()
        desk.course.flow = Agreement(wish.tool, wish.arguments, desk.business, desk.phrases)
        return desk.take(desk.course.flow.ask_again())

    def tool_answered(self, event: ev.ToolAnswered) -> list[SessionCommand]:
        """What a tool said: to the model's use of it, or else to a flow's."""
        using, desk = self._using, self._desk
        if using is None or using.query != event.query:
            return desk.told(event)
        self._using = None
        tool = desk.business.tool(using.tool)
        if event.outcome != DONE or tool is None:
            return [*self._composing.drop(), *self._nothing_came(event.outcome)]
        language = desk.business.language
        if said := model_tools.told_by_business(tool, using.arguments, event.result, language):
            return [*self._composing.tell(said), *self._ended()]
        self._told = model_tools.statement(tool, using.arguments, event.result, language)
        if not self._has_model:
            return [*self._composing.drop(), *self._not_composed()]
        return self._composing.ask_on(model_tools.came(self._told, language), self._told)

    def _nothing_came(self, outcome: str) -> list[SessionCommand]:
        """There is no such thing, or nobody could say: offer a message; in the middle of something say so."""
        if self._desk.flow is not None:
            return self._desk.not_known()
        return self._desk.offer_message("tool_nothing" if outcome == NONE else "tool_failed")

    # --- the mind -------------------------------------------------------------------------------

    def mind_state(self, event: ev.MindFound | ev.MindLost) -> list[SessionCommand]:
        """The model can be asked, or no longer; an answer that is under way then will not come."""
        self._has_model = isinstance(event, ev.MindFound)
        if self._has_model or not self._composing.is_waiting:
            return []
        return self.model(ev.ReplyEnded(self._desk.call_id, self._composing.asked, "failed"))
