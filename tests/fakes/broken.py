"""Engines that are broken until they are mended, as no real one can be made to be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from appliance.engines.ports import Recogniser
from tests.fakes.recogniser import FakeRecogniserModel
from tests.fakes.voice import FakeVoice


class Broken:
    """A voice and a recogniser that can be broken and mended."""

    name = "broken"

    def __init__(self) -> None:
        self.is_broken = True

    def speak(self, text: str, pace_percent: int = 100) -> Iterator[bytes]:
        if self.is_broken:
            raise RuntimeError("onnx")
        return FakeVoice().speak(text, pace_percent)

    def open(self, words: Sequence[str] = ()) -> Recogniser:
        if self.is_broken:
            raise RuntimeError("kaldi")
        return FakeRecogniserModel().open(words)
