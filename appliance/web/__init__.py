"""Other machines over HTTP: one signed question, one answer, within a limit. The only room that posts."""
