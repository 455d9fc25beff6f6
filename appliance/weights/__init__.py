"""Model files: what is wanted, where it comes from, whether it is what it says, and where it lives."""
