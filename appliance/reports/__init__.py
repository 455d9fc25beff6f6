"""What happened in a day, a week or a month, as its owner wants to read it: on a terminal, a page, a sheet, by mail.

`periods` says from when to when, `store.reporting` counts, `figures` makes the numbers of a report of it (pure),
and `text`, `pages` and `sheets` show them.
"""
