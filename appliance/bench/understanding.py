"""How well callers are understood: the product's own business as recognised over the telephone, and public sets.

Of the business every utterance goes the whole way: recognised words, probabilities, rules, what is acted on.
Of a public set only the classifier is asked, taught with the set's own sentences.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from appliance.bench.figures import Figure, Findings
from appliance.bench.understanding_scores import (
    Judged,
    Scores,
    foreign_recall_at,
    micro_f1,
    scores_of,
)
from appliance.bench.understanding_sets import LabelledSet, Sentence
from appliance.bench.understanding_spoken import FIRST, Spoken, Utterance
from appliance.bench.understanding_vectors import KeptVectors
from appliance.business import Business
from appliance.conversation.lessons import FACT_PREFIX, OWN_PREFIX
from appliance.conversation.second_hearing import both, opinion
from appliance.conversation.understand import WISHES, Intent, Understanding, understand
from appliance.engines.intent_kernel import Matrix, fit
from appliance.engines.ports import IntentFinder
from appliance.engines.sentence_letters import with_letters

_SEVERAL_MIN: Final = 0.25
"""From here on a sentence of a set with several intents a sentence is taken to mean one."""


@dataclass(frozen=True, slots=True)
class Office:
    """A business and what finds its intents."""

    business: Business
    finder: IntentFinder


# --- the product's own --------------------------------------------------------------------------


def judged(utterance: Utterance, text: str, office: Office, again: str = "") -> Judged:
    """Whether `text`, what is left of the utterance, is acted on as it was meant; `again` as heard a second time."""
    likely = office.finder.likely(text)
    if own := opinion(again, text):
        likely = both(likely, office.finder.likely(own))
    meant = understand(text, likely, office.business)
    declined = meant.intent not in WISHES
    return Judged(
        utterance.means is not None, declined, _taken_for(meant, office.business) == utterance.means
    )


def _taken_for(meant: Understanding, business: Business) -> str:
    """As lessons name it: the business's own intents that have an answer are acted on as facts."""
    if meant.intent is not Intent.FACT or meant.fact is None:
        return meant.intent.value
    of_its_own = meant.fact in {one.id for one in business.intents}
    return (OWN_PREFIX if of_its_own else FACT_PREFIX) + meant.fact


def own_scores(
    offices: Mapping[str, Office], said: Sequence[Utterance], spoken: Sequence[Spoken]
) -> dict[str, Scores]:
    """By set and condition: typed, then recognised, by voice; where it was heard twice also all by the first alone."""
    found: dict[str, list[Judged]] = {}
    for one in said:
        name = f"{_of_set(one)}typed"
        found.setdefault(name, []).append(judged(one, one.text, offices[one.business]))
    for heard in spoken:
        name = f"{_of_set(heard.utterance)}heard {heard.voice}"
        office = offices[heard.utterance.business]
        verdict = judged(heard.utterance, heard.heard, office, heard.again)
        found.setdefault(name, []).append(verdict)
        if heard.again:
            once = judged(heard.utterance, heard.heard, office)
            found.setdefault(f"{_of_set(heard.utterance)}heard once", []).append(once)
            found.setdefault(f"{_of_set(heard.utterance)}heard twice", []).append(verdict)
    return {name: scores_of(verdicts) for name, verdicts in found.items()}


def _of_set(one: Utterance) -> str:
    return "" if one.collection == FIRST else f"{one.collection} set "


def ms_an_utterance(office: Office, texts: Sequence[str]) -> float:
    """Processor time of one understanding, ms; every text is new to the finder."""
    began_s = time.process_time()
    for text in texts:
        understand(text, office.finder.likely(text), office.business)
    return (time.process_time() - began_s) * 1000 / max(len(texts), 1)


# --- public sets --------------------------------------------------------------------------------


def set_scores(labelled: LabelledSet, vectors: KeptVectors) -> dict[str, float | int | None]:
    """Of one set: accuracy and out-of-scope recall, or with several intents a sentence micro F1."""
    intents = sorted({intent for one in labelled.taught for intent in one.means})
    taught, asked = (
        np.array([[intent in one.means for intent in intents] for one in part], bool).reshape(len(part), -1)
        for part in (labelled.taught, labelled.asked)
    )
    kernel = fit(_rows(labelled.taught, vectors), taught.astype(np.float32))
    scores = kernel.scores(_rows(labelled.asked, vectors))
    found: dict[str, float | int | None] = {"n": len(asked), "intents": len(intents)}
    if max((len(one.means) for one in labelled.asked), default=0) > 1:
        return {**found, "micro_f1": round(micro_f1(scores >= _SEVERAL_MIN, asked), 4)}
    known = asked.any(axis=1)
    right = asked[np.arange(len(asked)), scores.argmax(axis=1)]
    best: Matrix = scores.max(axis=1)
    recall = foreign_recall_at(best[known], best[~known])
    return {
        **found,
        "accuracy": round(float(right[known].mean()), 4),
        "foreign": int((~known).sum()),
        "foreign_recall": None if recall is None else round(recall, 4),
    }


def _rows(sentences: Sequence[Sentence], vectors: KeptVectors) -> Matrix:
    """As the product sees them: meaning and letters."""
    texts = [one.text for one in sentences]
    return with_letters(texts, vectors.rows(texts))


# --- findings -----------------------------------------------------------------------------------


def measure(
    offices: Mapping[str, Office],
    said: Sequence[Utterance],
    spoken: Sequence[Spoken],
    sets: Sequence[LabelledSet],
    vectors: KeptVectors,
    *,
    command: str,
    conditions: Mapping[str, str],
    tell: Callable[[str], None],
) -> Findings:
    """Everything, for `report.publish`. `said` and `spoken` are of `offices`."""
    own = own_scores(offices, said, spoken)
    spent_ms = ms_an_utterance(next(iter(offices.values())), [f"{one.text} please" for one in said])
    public = {}
    for one in sets:
        public[one.name] = set_scores(one, vectors)
        tell(one.name)
    return Findings(
        bench="understanding",
        command=command,
        summary={
            "own": {name: asdict(scores) for name, scores in own.items()},
            "ms_an_utterance": round(spent_ms, 2),
            "sets": public,
            **conditions,
        },
        figures=[*_own_figures(own), Figure("ms an utterance", spent_ms, "ms", 10.0), *_set_figures(public)],
        rows=[
            {
                "set": one.utterance.collection,
                "voice": one.voice,
                "means": one.utterance.means,
                **asdict(judged(one.utterance, one.heard, office, one.again)),
            }
            for one in spoken
            for office in [offices[one.utterance.business]]
        ],
        conditions=conditions,
        notes=[
            "Utterances are synthetic speech over G.711; none of them is a sentence the box was taught.",
            "Accuracy of the own business counts what was declined as wrong; of the sets it does not.",
            "Out-of-scope recall of the sets at 3 % false rejections of the same sentences.",
        ],
    )


def _own_figures(own: Mapping[str, Scores]) -> list[Figure]:
    figures = []
    for name, one in own.items():
        figures += [
            Figure(f"{name} accuracy", one.accuracy, "share", 0.95, at_most=False, n=one.known),
            Figure(f"{name} false rejections", one.false_rejections, "share", 0.03, n=one.known),
            Figure(
                f"{name} out-of-scope recall", one.foreign_recall, "share", 0.8, at_most=False, n=one.foreign
            ),
        ]
    return figures


def _set_figures(public: Mapping[str, Mapping[str, Any]]) -> list[Figure]:
    figures = []
    for name, scores in public.items():
        if "micro_f1" in scores:
            figures.append(Figure(f"{name} micro F1", scores["micro_f1"], "share", n=scores["n"]))
            continue
        aim = 0.95 if name == "clinc150" else None
        known = scores["n"] - scores["foreign"]
        figures.append(Figure(f"{name} accuracy", scores["accuracy"], "share", aim, at_most=False, n=known))
        if scores["foreign_recall"] is not None:
            figures.append(
                Figure(
                    f"{name} out-of-scope recall",
                    scores["foreign_recall"],
                    "share",
                    0.8,
                    at_most=False,
                    n=scores["foreign"],
                )
            )
    return figures
