"""Setting a box up and changing its mind: what `appliance init` asks, and how settings files are written.

`questions` (what is asked, and what an answer sets), `drafting` (both files while they are being answered),
`opening_hours` ("mon-fri 8-17"), `examples` (an example business as a file to start from), `editing` (one value of a
TOML file, comments kept) and `words_en` are pure. `history` replaces a file and keeps what it was before.
"""
