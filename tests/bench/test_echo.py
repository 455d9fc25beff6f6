"""The bench measures what it says: an echo of the right level and lateness, its loss, words, opinions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from appliance.bench.aecmos import Opinion, Scenario
from appliance.bench.echo import (
    CANCELLERS,
    Line,
    LineRun,
    Nothing,
    Score,
    cleaned_by,
    erle_db,
    holds,
    looped,
    recordings_in,
    returned,
    scenario_of,
)
from appliance.bench.echo_figures import Measured, findings
from appliance.bench.echo_words import WITHOUT_ECHO, Understood, error_rate, understood
from appliance.bench.recognition import Recording
from appliance.domain.sound import FRAME_BYTES, SAMPLE_RATE_HZ, SILENCE, TICKS_PER_S
from appliance.engines.ports import Heard
from appliance.errors import NotFound
from tests.fakes.detector import FakeDetector
from tests.fakes.tones import tone

OURS = tone(700, 1000)


def _rms(pcm: bytes) -> float:
    return float(np.sqrt((np.frombuffer(pcm, np.int16).astype(np.float64) ** 2).mean()))


@pytest.mark.parametrize("level_db", [0, -10, -20])
def test_the_echo_is_as_loud_as_the_line_says(level_db: int) -> None:
    settled = slice(30 * FRAME_BYTES, None)
    heard = returned(OURS, Line(level_db, 60))
    assert 20 * np.log10(_rms(heard[settled]) / _rms(OURS[settled])) == pytest.approx(level_db, abs=4)


def test_the_echo_is_as_late_as_the_line_says() -> None:
    heard = np.frombuffer(returned(OURS, Line(0, 300)), np.int16)
    first = int(np.flatnonzero(np.abs(heard.astype(int)) > 500)[0])
    assert 280 <= first * 1000 / SAMPLE_RATE_HZ <= 340


def test_a_caller_is_in_what_we_hear() -> None:
    heard = returned(bytes(len(OURS)), Line(0, 60), OURS)
    assert _rms(heard) == pytest.approx(_rms(OURS), rel=0.1)


def test_erle_counts_what_went() -> None:
    quieter = (np.frombuffer(OURS, np.int16) // 10).astype(np.int16).tobytes()
    assert erle_db(OURS, quieter) == pytest.approx(20, abs=0.5)
    assert erle_db(OURS, OURS) == 0
    cleaned, _ = cleaned_by(Nothing(), OURS, OURS)
    assert cleaned == OURS


def test_what_is_left_of_our_voice_would_make_us_fall_silent() -> None:
    spoken, nothing = OURS, SILENCE * (len(OURS) // FRAME_BYTES)
    assert holds(FakeDetector(), spoken, nothing, nothing) == 0
    caller = SILENCE * 20 + tone(500, 400, level=30000)
    late = caller + SILENCE * ((len(OURS) - len(caller)) // FRAME_BYTES)
    assert holds(FakeDetector(), spoken, late, late) == 1


def test_looped_is_as_long_as_asked() -> None:
    assert len(looped(tone(500, 300), TICKS_PER_S)) == TICKS_PER_S * FRAME_BYTES


def test_pairs_are_found_by_their_table(folder: Path) -> None:
    for side in ("farend", "mic"):
        soundfile.write(folder / f"one_{side}.flac", np.frombuffer(OURS, np.int16), SAMPLE_RATE_HZ)
    (folder / "pairs.tsv").write_text("prefix\tkind\none\tfarend_singletalk\n")
    found = recordings_in(folder)
    assert [(one.name, one.scenario) for one in found] == [("one", Scenario.FAR_END)]
    assert len(found[0].spoken) == len(found[0].heard) > 0
    assert scenario_of("doubletalk") is Scenario.DOUBLE_TALK


def test_a_folder_without_pairs_says_what_is_wanted(folder: Path) -> None:
    with pytest.raises(NotFound, match=r"pairs\.tsv"):
        recordings_in(folder)


class _Stream:
    """Understands "yes" while it is loud."""

    def __init__(self) -> None:
        self._fed = b""

    def feed(self, pcm: bytes) -> None:
        self._fed += pcm

    def partial(self) -> str:
        return ""

    def finish(self) -> Heard:
        return Heard("yes" if _rms(self._fed) > 100 else "")


class _Model:
    name = "loud is yes"

    def open(self, words=()) -> _Stream:
        return _Stream()


def test_words_are_counted_by_condition(folder: Path) -> None:
    soundfile.write(folder / "yes.wav", np.frombuffer(tone(300, 400), np.int16), SAMPLE_RATE_HZ)
    rows = list(understood(OURS, [Recording(folder / "yes.wav", "yes")], _Model(), lambda _: None))
    assert {one.canceller for one in rows} == {WITHOUT_ECHO, *CANCELLERS}
    assert error_rate(rows, WITHOUT_ECHO, None) == 0
    assert error_rate(rows, "ours", -20) == error_rate(rows, "ours", -20, talks_on=False) == 0
    assert error_rate(rows, "nobody", 0) is None


def test_findings_hold_a_figure_for_every_aim() -> None:
    run = LineRun("ours", "0 dB 60 ms", 20.0, 40.0, 0, [(0, 20.0), (1, 40.0)], 400.0)
    score = Score("ours", "one", "wide", Scenario.DOUBLE_TALK, Opinion(4.2, 3.9))
    words = [Understood(WITHOUT_ECHO, None, "a", 10, 2), Understood("ours", 0, "a", 10, 3)]
    found = findings(Measured([score], [run], words), "appliance bench echo", {})
    values = {one.name: (one.value, one.met) for one in found.figures}
    assert values["ours ERLE after 2 s, worst line"] == (40.0, True)
    assert values["AECMOS wide dt other, ours"] == (3.9, True)
    assert values["word error at 0 dB, ours, we talk on, to that without echo"] == (1.5, False)
    assert values["ours share of a core a call"] == (0.02, True)
    assert values["word error at -20 dB, ours, we fall silent, to that without echo"] == (None, None)
    assert len(found.rows) == 4
