"""Calls that were served while there was no agent: into the record and the inbox, as if one had been there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Final

from appliance.agent.records import Records, rated
from appliance.clock import Clock
from appliance.conversation.degradation import Level
from appliance.conversation.menu_words import spoken_message
from appliance.conversation.phrases import Phrases
from appliance.conversation.summing_up import by_keys, ended_as, without_words
from appliance.domain.call import CallEvent, CallRecord
from appliance.errors import ApplianceError
from appliance.store.contacts import e164
from appliance.store.left_behind import LeftBehind, LeftCall

_log = logging.getLogger(__name__)
LOOK_EVERY_S: Final = 5.0


class TakingOver:
    """Looks for what the line left behind. `versions` go with calls as with our own."""

    def __init__(
        self,
        left: LeftBehind,
        records: Records,
        phrases: Phrases,
        versions: Mapping[str, str],
        clock: Clock,
        *,
        region: str = "",
    ) -> None:
        """`region`: the country of numbers that name none (business.region)."""
        self._left = left
        self._records = records
        self._phrases = phrases
        self._versions = versions
        self._clock = clock
        self._region = region

    async def run(self) -> None:
        """Look now and then, until cancelled: calls may end after an agent is back."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> int:
        """Take over every call that is over; how many that were. What cannot be kept now stays for later."""
        taken = 0
        for call in await asyncio.to_thread(lambda: list(self._left.calls())):
            if call.ended_at is None:
                continue
            try:
                await self._records.writer.do(self._keep, call)
            except ApplianceError as fault:
                _log.error(
                    "a call left behind is not kept yet", extra={"code": fault.code, "reason": str(fault)}
                )
                return taken
            taken += 1
            _log.info("a call left behind is kept", extra={"call_id": call.call_id})
        return taken

    def _keep(self, call: LeftCall) -> None:
        """In the writer's thread. Each step may be done twice, and the file goes last."""
        calls = self._records.calls
        if call.refused_with is not None:
            self._keep_unserved(call, call.refused_with)
            return
        if not call.given_back:
            calls.begin(call.call_id, call.caller, call.called, call.began_at, dict(self._versions))
            calls.answered(call.call_id, call.began_at)
            self._keep_message(call)
            recording, language = self._left.recording(call), self._records.language
            said = calls.get(call.call_id).summary  # an agent may have had the call before
            calls.close(
                call.call_id,
                call.disposition,
                call.ended_at or self._clock.now(),
                call.quality and rated(call.quality),
                str(recording) if recording is not None else None,
                summary=ended_as(said, call.disposition, language)
                if said is not None
                else by_keys(call.disposition, language),
            )
        calls.add_event(call.call_id, CallEvent(call.began_ms, "level", Level.ALONE.word))
        self._left.taken_over(call)

    def _keep_unserved(self, call: LeftCall, status: int) -> None:
        """Whoever can be called back is told of, as any call is; a scanner of SIP ports has no number."""
        more = [CallEvent(0, "unserved_more", str(call.times))] if call.times > 1 else []
        self._records.calls.unserved(
            CallRecord(
                call.call_id,
                call.caller,
                call.called,
                offered_at=call.began_at,
                answered_at=None,
                ended_at=call.ended_at,
                disposition=call.disposition,
                recording=None,
                versions=dict(self._versions),
                events=(CallEvent(0, "refused", str(status)), *more),
                summary=without_words(call.disposition, self._records.language),
            ),
            tells=bool(e164(call.caller, self._region)),
        )
        self._left.taken_over(call)

    def _keep_message(self, call: LeftCall) -> None:
        if call.message_from_ms is None or call.message_to_ms is None:
            return
        self._records.messages.take(
            spoken_message(call.call_id, call.caller, call.message_from_ms, call.message_to_ms, self._phrases)
        )
