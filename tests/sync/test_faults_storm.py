"""Thousands of things, faults drawn at random: nothing is lost, nothing is twice, each contact's order holds.

The seed is printed when a test fails; APPLIANCE_SEED repeats it.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator

import pytest

from appliance.bench.strict_crm import SECRET, Failing, How, StrictCrm, open_crm
from appliance.settings import Deliver
from appliance.sync.attempts import Outcome, Sent
from appliance.sync.happenings import Contact, Happening, MessageTaken
from appliance.sync.webhook import Webhook
from appliance.web.posting import Poster
from tests.sync.storm import NOON, Ledger, seed_of, storm


def test_thousands_of_things_in_a_storm():
    ledger = Ledger()
    storm(ledger, ledger.seen, seed_of(), events=3000)
    assert len(ledger.kept) >= 3000


@pytest.mark.parametrize("seed", [1, 2, 3, 5, 8, 13, 21, 34])
def test_storms_that_were_met_before(seed):
    ledger = Ledger()
    storm(ledger, ledger.seen, seed, events=300)
    assert len(ledger.kept) >= 300


class OverHttp:
    """The product's webhook as a destination of the storm; remembers whom each identity was about."""

    def __init__(self, crm: StrictCrm, poster: Poster) -> None:
        self._crm, self._about = crm, {}
        self._webhook = Webhook(Deliver(webhook_url=crm.url, limit_s=5), poster, SECRET)

    def send(self, happening: Happening) -> Outcome:
        self._about[happening.identity] = happening.contact.phone
        return self._webhook.send(happening)

    def contacts(self, phone: str) -> tuple[()]:
        return ()

    def seen(self) -> dict[str, list[str]]:
        shown = defaultdict(list)
        for identity in self._crm.identities:
            shown[self._about[identity]].append(identity)
        return shown


@pytest.fixture
def poster() -> Iterator[Poster]:
    made = Poster()
    yield made
    made.close()


def test_a_storm_over_real_http_with_a_server_that_fails_as_well(poster):
    seed = seed_of()
    rng = random.Random(seed)
    fates = [
        Failing(How.STATUS, 500),
        Failing(How.STATUS, 429, "120"),
        Failing(How.STATUS, 401, kept=True),
        Failing(How.TRUNCATED),
        Failing(How.TRUNCATED, kept=True),
        Failing(How.DROPPED),
        Failing(How.DROPPED, kept=True),
    ]
    left = 60  # then it has had enough: what comes after the storm is fair weather

    def plan(identity: str) -> Failing | None:
        nonlocal left
        if left and rng.random() < 0.25:
            left -= 1
            return rng.choice(fates)
        return None

    with open_crm(plan) as crm:
        there = OverHttp(crm, poster)
        storm(there, there.seen, seed, events=250)
        assert crm.refusals == []
        assert len(crm.identities) >= 250


class Forgetful(Ledger):
    """A destination that loses one thing, or shows one twice, or two in another order."""

    def __init__(self, wrong: str) -> None:
        super().__init__()
        self.wrong = wrong

    def seen(self) -> dict[str, list[str]]:
        shown = super().seen()
        longest = max((one for one in shown if one), key=lambda one: len(shown[one]))
        match self.wrong:
            case "loses":
                shown[longest].pop()
            case "twice":
                shown[longest].append(shown[longest][0])
            case "order":
                shown[longest].reverse()
        return shown


@pytest.mark.parametrize("wrong", ["loses", "twice", "order"])
def test_the_storm_notices_what_is_amiss(wrong):
    ledger = Forgetful(wrong)
    with pytest.raises(AssertionError):
        storm(ledger, ledger.seen, 4, events=60)


def test_the_ledger_knows_a_thing_again():
    ledger = Ledger()
    left = MessageTaken("message.m1.crm", "Office", "c1", Contact("+13035550100"), NOON, "the brakes")
    assert [ledger.send(left), ledger.send(left)] == [Sent(), Sent()]
    assert ledger.seen() == {"+13035550100": ["message.m1.crm"]}
