"""Holds a play by text with noise: a caller who is misheard, is patient, and puts right what was taken down wrongly.

What is said where the conversation leaves the play stands in playing_along.
"""

from __future__ import annotations

from random import Random

from appliance.conversation.mishearing import misheard
from appliance.conversation.phrases import Phrases
from appliance.conversation.playing_along import DEEDS, PATIENCE, Outcome, Script
from appliance.conversation.rehearsal import PlayFailed, Rehearsal, Stage
from appliance.domain import commands as do
from appliance.domain.expectation import Expectation

__all__ = ["DEEDS", "Outcome", "perform_misheard"]


def perform_misheard(
    text: str, rehearsal: Rehearsal, chance: Random, rate: float, phrases: Phrases
) -> Outcome:
    """Hold a `.call` file while about `rate` of the caller's words are misheard; whether its outcome is reached."""
    caller = _PatientCaller(text, rehearsal, chance, rate, phrases)
    try:
        caller.call()
    except PlayFailed as failed:
        return Outcome(reached=False, complaint=failed.complaint or str(failed))
    return caller.outcome()


class _PatientCaller:
    """One play, held with noise."""

    def __init__(
        self, text: str, rehearsal: Rehearsal, chance: Random, rate: float, phrases: Phrases
    ) -> None:
        self._r, self._stage = rehearsal, Stage(rehearsal)
        self._chance, self._rate, self._language = chance, rate, phrases.language
        self._script = Script(text, phrases, rehearsal.session.zone)
        self._intended = ""  # what the caller meant to say last
        self._said_as_heard: dict[str, str] = {}
        self._seen = 0
        self._given_up: set[int] = set()

    # --- calling --------------------------------------------------------------------------------

    def call(self) -> None:
        """From the first word to the last. PlayFailed when the play cannot go on."""
        for line in self._script.head:
            self._stage.play(*line)
        at, patience = 0, PATIENCE
        self._live(at)
        while not self._is_over and at < self._script.last and patience:
            there = self._script.place_of(self._heard_from_office(at), at, self._expects)
            if there is None or there <= at:
                patience -= 1
            if there is None:
                self._say(self._script.answer(self._r.said[-1], at, self._expects, self._intended))
            else:
                at = there
                self._live(at)
        if not self._is_over:
            self._r.hang_up()

    @property
    def _is_over(self) -> bool:
        return self._r.disposition is not None

    def _live(self, at: int) -> None:
        """What happens in a passage: the caller's words, keys, silence, the model, the telephones."""
        for number, word, rest in self._script.passages[at].world:
            if self._is_over:
                return
            if word in {"caller", "interrupts"}:
                share, words = ("", rest) if word == "caller" else rest.split(" ", 1)
                self._stage.play(number, word, f"{share} {self._mishear(words)}".strip())
            elif not word.startswith("model") or self._r.asks:
                self._stage.play(number, word, rest)

    def _say(self, words: str) -> None:
        """Something the play does not have here; words that stand in it mean what they mean there."""
        for line in self._script.meanings.get(words, ()):
            self._stage.play(*line)
        self._r.caller(self._mishear(words))

    def _mishear(self, words: str) -> str:
        self._intended = words
        heard = misheard(words, self._chance, self._rate, self._language)
        self._said_as_heard[heard] = words
        return heard

    # --- listening ------------------------------------------------------------------------------

    def _heard_from_office(self, at: int) -> list[str]:
        """What was said since; a model that the play does not speak for has nothing to say."""
        asked = {one.ask for one in self._r.asks} - self._given_up
        if asked and self._script.place_of(self._r.said[self._seen :], at, self._expects) is None:
            self._given_up |= asked
            self._r.model_ends("failed")
        new, self._seen = self._r.said[self._seen :], len(self._r.said)
        return new

    @property
    def _expects(self) -> Expectation:
        awaited = [one.expectation for one in self._r.done if isinstance(one, do.Expect)]
        return awaited[-1] if awaited else Expectation.ANYTHING

    # --- what came of it ------------------------------------------------------------------------

    def outcome(self) -> Outcome:
        """What the play expects at its end, against what came of it."""
        complaints = [found for found in map(self._complaint, self._script.wanted) if found]
        wrong = any(what in DEEDS and found != "none" for what, _, found in complaints)
        told = "; ".join(f"{what}: wanted {wanted!r}, found {found!r}" for what, wanted, found in complaints)
        return Outcome(not complaints, wrong, told)

    def _complaint(self, expected: tuple[str, str]) -> tuple[str, str, str] | None:
        what, wanted = expected
        found = self._stage.found(what) or "none"
        for heard, said in self._said_as_heard.items():
            found = found.replace(heard, said)  # a message's own words are not read back
        return None if wanted in found else (what, wanted, found)
