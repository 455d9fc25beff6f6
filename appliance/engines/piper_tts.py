"""The mouth: Piper behind `Voice`, and the door to the espeak-ng in it. The only file that imports piper."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import piper
from piper.config import PhonemeType, PiperConfig, SynthesisConfig

from appliance.audio.mastering import mastered
from appliance.engines.network import Network, give_back_memory
from appliance.errors import ModelMissing

FIRST_BREATH_CHARACTERS: Final = 50
"""A longer first sentence is begun with its first clause, so that the caller hears something sooner."""
_CLAUSE_END: Final = re.compile(r"(?<=[,;:])\s+")
_SHORTEST_CLAUSE_CHARACTERS: Final = 12
_SHARE_OF_STRETCH_HEARD: Final = 0.65
"""Piper rounds every sound up to whole frames: a length scale of 1.33 made three sentences 1.21 times as long, 2 made
them 1.70 times as long."""
_WARM_UP: Final = "One moment, please."


class PiperVoice:
    """A loaded Piper voice. Several threads may speak at once: the network is shared, espeak-ng is locked."""

    def __init__(self, path: Path) -> None:
        """Load the .onnx file `path`, or the one in the folder `path`; its .onnx.json stands beside it."""
        file = _model_file(path)
        self._voice = _load(file)
        with file.open("rb") as weights:
            digest = hashlib.file_digest(weights, "sha256").hexdigest()[:8]
        self.name = f"{file.stem} {digest} piper {importlib.metadata.version('piper-tts')}"
        for _ in self.speak(_WARM_UP):
            pass

    def speak(self, text: str, pace_percent: int = 100) -> Iterator[bytes]:
        """16 kHz mono int16 samples, a piece per sentence; the first may be a clause of a long sentence."""
        for breath in breaths(text):
            yield from self._sentences(breath, pace_percent)
        give_back_memory()

    def _sentences(self, text: str, pace_percent: int) -> Iterator[bytes]:
        """The network itself is told to take longer over each sound: pitch and pauses stay as they belong."""
        scale = self._voice.config.length_scale * stretch(pace_percent)
        how = SynthesisConfig(normalize_audio=False, length_scale=scale)
        for chunk in self._voice.synthesize(text, how):
            if pcm := mastered(chunk.audio_float_array, chunk.sample_rate):
                yield pcm


def stretch(pace_percent: int) -> float:
    """The factor on Piper's length scale at which it speaks at this pace; 1 at the usual one."""
    longer = 100 / pace_percent - 1
    return 1 + longer / _SHARE_OF_STRETCH_HEARD if longer > 0 else 1 + longer


def breaths(text: str) -> tuple[str, ...]:
    """`text` in the portions it is synthesised in: a long beginning is cut after its first clause."""
    head, *tail = _CLAUSE_END.split(text, maxsplit=1)
    first_sentence = re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]
    long = len(first_sentence) > FIRST_BREATH_CHARACTERS
    if tail and long and _SHORTEST_CLAUSE_CHARACTERS <= len(head) < len(first_sentence):
        return (head, tail[0])
    return (text,)


def phonemes(text: str, language: str) -> list[list[str]]:
    """espeak-ng's phonemes of `text` (NFD characters, punctuation kept), one list a sentence; thread safe.

    Goes through Piper because espeak-ng holds one voice a process and Piper holds the lock over it.
    """
    config = PiperConfig(
        num_symbols=0,
        num_speakers=1,
        sample_rate=0,
        espeak_voice=language,
        phoneme_id_map={},
        phoneme_type=PhonemeType.ESPEAK,
    )
    sentences: list[list[str]] = piper.PiperVoice(session=None, config=config).phonemize(text)
    return sentences


def _model_file(path: Path) -> Path:
    """The network: `path` itself, or in a folder piper-NAME the file NAME.onnx."""
    return path if path.suffix == ".onnx" else path / f"{path.name.removeprefix('piper-')}.onnx"


def _load(file: Path) -> Any:
    remedy = f"Run `appliance models pull {file.parent.name}`, or point models.voice at a Piper .onnx file."
    network = Network(file, role="voice", remedy=remedy)
    description = file.with_name(f"{file.name}.json")
    try:
        config = PiperConfig.from_dict(json.loads(description.read_text(encoding="utf-8")))
    except OSError as error:
        raise ModelMissing(f"voice: {description} is missing.", remedy=remedy) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelMissing(f"voice: {description} is broken.", remedy=remedy) from error
    return piper.PiperVoice(session=network, config=config)
