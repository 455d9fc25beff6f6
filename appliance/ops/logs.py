"""Logs as one JSON object a line on stderr, for journald. A message is a constant; what varies is a field.

Fields come from `extra`. A field that holds a person's words, numbers or names is called `pii_...` (or stands
in a dict called `pii`) and is left out unless ATTENDANT_LOG_PII=1 asks for it.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
from datetime import UTC, datetime
from types import TracebackType
from typing import IO, Any, Final

PII_VARIABLE: Final = "ATTENDANT_LOG_PII"
LEVEL_VARIABLE: Final = "ATTENDANT_LOG_LEVEL"
_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_log = logging.getLogger(__name__)


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON: at, level, process, logger, message, the fields, a traceback."""

    def __init__(self, process: str, *, with_pii: bool = False) -> None:
        super().__init__()
        self._process = process
        self._with_pii = with_pii

    def format(self, record: logging.LogRecord) -> str:
        """One line, however many the traceback has."""
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": self._process,
            "logger": record.name,
            "message": record.getMessage(),
            **self._fields(record),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, default=str, ensure_ascii=False)

    def _fields(self, record: logging.LogRecord) -> dict[str, Any]:
        return {
            name: field
            for name, field in vars(record).items()
            if name not in _STANDARD and (self._with_pii or not _is_personal(name))
        }


def _is_personal(name: str) -> bool:
    return name == "pii" or name.startswith(("pii_", "pii."))


def configure(process: str, stream: IO[str] | None = None) -> None:
    """Send this process's logs to `stream` (stderr), warnings and uncaught exceptions of any thread too."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter(process, with_pii=os.environ.get(PII_VARIABLE) == "1"))
    level = os.environ.get(LEVEL_VARIABLE, "info").upper()
    known = level in logging.getLevelNamesMapping()
    logging.basicConfig(handlers=[handler], level=level if known else logging.INFO, force=True)
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    if not known:
        _log.warning("unknown log level", extra={"variable": LEVEL_VARIABLE})


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    _log.critical("uncaught exception", exc_info=(kind, error, trace))


def _uncaught_in_thread(hook: threading.ExceptHookArgs) -> None:
    if hook.exc_value is None or issubclass(hook.exc_type, SystemExit):
        return
    _log.critical(
        "uncaught exception",
        exc_info=(hook.exc_type, hook.exc_value, hook.exc_traceback),
        extra={"thread_name": hook.thread.name if hook.thread else ""},
    )
