"""What callers say inside a flow, by language: choosing, leaving, naming a part, putting right. Data only.

Another language is another table in LANGUAGES.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from appliance.business.flows import SlotKind

_Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Sayings:
    """The words of one language. Patterns are searched in lower-case text without punctuation."""

    first: _Pattern
    """The first of two offers."""
    second: _Pattern
    """The second, or the last."""
    any_of_them: _Pattern
    """Each of the offers will do."""
    parts: Mapping[SlotKind, _Pattern]
    """How a part of what was read back is named."""
    asks_back: _Pattern
    """A question about what was just read back: it is read again."""
    leaves: _Pattern
    """The caller did not want this flow, or no longer does."""
    moved_to: _Pattern
    """What an appointment is moved to, after the word that says so."""
    names_itself: _Pattern
    """Words after which the caller's own name comes, whatever was asked."""
    lives_at: _Pattern
    """Words after which an address comes, whatever was asked."""
    reached_at: _Pattern
    """Words around the caller's own number, whatever was asked."""
    withholds: _Pattern
    """The caller has none, or will not say."""
    after_that: _Pattern
    """A day counted from the one just spoken of."""
    anybody: _Pattern
    """It does not matter who does it."""
    somebody_else: _Pattern
    """Not whoever was spoken of."""
    not_with: str
    """Pattern of what stands before the name of whom the caller does not want."""
    of_a_number: _Pattern
    """Words by which a part of a telephone number is put right."""
    tells_of: _Pattern
    """A day on which something happened: part of a story, no wish."""
    thinks_again: _Pattern
    """Something said before is put right, whatever was asked."""
    another_number: _Pattern
    """There is another number by which to look."""
    different_number: _Pattern
    """Not the number that was read back, though it is right."""
    passes_on: _Pattern
    """What somebody is to be told; the words for them are group 1."""
    hesitations: _Pattern
    """Sounds that say nothing; "uh huh" and "uh uh" are none of them."""
    asks_for_it: _Pattern
    """A question that only asks for what was agreed to: "yes could you book that"."""
    of_another_day: _Pattern
    """A day or time is named for something else than the appointment: a call, a reminder."""
    later: _Pattern
    earlier: _Pattern
    """A moment is counted from the one that was read back."""
    named_for: _Pattern
    """Under whose name it is to be; the name, if it is said, is group 1."""
    for_whom: tuple[_Pattern, ...]
    """For whom a message is; the name is group 1."""
    meant_for: _Pattern
    """How the addressee of what was read back is put right; the name is group 1."""
    nobody: frozenset[str]
    """Words that stand where a name would and are none."""
    urgent: _Pattern
    not_urgent: _Pattern
    either: str
    """How alternatives are listed: the last two with {before} and {last}."""
    together: str
    """How things are listed of which each is meant."""

    def __deepcopy__(self, memo: dict[int, object] | None = None) -> Sayings:
        return self


ENGLISH: Final = Sayings(
    first=re.compile(r"\b(first|earlier|earliest|former|sooner)\b"),
    second=re.compile(r"\b(second|later|latter|last|(?<!any )other)( one)?\b"),
    any_of_them=re.compile(
        r"\b(either|whichever|any of (them|those)|both (work|are fine|are good)|(doesn't|does not) matter"
        r"|(don't|do not) (care|mind)|you (choose|pick|decide)|up to you)\b"
    ),
    parts={
        SlotKind.NAME: re.compile(r"\b(name|spell(ed|ing|t)?)\b"),
        SlotKind.PHONE: re.compile(r"\b((?<!house )(?<!street )number|phone|digits?)\b"),
        SlotKind.ADDRESS: re.compile(
            r"\b(address|street|house number|apartment|suite|zip( code)?|city|town)\b"
        ),
        SlotKind.OPENING: re.compile(r"\b(time|day|date|hour)\b"),
        SlotKind.SERVICE: re.compile(r"\b(service|what for|reason|treatment)\b"),
        SlotKind.TEXT: re.compile(r"\b(message|text|wording|matter)\b"),
    },
    asks_back=re.compile(
        r"^(so |and |wait |sorry |um |uh )*(what|when|which|who)\b"
        r".*\b(day|date|time|name|number|that|again|was|is|for)\b"
        r"|^(so |wait )*(did|do) you (say|have|get)\b"
    ),
    leaves=re.compile(
        r"\b(i )?(don't|do not|didn't|did not|never) (really |actually )?(want|need|ask|asked|mean|meant)( to| for)?"
        r" (make |book |schedule |have |leave |an? |any |the |cancel |move |to )*"
        r"(appointment|book|booking|message|schedule|come in)\b"
        r"|\b(i'm|i am|i was) not (trying|looking|calling|wanting|here)"
        r" to (make|book|schedule|come|leave|cancel|move)\b"
        r"|\bthat's not what i (want|wanted|need|needed|asked|said|meant|called)\b"
        r"|\bi('m| am)? (was |am )?(just|only) (have|had|got|want|wanted|need|asking|wondering|curious)"
        r" (a |one |to )*(quick |general |simple )?(question|know|ask|information|info)\b"
        r"|\b(no|not) (appointment|booking|message)s?( today| now| please| for me)?$"
        r"|\b(stop|skip|forget|drop) (this|that|it|the (booking|appointment|message))\b(?! off\b)"
        r"|^(no )?(stop|start over|go back|cancel|quit|exit)( please| it| this| that)?$"
    ),
    moved_to=re.compile(
        r"\b(?:to|for|until|till)\b (?!move|change|reschedule|cancel|my|the appointment)(.*)$"
    ),
    names_itself=re.compile(r"\b(?:(?:my |the )?(?:full )?name(?: is|'s)|name (?=\w+ \w+ number\b))"),
    lives_at=re.compile(
        r"\b(?:address(?: is|'s)|(?:i|we) live (?:at|on)|come (?:out )?to|pick (?:me|us) up at) "
    ),
    reached_at=re.compile(
        r"\b(?<!part )(?<!order )(?<!invoice )(?<!account )(?<!policy )number\b|\b(?:reach|call) me (?:at|on|back at)\b"
    ),
    withholds=re.compile(
        r"\b(don't|do not|haven't|have not) (have|got|own) (one|any|an?y? ?(phone|number|cell ?phone|telephone))\b"
        r"|\b(have|got) no (phone|number|telephone)\b|\b(rather|prefer) not( to)?( say| tell| give)?\b"
        r"|\b(won't|will not|don't want to|do not want to|not going to|can't) (say|tell|give)\b"
    ),
    after_that=re.compile(r"\b(after that|afterwards?|following|the (week|day) after)\b"),
    anybody=re.compile(
        r"\b(any ?body|any ?one|whoever|who ?ever)\b"
        r"|\bdon't (care|mind) (who|which)\b|\bno preference\b|\bdoesn't matter who\b"
    ),
    somebody_else=re.compile(
        r"\b(someone|somebody|any ?one|any ?body) else\b|\b(a different|another|the other)"
        r" (person|one of you|stylist|barber|hairdresser|dentist|doctor|hygienist|mechanic|technician)\b"
    ),
    not_with=(
        r"\b(?:not|else than|other than|(?:any|every)(?:body|one) but|except|without|instead of)"
        r"(?: with| by| for)? "
    ),
    of_a_number=re.compile(
        r"\b(number|phone|digits?|area code)\b|\b(ends?|ending|starts?|begins?) (in|with)\b"
        r"|\b(last|first) (two|three|four)\b|\bat the end\b"
    ),
    tells_of=re.compile(
        r"\b(on|last|this|since) (\w+day|weekend)( \w+)? (i|we|he|she|it|they|my \w+)"
        r" (?!need|wanted|hoped)"
        r"(\w+ed|was|were|had|did|went|got|made|came|broke|took|said|told|thought|bought|left|saw)\b"
    ),
    thinks_again=re.compile(
        r"^(oh |uh |um |so |and )*(no|sorry|wait|hold on|actually|not (with|on))\b"
        r"|\b(no wait|i (mean|meant)|instead|rather"
        r"|actually|make (that|it)|change (that|it|the)|on second thought|correction|scratch that)\b"
    ),
    hesitations=re.compile(r"(?<!\buh )(?<!\bnuh )(?<!\bmm )\b(?:uh|um|uhm|erm)\b(?! ?(?:huh|uh|hm)\b) ?"),
    another_number=re.compile(
        r"\b(another|a different|the other|the wrong|my (old|new|other|home|work|office|cell|mobile)|\w+'s)"
        r" (cell |mobile |home |work |office |phone |telephone )*(number|phone)\b"
    ),
    different_number=re.compile(
        r"\b(?:another|a different|the other|my (?:old|new|other|home|work|office|cell|mobile))"
        r" (?:cell |mobile |home |work |office |phone |telephone )*(?:number|phone)\b"
    ),
    passes_on=re.compile(
        r"\b(?:tell|let|remind|(?:message|note) for) (?!me\b|us\b)"
        r"(?:(?:mister|missus|miss|doctor) )?[a-z'-]+(?: [a-z'-]+)?(?: know)?"
        r"(?: that | (?=(?:i|i'm|i'll|i've|i'd|we|we're|we'll|we've|my|our) ))(.+)$"
    ),
    asks_for_it=re.compile(
        r"^(?:(?:and|so|then|just|please) )*(?:can|could|would|will) (?:you|we) (?:(?:please|just|kindly) ?)*"
        r"(?:(?:do|book|schedule|reserve|confirm|make|take) (?:it|that|this|me|the|my|us)\b"
        r"|put (?:it|that|me|us|this) (?:in|down)\b|go ahead|please|$)"
    ),
    of_another_day=re.compile(r"\b(?:call|ring|phone|text|remind|reminder|email|mail|write|check)\b"),
    later=re.compile(r"\blater\b(?! (?:today|this|in the week|that week)\b)"),
    earlier=re.compile(r"\b(?:earlier|sooner)\b"),
    named_for=re.compile(
        r"\b(?:under|(?:it's|it is|that's|that is|this is|it should be|put (?:it|that|me) (?:down )?)"
        r"(?: actually| really)? ?(?:for|in))"
        r" (?:the name (?:of )?)?(?:my \w+(?:'s name)? ?)?(?!my\b|the\b|an?\b|different\b|another\b)(.*)$"
    ),
    for_whom=(
        re.compile(
            r"\b(?:give|leave|send) ((?:doctor )?[a-z'-]+) (?:a|the|this) (?:quick )?(?:message|note)\b"
        ),
        re.compile(
            r"\b(?:message|note|call|question|something|this is) for (?:mister |missus |miss |doctor )?([a-z'-]+)"
        ),
        re.compile(
            r"\b(?:tell|ask|remind|let) (?:mister |missus |miss )?(doctor [a-z'-]+|[a-z'-]+)"
            r" (?:that|to|i|i'm|know|about|whether|if|her|his|the)\b"
        ),
        re.compile(r"\bhave ((?:doctor )?[a-z'-]+) (?:call|ring|phone)\b"),
        re.compile(r"\b(?:get|pass) (?:this|it|that|a message) (?:on )?to ((?:doctor )?[a-z'-]+)"),
    ),
    meant_for=re.compile(
        r"\b(?:it's|it is|that's|that is|it was|goes|is|no) (?:meant )?for "
        r"(?:mister |missus |miss )?((?:doctor )?[a-z'-]+)"
    ),
    nobody=frozenset(
        "me you him her them us somebody someone anybody anyone everybody everyone nobody whoever people it that this"
        " the a an my your our his their about what when tomorrow today monday tuesday wednesday thursday friday"
        " saturday sunday sure doctor mister now later please going you're back callback call and some any one".split()
    ),
    urgent=re.compile(
        r"\b(urgent(ly)?|emergency|as soon as possible|asap|right away|immediately|important|can't wait|cannot wait"
        r"|time sensitive|today if (possible|you can)|very soon)\b"
    ),
    not_urgent=re.compile(
        r"\b(not|isn't|nothing|no|never|n't) (\w+ ){0,2}(urgent|emergency|important|rush|hurry)\b|\bno (rush|hurry)\b"
        r"|\bnot (that|so|very) (urgent|important)\b|\bwhenever\b"
    ),
    either="{before} or {last}",
    together="{before}, and {last}",
)

LANGUAGES: Final[Mapping[str, Sayings]] = {"en": ENGLISH}


def sayings_of(language: str) -> Sayings:
    """The table of a language."""
    return LANGUAGES[language]
