"""Acts on foresight while the caller still has the turn: makes the voice, looks things up, asks the model.

Nothing here changes the world: an appointment is looked for but not made, a sentence is made but not said.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from appliance.agent.questions import Questions
from appliance.agent.voicing import Voicing
from appliance.conversation.foresight import Foreseen, Foresight
from appliance.domain import commands as do
from appliance.domain import events as ev

_SPEECHES_MAX = 2  # while these are heard there is time to make the rest


class Preparing:
    """One call's preparations; the newest guess counts."""

    def __init__(
        self,
        voicing: Voicing,
        questions: Questions,
        *,
        fetch: Callable[[do.Lookup], Awaitable[ev.SessionEvent]],
        now_tick: Callable[[], int],
    ) -> None:
        self._voicing = voicing
        self._questions = questions
        self._fetch = fetch
        self._now_tick = now_tick
        self._foresight: Foresight | None = None

    def foresee(self, foresight: Foresight, maybe: ev.CallerMayBeDone) -> Foreseen:
        """Get ready for what would come of these words."""
        self._foresight = foresight
        return self._get_ready(foresight.heard(maybe))

    async def look_up(self, lookup: do.Lookup) -> None:
        """Look, and get ready for what would be said of it; unless the words have changed by then."""
        foresight = self._foresight
        found = await self._fetch(lookup)
        if foresight is None or foresight is not self._foresight:
            return
        if isinstance(found, ev.OpeningsFound | ev.AppointmentsFound | ev.PassagesFound):
            self._get_ready(foresight.found(found, self._now_tick()))

    def _get_ready(self, foreseen: Foreseen) -> Foreseen:
        self._voicing.prepare(foreseen.speeches[:_SPEECHES_MAX], foreseen.pace_percent)
        if foreseen.question is not None:
            self._questions.guess(foreseen.question)
        return foreseen
