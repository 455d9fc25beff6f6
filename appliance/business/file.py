"""A business, whole: every part of its file, what must fit together between the parts, and reading it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from appliance import configfile
from appliance.business.diary import Booking, Resource, Service, StaffMember, misfits
from appliance.business.directory import Connecting, Entry
from appliance.business.directory import misfits as directory_misfits
from appliance.business.facts import Fact
from appliance.business.flows import FlowTable, shipped_flows
from appliance.business.hours import Hours, Span
from appliance.business.intents import OwnIntent
from appliance.business.phrases import LANGUAGES
from appliance.business.recording import RecordingRule
from appliance.business.tools import Tool, results_of, tool_faults
from appliance.business.wording import flow_wording_faults, own_wording_faults
from appliance.configfile import ManyMisplaced, Misplaced, Strict
from appliance.errors import ConfigError
from appliance.settings import shipped


class Business(Strict):
    """One business, whole."""

    name: str
    """What the business is called, as it is spoken."""
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"
    """The language that is spoken, by its two letters (ISO 639-1)."""
    region: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "US"
    """Country whose phone numbers are meant when no country code is said."""
    timezone: str
    """Where the office's clock stands: a name of the IANA database, for example "America/Denver"."""
    address: str
    """Where to find it, as it is spoken."""
    phone: str = ""
    """The number callers dial, in international form."""
    greeting: str
    """The first thing a caller hears. It says that it is a machine."""
    greets_by_name: bool = True
    """Whether a caller whom the CRM knows may be greeted by name, where the box's settings do ([crm] greet_by_name)."""
    about: str
    """What the language model may draw on, in plain sentences; it answers from nothing else."""
    hours: Hours
    holidays: tuple[date, ...] = ()
    """Days on which it is closed whatever the weekday."""
    services: tuple[Service, ...] = ()
    staff: tuple[StaffMember, ...] = ()
    """Who does what is booked; without any the diary only counts places."""
    resources: tuple[Resource, ...] = ()
    """What appointments occupy, by kinds."""
    facts: tuple[Fact, ...] = ()
    intents: tuple[OwnIntent, ...] = ()
    """What callers of this business want beyond what every business is asked."""
    flows: tuple[FlowTable, ...] = ()
    """Flows of its own, beside the product's (config/flows/) or, by the same name, instead of one."""
    tools: tuple[Tool, ...] = ()
    """What flows can look up or have done outside the conversation."""
    booking: Booking = Booking()
    directory: tuple[Entry, ...] = ()
    """People, departments and lines that callers can be put through to."""
    connecting: Connecting = Connecting()
    recording: RecordingRule = RecordingRule()
    """Whether calls are recorded, and how callers are told or asked."""
    phrases: dict[str, str] = Field(default_factory=dict)
    """Own wording for the product's phrases, by name (business/phrases_en.py lists them)."""

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # a region ("America") is a folder
            raise ValueError(f'no time zone is called "{name}"; for example "America/Denver".') from None
        return name

    @model_validator(mode="after")
    def _unique_ids(self) -> Business:
        named = ("services", "facts", "intents", "staff", "resources", "directory")
        for kind, items in ((kind, getattr(self, kind)) for kind in named):
            ids = [item.id for item in items]
            for twice in {one for one in ids if ids.count(one) > 1}:
                raise ValueError(f'{kind}: the id "{twice}" stands twice; give each its own.')
        return self

    @model_validator(mode="after")
    def _fitting_diary(self) -> Business:
        if faults := list(misfits(self.services, self.staff, self.resources, self.hours)):
            raise ManyMisplaced(faults)
        return self

    @model_validator(mode="after")
    def _fitting_directory(self) -> Business:
        faults = list(directory_misfits(self.directory, self.connecting))
        known = {entry.id for entry in self.directory}
        for number, intent in enumerate(self.intents):
            if intent.transfer and intent.transfer not in known:
                text = f'no entry of the directory is called "{intent.transfer}".'
                faults.append(Misplaced(text, ("intents", number, "transfer")))
        if faults:
            raise ManyMisplaced(faults)
        return self

    @model_validator(mode="after")
    def _tools_that_are_used_exist(self) -> Business:
        names = [tool.name for tool in self.tools]
        faults = [
            Misplaced(f'"{name}" stands twice; give each tool a name of its own.', ("tools", number, "name"))
            for number, name in enumerate(names)
            if name in names[:number]
        ]
        for number, flow in enumerate(self.flows):
            found = tool_faults(flow, self._tools)
            faults += [Misplaced(text, ("flows", number, *place)) for place, text in found]
        if faults:
            raise ManyMisplaced(faults)
        return self

    @model_validator(mode="after")
    def _can_say_it(self) -> Business:
        if (table := LANGUAGES.get(self.language)) is None:
            text = f'"{self.language}" is not spoken yet. Known are: {", ".join(LANGUAGES)}.'
            raise Misplaced(text, ("language",))
        faults = [Misplaced(text, place) for place, text in own_wording_faults(self.phrases, table)]
        for number, flow in enumerate(self.flows):
            found = flow_wording_faults(flow, table, results_of(flow, self._tools))
            faults += [Misplaced(text, ("flows", number, *place)) for place, text in found]
        if faults:
            raise ManyMisplaced(faults)
        return self

    @model_validator(mode="after")
    def _flows_that_are_begun_exist(self) -> Business:
        known = {*shipped_flows(), *(flow.name for flow in self.flows)}
        begun = [
            (("flows", number, "states", name, "flow"), state.flow)
            for number, flow in enumerate(self.flows)
            for name, state in flow.states.items()
        ] + [(("intents", number, "flow"), intent.flow) for number, intent in enumerate(self.intents)]
        text = "there is no flow of that name. Known are: " + ", ".join(sorted(known)) + "."
        if faults := [Misplaced(text, place) for place, name in begun if name and name not in known]:
            raise ManyMisplaced(faults)
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The business's time zone."""
        return ZoneInfo(self.timezone)

    def open_on(self, day: date) -> tuple[Span, ...]:
        """The spans during which the business is open on `day`, holidays considered."""
        return () if day in self.holidays else self.hours.on(day)

    @property
    def answers(self) -> tuple[Fact, ...]:
        """Every question with a prepared answer: the facts, and the intents of its own that are answered."""
        own = (one for one in self.intents if one.answer)
        return (*self.facts, *(Fact(id=one.id, questions=one.examples, answer=one.answer) for one in own))

    def service(self, service_id: str) -> Service | None:
        """The service with this id."""
        return next((one for one in self.services if one.id == service_id), None)

    @property
    def _tools(self) -> dict[str, Tool]:
        return {tool.name: tool for tool in self.tools}

    def tool(self, name: str) -> Tool | None:
        """The tool of this name."""
        return self._tools.get(name)

    def entry(self, entry_id: str) -> Entry | None:
        """The entry of the directory with this id."""
        return next((one for one in self.directory if one.id == entry_id), None)

    def staff_member(self, staff_id: str) -> StaffMember | None:
        """The member of staff with this id."""
        return next((one for one in self.staff if one.id == staff_id), None)


def load(name_or_path: str) -> Business:
    """A business by its name in config/businesses/ or by a path to its file."""
    path = Path(name_or_path)
    if path.suffix != ".toml":
        path = shipped(f"config/businesses/{name_or_path}.toml")
        if not path.exists():
            known = sorted(file.stem for file in path.parent.glob("*.toml"))
            raise ConfigError(
                f'business: there is none called "{name_or_path}".',
                remedy=f"Shipped are: {', '.join(known)}; or give a path that ends in .toml.",
            )
    return configfile.read(path, Business)
