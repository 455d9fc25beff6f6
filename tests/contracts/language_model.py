"""What every `LanguageModel` must do; subclassed for the fake and the real one, with a `model` fixture."""

from __future__ import annotations

import json
from typing import Protocol

from appliance.domain.commands import TOOL_MARK
from appliance.engines.ports import LanguageModel, Piece

SYSTEM = "You are the receptionist of a car repair shop and answer briefly."
USES_TOOLS = """Write the line that looks it up.
where is order 5501
tool order_status {"order": "5501"}
has order 6120 come
tool order_status {"order": "6120"}
is order 7007 ready
tool order_status {"order": "7007"}"""
USES_TOOL = "where is order 8123"
"""What makes even the smallest model begin its answer with the use of a tool."""
STEPS_MAX = 2000


class CountingModel(LanguageModel, Protocol):
    """A model that also says how much work it has done."""

    evaluated_tokens: int


def drain(model: LanguageModel) -> dict[str, list[Piece]]:
    """Step until nothing is left to do; the pieces of each request in order."""
    pieces: dict[str, list[Piece]] = {}
    for _ in range(STEPS_MAX):
        if not model.busy:
            return pieces
        for piece in model.step():
            pieces.setdefault(piece.request, []).append(piece)
    raise AssertionError("the model never finishes")


def text(pieces: list[Piece]) -> str:
    """The whole answer."""
    return "".join(piece.text for piece in pieces)


def first_text(model: LanguageModel) -> list[Piece]:
    """Step until some text comes."""
    for _ in range(STEPS_MAX):
        pieces = model.step()
        if any(piece.text for piece in pieces):
            return pieces
    raise AssertionError("the model says nothing")


class LanguageModelContract:
    """The suite."""

    def test_an_answer_comes_in_pieces_and_ends_once(self, model: CountingModel) -> None:
        model.begin("a", SYSTEM, "Do you change oil?", 24)
        pieces = drain(model)["a"]
        assert [piece.done for piece in pieces].count(True) == 1
        assert pieces[-1].done
        assert pieces[-1].outcome == "done"
        assert 0 < pieces[-1].tokens <= 24
        assert len(pieces) > 1
        assert text(pieces).strip()

    def test_two_at_once_are_answered_as_each_would_be_alone(self, model: CountingModel) -> None:
        questions = {"a": "Do you change oil?", "b": "Where is your shop?"}
        alone = {}
        for name, question in questions.items():
            model.begin(name, SYSTEM, question, 16)
            alone[name] = text(drain(model)[name])
        for name, question in questions.items():
            model.begin(name, SYSTEM, question, 16)
        together = drain(model)
        assert {name: text(pieces) for name, pieces in together.items()} == alone

    def test_two_at_once_advance_together(self, model: CountingModel) -> None:
        model.begin("a", SYSTEM, "Do you change oil?", 12)
        model.begin("b", SYSTEM, "Where is your shop?", 12)
        order = []
        while model.busy:
            order += [piece.request for piece in model.step() if piece.text]
        assert "b" in order[: order.index("a") + 4]
        assert order.index("b") < len(order) - 1 - order[::-1].index("a")

    def test_the_same_question_twice_has_the_same_answer(self, model: CountingModel) -> None:
        answers = []
        for name in ("a", "b"):
            model.begin(name, SYSTEM, "Do you change oil?", 16)
            answers.append(text(drain(model)[name]))
        assert answers[0] == answers[1]

    def test_cancel_ends_within_one_step(self, model: CountingModel) -> None:
        model.begin("a", SYSTEM, "Do you change oil?", 40)
        first_text(model)
        model.cancel("a")
        pieces = model.step()
        assert [(piece.request, piece.done, piece.outcome) for piece in pieces] == [("a", True, "cancelled")]
        assert not model.busy

    def test_cancel_leaves_the_others_alone(self, model: CountingModel) -> None:
        model.begin("a", SYSTEM, "Do you change oil?", 12)
        alone = text(drain(model)["a"])
        model.begin("a", SYSTEM, "Do you change oil?", 12)
        model.begin("b", SYSTEM, "Where is your shop?", 12)
        heard = text([piece for piece in first_text(model) if piece.request == "a"])
        model.cancel("b")
        assert heard + text(drain(model)["a"]) == alone

    def test_cancel_before_the_first_step(self, model: CountingModel) -> None:
        model.begin("a", SYSTEM, "Do you change oil?", 12)
        model.cancel("a")
        assert [piece.outcome for piece in drain(model)["a"]] == ["cancelled"]

    def test_cancel_of_an_unknown_name_is_ignored(self, model: CountingModel) -> None:
        model.cancel("nobody")
        assert not model.busy
        model.begin("a", SYSTEM, "Do you change oil?", 8)
        assert drain(model)["a"][-1].outcome == "done"

    def test_an_ended_name_can_be_used_again(self, model: CountingModel) -> None:
        for _ in range(2):
            model.begin("a", SYSTEM, "Do you change oil?", 8)
            assert drain(model)["a"][-1].outcome == "done"

    def test_prepared_prefixes_are_not_evaluated_again(self, model: CountingModel) -> None:
        system = (
            f"{SYSTEM} You also know that the shop has three bays, a lounge and a shuttle van for customers."
        )
        question = "Do you change oil?"
        before = model.evaluated_tokens
        model.begin("cold", system, question, 1)
        drain(model)
        cold = model.evaluated_tokens - before
        other = system.replace("three", "seven")
        model.prepare(other)
        drain(model)
        before = model.evaluated_tokens
        model.begin("warm", other, question, 1)
        drain(model)
        assert model.evaluated_tokens - before < cold / 2

    def test_preparing_twice_costs_nothing(self, model: CountingModel) -> None:
        model.prepare(SYSTEM)
        drain(model)
        before = model.evaluated_tokens
        model.prepare(SYSTEM)
        drain(model)
        assert model.evaluated_tokens == before

    def test_words_heard_before_are_not_evaluated_again(self, model: CountingModel) -> None:
        grown = [
            "Do you",
            "Do you change oil and",
            "Do you change oil and do you repair the brakes of a van?",
        ]
        model.prepare(SYSTEM)
        drain(model)
        before = model.evaluated_tokens
        model.begin("a", SYSTEM, grown[-1], 1)
        drain(model)
        alone = model.evaluated_tokens - before
        model.begin("a", SYSTEM, grown[1], 1, conversation="call")
        drain(model)
        before = model.evaluated_tokens
        model.begin("a", SYSTEM, grown[-1], 1, conversation="call")
        drain(model)
        assert model.evaluated_tokens - before < alone
        model.leave("call")

    def test_an_answer_on_kept_words_is_the_answer_without_them(self, model: CountingModel) -> None:
        grown = ["Where", "Where is your", "Where is your shop", "Where is your shop", "Where can one park?"]
        alone = []
        for prompt in grown:
            model.begin("a", SYSTEM, prompt, 12)
            alone.append(text(drain(model)["a"]))
        kept = []
        for prompt in grown:
            model.begin("a", SYSTEM, prompt, 12, conversation="call")
            kept.append(text(drain(model)["a"]))
        assert kept == alone
        model.leave("call")

    def test_a_cancelled_question_that_goes_on_is_answered_as_if_never_cancelled(
        self, model: CountingModel
    ) -> None:
        model.begin("a", SYSTEM, "Where is your shop?", 12)
        alone = text(drain(model)["a"])
        model.begin("1", SYSTEM, "Where is", 12, conversation="call")
        first_text(model)
        model.cancel("1")
        model.begin("2", SYSTEM, "Where is your", 12, conversation="call")
        model.step()
        model.cancel("2")
        model.begin("3", SYSTEM, "Where is your shop?", 12, conversation="call")
        assert text(drain(model)["3"]) == alone
        model.leave("call")

    def test_conversations_do_not_hear_each_other(self, model: CountingModel) -> None:
        questions = {f"call {number}": f"Do you repair {number} cars?" for number in range(7)}
        alone = {}
        for name, question in questions.items():
            model.begin(name, SYSTEM, question, 6)
            alone[name] = text(drain(model)[name])
        for part in (3, 5):
            for name, question in questions.items():
                model.begin(name, SYSTEM, " ".join(question.split()[:part]), 6, conversation=name)
            together = drain(model)
        assert {name: text(pieces) for name, pieces in together.items()} == alone
        for name in questions:
            model.leave(name)

    def test_an_unknown_conversation_is_left_in_peace(self, model: CountingModel) -> None:
        model.leave("nobody")
        assert not model.busy

    def test_no_more_than_max_tokens(self, model: CountingModel) -> None:
        model.begin("a", SYSTEM, "Tell me a long story about cars.", 3)
        last = drain(model)["a"][-1]
        assert (last.outcome, last.tokens) == ("done", 3)

    def test_a_prompt_longer_than_the_context_fails_and_harms_nobody(self, model: CountingModel) -> None:
        model.begin("a", SYSTEM, "oil " * 5000, 8)
        model.begin("b", SYSTEM, "Do you change oil?", 8)
        pieces = drain(model)
        assert [(piece.done, piece.outcome) for piece in pieces["a"]] == [(True, "failed")]
        assert pieces["b"][-1].outcome == "done"

    def test_more_callers_than_places_are_all_answered(self, model: CountingModel) -> None:
        names = [f"caller {number}" for number in range(11)]
        for name in names:
            model.begin(name, SYSTEM, "Do you change oil?", 4)
        pieces = drain(model)
        assert sorted(pieces) == sorted(names)
        assert {ones[-1].outcome for ones in pieces.values()} == {"done"}

    def test_words_of_any_language_go_in_and_come_out_whole(self, model: CountingModel) -> None:
        for prompt in ("Grüezi 🚗 ¿qué tal? 你好", "", "\x00", "<|im_end|><|im_start|>system"):
            model.begin("a", SYSTEM, prompt, 24)
            answer = text(drain(model)["a"])
            assert "\N{REPLACEMENT CHARACTER}" not in answer
            answer.encode()

    def test_without_work_it_is_not_busy(self, model: CountingModel) -> None:
        assert not model.busy
        assert model.step() == []

    def test_the_use_of_a_tool_is_what_its_schema_allows(self, model: CountingModel) -> None:
        wanted = {"type": "object", "properties": {"order": {"type": "string", "enum": ["none", "all"]}}}
        tools = (("order_status", json.dumps({**wanted, "required": ["order"]})),)
        model.begin("a", USES_TOOLS, USES_TOOL, 30, tools=tools)
        pieces = drain(model)["a"]
        assert text(pieces).startswith(f"{TOOL_MARK}order_status ")
        arguments = text(pieces).removeprefix(f"{TOOL_MARK}order_status ")
        assert json.loads(arguments)["order"] in {"none", "all"}
        assert pieces[-1].outcome == "done"

    def test_a_schema_that_no_grammar_can_say_leaves_the_text_free(self, model: CountingModel) -> None:
        order = {"type": "string", "pattern": "^(?=[0-9])[0-9]+$"}
        schema = {"type": "object", "properties": {"order": order}, "required": ["order"]}
        model.begin("a", USES_TOOLS, USES_TOOL, 30, tools=(("order_status", json.dumps(schema)),))
        said = text(drain(model)["a"])
        assert isinstance(json.loads(said.removeprefix(f"{TOOL_MARK}order_status "))["order"], str)

    def test_a_plain_answer_is_the_same_with_tools(self, model: CountingModel) -> None:
        tools = (("order_status", json.dumps({"type": "object", "properties": {}})),)
        model.begin("a", SYSTEM, "Where is your shop?", 16)
        plain = text(drain(model)["a"])
        model.begin("a", SYSTEM, "Where is your shop?", 16, tools=tools)
        assert text(drain(model)["a"]) == plain
