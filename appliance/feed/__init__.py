"""The diary as a calendar other programs subscribe to: a small HTTP server in a process of its own.

It reads the database and nothing else, so a slow or greedy subscriber can touch neither a call nor the diary.
"""
