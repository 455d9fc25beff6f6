"""Logs as one JSON object a line on stderr, for journald. A message is a constant; what varies is a field.

Fields come from `extra`; `call_id` also from `of_call`, for everything that is logged on a call's behalf. A field
that holds a person's words, numbers or names is called `pii_...` (or stands in a dict called `pii`), is written as
`pii....`, and is left out unless the setting observe.log_words, or ATTENDANT_LOG_PII=1, asks for it.

Code logs with the standard library; structlog writes. It costs a process some 160 ms at its start.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import IO, Any, Final

from structlog.contextvars import bind_contextvars, merge_contextvars
from structlog.processors import EventRenamer, JSONRenderer, format_exc_info
from structlog.stdlib import ExtraAdder, ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

PII_VARIABLE: Final = "ATTENDANT_LOG_PII"
_PERSONAL: Final = "pii"
LEVEL_VARIABLE: Final = "ATTENDANT_LOG_LEVEL"
_MESSAGE: Final = "message"
_log = logging.getLogger(__name__)


def of_call(call_id: str) -> None:
    """From here on this task, and every task it begins, works for this call: its log lines say so."""
    bind_contextvars(call_id=call_id)


def formatter(process: str, *, with_pii: bool = False) -> logging.Formatter:
    """A record as one line of JSON: at, level, process, logger, message, the fields, a traceback."""
    return ProcessorFormatter(
        processors=[
            ExtraAdder(),
            merge_contextvars,
            format_exc_info,
            EventRenamer(_MESSAGE),
            _told_personal if with_pii else _without_personal,
            _headed(process),
            JSONRenderer(ensure_ascii=False, default=str),
        ]
    )


def _headed(process: str) -> Processor:
    def headed(_: WrappedLogger, __: str, entry: EventDict) -> EventDict:
        """What every line begins with; structlog's own marks are gone."""
        record: logging.LogRecord = entry.pop("_record")
        del entry["_from_structlog"]
        trace = entry.pop("exception", None)
        return {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": process,
            "logger": record.name,
            _MESSAGE: entry.pop(_MESSAGE),
            **entry,
            **({} if trace is None else {"traceback": trace}),
        }

    return headed


def _without_personal(_: WrappedLogger, __: str, entry: EventDict) -> EventDict:
    return {name: field for name, field in entry.items() if not name.startswith(_PERSONAL)}


def _told_personal(_: WrappedLogger, __: str, entry: EventDict) -> EventDict:
    """What is personal, all of it under `pii.`."""
    told: dict[str, Any] = {}
    for name, field in entry.items():
        told |= _personal(name, field) if name.startswith(_PERSONAL) else {name: field}
    return told


def _personal(name: str, field: object) -> dict[str, Any]:
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
    handler.setFormatter(formatter(process, with_pii=with_pii))
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
