"""`appliance bench tools`: does the language model use the right tool, with what the caller said, and only then.

A business with three tools is asked what a tool answers and what none does (tools_material/), over the socket of a
mind process of its own. What the model wishes goes through the same gate as in a call (conversation/model_tools),
what it composes of an answer through the same guard.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any, Final

from pydantic import Field

from appliance import configfile
from appliance.bench import checkout
from appliance.bench.figures import Figure, Findings
from appliance.bench.mind import Answer, Mind, Plan
from appliance.bench.safety import spoken_of
from appliance.business import Business
from appliance.clock import SystemClock
from appliance.configfile import Strict
from appliance.conversation import model_tools
from appliance.conversation.facts import grounding_sources
from appliance.conversation.guard import Grounding
from appliance.conversation.prompts import question_prompt, system_prompt

RIGHT_AIM: Final = 0.9
NONE_AIM: Final = 0.95
_FOLDER: Final = Path(__file__).parent / "tools_material"


class Question(Strict):
    """What a caller asks, which tool it needs (`use`, "" for none), what that is given and what it gives."""

    asks: str
    use: str = ""
    give: dict[str, str] = Field(default_factory=dict)
    gives: dict[str, str] = Field(default_factory=dict)


class Office(Strict):
    """A business with tools, and its questions."""

    business: Business
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: what the model wished, what was granted, and what of the answer would be spoken."""

    question: Question
    wished: str
    wish: model_tools.Wish
    use_ms: float
    tokens_per_s: float | None
    spoken: str = ""
    guarded: str = ""

    @property
    def is_right(self) -> bool:
        """The right tool with the right arguments, or none where there is none to use."""
        if not self.question.use:
            return not self.wished
        same = self.wish.tool == self.question.use and not self.wish.refused
        return same and {key: _plain(str(one)) for key, one in self.wish.arguments} == {
            key: _plain(one) for key, one in self.question.give.items()
        }


def _plain(text: str) -> str:
    """An argument as it is compared: lower case, without articles and plurals."""
    words = [word for word in text.lower().split() if word not in {"a", "an", "the", "next", "new"}]
    return " ".join(word.removesuffix("s") for word in words)


def offices(folder: Path = _FOLDER) -> tuple[Office, ...]:
    """The businesses that are asked."""
    return tuple(configfile.read(path, Office) for path in sorted(folder.glob("*.toml")))


def measure(most: int, profile: str, folder: Path, tell: Callable[[str], None]) -> Findings:
    """Ask at most `most` questions of each business. EngineFault when the mind does not start."""
    rows: list[Asked] = []
    with Mind(folder, Plan(profile=profile), SystemClock()) as mind:
        for office in offices():
            system = system_prompt(office.business)
            mind.answers([mind.ask("warm", system, "Hello?", 1)])
            for number, question in enumerate(office.questions[:most], 1):
                tell(f"asking {number} of {len(office.questions[:most])}")
                rows.append(_ask(mind, office.business, system, question))
        model = mind.model
    return findings(rows, model)


def _ask(mind: Mind, shop: Business, system: str, question: Question) -> Asked:
    prompt = question_prompt(model_tools.question_in_figures(question.asks, shop.language), [])
    [answer] = mind.answers([mind.ask("tools", system, prompt, tools=model_tools.schemas(shop))])
    if not answer.use:
        grounding = Grounding(grounding_sources(shop, datetime.now(shop.zone)), question.asks)
        return _asked(question, answer, model_tools.Wish(), *spoken_of(answer.pieces, grounding))
    wish = model_tools.granted(answer.use, shop, [question.asks])
    tool = shop.tool(wish.tool)
    if wish.refused or tool is None or wish.tool != question.use:
        return _asked(question, answer, wish, "", "")
    result = tuple(sorted(question.gives.items()))
    if said := model_tools.told_by_business(tool, wish.arguments, result, shop.language):
        return _asked(question, answer, wish, said, "")
    told = model_tools.statement(tool, wish.arguments, result, shop.language)
    [second] = mind.answers([mind.ask("tools", system, prompt + model_tools.came(told, shop.language))])
    return _asked(question, answer, wish, *spoken_of(second.pieces, Grounding([told], question.asks)))


def _asked(question: Question, answer: Answer, wish: model_tools.Wish, spoken: str, guarded: str) -> Asked:
    return Asked(question, answer.use, wish, answer.ended_ms, answer.tokens_per_s, spoken, guarded)


# --- what it comes to ---------------------------------------------------------------------------


def findings(rows: Sequence[Asked], model: str) -> Findings:
    """The figures; an aim stands where a wrong answer would be noticed by a caller."""
    needing = [one for one in rows if one.question.use]
    others = [one for one in rows if not one.question.use]
    used = [one for one in rows if one.wished]
    figures = [
        _share("right tool and arguments", [one.is_right for one in needing], RIGHT_AIM),
        _share("no tool where none is needed", [one.is_right for one in others], NONE_AIM),
        _share("wrong uses granted", [_granted_wrongly(one) for one in rows], 0.0, at_most=True),
        _share("own words may be spoken", [bool(one.spoken) for one in needing if one.is_right]),
        _median("use composed", [one.use_ms for one in used], "ms"),
        _median("speed under the grammar", [one.tokens_per_s for one in used], "tokens/s"),
        _median("speed of plain answers", [one.tokens_per_s for one in rows if not one.wished], "tokens/s"),
    ]
    return Findings(
        bench="tools",
        command="appliance bench tools",
        summary={one.name.replace(" ", "_"): one.value for one in figures},
        figures=figures,
        rows=[_row(one) for one in rows],
        conditions={"language model": model, "revision": checkout.revision()},
        notes=["Questions are written, as a recogniser writes them; appliance/bench/tools_material/."],
    )


def _granted_wrongly(one: Asked) -> bool:
    """Something was looked up that was not asked for, or by what was not meant."""
    return bool(one.wish.tool) and not one.wish.refused and not one.is_right


def _share(name: str, held: Sequence[bool], aim: float | None = None, *, at_most: bool = False) -> Figure:
    value = round(sum(held) / len(held), 3) if held else None
    return Figure(name, value, "share", aim, at_most=at_most, n=len(held))


def _median(name: str, values: Sequence[float | None], unit: str) -> Figure:
    known = [one for one in values if one is not None]
    return Figure(name, round(median(known), 1) if known else None, unit, n=len(known))


def _row(one: Asked) -> dict[str, Any]:
    return {
        "asks": one.question.asks,
        "wanted": one.question.use,
        "wished": one.wished,
        "refused": one.wish.refused,
        "right": one.is_right,
        "given": json.dumps(dict(one.wish.arguments)),
        "spoken": one.spoken,
        "guarded": one.guarded,
        "ms": round(one.use_ms),
    }
