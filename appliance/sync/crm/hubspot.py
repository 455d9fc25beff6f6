"""HubSpot, by its CRM API v3 with the token of a private app (https://developers.hubspot.com/docs/api/crm).

A call is a call, a message a note, an appointment a meeting with a note about each change. HubSpot has no
idempotency key: each object carries our identity in a property with unique values (`prepare`), so that HubSpot
itself refuses the second one, also where its search, which lags behind by seconds, does not know of the first.
"""

from __future__ import annotations

import html
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from appliance import settings
from appliance.errors import NoAnswer
from appliance.sync.attempts import Outcome
from appliance.sync.crm import entry_words, note_words
from appliance.sync.crm.exchange import (
    Exchange,
    Halted,
    clipped,
    fitting,
    json_object,
    outcome_of,
)
from appliance.sync.crm.hubspot_refusals import (
    is_absent,
    is_of_this_second,
    is_taken,
    unknown_options,
    well,
)
from appliance.sync.crm.notes import note_of, one_line, title_of
from appliance.sync.crm.owners import Owner, owner_among
from appliance.sync.crm.phones import is_same, national_of
from appliance.sync.crm.ports import KnownContact
from appliance.sync.happenings import (
    AppointmentChanged,
    CallFinished,
    Change,
    Contact,
    DispositionChanged,
    Happening,
    MessageTaken,
)
from appliance.web.asking import Answer, Client

URL: Final = "https://api.hubapi.com"
_OBJECTS: Final = "/crm/v3/objects"
_SCHEMAS: Final = "/crm/v3/properties"
IDENTITY: Final = "attendant_id"
"""The unique property of calls, notes and meetings: our identity (of a meeting the appointment's id)."""
CALL: Final = "attendant_call_id"
"""The unique property of calls by which a corrected outcome finds its call."""
PHONE: Final = "attendant_phone"
"""The unique property of the contacts that we made: their number, so that two attempts make one contact."""
GROUP: Final = "attendant"
NOBODY: Final = "withheld"
"""What the one contact has there under which callers stand whose number is not known."""
BODY_MOST: Final = 65_536
"""The limit of hs_call_body, hs_note_body and hs_meeting_body."""
_TITLE_MOST: Final = 250
_NAME_MOST: Final = 250
_CONTACT_TYPES: Final = {"calls": 194, "notes": 202, "meetings": 200}
"""HubSpot's numbers for "belongs to this contact"."""
_PROPERTIES: Final = (
    ("contacts", PHONE, "Receptionist: number"),
    ("calls", IDENTITY, "Receptionist: identity"),
    ("calls", CALL, "Receptionist: call"),
    ("notes", IDENTITY, "Receptionist: identity"),
    ("meetings", IDENTITY, "Receptionist: identity"),
)
_CONNECTED: Final = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
_LEFT_MESSAGE: Final = "a4c4c377-d246-4b32-a13b-75a56a4cd0ff"  # HubSpot's "Left live message"
_NO_ANSWER: Final = "73a0d17f-1163-4015-bdd5-ec830791da20"
_OUTCOMES: Final = {
    "message": _LEFT_MESSAGE,
    **dict.fromkeys(("silent", "turned_away", "missed", "system_failure"), _NO_ANSWER),
}
"""HubSpot's own call outcomes; whatever is not named here was a conversation ("Connected")."""
_DISPENSABLE: Final = frozenset({"hs_call_disposition", "lifecyclestage"})
"""An account may have other outcomes and stages than HubSpot's own: then these are left out."""
_REPEATS_MOST: Final = 3
_SECOND_S: Final = 1.0
_MATCHES_MOST: Final = 100


class HubSpot:
    """The CRM "hubspot". `key` is the private app's token, `pause` how a second is waited (threading.Event.wait)."""

    def __init__(
        self,
        crm: settings.Crm,
        client: Client,
        key: str,
        *,
        language: str = "en",
        limit_s: float = 20.0,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        self._url = (crm.url or URL).rstrip("/")
        self._leads = crm.leads
        self._exchange = Exchange(client, limit_s)
        self._headers = {"Authorization": f"Bearer {key}"}
        self._pause = pause or threading.Event().wait
        self._words = note_words.LANGUAGES[language]
        self._titles = entry_words.LANGUAGES[language]

    # --- what every CRM can do -------------------------------------------------------------------

    def send(self, happening: Happening) -> Outcome:
        """Write it down once, under the contact who has the number, or a new one."""
        return outcome_of(lambda: self._write(happening))

    def contacts(self, phone: str) -> tuple[KnownContact, ...]:
        """Whoever has the number, the oldest first. NoAnswer."""
        try:
            return tuple(self._found(phone)) or self._made_by_us(phone)
        except Halted as halted:
            raise NoAnswer(halted.outcome.reason) from halted

    def prepare(self) -> tuple[str, ...]:
        """Make the properties we need that are missing; which those were, as "calls.attendant_id". NoAnswer."""
        try:
            return tuple(made for kind, name, label in _PROPERTIES for made in self._made(kind, name, label))
        except Halted as halted:
            raise NoAnswer(
                halted.outcome.reason, remedy="docs/crm_hubspot.md says what the private app must be allowed."
            ) from halted

    # --- writing ---------------------------------------------------------------------------------

    def _write(self, happening: Happening) -> None:
        owner = self._owner(happening.contact)
        match happening:
            case CallFinished():
                self._create("calls", self._call(happening, owner), owner)
            case MessageTaken():
                self._create("notes", self._note(happening, owner), owner)
            case AppointmentChanged():
                self._keep_meeting(happening, owner)
                self._create("notes", self._note(happening, owner), owner)
            case DispositionChanged():
                self._correct(happening)
                self._create("notes", self._note(happening, owner), owner)

    def _call(self, call: CallFinished, owner: Owner) -> dict[str, str]:
        return {
            IDENTITY: call.identity,
            CALL: call.call_id,
            "hs_timestamp": _moment(call.happened_at),
            "hs_call_title": clipped(title_of(call, self._words), _TITLE_MOST),
            "hs_call_body": self._body(call, owner),
            "hs_call_duration": str(call.talked_s * 1000),
            "hs_call_direction": "INBOUND",
            "hs_call_status": "COMPLETED",
            "hs_call_disposition": _outcome(call.disposition),
            **({"hs_call_from_number": call.contact.phone} if call.contact.phone else {}),
        }

    def _correct(self, changed: DispositionChanged) -> None:
        """The outcome of its call, if that is there, and the account has such an outcome."""
        corrected = {"hs_call_disposition": _outcome(changed.disposition)}
        answer = self._changed("calls", CALL, changed.call_id, corrected)
        if not is_absent(answer) and not unknown_options(answer):
            well(answer)

    def _note(self, happening: Happening, owner: Owner) -> dict[str, str]:
        return {
            IDENTITY: happening.identity,
            "hs_timestamp": _moment(happening.happened_at),
            "hs_note_body": self._body(happening, owner),
        }

    def _keep_meeting(self, changed: AppointmentChanged, owner: Owner) -> None:
        """The meeting as the appointment stands now; it is made where it is not there."""
        properties = self._meeting(changed, owner)
        if not self._update("meetings", IDENTITY, changed.appointment_id, properties):
            self._create("meetings", {IDENTITY: changed.appointment_id, **properties}, owner)

    def _meeting(self, changed: AppointmentChanged, owner: Owner) -> dict[str, str]:
        who = one_line(changed.contact.name) or changed.contact.phone or self._words.unknown_caller
        title = self._titles.appointment.format(service=one_line(changed.service), who=who)
        is_off = changed.change is Change.CANCELLED
        return {
            "hs_timestamp": _moment(changed.starts_at),
            "hs_meeting_title": clipped(
                self._titles.cancelled.format(title=title) if is_off else title, _TITLE_MOST
            ),
            "hs_meeting_body": self._body(changed, owner),
            "hs_meeting_start_time": _moment(changed.starts_at),
            "hs_meeting_end_time": _moment(changed.ends_at),
            "hs_meeting_outcome": "CANCELED" if is_off else "SCHEDULED",
        }

    def _body(self, happening: Happening, owner: Owner) -> str:
        """The note as HTML, which is what HubSpot shows, within its limit."""
        return fitting(
            lambda chars: _html(note_of(happening, self._words, chars_max=chars, several=owner.several)),
            BODY_MOST,
        )

    # --- whose it is -----------------------------------------------------------------------------

    def _owner(self, contact: Contact) -> Owner:
        found = list(self._found(contact.phone)) if contact.phone else []
        if not found:
            return Owner(self._new_contact(contact))
        owner = owner_among(found, contact)
        if owner.is_nameless and (names := _names(contact)):
            self._asked("PATCH", f"{_OBJECTS}/contacts/{owner.identity}", {"properties": names})
        return owner

    def _found(self, phone: str) -> Iterator[KnownContact]:
        """By each property that may hold a number; the calculated ones are without the country's code."""
        national = national_of(phone)
        wanted = (
            (PHONE, phone),
            ("phone", phone),
            ("mobilephone", phone),
            ("hs_searchable_calculated_phone_number", national),
            ("hs_searchable_calculated_mobile_number", national),
        )
        groups = [
            {"filters": [{"propertyName": name, "operator": "EQ", "value": value}]} for name, value in wanted
        ]
        properties = ["firstname", "lastname", "phone", "mobilephone", PHONE]
        oldest = {"propertyName": "createdate", "direction": "ASCENDING"}
        search = {
            "filterGroups": groups,
            "properties": properties,
            "sorts": [oldest],
            "limit": _MATCHES_MOST,
        }
        answer = self._asked("POST", f"{_OBJECTS}/contacts/search", search)
        for one in json_object(answer).get("results", ()):
            known = one["properties"]
            if any(is_same(phone, known.get(name) or "") for name in ("phone", "mobilephone", PHONE)):
                yield _known(one, phone)

    def _made_by_us(self, phone: str) -> tuple[KnownContact, ...]:
        """The contact we made a moment ago, which search does not know yet."""
        answer = self._ask("GET", _contact_path(phone) + "&properties=firstname,lastname")
        if is_absent(answer):
            return ()
        return (_known(json_object(well(answer)), phone),)

    def _new_contact(self, contact: Contact) -> str:
        """Its id. What search does not know yet, because it was made a moment ago, is found by its property."""
        number = contact.phone or NOBODY
        answer = self._new("contacts", {"properties": self._person(contact, number)})
        if is_taken(answer):
            answer = self._ask("GET", _contact_path(number))
        return str(json_object(well(answer))["id"])

    def _person(self, contact: Contact, number: str) -> dict[str, str]:
        if not contact.phone:  # whoever withholds the number stands under this one, whatever the name
            return {PHONE: number, "lastname": self._words.unknown_caller}
        stage = {"lifecyclestage": "lead"} if self._leads else {}
        return {PHONE: number, "phone": contact.phone, **_names(contact), **stage}

    # --- one object ------------------------------------------------------------------------------

    def _create(self, kind: str, properties: Mapping[str, str], owner: Owner) -> None:
        """Make it, under its contact; what is there already stays as it is."""
        belongs = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": _CONTACT_TYPES[kind]}
        associations = [{"to": {"id": owner.identity}, "types": [belongs]}]
        answer = self._new(kind, {"properties": properties, "associations": associations})
        if not is_taken(answer):
            well(answer)

    def _new(self, kind: str, content: Mapping[str, Any]) -> Answer:
        """Asked once more without what this account has no option for, if it can do without."""
        path = f"{_OBJECTS}/{kind}"
        answer = self._ask("POST", path, content)
        if not (without := unknown_options(answer) & _DISPENSABLE):
            return answer
        kept = {name: value for name, value in content["properties"].items() if name not in without}
        return self._ask("POST", path, {**content, "properties": kept})

    def _update(self, kind: str, by: str, value: str, properties: Mapping[str, str]) -> bool:
        """Whether there is such an object, which has these properties by now."""
        answer = self._changed(kind, by, value, properties)
        if is_absent(answer):
            return False
        well(answer)
        return True

    def _changed(self, kind: str, by: str, value: str, properties: Mapping[str, str]) -> Answer:
        path = f"{_OBJECTS}/{kind}/{quote(value, safe='')}?idProperty={by}"
        return self._ask("PATCH", path, {"properties": properties})

    def _made(self, kind: str, name: str, label: str) -> Iterator[str]:
        """Make a property that is not there; its name, if so."""
        if self._ask("GET", f"{_SCHEMAS}/{kind}/{name}").status == HTTPStatus.OK:
            return
        group = {"name": GROUP, "label": "Attendant"}
        answer = self._ask("POST", f"{_SCHEMAS}/{kind}/groups", group)
        if answer.status != HTTPStatus.CONFLICT:
            well(answer)
        shape = {"type": "string", "fieldType": "text", "groupName": GROUP, "hasUniqueValue": True}
        answer = self._ask("POST", f"{_SCHEMAS}/{kind}", {"name": name, "label": label, **shape})
        if answer.status != HTTPStatus.CONFLICT:
            well(answer)
            yield f"{kind}.{name}"

    def _asked(self, method: str, path: str, content: object = None) -> Answer:
        return well(self._ask(method, path, content))

    def _ask(self, method: str, path: str, content: object = None) -> Answer:
        answer = self._exchange.ask(method, self._url + path, self._headers, content)
        for _ in range(_REPEATS_MOST):
            if not is_of_this_second(answer):
                break
            self._pause(_SECOND_S)
            answer = self._exchange.ask(method, self._url + path, self._headers, content)
        return answer


# --- what it is called there ------------------------------------------------------------------------


def _contact_path(number: str) -> str:
    return f"{_OBJECTS}/contacts/{quote(number, safe='')}?idProperty={PHONE}"


def _names(contact: Contact) -> dict[str, str]:
    """The last word of a name stands as the last name; a single word as that."""
    first, _, last = one_line(contact.name).rpartition(" ")
    names = {"firstname": clipped(first, _NAME_MOST), "lastname": clipped(last, _NAME_MOST)}
    return {key: value for key, value in names.items() if value}


def _known(shown: Mapping[str, Any], phone: str) -> KnownContact:
    names = (shown["properties"].get("firstname"), shown["properties"].get("lastname"))
    return KnownContact(shown["id"], " ".join(filter(None, names)), phone)


def _outcome(disposition: str) -> str:
    return _OUTCOMES.get(disposition, _CONNECTED)


def _html(note: str) -> str:
    return html.escape(note, quote=False).replace("\n", "<br>")


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
