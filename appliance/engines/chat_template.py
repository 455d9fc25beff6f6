"""How a model wants a conversation written: the Jinja template in its file, rendered in a sandbox.

The environment is the one Hugging Face's `apply_chat_template` defines (trimmed blocks, `loopcontrols`,
`raise_exception`, `strftime_now`, `tojson`), which is what template authors write for.
"""

from __future__ import annotations

import json
import logging
from datetime import datetime
from typing import Any, Final, NoReturn

import jinja2
from jinja2.ext import Extension
from jinja2.nodes import Node
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

_log = logging.getLogger(__name__)

CHATML: Final = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_REFUSALS: Final = (jinja2.TemplateError, ValueError, TypeError)


class ChatTemplate:
    """Writes a system text and a caller's words the way the model was trained to read them.

    `text` is the template from the model's file; without a usable one it is ChatML. `bos` and `eos` are the
    model's own marks for the beginning and the end of a text.
    """

    def __init__(self, text: str | None, bos: str, eos: str) -> None:
        self._marks = {"bos_token": bos, "eos_token": eos}
        try:
            self._template = _compile(text or CHATML)
            self.render("system", "prompt")
        except _REFUSALS:
            _log.warning("chat template unusable, using ChatML")
            self._template = _compile(CHATML)

    def render(self, system: str, prompt: str) -> str:
        """The conversation up to where the answer begins, the system text never left out."""
        apart = [{"role": "system", "content": system}, {"role": "user", "content": prompt}]
        try:
            rendered = self._write(apart)
        except _REFUSALS:  # Gemma and others refuse a system message
            rendered = ""
        if system in rendered and prompt in rendered:
            return rendered
        return self._write([{"role": "user", "content": f"{system}\n\n{prompt}"}])

    def _write(self, messages: list[dict[str, str]]) -> str:
        """Models that can think aloud are told not to: a caller is waiting."""
        return self._template.render(
            messages=messages, add_generation_prompt=True, enable_thinking=False, **self._marks
        )


class _GenerationMarks(Extension):
    """`{% generation %}` marks what to train on; for us it is only a pair of brackets."""

    tags = {"generation"}  # noqa: RUF012  the name and type Jinja asks for

    def parse(self, parser: Parser) -> list[Node]:
        """The nodes between the marks."""
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def _compile(text: str) -> jinja2.Template:
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols", _GenerationMarks]
    )
    environment.filters["tojson"] = _as_json
    environment.globals.update(raise_exception=_raise, strftime_now=_today)
    return environment.from_string(text)


def _as_json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _raise(message: str) -> NoReturn:
    raise jinja2.TemplateError(message)


def _today(pattern: str) -> str:
    """The date some templates put before the system text; it changes once a day, and the prefix with it."""
    return datetime.now().astimezone().strftime(pattern)
