"""A small neural network in an ONNX file, run on one thread. The only file that imports onnxruntime."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime

from appliance.errors import EngineFault, ModelMissing

Array = npt.NDArray[Any]


class Network:
    """A loaded network; thread safe. One thread a run, so that several calls share the cores fairly."""

    def __init__(self, file: Path, *, role: str, remedy: str) -> None:
        """Load `file`; `role` (voice, vectors) and `remedy` are for the message of ModelMissing."""
        if not file.is_file():
            raise ModelMissing(f"{role}: {file} is missing.", remedy=remedy)
        self._role = role
        self._name = file.name
        try:
            self._session = onnxruntime.InferenceSession(
                str(file), _one_thread(), providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's errors have no common class but this
            raise ModelMissing(f"{role}: {file} does not load; it is broken.", remedy=remedy) from error
        give_back_memory()

    @property
    def inputs(self) -> tuple[str, ...]:
        """What the network calls its inputs."""
        return tuple(one.name for one in self._session.get_inputs())

    def run(self, outputs: Sequence[str] | None, inputs: Mapping[str, Array]) -> list[Array]:
        """The named outputs (None: all) for `inputs`, as onnxruntime's session would give them."""
        try:
            results: Sequence[Any] = self._session.run(outputs, inputs)
        except Exception as error:  # onnxruntime's errors have no common class but this
            raise EngineFault(f"{self._role}: {self._name} failed at its work.") from error
        return [np.asarray(result) for result in results]


def _one_thread() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # keeps 45 MB that a sentence took once; costs a tenth of the speed
    options.enable_mem_pattern = False  # a plan for each length of input: 20 MB for no gain in speed
    options.log_severity_level = 3  # errors only
    return options


def give_back_memory() -> None:
    """Return what was taken and freed: glibc would keep it, 57 MB after loading the sentence vectors, and up to
    160 MB of what long sentences took in two voice threads."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
