"""Runs any flow: enters its states, takes answers, reads back, corrects, and knows when it is stuck.

The table (appliance.business.flows) says what is asked and where each answer leads; the slots say how an
answer is heard. A state that needs nothing from the caller or the diary is passed through at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from appliance.business import Business
from appliance.business.flows import Deed, FlowTable, SlotKind, StateTable
from appliance.conversation.answers import sounds_like_a_question, yes_or_no
from appliance.conversation.assent import condition_in, wants_change
from appliance.conversation.flows import read_back
from appliance.conversation.flows.deeds import follows, need_for
from appliance.conversation.flows.frame import GAP, Answer, Branch, Filled, Frame
from appliance.conversation.flows.kinds import KINDS
from appliance.conversation.flows.moment import OpeningSlot
from appliance.conversation.flows.patience import REPEATS, Patience
from appliance.conversation.flows.slots import Slot, filled_service
from appliance.conversation.flows.step import Step, Told
from appliance.conversation.flows.tool_state import is_refused, leading_on, need_of
from appliance.conversation.phrases import Phrases
from appliance.domain.appointment import Opening
from appliance.domain.events import BookingRefused, ToolAnswered
from appliance.domain.expectation import Expectation
from appliance.errors import Misused

_KEYS = {Expectation.PHONE: "keys_phone", Expectation.YES_NO: "keys_yes_no"}


class RunningFlow:
    """One flow in one call. `wished` is what the caller said that began it, `known` what they said before."""

    def __init__(
        self,
        table: FlowTable,
        business: Business,
        phrases: Phrases,
        *,
        calling_from: str = "",
        wished: str = "",
        service: str | None = None,
        known: Mapping[str, Filled] | None = None,
    ) -> None:
        self._table = table
        self._frame = Frame(table, business, phrases, calling_from, wished, wished)
        self._frame.said = self._frame.wished = self._fluent(wished)
        self._slots = {name: KINDS[slot.kind](name, slot) for name, slot in table.slots.items()}
        self._state = table.begins
        self._patience = Patience()
        self._changing = False
        self._used_up: set[str] = set()
        self._waits = False
        self._recall(known or {}, service)

    def _recall(self, known: Mapping[str, Filled], service: str | None) -> None:
        for name, slot in self._table.slots.items():
            if slot.remembered and name in known:
                self._frame.filled[name] = known[name]
        named = filled_service(service, self._frame)
        if named is not None and (slot_name := self._table.of_kind(SlotKind.SERVICE)):
            self._frame.filled[slot_name] = named

    @property
    def name(self) -> str:
        """What the flow is called."""
        return self._table.name

    @property
    def known(self) -> dict[str, Filled]:
        """What was said here that counts for the rest of the call."""
        return self._frame.known

    @property
    def captured(self) -> dict[str, Filled]:
        """What was said here that may be kept on record."""
        return self._frame.captured

    @property
    def about(self) -> str:
        """What it is about, as far as it was said: the words of a message, a service, an appointment; empty."""
        return self._frame.about

    @property
    def takes_anything(self) -> bool:
        """Whether the question that stands is answered by any words at all."""
        asked = self._here.ask
        return bool(asked) and self._table.slots[asked].kind is SlotKind.TEXT

    @property
    def asks_private(self) -> bool:
        """Whether the answer to the question that stands is nobody's business."""
        asked = self._here.ask
        return bool(asked) and self._table.slots[asked].private

    # --- the moves ------------------------------------------------------------------------------

    def begin(self, now: datetime) -> Step:
        """Start with whatever the caller has said already: "an oil change on tuesday"."""
        self._frame.now, self._waits = now, False
        self._volunteered(self._frame.wished)
        return self._enter(self._table.begins)

    def begin_later(self, now: datetime) -> None:
        """Wait: something that was asked in the same breath is answered first. `ask_again` begins."""
        self._frame.now, self._waits = now, True

    def heard(self, text: str, now: datetime, *, sure: bool = True) -> Step | None:
        """Take the caller's answer to the question that stands."""
        step = self._heard(text, now, sure=sure)
        return step and self._not_for_ever(step)

    def _heard(self, text: str, now: datetime, *, sure: bool) -> Step | None:
        text = text if self.takes_anything else self._fluent(text)
        self._frame.now, self._frame.said = now, text
        if self._waits:
            return None if sounds_like_a_question(text) else self.begin(now)
        state = self._here
        if state.ask:
            return self._heard_on_ask(text, sure=sure)
        if state.confirm:
            return self._heard_on_confirm(text, sure=sure)
        return self._heard_on_offer(text) if state.flow else None

    def told(self, answer: Told, now: datetime) -> Step:
        """What the diary or the message book said to a slot's question or to a deed."""
        return self._not_for_ever(self._told(answer, now))

    def _told(self, answer: Told, now: datetime) -> Step:
        self._frame.now = now
        state = self._here
        if state.ask:
            return self._carry_on(self._slots[state.ask].told(answer, self._frame)) or self.ask_again()
        if isinstance(answer, ToolAnswered):
            return self._after_tool(leading_on(state, answer, self._frame))
        key = follows(answer, state)
        if key == "taken" and isinstance(answer, BookingRefused):
            return self._taken_meanwhile(state.on[key], answer.openings)
        return self._enter(state.on[key] if key else state.next)

    def ask_again(self) -> Step:
        """The question of the state we are in; the first one for a flow that waited."""
        if self._waits:
            return self.begin(self._frame.now)
        state = self._here
        if self._changing:
            return Step(self._frame.say(state.change))
        if state.ask:
            return self._slots[state.ask].ask(self._frame)
        return self._read_back() if state.confirm else Step(self._frame.say("one_moment"))

    def missed(self) -> Step:
        """Ask differently, then offer keys or repeat, then go on with a gap, or own that we are stuck."""
        if self._waits:
            return self.begin(self._frame.now)
        self._patience.misses += 1
        asked = self._here.ask
        step = self.ask_again()
        if self._patience.misses == 1:
            return self._differently(step)
        keys = (asked and self._slots[asked].keys) or _KEYS.get(step.expectation)
        if self._patience.misses == REPEATS and keys:
            return replace(step, say=self._frame.say(keys))
        if asked and self._table.slots[asked].gap:
            self._frame.filled[asked] = GAP
            return self._enter(self._leading(GAP))
        return step if self._patience.misses <= REPEATS else self._stuck(step)

    def _stuck(self, step: Step) -> Step:
        """Where the table says it goes on; else there must be another way, and the question stands all the same."""
        elsewhere = self._here.on.get("stuck")
        return self._enter(elsewhere) if elsewhere else replace(step, stuck=True)

    def _not_for_ever(self, step: Step) -> Step:
        """Answers that lead to the same words again and again ("I have nothing free then") lead nowhere."""
        if not step.say or step.stuck or step.outcome is not None:
            return step
        goes_round = self._patience.goes_round(step.say, read_back=bool(self._here.confirm))
        return self._stuck(step) if goes_round else step

    def _differently(self, step: Step) -> Step:
        asked = self._here.ask
        if asked and len(self._table.slots[asked].ask) > 1 and step.say == self._plain_question():
            return self._slots[asked].ask(self._frame, attempt=1)
        return replace(step, say=self._frame.say("say_again"))

    def _plain_question(self) -> str:
        """What the slot asks when nothing of an answer is there yet: only that has other words."""
        asked = self._slots[self._here.ask]
        return type(asked)(asked.name, asked.table).ask(self._frame).say

    # --- asking ---------------------------------------------------------------------------------

    def _heard_on_ask(self, text: str, *, sure: bool) -> Step | None:
        slot = self._slots[self._here.ask]
        answer = slot.heard(text, self._frame)
        if answer is None and slot.table.gap and self._frame.sayings.withholds.search(text.lower()):
            return self._carry_on(GAP)
        if answer is None:
            return self._put_right_earlier(text)
        if isinstance(answer, Filled) and slot.is_doubtful and not sure and self._patience.doubts():
            return slot.ask(self._frame, attempt=1)
        self._volunteered(text, but=slot.name)
        self._patience.answered()
        return self._carry_on(answer)

    def _fluent(self, text: str) -> str:
        """`text` without the sounds that say nothing: "monday uh at uh nine"."""
        return self._frame.sayings.hesitations.sub("", text).strip()

    def _put_right_earlier(self, text: str) -> Step | None:
        """Something said before is corrected while something else is asked; then the question stands again."""
        named = read_back.named_anew_in(text, self._slots, self._frame)
        if named is not None:
            self._frame.filled.update([named])
            return self.ask_again()
        changes = read_back.thought_again_in(text, self._slots, self._frame)
        steps = (self._put_right(*change) for change in changes)
        return next((step for step in steps if step is not None), None)

    def _carry_on(self, answer: Answer) -> Step | None:
        """Where the answer to what is asked here leads."""
        if isinstance(answer, Branch):
            return self._enter(self._here.on[answer.key])
        if isinstance(answer, Filled):
            self._fill(self._here.ask, answer)
            return self._enter(self._leading(answer))
        return answer

    def _fill(self, name: str, answer: Filled) -> None:
        self._patience.filled()
        self._frame.filled[name] = answer
        if self._table.slots[name].kind is SlotKind.TEXT:
            self._volunteered(answer.spoken, but=name)

    def _volunteered(self, text: str, but: str = "") -> None:
        """Whatever else the caller said that a slot still waits for."""
        waiting = [slot for slot in self._slots.values() if slot.name not in {but, *self._frame.filled}]
        self._frame.filled.update(read_back.volunteered_in(text, waiting, self._frame))

    def _leading(self, answer: Filled) -> str:
        """The state that follows an answer: a choice or a yes or no may have a branch of its own."""
        yes_no = {True: "yes", False: "no"}
        key = yes_no[answer.value] if isinstance(answer.value, bool) else str(answer.value)
        return self._here.on.get(key) or self._here.next

    # --- confirming -----------------------------------------------------------------------------

    def _read_back(self) -> Step:
        return Step(self._frame.say_first(self._here.confirm), Expectation.YES_NO)

    def _heard_on_confirm(self, text: str, *, sure: bool) -> Step | None:
        state, answer = self._here, yes_or_no(text, self._frame.language)
        if self._changing:
            return self._corrected(text) or self._added(text) or self._nothing_to_change(answer)
        if (changed := self._changed_with_yes(text, answer)) is not None:
            return changed
        if read_back.asks_with_yes(
            text, self._frame
        ):  # what is asked first is answered first; then we ask again
            return None
        if answer and not sure and self._patience.doubts():  # one voice's "no" is heard as a faint "yeah"
            return Step(self._frame.say("was_that_yes"), Expectation.YES_NO)
        if answer:
            return self._enter(state.on.get("yes") or state.next)
        if answer is None and self._frame.sayings.asks_back.search(text):
            return self._read_back()
        if (put_right := self._corrected(text) or self._added(text)) is not None:
            return put_right
        return None if answer is None else self._declined(state)

    def _changed_with_yes(self, text: str, answer: bool | None) -> Step | None:
        """A yes and a change is the change: "yes but make it ten", "yes at eleven"."""
        if condition := condition_in(text, self._frame.language):
            return self._corrected(condition) or self._added(condition) or self._asked_what(condition)
        change = read_back.differing_in(text, self._correctable, self._frame) if answer else None
        return self._put_right(*change) if change is not None else None

    def _asked_what(self, condition: str) -> Step | None:
        """Something is to be otherwise, and was not said in words we know."""
        self._changing = bool(self._here.change) and wants_change(condition, self._frame.language)
        return self.ask_again() if self._changing else None

    def _nothing_to_change(self, answer: bool | None) -> Step | None:
        """ "What should I change?" - "nothing, it's fine": then it is read back, and agreed to or not."""
        self._changing = answer is None
        return None if self._changing else self._read_back()

    def _heard_on_offer(self, text: str) -> Step | None:
        """What was looked for in vain is put right where another flow is offered: "no, try 303 555 0119"."""
        answers = ((slot.name, slot.instead(text, self._frame)) for slot in self._correctable)
        return next((self._put_right(*one) for one in answers if one[1] is not None), None)

    def _declined(self, state: StateTable) -> Step:
        if "no" in state.on:
            return self._enter(state.on["no"])
        self._changing = bool(state.change) and len(state.correct) > 1
        if self._changing or not state.correct:
            return self.ask_again()
        return self._asked_anew(state.correct[0])

    @property
    def _correctable(self) -> list[Slot]:
        return [self._slots[name] for name in self._here.correct]

    def _corrected(self, text: str) -> Step | None:
        """The part that is put right; the rest stands, except what followed from it."""
        change = read_back.correction_in(text, self._correctable, self._frame)
        return self._put_right(*change) if change is not None else None

    def _added(self, text: str) -> Step | None:
        """Something nobody is asked for is put right."""
        addition = read_back.addition_in(text, self._slots, self._frame)
        if addition is None:
            return None
        self._frame.filled.update([addition])
        self._changing = False
        return self._read_back()

    def _put_right(self, name: str, answer: Answer) -> Step | None:
        self._forget(name)
        self._state = self._table.asking(name)
        self._patience.answered()
        self._changing = False
        return self._carry_on(answer)

    def _asked_anew(self, name: str) -> Step:
        self._slots[name].forget()
        self._forget(name)
        self._state = self._table.asking(name)
        return self._slots[name].ask(self._frame)

    def _forget(self, name: str) -> None:
        """A slot is empty again; another service makes the moment found for it worthless."""
        self._frame.filled.pop(name, None)
        if self._table.slots[name].kind in {SlotKind.SERVICE, SlotKind.APPOINTMENT}:
            self._frame.filled.pop(self._table.of_kind(SlotKind.OPENING), None)

    def _taken_meanwhile(self, target: str, openings: tuple[Opening, ...]) -> Step:
        """Somebody else was quicker: choose again."""
        slot = self._slots[self._table.states[target].ask]
        if not isinstance(slot, OpeningSlot):
            raise Misused(f'on.taken leads to "{target}", which asks for no opening')
        self._forget(slot.name)
        self._state = target
        sorry = self._frame.say("taken_meanwhile")
        step = self._carry_on(slot.taken_meanwhile(openings, self._frame))
        return replace(step, say=f"{sorry} {step.say}") if step is not None else Step(sorry)

    # --- entering -------------------------------------------------------------------------------

    @property
    def _here(self) -> StateTable:
        return self._table.states[self._state]

    def _enter(self, name: str) -> Step:
        """Go to a state, and on through every state that needs nothing of anybody."""
        said: list[str] = []
        while True:
            self._state, self._changing = name, False
            self._patience.answered()
            state = self._here
            speaks = state.say and not is_refused(state, self._frame)
            said += [self._frame.say_first(state.say)] if speaks else []
            if state.ask in self._used_up:
                self._used_up.discard(state.ask)
                self._slots[state.ask].forget()
                self._forget(state.ask)
            if state.ask and state.ask in self._frame.filled:
                name = self._leading(self._frame.filled[state.ask])
                continue
            if (step := self._stopping(state)) is not None:
                return replace(step, say=" ".join([*said, *([step.say] if step.say else [])]))
            name = state.next

    def _stopping(self, state: StateTable) -> Step | None:
        """The move of a state that waits for somebody, or ends; None when it is passed through."""
        if state.ask:
            return self._carry_on(self._slots[state.ask].begin(self._frame))
        if state.confirm:
            return self._read_back()
        if state.do is Deed.TOOL:
            need = need_of(state, self._frame)
            return self._after_tool(need) if isinstance(need, str) else Step(need=need)
        if state.do:
            return Step(need=need_for(state.do, self._frame))
        if state.end:
            return Step(outcome=state.end)
        return Step(expectation=Expectation.YES_NO, offers=state.flow) if state.flow else None

    def _after_tool(self, target: str) -> Step:
        """On from a tool; whatever was given to it is asked anew where the flow comes to ask for it again."""
        self._used_up |= {*self._here.give.values()}
        return self._enter(target)
