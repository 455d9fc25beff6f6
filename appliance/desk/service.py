"""The desk process: sound card, ear, session, store, voice and the way to the agent, put together."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, assert_never

from appliance.audio.tone import speak_now_tone
from appliance.conversation.speakable import speakable
from appliance.desk.agentlink import AgentLink
from appliance.desk.ear import DeskEar
from appliance.desk.happenings import Happenings
from appliance.desk.looking_up import LookingUp
from appliance.desk.mouth import Mouth, Player
from appliance.desk.session import Session
from appliance.desk.words import (
    AgentLost,
    Answered,
    Attend,
    CallCommand,
    Command,
    Event,
    LookUp,
    PlayTone,
    Say,
    SpokenOver,
    TellTelephone,
    Ticked,
)
from appliance.domain import commands as do
from appliance.engines.ports import Voice
from appliance.errors import EngineFault

_log = logging.getLogger(__name__)
SOCKET: Final = "desk.sock"
"""Where the agent lets the desk place calls."""
_LOOK_UP_S: Final = 0.5
_DEAF_S: Final = 5.0
"""A microphone that gives no frame for so long is gone."""
_TRY_AGAIN_S: Final = 5.0
_TONE_MS: Final = 160
_PIECE_BYTES: Final = 32_000


class Card(Player, Protocol):
    """A sound card that is open (engines.sound_card.SoundCard)."""


OpenCard = Callable[[Callable[[bytes], None]], AbstractContextManager[Card]]
"""Opens the sound card; what it hears goes to the function it is given. EngineFault."""


@dataclass(frozen=True)
class Furniture:
    """What the desk is made of."""

    ear: DeskEar
    voice: Voice
    session: Session
    looking_up: LookingUp
    region: str


class Desk:
    """One sound card's time at the desk: `run` until `stop`, or EngineFault when the card is gone."""

    def __init__(self, furniture: Furniture, agent: AgentLink, happenings: Happenings, card: Card) -> None:
        self._furniture = furniture
        self._agent = agent
        self._happenings = happenings
        self._mouth = Mouth(
            furniture.voice, card, furniture.region, on_over=lambda: happenings.put(SpokenOver())
        )
        self._tick = 0

    def run(self, stop: threading.Event, alive: Callable[[], None]) -> None:
        """Deal with what happens."""
        deaf_s = 0.0
        try:
            while not stop.is_set():
                happened = self._happenings.take(_LOOK_UP_S)
                alive()
                deaf_s = (
                    0.0 if isinstance(happened, bytes) else deaf_s + (_LOOK_UP_S if happened is None else 0)
                )
                if deaf_s >= _DEAF_S:
                    raise EngineFault("desk: the microphone is gone.", remedy="Attach it again.")
                if happened is not None:
                    self._deal_with(happened)
        finally:
            self._mouth.close()

    def _deal_with(self, happened: Event | bytes) -> None:
        if not isinstance(happened, bytes):
            self._decide(happened)
            return
        self._tick += 1
        self._decide(Ticked(self._tick))
        for event in self._furniture.ear.hear(happened):
            self._decide(event)

    def _decide(self, event: Event) -> None:
        for command in self._furniture.session.handle(event):
            self._carry_out(command)

    def _carry_out(self, command: Command) -> None:
        match command:
            case Attend(ear=ear):
                self._furniture.ear.attend(ear)
                _log.info("desk attends", extra={"ear": ear.name.lower()})
            case PlayTone():
                self._mouth.play(speak_now_tone(_TONE_MS))
            case Say(text=text):
                self._mouth.say(text)
            case LookUp(request=request):
                _log.info("desk request", extra={"wish": request.wish})
                self._happenings.put(Answered(self._furniture.looking_up.answer(request)))
            case do.DialColleague() | do.PlayWaiting() | do.JoinCalls() | do.HangUp() | TellTelephone():
                self._call(command)
            case _:
                assert_never(command)

    def _call(self, command: CallCommand) -> None:
        if isinstance(command, TellTelephone):
            self._tell_telephone(command)
        elif not self._agent.send(command):
            self._happenings.put(AgentLost())

    def _tell_telephone(self, command: TellTelephone) -> None:
        """Spoken here and now: the hanging up that follows waits for what was sent before it."""
        text = speakable(command.text, self._furniture.region)
        pcm = b"".join(self._furniture.voice.speak(text))
        for at in range(0, len(pcm), _PIECE_BYTES):
            last = at + _PIECE_BYTES >= len(pcm)
            self._agent.send(do.SoundToSpeak(command.leg_id, 1, pcm[at : at + _PIECE_BYTES], last))


def run(  # noqa: PLR0917  the wiring calls it by position
    furniture: Furniture,
    open_card: OpenCard,
    agent_socket: Path,
    stop: threading.Event,
    on_ready: Callable[[], None],
    alive: Callable[[], None],
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Listen until `stop`. Without a sound card it waits for one: the box has others to care for.

    `say` has one line for the operator.
    """
    happenings = Happenings()
    agent = AgentLink(agent_socket, happenings.put, on_lost=lambda: happenings.put(AgentLost()))

    on_ready()
    while not stop.is_set():
        try:
            with open_card(happenings.put_frame) as card:
                say("the desk listens for its word")
                _log.info("desk ready")
                Desk(furniture, agent, happenings, card).run(stop, alive)
        except EngineFault as fault:
            say(str(fault))
            _log.warning("desk without sound", extra={"code": fault.code, "reason": str(fault)})
            _wait(stop, alive)
    agent.close()


def _wait(stop: threading.Event, alive: Callable[[], None]) -> None:
    for _ in range(int(_TRY_AGAIN_S)):
        alive()
        stop.wait(1.0)
