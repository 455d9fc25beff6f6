"""Search: what was said is found by its words, whatever the script; no query is a fault."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.domain.call import Disposition, Speaker, Turn
from appliance.store.calls import Calls
from appliance.store.database import FILE_NAME, Database
from appliance.store.search import Hit, Piece, Search

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def keep(
    database: Database,
    call_id: str,
    said: Sequence[str],
    *,
    at: datetime = NOON,
    disposition: Disposition = Disposition.ANSWERED,
    caller: str = "+13035550123",
) -> None:
    """A finished call: the agent and the caller speak by turns, the agent first."""
    calls = Calls(database)
    calls.begin(call_id, caller, "100", at, {})
    for number, text in enumerate(said, start=1):
        speaker = Speaker.AGENT if number % 2 else Speaker.CALLER
        calls.add_turn(call_id, Turn(number, speaker, text, number * 1000, number * 1000 + 900))
    calls.close(call_id, disposition, at + timedelta(minutes=1))


def found(database: Database, words: str, **filters) -> list[str]:
    return [hit.call_id for hit in Search(database).find(words, **filters)]


@pytest.fixture
def office(database: Database) -> Database:
    """Four calls of four days."""
    booked, message = Disposition.BOOKED, Disposition.MESSAGE
    keep(
        database,
        "light",
        ["Hello.", "My oil light is on."],
        at=NOON - 3 * DAY,
        disposition=booked,
        caller="+13035550199",
    )
    keep(database, "change", ["Hello.", "an oil change", "Sure.", "the light one"], at=NOON - 2 * DAY)
    keep(
        database,
        "jose",
        ["Hello.", "This is José Ångström", "Hi, O'Neil"],
        at=NOON - DAY,
        disposition=message,
    )
    keep(database, "brakes", ["Do you need oil?", "No, brakes and foil"], at=NOON, caller="201")
    return database


def test_every_word_must_have_been_said_somewhere_in_the_call(office: Database) -> None:
    assert set(found(office, "oil light")) == {"light", "change"}
    assert found(office, "OIL Light brakes") == []


def test_quoted_words_stand_together(office: Database) -> None:
    assert found(office, '"oil light"') == ["light"]
    assert found(office, '"light oil"') == []


def test_a_star_ends_the_beginning_of_a_word(office: Database) -> None:
    assert found(office, "chan") == []
    assert found(office, "chan*") == ["change"]
    assert found(office, "oil") == found(office, "oil") != []
    assert "foil" not in " ".join(hit.snippet for hit in Search(office).find("oi*") if hit.call_id == "light")


def test_accents_and_case_make_no_odds(office: Database) -> None:
    for words in ("jose", "JOSÉ angstrom", "ångström", "o'neil", "O’Neil"):
        assert found(office, words) == ["jose"], words


@pytest.mark.parametrize("words", ["", "   ", '"', '""', "-", "* ( ) :", '" "', "\x00", "🙂", "\ud800"])
def test_what_has_no_word_finds_nothing(office: Database, words: str) -> None:
    assert found(office, words) == []


@pytest.mark.parametrize(
    "words",
    ['oil "light', "oil -light", "oil (light)", "words:oil light", "oil^ light", "{oil} + light"],
)
def test_what_looks_like_syntax_is_words_or_nothing(office: Database, words: str) -> None:
    expected = [] if words.startswith("words") else {"light", "change"}
    assert set(found(office, words)) == set(expected)


@pytest.mark.parametrize("word", ["AND", "OR", "NOT", "NEAR", "NEAR(oil, 2)"])
def test_operators_are_words(office: Database, word: str) -> None:
    assert found(office, f"oil {word} brakes") == (["brakes"] if word == "AND" else [])


def test_filters(office: Database) -> None:
    assert found(office, "oil", disposition="booked") == ["light"]
    assert set(found(office, "oil", since=NOON - 2 * DAY)) == {"change", "brakes"}
    assert set(found(office, "oil", until=NOON)) == {"light", "change"}
    assert found(office, "oil", since=NOON - 2 * DAY, until=NOON - DAY) == ["change"]
    assert found(office, "oil", disposition="booked", since=NOON - DAY) == []
    assert len(found(office, "oil", limit=2)) == 2


@pytest.mark.parametrize("caller", ["+13035550199", "(303) 555-0199", "1 303 555 0199", "0013035550199"])
def test_a_caller_in_any_notation(office: Database, caller: str) -> None:
    assert found(office, "oil", caller=caller) == ["light"]


def test_an_extension_is_only_itself(office: Database) -> None:
    assert found(office, "oil", caller="201") == ["brakes"]
    assert found(office, "oil", caller="01") == []
    assert found(office, "oil", caller="nobody \ud800") == []


def test_a_hit_shows_the_turn_that_has_most_of_it(office: Database) -> None:
    (hit,) = Search(office).find('"oil light"')
    assert (hit.turn, hit.speaker, hit.started_ms) == (2, Speaker.CALLER, 2000)
    assert hit.said == (Piece("My ", False), Piece("oil light", True), Piece(" is on.", False))
    assert hit.snippet == "My oil light is on."
    assert (hit.caller, hit.offered_at, hit.disposition) == (
        "+13035550199",
        NOON - 3 * DAY,
        Disposition.BOOKED,
    )


def test_a_long_turn_is_cut_around_the_hit(database: Database) -> None:
    keep(database, "long", ["and so on " * 40 + "the gasket " + "and so on " * 40])
    (hit,) = Search(database).find("gasket")
    assert hit.snippet.startswith("…") and hit.snippet.endswith("…")
    assert len(hit.snippet.split()) <= 26
    assert [piece.text.strip() for piece in hit.said if piece.is_hit] == ["gasket"]


def test_who_speaks_of_it_more_comes_first_and_of_equals_the_newest(database: Database) -> None:
    keep(database, "once", ["a clutch", "and many other things that people say"], at=NOON + DAY)
    keep(database, "often", ["clutch clutch", "the clutch"], at=NOON)
    keep(database, "newer", ["clutch clutch", "the clutch"], at=NOON + DAY)
    assert found(database, "clutch") == ["newer", "often", "once"]


# --- laws -----------------------------------------------------------------------------------------

_SCRIPTS = (
    "abcxyzÀéñøßŁ" + "αβγΩς" + "бЖй" + "אבג" + "ابت" + "कखगािी" + "한국어" + "李明王" + "ก้า" + "0123456789"
)
_WORDS = st.lists(st.text(alphabet=_SCRIPTS, min_size=1, max_size=12), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for many examples."""
    with Database(tmp_path_factory.mktemp("search") / FILE_NAME) as database:
        keep(database, "plain", ["Hello.", "an oil change"])
        yield database


@given(said=_WORDS, joint=st.sampled_from([" ", ", ", "-", "\n", " … "]))
@settings(max_examples=60, deadline=None)
def test_what_was_said_is_found_by_each_of_its_words(shared: Database, said: list[str], joint: str) -> None:
    call_id = f"c{abs(hash((tuple(said), joint)))}"
    Calls(shared).begin(call_id, "x", "y", NOON, {})
    Calls(shared).add_turn(call_id, Turn(1, Speaker.CALLER, joint.join(said), 0, 900))
    Calls(shared).close(call_id, Disposition.ANSWERED, NOON)
    for word in said:
        if any(one.isalnum() for one in word):
            assert call_id in found(shared, word, limit=10_000), word
            assert (
                call_id in found(shared, word.upper(), limit=10_000) or word.upper().lower() != word.lower()
            )
    assert call_id in found(shared, " ".join(said), limit=10_000)
    with shared.writing() as tables:
        tables.execute("DELETE FROM calls WHERE call_id = ?", [call_id])


_TROUBLE = st.sampled_from(
    ['"', "*", "(", ")", ":", "^", "AND", "NOT", "NEAR", "{", "-", "+", "\x00", "\ud800", "'"]
)


@given(
    query=st.one_of(
        st.text(alphabet=st.characters(), max_size=40),
        st.lists(st.one_of(_TROUBLE, st.text(max_size=4)), max_size=20).map(" ".join),
        st.lists(st.one_of(_TROUBLE, st.text(max_size=4)), max_size=20).map("".join),
    )
)
@settings(max_examples=300, deadline=None)
def test_no_query_is_a_fault(shared: Database, query: str) -> None:
    hits = Search(shared).find(query)
    assert all(isinstance(hit, Hit) for hit in hits)


def test_no_length_is_a_fault(shared: Database) -> None:
    for query in ("oil " * 5000, "o" * 100_000, '"' + "oil " * 5000 + '"', "*" * 5000, "a* " * 2000):
        assert Search(shared).find(query) is not None
