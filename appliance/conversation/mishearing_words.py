"""What recognisers hear instead of what was said, by language, and how callers put it right. Data only.

Written down from what a small recogniser (Vosk) makes of telephone speech. Another language is another table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class MishearingWords:
    """The sound-alikes of one language, and the words of a patient caller who is misheard.

    `sounds_like` are what a word is heard as; `near_sounds` are swapped in words that stand in no table, names
    above all; `swallowed` are the small words that get lost, `hesitations` what is heard where nothing was said.
    `objections` find in a piece of a read-back what was taken down wrongly and say how it is put right: a
    pattern, and the caller's words with its groups. `digits` are how a number is said. `agreed` and `declined`
    are yes and no. `offers` are patterns of sentences by which something else than the wish is offered.
    """

    sounds_like: Mapping[str, tuple[str, ...]]
    near_sounds: tuple[tuple[str, str], ...]
    swallowed: frozenset[str]
    hesitations: tuple[str, ...]
    objections: tuple[tuple[str, str], ...]
    number: str
    name: str
    otherwise: str
    digits: Mapping[str, str]
    agreed: str
    declined: str


def _alike(*groups: str) -> dict[str, tuple[str, ...]]:
    """ "said heard/heard" in each line."""
    pairs = [line.split(" ", 1) for group in groups for line in group.split("; ")]
    return {said: tuple(heard.split("/")) for said, heard in pairs}


ENGLISH: Final = MishearingWords(
    sounds_like=_alike(
        "one won/want; two to/too; three tree/free; four for/fore; five fine/fife; six sex/sick; seven send",
        "eight ate/a; nine nein/night; ten tan/then; oh o/no; eleven a lebanon; twelve twelfth; noon new",
        "thirteen thirty; fourteen forty; fifteen fifty; thirty thirteen/dirty; forty fourteen; fifty fifteen",
        "half have/calf; past passed; quarter water; o'clock a clock; first thirst; second seconds; last lost",
        "monday mondays/money; tuesday two stay/choose day; wednesday wins day; thursday thirsty; friday fry day",
        "saturday sat a day; sunday some day; tomorrow to morrow; today to day; morning mourning; week weak",
        "next necks/neck; afternoon after noon; evening even in; at add/that; in and/an; on own/and; for four",
        "to two/the; the a; a the; i i'd/a; i'd i/i'll; i'm i am/um; like light; want won't/wanna; need knee/neat",
        "would wood; could good; can can't; have half/of; is his; it's its; my may/by; book look/brook; hi high",
        "appointment a point meant/appointments; oil all/oiled; change chains/chance; brakes breaks; brake break",
        "pads pets/bats; inspection in section/inspections; diagnosis die agnosis; car card/core; truck track",
        "cleaning clean in/leaning; checkup check up; tooth truth/two; filling feeling; doctor docked or; pain paint",
        "cut cat/got; color caller/collar; beard beer; trim dream; dry try; blow below; hair her/here; dario mario",
        "highlights high lights; yes yet/guess; yeah year; no know/now; please police; right write/ride; sure shore",
        "cancel council/can sell; move moved/mood; message massage; name names/aim; number numbers/numb or",
        "call cole/called; tell dell; urgent urge and; thanks thank; correct collect; that that's; and an/in",
    ),
    near_sounds=(
        ("ck", "g"), ("ph", "f"), ("th", "d"), ("ll", "l"), ("ee", "ea"), ("b", "p"), ("p", "b"), ("d", "t"),
        ("t", "d"), ("g", "k"), ("k", "g"), ("m", "n"), ("n", "m"), ("v", "f"), ("f", "v"), ("s", "z"), ("z", "s"),
    ),
    swallowed=frozenset("a an the to for on at of in and i i'd is it's my please like with would".split()),
    hesitations=("uh", "um", "the", "huh"),
    objections=(
        (r"^.*\bmessage for (?P<whom>[A-Z]\S*(?: [A-Z]\S*)*)", "no it's for {whom}"),
        (r"^(?:.* )?(?:for|from) (?P<name>[A-Z]\S*(?: [A-Z]\S*)*)$", "no my name is {name}"),
        (r"^(?:That's|So instead of) (?P<thing>.*)$", "no {thing}"),
        (r"^marked as (?P<how>.*)$", "and it's {how}"),
        (r"^you come (?P<moment>.*)$", "no {moment}"),
    ),
    number="no the number is {digits}",
    name="my name is {name}",
    otherwise="no {clause}",
    digits=dict(zip("0123456789", "oh one two three four five six seven eight nine".split(), strict=True)),
    agreed="yes",
    declined="no",
)  # fmt: skip

LANGUAGES: Final[Mapping[str, MishearingWords]] = {"en": ENGLISH}


def mishearing_words_of(language: str) -> MishearingWords:
    """The table of a language; one that nobody wrote down is taken for English."""
    return LANGUAGES.get(language, ENGLISH)
