"""The second pass: when nobody is on the line, a better recogniser listens to recordings once more.

What it hears is kept beside what was heard in the call, which stays as it is; the difference tells how well the
box hears its callers. The work is done by a process of its own, which is killed when somebody calls.
"""
