"""A supervisor over fake children, as a process of its own: NAME=BEHAVIOUR ..., NAME? is optional."""

from __future__ import annotations

import sys
from pathlib import Path

from appliance.ops.notify import Notifier
from appliance.supervisor import ChildSpec, run

CHILD = str(Path(__file__).parent / "child.py")


def spec(argument: str) -> ChildSpec:
    name, behaviour = argument.split("=")
    argv = (sys.executable, CHILD, behaviour) if behaviour != "absent" else ("/no/such/program",)
    # A child that serves gives a sign of life once a second at most (ops/notify.py).
    stuck_after_s = 0.2 if behaviour == "stuck" else 30.0
    return ChildSpec(name.rstrip("?"), argv, optional=name.endswith("?"), stuck_after_s=stuck_after_s)


if __name__ == "__main__":
    specs = [spec(argument) for argument in sys.argv[1:]]
    sys.exit(run(specs, lambda line: print(line, flush=True), Notifier.from_environment()))
