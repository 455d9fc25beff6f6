"""What a person is shown on one page: tables, sentences and plots as self-contained HTML.

Knows nothing of benches or reports: whoever has something to show puts blocks and plots together.
"""
