"""Posts what happened as a signed CloudEvent to one address that anything can receive."""

from __future__ import annotations

from appliance.errors import NoAnswer
from appliance.settings import Deliver
from appliance.sync.attempts import Later, Outcome, outcome_of
from appliance.sync.cloudevents import event_of
from appliance.sync.happenings import Happening
from appliance.web.posting import Poster


class Webhook:
    """The destination "webhook"."""

    def __init__(self, deliver: Deliver, poster: Poster, secret: str | None) -> None:
        self._deliver = deliver
        self._poster = poster
        self._secret = secret

    def send(self, happening: Happening) -> Outcome:
        """Post it; the identity is the idempotency key of every attempt."""
        try:
            answer = self._poster.post(
                self._deliver.webhook_url,
                event_of(happening),
                identity=happening.identity,
                secret=self._secret,
                limit_s=self._deliver.limit_s,
                content_type="application/cloudevents+json; charset=utf-8",
            )
        except NoAnswer as fault:
            return Later(fault.message)
        return outcome_of(answer)
