"""One model in the making: where its pieces lie until it is whole, and how far it has come."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from appliance.weights.manifest import Kind, Model, ModelFile, Reference, Take


class Progress(Protocol):
    """Shown while models are fetched."""

    def moved(self, model: str, done_bytes: int, total_bytes: int) -> None:
        """So much of `model` has arrived; both numbers may be corrected on the way."""
        ...

    def said(self, model: str, text: str) -> None:
        """Something worth a line: a source that is silent, a lock that is held."""
        ...


@dataclass(frozen=True, slots=True)
class Joined:
    """How many parts of a file have been joined, and how long it was then. Kept beside the growing file."""

    parts: int = 0
    bytes: int = 0

    @staticmethod
    def _beside(growing: Path) -> Path:
        return growing.with_name(f"{growing.name}.joined")

    @classmethod
    def read(cls, growing: Path) -> Joined:
        """What was noted of `growing`; nothing joined where the note and the file do not fit together."""
        try:
            joined = cls(**json.loads(cls._beside(growing).read_text(encoding="utf-8")))
            return joined if growing.stat().st_size >= joined.bytes else cls()
        except (OSError, ValueError, TypeError):
            return cls()

    def write(self, growing: Path) -> None:
        """Note it, so that a pull that is killed knows where the last whole part ended."""
        fresh = growing.with_name(f"{growing.name}.joining")
        fresh.write_text(json.dumps({"parts": self.parts, "bytes": self.bytes}), encoding="utf-8")
        fresh.replace(self._beside(growing))

    @classmethod
    def forget(cls, growing: Path) -> None:
        """`growing` is gone."""
        cls._beside(growing).unlink(missing_ok=True)


@dataclass(slots=True)
class Workshop:
    """One model in the making: where its pieces lie, and how far each download has come."""

    folder: Path
    model: Model
    progress: Progress
    _expected: dict[Take, int] = field(default_factory=dict)
    _received: dict[Take, int] = field(default_factory=dict)

    @property
    def whole(self) -> Path:
        """Files whose content is right."""
        return self.folder / "whole"

    def is_whole(self, file: ModelFile) -> bool:
        """Whether `file` is here with the right content."""
        return (self.whole / file.path).is_file()

    def growing(self, take: Take, file: ModelFile) -> Path:
        """Where `file` grows when it comes from `take`."""
        return self.folder / "growing" / _key(take.model_dump_json()) / file.path

    def archive(self, reference: Reference) -> Path:
        """Where the archive `reference` is kept until it is opened."""
        return self.folder / "archives" / _key(reference.name)

    def keep(self, file: ModelFile, growing: Path) -> None:
        """`growing` has the right content: it is `file` from now on."""
        target = self.whole / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        growing.replace(target)

    def missing(self) -> list[ModelFile]:
        """Files that are not here yet."""
        return [file for file in self.model.files if not self.is_whole(file)]

    def bytes_still_needed(self) -> int:
        """What is not on the disk yet, and room for the largest archive while it is opened."""
        here = sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())
        archives = [
            self._size(take) // take.parts
            for file in self.missing()
            for take in self.model.takes_for(file)
            if take.kind is not Kind.FILE
        ]
        return max(0, self.model.bytes + max(archives, default=0) - here)

    def _size(self, take: Take) -> int:
        return take.download_bytes or sum(file.bytes for file in self.model.files_of(take))

    def expect_missing(self) -> None:
        """Count on the first source of everything that is not here."""
        for take in dict.fromkeys(next(self.model.takes_for(file)) for file in self.missing()):
            self.expect(take)

    def expect(self, take: Take) -> None:
        """`take` is going to be used: its bytes count towards the whole."""
        self._expected[take] = self._size(take)
        self._received[take] = 0
        self._show()

    def give_up(self, take: Take) -> None:
        """`take` failed: neither what it brought nor what it would have counts."""
        self._expected.pop(take)
        self._received.pop(take)

    def advance(self, take: Take, count: int) -> None:
        """`count` more bytes of `take` are here."""
        self._received[take] += count
        self._show()

    def complete(self) -> None:
        """Everything is in place: what was expected beyond that was a wrong guess."""
        done = sum(self._received.values())
        self.progress.moved(self.model.name, done, done)

    def _show(self) -> None:
        done, total = sum(self._received.values()), sum(self._expected.values())
        self.progress.moved(self.model.name, done, max(done, total))


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
