"""The store: calls, turns, the diary, messages and recordings, on disk before anything else depends on them.

`database` owns the connection and translates every foreign fault; `schema` says what the tables look like and
how old ones become new ones; `calls`, `appointments`, `calendars`, `messages` are what the house may ask of
them (of the diary `openings` and `assignment` are pure, `diary_tables` its rows, `ics` its iCalendar);
`recordings` writes sound, `writer` keeps all of it off the event loop, `export` shows a call to the outside.
"""
