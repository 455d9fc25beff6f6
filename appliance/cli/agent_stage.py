"""Where plays and chats are held: a real session and a real diary of their own, without a telephone."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from appliance.agent.records import fetch
from appliance.business import Business
from appliance.clock import SetClock
from appliance.conversation.phrases import Phrases
from appliance.conversation.rehearsal import Rehearsal
from appliance.conversation.session import Session
from appliance.domain.commands import FindPassages
from appliance.domain.events import PassagesFound
from appliance.settings import Mind, Turns
from appliance.store.appointments import Diary
from appliance.store.calls import Calls
from appliance.store.database import Database
from appliance.store.messages import Messages

_CALL = "play"
_MEMORY = Path("/dev/shm")  # noqa: S108  nothing of a play is worth waiting for a disk


@contextmanager
def stage(
    office: Business,
    now: datetime,
    *,
    has_model: bool = True,
    connects: bool = True,
    has_documents: bool = False,
    look_up: Callable[[FindPassages], PassagesFound] | None = None,
) -> Iterator[Rehearsal]:
    """A call to `office` at `now` (its own time), not answered yet; what is booked is gone afterwards.

    `look_up` asks the office's documents; with `has_documents` alone a play says what stands in them.
    """
    clock = SetClock(now.replace(tzinfo=office.zone))
    with tempfile.TemporaryDirectory(prefix="play-", dir=_place()) as folder:
        database = _empty_database(Path(folder))
        diary, messages = Diary(database, office, clock), Messages(database, clock)
        Calls(database).begin(_CALL, "", "", clock.now(), {})
        session = Session(
            _CALL,
            office,
            Phrases(office.language, office.phrases),
            turns=Turns(),
            mind=Mind(),
            has_model=has_model,
            connects=connects,
            has_documents=has_documents or look_up is not None,
        )
        try:
            yield Rehearsal(session, lambda command: fetch(command, diary, messages), _CALL, look_up=look_up)
        finally:
            database.close()


def _place() -> Path | None:
    return _MEMORY if _MEMORY.is_dir() else None


class _Template:
    """An empty database is made once and copied: its tables take longer than a whole play."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="plays-", dir=_place())
        self.path = Path(self._folder.name) / "empty.db"
        database = Database(self.path)
        database.open()
        database.close()


_templates: list[_Template] = []


def _empty_database(folder: Path) -> Database:
    if not _templates:
        _templates.append(_Template())
    path = folder / "play.db"
    shutil.copyfile(_templates[0].path, path)
    return Database(path)
