"""Conversations written the way of several families of models, and templates that are no use."""

from __future__ import annotations

import pytest

from appliance.engines.chat_template import ChatTemplate

GEMMA = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system role') }}"
    "{% endif %}{% for m in messages %}<start_of_turn>{{ m['role'] }}\n"
    "{{ m['content'] | trim }}<end_of_turn>\n{% endfor %}"
    "{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}"
)
DEAF = "{% for m in messages if m['role'] == 'user' %}[INST] {{ m['content'] }} [/INST]{% endfor %}"
DATED = (
    "{% set today = strftime_now('%Y') %}{% generation %}{{ today | tojson }}{% endgeneration %}"
    "{% for m in messages %}{% if loop.index > 9 %}{% break %}{% endif %}{{ m['content'] }}\n{% endfor %}"
)


def written(template: str | None) -> str:
    return ChatTemplate(template, bos="<s>", eos="</s>").render("Be brief.", "Do you fix cars?")


def test_without_a_template_it_is_chatml() -> None:
    assert written(None) == (
        "<|im_start|>system\nBe brief.<|im_end|>\n"
        "<|im_start|>user\nDo you fix cars?<|im_end|>\n<|im_start|>assistant\n"
    )


def test_a_refused_system_message_joins_the_callers() -> None:
    assert written(GEMMA) == (
        "<s><start_of_turn>user\nBe brief.\n\nDo you fix cars?<end_of_turn>\n<start_of_turn>model\n"
    )


def test_a_system_message_that_is_passed_over_joins_the_callers() -> None:
    assert written(DEAF) == "[INST] Be brief.\n\nDo you fix cars? [/INST]"


def test_what_hugging_face_adds_to_jinja_is_there() -> None:
    assert written(DATED).endswith('"Be brief.\nDo you fix cars?\n')


@pytest.mark.parametrize("template", ["{% for %}", "{{ messages[7].x.y }}", "{{ raise_exception('no') }}"])
def test_a_template_that_does_not_work_is_replaced(template: str) -> None:
    assert written(template) == written(None)


def test_a_template_cannot_reach_out_of_its_box() -> None:
    assert written("{{ messages.__class__.__mro__[1].__subclasses__() }}") == written(None)
