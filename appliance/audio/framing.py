"""Cuts sound of any length into pieces of whole frames and keeps the rest for the next piece."""

from __future__ import annotations

from appliance.domain.sound import FRAME_BYTES


class Framer:
    """Neither loses nor invents a sample: what goes in comes out, in whole frames, the rest at `flush`."""

    def __init__(self, piece_frames: int) -> None:
        self._piece_bytes = piece_frames * FRAME_BYTES
        self._rest = b""

    def put(self, pcm: bytes) -> list[bytes]:
        """The pieces that are ready now; each at most `piece_frames` frames, all whole frames."""
        sound = self._rest + pcm
        whole = len(sound) - len(sound) % FRAME_BYTES
        self._rest = sound[whole:]
        return [sound[at : min(at + self._piece_bytes, whole)] for at in range(0, whole, self._piece_bytes)]

    def flush(self) -> bytes:
        """What is left, less than a frame."""
        rest, self._rest = self._rest, b""
        return rest
