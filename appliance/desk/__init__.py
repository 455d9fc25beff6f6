"""The desk: a microphone and a loudspeaker on the box, through which staff ask about calls, messages and the diary.

    sound card -> ear: the wake word; once woken voice activity and recogniser
               -> session -> answering, from the store, read only -> mouth -> sound card
    "call the last caller back" -> calling_back -> agent -> line: the telephone on the desk, then the caller

It never answers callers, keeps no sound and no word, and forgets what it was asked. `session` and `calling_back`
decide, pure; `service` puts sound card, engines, store and agent around them. A caller notices nothing of it.
"""
