"""Logs as one JSON object a line on stderr, for journald. A message is a constant; what varies is a field.

Fields come from `extra`; `call_id` also from `of_call`, for everything that is logged on a call's behalf. A field
that holds a person's words, numbers or names is called `pii_...` (or stands in a dict called `pii`), is written as
`pii....`, and is left out unless the setting observe.log_words, or ATTENDANT_LOG_PII=1, asks for it.

structlog would do the same with 200 ms more of imports in each process, a sixth of what the line needs to be back.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import IO, Any, Final

PII_VARIABLE: Final = "ATTENDANT_LOG_PII"
_PERSONAL: Final = "pii"
LEVEL_VARIABLE: Final = "ATTENDANT_LOG_LEVEL"
_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_log = logging.getLogger(__name__)
_call_id: ContextVar[str] = ContextVar("call_id", default="")


def of_call(call_id: str) -> None:
    """From here on this task, and every task it begins, works for this call: its log lines say so."""
    _call_id.set(call_id)


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
            **({"call_id": call_id} if (call_id := _call_id.get()) else {}),
            **self._fields(record),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, default=str, ensure_ascii=False)

    def _fields(self, record: logging.LogRecord) -> dict[str, Any]:
        """What came by `extra`; what is personal under `pii.`, or not at all."""
        fields: dict[str, Any] = {}
        for name, field in vars(record).items():
            if name not in _STANDARD:
                fields |= self._personal(name, field) if name.startswith(_PERSONAL) else {name: field}
        return fields

    def _personal(self, name: str, field: object) -> dict[str, Any]:
        if not self._with_pii:
            return {}
        inner = name[len(_PERSONAL) :].lstrip("._")
        if not inner and isinstance(field, Mapping):
            return {f"{_PERSONAL}.{key}": value for key, value in field.items()}
        return {f"{_PERSONAL}.{inner or 'text'}": field}


def configure(process: str, stream: IO[str] | None = None, *, with_words: bool = False) -> None:
    """Send this process's logs to `stream` (stderr), warnings and uncaught exceptions of any thread too.

    `with_words`: also what people say, their numbers and names.
    """
    with_pii = with_words or os.environ.get(PII_VARIABLE) == "1"
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter(process, with_pii=with_pii))
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
