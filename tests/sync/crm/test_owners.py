"""Whose record it is, of those who have the number."""

from __future__ import annotations

from appliance.sync.crm.owners import Owner, owner_among
from appliance.sync.crm.ports import KnownContact
from appliance.sync.happenings import Contact

PHONE = "+13035550123"
BO, ANN, OTHER_ANN = (
    KnownContact(number, name, PHONE)
    for number, name in (("1", "Bo Berg"), ("2", "Ann Berg"), ("3", "ANN BERG"))
)


def test_the_only_one() -> None:
    assert owner_among([BO], Contact(PHONE, "Somebody Else")) == Owner("1")
    assert owner_among([KnownContact("9", "", PHONE)], Contact(PHONE)) == Owner("9", is_nameless=True)


def test_of_several_the_one_with_the_callers_name() -> None:
    assert owner_among([BO, ANN], Contact(PHONE, " ann\nberg")) == Owner("2", ("Bo Berg", "Ann Berg"))


def test_of_several_who_might_be_the_oldest() -> None:
    names = ("Bo Berg", "Ann Berg", "ANN BERG")
    assert owner_among([BO, ANN, OTHER_ANN], Contact(PHONE, "Ann Berg")) == Owner("1", names)
    assert owner_among([BO, ANN], Contact(PHONE)) == Owner("1", names[:2])


def test_somebody_without_a_name_is_named_by_their_id() -> None:
    assert owner_among([BO, KnownContact("9", "", PHONE)], Contact(PHONE)).several == ("Bo Berg", "9")
