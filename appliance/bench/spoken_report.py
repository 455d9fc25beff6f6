"""Spoken plays in words: what came of each, how many came to what they should, and what was misheard how often."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from appliance.bench.spoken_caller import Spoken
from appliance.bench.spoken_plays import SpokenPlay

_MOST_TOLD: Final = 12
_SIGNS = re.compile(r"[^\w' ]")


def is_misheard(one: Spoken) -> bool:
    """Whether other words were heard than were said."""
    return _plain(one.said) != _plain(one.heard)


def told_of(one: SpokenPlay) -> str:
    """A play in a line; one that came to something else with everything that was said."""
    if one.skipped:
        return f"{one.file}: not spoken, it needs {one.skipped}"
    misheard = sum(map(is_misheard, one.spoken))
    said = f"{len(one.spoken)} lines said, {misheard} misheard"
    if one.outcome.reached:
        return f"{one.file}: as it should; {said}"
    return "\n    ".join([f"{one.file}: {one.outcome.complaint}; {said}", *one.turns])


def summary(held: Sequence[SpokenPlay]) -> str:
    """How many came to what they should, in how many something else was done, and which lines were misheard most."""
    able = [one for one in held if not one.skipped]
    reached, wrong = sum(one.outcome.reached for one in able), sum(one.outcome.wrong for one in able)
    skipped = f"; {len(held) - len(able)} not spoken" if len(held) > len(able) else ""
    spoken = [line for one in able for line in one.spoken]
    share = 100 * sum(map(is_misheard, spoken)) / len(spoken) if spoken else 0
    return "\n".join(
        [
            f"{len(able)} plays over real calls: {reached} reach their outcome,"
            f" in {wrong} something else was done{skipped}",
            f"{len(spoken)} lines said, {share:.0f} % not heard word for word",
            *_most_misheard(spoken),
        ]
    )


def _most_misheard(spoken: Sequence[Spoken]) -> list[str]:
    said = Counter(one.said for one in spoken)
    misheard = Counter(one.said for one in spoken if is_misheard(one))
    heard_as = {one.said: one.heard for one in spoken if is_misheard(one)}
    return [
        f'  {times} of {said[line]}: "{line}" heard as "{heard_as[line]}"'
        for line, times in misheard.most_common(_MOST_TOLD)
    ]


def _plain(words: str) -> str:
    return " ".join(_SIGNS.sub(" ", words.lower()).split())
