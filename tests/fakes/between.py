"""A web client between an adapter and its server that changes what it is told to: requests, answers, or the way."""

from __future__ import annotations

from appliance.web.asking import Answer, Client


class Between(Client):
    """Stands between the adapter and the server: `before` may change a request, `after` an answer."""

    def __init__(self, before=lambda body: body, after=lambda method, url, answer: answer) -> None:
        super().__init__()
        self.before, self.after = before, after

    def ask(self, method, url, *, body=None, headers=None, limit_s) -> Answer:
        answer = super().ask(
            method, url, body=None if body is None else self.before(body), headers=headers, limit_s=limit_s
        )
        return self.after(method, url, answer)
