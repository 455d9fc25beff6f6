"""Sounds made ahead and kept as files: what can still be played when nothing can be said.

The agent writes them when it starts; the line process plays them when there is no agent, the agent itself when
it cannot be understood or has no voice. One file a sound, raw 16 kHz mono int16, and `menu.json` beside them,
written last: what the menu by keys may offer.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from appliance.conversation.key_menu import PHRASES, TONE, Offers

_log = logging.getLogger(__name__)
_MENU: Final = "menu.json"
_NEEDED: Final = (*PHRASES, TONE)


@dataclass(frozen=True, slots=True)
class MenuSounds:
    """Everything the menu by keys needs, in memory: what it offers, and its sounds by name."""

    offers: Offers
    sounds: Mapping[str, bytes]

    def of(self, names: tuple[str, ...]) -> bytes:
        """These sounds, one after the other."""
        return b"".join(self.sounds[name] for name in names)


class PreparedSounds:
    """The sounds in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, sounds: Mapping[str, bytes], offers: Offers | None = None) -> None:
        """Keep `sounds` by their names, each whole or not at all; OSError when the disk refuses."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for name, pcm in sounds.items():
            self._put(self._file(name), pcm)
        if offers is not None:
            self._put(self._folder / _MENU, msgspec.json.encode(offers))

    def sound(self, name: str) -> bytes:
        """One sound; empty when it was never made."""
        try:
            return self._file(name).read_bytes()
        except OSError:
            return b""

    def menu(self) -> MenuSounds | None:
        """The menu, or None when something of it is missing: half a menu is none."""
        try:
            offers = msgspec.json.decode((self._folder / _MENU).read_bytes(), type=Offers)
        except (OSError, msgspec.MsgspecError):
            return None
        sounds = {name: self.sound(name) for name in _NEEDED}
        if missing := [name for name, pcm in sounds.items() if not pcm]:
            _log.error("the menu by keys lacks sounds", extra={"missing": missing})
            return None
        return MenuSounds(offers, sounds)

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.pcm"

    def _put(self, file: Path, content: bytes) -> None:
        part = file.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(content)
        part.replace(file)
