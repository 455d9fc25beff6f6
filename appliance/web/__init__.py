"""Other machines over HTTP: one question, one answer, within a limit. The only room that speaks it for others."""
