"""An example business as a file to start from: what any such business does stays, what only that one has goes
behind a `#`.

Pure. A price, a name or a promise of the example must never be spoken for somebody else's business.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any, Final

from appliance.setup import words_en as words

_HEADER: Final = re.compile(r"^\[\[?([A-Za-z0-9_]+)[\].]")
_ITS_OWN: Final = ("staff", "resources", "directory", "connecting", "tools", "recording")
"""Tables that are about the people and the rooms of one business."""
_NEEDS_ITS_OWN: Final = re.compile(r"^(staff|resources)\s*=", re.MULTILINE)
_FILLED_IN: Final = "{"  # an answer with a place to fill in is true of any business


def start_from(example: str, kind: str) -> str:
    """The file of the example `kind` as a business file that is about nobody yet: its first questions are still the
    example's (name, address, hours ...), and are to be set."""
    top, *blocks = _blocks(example)
    kept = [_ours(block) if _is_anybodys(block) else _behind(block) for block in blocks]
    return words.FILE_HEAD.format(kind=kind) + _top(top) + "".join(kept)


def _blocks(text: str) -> Iterator[str]:
    """The text in pieces: what stands before the first table, then each table with the comment above it."""
    piece: list[str] = []
    waiting: list[str] = []  # comments, which belong to what follows
    for line in text.splitlines(keepends=True):
        if _HEADER.match(line):
            yield "".join(piece)
            piece, waiting = [*waiting, line], []
        elif line.startswith("#"):
            waiting.append(line)
        else:
            piece, waiting = [*piece, *waiting, line], []
    yield "".join(piece + waiting)


def _top(top: str) -> str:
    """Without the example's own first line and its holidays."""
    lines = top.splitlines(keepends=True)
    kept = lines[1:] if lines[0].startswith("#") else lines
    return "".join(f"# {line}" if line.startswith("holidays") else line for line in kept)


def _is_anybodys(block: str) -> bool:
    table = _table_of(block)
    if table in _ITS_OWN:
        return False
    if table in ("facts", "intents"):
        return _FILLED_IN in str(_first(block, table).get("answer", _FILLED_IN))
    return True


def _table_of(block: str) -> str:
    found = next(filter(None, map(_HEADER.match, block.splitlines())), None)
    return found[1] if found else ""


def _first(block: str, table: str) -> dict[str, Any]:
    values: dict[str, Any] = tomllib.loads(block)[table][0]
    return values


def _ours(block: str) -> str:
    """A table that stays, less what it says about people and rooms of the example."""
    return _NEEDS_ITS_OWN.sub(r"# \g<0>", block) if _table_of(block) == "services" else block


def _behind(block: str) -> str:
    """Each line of it as a comment."""
    return "".join(
        f"# {line}" if line.strip() and not line.startswith("#") else line for line in block.splitlines(True)
    )
