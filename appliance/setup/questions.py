"""What `appliance init` asks, as data: the words, what is right when nothing is said, and what an answer sets.

Pure. The order is the order of asking; a question can depend on answers before it. An answer that is not understood
is a ValueError that says how to write it; what the strict reader has against it is told by `Draft.with_edits`.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import phonenumbers
import tomlkit

from appliance.business import WEEKDAYS, Consent
from appliance.settings import CrmKind
from appliance.setup import opening_hours
from appliance.setup import words_en as words
from appliance.setup.drafting import UNSET, Draft, Edit, File

KINDS: Final = ("auto_repair", "dental_practice", "hair_salon")
RECORDING_OFF: Final = "off"
Answers = Mapping[str, str]
Edits = list[Edit]


@dataclass(frozen=True, slots=True)
class Question:
    """`name` is its option (`--name`) too."""

    name: str
    ask: str
    sets: Callable[[str, Answers, Draft], Edits]
    default: Callable[[Draft], str] = lambda draft: ""
    about: str = ""
    """One line for who does not know what to say."""
    choices: tuple[str, ...] = ()
    is_needed: bool = False
    """Nothing is no answer."""
    is_personal: bool = False
    """For a new business only a person knows: the default (the example's) is taken unasked only by --defaults."""
    comes_up: Callable[[Answers], bool] = lambda answers: True


def settle(draft: Draft, question: Question, answer: str, answers: Answers) -> Draft:
    """The draft with this answer in it. ConfigError or ValueError: it cannot be, and here is why."""
    answer = answer.strip()
    if not answer and question.is_needed:
        raise ValueError("something has to stand here.")
    if question.choices and answer not in question.choices:
        raise ValueError(f'"{answer}" is none of {", ".join(question.choices)}.')
    return draft.with_edits(question.sets(answer, answers, draft))


def _settings(*path: str) -> Callable[[str, Answers, Draft], Edits]:
    return lambda answer, answers, draft: [Edit(File.SETTINGS, path, answer)]


def _business(*path: str) -> Callable[[str, Answers, Draft], Edits]:
    return lambda answer, answers, draft: [Edit(File.BUSINESS, path, answer)]


def _name(answer: str, answers: Answers, draft: Draft) -> Edits:
    """The name, wherever the file says it; what the example said about itself goes."""
    office = draft.business
    told: dict[tuple[str, ...], str] = {("greeting",): office.greeting, ("about",): office.about}
    told |= {("phrases", key): text for key, text in office.phrases.items()}
    return [
        Edit(File.BUSINESS, ("name",), answer),
        *(
            Edit(File.BUSINESS, path, text.replace(office.name, answer))
            for path, text in told.items()
            if office.name in text
        ),
    ]


def _address(answer: str, answers: Answers, draft: Draft) -> Edits:
    edits = [Edit(File.BUSINESS, ("address",), answer)]
    if draft.is_new_business:
        about = words.ABOUT.format(name=draft.business.name, address=answer)
        edits.append(Edit(File.BUSINESS, ("about",), about))
    return edits


def _phone(answer: str, answers: Answers, draft: Draft) -> Edits:
    if not answer:
        return [Edit(File.BUSINESS, ("phone",), UNSET)]
    region = draft.business.region
    try:
        number = phonenumbers.parse(answer, region)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise ValueError(f'"{answer}" is no telephone number of {region}; write it like +13035550140.')
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return [Edit(File.BUSINESS, ("phone",), written)]


def _hours(answer: str, answers: Answers, draft: Draft) -> Edits:
    spans = opening_hours.read(answer)
    if draft.is_new_business:  # the example's days go, so that ours stand in order
        away = [Edit(File.BUSINESS, ("hours", day), UNSET) for day in WEEKDAYS]
        return away + [Edit(File.BUSINESS, ("hours", day), _day(one)) for day, one in spans.items()]
    return [Edit(File.BUSINESS, ("hours", day), _day(spans.get(day))) for day in WEEKDAYS]


def _day(spans: Any) -> Any:
    return tomlkit.value(opening_hours.as_toml(spans)) if spans else UNSET


def _fallback(answer: str, answers: Answers, draft: Draft) -> Edits:
    """Whom the box itself turns to, and, for a business without a directory, "a real person"."""
    edits = [Edit(File.SETTINGS, ("sip", "fallback"), answer or UNSET)]
    directory = draft.business.directory
    mine = next((n for n, entry in enumerate(directory) if entry.id == words.DESK["id"]), None)
    if answer and not directory:
        edits += [Edit(File.BUSINESS, ("directory",), _desk(answer))]
        edits += [Edit(File.BUSINESS, ("connecting", "operator"), words.DESK["id"])]
    elif answer and mine is not None and directory[mine].extension:
        edits.append(Edit(File.BUSINESS, ("directory", mine, "extension"), answer))
    return edits


def _desk(extension: str) -> Any:
    entry = tomlkit.table()
    entry.update({**words.DESK, "extension": extension, "screened": False})
    entries = tomlkit.aot()
    entries.append(entry)
    return entries


def _recording(answer: str, answers: Answers, draft: Draft) -> Edits:
    consent: Any = UNSET if answer in (RECORDING_OFF, Consent.NONE) else answer
    record: Any = False if answer == RECORDING_OFF else UNSET
    return [
        Edit(File.BUSINESS, ("recording", "record"), record),
        Edit(File.BUSINESS, ("recording", "consent"), consent),
    ]


def _recording_now(draft: Draft) -> str:
    rule = draft.business.recording
    return rule.consent.value if rule.record else RECORDING_OFF


def _crm(answer: str, answers: Answers, draft: Draft) -> Edits:
    """What needs an address is set when the address is there."""
    complete = answer in (CrmKind.NONE, CrmKind.HUBSPOT)
    return [Edit(File.SETTINGS, ("crm", "kind"), answer)] if complete else []


def _crm_last(key: str) -> Callable[[str, Answers, Draft], Edits]:
    return lambda answer, answers, draft: [
        Edit(File.SETTINGS, ("crm", key), answer),
        Edit(File.SETTINGS, ("crm", "kind"), answers["crm"]),
    ]


def _is_crm(*kinds: CrmKind) -> Callable[[Answers], bool]:
    return lambda answers: answers.get("crm") in kinds


def _has_registrar(answers: Answers) -> bool:
    return bool(answers.get("registrar"))


QUESTIONS: Final = (
    Question("name", "What is the business called?", _name, lambda draft: draft.business.name,
             "As it is spoken.", is_needed=True, is_personal=True),
    Question("address", "Where is it?", _address, lambda draft: draft.business.address,
             "As it is spoken: street, and what helps to find it.", is_needed=True, is_personal=True),
    Question("region", "Which country's telephone numbers are meant without a country code?", _business("region"),
             lambda draft: draft.business.region, "Two letters, like US."),
    Question("timezone", "In which time zone is it?", _business("timezone"),
             lambda draft: draft.business.timezone, "A name of the IANA database, like America/Denver."),
    Question("phone", "Which number do callers dial?", _phone,
             lambda draft: "" if draft.is_new_business else draft.business.phone, "Empty if you do not know yet."),
    Question("hours", "When is it open?", _hours, lambda draft: opening_hours.write(draft.business.hours),
             f"Like {words.HOURS_EXAMPLE}; a day that is not named is closed."),
    Question("greeting", "What does a caller hear first?", _business("greeting"),
             lambda draft: draft.business.greeting, "It says that it is a machine.", is_needed=True),
    Question("registrar", "Which phone system does the box register with?", _settings("sip", "registrar"),
             lambda draft: draft.settings.sip.registrar,
             "Its host, and :port if that is not 5060. Empty: it answers unregistered."),
    Question("user", "As which extension?", _settings("sip", "user"), lambda draft: draft.settings.sip.user,
             "The user name of the box's account there.", is_needed=True, comes_up=_has_registrar),
    Question("fallback", "Which extension takes callers who want a person?", _fallback,
             lambda draft: draft.settings.sip.fallback, "Empty: a message is taken instead."),
    Question("recording", "Are calls recorded, and how are callers told?", _recording, _recording_now,
             "off, none (recorded, nothing is said), announce, or ask. What the law asks for is yours to know.",
             (RECORDING_OFF, *(one.value for one in Consent))),
    Question("crm", "Which customer database is told of calls?", _crm, lambda draft: draft.settings.crm.kind.value,
             "Its key is given later: see docs/sync.md.", tuple(one.value for one in CrmKind)),
    Question("crm-url", "Where is it?", _settings("crm", "url"), lambda draft: draft.settings.crm.url,
             "Like https://crm.office.example.", is_needed=True,
             comes_up=_is_crm(CrmKind.TRYTON, CrmKind.SALESFORCE)),
    Question("crm-database", "What is its database called?", _crm_last("database"),
             lambda draft: draft.settings.crm.database, is_needed=True, comes_up=_is_crm(CrmKind.TRYTON)),
    Question("crm-client-id", "What is the consumer key of its connected app?", _crm_last("client_id"),
             lambda draft: draft.settings.crm.client_id, is_needed=True, comes_up=_is_crm(CrmKind.SALESFORCE)),
)  # fmt: skip


def machines_zone(localtime: str) -> str:
    """The time zone behind /etc/localtime (the path it leads to); empty when it says none that helps."""
    name = localtime.partition("zoneinfo/")[2]
    useful = "/" in name and not name.startswith("Etc/") and name in zoneinfo.available_timezones()
    return name if useful else ""
