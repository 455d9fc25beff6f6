"""The strict customer system: takes what is right, once, refuses the rest, and fails as it is told to."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from appliance.bench.strict_crm import SECRET, Failing, How, Step, StrictCrm, open_crm
from appliance.errors import NoAnswer
from appliance.web.asking import Answer, Client
from appliance.web.signing import signed_headers

RIGHT = {
    "specversion": "1.0",
    "id": "message.m1.webhook",
    "source": "/attendant/Hilltop",
    "type": "attendant.message.taken.v1",
    "time": "2026-11-21T12:00:00-07:00",
    "datacontenttype": "application/json",
    "data": {"matter": "the brakes"},
}


@pytest.fixture
def crm() -> Iterator[StrictCrm]:
    with open_crm() as opened:
        yield opened


def post(
    crm: StrictCrm, event: object = RIGHT, *, secret: str = SECRET, path: str = "", **headers: str
) -> Answer:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    said = {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "Idempotency-Key": RIGHT["id"],
        **signed_headers(secret, RIGHT["id"], 0, body),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    client = Client()
    try:
        return client.ask("POST", crm.url + path, body=body, headers=said, limit_s=5)
    finally:
        client.close()


def test_what_is_right_is_taken_once_and_known_again(crm):
    assert [post(crm).status for _ in range(2)] == [200, 200]
    assert (crm.identities, crm.repeats, crm.asked, crm.refusals) == ([RIGHT["id"]], 1, 2, [])
    assert crm.wait_for(1, 0)
    assert not crm.wait_for(2, 0)


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"event": b"no json"}, 400),
        ({"event": RIGHT | {"specversion": "0.3"}}, 400),
        ({"event": RIGHT | {"colour": "blue"}}, 422),
        ({"event": RIGHT | {"id": "another"}}, 422),
        ({"event": RIGHT | {"type": "com.example.other"}}, 422),
        ({"secret": "whsec_AAAA"}, 401),
        ({"path": "/more"}, 404),
        ({"Content_Type": "text/plain"}, 415),
    ],
)
def test_what_is_not_known_is_refused(crm, wrong, status):
    assert post(crm, **wrong).status == status
    assert crm.identities == []
    assert len(crm.refusals) == 1


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("how", [How.TRUNCATED, How.HANGS, How.DROPPED])
def test_it_fails_as_planned_and_keeps_what_it_was_to_keep(crm, how, kept):
    crm.plan = lambda identity: Failing(how, kept=kept)
    crm.let_go.set()  # nobody waits here
    with pytest.raises(NoAnswer):
        post(crm)
    assert crm.identities == ([RIGHT["id"]] if kept else [])


def test_a_planned_answer_says_when_to_come_again(crm):
    crm.plan = lambda identity: Failing(How.STATUS, 429, "Sat, 21 Nov 2026 19:00:00 GMT")
    answer = post(crm)
    assert (answer.status, answer.headers["retry-after"]) == (429, "Sat, 21 Nov 2026 19:00:00 GMT")


def test_it_tells_how_far_a_request_has_come(crm):
    steps = []
    crm.watch = lambda step, identity: steps.append(step)
    post(crm)
    assert steps[:3] == [Step.HALF_HEARD, Step.KEPT, Step.HALF_ANSWERED]
