"""Pools and who is taken from them: by every business, whatever its file says or said before."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.business import Booking, Business, Service
from appliance.store.assignment import Busy, Claim, Presence, Taken, assign, pools, staff_in
from appliance.store.openings import Stretch, minute_of
from tests.store.salon import CUT, SALON, TALK

MONDAY_NOON = minute_of(datetime(2026, 11, 23, 12, tzinfo=SALON.zone))
HOUR = (MONDAY_NOON, MONDAY_NOON + 60)


def taken(*claims: Claim, busy: tuple[Busy, ...] = (), of: Business = SALON) -> Taken:
    return Taken({one.id: pools(of, one) for one in of.services}, claims, busy)


def assigned(
    service: Service, what: Taken, at: Stretch = HOUR, staff: str = "", of: Business = SALON
) -> tuple[str, ...] | None:
    return assign(pools(of, service, staff), what, Presence(of), at, at)


def test_one_of_each_pool_is_taken():
    assert assigned(CUT, taken()) == ("chair/left", "staff/bea")
    assert staff_in(("chair/left", "staff/bea")) == "bea"
    assert assigned(CUT, taken(), staff="ann") == ("chair/left", "staff/ann")


def test_who_can_do_the_fewest_services_goes_first():
    """Bea only cuts; Ann, who also colours, stays free for a colour."""
    assert [pool.fit for pool in pools(SALON, CUT) if pool.name == "staff"] == [("bea", "ann")]
    kept = pools(SALON, CUT, preferred_staff="ann")
    assert [pool.fit for pool in kept if pool.name == "staff"] == [("ann", "bea")]


def test_what_is_taken_is_not_taken_again():
    bea = Claim("a1", "cut", "staff/bea", HOUR), Claim("a1", "cut", "chair/left", HOUR)
    assert assigned(CUT, taken(*bea)) == ("chair/right", "staff/ann")
    assert assigned(CUT, taken(*bea), staff="bea") is None
    both = (*bea, Claim("a2", "cut", "staff/ann", HOUR), Claim("a2", "cut", "chair/right", HOUR))
    assert assigned(CUT, taken(*both)) is None
    after = HOUR[1], HOUR[1] + 60
    assert assigned(CUT, taken(*both), after) == ("chair/left", "staff/bea")


def test_a_service_without_resources_needs_only_somebody():
    assert assigned(TALK, taken()) == ("staff/ann",)


def test_a_business_without_staff_and_resources_has_places():
    shop = SALON.model_copy(update={"staff": (), "resources": (), "booking": Booking()})
    plain = Service(id="x", spoken="x", minutes=30, words=("x",))
    assert [(pool.name, pool.fit) for pool in pools(shop, plain)] == [("place", ("0",))]
    three = shop.model_copy(update={"booking": Booking(places=3)})
    assert pools(three, plain)[0].fit == ("0", "1", "2")


def test_places_also_limit_a_business_with_staff():
    crowded = SALON.model_copy(update={"booking": Booking(places=1)})
    assert assigned(TALK, taken(Claim("a1", "cut", "place/0", HOUR), of=crowded), of=crowded) is None


@pytest.mark.parametrize(
    "claims",
    [
        [Claim("old", "cut", "place/0", HOUR)],  # from the time before there were chairs and staff
        [Claim("old", "cut", "staff/gone", HOUR), Claim("old", "cut", "chair/broken", HOUR)],
    ],
)
def test_what_the_file_no_longer_knows_still_needs_somebody_and_somewhere(claims):
    assert assigned(CUT, taken(*claims)) is not None
    more = Claim("a2", "cut", "staff/ann", HOUR), Claim("a2", "cut", "chair/left", HOUR)
    assert assigned(CUT, taken(*claims, *more)) is None


def test_a_calendar_blocks_a_member_or_everything():
    assert assigned(CUT, taken(busy=(Busy("staff/bea", HOUR),))) == ("chair/left", "staff/ann")
    assert assigned(CUT, taken(busy=(Busy("", HOUR),))) is None
    long = (Busy("", (HOUR[0] - 5000, HOUR[1] + 5000)), Busy("", (HOUR[0] - 600, HOUR[0] - 500)))
    assert assigned(CUT, taken(busy=long)) is None


def test_who_is_not_there_is_not_taken():
    sunday = HOUR[0] + 6 * 1440, HOUR[1] + 6 * 1440
    tuesday = HOUR[0] + 1440, HOUR[1] + 1440
    wednesday = HOUR[0] + 2 * 1440, HOUR[1] + 2 * 1440
    assert assigned(CUT, taken(), tuesday) == ("chair/left", "staff/ann")  # Bea works on Mondays only
    assert assigned(CUT, taken(), sunday) is None
    assert assigned(CUT, taken(), wednesday) is None  # both chairs are away


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 90)), max_size=20),
    st.integers(0, 300),
    st.integers(1, 90),
)
def test_free_is_what_overlaps_nothing(others, begins, length):
    claims = [
        Claim(f"a{number}", "talk", "staff/ann", (start, start + minutes))
        for number, (start, minutes) in enumerate(others)
    ]
    wanted = begins, begins + length
    overlaps = any(start < wanted[1] and wanted[0] < start + minutes for start, minutes in others)
    assert taken(*claims).is_free("staff/ann", wanted) == (not overlaps)


def test_days_are_remembered_without_end():
    presence = Presence(SALON)
    noons = [HOUR[0] + day * 1440 for day in range(5000)]
    assert sum(presence.is_there("staff", "bea", (noon, noon + 30)) for noon in noons) > 700
