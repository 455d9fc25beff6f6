"""The command line: one file a noun; each command calls one function and prints."""
