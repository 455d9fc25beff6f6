"""What every `Crm` must do; subclassed for the fake and for each real one, with a `place` fixture.

`CrmContract` is for all; `HostileCrmContract` adds what a server must be told to do (keys, schema, limits).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

import pytest

from appliance.errors import NoAnswer
from appliance.sync.attempts import Later, Refused, Sent
from appliance.sync.crm.ports import Crm
from appliance.sync.happenings import Change, Contact, Happening
from tests.fakes.happenings import BO, a_call, a_change, a_correction, a_message, one_of_each

NAMES = {
    "Ελένη Παπαδοπούλου": "Παπαδοπούλου",
    "محمد عبد الله": "عبد",
    "王小明": "王小明",
    "Zoë 👩‍🔧🚗": "👩‍🔧🚗",
    'Sean "Mac" O\'Neil; DROP TABLE \\ <b>& co</b> {x} %s': '"Mac" O\'Neil; DROP TABLE \\ <b>& co</b> {x} %s',
    "Cher": "Cher",
    "Bo\r\nBerg\tof Hill": "Bo Berg of Hill",
    "Bo\x00\x1bBerg": "Berg",
    "Llanfairpwllgwyngyll " * 15: "Llanfairpwllgwyngyll Llanfairpwllgwyngyll",
}
"""Names, and what of them is to be read in the record."""


@dataclass(frozen=True, slots=True)
class Record:
    """What the CRM holds of one happening: its identity, all its words, and whose it is (the CRM's id, or "")."""

    identity: str
    text: str
    of: str


class Place(Protocol):
    """A CRM and its other side."""

    crm: Crm

    def records(self) -> list[Record]:
        """One entry for each record that bears an identity of ours, in the order they were made."""
        ...

    def add_contact(self, name: str, phone: str) -> str:
        """Somebody of the office makes a contact with a number; its id."""
        ...

    def lose_next_answer(self) -> None:
        """The next record is made, but whoever made it is not told."""
        ...


class HostilePlace(Place, Protocol):
    """A server that does as it is told."""

    def change_key(self) -> None:
        """The key we have is no longer taken."""
        ...

    def renew_key(self) -> None:
        """We are given the one that is."""
        ...

    def change_schema(self) -> str:
        """Something we write to is gone; its name."""
        ...

    def mend_schema(self) -> None:
        """It is back."""
        ...

    def limit_rate(self) -> None:
        """The next request is one too many."""
        ...

    def lift_limit(self) -> None:
        """Requests are answered again."""
        ...


def identities(place: Place) -> list[str]:
    """Of all records, in order."""
    return [one.identity for one in place.records()]


class CrmContract:
    """The suite."""

    def test_each_happening_is_written_down_under_whom_it_is_about(self, place: Place) -> None:
        bo = place.add_contact("Bo Berg", BO.phone)
        for happening in one_of_each():
            assert place.crm.send(happening) == Sent()
        assert identities(place) == [one.identity for one in one_of_each()]
        assert {one.of for one in place.records()} == {bo}

    def test_the_same_twice_is_written_once(self, place: Place) -> None:
        place.add_contact("Bo Berg", BO.phone)
        for happening in one_of_each():
            assert [place.crm.send(happening), place.crm.send(happening)] == [Sent(), Sent()]
        assert identities(place) == [one.identity for one in one_of_each()]

    def test_a_lost_acknowledgement_makes_no_second_one(self, place: Place) -> None:
        happenings = [replace(one, contact=Contact("+13035550177", "New Caller")) for one in one_of_each()]
        for happening in happenings:
            place.lose_next_answer()
            assert isinstance(place.crm.send(happening), Later)
            assert place.crm.send(happening) == Sent()
        assert identities(place) == [one.identity for one in happenings]
        assert len({one.of for one in place.records()}) == 1

    def test_a_new_caller_becomes_one_contact(self, place: Place) -> None:
        caller = Contact("+13035550188", "Alice Miller")
        for number in range(3):
            assert place.crm.send(a_call(caller, f"n{number}")) == Sent()
        assert len({one.of for one in place.records()}) == 1
        (known,) = place.crm.contacts(caller.phone)
        assert known.identity == place.records()[0].of
        assert (known.name, known.phone) == (caller.name, caller.phone)

    def test_contacts_are_known_by_their_number(self, place: Place) -> None:
        bo = place.add_contact("Bo Berg", BO.phone)
        place.add_contact("Somebody Else", "+13035550199")
        (known,) = place.crm.contacts(BO.phone)
        assert (known.identity, known.name, known.phone) == (bo, "Bo Berg", BO.phone)
        assert place.crm.contacts("+13035550100") == ()

    def test_of_three_matches_it_stands_under_the_oldest_and_says_so(self, place: Place) -> None:
        names = ("Bo Berg", "Ann Berg", "Cy Berg")
        first, *_ = [place.add_contact(name, BO.phone) for name in names]
        assert place.crm.send(a_message()) == Sent()
        (record,) = place.records()
        assert record.of == first
        assert all(name in record.text for name in names)
        assert [one.name for one in place.crm.contacts(BO.phone)] == list(names)

    def test_of_several_the_callers_name_chooses(self, place: Place) -> None:
        place.add_contact("Bo Berg", BO.phone)
        ann = place.add_contact("Ann Berg", BO.phone)
        assert place.crm.send(a_message(Contact(BO.phone, "ann  berg"))) == Sent()
        (record,) = place.records()
        assert record.of == ann
        assert "Bo Berg" in record.text

    def test_a_name_learnt_later_is_added(self, place: Place) -> None:
        caller = Contact("+13035550155")
        assert place.crm.send(a_call(caller)) == Sent()
        assert [one.name for one in place.crm.contacts(caller.phone)] == [""]
        self.settled(place)
        assert place.crm.send(a_message(replace(caller, name="Alice Miller"))) == Sent()
        assert [one.name for one in place.crm.contacts(caller.phone)] == ["Alice Miller"]
        assert len({one.of for one in place.records()}) == 1

    def settled(self, place: Place) -> None:
        """What was written a moment ago is found by searching from now on; a CRM that lags behind says how."""

    @pytest.mark.parametrize(("name", "read"), NAMES.items(), ids=ascii)
    def test_names_in_any_script(self, place: Place, name: str, read: str) -> None:
        caller = Contact("+13035550166", name)
        message = a_message(caller, matter=f"Call {name} back")
        for happening in (a_call(caller), message, a_change(Change.BOOKED, caller)):
            assert place.crm.send(happening) == Sent()
        assert all(read in record.text for record in place.records())
        (known,) = place.crm.contacts(caller.phone)
        assert known.name.split(" ")[0][:2] == name[:2]

    def test_a_record_that_is_too_large_arrives_shortened(self, place: Place) -> None:
        for number, piece in enumerate(("brakes and more brakes ", "<&>\n", "🚗", "é" * 50)):
            caller = Contact(f"+1303555010{number}", "Bo")
            long = piece * (300_000 // len(piece))
            assert place.crm.send(a_message(caller, f"l{number}", matter=long)) == Sent()
            assert place.crm.send(replace(a_call(caller, f"l{number}"), summary=long, wish=long)) == Sent()
        assert len(place.records()) == 8

    def test_a_withheld_number_is_written_down_under_nobody_we_know(self, place: Place) -> None:
        bo = place.add_contact("Bo Berg", BO.phone)
        for call_id in ("w1", "w2"):
            assert place.crm.send(a_call(Contact(""), call_id)) == Sent()
        assert place.crm.send(a_message(Contact("", "Bo Berg"), "w3")) == Sent()
        assert identities(place) == ["call.w1.crm", "call.w2.crm", "message.w3-1.crm"]
        assert len({one.of for one in place.records()}) == 1
        assert bo not in {one.of for one in place.records()}

    def test_an_appointment_moved_of_which_nothing_was_known_is_written_all_the_same(
        self, place: Place
    ) -> None:
        assert place.crm.send(a_change(Change.MOVED)) == Sent()
        assert place.crm.send(a_change(Change.CANCELLED, appointment_id="a9")) == Sent()
        assert place.crm.send(a_correction(call_id="unknown")) == Sent()
        assert len(place.records()) == 3

    def test_moments_far_away_are_taken(self, place: Place) -> None:
        """A box whose clock was wrong."""
        for number, days in enumerate((-9000, 9000)):
            moved: Happening = replace(
                a_call(call_id=f"t{number}"), happened_at=a_call().happened_at + timedelta(days=days)
            )
            assert place.crm.send(moved) == Sent()
        assert len(place.records()) == 2


class HostileCrmContract(CrmContract):
    """The suite, and what a server does that is told to."""

    def test_an_expired_key_waits_and_resumes(self, place: HostilePlace) -> None:
        place.crm.send(a_call())
        place.change_key()
        outcome = place.crm.send(a_message())
        assert isinstance(outcome, Later)
        assert "key" in outcome.reason
        with pytest.raises(NoAnswer, match="key"):
            place.crm.contacts(BO.phone)
        place.renew_key()
        assert place.crm.send(a_message()) == Sent()
        assert identities(place) == [a_call().identity, a_message().identity]

    def test_a_changed_schema_is_named_and_waits(self, place: HostilePlace) -> None:
        gone = place.change_schema()
        outcome = place.crm.send(a_call())
        assert isinstance(outcome, Later)
        assert gone in outcome.reason
        place.mend_schema()
        assert place.crm.send(a_call()) == Sent()
        assert identities(place) == [a_call().identity]

    def test_a_rate_limit_is_waited_for(self, place: HostilePlace) -> None:
        place.limit_rate()
        outcome = place.crm.send(a_call())
        assert isinstance(outcome, Later)
        assert outcome.wait_s
        place.lift_limit()
        assert place.crm.send(a_call()) == Sent()
        assert identities(place) == [a_call().identity]

    def test_no_reason_holds_what_a_caller_said(self, place: HostilePlace) -> None:
        place.change_schema()
        told = Contact("+13035550123", "Ulysses Quark")
        outcome = place.crm.send(replace(a_call(told), summary="secret matters"))
        assert isinstance(outcome, Later | Refused)
        for word in ("Ulysses", "Quark", "5550123", "secret"):
            assert word not in outcome.reason
