"""Plays a conversation by text, without sound: a `.call` file against the session.

A play is readable by somebody who runs an office:

    now: 2026-11-19T10:00
    agent: Thank you for calling ...
    caller: i'd like an oil change
    agent: Sure, an oil change. Which day would suit you?
    expect disposition: booked

`agent:` lines must come in this order, each said since the last one ("..." stands for any words). Before the
first line that is not one of them stand `business:`, `now:`, `calling from:` and `transfers: no` (for a telephone
that can put nobody through; who is put through: rehearsal_colleagues). `tool order_status: state ready` is what a
tool says from here on (rehearsal_tools), `documents: answer ...` what documents do (rehearsal_documents). Other
lines are what the world does: `caller:`, `likely: fact:hours 0.8` (what the next words probably mean; `likely:
fact:hours 0.8 what are your hours`: a part of them), `doubtful: 0.3` (how sure the recogniser is of them),
`interrupts: 0.5` (share of the sentence that was heard), `noise:`, `silence: 6000`, `key: 5`, `model: a composed
sentence`, `mind: lost`, `hang up:`. `appointment: cleaning 2026-11-24 09:30 Alice Miller +13035550172` stands in
the diary already. `expect` looks at what came of it; "none" where nothing did.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from appliance.conversation.rehearsal_colleagues import briefed, of_colleague, of_transfer, rung
from appliance.conversation.rehearsal_documents import NOTHING, can_be_found, found
from appliance.conversation.rehearsal_tools import Said, answered, composed, said_by_tool, used
from appliance.conversation.session import Session
from appliance.domain import commands as do
from appliance.domain import events as ev
from appliance.domain.appointment import Appointment, Message
from appliance.domain.call import Disposition, Turn
from appliance.domain.sound import ticks

Fetch = Callable[[do.DiaryCommand | do.TakeMessage], ev.SessionEvent]
FIRST_MOMENT = "2026-11-19T10:00"
"""When a play takes place that does not say so itself: office time, a Thursday."""
_COMMENT = re.compile(r"(?:^|\s)#")  # pound at the end of keys is a key
_LETTERS_PER_TICK = 0.3
_PAUSE_TICKS = ticks(600)


class PlayFailed(AssertionError):
    """The conversation did not go as the play says: in which line, what was wanted, what was said or found."""

    def __init__(self, line: int, complaint: str, *, wanted: str = "", said: str = "") -> None:
        told = f"wanted: {wanted}" if wanted else complaint
        super().__init__(f"line {line}: {complaint or told}" + (f"\n    said: {said}" if said else ""))
        self.line, self.complaint, self.wanted, self.said = line, complaint, wanted, said


@dataclass
class Rehearsal:
    """A session with a stage around it: it speaks, the stage plays the telephone, the diary and the model."""

    session: Session
    fetch: Fetch
    call_id: str = "play"
    tick: int = 0
    said: list[str] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    done: list[do.SessionCommand] = field(default_factory=list)
    disposition: Disposition | None = None
    asks: list[do.AskModel] = field(default_factory=list)
    likely: tuple[ev.IntentScore, ...] = ()
    likely_of: Callable[[str], tuple[ev.IntentScore, ...]] | None = None
    """What words probably mean where nobody says it (`likely`)."""
    confidence: float = 1.0
    look_up: Callable[[do.FindPassages], ev.PassagesFound | None] | None = None
    """The office's documents; without them `documents`. None: they have not answered yet."""
    documents: str = NOTHING
    """What documents say to a question in a play (rehearsal_documents)."""
    tools: dict[str, Said] = field(default_factory=dict)
    """What the business's tools say, by name (rehearsal_tools)."""
    _speaking: list[do.Speak] = field(default_factory=list)

    def tell(self, event: ev.SessionEvent) -> None:
        """Let `event` happen and carry out what comes of it, and what comes of that."""
        waiting = [event]
        while waiting:
            for command in self.session.handle(waiting.pop(0), self.tick):
                waiting += self._carry_out(command)

    def _carry_out(self, command: do.SessionCommand) -> list[ev.SessionEvent]:
        self.done.append(command)
        match command:
            case do.Speak(text=text):
                self.said.append(text)
                self._speaking.append(command)
            case do.FindOpenings() | do.Book() | do.TakeMessage():
                return [self.fetch(command)]
            case do.FindAppointments() | do.MoveAppointment() | do.CancelAppointment():
                return [self.fetch(command)]
            case do.CallTool():
                return [answered(command, self.tools)]
            case do.FindPassages():
                passages = self.look_up(command) if self.look_up else found(command, self.documents)
                return [passages] if passages is not None else []
            case do.SaveTurn(turn=turn):
                self.turns.append(turn)
            case do.AskModel():
                self.asks.append(command)
                return [ev.ModelAsked(self.call_id, command.ask)]
            case do.JoinCalls(leg_id=leg_id):
                return [ev.CallsJoined(self.call_id, leg_id)]
            case do.HangUp(call_id=ended) if ended == self.call_id:
                self.finish_speaking()
                return [ev.CallerHungUp(self.call_id, self.tick, 200)]
            case do.CloseCall(disposition=disposition):
                self.disposition = disposition
            case _:
                pass
        return []

    # --- the telephone --------------------------------------------------------------------------

    def answer(self, now: datetime, caller: str = "") -> None:
        """The call is answered."""
        self.tell(ev.CallAnswered(self.call_id, caller, now.isoformat()))

    def finish_speaking(self) -> None:
        """Everything that was to be said is played to its end."""
        while self._speaking:
            self._play(self._speaking.pop(0), 1.0)

    def _play(self, speak: do.Speak, share: float) -> None:
        self.tell(ev.VoiceReady(self.call_id, speak.speech, self.tick))
        self.tell(ev.SpeechBegan(self.call_id, speak.speech, self.tick))
        self.tick += int(len(speak.text) / _LETTERS_PER_TICK * share) + 1
        self.tell(ev.SpeechPlayed(self.call_id, speak.speech, self.tick, share, over=True))

    def caller(self, text: str) -> None:
        """The caller waits until we are done, then says `text`."""
        self.finish_speaking()
        self._utter(text)

    def interrupts(self, share: float, text: str) -> None:
        """The caller talks over us when `share` of the sentence being said has been heard."""
        if self._speaking:
            now, self._speaking = self._speaking[0], []
            self.tell(ev.VoiceReady(self.call_id, now.speech, self.tick))
            self.tell(ev.SpeechBegan(self.call_id, now.speech, self.tick))
            self.tick += int(len(now.text) / _LETTERS_PER_TICK * share)
            self.tell(ev.CallerInterrupted(self.call_id, self.tick))
            self.tell(ev.SpeechPlayed(self.call_id, now.speech, self.tick, share, over=True))
        self._utter(text)

    def _utter(self, text: str) -> None:
        started = self.tick
        self.tick += int(len(text) / _LETTERS_PER_TICK) + 1
        ended, self.tick = self.tick, self.tick + _PAUSE_TICKS
        likely, self.likely = self.likely, ()
        if not likely and self.likely_of is not None:
            likely = self.likely_of(text)
        sure, self.confidence = self.confidence, 1.0
        self.tell(ev.UtteranceHeard(self.call_id, text, started, ended, self.tick, self.tick, sure, likely))

    def silence(self, silent_ms: int) -> None:
        """Nobody speaks for `silent_ms` after we are done."""
        self.finish_speaking()
        for second in range(1000, silent_ms + 1, 1000):
            self.tick += ticks(1000)
            self.tell(ev.CallerSilent(self.call_id, self.tick, second))
            if self._speaking:
                return

    def key(self, digit: str) -> None:
        """A key is pressed."""
        self.tell(ev.DigitPressed(self.call_id, digit, self.tick))

    def model_says(self, text: str) -> None:
        """The model composes one sentence in answer to the last question."""
        self.tell(composed(self.call_id, self.asks[-1].ask, text))

    def model_ends(self, outcome: str = "done") -> None:
        """The model is done, or will not be."""
        self.tell(ev.ReplyEnded(self.call_id, self.asks[-1].ask, outcome))

    def hang_up(self) -> None:
        """The caller hangs up."""
        self.tell(ev.CallerHungUp(self.call_id, self.tick, 200))


def perform(text: str, rehearsal: Rehearsal) -> None:
    """Play a `.call` file; PlayFailed names the line that did not happen."""
    stage = Stage(rehearsal)
    for number, word, rest in lines_of(text):
        stage.play(number, word, rest)
    stage.nothing_left()


def lines_of(text: str) -> Iterator[tuple[int, str, str]]:
    """The lines of a play: number, word before the colon, what stands after it. PlayFailed."""
    for number, line in enumerate(text.splitlines(), start=1):
        spoken = _COMMENT.split(line, maxsplit=1)[0].strip()
        if not spoken:
            continue
        word, separator, rest = spoken.partition(":")
        if not separator:
            raise PlayFailed(number, f"no colon in {spoken!r}")
        yield number, word.strip(), rest.strip()


class Stage:
    """Reads the lines of a play, one after the other."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self._r = rehearsal
        self._checked = 0
        self._answered = False
        self._caller_number = ""
        self._now = datetime.fromisoformat(FIRST_MOMENT)
        self._line = 0

    def play(self, number: int, word: str, rest: str) -> None:
        """Let one line happen, or see whether it did. PlayFailed."""
        self._line = number
        if word in {"now", "calling from", "business", "transfers"}:
            self._prepare(word, rest)
            return
        if not self._answered:
            self._answered = True
            self._r.answer(self._now.replace(tzinfo=self._r.session.zone), self._caller_number)
        if word == "agent":
            self._agent(rest)
        elif word.startswith("expect "):
            self._expect(word.removeprefix("expect "), rest)
        elif word.startswith("tool "):
            self._r.tools[word.removeprefix("tool ")] = said_by_tool(rest)
        else:
            self._world(word, rest)

    def _prepare(self, word: str, rest: str) -> None:
        match word:
            case "now":
                self._now = datetime.fromisoformat(rest)
            case "calling from":
                self._caller_number = rest

    def _world(self, word: str, rest: str) -> None:
        r = self._r
        match word:
            case "caller":
                r.caller(rest)
            case "interrupts":
                share, _, words = rest.partition(" ")
                r.interrupts(float(share), words)
            case "noise":
                r.interrupts(float(rest or 0), "")
            case "likely" | "doubtful" | "documents":
                self._about_what_follows(word, rest)
            case "silence":
                r.silence(int(rest))
            case "key":
                for digit in rest:
                    r.key(digit)
            case "model" | "model ends" | "mind":
                self._mind(word, rest)
            case "appointment":
                self._already_booked(rest)
            case "hang up":
                r.hang_up()
            case _ if word.startswith("colleague") or word == "transfer":
                self._telephone(word, rest)
            case _:
                raise PlayFailed(self._line, f"nobody knows how to play {word!r}")

    def _telephone(self, word: str, rest: str) -> None:
        """The telephones of the office, while the caller is put through."""
        r = self._r
        r.finish_speaking()
        is_transfer = word == "transfer"
        event = of_transfer(r.call_id, rest) if is_transfer else of_colleague(word, rest, r.done)
        if event is None:
            raise PlayFailed(self._line, f"no telephone rings that could play {word}: {rest}")
        r.tell(event)

    def _mind(self, word: str, rest: str) -> None:
        r = self._r
        match word:
            case "model":
                r.model_says(rest)
            case "model ends":
                r.model_ends(rest or "done")
            case _:
                r.tell(ev.MindLost(r.call_id) if rest == "lost" else ev.MindFound(r.call_id))

    def _about_what_follows(self, word: str, rest: str) -> None:
        if word == "documents":
            if not can_be_found(rest):
                raise PlayFailed(self._line, f"documents cannot {rest!r}")
            self._r.documents = rest
            return
        if word == "doubtful":
            self._r.confidence = float(rest)
            return
        name, score, *part = rest.split()
        found = ev.IntentScore(name, float(score), " ".join(part))
        self._r.likely = tuple(sorted((*self._r.likely, found), key=lambda one: -one.score))

    def _already_booked(self, rest: str) -> None:
        """An appointment that was agreed in another call."""
        service, day, clock, *who, phone = rest.split()
        zone = self._r.session.zone
        starts = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=zone)
        wish = do.FindOpenings(self._r.call_id, 0, service, starts, starts + timedelta(minutes=1), 1)
        found = self._r.fetch(wish)
        if not isinstance(found, ev.OpeningsFound) or not found.openings:
            raise PlayFailed(self._line, f"the diary has no opening for {service} at {day} {clock}")
        ends = found.openings[0].ends_at
        other = f"earlier-{self._line}"
        made = Appointment(other, self._r.call_id, service, starts, ends, " ".join(who), phone)
        self._r.fetch(do.Book(self._r.call_id, 0, made))

    def _agent(self, wanted: str) -> None:
        pattern = ".*".join(re.escape(part) for part in wanted.split("..."))
        if self._checked >= len(self._r.said):
            raise PlayFailed(self._line, f"nothing was said; wanted: {wanted}", wanted=wanted)
        said = self._r.said[self._checked]
        if not re.fullmatch(pattern, said):
            raise PlayFailed(self._line, f"wanted: {wanted}", wanted=wanted, said=said)
        self._checked += 1

    def _expect(self, what: str, wanted: str) -> None:
        found = self.found(what) or "none"
        if wanted not in found:
            complaint = f"{what}: wanted {wanted!r}, found {found!r}"
            raise PlayFailed(self._line, complaint, wanted=wanted)

    def found(self, what: str) -> str:
        """What came of the call, in words to compare: "booked", "message", ...; empty when nothing did."""
        r = self._r
        match what:
            case "disposition":
                return str(r.disposition)
            case "booked":
                made = [c.appointment for c in r.done if isinstance(c, do.Book)]
                return "; ".join(f"{a.service} {a.starts_at:%Y-%m-%d %H:%M} {a.name} {a.phone}" for a in made)
            case "moved":
                moved = [c for c in r.done if isinstance(c, do.MoveAppointment)]
                return "; ".join(f"{c.starts_at:%Y-%m-%d %H:%M} {c.staff}".rstrip() for c in moved)
            case "rang" | "tool":
                return used(r.done) if what == "tool" else " ".join(one.to for one in rung(r.done))
            case "briefed":
                return briefed(r.done)
            case "cancelled":
                gone = [c for c in r.done if isinstance(c, do.CancelAppointment)]
                return "; ".join(c.appointment_id for c in gone)
            case "message":
                taken = [c.message for c in r.done if isinstance(c, do.TakeMessage)]
                return "; ".join(_message_line(one) for one in taken)
            case "last turn":
                last = r.turns[-1]
                return f"{last.speaker} {'interrupted ' if last.interrupted else ''}{last.text}"
            case "command":
                return " ".join(type(command).__name__ for command in r.done)
            case "event":
                return " ".join(c.event.kind for c in r.done if isinstance(c, do.Note))
            case "turns" | "pace":
                return str(len(r.turns) if what == "turns" else _pace_percent(r.done))
            case _:
                raise PlayFailed(self._line, f"nobody knows what {what!r} is")

    def nothing_left(self) -> None:
        """Words that the play does not know of are a failure too."""
        if self._checked < len(self._r.said):
            rest = " ".join(self._r.said[self._checked :])
            raise PlayFailed(self._line, f"the agent also said: {rest}", said=rest)


def _message_line(one: Message) -> str:
    whom = f" for {one.whom}" if one.whom else ""
    return f"{one.name} {one.phone} {one.matter}{whom}{' urgent' if one.urgent else ''}"


def _pace_percent(done: list[do.SessionCommand]) -> int:
    """How fast we spoke last."""
    return next(c.pace_percent for c in reversed(done) if isinstance(c, do.Speak))
