"""The customer databases an office may have: one file a kind, all behind one small protocol (`ports`)."""
