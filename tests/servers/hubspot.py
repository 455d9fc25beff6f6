"""A strict HubSpot on loopback: the part of CRM API v3 that we use, as its documentation has it; nothing else.

It checks method, path, headers and every property of every body, keeps unique values unique by itself, and lets
its search lag behind as the real one does (`index` brings it up to date).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import phonenumbers

from tests.servers.strict_web import Asked, Reply, StrictServer

TOKEN = "pat-na1-00000000-0000-0000-0000-000000000000"  # noqa: S105  of nobody
LONG = 65_536
LAG = 3
"""So many new contacts search does not know of."""
DISPOSITIONS = {
    "9d9162e7-6cf3-4944-bf63-4dff82258764": "Busy",
    "f240bbac-87c9-4f6e-bf70-924b57d47db7": "Connected",
    "a4c4c377-d246-4b32-a13b-75a56a4cd0ff": "Left live message",
    "b2cf5968-551e-4856-9783-52b3da59a7d0": "Left voicemail",
    "73a0d17f-1163-4015-bdd5-ec830791da20": "No answer",
    "17b47fee-58de-441e-a44c-c6300d46f273": "Wrong number",
}
STATUSES = (
    "BUSY CALLING_CRM_USER CANCELED COMPLETED CONNECTING FAILED IN_PROGRESS NO_ANSWER QUEUED RINGING".split()
)
MEETING_OUTCOMES = ["SCHEDULED", "COMPLETED", "RESCHEDULED", "NO_SHOW", "CANCELED"]
STAGES = [
    "subscriber",
    "lead",
    "marketingqualifiedlead",
    "salesqualifiedlead",
    "opportunity",
    "customer",
    "other",
]
STANDARD: Mapping[str, Mapping[str, Any]] = {
    "contacts": {"firstname": LONG, "lastname": LONG, "email": "email", "phone": LONG, "mobilephone": LONG,
                 "lifecyclestage": STAGES,
                 "hs_searchable_calculated_phone_number": "calculated",
                 "hs_searchable_calculated_mobile_number": "calculated"},
    "calls": {"hs_timestamp": "datetime", "hs_call_title": LONG, "hs_call_body": LONG,
              "hs_call_duration": "number", "hs_call_direction": ["INBOUND", "OUTBOUND"],
              "hs_call_status": STATUSES, "hs_call_disposition": list(DISPOSITIONS),
              "hs_call_from_number": LONG, "hs_call_to_number": LONG},
    "notes": {"hs_timestamp": "datetime", "hs_note_body": LONG},
    "meetings": {"hs_timestamp": "datetime", "hs_meeting_title": LONG, "hs_meeting_body": LONG,
                 "hs_meeting_start_time": "datetime", "hs_meeting_end_time": "datetime",
                 "hs_meeting_outcome": MEETING_OUTCOMES, "hs_meeting_location": LONG},
}  # fmt: skip
TO_CONTACT = {"calls": 194, "notes": 202, "meetings": 200}
OPERATORS = {"EQ", "NEQ", "LT", "LTE", "GT", "GTE", "IN", "NOT_IN", "HAS_PROPERTY", "CONTAINS_TOKEN"}


class HubSpotServer(StrictServer):
    """One account. `objects` by kind and id: properties, and the contact each belongs to (`of`).

    `token` is the key it takes; `requests_left` None: no limit.
    """

    def __init__(self) -> None:
        self.token = TOKEN
        self.requests_left: int | None = None
        self.policy = "TEN_SECONDLY_ROLLING"
        self.properties: dict[str, dict[str, Any]] = {kind: dict(own) for kind, own in STANDARD.items()}
        self.unique: dict[str, set[str]] = {kind: set() for kind in STANDARD}
        self.groups: dict[str, set[str]] = {kind: {f"{kind}information"} for kind in STANDARD}
        self.objects: dict[str, dict[str, dict[str, str]]] = {kind: {} for kind in STANDARD}
        self.of: dict[str, str] = {}
        self._unindexed: set[str] = set()
        self._last_id = 100
        super().__init__()

    # --- the account's own people ----------------------------------------------------------------

    def add_contact(self, **properties: str) -> str:
        """Somebody of the office makes a contact."""
        made = self._kept("contacts", properties)
        self.index()
        return made

    def index(self) -> None:
        """Search knows everything by now."""
        self._unindexed.clear()

    # --- HTTP ------------------------------------------------------------------------------------

    def reply(self, asked: Asked) -> Reply:
        if refusal := self._unfit(asked):
            return refusal
        match (asked.method, asked.steps):
            case ("POST", ("crm", "v3", "objects", "contacts", "search")) if not asked.query:
                return self._search(asked.content)
            case ("POST", ("crm", "v3", "objects", kind)) if kind in STANDARD and not asked.query:
                return self._create(kind, asked.content)
            case ("GET", ("crm", "v3", "objects", kind, name)) if kind in STANDARD:
                return self._with(kind, name, asked.query, lambda found: Reply(200, self._shown(kind, found)))
            case ("PATCH", ("crm", "v3", "objects", kind, name)) if kind in STANDARD:
                return self._with(
                    kind, name, asked.query, lambda found: self._update(kind, found, asked.content)
                )
            case ("GET", ("crm", "v3", "properties", kind, name)) if kind in STANDARD:
                if name in self.properties[kind]:
                    return Reply(200, {"name": name, "hasUniqueValue": name in self.unique[kind]})
                return self._error(404, "OBJECT_NOT_FOUND", f"No property {name}")
            case ("POST", ("crm", "v3", "properties", kind, "groups")) if kind in STANDARD:
                return self._new_group(kind, asked.content)
            case ("POST", ("crm", "v3", "properties", kind)) if kind in STANDARD:
                return self._new_property(kind, asked.content)
        return self.refused(
            404, f"{asked.method} {asked.steps}", {"status": "error", "message": "no resource"}
        )

    def _unfit(self, asked: Asked) -> Reply | None:
        """What is wrong before the path is looked at."""
        if not asked.headers.get("user-agent", "").startswith("attendant/"):
            return self._error(403, "FORBIDDEN", "who are you?")
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return self._error(401, "INVALID_AUTHENTICATION", "Authentication credentials not found.")
        if self.requests_left is not None:
            self.requests_left -= 1
            if self.requests_left < 0:
                return self._too_many()
        has_body = asked.method in {"POST", "PATCH", "PUT"}
        if has_body and asked.headers.get("content-type") != "application/json":
            return self._error(415, "UNSUPPORTED", "content type")
        if has_body and not isinstance(asked.content, dict):
            return self._error(400, "VALIDATION_ERROR", "Invalid input JSON")
        if not has_body and asked.body:
            return self._error(400, "VALIDATION_ERROR", "a body where there is none")
        return None

    def _too_many(self) -> Reply:
        said = f"You have reached your {self.policy.lower()} limit."
        content = {"status": "error", "message": said, "errorType": "RATE_LIMIT", "policyName": self.policy}
        headers = {"X-HubSpot-RateLimit-Interval-Milliseconds": "10000", "X-HubSpot-RateLimit-Remaining": "0"}
        return self.refused(429, self.policy, content, headers)

    def _error(self, status: int, category: str, message: str) -> Reply:
        content = {"status": "error", "message": message, "correlationId": "c", "category": category}
        return self.refused(status, f"{category}: {message}", content)

    def _invalid(self, faults: Iterable[tuple[str, str, str]]) -> Reply | None:
        """The form of the objects API: a list as text inside the message, with the values it does not like."""
        told = [
            {"isValid": False, "message": f"{value} was not valid.", "error": code, "name": name}
            for code, name, value in faults
        ]
        if not told:
            return None
        return self._error(400, "VALIDATION_ERROR", f"Property values were not valid: {json.dumps(told)}")

    # --- objects ---------------------------------------------------------------------------------

    def _create(self, kind: str, content: Mapping[str, Any]) -> Reply:
        if set(content) - {"properties", "associations"}:
            return self._error(400, "VALIDATION_ERROR", f"unknown {sorted(content)}")
        properties = content.get("properties")
        if refusal := self._unfit_properties(kind, properties, ""):
            return refusal
        if kind != "contacts" and "hs_timestamp" not in properties:
            return self._invalid([("REQUIRED_FIELD", "hs_timestamp", "")]) or Reply(500)
        of = ""
        for one in content.get("associations", []):
            kinds = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": TO_CONTACT.get(kind)}]
            if one["types"] != kinds or set(one) != {"to", "types"} or set(one["to"]) != {"id"}:
                return self._error(400, "VALIDATION_ERROR", f"association {one}")
            of = one["to"]["id"]
            if of not in self.objects["contacts"]:
                return self._error(400, "VALIDATION_ERROR", f"no contact {of}")
        made = self._kept(kind, properties)
        self.of[made] = of
        return Reply(201, self._shown(kind, made))

    def _kept(self, kind: str, properties: Mapping[str, str]) -> str:
        self._last_id += 7
        self.objects[kind][str(self._last_id)] = dict(properties)
        if kind == "contacts":
            self._unindexed.add(str(self._last_id))
        self.made += kind != "contacts"
        return str(self._last_id)

    def _update(self, kind: str, found: str, content: Mapping[str, Any]) -> Reply:
        if set(content) != {"properties"}:
            return self._error(400, "VALIDATION_ERROR", f"unknown {sorted(content)}")
        if refusal := self._unfit_properties(kind, content["properties"], found):
            return refusal
        self.objects[kind][found] |= content["properties"]
        return Reply(200, self._shown(kind, found))

    def _with(self, kind: str, name: str, query: Mapping[str, str], then: Any) -> Reply:
        by = query.get("idProperty", "")
        if set(query) - {"idProperty", "properties"}:
            return self._error(400, "VALIDATION_ERROR", f"query {sorted(query)}")
        if by and by not in self.unique[kind]:
            return self._error(400, "VALIDATION_ERROR", f"{by} is no unique property")
        held = self.objects[kind]
        found = next((key for key, one in held.items() if one.get(by) == name), "") if by else name
        if found not in held:
            return self._error(404, "OBJECT_NOT_FOUND", "Object not found")
        return then(found)

    def _shown(self, kind: str, found: str) -> dict[str, Any]:
        properties = {**self.objects[kind][found], "hs_object_id": found}
        return {
            "id": found,
            "properties": properties,
            "createdAt": "2026-11-21T19:00:00.000Z",
            "archived": False,
        }

    def _unfit_properties(self, kind: str, properties: Any, found: str) -> Reply | None:
        if not isinstance(properties, dict) or not all(isinstance(one, str) for one in properties.values()):
            return self._error(400, "VALIDATION_ERROR", "properties are strings")
        return self._invalid(
            (code, name, value)
            for name, value in properties.items()
            if (code := self._fault(kind, name, value, found))
        )

    def _fault(self, kind: str, name: str, value: str, found: str) -> str:
        match self.properties[kind].get(name):
            case None:
                return "PROPERTY_DOESNT_EXIST"
            case "calculated":
                return "READ_ONLY_VALUE"
            case list(options) if value not in options:
                return "INVALID_OPTION"
            case "number" if not re.fullmatch(r"-?\d+", value):
                return "INVALID_LONG"
            case "datetime" if not _is_moment(value):
                return "INVALID_DATE"
            case int(most) if len(value.encode("utf-16-le")) // 2 > most:
                return "PROPERTY_VALUE_TOO_LONG"
        taken = any(one.get(name) == value for key, one in self.objects[kind].items() if key != found)
        return "CONFLICTING_UNIQUE_VALUE" if name in self.unique[kind] and taken else ""

    # --- search ----------------------------------------------------------------------------------

    def _search(self, content: Mapping[str, Any]) -> Reply:
        groups = content.get("filterGroups", [])
        if set(content) - {"filterGroups", "properties", "limit", "after", "sorts", "query"}:
            return self._error(400, "VALIDATION_ERROR", f"unknown {sorted(content)}")
        if len(groups) > 5 or any(len(group["filters"]) > 6 for group in groups):
            return self._error(400, "VALIDATION_ERROR", "too many filters")
        if not 1 <= content.get("limit", 10) <= 200:
            return self._error(400, "VALIDATION_ERROR", "limit")
        for one in (one for group in groups for one in group["filters"]):
            if set(one) != {"propertyName", "operator", "value"} or one["operator"] not in OPERATORS:
                return self._error(400, "VALIDATION_ERROR", f"filter {one}")
            if one["propertyName"] not in self.properties["contacts"]:
                return self._invalid([("PROPERTY_DOESNT_EXIST", one["propertyName"], "")]) or Reply(500)
        found = [key for key in self.objects["contacts"] if self._is_meant(key, groups)]
        if len(self._unindexed) > LAG:
            self.index()
        sorts = content.get("sorts", [])
        if sorts and sorts != [{"propertyName": "createdate", "direction": "ASCENDING"}]:
            return self._error(400, "VALIDATION_ERROR", f"sorts {sorts}")
        in_order = found if sorts else found[::-1]  # nobody may rely on what was not asked for
        results = [self._shown("contacts", key) for key in in_order[: content.get("limit", 10)]]
        return Reply(200, {"total": len(found), "results": results})

    def _is_meant(self, key: str, groups: Iterable[Mapping[str, Any]]) -> bool:
        if key in self._unindexed:
            return False
        known = self.objects["contacts"][key]
        calculated = {
            "hs_searchable_calculated_phone_number": _national(known.get("phone", "")),
            "hs_searchable_calculated_mobile_number": _national(known.get("mobilephone", "")),
        }
        has = {**known, **calculated}
        return any(
            all(has.get(one["propertyName"], "").lower() == one["value"].lower() for one in group["filters"])
            for group in groups
        )

    # --- properties ------------------------------------------------------------------------------

    def _new_group(self, kind: str, content: Mapping[str, Any]) -> Reply:
        if set(content) != {"name", "label"}:
            return self._error(400, "VALIDATION_ERROR", f"unknown {sorted(content)}")
        if content["name"] in self.groups[kind]:
            return self._error(409, "OBJECT_ALREADY_EXISTS", "group exists")
        self.groups[kind].add(content["name"])
        return Reply(201, content)

    def _new_property(self, kind: str, content: Mapping[str, Any]) -> Reply:
        needed = {"groupName", "name", "label", "type", "fieldType"}
        if not needed <= set(content) <= needed | {"hasUniqueValue", "description"}:
            return self._error(400, "VALIDATION_ERROR", f"unknown {sorted(content)}")
        if content["groupName"] not in self.groups[kind]:
            return self._error(400, "VALIDATION_ERROR", "no such group")
        if (content["type"], content["fieldType"]) != ("string", "text"):
            return self._error(400, "VALIDATION_ERROR", "type")
        if content["name"] in self.properties[kind]:
            return self._error(409, "OBJECT_ALREADY_EXISTS", "property exists")
        self.properties[kind][content["name"]] = LONG
        if content.get("hasUniqueValue"):
            self.unique[kind].add(content["name"])
        return Reply(201, {**content})


def _is_moment(value: str) -> bool:
    if not re.fullmatch(r"\d{13}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value):
        return False
    return value.isdecimal() or bool(datetime.fromisoformat(value))


def _national(phone: str) -> str:
    try:
        return str(phonenumbers.national_significant_number(phonenumbers.parse(phone, "US")))
    except phonenumbers.NumberParseException:
        return ""
