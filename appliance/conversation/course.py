"""Which flow is under way in a call, what was offered, what earlier flows learned, and what came of them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from appliance.business import Business
from appliance.business.flows import Ending, FlowTable, SlotKind, shipped_flows
from appliance.conversation.fact_sheet import FactSheet
from appliance.conversation.flows.engine import RunningFlow
from appliance.conversation.flows.frame import Filled
from appliance.conversation.flows.offer import Offer
from appliance.conversation.flows.step import Flow, Need, Step, Told, order
from appliance.conversation.phrases import Phrases
from appliance.conversation.summing_up import captured
from appliance.domain.call import Disposition
from appliance.domain.commands import SessionCommand

# A resumed call counts on far from where the lost session did: a number names a booking for good.
_QUERIES_PER_SESSION_MAX: Final = 1000
_DISPOSITIONS: Final = {
    Ending.BOOKED: Disposition.BOOKED,
    Ending.MOVED: Disposition.MOVED,
    Ending.CANCELLED: Disposition.CANCELLED,
    Ending.MESSAGE: Disposition.MESSAGE,
}
_WEIGHT: Final = (
    Disposition.SYSTEM_FAILURE,
    Disposition.BOOKED,
    Disposition.MOVED,
    Disposition.CANCELLED,
    Disposition.TRANSFERRED,
    Disposition.MESSAGE,
)


class Course:
    """The flows of one call."""

    def __init__(
        self, call_id: str, business: Business, phrases: Phrases, first_turn: int, sheet: FactSheet
    ) -> None:
        self._call_id = call_id
        self._business = business
        self._phrases = phrases
        self._sheet = sheet
        self._next_query = first_turn * _QUERIES_PER_SESSION_MAX
        self._awaited = -1  # what the flow waits for, by its number
        self._done: set[Disposition] = set()
        self._known: dict[str, Filled] = {}
        self._matter = ""
        self._captured: dict[str, str] = {}
        self.calling_from = ""
        self.flow: Flow | None = None

    def count_on_from(self, later: Course) -> None:
        """Numbers that `later` has given away are not given again."""
        self._next_query = later._next_query

    @property
    def takes_anything(self) -> bool:
        """Whether whatever is said next answers the question that stands."""
        return isinstance(self.flow, RunningFlow) and self.flow.takes_anything

    @property
    def asks_private(self) -> bool:
        """Whether the question that stands asks for what is nobody's business."""
        return isinstance(self.flow, RunningFlow) and self.flow.asks_private

    def is_in(self, name: str) -> bool:
        """Whether this flow is under way; one that is only offered is not."""
        return self.flow is not None and self.flow.name == name

    @property
    def offers(self) -> str:
        """The flow that is offered, a yes or no question; empty when none is."""
        return self.flow.offered if isinstance(self.flow, Offer) else ""

    def takes_or_offers(self, name: str) -> bool:
        """Whether this flow is under way or offered."""
        return self.is_in(name) or (isinstance(self.flow, Offer) and self.flow.offered == name)

    def known_of(self, slot: str) -> str:
        """What the caller has said of themselves in this call, as it is spoken; empty when nothing."""
        self._learn()
        found = self._known.get(slot) or self._sheet.known().get(slot)
        return found.spoken if found is not None else ""

    @property
    def captured(self) -> dict[str, str]:
        """What flows were told, "flow.slot" to its value, for the record; of a flow that ran twice the last."""
        self._learn()
        return self._captured

    def introduce(self, name: str) -> None:
        """The caller has said their name outside of any flow: no flow asks for it again."""
        if name:
            self._known[SlotKind.NAME] = Filled(name, name)
            self._sheet.learned(self._known)

    @property
    def matter(self) -> str:
        """What the caller's last flow was about, or else what they called for; empty while neither is known."""
        self._learn()
        return self._matter or self._sheet.matter

    def can_begin(self, name: str) -> bool:
        """Whether there is such a flow, and what it needs of the business is there: services, for a diary."""
        table = self._table(name)
        return table is not None and (bool(self._business.services) or not table.of_kind(SlotKind.OPENING))

    def _table(self, name: str) -> FlowTable | None:
        return flow_of(self._business, name)

    # --- beginning and ending -------------------------------------------------------------------

    def begin(self, name: str, now: datetime, *, wished: str = "", service: str | None = None) -> Step:
        """Begin a flow of the business or of the product with what the caller said."""
        self.flow = flow = self._flow(name, wished, service)
        return flow.begin(now)

    def begin_later(self, name: str, now: datetime, *, wished: str, service: str | None) -> None:
        """As `begin`, but it asks nothing yet: its first question stands, and is put by `flow.ask_again`."""
        self.flow = flow = self._flow(name, wished, service)
        flow.begin_later(now)

    def _flow(self, name: str, wished: str, service: str | None) -> RunningFlow:
        self._learn()
        table = self._table(name)
        assert table is not None  # noqa: S101  the session asked `can_begin`
        return RunningFlow(
            table,
            self._business,
            self._phrases,
            calling_from=self.calling_from,
            wished=wished,
            service=service,
            known={**self._sheet.known(), **self._known},
        )

    def offer(
        self, phrase: str, name: str = "message", *, before: Flow | None = None, goes_on: bool = False
    ) -> Step:
        """Offer a flow by a yes or no question. `before` goes on if its question is answered all the same.

        `goes_on`: after a no, too.
        """
        self._learn()
        question = self._phrases.say(phrase)
        self.flow = Offer(question, name, self._phrases, before, goes_on=goes_on)
        return self.flow.ask_again()

    def offered(self, question: str, name: str, *, before: Flow | None = None, in_vain: bool = False) -> None:
        """`question` has been put: a yes begins the flow `name`, after a no `before` goes on, if there is one.

        `in_vain`: instead of going on, `before` is told what else to look for, if anything.
        """
        self._learn()
        goes_on = before is not None and not in_vain
        self.flow = Offer(question, name, self._phrases, before, goes_on=goes_on, in_vain=in_vain)

    def set_aside(self) -> Flow | None:
        """Something else comes first: what was under way, to go on with later; None for an offer, or nothing."""
        self._learn()
        flow, self.flow = self.flow, None
        return flow if isinstance(flow, RunningFlow) else None

    def take_up(self, flow: Flow) -> Step:
        """Go on with what was set aside: its question stands again."""
        self.flow = flow
        return flow.ask_again()

    def drop(self) -> None:
        """The caller leaves what is under way; what they said of themselves stays known."""
        self._learn()
        self.flow = None

    def finish(self, outcome: Ending) -> None:
        """The flow is over."""
        self.drop()
        if (disposition := _DISPOSITIONS.get(outcome)) is not None:
            self._done.add(disposition)

    def _learn(self) -> None:
        if isinstance(self.flow, RunningFlow):
            self._known |= self.flow.known
            for slot, one in self.flow.captured.items():
                self._captured[f"{self.flow.name}.{slot}"] = captured(one.value, self._business.language)
            self._sheet.learned(self._known)
            self._matter = self.flow.about or self._matter

    # --- going on -------------------------------------------------------------------------------

    def heard(self, text: str, now: datetime, *, sure: bool = True) -> Step | None:
        """What the flow makes of the caller's words; None when there is none or it makes nothing of them."""
        if self.flow is None:
            return None
        step = self.flow.heard(text, now, sure=sure)
        self._learn()
        if isinstance(self.flow, Offer) and self.flow.resumed is not None:
            self.flow = self.flow.resumed
        return step

    def told(self, answer: Told, now: datetime) -> Step | None:
        """What the flow makes of the diary's answer; None when nobody asks any more."""
        if self.flow is None or answer.query != self._awaited:
            return None
        return self.flow.told(answer, now)

    def send(self, need: Need) -> SessionCommand:
        """What a flow needs, as a command with a number of its own."""
        self._awaited = self.next_query()
        return order(need, self._call_id, self._awaited)

    def next_query(self) -> int:
        """The number of the next thing that is asked of the store."""
        query = self._next_query
        self._next_query += 1
        return query

    # --- what came of it ------------------------------------------------------------------------

    def note(self, disposition: Disposition) -> None:
        """True whatever the caller does next."""
        self._done.add(disposition)

    @property
    def result(self) -> Disposition | None:
        """The weightiest thing that was done in this call; None when nothing was."""
        return next((one for one in _WEIGHT if one in self._done), None)

    def fail(self) -> None:
        """The call ends by a fault, whatever was done before."""
        self._done = {Disposition.SYSTEM_FAILURE}


def flow_of(business: Business, name: str) -> FlowTable | None:
    """A flow by its name: the business's own, or else the product's."""
    own = {flow.name: flow for flow in business.flows}
    return own.get(name) or shipped_flows().get(name)
