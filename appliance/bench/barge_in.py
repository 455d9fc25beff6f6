"""Interrupting the agent: how soon it falls silent, for whom, and what becomes of its sentence.

A box of its own talks at length; a real SIP caller talks over it, at moments taken from chance: with words,
which must stop it, and with sounds, which must not. Times are read off the caller's own recording of the
call, tick by tick on one clock: the first packet of the caller's speech, the last speech of the agent that
reached the caller. Whether the sentence was abandoned is the box's own word (watch socket).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import soundfile

from appliance import settings
from appliance.bench import barge_in_material as material
from appliance.bench.barge_in_figures import Condition, Trial
from appliance.bench.box import Box, free_udp_port, write_config
from appliance.bench.dialer import Dialer
from appliance.bench.impair import Network, Relay
from appliance.bench.onlooker import Witness
from appliance.bench.overlap import Pauses, Samples
from appliance.domain.sound import TICK_MS, ticks
from appliance.errors import LineFault

_FIRST_MS: Final = (700, 4000)
_BETWEEN_MS: Final = (900, 2500)
_DISTRACTORS_A_CALL: Final = 4
_ALONE_MS: Final = 15_000
_HELD_MS: Final = 100
_STOPPED_MS: Final = 300
_REACTION_MS: Final = 1500
_AFTER_DISTRACTOR_MS: Final = 1200
_TRANSCRIPT_LIMIT_S: Final = 12.0
TALK: Final = (
    "Thank you for calling Hilltop Auto Repair, where four mechanics look after your car. "
    "We are open Monday to Friday from half past seven in the morning until half past five in the afternoon. "
    "On Saturdays somebody is here from nine until one. "
    "An oil change takes about forty five minutes and an inspection about an hour. "
    "While you wait there is coffee in the lounge, and a shuttle van drives customers home within five miles. "
    "All repairs carry a warranty of twelve months or twelve thousand miles, whichever comes first. "
    "You will find us on Mesa Road next to the fire station, with parking behind the building. "
    "Used oil and old batteries can be dropped off for recycling at no charge."
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run tries: so many on a clean line, `per_condition` interruptions in each other condition."""

    interruptions: int
    distractors: int
    per_condition: int
    only: str = ""
    seed: int = 1
    profile: str = "default"
    data: Path | None = None
    sounds: Path | None = None


def measure(
    folder: Path, plan: Plan, transcribe: material.Transcribe, tell: Callable[[str], None]
) -> list[Trial]:
    """Every trial of a run. `transcribe`: the recogniser by itself, to know which first words it can hear."""
    chance = random.Random(plan.seed)
    spoken = material.interruptions(
        folder / "words", plan.data, max(plan.interruptions, plan.per_condition), chance, transcribe
    )
    made = material.sounds(folder / "sounds", plan.sounds, plan.distractors, plan.seed)
    bench = Bench(folder, tell, chance)
    bench.run(conditions(folder, plan), spoken, made, plan.profile)
    return bench.trials


def conditions(folder: Path, plan: Plan) -> list[Condition]:
    """The lines and rooms of issue 3, those whose name holds `plan.only`."""
    some = plan.per_condition
    noise = folder / "noise.pcm"
    folder.mkdir(parents=True, exist_ok=True)
    noise.write_bytes(material.room_noise(plan.seed))
    known = [
        Condition("clean", plan.interruptions, plan.distractors),
        *(
            Condition(f"echo {gain_db} dB {delay_ms} ms", some, echo_db=gain_db, echo_ms=delay_ms)
            for gain_db in (0, -10, -20)
            for delay_ms in (40, 150, 300)
        ),
        Condition("noise 15 dB", some, noise=noise, snr_db=15.0),
        Condition("jitter 40 ms, loss 3 %", some, jitter_ms=40.0, loss_percent=3.0),
    ]
    return [one for one in known if plan.only in one.name]


@dataclass
class Bench:
    """One run: a box, its pauses in each condition, and the trials."""

    folder: Path
    tell: Callable[[str], None]
    chance: random.Random
    trials: list[Trial] = field(default_factory=list)
    _calls: int = 0

    def run(
        self,
        conditions: Sequence[Condition],
        words: Sequence[material.Words],
        sounds: Sequence[material.Sound],
        profile: str,
    ) -> None:
        """Measure everything; `words` and `sounds` are dealt out to the conditions in turn."""
        port = free_udp_port()
        config = write_config(
            self.folder,
            tables={
                "sip": {"bind_address": "127.0.0.1", "port": port, "rtp_port": 0},
                "models": {"profile": profile, "language_model": "none"},
            },
            business=str(_talkative(self.folder)),
        )
        with Box(config, self.folder) as box:
            box.wait_ready()
            with Witness(box.watch()) as witness:
                self._witness, self._port = witness, port
                self._pauses = Pauses(self._alone(Condition("undisturbed")))
                for condition in conditions:
                    self._measure(condition, words, sounds)

    def _measure(
        self, condition: Condition, words: Sequence[material.Words], sounds: Sequence[material.Sound]
    ) -> None:
        """Interruptions and distractors of one condition, in an order taken from chance."""
        if condition.is_disturbed:
            self._only_the_line(condition)
        spoken = self.chance.sample(list(words), min(condition.interruptions, len(words)))
        chosen = self.chance.sample(list(sounds), min(condition.distractors, len(sounds)))
        jobs: list[Callable[[], None]] = [lambda one=one: self._interrupt(condition, one) for one in spoken]  # type: ignore[misc]
        for start in range(0, len(chosen), _DISTRACTORS_A_CALL):
            some = chosen[start : start + _DISTRACTORS_A_CALL]
            jobs.append(lambda some=some: self._distract(condition, some))  # type: ignore[misc]
        self.chance.shuffle(jobs)
        for number, job in enumerate(jobs, 1):
            try:
                job()
            except LineFault as fault:  # one call less; what was measured so far stands
                self.tell(str(fault))
            self.tell(f"{condition.name}: call {number} of {len(jobs)}")

    # --- the three kinds of call ----------------------------------------------------------------

    def _alone(self, condition: Condition) -> Samples:
        """The agent talks and nobody says anything; what the caller heard."""
        with self._dial(condition) as (dialer, record):
            dialer.wait_speech(200)
            dialer.wait_ms(_ALONE_MS if condition.is_disturbed else 2 * _ALONE_MS)
            dialer.hang_up()
            dialer.wait_end()
        return _agent_side(record)

    def _only_the_line(self, condition: Condition) -> None:
        """Noise and echo alone: every stop is a false one."""
        since = self._witness.count()
        agent = self._alone(condition)
        until = len(agent) // (TICK_MS * 16)
        fell = self._pauses.fell_silent(agent, 0, until - ticks(_HELD_MS * 10), _HELD_MS)
        kind = "echo" if condition.echo_db is not None else "noise"
        abandoned = self._witness.was_abandoned(since) and bool(fell)
        self.trials.append(
            Trial(condition.name, kind, held_ms=[one.held_ms for one in fell], abandoned=abandoned)
        )

    def _interrupt(self, condition: Condition, words: material.Words) -> None:
        since = self._witness.count()
        with self._dial(condition) as (dialer, record):
            dialer.wait_speech(self.chance.randint(*_FIRST_MS))
            dialer.say(words.path)
            transcript = self._witness.heard(since, _TRANSCRIPT_LIMIT_S)
            dialer.hang_up()
            dialer.wait_end()
            said = dialer.all("said")
        agent, from_ms = _agent_side(record), said[0]["from_ms"] if said else 0
        fell = self._pauses.fell_silent(
            agent, from_ms // TICK_MS, (from_ms + _REACTION_MS) // TICK_MS, _STOPPED_MS
        )
        abandoned = self._witness.was_abandoned(since)
        stop_ms = max(0, fell[-1].last_heard_ms - from_ms) if fell and abandoned else None
        self.trials.append(
            Trial(
                condition.name,
                "interruption",
                source=words.source,
                at_ms=from_ms,
                stop_ms=stop_ms,
                abandoned=abandoned,
                first_word_lost=words.first_word_lost(transcript),
            )
        )

    def _distract(self, condition: Condition, sounds: Sequence[material.Sound]) -> None:
        """Several sounds in one call; one that stops the agent for good ends it."""
        done: list[tuple[material.Sound, bool]] = []
        with self._dial(condition) as (dialer, record):
            dialer.wait_speech(self.chance.randint(*_FIRST_MS))
            for sound in sounds:
                since = self._witness.count()
                dialer.say(sound.path)
                dialer.wait_ms(_AFTER_DISTRACTOR_MS)
                done.append((sound, self._witness.was_abandoned(since)))
                if done[-1][1]:
                    break
                dialer.wait_ms(self.chance.randint(*_BETWEEN_MS))
            dialer.hang_up()
            dialer.wait_end()
            said = dialer.all("said")
        agent = _agent_side(record)
        for (sound, abandoned), event in zip(done, said, strict=False):
            self._judge_distractor(condition, sound, abandoned, event, agent)

    def _judge_distractor(
        self,
        condition: Condition,
        sound: material.Sound,
        abandoned: bool,
        event: dict[str, Any],
        agent: Samples,
    ) -> None:
        until_ms = event["at_ms"] + _AFTER_DISTRACTOR_MS
        fell = self._pauses.fell_silent(agent, event["from_ms"] // TICK_MS, until_ms // TICK_MS, _HELD_MS)
        self.trials.append(
            Trial(
                condition.name,
                sound.kind,
                source=sound.source,
                at_ms=event["from_ms"],
                held_ms=[one.held_ms for one in fell],
                abandoned=abandoned,
            )
        )

    def _dial(self, condition: Condition) -> _Call:
        self._calls += 1
        record = self.folder / f"call-{self._calls}.wav"
        return _Call(condition, self._port, record, seed=self._calls)


class _Call:
    """A caller in its surroundings, through a bad network when the condition says so."""

    def __init__(self, condition: Condition, port: int, record: Path, seed: int) -> None:
        network = Network(condition.jitter_ms, condition.loss_percent, seed)
        self._relay = Relay(("127.0.0.1", port), network) if condition.has_network else None
        self._condition, self._port, self._record = condition, port, record

    def __enter__(self) -> tuple[Dialer, Path]:
        where = self._relay.__enter__().address if self._relay else f"127.0.0.1:{self._port}"
        chosen = self._condition
        self._dialer = Dialer(
            f"sip:attendant@{where}",
            record=self._record,
            noise=chosen.noise,
            snr_db=chosen.snr_db,
            echo_db=chosen.echo_db,
            echo_ms=chosen.echo_ms,
        )
        return self._dialer.__enter__(), self._record

    def __exit__(self, *_: object) -> None:
        self._dialer.__exit__(None, None, None)
        if self._relay is not None:
            self._relay.__exit__(None, None, None)


def _agent_side(record: Path) -> Samples:
    """What the caller heard; the recording is gone afterwards: nothing of a call is kept but figures."""
    if not record.is_file():
        raise LineFault("a call of the bench left no recording.", remedy="The machine may be overloaded.")
    both, _ = soundfile.read(record, dtype="int16", always_2d=True)
    record.unlink()
    side: Samples = np.ascontiguousarray(both[:, 1])
    return side


def _talkative(folder: Path) -> Path:
    """The auto-repair shop with a greeting of half a minute: somebody has to be interrupted."""
    folder.mkdir(parents=True, exist_ok=True)
    shop = settings.shipped("config/businesses/auto_repair.toml").read_text(encoding="utf-8")
    path = folder / "talkative.toml"
    path.write_text(re.sub(r'(?m)^greeting = ".*"$', f'greeting = "{TALK}"', shop), encoding="utf-8")
    return path
