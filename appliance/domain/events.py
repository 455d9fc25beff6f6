"""Things that happened, past tense. Facts: frozen, never dropped. `Session.handle` takes each of them.

Every event of a call carries its `call_id` so that it can travel a link. `tick` is 20 ms steps since answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from appliance.domain.appointment import Appointment, Opening
from appliance.domain.call import LineQuality
from appliance.domain.passage import Passage

# --- the telephone ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LineReady:
    """The line process is up and can take calls. `sip_uri` is what a softphone would dial."""

    sip_uri: str
    max_calls: int
    codecs: tuple[str, ...]
    version: str


@dataclass(frozen=True, slots=True)
class RegistrationChanged:
    """The office phone system accepted or refused us; `retry_in_s` is None when nothing more is planned."""

    registered: bool
    status: int
    reason: str
    retry_in_s: float | None = None


LATE_BOUNDS_MS: Final = (1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 60.0, 100.0)
"""The bounds between which late ticks are counted; whatever is later stands by itself."""


@dataclass(frozen=True, slots=True)
class LineBeat:
    """The line turns, and sound moves: told about once a second, and not while either stands still.

    `calls` are up. Of the ticks that fired since the last beat, `late_ticks` says how many were late by up to
    each of LATE_BOUNDS_MS (but over the bound before) and, last, by more; `late_ms` is how late all were together.
    """

    calls: int
    late_ticks: tuple[int, ...]
    late_ms: float


@dataclass(frozen=True, slots=True)
class CallOffered:
    """Somebody rings. `resumed` is set when the call was already up and only the agent is new."""

    call_id: str
    caller: str
    called: str
    resumed: bool = False
    tick: int = 0


@dataclass(frozen=True, slots=True)
class CallTurnedAway:
    """A call that was never offered to an agent is over: news, not the record, which the line leaves as a file.

    `at_iso`: when it came, ISO 8601. `status`: 486 every line is taken, 488 no codec of ours, 480 nobody is there
    to answer, 487 the caller gave up while it rang. `times` over 1: a flood, of no caller in particular; the
    status is that of its first.
    """

    call_id: str
    caller: str
    called: str
    at_iso: str
    status: int
    times: int = 1


@dataclass(frozen=True, slots=True)
class CallAnswered:
    """Sound flows both ways; tick 0 is now. `now_iso` is the office's date and time, ISO 8601.

    `may_record`: for a resumed call, whether its caller agreed to being recorded and has not taken it back.
    `caller_name`: by which name to greet; empty: by none.
    """

    call_id: str
    caller: str
    now_iso: str
    resumed: bool = False
    tick: int = 0
    may_record: bool = True
    caller_name: str = ""


@dataclass(frozen=True, slots=True)
class DigitPressed:
    """A key, by RFC 4733 (`rtp`) or SIP INFO (`info`)."""

    call_id: str
    digit: str
    tick: int
    method: str = "rtp"


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """The first frame of speech number `speech` was handed to the network at `tick`."""

    call_id: str
    speech: int
    tick: int


@dataclass(frozen=True, slots=True)
class SpokenTo:
    """Speech number `speech` has been played up to `played_ticks` of its length; `over` when no more comes.

    `over` with `flushed` means it was stopped before its end.
    """

    call_id: str
    speech: int
    played_ticks: int
    tick: int
    over: bool = False
    flushed: bool = False


@dataclass(frozen=True, slots=True)
class CallerHungUp:
    """The far end is gone: BYE, CANCEL, or the network."""

    call_id: str
    tick: int
    status: int
    quality: LineQuality = field(default_factory=LineQuality)


@dataclass(frozen=True, slots=True)
class VoiceReady:
    """The first samples of speech number `speech` are there; `prepared` when they were before it was ordered."""

    call_id: str
    speech: int
    tick: int
    prepared: bool = False


@dataclass(frozen=True, slots=True)
class SpeechPlayed:
    """`share` (0 to 1) of speech number `speech` has reached the caller; `over` when no more comes.

    What `SpokenTo` says in ticks, as the mouth translates it for the session: it knows how long the speech is.
    """

    call_id: str
    speech: int
    tick: int
    share: float
    over: bool = False


# --- the ear ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """The caller began to speak at `tick`."""

    call_id: str
    tick: int


@dataclass(frozen=True, slots=True)
class PartialHeard:
    """What the recogniser believes so far."""

    call_id: str
    tick: int
    text: str


@dataclass(frozen=True, slots=True)
class IntentScore:
    """How probable it is that the caller means an intent, 0 to 1; `part`: by these words of several clauses."""

    intent: str
    score: float
    part: str = ""


@dataclass(frozen=True, slots=True)
class Together:
    """A turn's words after those of the turn just before it, and what they may mean as one."""

    text: str
    likely: tuple[IntentScore, ...] = ()


@dataclass(frozen=True, slots=True)
class UtteranceHeard:
    """The caller finished a turn. `likely` is sorted, best first; empty when no vectors are installed.

    `together` is there when the turn before ended so shortly ago that both may be one.
    """

    call_id: str
    text: str
    started_tick: int
    ended_tick: int  # last tick with speech in it
    decided_tick: int  # when we decided the turn was over
    tick: int  # when the final text was there
    confidence: float = 1.0
    likely: tuple[IntentScore, ...] = ()
    together: Together | None = None


@dataclass(frozen=True, slots=True)
class CallerMayInterrupt:
    """Somebody makes a sound over us; whether they mean it will be known soon, one way or the other.

    Followed by `CallerInterrupted` or by `NobodyInterrupted`.
    """

    call_id: str
    tick: int


@dataclass(frozen=True, slots=True)
class NobodyInterrupted:
    """The sound over us was a back-channel, a cough, a noise."""

    call_id: str
    tick: int


@dataclass(frozen=True, slots=True)
class CallerInterrupted:
    """The caller speaks over us, long enough and in earnest."""

    call_id: str
    tick: int


@dataclass(frozen=True, slots=True)
class CallerMayBeDone:
    """The words so far may be all the caller wants to say; time to prepare an answer, not to give it.

    The turn is still open: `ended_tick` is the last tick with speech so far. `likely` and `together` as in
    `UtteranceHeard`.
    """

    call_id: str
    text: str
    started_tick: int
    ended_tick: int
    tick: int
    likely: tuple[IntentScore, ...] = ()
    together: Together | None = None


@dataclass(frozen=True, slots=True)
class CallerSilent:
    """Nobody has spoken for `silent_ms`: neither side. Counted in ticks; repeats with a growing value."""

    call_id: str
    tick: int
    silent_ms: int


# --- the mind -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReplySentence:
    """The language model finished a sentence of answer number `ask`.

    `calls_tool`: it is no sentence but the use of a tool, its name and its arguments as JSON; nothing follows.
    """

    call_id: str
    ask: int
    text: str
    calls_tool: bool = False


@dataclass(frozen=True, slots=True)
class ReplyEnded:
    """Answer number `ask` is complete, or there will be none: `outcome` is done, late, cancelled or failed.

    `first_token_ms` and `lasted_ms` count from when the question came to the mind; 0 where nobody counted.
    """

    call_id: str
    ask: int
    outcome: str
    tokens: int = 0
    first_token_ms: int = 0
    lasted_ms: int = 0


@dataclass(frozen=True, slots=True)
class ModelAsked:
    """Question number `ask` is with the mind. What it had composed ahead of time was told before this."""

    call_id: str
    ask: int


@dataclass(frozen=True, slots=True)
class MindFound:
    """The language model can be asked (again)."""

    call_id: str


@dataclass(frozen=True, slots=True)
class MindLost:
    """The language model cannot be asked: flows and facts go on, open questions become messages."""

    call_id: str


@dataclass(frozen=True, slots=True)
class MindReady:
    """The mind process has its model mapped. `model` names it for the record."""

    model: str
    version: str


# --- the documents ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PassagesFound:
    """What the documents say to `FindPassages` number `query`; no `passages`: they do not say, or there are none.

    `passages` stand best first. `answer` is ready to be spoken: the sentence or two of the first passage that
    answer the question, word for word; empty when none of them answers by itself (then the passages may
    ground a composed answer). `likelihood` (0 to 1) is that of the first passage.
    """

    call_id: str
    query: int
    passages: tuple[Passage, ...] = ()
    answer: str = ""
    likelihood: float = 0.0


# --- the diary ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpeningsFound:
    """The diary's answer to `FindOpenings` number `query`, soonest first; empty when nothing is free."""

    call_id: str
    query: int
    openings: tuple[Opening, ...]


@dataclass(frozen=True, slots=True)
class Booked:
    """The appointment is on disk."""

    call_id: str
    query: int
    appointment: Appointment


@dataclass(frozen=True, slots=True)
class BookingRefused:
    """The diary could not do it; `openings` are the nearest others. `reason` is one of

    taken: the time is no longer free, or not one that can be booked; gone: there is no such appointment any
    more, or it is over; fault: the diary cannot be asked (the answer to every diary command then).
    """

    call_id: str
    query: int
    reason: str
    openings: tuple[Opening, ...] = ()


@dataclass(frozen=True, slots=True)
class AppointmentsFound:
    """What the caller still has before them, soonest first; empty when there is nothing."""

    call_id: str
    query: int
    appointments: tuple[Appointment, ...]


@dataclass(frozen=True, slots=True)
class AppointmentMoved:
    """The appointment stands at its new time, on disk."""

    call_id: str
    query: int
    appointment: Appointment


@dataclass(frozen=True, slots=True)
class AppointmentCancelled:
    """The appointment is given up and its time free, on disk."""

    call_id: str
    query: int
    appointment: Appointment


@dataclass(frozen=True, slots=True)
class MessageTaken:
    """The message is on disk, or it could not be kept (`kept` false)."""

    call_id: str
    query: int
    kept: bool


@dataclass(frozen=True, slots=True)
class ToolAnswered:
    """What a tool said to `CallTool`. `outcome` is one of

    done: `result` holds what its schema declares; none: there is no such thing (an order nobody knows);
    failed: no answer, or none that can be used.
    """

    call_id: str
    query: int
    tool: str
    outcome: str
    result: tuple[tuple[str, str | int | float | bool], ...] = ()


# --- colleagues who are called on behalf of a caller ---------------------------------------------


@dataclass(frozen=True, slots=True)
class ColleagueRings:
    """The telephone of `leg_id` rings."""

    call_id: str
    leg_id: str


@dataclass(frozen=True, slots=True)
class ColleagueAnswered:
    """Somebody, or something, took the call of `leg_id`."""

    call_id: str
    leg_id: str


@dataclass(frozen=True, slots=True)
class ColleagueGone:
    """The leg is over. `status`: 200 hung up after answering, 408 did not answer in time, else SIP's reason.

    486 and 600 busy, 480 not reachable, 603 refused, 404 unknown there, 503 no line was free for it.
    """

    call_id: str
    leg_id: str
    status: int


@dataclass(frozen=True, slots=True)
class ColleaguePressed:
    """A key of the colleague's telephone."""

    call_id: str
    leg_id: str
    digit: str


@dataclass(frozen=True, slots=True)
class ColleagueSilent:
    """Nothing was said to the colleague, nor pressed, for `silent_ms`; repeats with a growing value."""

    call_id: str
    leg_id: str
    silent_ms: int


@dataclass(frozen=True, slots=True)
class ReferAnswered:
    """The phone system's word on a transfer: its answer to REFER, or a NOTIFY (message/sipfrag, RFC 3515).

    `final` ends it: 2xx the caller is with the colleague, anything else the caller is still with us. 408 also
    stands for no word at all.
    """

    call_id: str
    status: int
    final: bool


@dataclass(frozen=True, slots=True)
class CallsJoined:
    """Caller and colleague hear each other through us."""

    call_id: str
    leg_id: str


ConnectLineEvent = (
    ColleagueRings | ColleagueAnswered | ColleaguePressed | ColleagueGone | ReferAnswered | CallsJoined
)
ConnectEvent = ConnectLineEvent | ColleagueSilent
LineEvent = (
    LineReady
    | LineBeat
    | RegistrationChanged
    | CallOffered
    | CallTurnedAway
    | DigitPressed
    | SpeechBegan
    | SpokenTo
    | CallerHungUp
    | ConnectLineEvent
)
MindEvent = MindReady | ReplySentence | ReplyEnded
DiaryAnswer = (
    OpeningsFound | Booked | BookingRefused | AppointmentsFound | AppointmentMoved | AppointmentCancelled
)
AnswerFound = (
    ModelAsked
    | ReplySentence
    | ReplyEnded
    | MindFound
    | MindLost
    | PassagesFound
    | DiaryAnswer
    | MessageTaken
    | ToolAnswered
)
"""An answer to something the session asked of the mind, the documents, the diary or the message book."""
SessionEvent = (
    CallAnswered
    | SpeechStarted
    | PartialHeard
    | UtteranceHeard
    | CallerMayInterrupt
    | NobodyInterrupted
    | CallerInterrupted
    | CallerSilent
    | DigitPressed
    | SpeechBegan
    | VoiceReady
    | SpeechPlayed
    | CallerHungUp
    | AnswerFound
    | ConnectEvent
)
