"""The webhook is told of everything it is to be told of; whoever receives can check it as the documentation says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance.bench.strict_crm import SECRET, Failing, How, open_crm
from appliance.settings import Deliver, Settings, Tells
from appliance.sync.attempts import Later, Refused, Sent
from appliance.sync.cloudevents import type_of
from appliance.sync.webhook import Webhook
from appliance.web.posting import Poster
from appliance.web.signing import signed_headers
from tests.fakes.happenings import a_call, one_of_each

GUIDE = (Path(__file__).parents[2] / "docs" / "webhook.md").read_text()


def documented_request() -> tuple[dict[str, str], bytes]:
    """The headers and the body of the guide's example."""
    (block,) = re.findall(r"```\nPOST /attendant\n(.*?)```", GUIDE, re.DOTALL)
    head, _, body = block.partition("\n\n")
    return dict(line.split(": ", 1) for line in head.splitlines()), body.strip().encode()


def documented_check() -> Any:
    """The guide's own function."""
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102  what we tell others to run
    return names["is_ours"]


def test_the_documented_request_is_the_one_we_would_send() -> None:
    headers, body = documented_request()
    (secret,) = set(re.findall(r"whsec_\w{20,}", GUIDE))
    made = signed_headers(secret, headers["webhook-id"], int(headers["webhook-timestamp"]), body)
    assert made.items() <= headers.items()
    assert json.loads(body)["id"] == headers["webhook-id"]


def test_the_documented_check_takes_ours_and_nobody_elses() -> None:
    headers, body = documented_request()
    (secret,) = set(re.findall(r"whsec_\w{20,}", GUIDE))
    is_ours, now_s = documented_check(), int(headers["webhook-timestamp"]) + 20
    assert is_ours(secret, headers, body, now_s)
    assert is_ours(
        secret, headers | {"webhook-signature": "v1,x " + headers["webhook-signature"]}, body, now_s
    )
    assert not is_ours(secret, headers, body + b" ", now_s)
    assert not is_ours("another secret", headers, body, now_s)
    assert not is_ours(secret, headers, body, now_s + 3600)
    assert not is_ours(secret, headers | {"webhook-id": "another"}, body, now_s)


def test_every_type_is_documented_and_every_link_leads_to_a_schema() -> None:
    for happening in one_of_each():
        kind = type_of(happening)
        assert kind in GUIDE or kind.removeprefix("attendant.appointment") in GUIDE
    for link in re.findall(r"\((events/[^)]+)\)", GUIDE):
        assert (Path(__file__).parents[2] / "docs" / link).is_file()


@pytest.fixture(scope="module")
def poster() -> Iterator[Poster]:
    made = Poster()
    yield made
    made.close()


def test_all_kinds_arrive_signed_and_once(poster: Poster) -> None:
    with open_crm() as receiver:
        hook = Webhook(Deliver(webhook_url=receiver.url, limit_s=5), poster, SECRET)
        for happening in (*one_of_each(), *one_of_each()):
            assert hook.send(happening) == Sent()
        assert receiver.identities == [one.identity for one in one_of_each()]
        assert receiver.refusals == []


@pytest.mark.parametrize(
    ("failing", "outcome"),
    [
        (Failing(How.STATUS, 500), Later),
        (Failing(How.STATUS, 429, retry_after="7"), Later),
        (Failing(How.STATUS, 401), Later),
        (Failing(How.TRUNCATED), Later),
        (Failing(How.DROPPED), Later),
        (Failing(How.STATUS, 422), Refused),
    ],
    ids=str,
)
def test_what_goes_wrong(poster: Poster, failing: Failing, outcome: type) -> None:
    with open_crm(lambda identity: failing) as receiver:
        hook = Webhook(Deliver(webhook_url=receiver.url, limit_s=5), poster, SECRET)
        assert isinstance(hook.send(a_call()), outcome)
        assert receiver.identities == []


def test_old_receivers_are_told_of_messages_only() -> None:
    config = Settings(deliver=Deliver(webhook_url="https://hooks.office.example/x"))
    assert [kind for kind in Tells if "webhook" in config.told_of(kind)] == [Tells.MESSAGE]
