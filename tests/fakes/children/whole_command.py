"""The `appliance` command over fake children and models: ATTENDANT_FAKE says which models are missing."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from appliance import wiring
from appliance.cli import app
from appliance.errors import ModelMissing
from appliance.settings import Settings
from appliance.supervisor import ChildSpec
from appliance.weights import place

CHILD = str(Path(__file__).parent / "child.py")
MISSING = os.environ.get("ATTENDANT_FAKE", "").split()


def resolve(settings: Settings, role: str) -> Path | None:
    if role in MISSING:
        raise ModelMissing(f"the {role} is not here.", remedy="Fetch it.")
    return None if role == "language_model" and settings.models.language_model == "none" else Path("/model")


def children(settings: Settings, path: Path | None) -> list[ChildSpec]:
    names = ["agent", "line", "mind"]
    return [ChildSpec(name, (sys.executable, CHILD, "serves"), optional=name == "mind") for name in names]


if __name__ == "__main__":
    place.resolve = resolve
    wiring.children = children
    app.main()
