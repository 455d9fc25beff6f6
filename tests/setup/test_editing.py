"""One value of a file is set or taken out; comments, order and every other value stay."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance import configfile
from appliance.business import Business
from appliance.errors import ConfigError, NotFound
from appliance.settings import Settings, shipped
from appliance.setup import editing

OWNERS = """\
# Ours.
business = "auto_repair"  # for now

[sip]  # the old PBX
port = 5060
# ask Bob
user = "200"

[deliver]
mail_to = ["a@office.example"]
smtp_host = "mail"
"""
SALON = shipped("config/businesses/hair_salon.toml").read_text(encoding="utf-8")


def set_in(text: str, key: str, value: str, model=Settings) -> str:
    path = editing.path_of(key, editing.plain_values(text))
    return editing.meant_by(text, key, path, value, model, name="owners.toml")


def comments(text: str) -> list[str]:
    return [line[line.index("#") :] for line in text.splitlines() if "#" in line]


@pytest.mark.parametrize(
    ("key", "typed", "line"),
    [
        ("sip.port", "5070", "port = 5070"),
        ("sip.user", "201", 'user = "201"'),
        ("sip.user", '"201"', 'user = "201"'),
        ("sip.codecs", "PCMA,PCMU", 'codecs = ["PCMA", "PCMU"]'),
        ("sip.codecs", '["PCMA"]', 'codecs = ["PCMA"]'),
        ("sip.retry_first_s", "3", "retry_first_s = 3"),
        ("store.record_calls", "false", "record_calls = false"),
        ("deliver.mail_to", "b@office.example", 'mail_to = ["b@office.example"]'),
        ("business", "my shop.toml", 'business = "my shop.toml"  # for now'),
    ],
)
def test_what_is_typed_is_read_as_the_key_wants_it(key, typed, line):
    edited = set_in(OWNERS, key, typed)
    assert line in edited.splitlines()
    assert set(comments(OWNERS)) <= set(comments(edited))


def test_a_new_key_comes_with_what_it_means():
    edited = set_in(OWNERS, "sip.fallback", "100")
    assert "# Number or SIP URI to which callers may be put through" in edited
    assert (
        edited.index("[sip]")
        < edited.index("# Number")
        < edited.index("fallback")
        < edited.index("[deliver]")
    )


def test_a_new_table_comes_with_its_purpose():
    edited = set_in(OWNERS, "mind.threads", "3")
    assert "# The language model's limits.\n[mind]" in edited


def test_a_new_key_at_the_top_stands_above_the_tables():
    assert tomllib.loads(set_in("[sip]\nport = 1\n", "business", "hair_salon"))["business"] == "hair_salon"


@pytest.mark.parametrize(
    ("key", "typed", "told"),
    [
        ("sip.port", "70000", "owners.toml:5: sip.port:"),
        ("sip.port", "many", "owners.toml:5: sip.port:"),
        ("sip.prot", "5060", "Did you mean `port`?"),
        ("sip.password", "hunter2", "no such key"),
        ("sip", "5", "sip:"),
        ("sip.port.number", "5", "sip.port.number"),
        ("", "5", "no such key"),
        ("a..b", "5", "no such key"),
        ("crm.kind", "tryton", "set url"),
        ("business", "\udcff", "business"),
    ],
)
def test_what_may_not_stand_there_is_told(key, typed, told):
    with pytest.raises((ConfigError, NotFound)) as caught:
        set_in(OWNERS, key, typed)
    assert told in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_elements_of_lists_go_by_id_or_by_place():
    by_id = set_in(SALON, "directory.desk.extension", "250", Business)
    by_place = set_in(SALON, "directory.0.extension", "250", Business)
    assert by_id == by_place
    assert configfile.parse(by_id, Business, name="salon").entry("desk").extension == "250"
    assert len(by_id.splitlines()) == len(SALON.splitlines())


def test_days_stand_in_lists_as_days():
    edited = set_in(SALON, "holidays", "2027-07-04", Business)
    assert "holidays = [2027-07-04]" in edited


def test_what_is_taken_out_is_back_at_its_default():
    edited = editing.without(OWNERS, ("sip", "port"))
    assert configfile.parse(edited, Settings, name="x").sip.port == 5060
    assert "# ask Bob" in edited
    with pytest.raises(NotFound, match=r"sip\.fallback"):
        editing.without(OWNERS, ("sip", "fallback"))


_KEYS = [
    ("sip", "port", st.integers(0, 65535)),
    ("sip", "user", st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)),
    ("turns", "speech_threshold", st.floats(0.05, 0.95)),
    ("store", "record_calls", st.booleans()),
    ("deliver", "limit_s", st.floats(1, 120)),
    ("models", "voice", st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)),
    ("keep", "calls_days", st.integers(0, 36500)),
]


@given(
    st.lists(
        st.sampled_from(_KEYS).flatmap(lambda key: st.tuples(*map(st.just, key[:2]), key[2])), max_size=8
    )
)
def test_every_value_that_was_set_is_held_and_nothing_else_changes(edits):
    text, wanted = OWNERS, tomllib.loads(OWNERS)
    for table, key, value in edits:
        text = editing.with_value(text, (table, key), value, Settings)
        wanted.setdefault(table, {})[key] = value
    assert tomllib.loads(text) == wanted
    assert set(comments(OWNERS)) <= set(comments(text))


@given(st.text(max_size=20), st.text(max_size=20))
def test_whatever_is_typed_is_set_or_told(key, value):
    try:
        edited = set_in(OWNERS, key, value)
    except (ConfigError, NotFound) as fault:
        assert str(fault)
    else:
        configfile.parse(edited, Settings, name="edited")
