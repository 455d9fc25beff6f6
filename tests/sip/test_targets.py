"""Extensions become URIs of the office's phone system, and nothing else gets into them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.sip.targets import host_of, uri_of


@pytest.mark.parametrize(
    ("to", "uri"),
    [
        ("101", "sip:101@pbx:5062"),
        ("+13035550140", "sip:+13035550140@pbx:5062"),
        ("*55#", "sip:*55%23@pbx:5062"),
        ("front.desk", "sip:front.desk@pbx:5062"),
        ("sip:maria@elsewhere:5070", "sip:maria@elsewhere:5070"),
        ("sip:maria@elsewhere?Replaces=x", ""),
        ("101@evil", ""),
        ("101 102", ""),
        ("", ""),
    ],
)
def test_what_is_dialled(to: str, uri: str) -> None:
    assert uri_of(to, "pbx:5062") == uri


def test_without_a_phone_system_only_whole_addresses_can_be_dialled() -> None:
    assert uri_of("101", "") == ""
    assert uri_of("sip:101@desk", "") == "sip:101@desk"


@pytest.mark.parametrize(
    ("uri", "host"),
    [
        ("<sip:agent@10.0.0.5:5062;ob>", "10.0.0.5:5062"),
        ("sip:10.0.0.5", "10.0.0.5"),
        ('"Alice" <sip:101@pbx.office>;tag=9', "pbx.office"),
        ("sip:a@[::1]:5060", "[::1]:5060"),
        ("tel:+1303", ""),
    ],
)
def test_where_a_call_came_from(uri: str, host: str) -> None:
    assert host_of(uri) == host


@given(st.text())
def test_no_text_adds_anything_to_a_uri(to: str) -> None:
    uri = uri_of(to, "pbx")
    assert not set(uri) & set(' <>"\r\n?') and uri.count("@") <= max(1, to.count("@"))
