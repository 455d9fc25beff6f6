"""After calls, while nobody is on the line: the language model puts into better words what each caller wished.

Every call has its summary from the moment it ended (conversation/summing_up); this only replaces it, where the model
says nothing that the call's record does not hold. Whoever rings comes first: the question is taken back at once and
put again later. Nothing waits for it, and what does not come about stays as it was.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Final

from appliance.agent.records import Records
from appliance.conversation.summing_up import question_for_model, worded
from appliance.domain.call import CallRecord
from appliance.domain.commands import AskModel, CancelAsk, MindCommand
from appliance.domain.events import ReplyEnded, ReplySentence
from appliance.errors import ApplianceError

_log = logging.getLogger(__name__)
SUMMARY: Final = "summary"
"""The call that such a question is asked for."""
LOOK_EVERY_S: Final = 2.0
_WAITING_MAX: Final = 200
"""Calls that wait for a quiet minute; beyond, the oldest keep the summary they have."""
_TOKENS_MAX: Final = 60
_LIMIT_MS: Final = 90_000
_DONE: Final = "done"

Answer = ReplySentence | ReplyEnded


class Afterwards:
    """Sums calls up, one at a time. `is_quiet` says whether nobody is on the line and the mind can be asked;
    `send` gives an order to the mind, False when there is none. Belongs to the event loop."""

    def __init__(
        self, records: Records, is_quiet: Callable[[], bool], send: Callable[[MindCommand], bool]
    ) -> None:
        self._records = records
        self._is_quiet = is_quiet
        self._send = send
        self._waiting: deque[str] = deque(maxlen=_WAITING_MAX)
        self._number = 0
        self._said: list[str] = []
        self._ended: asyncio.Future[str] | None = None

    def closed(self, call_id: str) -> None:
        """This call is over."""
        self._waiting.append(call_id)

    def somebody_rings(self) -> None:
        """The model belongs to callers now."""
        if self._ended is not None and not self._ended.done():
            self._send(CancelAsk(SUMMARY, self._number))
            self._ended.set_result("taken back")

    def mind_lost(self) -> None:
        """Whoever worked on it is gone."""
        if self._ended is not None and not self._ended.done():
            self._ended.set_result("lost")

    def came(self, answer: Answer) -> None:
        """The model has composed something for us; what belongs to an older question is dropped."""
        if answer.ask != self._number or self._ended is None or self._ended.done():
            return
        if isinstance(answer, ReplySentence):
            self._said.append(answer.text)
        else:
            self._ended.set_result(answer.outcome)

    async def run(self) -> None:
        """Look now and then, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            while self._waiting and self._is_quiet():
                await self.sum_up(self._waiting.popleft())

    async def sum_up(self, call_id: str) -> None:
        """One call. Taken back, it waits again; a call that cannot be read, or says too little, stays as it is."""
        calls, writer = self._records.calls, self._records.writer
        try:
            record = await writer.do(calls.get, call_id)
            if record.summary is None or not await self._asked(record):
                return
            better = worded(record, " ".join(self._said), self._records.language)
            if better is not None:
                await writer.do(calls.summarise, call_id, record.summary, better)
            _log.info("call summed up", extra={"call_id": call_id, "by_model": better is not None})
        except ApplianceError as fault:
            _log.warning("call not summed up", extra={"call_id": call_id, "code": fault.code})

    async def _asked(self, record: CallRecord) -> bool:
        """Whether the model answered, in `_said`."""
        question = question_for_model(record, self._records.language)
        if question is None or not self._is_quiet():  # somebody may have rung while the record was read
            return self._again(record.call_id, wanted=question is not None)
        self._number += 1
        self._said.clear()
        self._ended = asyncio.get_running_loop().create_future()
        system, prompt = question
        if not self._send(AskModel(SUMMARY, self._number, system, prompt, _TOKENS_MAX, _LIMIT_MS)):
            return self._again(record.call_id, wanted=True)
        outcome = await self._ended
        return outcome == _DONE or self._again(record.call_id, wanted=outcome == "taken back")

    def _again(self, call_id: str, *, wanted: bool) -> bool:
        if wanted and len(self._waiting) < _WAITING_MAX:
            self._waiting.appendleft(call_id)
        return False
