"""Parts an utterance where another wish may begin: "when are you open | and | i'd like to book". Pure.

And where the wish begins after a story: "my bangs are too long | when can i stop in".
"""

from __future__ import annotations

from typing import Final

from appliance.conversation.wishes import wishes

_WORDS_MIN: Final = 3
"""A wish is seldom said in fewer words; "cash and cards", "open and close" stay together."""
CLAUSES_MAX: Final = 3
_ASKED_WORDS_MIN: Final = 4
"""A wish after a story is said in no fewer: "can you help me"."""


def clauses(text: str, language: str = "en") -> tuple[str, ...]:
    """The parts of `text` that may each be a wish, in order, without the words that join them.

    At most three; what follows stays with the last. One part when nothing splits, none for empty text.
    """
    joint = wishes(language).joint
    parts: list[str] = []
    start = 0
    for found in joint.finditer(text):
        before, after = text[start : found.start()].strip(), text[found.end() :].strip()
        if len(parts) < CLAUSES_MAX - 1 and min(len(before.split()), len(after.split())) >= _WORDS_MIN:
            parts.append(before)
            start = found.end()
    last = text[start:].strip()
    return (*parts, last) if last else tuple(parts)


def wish_after_story(text: str, language: str = "en") -> str:
    """The words from which on a wish is uttered, where something was told before it; else nothing.

    A question from the first word on has no story: "how many miles can i go" is one question.
    """
    sounds = wishes(language)
    if sounds.question.match(text):
        return ""
    for found in sounds.begins.finditer(text):
        told, asked = text[: found.start()], text[found.start() :].strip()
        if len(told.split()) >= _WORDS_MIN and len(asked.split()) >= _ASKED_WORDS_MIN:
            return asked
    return ""
