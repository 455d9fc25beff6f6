"""How long callers wait for an answer, by class of turn, measured at the caller's RTP (measure.md).

A box of its own is called again and again, by synthetic callers with whole conversations or with recordings
of people. A caller lets the agent finish its turn before it speaks. What is measured is `bench.exchanges`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from appliance import business, settings
from appliance.bench import checkout
from appliance.bench.box import Box, free_udp_port, write_config
from appliance.bench.demo import last_call
from appliance.bench.dialer import Dialer
from appliance.bench.exchanges import Call, Exchange, Utterance, exchanges
from appliance.bench.figures import Findings
from appliance.bench.gap_figures import Setting, findings
from appliance.bench.onlooker import Onlooker
from appliance.bench.processes import machine
from appliance.bench.scenarios import DECLINE, Line, Scenario, scenarios
from appliance.bench.script import open_weekday
from appliance.bench.voices import SyntheticVoice
from appliance.clock import SystemClock
from appliance.errors import EngineFault, NotFound

SYNTHETIC = "synthetic"
HUMAN = "human"

_BUSINESS = "auto_repair"
_QUIET_MS = 700
_ANSWER_LIMIT_S = 20.0
_OWED_LIMIT_S = 8.0
_QUIET_LIMIT_MS = 5_000
_RECORDINGS_A_CALL = 8
_NUMBERS_A_CALL = 3
_UP_TO_A_NUMBER = ("I'd like to leave a message.", "Please tell them my car is ready.", "Alice Miller.")
_AFTER_A_NUMBER = ("Never mind.",)
_AGAIN = "again?"
_DIGITS_AGAIN = "one digit at a time?"
_OFFERS_MESSAGE = "take a message"


@dataclass(frozen=True, slots=True)
class Saying:
    """Something to be said: its sound, what it is, and its words where they are known."""

    sound: Path
    utterance: Utterance
    words: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """What one caller has in mind to say, and what they say when the agent asks for more."""

    sayings: tuple[Saying, ...]
    digits: Saying | None = None
    decline: Saying | None = None
    goes_on: bool = False
    """Whether what was not said, because the box hung up, is said in another call."""

    def reaction(self, agent: str, last: Saying) -> Saying | None:
        """What to say to the agent's words before going on: no message, the number or the sentence again."""
        if _OFFERS_MESSAGE in agent:
            return self.decline
        if agent.endswith(_DIGITS_AGAIN):
            return self.digits
        return last if agent.endswith(_AGAIN) and self.digits is not None else None


@dataclass(frozen=True, slots=True)
class Plan:
    """How to measure: who calls, how often, over what line, which models."""

    calls: int = 8
    profile: str = "default"
    recordings: Path | None = None
    """A refs.tsv, or the folder that holds one; None: synthetic callers."""
    numbers: bool = False
    """The recordings are telephone numbers: each is said when the agent asks for one."""
    codec: str = "PCMU"
    loss_percent: int = 0

    @property
    def bench(self) -> str:
        """The name under which figures are kept: another set of recordings is another bench."""
        return (
            "gap" if self.recordings is None else f"gap-{_set_name(self.recordings)}{'-asked' * self.numbers}"
        )

    @property
    def command(self) -> str:
        """What to type to measure this again; a folder by its name only."""
        options = {
            "--calls": self.calls,
            "--profile": self.profile,
            "--data": None if self.recordings is None else self.recordings.name,
            "--codec": self.codec,
            "--loss": self.loss_percent or None,
        }
        chosen = [f"{name} {value}" for name, value in options.items() if value not in (None, *_USUAL)]
        return " ".join(["appliance bench gap", *chosen, *(["--numbers"] if self.numbers else [])])


_USUAL = ("default", "PCMU")


def measure(plan: Plan, folder: Path, tell: Callable[[str], None]) -> Findings:
    """Hold the calls of `plan` with a box that lives in `folder`; `tell` is told how far it is."""
    port = free_udp_port()
    config = write_config(
        folder,
        tables={
            "sip": {"bind_address": "127.0.0.1", "port": port, "rtp_port": 0},
            "models": {"profile": plan.profile},
        },
        business=_BUSINESS,
    )
    visits = list(_visits(plan))
    with Box(config, folder) as box:
        box.wait_ready()
        box.wait_for("mind ready")
        with Onlooker(box.watch()) as onlooker:
            calls = _hold_all(
                f"sip:attendant@127.0.0.1:{port}",
                visits,
                plan=plan,
                config=config,
                onlooker=onlooker,
                tell=tell,
            )
    found: list[Exchange] = [one for call in calls for one in exchanges(call)]
    return findings(
        found, len(calls), Setting(plan.bench, plan.command, _conditions(plan), calls[0].versions)
    )


def _conditions(plan: Plan) -> dict[str, str]:
    spoken = (
        "synthetic (Kokoro af_heart and am_michael at several speeds, pauses in dictation put in)"
        if plan.recordings is None
        else f"human ({_set_name(plan.recordings)})"
    )
    return {
        "machine": machine(),
        "revision": checkout.revision(),
        "profile": plan.profile,
        "speech": spoken,
        "line": f"{plan.codec}, loopback, {plan.loss_percent} % of the caller's packets lost",
        "caller": "its jitter buffer holds two packets at most: a gap may count up to 40 ms too much, never too little",
    }


# --- callers ----------------------------------------------------------------------------------------


def _visits(plan: Plan) -> Iterator[Visit]:
    if plan.recordings is not None:
        yield from (_dictated if plan.numbers else _recorded)(plan.recordings, plan.calls)
        return
    office = business.load(_BUSINESS)
    day = open_weekday(office, SystemClock().now().astimezone(office.zone).date())
    all_scenarios = scenarios(day)
    for number in range(plan.calls):
        yield scripted(all_scenarios[number % len(all_scenarios)])


def scripted(scenario: Scenario) -> Visit:
    """A synthetic caller with the whole conversation of a scenario; sounds that are not there yet are made."""
    voice = SyntheticVoice(settings.home() / "cache" / "caller", scenario.voice, scenario.speed)

    def saying(line: Line) -> Saying:
        return Saying(voice.sound(line.text), Utterance(SYNTHETIC, dictated=line.dictated), line.text)

    return Visit(tuple(map(saying, scenario.lines)), digits=saying(scenario.digits), decline=saying(DECLINE))


def _recorded(place: Path, calls: int) -> Iterator[Visit]:
    """Calls of so many recordings each; what the box did not hear, because it hung up, is said again."""
    for paths in _shared_out(recordings_in(place), calls, _RECORDINGS_A_CALL):
        yield Visit(tuple(Saying(path, Utterance(HUMAN)) for path in paths), goes_on=True)


def _dictated(place: Path, calls: int) -> Iterator[Visit]:
    """Calls in which a number is asked for: a synthetic caller leads up to it, only the number is measured."""
    voice = SyntheticVoice(settings.home() / "cache" / "caller")
    before, after = (
        [Saying(voice.sound(text), Utterance(SYNTHETIC, counted=False)) for text in texts]
        for texts in (_UP_TO_A_NUMBER, _AFTER_A_NUMBER)
    )
    for paths in _shared_out(recordings_in(place), calls, _NUMBERS_A_CALL):
        said = [[*before, Saying(path, Utterance(HUMAN, dictated=True)), *after] for path in paths]
        yield Visit(tuple(chain.from_iterable(said)))


def _shared_out(paths: Sequence[Path], calls: int, each: int) -> Iterator[Sequence[Path]]:
    """`each` recordings a call, taken evenly from the list so that all speakers have their say."""
    wanted = min(len(paths), calls * each)
    chosen = [paths[number * len(paths) // wanted] for number in range(wanted)]
    for start in range(0, wanted, each):
        yield chosen[start : start + each]


def recordings_in(place: Path) -> list[Path]:
    """The recordings of a refs.tsv (`place`, or in the folder `place`): first column, a path beside the file.

    A line a recording under a header; one that stands there twice is taken once. NotFound when there is none.
    """
    table = place if place.is_file() else place / "refs.tsv"
    if not table.is_file():
        raise NotFound(f"{place.name}: holds no refs.tsv.", remedy="Name a folder with recordings and one.")
    with table.open(encoding="utf-8", newline="") as lines:
        names = [row[0] for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if row][1:]
    paths = [table.parent / name for name in dict.fromkeys(names)]
    missing = next((path for path in paths if not path.is_file()), None)
    if missing is not None or not paths:
        what = "lists nothing" if missing is None else f"lists {missing.name}, which is not there"
        raise NotFound(f"{table.name}: {what}.", remedy="Correct the table.")
    return paths


def _set_name(place: Path) -> str:
    return place.stem.removesuffix("_refs") if place.is_file() else place.name


# --- calls ------------------------------------------------------------------------------------------


def _hold_all(
    uri: str,
    visits: Sequence[Visit],
    *,
    plan: Plan,
    config: Path,
    onlooker: Onlooker,
    tell: Callable[[str], None],
) -> list[Call]:
    """Every visit a call; what a box that hung up early did not hear is said in another one."""
    calls: list[Call] = []
    waiting = list(visits)
    while waiting:
        visit = waiting.pop(0)
        tell(f"call {len(calls) + 1}, {len(waiting)} more")
        with Dialer(uri, codec=plan.codec, loss_percent=plan.loss_percent) as dialer:
            spoken = converse(dialer, visit, onlooker)
        if not spoken:
            raise EngineFault("the box answered no call.", remedy="Look at its log.")
        record = last_call(settings.load(config))
        said = [saying.utterance for saying in spoken]
        calls.append(Call(said, dialer.events, record["turns"], record["versions"]))
        if visit.goes_on and len(spoken) < len(visit.sayings):
            waiting.insert(0, replace(visit, sayings=visit.sayings[len(spoken) :]))
    return calls


def converse(dialer: Dialer, visit: Visit, onlooker: Onlooker) -> list[Saying]:
    """Say everything, each when the agent has finished; what was said before the box hung up, if it did."""
    spoken: list[Saying] = []
    onlooker.begin()
    _hear_out(dialer, onlooker)
    for saying in visit.sayings:
        if not _say(dialer, saying, spoken, onlooker):
            break
        more = visit.reaction(onlooker.last_said, saying)
        if more is not None and not _say(dialer, more, spoken, onlooker):
            break
    dialer.hang_up()
    dialer.wait_end()
    return spoken


def _say(dialer: Dialer, saying: Saying, spoken: list[Saying], onlooker: Onlooker) -> bool:
    """Say it and hear the answer out; False when the call ended before it was said."""
    onlooker.begin()
    if not dialer.say(saying.sound):
        return False
    spoken.append(saying)
    return _hear_out(dialer, onlooker)


def _hear_out(dialer: Dialer, onlooker: Onlooker) -> bool:
    """Let the agent finish its turn, as the box itself tells it; then a moment of quiet. False: it hung up."""
    onlooker.hear_out(_ANSWER_LIMIT_S, _OWED_LIMIT_S)
    dialer.wait_agent(_QUIET_MS, _QUIET_LIMIT_MS)
    onlooker.hear_out(0.0, _OWED_LIMIT_S)  # a second half of an utterance may have been heard meanwhile
    return not dialer.all("hung_up")
