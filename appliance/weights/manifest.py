"""The list of models: what each is for, whose it is, its files with their hashes, and where they come from.

`models/manifest.toml` ships with the product; a manifest of a user's own (settings `models.manifest`) is read
beside it in the same format, and wins where both name a model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Annotated, Self

from pydantic import Field, model_validator

from appliance import configfile
from appliance.configfile import Strict

_PART = re.compile(r"\{part(?::0(\d))?\}")


class Role(StrEnum):
    """What a model does in the house."""

    RECOGNISER = "recogniser"
    VOICE = "voice"
    LANGUAGE_MODEL = "language_model"
    VECTORS = "vectors"
    CALLER_VOICE = "caller_voice"  # speaks for the caller in the demonstration
    SECOND_RECOGNISER = "second_recogniser"  # listens to recordings once more
    WAKE_WORD = "wake_word"  # wakes the desk


class ModelSet(StrEnum):
    """Models that are fetched together."""

    DEFAULT = "default"
    SMALL = "small"
    DEMO = "demo"
    RECORDINGS = "recordings"
    DESK = "desk"


class Kind(StrEnum):
    """What a reference names."""

    FILE = "file"  # the file itself, by URL
    ZIP = "zip"  # a zip archive, by URL
    PYPI = "pypi"  # the wheel of a Python package
    NPM = "npm"  # the tarball of a JavaScript package


def _check_inside(path: str) -> str:
    """`path` if it stays inside the folder it is relative to."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\\" in path:
        raise ValueError(f"{path!r} leaves the model's folder. Name a file inside it.")
    return path


class ModelFile(Strict):
    """One file of a model."""

    path: Annotated[str, Field(min_length=1)]
    """Where it lies in the model's folder."""
    bytes: Annotated[int, Field(ge=0)]
    """Its size."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """What its content must hash to."""

    @model_validator(mode="after")
    def _stays_inside(self) -> Self:
        _check_inside(self.path)
        return self


@dataclass(frozen=True, slots=True)
class Reference:
    """One thing to download: a URL, or a package in a registry as `name==version` or `name@version`."""

    kind: Kind
    name: str
    member: str = ""


class Take(Strict):
    """Where one file, or a folder of files, can be taken from: exactly one of url, zip, pypi, npm."""

    url: str = ""
    """A file as it is."""
    zip: str = ""
    """A zip archive."""
    pypi: str = ""
    """A Python package, `name==version`: its wheel is opened as an archive."""
    npm: str = ""
    """A JavaScript package, `name@version`: its tarball is opened as an archive."""
    folder: str | None = None
    """The archive's folder in which the model's files lie as they do in the model's own."""
    member: str = ""
    """One file of the archive, kept under the name `to`."""
    to: str = ""
    """Which file of the model this becomes."""
    parts: Annotated[int, Field(ge=1, le=999)] = 1
    """So many archives, whose members are joined in order; `{part}` or `{part:02}` stands for the number."""
    download_bytes: Annotated[int, Field(ge=0)] = 0
    """Bytes that travel, all parts together; 0: as many as the files have."""

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        named = [kind for kind in ("url", "zip", "pypi", "npm") if getattr(self, kind)]
        if len(named) != 1:
            raise ValueError("a source names exactly one of url, zip, pypi, npm.")
        if self.url and (self.member or self.folder is not None or self.parts > 1):
            raise ValueError("a url is one whole file: it takes `to`, no folder, member or parts.")
        if not self.url and (self.folder is None) == (not self.member):
            raise ValueError("an archive needs either `folder` or `member`.")
        if self.folder is not None and self.parts > 1:
            raise ValueError("parts are joined into one file: they take `member` and `to`, no folder.")
        if (self.folder is None) != bool(self.to):
            raise ValueError("`to` names the file a url or a member becomes; a folder has none.")
        if self.pypi and self.pypi.count("==") != 1:
            raise ValueError("write a Python package as name==version.")
        if self.npm and "@" not in self.npm[1:]:
            raise ValueError("write a JavaScript package as name@version.")
        return self

    @property
    def kind(self) -> Kind:
        """What is downloaded."""
        if self.url:
            return Kind.FILE
        if self.zip:
            return Kind.ZIP
        return Kind.PYPI if self.pypi else Kind.NPM

    def references(self) -> Iterator[Reference]:
        """The downloads it takes, in order."""
        name = self.url or self.zip or self.pypi or self.npm
        for part in range(1, self.parts + 1):
            yield Reference(self.kind, _numbered(name, part), _numbered(self.member, part))

    def inside(self, path: str) -> str:
        """What the model's file `path` is called in the archive of a `folder` take."""
        return str(PurePosixPath(self.folder or "") / path)


def _numbered(template: str, part: int) -> str:
    return _PART.sub(lambda found: f"{part:0{int(found[1] or 0)}}", template)


class Model(Strict):
    """One model: a folder of files with known content."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    """Also the name of its folder."""
    role: Role
    """What it does."""
    profiles: tuple[ModelSet, ...] = ()
    """The sets it belongs to; none: fetched only when named."""
    licence: Annotated[str, Field(min_length=2)]
    """Under which its author gives it away (SPDX)."""
    about: str = ""
    """One line for people."""
    main: str = ""
    """The file an engine is given; empty: the whole folder."""
    files: Annotated[tuple[ModelFile, ...], Field(min_length=1)]
    """Everything in it."""
    official: tuple[Take, ...] = ()
    """Where its author publishes it; asked first."""
    mirror: tuple[Take, ...] = ()
    """The same files elsewhere, asked when the official place does not answer."""

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        paths = {file.path for file in self.files}
        if len(paths) != len(self.files):
            raise ValueError(f"{self.name}: two files have the same path.")
        if self.main and self.main not in paths:
            raise ValueError(f"{self.name}: main is {self.main!r}, which is not among its files.")
        for take in (*self.official, *self.mirror):
            if take.to and take.to not in paths:
                raise ValueError(f"{self.name}: a source gives {take.to!r}, which is not among its files.")
        for file in self.files:
            if not any(True for _ in self.takes_for(file)):
                raise ValueError(f"{self.name}: no source gives {file.path!r}.")
        return self

    @property
    def bytes(self) -> int:
        """Its size on disk."""
        return sum(file.bytes for file in self.files)

    def takes_for(self, file: ModelFile) -> Iterator[Take]:
        """The sources of `file`, best first."""
        for takes in (self.official, self.mirror):
            if found := _take_for(file.path, takes):
                yield found

    def files_of(self, take: Take) -> tuple[ModelFile, ...]:
        """The files that come with `take`."""
        takes = self.official if take in self.official else self.mirror
        return tuple(file for file in self.files if _take_for(file.path, takes) == take)


def _take_for(path: str, takes: Iterable[Take]) -> Take | None:
    """The take that names `path`, else the folder everything else comes from."""
    folder = None
    for take in takes:
        if take.to == path:
            return take
        if take.folder is not None and folder is None:
            folder = take
    return folder


class Manifest(Strict):
    """Models by name."""

    model: tuple[Model, ...] = ()

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = self.names
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"two models are called {', '.join(sorted(twice))}.")
        return self

    @property
    def names(self) -> list[str]:
        """The names, in the file's order."""
        return [model.name for model in self.model]

    def get(self, name: str) -> Model | None:
        """The model called `name`."""
        return next((model for model in self.model if model.name == name), None)

    def of_set(self, wanted: ModelSet) -> list[Model]:
        """The models of a set."""
        return [model for model in self.model if wanted in model.profiles]

    def for_role(self, role: Role, wanted: ModelSet) -> Model | None:
        """The model that does `role` in a set."""
        return next((model for model in self.of_set(wanted) if model.role is role), None)

    def beside(self, other: Manifest) -> Manifest:
        """Both together; where both name a model, `other` wins."""
        mine = [model for model in self.model if other.get(model.name) is None]
        return Manifest(model=(*mine, *other.model))


def read(path: Path) -> Manifest:
    """The manifest at `path`; ConfigError names file, line, key and what would be right."""
    return configfile.read(path, Manifest)
