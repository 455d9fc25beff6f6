"""What the business knows of itself, and which of it answers a question."""
