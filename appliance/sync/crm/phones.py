"""A telephone number as the people of an office may have typed it into their CRM, and whether two are the same."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat


def national_of(phone: str) -> str:
    """An E.164 number without its country's code, digits only; what is no such number: its digits."""
    number = _parsed(phone)
    return _digits(phone) if number is None else str(phonenumbers.national_significant_number(number))


def usual_forms(phone: str) -> tuple[str, ...]:
    """The ways in which an E.164 number is usually written, each once: +13035550123, (303) 555-0123 ..."""
    number = _parsed(phone)
    if number is None:
        return (phone,)
    formats = (PhoneNumberFormat.NATIONAL, PhoneNumberFormat.INTERNATIONAL)
    written = [phonenumbers.format_number(number, form) for form in formats]
    plain = [phone, phone.removeprefix("+"), "00" + phone.removeprefix("+"), national_of(phone)]
    apart = written[0].replace("(", "").replace(") ", "-").replace(")", "-")
    dialled = _digits(written[0])
    forms = [*plain, *written, apart, apart.replace("-", "."), apart.replace("-", " "), dialled]
    return tuple(dict.fromkeys(forms))


def is_same(phone: str, typed: str) -> bool:
    """Whether what somebody typed is the E.164 number `phone`, with its country's code or without."""
    digits = _digits(typed)
    if not digits:
        return False
    if typed.strip().startswith("+"):
        return digits == _digits(phone)
    return digits in {_digits(form) for form in usual_forms(phone)}


def _parsed(phone: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(phone, None)
    except NumberParseException:
        return None


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))
