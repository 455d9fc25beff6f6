"""Things to be done, imperative. Decided in `conversation/`, carried out at the edges.

`survives_barge_in` says what an interruption does to a command that is still under way: False for everything
that only serves the sentence being spoken, True for everything that changes the world.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from appliance.domain.appointment import Appointment, Message
from appliance.domain.call import CallEvent, Disposition, Summary, Turn, TurnClass
from appliance.domain.expectation import Expectation
from appliance.domain.recording import RecordingCommand

# --- to the telephone ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnswerCall:
    """Take the call (200 OK)."""

    survives_barge_in: ClassVar[bool] = True
    call_id: str


@dataclass(frozen=True, slots=True)
class RejectCall:
    """Refuse the call with a SIP status (486 busy, 480 unavailable)."""

    survives_barge_in: ClassVar[bool] = True
    call_id: str
    status: int


@dataclass(frozen=True, slots=True)
class SoundToSpeak:
    """Samples of speech number `speech`, whole frames except for the last piece; `last` closes the speech."""

    survives_barge_in: ClassVar[bool] = False
    call_id: str
    speech: int
    pcm: bytes
    last: bool = False


@dataclass(frozen=True, slots=True)
class StopSpeaking:
    """Drop everything queued for this call; what was played is reported by `SpokenTo(over=True)`."""

    survives_barge_in: ClassVar[bool] = True
    call_id: str


@dataclass(frozen=True, slots=True)
class HoldSpeaking:
    """Fall silent at once but keep what is queued: somebody may be interrupting us."""

    survives_barge_in: ClassVar[bool] = False
    call_id: str


@dataclass(frozen=True, slots=True)
class GoOnSpeaking:
    """Nobody interrupted: go on from the word at which `HoldSpeaking` fell."""

    survives_barge_in: ClassVar[bool] = False
    call_id: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call once everything queued has been played."""

    survives_barge_in: ClassVar[bool] = True
    call_id: str


# --- to colleagues, on behalf of a caller -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DialColleague:
    """Call `to` for the caller of `call_id`; what comes of it is told under `leg_id`.

    `to` is an extension or number of the office's phone system, or a whole SIP URI. Without an answer the line
    gives up after `ring_ms`. The leg is spoken to by `SoundToSpeak` and ended by `HangUp`, as any call is.
    """

    survives_barge_in: ClassVar[bool] = True
    call_id: str
    leg_id: str
    to: str
    ring_ms: int


@dataclass(frozen=True, slots=True)
class Refer:
    """Hand the caller to `to` without asking there first (blind transfer, RFC 3515)."""

    survives_barge_in: ClassVar[bool] = True
    call_id: str
    to: str


@dataclass(frozen=True, slots=True)
class ReferReplacing:
    """Hand the caller to the colleague of `leg_id`, who has answered (REFER with Replaces, RFC 3891)."""

    survives_barge_in: ClassVar[bool] = True
    call_id: str
    leg_id: str


@dataclass(frozen=True, slots=True)
class JoinCalls:
    """Let caller and colleague hear each other through us: for a phone system that takes no REFER.

    From then on nothing of either is heard, recorded or answered by us; when one hangs up, so does the other.
    """

    survives_barge_in: ClassVar[bool] = True
    call_id: str
    leg_id: str


@dataclass(frozen=True, slots=True)
class PlayWaiting:
    """Let the caller hear the ringing tone of `region` between whatever else is said; stop it with no region."""

    survives_barge_in: ClassVar[bool] = True
    call_id: str
    region: str


@dataclass(frozen=True, slots=True)
class BriefColleague:
    """Say `text` to the colleague of `leg_id`, and to nobody else."""

    survives_barge_in: ClassVar[bool] = True
    call_id: str
    leg_id: str
    text: str


# --- to the voice -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Speak:
    """Say `text`. Several speeches of one `reply` are one turn of the agent.

    `pace_percent`: 100 is the voice's own pace, less is slower.
    """

    survives_barge_in: ClassVar[bool] = False
    call_id: str
    speech: int
    reply: int
    text: str
    turn_class: TurnClass
    pace_percent: int = 100


@dataclass(frozen=True, slots=True)
class Expect:
    """Tell the ear what kind of answer is awaited."""

    survives_barge_in: ClassVar[bool] = True
    call_id: str
    expectation: Expectation


# --- to the mind --------------------------------------------------------------------------------

ToolSchema = tuple[str, str]
"""A tool's name, and the JSON Schema of its arguments as text."""
TOOL_MARK: Final = "tool "
"""What a composed answer begins with that is the use of a tool: `tool order_status {"order": "4711"}`."""


@dataclass(frozen=True, slots=True)
class AskModel:
    """Compose an answer. `system` is the long stable prefix (kept evaluated), `prompt` the short rest.

    The answer comes as `ReplySentence`s with the same `ask`, then one `ReplyEnded`. After `limit_ms` without
    an end the mind gives up and says so (`outcome="late"`). `tools` are those it may use instead of an answer.
    """

    survives_barge_in: ClassVar[bool] = False
    call_id: str
    ask: int
    system: str
    prompt: str
    max_tokens: int = 80
    limit_ms: int = 8000
    tools: tuple[ToolSchema, ...] = ()


@dataclass(frozen=True, slots=True)
class CancelAsk:
    """The answer is no longer wanted."""

    survives_barge_in: ClassVar[bool] = True
    call_id: str
    ask: int


@dataclass(frozen=True, slots=True)
class PreparePrefix:
    """Evaluate this system prompt now, before anybody asks."""

    survives_barge_in: ClassVar[bool] = True
    system: str


# --- to the documents ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FindPassages:
    """Ask the office's documents what they say to `text`, the caller's question; at most `count` passages.

    The answer is one `PassagesFound` with the same `query`, some 20 ms later. Asks nothing of the world, so
    that it may be carried out ahead of time.
    """

    survives_barge_in: ClassVar[bool] = False
    call_id: str
    query: int
    text: str
    count: int = 3


# --- to the diary and the record ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FindOpenings:
    """Ask the diary for openings of `service` that begin between two moments, at most `count`, soonest first.

    `near`: those nearest to this moment instead, the nearest first. `staff`: only with this member of staff,
    `not_with`: with anybody but this one.
    `moving`: the appointment that is to be moved; its own time counts as free.
    """

    survives_barge_in: ClassVar[bool] = True
    call_id: str
    query: int
    service: str
    after: datetime
    before: datetime
    count: int = 3
    staff: str = ""
    near: datetime | None = None
    moving: str = ""
    not_with: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """Make this appointment; the same `appointment_id` twice is one appointment.

    So is the same wish under two ids: name, phone, service and beginning.
    """

    survives_barge_in: ClassVar[bool] = True
    call_id: str
    query: int
    appointment: Appointment


@dataclass(frozen=True, slots=True)
class FindAppointments:
    """Ask the diary what a caller still has before them; `phone` in E.164, as it is kept."""

    survives_barge_in: ClassVar[bool] = True
    call_id: str
    query: int
    phone: str


@dataclass(frozen=True, slots=True)
class MoveAppointment:
    """Give an appointment another beginning, and another member of staff if `staff` says so.

    It keeps its length, id and name. Moved where it already is, it is moved: the same order twice is one.
    """

    survives_barge_in: ClassVar[bool] = True
    call_id: str
    query: int
    appointment_id: str
    starts_at: datetime
    staff: str = ""


@dataclass(frozen=True, slots=True)
class CancelAppointment:
    """Give an appointment up; cancelled twice it is cancelled."""

    survives_barge_in: ClassVar[bool] = True
    call_id: str
    query: int
    appointment_id: str


@dataclass(frozen=True, slots=True)
class TakeMessage:
    """Keep this message for the office; the same `message_id` twice is one message."""

    survives_barge_in: ClassVar[bool] = True
    call_id: str
    query: int
    message: Message


@dataclass(frozen=True, slots=True)
class CallTool:
    """Use a tool of the business (business/tools.py) with arguments that its schema allows, sorted by name.

    The answer is one `ToolAnswered`, at the latest when the tool's limit is over. `key`: the same use, repeated,
    has the same key.
    """

    survives_barge_in: ClassVar[bool] = True
    call_id: str
    query: int
    tool: str
    arguments: tuple[tuple[str, str | int | float | bool], ...]
    key: str


@dataclass(frozen=True, slots=True)
class SaveTurn:
    """A turn is finished: write it now, a crash must not lose it."""

    survives_barge_in: ClassVar[bool] = True
    call_id: str
    turn: Turn


@dataclass(frozen=True, slots=True)
class Note:
    """Keep an event of the call. `detail` holds no words, numbers or names of a person."""

    survives_barge_in: ClassVar[bool] = True
    call_id: str
    event: CallEvent


@dataclass(frozen=True, slots=True)
class CloseCall:
    """The call is over: record and disposition in one transaction. `slots`: as in `CallRecord`, in pairs."""

    survives_barge_in: ClassVar[bool] = True
    call_id: str
    disposition: Disposition
    summary: Summary | None = None
    slots: tuple[tuple[str, str], ...] = ()


ConnectLineCommand = DialColleague | Refer | ReferReplacing | JoinCalls | PlayWaiting
ConnectCommand = ConnectLineCommand | BriefColleague | HangUp
"""What connecting people takes; `HangUp` here names a leg."""
LineCommand = (
    AnswerCall
    | RejectCall
    | SoundToSpeak
    | StopSpeaking
    | HoldSpeaking
    | GoOnSpeaking
    | HangUp
    | ConnectLineCommand
)
MindCommand = AskModel | CancelAsk | PreparePrefix
DiaryCommand = FindOpenings | Book | FindAppointments | MoveAppointment | CancelAppointment
Lookup = FindOpenings | FindAppointments | FindPassages
"""What changes nothing and may be carried out ahead of time."""
SessionCommand = (
    Speak
    | StopSpeaking
    | HoldSpeaking
    | GoOnSpeaking
    | HangUp
    | Expect
    | AskModel
    | CancelAsk
    | FindPassages
    | FindOpenings
    | Book
    | FindAppointments
    | MoveAppointment
    | CancelAppointment
    | TakeMessage
    | CallTool
    | SaveTurn
    | Note
    | RecordingCommand
    | CloseCall
    | ConnectCommand
)
