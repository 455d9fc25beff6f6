"""The language model's process: several callers, one loaded model."""
