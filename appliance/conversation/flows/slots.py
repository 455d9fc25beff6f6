"""The simple slots: what each kind asks, what it takes for an answer, what it picks out unasked.

A slot is a small object of one running flow. Each answer is one of `frame.Answer`; whether a flow goes on after
it, asks again or gives up is the engine's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from appliance.business import Business
from appliance.business.flows import SlotKind, SlotTable
from appliance.conversation.answers import yes_or_no
from appliance.conversation.flows.frame import Answer, Filled, Frame
from appliance.conversation.flows.step import Step, Told
from appliance.conversation.names import name_known
from appliance.conversation.numbers import digits_heard
from appliance.conversation.numerals import numerals
from appliance.conversation.understand import service_in
from appliance.domain.expectation import Expectation

_MATTER_WORDS_MIN = 3  # "that i called" says something, "that he" was cut off


class Slot:
    """What all kinds share; a kind overrides what is its own."""

    expectation = Expectation.ANYTHING
    is_doubtful = False
    """Whether a doubtful recogniser's answer is asked for once more, differently."""
    keys = ""
    """The phrase that offers keys, where it is not the one of the expectation."""

    def __init__(self, name: str, table: SlotTable) -> None:
        self.name = name
        self.table = table

    def begin(self, frame: Frame) -> Answer:
        """The first question, or an answer at once."""
        return Step(frame.say(self.table.first), self.expectation) if self.table.first else self.ask(frame)

    def ask(self, frame: Frame, attempt: int = 0) -> Step:
        """The question; with each attempt worded differently as long as the table has other words."""
        phrase = self.table.ask[min(attempt, len(self.table.ask) - 1)]
        return Step(frame.say(phrase), self.expectation)

    def heard(self, text: str, frame: Frame) -> Answer:
        """What the answer to the question holds."""
        raise NotImplementedError

    def told(self, answer: Told, frame: Frame) -> Answer:
        """What the diary said to the slot's own need; most kinds have none."""
        return None

    def volunteered(self, text: str, frame: Frame) -> Filled | None:
        """What the caller said of it without having been asked."""
        return None

    def corrected(self, text: str, frame: Frame) -> Answer:
        """What the caller says at the read-back to put it right; None when they speak of something else."""
        part = frame.sayings.parts.get(self.table.kind)
        if part is None or not part.search(text):
            return None
        self.forget()
        return self.ask(frame)

    def differs(self, text: str, frame: Frame) -> bool:
        """Whether `text`, said with a yes to the read-back, names something else than what was read back."""
        found = self.volunteered(text, frame)
        return found is not None and found != frame.filled.get(self.name)

    def instead(self, text: str, frame: Frame) -> Answer:
        """Another one, where nothing was found by the first; None when they speak of something else."""
        return None

    def forget(self) -> None:
        """It will be asked for again."""


class ServiceSlot(Slot):
    """One of the business's services."""

    def ask(self, frame: Frame, attempt: int = 0) -> Step:
        """Names what there is."""
        phrase = self.table.ask[min(attempt, len(self.table.ask) - 1)]
        named = [one.spoken for one in frame.business.services]
        return Step(frame.say(phrase, services=listed(named, frame)), self.expectation)

    def heard(self, text: str, frame: Frame) -> Answer:
        """The service whose words are in it."""
        return self.volunteered(text, frame)

    def volunteered(self, text: str, frame: Frame) -> Filled | None:
        """The service whose words are in it."""
        return filled_service(service_in(text.lower(), frame.business.services), frame)

    def corrected(self, text: str, frame: Frame) -> Answer:
        """Another service that is named, or the word for it."""
        other = self.volunteered(text, frame)
        current = frame.filled.get(self.name)
        if other is not None and other != current:
            return other
        return super().corrected(text, frame)

    def differs(self, text: str, frame: Frame) -> bool:
        """Never: "yes the cut" may be short for any of them; "yes but for a cut" is a correction."""
        return False


def filled_service(service_id: str | None, frame: Frame) -> Filled | None:
    """A service by its id, ready for its slot."""
    service = frame.business.service(service_id or "")
    return Filled(service.id, service.spoken) if service else None


class TextSlot(Slot):
    """Whatever is said."""

    expectation = Expectation.MESSAGE

    def heard(self, text: str, frame: Frame) -> Answer:
        """The words as they are."""
        return Filled(text, text) if text.strip() else None

    def volunteered(self, text: str, frame: Frame) -> Filled | None:
        """What stands after "tell maria that", where there is somebody to tell."""
        if not frame.table.of_kind(SlotKind.PERSON):
            return None
        told = frame.sayings.passes_on.search(text.lower())
        matter = text[slice(*told.span(1))].strip() if told else ""
        return Filled(matter, matter) if len(matter.split()) >= _MATTER_WORDS_MIN else None


class NumberSlot(Slot):
    """A whole number: how many people, how many miles."""

    def heard(self, text: str, frame: Frame) -> Answer:
        """The first number that was said."""
        figures = re.search(r"\d+", numerals(text)) or re.search(r"\d+", digits_heard(text, frame.language))
        return Filled(int(figures[0]), figures[0]) if figures else None


class YesNoSlot(Slot):
    """A yes or a no; the state's branches `yes` and `no` lead on from it."""

    expectation = Expectation.YES_NO

    def heard(self, text: str, frame: Frame) -> Answer:
        """Yes or no in any of their forms."""
        answer = yes_or_no(text, frame.language)
        return None if answer is None else Filled(answer, frame.say("yes" if answer else "no"))


class ChoiceSlot(Slot):
    """One of a few values, known by words."""

    def heard(self, text: str, frame: Frame) -> Answer:
        """The value whose longest word is in it."""
        said = text.lower()
        found = [
            (len(word), value)
            for value, words in self.table.choices.items()
            for word in (*words, value.replace("_", " "))
            if re.search(rf"\b{re.escape(word)}\b", said)
        ]
        return Filled(max(found)[1], max(found)[1].replace("_", " ")) if found else None

    def volunteered(self, text: str, frame: Frame) -> Filled | None:
        """A value that is named unasked counts as well."""
        found = self.heard(text, frame)
        return found if isinstance(found, Filled) else None


class PersonSlot(Slot):
    """Somebody at the business for whom a message is."""

    def heard(self, text: str, frame: Frame) -> Answer:
        """Whoever is named after "for" or "tell"."""
        return self.volunteered(text, frame)

    def volunteered(self, text: str, frame: Frame) -> Filled | None:
        """Whoever is named after "for" or "tell"."""
        return _addressee(text, frame.sayings.for_whom, frame)

    def corrected(self, text: str, frame: Frame) -> Answer:
        """Somebody else: "no, it's for yuki"."""
        return _addressee(text, (*frame.sayings.for_whom, frame.sayings.meant_for), frame)


def _addressee(text: str, patterns: Iterable[re.Pattern[str]], frame: Frame) -> Filled | None:
    for pattern in patterns:
        for found in pattern.finditer(text.lower()):
            words = found[1].split()
            if words[-1] not in frame.sayings.nobody:
                name = _somebody(" ".join(words), frame.business)
                return Filled(name, name)
    return None


def _somebody(heard: str, business: Business) -> str:
    """Whoever of the business sounds like what was heard, or what was heard: "tell rosa marine" is Rosa Marin."""
    return name_known(heard, people_of(business)) or " ".join(word.capitalize() for word in heard.split())


def people_of(business: Business) -> list[str]:
    """Everybody of the business by name, each once: those of the directory, and staff who do not stand there."""
    named = [entry.spoken for entry in business.directory if entry.spoken.istitle()]
    listed_words = [set(name.split()) for name in named]
    others = [member.spoken for member in business.staff]
    return [*named, *(one for one in others if not any(set(one.split()) <= words for words in listed_words))]


class UrgencySlot(Slot):
    """Whether it is urgent, by the caller's own words."""

    def heard(self, text: str, frame: Frame) -> Answer:
        """Whether they say so."""
        return self.volunteered(text, frame)

    def volunteered(self, text: str, frame: Frame) -> Filled | None:
        """Whether they say so; what is called not urgent is not."""
        said = text.lower()
        urgent = frame.sayings.urgent.search(said) and not frame.sayings.not_urgent.search(said)
        return Filled(True, frame.say("urgent")) if urgent else None

    def corrected(self, text: str, frame: Frame) -> Answer:
        """That it is urgent after all."""
        return self.volunteered(text, frame)


def listed(names: list[str], frame: Frame, *, together: bool = False) -> str:
    """Alternatives as they are spoken, or, `together`, all of them."""
    if len(names) < 2:
        return "".join(names)
    wording = frame.sayings.together if together else frame.sayings.either
    return wording.format(before=", ".join(names[:-1]), last=names[-1])
