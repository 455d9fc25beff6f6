"""Ears, voices and minds behind protocols: one file a foreign library, `ports.py` says what they promise."""
