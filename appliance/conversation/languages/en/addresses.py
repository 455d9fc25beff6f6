"""Postal addresses as they are said in English, in the United States."""

from __future__ import annotations

from typing import Final

from appliance.conversation.languages.tables import AddressWords

_STATES: Final = (
    "alabama AL|alaska AK|arizona AZ|arkansas AR|california CA|colorado CO|connecticut CT|delaware DE|florida FL"
    "|georgia GA|hawaii HI|idaho ID|illinois IL|indiana IN|iowa IA|kansas KS|kentucky KY|louisiana LA|maine ME"
    "|maryland MD|massachusetts MA|michigan MI|minnesota MN|mississippi MS|missouri MO|montana MT|nebraska NE"
    "|nevada NV|new hampshire NH|new jersey NJ|new mexico NM|new york NY|north carolina NC|north dakota ND|ohio OH"
    "|oklahoma OK|oregon OR|pennsylvania PA|rhode island RI|south carolina SC|south dakota SD|tennessee TN|texas TX"
    "|utah UT|vermont VT|virginia VA|washington WA|west virginia WV|wisconsin WI|wyoming WY"
    "|district of columbia DC|d c DC"
)

ADDRESSES: Final = AddressWords(
    streets={
        "street": "Street",
        "saint": "Street",
        "st": "Street",
        "road": "Road",
        "rd": "Road",
        "avenue": "Avenue",
        "ave": "Avenue",
        "boulevard": "Boulevard",
        "blvd": "Boulevard",
        "drive": "Drive",
        "dr": "Drive",
        "lane": "Lane",
        "ln": "Lane",
        "court": "Court",
        "ct": "Court",
        "place": "Place",
        "pl": "Place",
        "circle": "Circle",
        "way": "Way",
        "terrace": "Terrace",
        "parkway": "Parkway",
        "pkwy": "Parkway",
        "highway": "Highway",
        "hwy": "Highway",
        "expressway": "Expressway",
        "expy": "Expressway",
        "trail": "Trail",
        "square": "Square",
        "sq": "Square",
        "broadway": "Broadway",
        "alley": "Alley",
        "loop": "Loop",
    },
    units={
        "apartment": "Apartment",
        "apt": "Apartment",
        "suite": "Suite",
        "ste": "Suite",
        "unit": "Unit",
        "number": "Unit",
        "room": "Room",
        "floor": "Floor",
        "lot": "Lot",
    },
    directions={
        "north": "North",
        "south": "South",
        "east": "East",
        "west": "West",
        "northeast": "Northeast",
        "northwest": "Northwest",
        "southeast": "Southeast",
        "southwest": "Southwest",
    },
    regions={name: code for name, _, code in (state.rpartition(" ") for state in _STATES.split("|"))},
    lead_in=r"^.*?\b(?:address(?: is|'s)?|(?:i|we) live (?:at|on)|located at|it's(?: at)?|it is(?: at)?|that's"
    r"|(?:we're|we are|i'm|i am) (?:at|on)|come to|at)\b(?= .*\w)",
    joints=r"\b(?:in|and|the city of|(?:the )?zip(?: code)?(?: is)?|uh|um|that's)\b",
)
