"""The caller's side: a real SIP caller in a process of its own, and what it measures."""
