"""How well a caller who speaks while we speak is understood, by canceller and level of the echo."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from appliance.bench import recordings
from appliance.bench.echo import CANCELLERS, LEVELS_DB, Line, cleaned_by, looped, returned
from appliance.bench.recognition import Recording, plain
from appliance.bench.word_errors import edits
from appliance.domain.sound import FRAME_BYTES, FRAME_SAMPLES, TICKS_PER_S, frames_in, ticks
from appliance.engines.ports import RecogniserModel
from appliance.errors import NotFound

_DELAY_MS: Final = 120
_LEAD_TICKS: Final = 2 * TICKS_PER_S  # we have spoken for a while when the caller comes in
_ONSET_TICKS: Final = ticks(300)  # what the ear hands on from before speech was noticed
_AFTER_TICKS: Final = ticks(500)
_FALLS_SILENT_TICKS: Final = ticks(150)  # after the caller's first sound: what the box is held to
WITHOUT_ECHO: Final = "no echo"


@dataclass(frozen=True, slots=True)
class Understood:
    """One recording under one condition: words said, and edits between them and what was understood.

    `talks_on`: we went on speaking through all of it; else we fell silent as the box does.
    """

    canceller: str
    level_db: int | None
    recording: str
    words: int
    edits: int
    talks_on: bool = True


def understood(
    speech: bytes, listed: Sequence[Recording], model: RecogniserModel, tell: Callable[[str], None]
) -> Iterator[Understood]:
    """Each recording without an echo, and over each level of it through each canceller."""
    for one in listed:
        caller = _coming_in(recordings.load(one.path))
        spoken = looped(speech, frames_in(caller))
        alone = returned(bytes(len(spoken)), Line(0, _DELAY_MS), caller)
        yield _row(WITHOUT_ECHO, None, one, _words(model, alone))
        for level_db in LEVELS_DB:
            for talks_on, ours in ((True, spoken), (False, _interrupted(spoken, caller))):
                heard = returned(ours, Line(level_db, _DELAY_MS), caller)
                for name, make in CANCELLERS.items():
                    cleaned, _ = cleaned_by(make(), ours, heard)
                    yield _row(name, level_db, one, _words(model, cleaned), talks_on=talks_on)
        tell(f"words of {one.path.name}")


def _coming_in(pcm: bytes) -> bytes:
    """A caller who listens first, then speaks, then listens, in whole ticks."""
    whole = pcm.ljust(frames_in(pcm) * FRAME_BYTES, b"\0")
    return bytes(_LEAD_TICKS * FRAME_BYTES) + whole + bytes(_AFTER_TICKS * FRAME_BYTES)


def _interrupted(spoken: bytes, caller: bytes) -> bytes:
    """Our voice, until the caller's first sound has been heard for as long as the box needs."""
    first_sample, _ = recordings.speech_bounds(caller)
    heard_bytes = (first_sample // FRAME_SAMPLES + _FALLS_SILENT_TICKS) * FRAME_BYTES
    return spoken[:heard_bytes].ljust(len(spoken), b"\0")


def _words(model: RecogniserModel, pcm: bytes) -> str:
    """What is understood from shortly before the caller comes in; before that the turn is ours."""
    stream = model.open()
    stream.feed(pcm[(_LEAD_TICKS - _ONSET_TICKS) * FRAME_BYTES :])
    return stream.finish().text


def _row(
    canceller: str, level_db: int | None, recording: Recording, heard: str, *, talks_on: bool = True
) -> Understood:
    words, wrong = len(recording.said.split()), edits(recording.said, plain(heard))
    return Understood(canceller, level_db, recording.path.name, words, wrong, talks_on)


def error_rate(
    rows: Sequence[Understood], canceller: str, level_db: int | None, *, talks_on: bool = True
) -> float | None:
    """Word error over all recordings of one condition; None when there are none."""
    condition = (canceller, level_db, talks_on)
    asked = [one for one in rows if (one.canceller, one.level_db, one.talks_on) == condition]
    said = sum(one.words for one in asked)
    return sum(one.edits for one in asked) / said if said else None


def spoken_words(sets: dict[str, list[Recording]], most: int) -> list[Recording]:
    """At most `most` recordings of whole sentences, taken from the sets in turn; NotFound when none is."""
    worded = [[one for one in listed if not one.digits] for listed in sets.values()]
    longest = max((len(listed) for listed in worded), default=0)
    turns = [listed[at] for at in range(longest) for listed in worded if at < len(listed)]
    if not turns:
        raise NotFound("bench echo: no sentences to interrupt with.", remedy="Give --speech a refs.tsv.")
    return turns[:most]
