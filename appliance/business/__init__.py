"""What one business says and does, as data: a file in config/businesses/ and nothing else makes a new one.

Each part of the file has a module here (`hours`, `diary`, `directory`, `facts`, `intents`, `tools`); `file` puts
them together and reads them. A new part is a new module, one field in `file.Business` and one name below.
"""

from appliance.business.diary import ANYBODY, Absence, Booking, Resource, Service, StaffMember
from appliance.business.directory import Connecting, Entry
from appliance.business.facts import Fact
from appliance.business.file import Business, load
from appliance.business.hours import WEEKDAYS, Hours, Span
from appliance.business.intents import OwnIntent
from appliance.business.recording import Consent, RecordingRule
from appliance.business.tools import Tool, ToolKind

__all__ = [
    "ANYBODY",
    "WEEKDAYS",
    "Absence",
    "Booking",
    "Business",
    "Connecting",
    "Consent",
    "Entry",
    "Fact",
    "Hours",
    "OwnIntent",
    "RecordingRule",
    "Resource",
    "Service",
    "Span",
    "StaffMember",
    "Tool",
    "ToolKind",
    "load",
]
