"""Reads documents in a process of its own, which a broken one may take down without harm.

A damaged table can claim a billion cells: the reader has a limit on memory and one on time, and when it dies
the document is refused, another reader is started, and the next one is read. By exec, never by fork.
"""

from __future__ import annotations

import contextlib
import json
import resource
import selectors
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import IO, Final, Self

from appliance.errors import DocumentRefused
from appliance.knowledge.reading import Document, read

MEMORY_BYTES_MAX: Final = 2_000_000_000
READ_S_MAX: Final = 120.0


class CarefulReader:
    """Use as a context: the process lives as long. Not thread safe."""

    def __init__(self, *, memory_bytes_max: int = MEMORY_BYTES_MAX, read_s_max: float = READ_S_MAX) -> None:
        self._memory_bytes_max = memory_bytes_max
        self._read_s_max = read_s_max
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def read(self, path: Path) -> Document:
        """As `reading.read`, and DocumentRefused too when the reader dies of it or takes too long."""
        answer = self._ask(path)
        if answer is None:
            self._end()
            raise DocumentRefused(
                f"{path.name}: is broken (reading it takes more memory or time than any document may).",
                remedy="Open it in the program it was made with and save it again.",
            )
        said = json.loads(answer)
        if "refused" in said:
            raise DocumentRefused(said["refused"], remedy=said["remedy"])
        return Document(**said)

    def _ask(self, path: Path) -> bytes | None:
        """The reader's line about a document; None when there is none to come."""
        process = self._running()
        assert process.stdin is not None  # noqa: S101  opened with pipes
        assert process.stdout is not None  # noqa: S101
        try:
            process.stdin.write(json.dumps(str(path.absolute())).encode() + b"\n")
            process.stdin.flush()
        except BrokenPipeError:
            return None
        if not _comes(process.stdout, self._read_s_max):
            return None
        line = process.stdout.readline()
        return line if line.endswith(b"\n") else None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "appliance.knowledge.careful_reader", str(self._memory_bytes_max)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):  # what was still to be said to the dead
                    pipe.close()


def _comes(stream: IO[bytes], limit_s: float) -> bool:
    """Whether something comes before the limit: a line, or the end."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(stream, selectors.EVENT_READ)
        return bool(waiting.select(limit_s))


def main() -> None:
    """The reader: a path a line comes in, a line about it goes out."""
    limit_bytes = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin:
        print(json.dumps(_told(Path(json.loads(line)))), flush=True)


def _told(path: Path) -> dict[str, object]:
    try:
        return asdict(read(path))
    except DocumentRefused as refused:
        return {"refused": refused.message, "remedy": refused.remedy}


if __name__ == "__main__":
    main()
