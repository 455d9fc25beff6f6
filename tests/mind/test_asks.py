"""What clients are told of their asks: a play of orders, pieces and moments."""

from __future__ import annotations

from dataclasses import replace

from appliance.domain.commands import AskModel
from appliance.domain.events import ReplyEnded, ReplySentence
from appliance.engines.ports import Piece
from appliance.mind.asks import IDLE_S, Asks, ForClient, conversation_name


def order(call_id: str = "call", ask: int = 1, limit_ms: int = 8000) -> AskModel:
    return AskModel(call_id, ask, "system", "prompt", limit_ms=limit_ms)


def begun(asks: Asks, client: int = 1, **fields: object) -> str:
    name = asks.add(client, order(**fields), now_s=10.0)  # type: ignore[arg-type]
    assert name is not None
    return name


def test_sentences_then_the_end() -> None:
    asks = Asks()
    name = begun(asks)
    assert asks.take(Piece(name, "Yes, we do."), 10.5) == []
    assert asks.take(Piece(name, " And more"), 10.6) == [
        ForClient(1, ReplySentence("call", 1, "Yes, we do."))
    ]
    assert asks.take(Piece(name, "", done=True, tokens=6), 10.7) == [
        ForClient(1, ReplySentence("call", 1, "And more")),
        ForClient(1, ReplyEnded("call", 1, "done", 6, 500, 700)),
    ]


def test_an_end_without_words() -> None:
    asks = Asks()
    name = begun(asks)
    assert asks.take(Piece(name, " \n", done=True), 11.0) == [
        ForClient(1, ReplyEnded("call", 1, "done", 0, 1000, 1000))
    ]


def test_half_a_sentence_is_not_spoken_when_it_was_cancelled_or_failed() -> None:
    for outcome in ("cancelled", "failed"):
        asks = Asks()
        name = begun(asks)
        asks.take(Piece(name, "Yes, we"), 10.5)
        ended = asks.take(Piece(name, "", done=True, outcome=outcome, tokens=2), 10.7)
        assert ended == [ForClient(1, ReplyEnded("call", 1, outcome, 2, 500, 700))]


def test_late_is_said_once_and_what_comes_after_is_nobodys() -> None:
    asks = Asks()
    name = begun(asks, limit_ms=1000)
    assert asks.late(10.9) == ([], [])
    assert asks.late(11.0) == ([name], [ForClient(1, ReplyEnded("call", 1, "late", 0, 0, 1000))])
    assert asks.late(12.0) == ([], [])
    assert asks.take(Piece(name, "Too late. Sorry. "), 12.0) == []
    assert asks.take(Piece(name, "", done=True, outcome="cancelled"), 12.1) == []


def test_the_same_ask_twice_is_one_until_the_model_lets_go_of_it() -> None:
    asks = Asks()
    name = begun(asks, limit_ms=1000)
    assert asks.add(1, order(), 10.5) is None
    asks.late(11.0)
    assert asks.add(1, order(), 11.1) is None
    asks.take(Piece(name, "", done=True, outcome="cancelled"), 11.2)
    assert asks.add(1, order(), 11.3) == name


def test_numbers_are_each_clients_own() -> None:
    asks = Asks()
    assert begun(asks, client=1) != begun(asks, client=2)


def test_a_client_that_left_is_told_nothing_more() -> None:
    asks = Asks()
    mine, other = begun(asks, client=1), begun(asks, client=2)
    assert asks.gone(1) == [mine]
    assert asks.take(Piece(mine, "Hello. You"), 10.1) == []
    assert asks.take(Piece(other, "Hello. You"), 10.1) == [ForClient(2, ReplySentence("call", 1, "Hello."))]


def test_a_call_that_asks_nothing_for_long_is_forgotten_once() -> None:
    asks = Asks()
    begun(asks, call_id="a")
    begun(asks, call_id="b")
    asks.add(1, order("b", ask=2), now_s=30.0)
    assert asks.idle(10.0 + IDLE_S - 1) == []
    assert asks.idle(10.0 + IDLE_S) == [conversation_name(1, "a")]
    assert asks.idle(30.0 + IDLE_S) == [conversation_name(1, "b")]
    assert asks.idle(900.0) == []


TOOLS = (("order_status", '{"type": "object"}'),)


def test_the_use_of_a_tool_comes_whole_and_is_no_sentence() -> None:
    asks = Asks()
    name = asks.add(1, replace(order(), tools=TOOLS), now_s=10.0)
    assert name is not None
    for piece in ("to", "ol", " order_status", ' {"part": "brakes. Front', ' ones, 2"}'):
        assert asks.take(Piece(name, piece), 10.5) == []
    use = ReplySentence("call", 1, 'order_status {"part": "brakes. Front ones, 2"}', calls_tool=True)
    assert asks.take(Piece(name, "", done=True, tokens=9), 11.0) == [
        ForClient(1, use),
        ForClient(1, ReplyEnded("call", 1, "done", 9, 500, 1000)),
    ]


def test_an_answer_is_said_as_soon_with_tools_as_without() -> None:
    for tools in ((), TOOLS):
        asks = Asks()
        name = asks.add(1, replace(order(), tools=tools), now_s=10.0)
        assert name is not None
        assert asks.take(Piece(name, "Tool"), 10.5) == []
        assert asks.take(Piece(name, " kits are sold! "), 10.5) == [
            ForClient(1, ReplySentence("call", 1, "Tool kits are sold!"))
        ]


def test_a_word_that_only_begins_like_a_tool_is_said() -> None:
    asks = Asks()
    name = asks.add(1, replace(order(), tools=TOOLS), now_s=10.0)
    assert name is not None
    assert asks.take(Piece(name, "to"), 10.5) == []
    said = asks.take(Piece(name, "o", done=True), 10.5)
    assert said[0] == ForClient(1, ReplySentence("call", 1, "too"))


def test_without_tools_a_mark_is_a_word() -> None:
    asks = Asks()
    name = begun(asks)
    said = asks.take(Piece(name, "tool order_status {}", done=True), 10.5)
    assert said[0] == ForClient(1, ReplySentence("call", 1, "tool order_status {}"))
