"""Salesforce, by its REST API with the client-credentials login of a connected app.

(https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/) A call, a message, a change of an
appointment and a corrected outcome are completed tasks, an appointment is an event; whom nobody knows becomes a
lead. Each record bears our identity in an external id, by which it is looked for and then upserted: the second
attempt finds the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlencode

from appliance import settings
from appliance.errors import NoAnswer
from appliance.sync.attempts import Outcome
from appliance.sync.crm import entry_words, note_words
from appliance.sync.crm.exchange import Exchange, Halted, clipped, fitting, json_object, outcome_of
from appliance.sync.crm.notes import note_of, one_line, title_of
from appliance.sync.crm.owners import Owner, owner_among
from appliance.sync.crm.phones import is_same, usual_forms
from appliance.sync.crm.ports import KnownContact
from appliance.sync.crm.salesforce_login import Login
from appliance.sync.crm.salesforce_refusals import is_of_its_own_rules, judged, well
from appliance.sync.happenings import (
    AppointmentChanged,
    CallFinished,
    Change,
    Contact,
    DispositionChanged,
    Happening,
)
from appliance.web.asking import Answer, Client

VERSION: Final = "v62.0"
"""Winter '25. Salesforce answers a version for at least three years after it came out."""
IDENTITY: Final = "Attendant_Id__c"
"""External id on activities: our identity; of an event the appointment's id."""
CALL: Final = "Attendant_Call_Id__c"
"""On activities: the call, by which a corrected outcome finds its task."""
PHONE: Final = "Attendant_Phone__c"
"""External id on leads: the number of whom we made, so that two attempts make one lead."""
NEEDED: Final = (("Task", IDENTITY), ("Task", CALL), ("Event", IDENTITY), ("Lead", PHONE))
_SUBJECT_MOST, _NOTE_MOST, _RESULT_MOST = 255, 32_000, 255
_FIRST_MOST, _LAST_MOST = 40, 80
_MATCHES_MOST: Final = 50
_COMPLETED: Final = "Completed"  # Salesforce's own, where no value is marked as closed
_PEOPLE: Final = (
    ("Contact", ("Phone", "MobilePhone", "HomePhone", "OtherPhone"), ""),
    ("Lead", ("Phone", "MobilePhone"), " AND IsConverted = false"),
)
"""Who may have a number, in which fields; contacts go before leads."""
_KIND_OF: Final = {"003": "Contact", "00Q": "Lead"}
"""By the first three characters of an id, which are the same everywhere."""


class Salesforce:
    """The CRM "salesforce". `key` is the connected app's consumer secret."""

    def __init__(
        self,
        crm: settings.Crm,
        client: Client,
        key: str,
        *,
        language: str = "en",
        limit_s: float = 20.0,
    ) -> None:
        self._leads = crm.leads
        self._exchange = Exchange(client, limit_s)
        self._login = Login(crm.url, crm.client_id, key, self._exchange)
        self._words = note_words.LANGUAGES[language]
        self._titles = entry_words.LANGUAGES[language]
        self._closed = ""

    # --- what every CRM can do -------------------------------------------------------------------

    def send(self, happening: Happening) -> Outcome:
        """Write it down once, under the contact or lead who has the number, or a new lead."""
        return outcome_of(lambda: self._write(happening))

    def contacts(self, phone: str) -> tuple[KnownContact, ...]:
        """Whoever has the number, the oldest first: contacts, or, where there is none, leads. NoAnswer."""
        try:
            return self._found(phone)
        except Halted as halted:
            raise NoAnswer(halted.outcome.reason) from halted

    def prepare(self) -> tuple[str, ...]:
        """Look whether the fields we need are there: only an administrator can make them. NoAnswer names one."""
        try:
            for kind, name in NEEDED:
                self._rows((name,), kind)
        except Halted as halted:
            raise NoAnswer(
                halted.outcome.reason, remedy="docs/crm_salesforce.md says how the fields are made."
            ) from halted
        return ()

    # --- writing ---------------------------------------------------------------------------------

    def _write(self, happening: Happening) -> None:
        if self._is_there(
            "Task", happening.identity
        ):  # it goes last: whatever belongs to it is there as well
            return
        owner = self._owner(happening.contact)
        match happening:
            case AppointmentChanged():
                self._upsert("Event", IDENTITY, happening.appointment_id, self._event(happening, owner))
            case DispositionChanged():
                self._correct(happening)
        self._upsert("Task", IDENTITY, happening.identity, self._task(happening, owner))

    def _task(self, happening: Happening, owner: Owner) -> dict[str, Any]:
        task = {
            "Subject": clipped(title_of(happening, self._words), _SUBJECT_MOST),
            "Description": self._description(happening, owner),
            "Status": self._closed_status(),
            "ActivityDate": happening.happened_at.date().isoformat(),
            **_belonging(owner),
        }
        return task | self._of_a_call(happening) if isinstance(happening, CallFinished) else task

    def _closed_status(self) -> str:
        """What this organisation calls a task that is done: its values are in its administrator's language."""
        if not self._closed:
            rows = self._rows(("ApiName",), "TaskStatus", "IsClosed = true", order="SortOrder")
            self._closed = rows[0]["ApiName"] if rows else _COMPLETED
        return self._closed

    def _of_a_call(self, call: CallFinished) -> dict[str, Any]:
        return {
            CALL: call.call_id,
            "TaskSubtype": "Call",
            "CallType": "Inbound",
            "CallDurationInSeconds": call.talked_s,
            "CallDisposition": self._result(call.disposition),
        }

    def _result(self, disposition: str) -> str:
        return clipped(self._words.dispositions.get(disposition, disposition), _RESULT_MOST)

    def _correct(self, changed: DispositionChanged) -> None:
        """The outcome of the call's own task, if there is one."""
        for row in self._rows(("Id",), "Task", f"{CALL} = {_quoted(changed.call_id)}"):
            corrected = {"CallDisposition": self._result(changed.disposition)}
            well(self._ask("PATCH", f"/sobjects/Task/{row['Id']}", corrected))

    def _event(self, changed: AppointmentChanged, owner: Owner) -> dict[str, Any]:
        who = one_line(changed.contact.name) or changed.contact.phone or self._words.unknown_caller
        title = self._titles.appointment.format(service=one_line(changed.service), who=who)
        is_off = changed.change is Change.CANCELLED
        return {
            "Subject": clipped(
                self._titles.cancelled.format(title=title) if is_off else title, _SUBJECT_MOST
            ),
            "Description": self._description(changed, owner),
            "StartDateTime": _moment(changed.starts_at),
            "EndDateTime": _moment(changed.ends_at),
            "ShowAs": "Free" if is_off else "Busy",
            **_belonging(owner),
        }

    def _description(self, happening: Happening, owner: Owner) -> str:
        return fitting(
            lambda chars: note_of(happening, self._words, chars_max=chars, several=owner.several), _NOTE_MOST
        )

    # --- whose it is -----------------------------------------------------------------------------

    def _owner(self, contact: Contact) -> Owner:
        """A withheld number belongs to nobody: a task needs no contact."""
        if not contact.phone:
            return Owner("")
        found = self._found(contact.phone)
        if not found:
            return Owner(self._new_lead(contact) if self._leads else "")
        owner = owner_among(found, contact)
        if owner.is_nameless and (names := _names(contact)):
            self._add_names(owner.identity, names)
        return owner

    def _found(self, phone: str) -> tuple[KnownContact, ...]:
        for kind, fields, also in _PEOPLE:
            if found := tuple(self._people(phone, kind, fields, also)):
                return found
        return ()

    def _people(self, phone: str, kind: str, fields: tuple[str, ...], also: str) -> Iterator[KnownContact]:
        """By the ways a number is usually written: Salesforce keeps it as it was typed."""
        forms = ", ".join(map(_quoted, usual_forms(phone)))
        where = "(" + " OR ".join(f"{field} IN ({forms})" for field in fields) + ")" + also
        for row in self._rows(("Id", "Name", *fields), kind, where, _MATCHES_MOST):
            if any(is_same(phone, row.get(field) or "") for field in fields):
                name = row.get("Name") or ""
                yield KnownContact(row["Id"], "" if is_same(phone, name) else name, phone)

    def _new_lead(self, contact: Contact) -> str:
        """Its id; "" where the organisation's own rules (duplicates, validation) let nobody make it."""
        answer = self._put("Lead", PHONE, contact.phone, self._lead(contact))
        if is_of_its_own_rules(answer):
            return ""
        return str(json_object(well(answer))["id"])

    def _lead(self, contact: Contact) -> dict[str, str]:
        """Salesforce wants a last name and a company; whoever has no name stands under the number."""
        names = _names(contact) or {"LastName": contact.phone}
        return {**names, "Company": self._titles.no_company, "Phone": contact.phone}

    def _add_names(self, identity: str, names: Mapping[str, str]) -> None:
        """To whoever had none; rules of the organisation's own that forbid it do not hold up the record."""
        answer = self._ask("PATCH", f"/sobjects/{_KIND_OF[identity[:3]]}/{identity}", names)
        if not is_of_its_own_rules(answer):
            well(answer)

    # --- records ---------------------------------------------------------------------------------

    def _is_there(self, kind: str, identity: str) -> bool:
        return bool(self._rows(("Id",), kind, f"{IDENTITY} = {_quoted(identity)}"))

    def _upsert(self, kind: str, by: str, value: str, fields: Mapping[str, Any]) -> None:
        """Made or brought up to date. Several with one id (300) are no reason to make another."""
        answer = self._put(kind, by, value, fields)
        if answer.status != HTTPStatus.MULTIPLE_CHOICES:
            well(answer)

    def _put(self, kind: str, by: str, value: str, fields: Mapping[str, Any]) -> Answer:
        return self._ask("PATCH", f"/sobjects/{kind}/{by}/{_in_path(value)}", fields)

    def _rows(
        self, fields: Sequence[str], kind: str, where: str = "", most: int = 1, order: str = "CreatedDate, Id"
    ) -> list[dict[str, Any]]:
        """The first records of a kind, the oldest if not said otherwise; `where` is SOQL."""
        parts = ["SELECT", ", ".join(fields), "FROM", kind, *(["WHERE", where] if where else [])]
        query = " ".join([*parts, "ORDER BY", order, "LIMIT", str(most)])
        answer = self._ask("GET", "/query?" + urlencode({"q": query}))
        rows: list[dict[str, Any]] = json_object(well(answer)).get("records", [])
        return rows

    def _ask(self, method: str, path: str, content: object = None) -> Answer:
        """With the token we have; one that has run out is renewed once."""
        answer = self._once(method, path, content)
        if answer.status != HTTPStatus.UNAUTHORIZED:
            return answer
        self._login.forget()
        answer = self._once(method, path, content)
        if answer.status == HTTPStatus.UNAUTHORIZED:
            raise Halted(judged(answer))
        return answer

    def _once(self, method: str, path: str, content: object) -> Answer:
        ticket = self._login.ticket()
        url = f"{ticket.url}/services/data/{VERSION}{path}"
        return self._exchange.ask(method, url, {"Authorization": f"Bearer {ticket.token}"}, content)


def _belonging(owner: Owner) -> dict[str, str]:
    return {"WhoId": owner.identity} if owner.identity else {}


def _names(contact: Contact) -> dict[str, str]:
    """The last word of a name stands as the last name; a single word as that."""
    first, _, last = one_line(contact.name).rpartition(" ")
    names = {"FirstName": clipped(first, _FIRST_MOST), "LastName": clipped(last, _LAST_MOST)}
    return {key: value for key, value in names.items() if value}


def _quoted(text: str) -> str:
    r"""A string of SOQL; \ and ' are escaped, control characters have no place in what is looked for."""
    plain = "".join(char for char in text if char.isprintable())
    return "'" + plain.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _in_path(value: str) -> str:
    return quote(value, safe="")


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
