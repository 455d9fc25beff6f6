"""The office's documents in a rehearsal: what a play lets them say to every question from here on.

documents: answer A tire rotation is twenty five dollars.      (word for word)
documents: touch on The warranty covers parts and labor.       (a passage that is about it, and does not answer it)
documents: nothing

A play with such a line has documents from its first word on.
"""

from __future__ import annotations

from appliance.domain.commands import FindPassages
from appliance.domain.events import PassagesFound
from appliance.domain.passage import Passage

NOTHING = "nothing"
_ANSWER, _TOUCH_ON = "answer ", "touch on "
_SURE, _MAYBE = 0.95, 0.6


def can_be_found(rest: str) -> bool:
    """Whether a line of a play says what documents can do."""
    return rest == NOTHING or rest.startswith((_ANSWER, _TOUCH_ON))


def found(command: FindPassages, rest: str) -> PassagesFound:
    """What the documents say to a question, as the play has it."""
    call_id, query = command.call_id, command.query
    if rest.startswith(_ANSWER):
        text = rest.removeprefix(_ANSWER)
        return PassagesFound(call_id, query, (_passage(text, _SURE),), text, _SURE)
    if rest.startswith(_TOUCH_ON):
        return PassagesFound(call_id, query, (_passage(rest.removeprefix(_TOUCH_ON), _MAYBE),))
    return PassagesFound(call_id, query)


def _passage(text: str, likelihood: float) -> Passage:
    return Passage(text, "play.md", (), 1, likelihood)
