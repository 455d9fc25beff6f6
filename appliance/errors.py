"""What can go wrong, in the product's own words: a code, the place, the remedy, whether to try again.

Two kinds, as h11 keeps them: `Misused` is a bug of ours (a caller inside the house broke a contract),
everything else is the world's doing and carries what an operator should do about it. Foreign exceptions
are translated at the border of the room that owns the library, with `raise ... from`.
"""

from __future__ import annotations

EXIT_USAGE = 64
EXIT_UNAVAILABLE = 69
EXIT_OURS = 70
EXIT_CANNOT_CREATE = 73
EXIT_DISK = 74
EXIT_BUSY = 75
EXIT_CONFIG = 78


class ApplianceError(Exception):
    """A fault that names the thing, the place and the remedy.

    `code` is stable and greppable, `remedy` is an instruction to a person, `retry` says whether the same
    call may succeed later, `exit_status` is what the command line ends with (sysexits.h).
    """

    code = "failed"
    retry = False
    exit_status = 1

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".rstrip()


class ConfigError(ApplianceError):
    """A settings or business file says something it may not: file, line and key are in the message."""

    code = "config"
    exit_status = EXIT_CONFIG


class ModelMissing(ApplianceError):
    """A model that is needed is not on this box, or its file is not what its hash says."""

    code = "model_missing"
    exit_status = EXIT_UNAVAILABLE


class FetchFailed(ApplianceError):
    """No source of a model answered, or what it sent was not the model."""

    code = "fetch_failed"
    retry = True
    exit_status = EXIT_UNAVAILABLE


class StoreFault(ApplianceError):
    """The database or a recording could not be written. The call goes on; the fault is loud."""

    code = "store_fault"
    retry = True
    exit_status = EXIT_CANNOT_CREATE


class AlreadyRunning(ApplianceError):
    """Another `appliance run` holds this data directory."""

    code = "already_running"
    exit_status = EXIT_BUSY


class LineFault(ApplianceError):
    """The telephone side could not start: a port in use, an address that is not ours."""

    code = "line_fault"
    retry = True
    exit_status = EXIT_UNAVAILABLE


class EngineFault(ApplianceError):
    """A recogniser, voice or language model failed at its work."""

    code = "engine_fault"
    retry = True
    exit_status = EXIT_UNAVAILABLE


class NotFound(ApplianceError):
    """What was asked for by name or number is not there."""

    code = "not_found"
    exit_status = 66


class NotBookable(ApplianceError):
    """The diary does not take it: the time is taken, closed, or over."""

    code = "not_bookable"
    exit_status = EXIT_BUSY


class CalendarFault(ApplianceError):
    """A calendar file that cannot be taken: no calendar, or entries that say no time; each is named."""

    code = "calendar"
    exit_status = 65


class DocumentRefused(ApplianceError):
    """A document that cannot be read: encrypted, broken, too large, without text, or no document at all."""

    code = "document_refused"
    exit_status = 65


class NoAnswer(ApplianceError):
    """Another machine or process could not be reached, was too slow, or sent what no answer is."""

    code = "no_answer"
    retry = True
    exit_status = EXIT_UNAVAILABLE


class AlreadyThere(ApplianceError):
    """A file that would be changed unasked: somebody has to say yes first."""

    code = "already_there"
    exit_status = EXIT_CANNOT_CREATE


class Misused(AssertionError):
    """A contract inside the house was broken: a bug, never a user's mistake."""
