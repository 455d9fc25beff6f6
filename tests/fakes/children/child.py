"""A process to be supervised. Its one argument says how it behaves; see `main`."""

from __future__ import annotations

import os
import resource
import signal
import sys
import threading

from appliance.ops.notify import Notifier
from appliance.ops.parents import die_with_parent


def main(behaviour: str) -> int:
    die_with_parent()
    notifier = Notifier.from_environment()
    stop = threading.Event()
    match behaviour:
        case "serves":
            signal.signal(signal.SIGTERM, lambda *_: stop.set())
            return _serve(notifier, stop)
        case "deaf":  # alive, but will not stop
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            return _serve(notifier, stop)
        case "stuck":  # ready, then silent
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            notifier.ready()
            stop.wait()
        case "fails":
            notifier.status("the port is taken")
            return 69
        case "misconfigured":
            return 78
        case "crashes":
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            os.kill(os.getpid(), signal.SIGSEGV)
    return 1


def _serve(notifier: Notifier, stop: threading.Event) -> int:
    notifier.ready()
    while not stop.wait(0.05):
        notifier.alive()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
