"""Attendant: a telephone receptionist that lives in one box.

The map: `line` is the telephone, `agent` hears and speaks, `mind` holds the language model,
`conversation` decides, `store` remembers. Start reading at `conversation/session.py`; the floors and
who may import whom stand in docs/architecture.md.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("attendant")
except PackageNotFoundError:  # a bare checkout, not installed
    __version__ = "0+unknown"
