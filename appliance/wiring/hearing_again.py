"""The second pass: the chore that starts it, and the process that does it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from appliance import business, settings

if TYPE_CHECKING:
    from appliance.clock import Clock
    from appliance.ops.notify import Notifier
    from appliance.settings import Settings
    from appliance.store.database import Database
    from appliance.upkeep.chores import Chore

PROCESS: Final = "second_pass"


def second_pass_of(
    config: Settings, database: Database, clock: Clock, quiet: Callable[[datetime], bool]
) -> list[Chore]:
    """The chore, if the settings want it; called in a process of `python -m appliance.wiring`."""
    from appliance.ops.parents import PARENT_VARIABLE
    from appliance.secondpass.chore import SecondPassing
    from appliance.store.second_texts import SecondTexts

    if not config.store.second_pass:
        return []
    command = (sys.executable, "-m", "appliance.wiring", PROCESS, *sys.argv[2:])  # the same settings file
    second = SecondTexts(database)
    return [SecondPassing(command, second, clock, quiet, parent_variable=PARENT_VARIABLE)]


def run_second_pass(config: Settings, notifier: Notifier) -> None:
    """Listen to all that waits, and end."""
    import os

    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # spinning threads starve whoever answers (parts.md)

    from appliance.clock import SystemClock
    from appliance.engines.whisper_asr import Whisper
    from appliance.secondpass.listening import SecondListener
    from appliance.store.calls import Calls
    from appliance.store.database import FILE_NAME, Database
    from appliance.store.second_texts import SecondTexts
    from appliance.weights.place import resolve

    office = business.load(config.business)
    path = resolve(config, "second_recogniser")
    assert path is not None  # noqa: S101  no setting says there is none
    model = Whisper(path, language=office.language)
    with Database(settings.data_directory(config) / FILE_NAME) as database:
        calls, second = Calls(database), SecondTexts(database)
        notifier.ready()
        SecondListener(calls, second, model, SystemClock(), office.language).listen()
