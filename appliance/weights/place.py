"""Where a model lives on this box, whether it is whole, and which one the settings mean by a role.

Layout: `<models>/<name>/<path of each file>`. What is being fetched lies in `<models>/.fetching/`, and what a
full check found is noted in `<models>/.verified/`, so that a second look need not hash a gigabyte again.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from appliance import settings as box
from appliance.errors import ConfigError, ModelMissing
from appliance.settings import Settings
from appliance.weights.manifest import Manifest, Model, ModelFile, ModelSet, Role, read

NONE = "none"
_PIECE_BYTES = 1 << 20
_OPTIONAL = (Role.LANGUAGE_MODEL, Role.VECTORS)
_SETS_OF_THEIR_OWN = {
    Role.CALLER_VOICE: ModelSet.DEMO,
    Role.SECOND_RECOGNISER: ModelSet.RECORDINGS,
    Role.WAKE_WORD: ModelSet.DESK,
}
"""Roles outside the profiles: one speaks only in the demonstration, the others are wanted only where they are used."""

Advance = Callable[[int], None]
"""Told of so many more bytes."""


class Damage(StrEnum):
    """What is wrong with a file."""

    MISSING = "missing"
    SIZE = "has the wrong size"
    CONTENT = "is corrupt"


@dataclass(frozen=True, slots=True)
class FileFault:
    """A file of a model that is not what the manifest says."""

    path: str
    damage: Damage

    def __str__(self) -> str:
        return f"{self.path} {'is missing' if self.damage is Damage.MISSING else self.damage.value}"


class Presence(StrEnum):
    """How much of a model is here, as far as can be told without hashing."""

    VERIFIED = "verified"  # every hash was right, and no file was touched since
    PRESENT = "present"  # every file has its size
    DAMAGED = "damaged"
    MISSING = "missing"


# --- which model ----------------------------------------------------------------------------------


def manifest_for(settings: Settings) -> Manifest:
    """The shipped models, and beside them those of the user's own manifest."""
    shipped = read(box.shipped("models/manifest.toml"))
    if not settings.models.manifest:
        return shipped
    return shipped.beside(read(Path(settings.models.manifest).expanduser()))


def chosen(settings: Settings, role: str) -> str:
    """What the settings mean by `role`: a model's name, a path, or `none`."""
    return _chosen(settings, Role(role), manifest_for(settings))


def _chosen(settings: Settings, role: Role, manifest: Manifest) -> str:
    if named := str(getattr(settings.models, role.value, "")):  # some roles have no setting
        return named
    wanted = _SETS_OF_THEIR_OWN.get(role) or ModelSet(settings.models.profile.value)
    model = manifest.for_role(role, wanted)
    return model.name if model else NONE


def needed(settings: Settings) -> list[Model]:
    """The models of the manifest that this box's settings call for; paths and `none` need no fetching."""
    manifest = manifest_for(settings)
    roles = [role for role in Role if role not in _SETS_OF_THEIR_OWN]
    if settings.store.second_pass:
        roles.append(Role.SECOND_RECOGNISER)
    if settings.desk.enabled:
        roles.append(Role.WAKE_WORD)
    names = [_chosen(settings, role, manifest) for role in roles]
    return [model for name in names if (model := manifest.get(name))]


def resolve(settings: Settings, role: str) -> Path | None:
    """The file or folder that does `role`, checked by size; None where the settings say `none`.

    A recogniser and vectors are folders, a voice and a language model are files. Raises ModelMissing when it
    is not there or not whole, ConfigError when the setting names nothing that could do this.
    """
    wanted = Role(role)
    manifest = manifest_for(settings)
    name = _chosen(settings, wanted, manifest)
    if name == NONE:
        _check_optional(wanted)
        return None
    if model := manifest.get(name):
        _check_role(model, wanted)
        return installed(box.models_directory(settings), model)
    return _own(Path(name).expanduser(), name, wanted, manifest)


def _check_optional(role: Role) -> None:
    if role not in _OPTIONAL:
        raise ConfigError(
            f"models.{role}: there is no working without one.",
            remedy="Only language_model and vectors may be `none`.",
        )


def _check_role(model: Model, role: Role) -> None:
    if model.role is not role:
        raise ConfigError(
            f"models.{role}: {model.name} is a {model.role.value.replace('_', ' ')}.",
            remedy="`appliance models list` shows what each model is for.",
        )


def installed(directory: Path, model: Model) -> Path:
    """Where `model` lies, its files checked by size; ModelMissing says what to do otherwise."""
    place = directory / model.name
    remedy = f"Run `appliance models pull {model.name}`."
    if not place.is_dir():
        raise ModelMissing(f"The model {model.name} is not on this box.", remedy=remedy)
    if faults := faults_by_size(place, model):
        raise ModelMissing(f"The model {model.name} is damaged: {faults[0]}.", remedy=remedy)
    return place / model.main if model.main else place


# --- a model of one's own, by path ----------------------------------------------------------------


def _own(path: Path, setting: str, role: Role, manifest: Manifest) -> Path:
    """A file or folder a user named; what can be seen of its kind from outside is checked."""
    if not path.exists():
        raise _unknown(setting, role, manifest)
    if wrong := _OWN_CHECKS[role](path):
        raise ModelMissing(f"models.{role}: {path} {wrong}", remedy="Correct the path in appliance.toml.")
    return path


def _unknown(setting: str, role: Role, manifest: Manifest) -> ModelMissing | ConfigError:
    if "/" in setting:
        return ModelMissing(
            f"models.{role}: {setting} does not exist.", remedy="Correct the path in appliance.toml."
        )
    near = difflib.get_close_matches(setting, [m.name for m in manifest.model if m.role is role], n=1)
    remedy = f"Did you mean `{near[0]}`?" if near else "`appliance models list` shows the names."
    return ConfigError(f"models.{role}: there is no model called {setting!r}.", remedy=remedy)


def _gguf_fault(path: Path) -> str:
    if not path.is_file():
        return "is no file: a language model is one GGUF file."
    with path.open("rb") as file:
        return "" if file.read(4) == b"GGUF" else "does not begin like a GGUF file."


def _voice_fault(path: Path) -> str:
    if not path.is_file():
        return "is no file: a Piper voice is a .onnx file with its .onnx.json beside it."
    return "" if Path(f"{path}.json").is_file() else f"has no {path.name}.json beside it."


def _recogniser_fault(path: Path) -> str:
    places = (path / "am" / "final.mdl", path / "final.mdl")  # the newer and the flat, older layout
    return "" if any(place.is_file() for place in places) else "holds no final.mdl: it is no Vosk model."


def _vectors_fault(path: Path) -> str:
    lacks = [name for name in ("model.onnx", "tokenizer.json") if not (path / name).is_file()]
    return f"lacks {' and '.join(lacks)}." if lacks else ""


def _wake_word_fault(path: Path) -> str:
    if not path.is_file():
        return "is no file: a wake word is a .onnx file."
    lacks = [
        name for name in ("melspectrogram.onnx", "embedding_model.onnx") if not path.with_name(name).is_file()
    ]
    return f"has no {' and no '.join(lacks)} beside it." if lacks else ""


_OWN_CHECKS: dict[Role, Callable[[Path], str]] = {
    Role.RECOGNISER: _recogniser_fault,
    Role.VOICE: _voice_fault,
    Role.LANGUAGE_MODEL: _gguf_fault,
    Role.VECTORS: _vectors_fault,
    Role.CALLER_VOICE: lambda _path: "",
    Role.SECOND_RECOGNISER: lambda _path: "",
    Role.WAKE_WORD: _wake_word_fault,
}


# --- whether it is whole --------------------------------------------------------------------------


def faults_by_size(place: Path, model: Model) -> list[FileFault]:
    """Files that are missing or have another size: quick enough for every start."""
    return [fault for file in model.files if (fault := _size_fault(place, file))]


def _size_fault(place: Path, file: ModelFile) -> FileFault | None:
    path = place / file.path
    if not path.is_file():
        return FileFault(file.path, Damage.MISSING)
    return None if path.stat().st_size == file.bytes else FileFault(file.path, Damage.SIZE)


def verify(directory: Path, model: Model, advance: Advance = lambda _bytes: None) -> list[FileFault]:
    """Hash every file of `model`; an empty list means that each is what the manifest says.

    A clean result is noted, so that `presence` can tell `verified` from `present`.
    """
    place = directory / model.name
    faults = list(_content_faults(place, model, advance))
    if faults:
        _note(directory, model).unlink(missing_ok=True)
    else:
        note_verified(directory, model)
    return faults


def _content_faults(place: Path, model: Model, advance: Advance) -> Iterator[FileFault]:
    for file in model.files:
        if fault := _size_fault(place, file):
            yield fault
        elif _sha256(place / file.path, advance) != file.sha256:
            yield FileFault(file.path, Damage.CONTENT)


def _sha256(path: Path, advance: Advance) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            digest.update(piece)
            advance(len(piece))
    return digest.hexdigest()


def presence(directory: Path, model: Model) -> Presence:
    """How much of `model` is here, without hashing."""
    place = directory / model.name
    if not place.exists():
        return Presence.MISSING
    if faults_by_size(place, model):
        return Presence.DAMAGED
    try:
        noted = json.loads(_note(directory, model).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Presence.PRESENT
    return Presence.VERIFIED if noted == _evidence(place, model) else Presence.PRESENT


def note_verified(directory: Path, model: Model) -> None:
    """Remember that every hash of `model` was right, as long as no file is touched."""
    note = _note(directory, model)
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(json.dumps(_evidence(directory / model.name, model)), encoding="utf-8")
    except PermissionError:  # another user's models: they are right all the same
        return


def _note(directory: Path, model: Model) -> Path:
    return directory / ".verified" / f"{model.name}.json"


def _evidence(place: Path, model: Model) -> dict[str, list[str | int]]:
    """What was hashed: which content was wanted, and the moment each file was last written."""
    return {file.path: [file.sha256, (place / file.path).stat().st_mtime_ns] for file in model.files}


def forget_verified(directory: Path, model: Model) -> None:
    """The model is gone, or known to be wrong."""
    _note(directory, model).unlink(missing_ok=True)
