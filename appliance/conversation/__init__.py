"""Decisions: event in, commands out. No clock, no socket, no model, no disk in here."""
