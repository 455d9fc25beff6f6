"""What is said of answers that are none: in words for the operator, without anybody's name, and never for good."""

from __future__ import annotations

import msgspec
import pytest

from appliance.errors import NoAnswer
from appliance.settings import Crm, CrmKind
from appliance.sync.attempts import Later
from appliance.sync.crm.tryton import Tryton
from appliance.web.asking import Answer, Client
from tests.sync.crm.test_notes import ALICE, CALL

KEY = "a key"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(429, b"", 17.0), "the CRM asks us to wait"),
        (Answer(503, b""), "HTTP 503"),
        (Answer(200, b"<html>Welcome to the hotel</html>"), "what answers there is no Tryton: see crm.url"),
        (Answer(200, b'{"a": "\xff"}'), "what answers there is no Tryton: see crm.url"),
        (Answer(200, b"7"), "what answers there is no Tryton: see crm.url"),
        (Answer(302, b""), "HTTP 302"),
        (Answer(500, b"[]"), "the CRM failed inside (HTTP 500)"),
    ],
    ids=["busy", "overloaded", "a hotel's page", "no text", "a number", "elsewhere", "broken"],
)
def test_whatever_else_answers_it_waits(answer, reason):
    class Elsewhere(Client):
        def ask(self, *_, **__):
            return answer

    crm = Tryton(Crm(kind=CrmKind.TRYTON, url="http://127.0.0.1:9", database="crm"), Elsewhere(), KEY)
    assert crm.send(CALL) == Later(reason, answer.retry_after_s)
    with pytest.raises(NoAnswer):
        crm.contacts(ALICE.phone)


@pytest.mark.parametrize(
    ("message", "repeated"),
    [
        ('A value is required for field "Topic" in record "Ann" of "Note".', 'field "Topic" of "Note"'),
        (
            'The value "Ann" for field "Name" in record "Ann\n" of "Party" contains "x".',
            'field "Name" of "Party"',
        ),
        ('A value is required for field "Topic" in "Note".', 'field "Topic" of "Note"'),
        (
            'You are not allowed to create records of "Sale Opportunity" because they fail on at least one of',
            'its user may not create "Sale Opportunity"',
        ),
        ('You are not allowed to write to records "7" of "Party" because', 'its user may not write "Party"'),
        ('You are not allowed to access "Party.Name".', 'its user may not read "Party.Name"'),
        ('The phone number "+13035550123" for party "Ann" is not valid.', "ir.note"),
    ],
)
def test_of_a_refusal_nothing_is_repeated_that_may_hold_a_name(message, repeated):
    class Refusing(Client):
        def ask(self, *_, **__):
            return Answer(400, msgspec.json.encode({"status": 400, "message": message}))

    crm = Tryton(Crm(kind=CrmKind.TRYTON, url="http://127.0.0.1:9", database="crm"), Refusing(), KEY)
    assert crm.send(CALL) == Later(f"the CRM does not take it: {repeated}")


def test_nobody_there(free_port):
    nowhere = Crm(kind=CrmKind.TRYTON, url=f"http://127.0.0.1:{free_port}", database="crm")
    outcome = Tryton(nowhere, Client(), KEY).send(CALL)
    assert isinstance(outcome, Later)
    assert "127.0.0.1" in outcome.reason
