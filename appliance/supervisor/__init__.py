"""Keeps the box's processes running: starts them, restarts what dies or is stuck, stops them together.

`supervision` decides, `processes` does. What a process is for is none of their business: they know names,
command lines and rules (5 restarts in 60 s; stuck counts as dead), the same that systemd keeps in production.
"""

from appliance.supervisor.processes import run
from appliance.supervisor.supervision import ChildSpec

__all__ = ["ChildSpec", "run"]
