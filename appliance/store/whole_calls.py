"""A call with everything that belongs to it, and its folder of files for whoever complains, asks or measures."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from appliance.domain.appointment import Appointment, Message
from appliance.domain.call import CallRecord
from appliance.errors import NotFound, StoreFault
from appliance.store import export
from appliance.store.appointments import appointment_of_call
from appliance.store.calls import Calls
from appliance.store.database import Database
from appliance.store.inbox import recording_of
from appliance.store.messages import Messages
from appliance.store.second_texts import SecondPass, SecondTexts


@dataclass(frozen=True, slots=True)
class WholeCall:
    """A call with what belongs to it; `recording` is None where there is no such file."""

    record: CallRecord
    appointment: Appointment | None
    message: Message | None
    recording: Path | None
    second: SecondPass | None = None

    def recording_or_fault(self) -> Path:
        """The file of its recording; NotFound."""
        if self.recording is None:
            raise NotFound(
                f"Call {self.record.call_id} has no recording.",
                remedy="The setting store.record_calls decides whether calls are recorded.",
            )
        return self.recording


def whole_call(database: Database, directory: Path, name: str) -> WholeCall:
    """The call that is meant by an id, the beginning of one, or "last"; `directory` is settings.data_directory.

    NotFound, StoreFault.
    """
    record = Calls(database).get(name)
    return WholeCall(
        record,
        appointment_of_call(database, record.call_id),
        Messages(database).of_call(record.call_id),
        recording_of(record, directory),
        SecondTexts(database).get(record.call_id),
    )


def as_json(whole: WholeCall) -> dict[str, Any]:
    """Strings, numbers, lists and dicts only."""
    plain = export.as_json(whole.record, whole.appointment, whole.message)
    return plain | {"second_pass": second_as_json(whole.second)}


def second_as_json(second: SecondPass | None) -> dict[str, Any] | None:
    """Strings, numbers and dicts only; None without a pass."""
    if second is None:
        return None
    percent, plain = second.error_percent, dict(msgspec.to_builtins(second, str_keys=True))
    return plain | {"error_percent": None if percent is None else round(percent, 1)}


def export_to(whole: WholeCall, folder: Path) -> list[Path]:
    """Write record.json, transcript.txt and recording.flac to `folder`, made if need be; what was written.

    StoreFault where that cannot be, and where a call lies there already.
    """
    try:
        return _written(whole, folder)
    except OSError as error:
        raise StoreFault(
            f"{error.filename or folder}: cannot be written ({error.strerror}).",
            remedy="Choose another folder.",
        ) from error


def _written(whole: WholeCall, folder: Path) -> list[Path]:
    record, transcript, recording = (
        folder / name for name in ("record.json", "transcript.txt", "recording.flac")
    )
    if record.exists():
        raise StoreFault(f"{record}: is there already.", remedy="Choose a folder for each call.")
    folder.mkdir(parents=True, exist_ok=True)
    record.write_text(json.dumps(as_json(whole), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    transcript.write_text(export.transcript(whole.record), encoding="utf-8")
    if whole.recording is None:
        return [record, transcript]
    shutil.copyfile(whole.recording, recording)
    return [record, transcript, recording]
