"""E-mail addresses as people say them: "john dot smith at gmail dot com", spelled, with digits and dashes.

What a valid address is decides a pattern of RFC 5321's dot-atoms; whether the domain exists nobody here can know,
so an address is read back before it is used. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import jellyfish

from appliance.conversation.digits import reader_of, without_accents
from appliance.conversation.languages import language_named
from appliance.conversation.languages.tables import EmailWords
from appliance.conversation.spelling import run_at

_ATOM: Final = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{{2,}}")
_LONGEST: Final = 254  # RFC 5321, 4.5.3.1.3
_ALIKE_MIN: Final = 0.88
_TYPED = re.compile(r"[\w.+-]+@[\w.-]+\.\w+")


@dataclass(frozen=True, slots=True)
class EmailHeard:
    """What is known of an address. `address` is all that was given; `valid` when it can be one (RFC 5321)."""

    address: str
    valid: bool


def email_heard(text: str, so_far: str = "", language: str = "en") -> EmailHeard | None:
    """The address in `text`, lower case; None when it holds neither an "at" nor anything after `so_far`.

    `so_far` is what was given before and lacks its end ("john.smith"): then `text` may be the rest alone ("at
    gmail dot com"). Providers that a recogniser mangles are put right ("g mail", "hot male").
    """
    words = language_named(language).emails
    plain = without_accents(text)
    if typed := _TYPED.search(plain):
        return EmailHeard(typed[0].strip("."), True)
    plain = re.sub(words.lead_in, " ", re.sub(words.tail, " ", plain))
    tokens = _tokens(_with_signs(plain, words), language)
    if "@" not in tokens and "@" not in so_far:
        return EmailHeard("".join(tokens), False) if so_far == "" and "." in tokens else _rest(tokens, so_far)
    at = len(tokens) - 1 - tokens[::-1].index("@") if "@" in tokens else -1
    local = "".join(tokens[:at] if at >= 0 else []).replace("@", "")
    domain = _domain(tokens[at + 1 :], words)
    before, _, known_domain = so_far.partition("@")
    address = f"{before}{local}@{known_domain}{domain}"
    return EmailHeard(address, _is_valid(address))


def _rest(tokens: list[str], so_far: str) -> EmailHeard | None:
    """More of the part before the "at"."""
    if not so_far or not tokens:
        return None
    address = so_far + "".join(tokens)
    return EmailHeard(address, _is_valid(address))


def _is_valid(address: str) -> bool:
    return len(address) <= _LONGEST and _ADDRESS.fullmatch(address) is not None


def _with_signs(text: str, words: EmailWords) -> str:
    """`text` with signs in the place of their names, the last "at" being the sign."""
    text = re.sub(r"[^\w\s'@.+-]|(?<!\w)\.(?!\w)", " ", text).replace("'", "")
    for said, sign in sorted(words.signs.items(), key=lambda one: -len(one[0])):
        text = re.sub(rf"\b{said}\b", f" {sign} ", text)
    for said in words.at:
        text = re.sub(rf"\b{said}\b(?! and t\b)", " @ ", text)
    return re.sub(r"(?<=\w)([.@+_-])(?=\w)", r" \1 ", text)


def _tokens(text: str, language: str) -> list[str]:
    """Letters, digits, words and signs, in order, without what is said between them."""
    words, tokens, at = text.split(), [], 0
    while at < len(words):
        run = run_at(words, at, language)
        if run.letters and (run.sure or len(run.letters) >= 2 or len(words[at]) == 1):
            tokens.append(run.letters)
            at += run.words
            continue
        digits, used = reader_of(language).digits_at(words, at)
        tokens.append(digits or re.sub(r"[^a-z0-9.@+_-]", "", words[at]))
        at += max(used, 1)
    return [token for token in tokens if token]


def _domain(tokens: list[str], words: EmailWords) -> str:
    """The part behind the "at": a provider put right, an ending in its usual writing."""
    text = " ".join(tokens)
    for said, meant in words.mangled.items():
        text = re.sub(rf"\b{said}\b", meant, text)
    labels = [re.sub(r"\s+", "", label) for label in text.split(" . ")]
    if len(labels) == 1:
        return words.providers.get(_provider(labels[0], words), labels[0])
    endings = {said.replace(" ", ""): written for said, written in words.endings.items()}
    labels[-1] = endings.get(labels[-1], labels[-1])
    labels[0] = (
        _provider(labels[0], words) if len(labels) == 2 and labels[-1] in {"com", "net"} else labels[0]
    )
    return ".".join(label for label in labels if label)


def _provider(label: str, words: EmailWords) -> str:
    """The provider that sounds like `label`, if one nearly does; else `label`."""
    if len(label) < 4:
        return label
    likeness, best = max((jellyfish.jaro_winkler_similarity(label, one), one) for one in words.providers)
    return best if likeness >= _ALIKE_MIN and label[0] == best[0] else label


def spoken_email(address: str, language: str = "en") -> str:
    """An address to be read back: "john dot smith at gmail dot com"; figures one by one, short parts spelled."""
    words = language_named(language).emails
    names = {sign: said for said, sign in reversed(list(words.signs.items()))} | {"@": words.at[-1]}
    parts = re.findall(r"[a-z]+|\d|[^a-z\d]", address.lower())
    return " ".join(_spoken_part(part, names) for part in parts)


def _spoken_part(part: str, names: dict[str, str]) -> str:
    if part.isalpha() and len(part) <= 3 and part not in {"com", "net", "org"}:
        return " ".join(part)
    return names.get(part, part)
