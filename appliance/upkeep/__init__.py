"""The upkeep process: what a box does for itself when nobody is on the line, one chore at a time.

`chores` is what a chore must be; `journal` remembers when each was done last; `service` runs them at idle
priority. `backing_up`, `checking`, `thinning` are chores of this room, wiring/keeping.py lists them all.
"""
