"""Moves a frame's bytes in and out of pjsua2's ByteVector, a std::vector<unsigned char>, in about 1 us.

SWIG offers only element access (640 calls a frame). A std::vector is three pointers - begin, end, capacity -
in every C++ library we build on; `layout_known` proves it once on a vector of our own making, and the slower
honest way is kept for the day when it does not hold. `import` of this file does the proof.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import pjsua2 as pj

_Pointers = ctypes.c_size_t * 3


def _bounds(vector: Any) -> tuple[int, int, int]:
    begin, end, capacity = _Pointers.from_address(int(vector.this))
    return begin, end, capacity


def _read_directly(vector: Any) -> bytes:
    begin, end, _ = _bounds(vector)
    return ctypes.string_at(begin, end - begin) if end > begin else b""


def _read_by_element(vector: Any) -> bytes:
    return bytes(vector)


def _write_directly(frame: Any, pcm: bytes) -> None:
    vector = frame.buf
    vector.resize(len(pcm))
    begin, _, _ = _bounds(vector)
    ctypes.memmove(begin, pcm, len(pcm))


def _write_by_element(frame: Any, pcm: bytes) -> None:
    frame.buf = pj.ByteVector(pcm)


def layout_known() -> bool:
    """Whether a vector of this build is laid out as three pointers around its bytes."""
    content = bytes(range(1, 200))
    vector = pj.ByteVector(content)
    begin, end, capacity = _bounds(vector)
    if not (0 < begin < end <= capacity and end - begin == len(content)):
        return False
    return ctypes.string_at(begin, len(content)) == content


_DIRECT = layout_known()
read: Callable[[Any], bytes] = _read_directly if _DIRECT else _read_by_element
_write: Callable[[Any, bytes], None] = _write_directly if _DIRECT else _write_by_element


def write(frame: Any, pcm: bytes) -> None:
    """Fill `frame` (a pj.MediaFrame) with `pcm`, never with more bytes than it asked for (heap overflow)."""
    _write(frame, pcm[: frame.size])
    frame.type = pj.PJMEDIA_FRAME_TYPE_AUDIO
