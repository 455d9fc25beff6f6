"""A number is the same number however it was typed, and no other one is."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as some

from appliance.sync.crm.phones import is_same, national_of, usual_forms

REGIONS = ("US", "DE", "FR", "GB", "IT", "JP", "MX", "NZ")
EXAMPLES = [
    phonenumbers.format_number(phonenumbers.example_number(region), phonenumbers.PhoneNumberFormat.E164)
    for region in REGIONS
]


@pytest.mark.parametrize("phone", EXAMPLES, ids=REGIONS)
def test_every_usual_form_is_the_same_number(phone: str) -> None:
    forms = usual_forms(phone)
    assert forms[0] == phone
    assert len(set(forms)) == len(forms)
    assert all(is_same(phone, form) for form in forms)
    assert not any(is_same(other, phone) for other in EXAMPLES if other != phone)


def test_how_americans_write_it() -> None:
    forms = {"(303) 555-0123", "303-555-0123", "303.555.0123", "303 555 0123", "3035550123", "13035550123"}
    assert forms <= set(usual_forms("+13035550123"))


@pytest.mark.parametrize("typed", ["", "none", "+49 303 5550123", "+1 303 555 0124", "5550123", "303555012"])
def test_what_is_another_number(typed: str) -> None:
    assert not is_same("+13035550123", typed)


def test_without_its_country() -> None:
    assert national_of("+13035550123") == "3035550123"
    assert national_of("+390612345678") == "0612345678"  # Italy keeps its zero
    assert national_of("nobody") == ""


@given(some.text(max_size=40))
def test_anything_may_be_typed(text: str) -> None:
    assert usual_forms(text)[0] == text
    assert is_same("+13035550123", text) in {True, False}
