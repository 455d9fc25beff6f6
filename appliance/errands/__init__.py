"""Asks other machines what a business's tools want to know, while a caller waits. Holds no call and no record."""
