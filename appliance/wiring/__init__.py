"""Builds each process from the settings: the only room that knows every concrete class.

`python -m appliance.wiring line|agent|mind|feed|sync|errands|upkeep --config FILE` is what systemd and `appliance run`
start.
"""

from __future__ import annotations

from appliance.wiring.equipping import build_equipment, prepared_texts
from appliance.wiring.knowing import load_documents, load_finder, taught_directory
from appliance.wiring.places import run_directory
from appliance.wiring.processes import children, main

__all__ = [
    "build_equipment",
    "children",
    "load_documents",
    "load_finder",
    "main",
    "prepared_texts",
    "run_directory",
    "taught_directory",
]
