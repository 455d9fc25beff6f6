"""Holds `.call` plays over real SIP calls: a box of its own on loopback, a second process that calls it and speaks.

What a play expects at its end is compared with what the box wrote down. A box serves the plays of one business that
take place at the same moment, one after the other; its clock stands at that moment and its diary is emptied between.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Final

from appliance import business, settings
from appliance.bench.box import Box, free_udp_port, write_config
from appliance.bench.demo import CallerVoice
from appliance.bench.dialer import Dialer
from appliance.bench.spoken_caller import Listener, Spoken, SpokenCaller
from appliance.bench.spoken_outcome import outcome_of
from appliance.business import Business
from appliance.clock import REHEARSED_AT, SetClock
from appliance.conversation.phrases import Phrases
from appliance.conversation.playing_along import Outcome, Script
from appliance.conversation.questions_asked import QuestionsAsked
from appliance.conversation.rehearsal import FIRST_MOMENT, lines_of
from appliance.domain.appointment import Appointment
from appliance.errors import Misused
from appliance.settings import home
from appliance.store.appointments import Diary
from appliance.store.database import FILE_NAME, Database

_ALONE: Final = {
    "colleague": "telephones of colleagues",
    "transfer": "telephones of colleagues",
    "tool": "tools that say what the play wants",
    "model": "a language model that says what the play wants",
    "mind": "a language model that comes and goes",
    "documents": "documents that say what the play wants",
    "interrupts": "a caller who talks over the agent at a given word",
    "noise": "sound that is no speech",
}
"""First words of lines that a box by itself on loopback cannot play, and what they need."""
_ANY_DAY: Final = timedelta(days=800)
_READY_LIMIT_S: Final = 300.0
_NO_NUMBER: Final = "anonymous"


@dataclass(frozen=True, slots=True)
class Play:
    """A play to be spoken."""

    file: Path
    text: str
    business: str
    now: str

    @property
    def head(self) -> dict[str, str]:
        """The lines before the first word."""
        return {word: rest for _, word, rest in lines_of(self.text)}

    @property
    def needs(self) -> str:
        """What it needs that a box alone does not have; empty when it can be spoken."""
        words = [word.split(" ")[0] for _, word, _ in lines_of(self.text)]
        if self.head.get("transfers") == "no":
            return "a telephone that can put nobody through"
        return next((_ALONE[word] for word in words if word in _ALONE), "")


@dataclass(frozen=True, slots=True)
class SpokenPlay:
    """What came of a play. `skipped`: why it was not spoken; `spoken`: each utterance and what was heard."""

    file: str
    outcome: Outcome
    skipped: str = ""
    call_id: str = ""
    spoken: tuple[Spoken, ...] = ()
    turns: tuple[str, ...] = ()


def read_play(file: Path, office: str | None) -> Play:
    """A `.call` file; its business is `office`, else what it says itself, else its folder's name. PlayFailed."""
    text = file.read_text(encoding="utf-8")
    head = {word: rest for _, word, rest in lines_of(text) if word in {"business", "now"}}
    name = office or head.get("business") or file.parent.name
    return Play(file, text, name, head.get("now", FIRST_MOMENT))


@dataclass
class SpokenPlays:
    """Holds plays and tells of each when it is over. `profile`: which models the box runs."""

    profile: str = "default"
    tell: Callable[[SpokenPlay], None] = lambda _: None
    _voice: CallerVoice = field(default_factory=lambda: CallerVoice(home() / "cache" / "caller"))
    _sounds: dict[str, Path] = field(default_factory=dict)

    def hold(self, plays: Sequence[Play]) -> list[SpokenPlay]:
        """Every play, those of one box together."""
        held = []
        for play in plays:
            if play.needs:
                held.append(self._told(SpokenPlay(str(play.file), Outcome(False), skipped=play.needs)))
        able = sorted((play for play in plays if not play.needs), key=lambda one: (one.business, one.now))
        self._speak_ahead(able)
        for (name, now), together in groupby(able, key=lambda one: (one.business, one.now)):
            with _rehearsing(name, now, self.profile) as stage:
                held += [self._told(self._hold(play, stage)) for play in together]
        return held

    def _told(self, one: SpokenPlay) -> SpokenPlay:
        self.tell(one)
        return one

    def _hold(self, play: Play, stage: Stage) -> SpokenPlay:
        stage.prepare(play)
        office = stage.office
        script = Script(play.text, Phrases(office.language, office.phrases), office.zone)
        user = play.head.get("calling from", _NO_NUMBER)
        with (
            Listener(stage.box.watch()) as ear,
            Dialer(stage.uri, user=user) as dialer,
        ):
            caller = SpokenCaller(script, QuestionsAsked(office), ear, dialer, self._sound)
            caller.hold()
        outcome, turns = outcome_of(script, ear.call_id or "", stage.database, stage.diary)
        return SpokenPlay(
            str(play.file), outcome, call_id=ear.call_id or "", spoken=tuple(caller.spoken), turns=turns
        )

    # --- the caller's voice ---------------------------------------------------------------------

    def _speak_ahead(self, plays: Sequence[Play]) -> None:
        """Nobody is kept waiting in a call for a line that the play has."""
        lines = {rest for play in plays for _, word, rest in lines_of(play.text) if word == "caller"}
        wanted = sorted(lines - self._sounds.keys())
        if wanted:
            self._sounds |= zip(wanted, self._voice.sounds(wanted), strict=True)

    def _sound(self, words: str) -> Path:
        if words not in self._sounds:
            self._sounds[words] = self._voice.sounds([words])[0]
        return self._sounds[words]


@dataclass
class Stage:
    """A running box and its diary."""

    office: Business
    box: Box
    uri: str
    database: Database
    diary: Diary
    now: datetime
    _earlier: int = 0

    def prepare(self, play: Play) -> None:
        """The diary as the play finds it: empty but for the appointments it names. Misused."""
        for taken in self.diary.between(self.now, self.now + _ANY_DAY):
            self.diary.cancel(taken.appointment_id)
        for number, word, rest in lines_of(play.text):
            if word == "appointment":
                self._book(number, rest)

    def _book(self, number: int, rest: str) -> None:
        service, day, clock, *who, phone = rest.split()
        starts = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=self.office.zone)
        found = self.diary.openings(service, starts, starts + timedelta(minutes=1), 1)
        if not found:
            raise Misused(f"line {number}: the diary has no opening for {service} at {day} {clock}.")
        self._earlier += 1  # an id that was cancelled is not used again
        name = f"earlier-{number}-{self._earlier}"
        self.diary.book(Appointment(name, "", service, starts, found[0].ends_at, " ".join(who), phone))


@contextmanager
def _rehearsing(name: str, now: str, profile: str) -> Iterator[Stage]:
    """A box of its own on loopback whose clock stands at `now`, office time."""
    office = business.load(name)
    at, port = datetime.fromisoformat(now).replace(tzinfo=office.zone), free_udp_port()
    sip = {"bind_address": "127.0.0.1", "port": port, "rtp_port": 0}
    with tempfile.TemporaryDirectory(prefix="att-") as path:
        folder = Path(path)
        config = write_config(folder, tables={"sip": sip, "models": {"profile": profile}}, business=name)
        with Box(config, folder, env={REHEARSED_AT: at.isoformat()}) as box:
            box.wait_ready(_READY_LIMIT_S)
            box.wait_for("mind ready", _READY_LIMIT_S)
            with Database(settings.data_directory(settings.load(config)) / FILE_NAME) as database:
                diary = Diary(database, office, SetClock(at))
                yield Stage(office, box, f"sip:attendant@127.0.0.1:{port}", database, diary, at)
