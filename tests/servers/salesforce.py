"""A strict Salesforce on loopback: the login, the query and the upsert that we use, as documented; nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from tests.servers.soql import QueryRefused, selected
from tests.servers.strict_web import Asked, Reply, StrictServer

CLIENT_ID = "3MVG9attendant"
SECRET = "9A8B7C"  # noqa: S105  of nobody
VERSION = "v62.0"
PREFIXES = {"Task": "00T", "Event": "00U", "Lead": "00Q", "Contact": "003"}
SUBTYPES = ["Task", "Email", "Call", "ListEmail", "Cadence", "LinkedIn"]
FIELDS: Mapping[str, Mapping[str, Any]] = {
    "Task": {"Subject": 255, "Description": 32_000, "Status": [], "Priority": ["High", "Normal", "Low"],
             "ActivityDate": "date", "WhoId": "who", "TaskSubtype": SUBTYPES, "CallDurationInSeconds": "int",
             "CallType": ["Inbound", "Internal", "Outbound"], "CallDisposition": 255, "CallObject": 255},
    "Event": {"Subject": 255, "Description": 32_000, "StartDateTime": "datetime", "EndDateTime": "datetime",
              "ShowAs": ["Busy", "OutOfOffice", "Free"], "WhoId": "who", "Location": 255},
    "Lead": {"FirstName": 40, "LastName": 80, "Company": 255, "Phone": 40, "MobilePhone": 40, "Status": 255},
    "Contact": {"FirstName": 40, "LastName": 80, "Phone": 40, "MobilePhone": 40, "HomePhone": 40,
                "OtherPhone": 40},
}  # fmt: skip
CUSTOM = {
    "Task": {"Attendant_Id__c": 255, "Attendant_Call_Id__c": 255},
    "Event": {"Attendant_Id__c": 255, "Attendant_Call_Id__c": 255},
    "Lead": {"Attendant_Phone__c": 40},
}
"""What docs/crm_salesforce.md has the administrator make; the ids and the phone are external ids."""
READ_ONLY = {"Id", "Name", "CreatedDate", "IsConverted"}
REQUIRED = {
    "Lead": ("LastName", "Company"),
    "Event": ("StartDateTime", "EndDateTime"),
    "Task": (),
    "Contact": (),
}
ONLY_AT_FIRST = {"TaskSubtype"}


class Refusal(Exception):
    """A fault of a request: an error code, its fields, a status."""

    def __init__(self, code: str, message: str = "", *fields: str, status: int = 400) -> None:
        super().__init__(code)
        self.content = [{"message": message or code, "errorCode": code, "fields": list(fields)}]
        self.status = status
        self.reason = f"{code} {message}"


class SalesforceServer(StrictServer):
    """One organisation. `records` by kind: as they are, in the order they were made.

    `secret` is what the connected app takes; `tokens` are those that hold; `requests_left` None: no limit;
    `rules` may refuse a lead by raising Refusal.
    """

    def __init__(self) -> None:
        self.secret = SECRET
        self.tokens: set[str] = set()
        self.logins = 0
        self.requests_left: int | None = None
        self.fields = {kind: {**own, **CUSTOM.get(kind, {})} for kind, own in FIELDS.items()}
        self.records: dict[str, list[dict[str, Any]]] = {kind: [] for kind in FIELDS}
        self.statuses("Not Started", "Completed")
        self.rules: Callable[[Mapping[str, Any]], None] = lambda lead: None
        super().__init__()

    # --- the organisation's own people -----------------------------------------------------------

    def add(self, kind: str, **fields: Any) -> str:
        """Somebody of the office makes a record."""
        return str(self._kept(kind, fields)["Id"])

    def statuses(self, is_open: str, is_closed: str) -> None:
        """What tasks may be, in the administrator's language."""
        self.fields["Task"]["Status"] = [is_open, is_closed]
        named = ((is_open, False), (is_closed, True))
        self.records["TaskStatus"] = [
            {"ApiName": name, "IsClosed": closed, "SortOrder": place}
            for place, (name, closed) in enumerate(named)
        ]

    # --- HTTP ------------------------------------------------------------------------------------

    def reply(self, asked: Asked) -> Reply:
        if not asked.headers.get("user-agent", "").startswith("attendant/"):
            return self.refused(403, "who are you?", [{"errorCode": "FORBIDDEN", "message": ""}])
        try:
            if asked.steps == ("services", "oauth2", "token"):
                return self._login(asked)
            return self._answered(asked)
        except Refusal as refusal:
            return self.refused(refusal.status, refusal.reason, refusal.content)

    def _login(self, asked: Asked) -> Reply:
        form = dict(parse_qsl(asked.body.decode(), keep_blank_values=True))
        if asked.method != "POST" or asked.headers.get("content-type") != "application/x-www-form-urlencoded":
            return self.refused(400, "no form", {"error": "invalid_request"})
        if set(form) != {"grant_type", "client_id", "client_secret"}:
            return self.refused(400, f"form {sorted(form)}", {"error": "invalid_request"})
        if form["grant_type"] != "client_credentials":
            return self.refused(400, "grant type", {"error": "unsupported_grant_type"})
        if form["client_id"] != CLIENT_ID:
            return self.refused(400, "client id", {"error": "invalid_client_id"})
        if form["client_secret"] != self.secret:
            return self.refused(400, "secret", {"error": "invalid_client", "error_description": "invalid"})
        self.logins += 1
        token = f"00D!{self.logins}"
        self.tokens.add(token)
        return Reply(
            200, {"access_token": token, "instance_url": self.url, "token_type": "Bearer", "scope": "api"}
        )

    def _answered(self, asked: Asked) -> Reply:
        authorization = asked.headers.get("authorization", "")
        if authorization.removeprefix("Bearer ") not in self.tokens or not authorization.startswith(
            "Bearer "
        ):
            raise Refusal("INVALID_SESSION_ID", "Session expired or invalid", status=401)
        if self.requests_left is not None:
            self.requests_left -= 1
            if self.requests_left < 0:
                raise Refusal("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", status=403)
        match (asked.method, asked.steps):
            case ("GET", ("services", "data", "v62.0", "query")) if set(asked.query) == {"q"}:
                return self._query(asked.query["q"])
            case ("PATCH", ("services", "data", "v62.0", "sobjects", kind, by, value)) if not asked.query:
                return self._upsert(self._known_kind(kind), by, value, self._body(asked))
            case ("PATCH", ("services", "data", "v62.0", "sobjects", kind, identity)) if not asked.query:
                return self._update(self._known_kind(kind), identity, self._body(asked))
        raise Refusal("NOT_FOUND", f"{asked.method} {asked.steps}", status=404)

    def _body(self, asked: Asked) -> dict[str, Any]:
        if asked.headers.get("content-type") != "application/json" or not isinstance(asked.content, dict):
            raise Refusal("JSON_PARSER_ERROR", "no object")
        return asked.content

    def _known_kind(self, kind: str) -> str:
        if kind not in FIELDS:
            raise Refusal("NOT_FOUND", "no such object", status=404)
        return kind

    # --- records ---------------------------------------------------------------------------------

    def _query(self, query: str) -> Reply:
        known: dict[str, set[str]] = {
            "TaskStatus": {"ApiName", "IsClosed", "SortOrder", "MasterLabel", "IsDefault"}
        }
        known |= {kind: {*fields, *READ_ONLY} for kind, fields in self.fields.items()}
        try:
            rows = selected(
                query, {kind: [_named(one) for one in held] for kind, held in self.records.items()}, known
            )
        except QueryRefused as refused:
            raise Refusal(refused.code, str(refused)) from refused
        return Reply(200, {"totalSize": len(rows), "done": True, "records": rows})

    def _upsert(self, kind: str, by: str, value: str, body: dict[str, Any]) -> Reply:
        if by not in CUSTOM.get(kind, {}) or by not in self.fields[kind] or by == "Attendant_Call_Id__c":
            raise Refusal(
                "NOT_FOUND",
                f"Provided external ID field does not exist or is not accessible: {by}",
                status=404,
            )
        if by in body or not value:
            raise Refusal("INVALID_FIELD", f"{by} stands in the path", by)
        held = [one for one in self.records[kind] if str(one.get(by, "")).lower() == value.lower()]
        if kind == "Lead":
            self.rules(body)
        self._judge(kind, {**body, by: value}, is_new=not held)
        if held:
            held[0].update(body)
            return Reply(200, {"id": held[0]["Id"], "success": True, "errors": [], "created": False})
        made = self._kept(kind, {**body, by: value})
        self.made += kind == "Task"
        return Reply(201, {"id": made["Id"], "success": True, "errors": [], "created": True})

    def _update(self, kind: str, identity: str, body: dict[str, Any]) -> Reply:
        held = [one for one in self.records[kind] if one["Id"] == identity]
        if not held:
            raise Refusal("NOT_FOUND", "The requested resource does not exist", status=404)
        self._judge(kind, body, is_new=False)
        held[0].update(body)
        return Reply(204)

    def _kept(self, kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        number = sum(map(len, self.records.values())) + 1
        record = {
            "Id": f"{PREFIXES[kind]}{number:012d}AAA",
            "CreatedDate": f"2026-11-21T19:{number // 60:02}:{number % 60:02}.000+0000",
            "IsConverted": False,
            **fields,
        }
        self.records[kind].append(record)
        return record

    def _judge(self, kind: str, body: Mapping[str, Any], *, is_new: bool) -> None:
        for name, value in body.items():
            if name not in self.fields[kind]:
                raise Refusal("INVALID_FIELD", f"No such column '{name}' on sobject of type {kind}")
            if name in ONLY_AT_FIRST and not is_new:
                raise Refusal(
                    "INVALID_FIELD_FOR_INSERT_UPDATE", f"Unable to create/update fields: {name}", name
                )
            self._judge_value(self.fields[kind][name], name, value)
        missing = [name for name in REQUIRED[kind] if is_new and not body.get(name)]
        if missing:
            raise Refusal("REQUIRED_FIELD_MISSING", f"Required fields are missing: {missing}", *missing)
        if kind == "Event" and "EndDateTime" in body and body["EndDateTime"] < body["StartDateTime"]:
            raise Refusal("FIELD_INTEGRITY_EXCEPTION", "Event duration can't be negative", "EndDateTime")

    def _judge_value(self, rule: Any, name: str, value: Any) -> None:
        if rule == "int":
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**8:
                raise Refusal("JSON_PARSER_ERROR", f"Cannot deserialize int {value}", name)
            return
        if not isinstance(value, str) or not value:
            raise Refusal("JSON_PARSER_ERROR", f"{name} is no text", name)
        match rule:
            case int(most) if len(value.encode("utf-16-le")) // 2 > most:
                raise Refusal("STRING_TOO_LONG", f"{name}: data value too large: {value} (max {most})", name)
            case list(options) if value not in options:
                raise Refusal("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", f"bad value {value}", name)
            case "date" if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
                raise Refusal("JSON_PARSER_ERROR", f"Cannot deserialize date {value}", name)
            case "datetime" if not _is_moment(value):
                raise Refusal("JSON_PARSER_ERROR", f"Cannot deserialize datetime {value}", name)
            case "who":
                self._judge_who(value)

    def _judge_who(self, value: str) -> None:
        if not re.fullmatch(r"[A-Za-z0-9]{18}", value):
            raise Refusal("MALFORMED_ID", "id value of incorrect type", "WhoId")
        people = [*self.records["Contact"], *self.records["Lead"]]
        if value not in {one["Id"] for one in people if not one["IsConverted"]}:
            raise Refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", "WhoId")


def _named(record: Mapping[str, Any]) -> dict[str, Any]:
    """With the name that Salesforce makes of its parts."""
    return {**record, "Name": " ".join(filter(None, (record.get("FirstName"), record.get("LastName"))))}


def _is_moment(value: str) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)", value)) and bool(
        datetime.fromisoformat(value)
    )
