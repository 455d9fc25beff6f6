"""What each answer of `appliance init` sets, and which questions come up."""

from __future__ import annotations

import pytest

from appliance.errors import ConfigError
from appliance.settings import shipped
from appliance.setup import drafting, examples, questions
from appliance.setup.drafting import Draft
from appliance.setup.questions import QUESTIONS, settle

BY_NAME = {question.name: question for question in QUESTIONS}


def example(kind: str) -> str:
    return shipped(f"config/businesses/{kind}.toml").read_text(encoding="utf-8")


@pytest.fixture
def new() -> Draft:
    return Draft(drafting.new_settings(), examples.start_from(example("hair_salon"), "hair_salon"), True)


@pytest.fixture
def old() -> Draft:
    return Draft(drafting.new_settings(), example("hair_salon"), False)


def answered(draft: Draft, name: str, answer: str, **before: str) -> Draft:
    return settle(draft, BY_NAME[name], answer, before)


def test_every_default_is_an_answer_that_is_taken(new, old):
    for begun in (new, old):
        now = begun
        answers: dict[str, str] = {}
        for question in QUESTIONS:
            if question.comes_up(answers):
                answers[question.name] = question.default(now)
                now = settle(now, question, answers[question.name], answers)
        assert now.settings.sip.registrar == ""


def test_a_default_changes_nothing_in_a_business_that_is_there(old):
    for name in ("name", "address", "region", "timezone", "phone", "greeting", "recording"):
        assert answered(old, name, BY_NAME[name].default(old)) == old
    same = answered(old, "hours", BY_NAME["hours"].default(old))
    assert same.business == old.business


def test_a_name_replaces_the_examples_wherever_it_is_said(new):
    office = answered(new, "name", 'Joe "and" Sons').business
    assert office.name == 'Joe "and" Sons'
    assert 'Joe "and" Sons' in office.greeting
    assert "Salon Marlene" not in office.model_dump_json()


def test_a_new_name_keeps_the_lines_of_what_is_said_about_it(old):
    draft = answered(old, "name", "Joe's")
    assert draft.business.about == old.business.about.replace("Salon Marlene", "Joe's")
    assert len(draft.business_text.splitlines()) >= len(old.business_text.splitlines()) - 1


def test_the_address_is_all_the_model_may_say_of_a_new_business(new, old):
    named = answered(new, "name", "Joe's")
    assert answered(named, "address", "1 Main Street").business.about == "Joe's is at 1 Main Street."
    assert answered(old, "address", "1 Main Street").business.about == old.business.about


def test_a_number_is_kept_in_international_form(new):
    assert answered(new, "phone", "(303) 555-0140").business.phone == "+13035550140"
    german = answered(new, "region", "DE")
    assert answered(german, "phone", "030 1234567").business.phone == "+49301234567"
    assert answered(new, "phone", "").business.phone == ""
    with pytest.raises(ValueError, match="no telephone number of US"):
        answered(new, "phone", "call me")


def test_days_stand_in_order(new):
    office = answered(new, "hours", "sun 10-12, mon 8-17")
    text = office.business_text
    assert text.index("\nmonday = ") < text.index("\nsunday = ")
    assert [day for day, spans in office.business.hours if spans] == ["monday", "sunday"]


def test_a_fallback_is_the_boxs_and_a_new_businesss_operator(new):
    draft = answered(new, "fallback", "100")
    assert draft.settings.sip.fallback == "100"
    assert draft.business.entry(draft.business.connecting.operator).extension == "100"
    again = answered(draft, "fallback", "101")
    assert again.business.entry("desk").extension == "101"
    assert len(again.business.directory) == 1


def test_a_fallback_leaves_a_directory_of_ones_own_alone(old):
    directory = tuple(
        entry for entry in answered(old, "fallback", "999").business.directory if entry.id != "desk"
    )
    assert directory == tuple(entry for entry in old.business.directory if entry.id != "desk")


@pytest.mark.parametrize(
    ("answer", "record", "consent"),
    [("off", False, "none"), ("none", True, "none"), ("announce", True, "announce"), ("ask", True, "ask")],
)
def test_recording(new, answer, record, consent):
    for before in ("off", "ask", answer):  # from whatever stood there
        rule = answered(answered(new, "recording", before), "recording", answer).business.recording
        assert (rule.record, rule.consent) == (record, consent)


def test_which_questions_come_up():
    def asked(**answers: str) -> set[str]:
        return {question.name for question in QUESTIONS if question.comes_up(answers)}

    plain = asked(registrar="", crm="none")
    assert not plain & {"user", "crm-url", "crm-database", "crm-client-id"}
    assert "user" in asked(registrar="pbx")
    assert asked(crm="tryton") - plain == {"crm-url", "crm-database"}
    assert asked(crm="salesforce") - plain == {"crm-url", "crm-client-id"}
    assert asked(crm="hubspot") == plain


def test_a_crm_without_its_address_is_refused(new):
    with pytest.raises(ConfigError, match="set url"):
        answered(new, "crm-client-id", "key", crm="salesforce")
    with pytest.raises(ConfigError, match="in the clear"):
        answered(new, "crm-url", "http://crm.example.com")


@pytest.mark.parametrize(
    ("localtime", "zone"),
    [
        ("/usr/share/zoneinfo/Europe/Berlin", "Europe/Berlin"),
        ("/usr/share/zoneinfo/Etc/UTC", ""),
        ("/usr/share/zoneinfo/UTC", ""),
        ("/etc/localtime", ""),
        ("/usr/share/zoneinfo/Mars/Olympus", ""),
    ],
)
def test_the_machines_zone(localtime, zone):
    assert questions.machines_zone(localtime) == zone
