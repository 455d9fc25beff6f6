"""The whole box at a real Asterisk: a caller asks for somebody in their own words and gets them, or comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import soundfile

from appliance.bench.dialer import Dialer
from appliance.settings import shipped
from tests.appliance.office import Office, open_office
from tests.fakes.extension import Extension
from tests.fakes.tones import share_at
from tests.servers.asterisk import BOX, Asterisk

pytestmark = pytest.mark.real

COLLEAGUE_HZ = 1300
DIRECTORY = """
[connecting]
operator = "maria"
emergency = "desk"
[[directory]]
id = "maria"
spoken = "Maria Ortega"
extension = "101"
ring_s = 8
around_the_clock = true
[[directory]]
id = "desk"
spoken = "the front desk"
extension = "102"
screened = false
around_the_clock = true
"""


class Scene:
    """A box that is extension 100 of an Asterisk, telephones on desks, a caller from outside."""

    def __init__(self, pbx: Asterisk, box: Office) -> None:
        self.pbx, self.box = pbx, box

    def desk(self, number: str, on_ring: str = "answer") -> Extension:
        password = self.pbx.password(number)
        return Extension(self.pbx.address, number, password, hz=COLLEAGUE_HZ, on_ring=on_ring)

    def call(self, record: Path) -> Dialer:
        return Dialer(f"sip:{BOX}@{self.pbx.address}", record=record)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    import tempfile

    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATTENDANT_SIP_PASSWORD", Asterisk.password(BOX))
        pbx = stack.enter_context(Asterisk(tmp_path_factory.mktemp("pbx")))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="att-")))
        shop = folder / "shop.toml"
        shop.write_text(_shop_with_our_people())
        box = open_office(folder, sip={"registrar": pbx.address, "user": BOX})
        _set_business(box.config, shop)
        with box.box:
            box.box.wait_ready()
            box.box.wait_for('"registered": true')
            yield Scene(pbx, box)


def _shop_with_our_people() -> str:
    """The repair shop, its directory replaced by two people who are always there."""
    before, rest = shipped("config/businesses/auto_repair.toml").read_text().split("[[directory]]", 1)
    return before + rest[rest.index("[[services]]") :] + DIRECTORY


def _set_business(config: Path, shop: Path) -> None:
    config.write_text(config.read_text().replace('"auto_repair"', f'"{shop}"'))


def heard_by_caller(record: Path, last_s: float) -> float:
    """The share of the colleague's tone in the last seconds the caller heard."""
    samples, rate = soundfile.read(record, dtype="int16")
    return share_at(samples[-int(last_s * rate) :, 1].copy().tobytes(), COLLEAGUE_HZ)


def test_asked_for_by_name_told_and_put_through(scene: Scene, say: Callable[[str], Path], tmp_path: Path):
    with scene.desk("101") as maria, scene.call(tmp_path / "call.wav") as caller:
        caller.wait_agent()
        caller.say(say("Can I speak to Maria Ortega please?"))
        caller.wait_agent()
        caller.say(say("It's Ann Miller, about my oil light."))
        maria.wait_for("confirmed")
        assert maria.hears_somebody(), "the briefing"
        maria.do("press", digits="1")
        caller.wait_ms(3000)
        caller.hang_up()
        caller.wait_end()
        maria.wait_for("ended")
    assert heard_by_caller(tmp_path / "call.wav", 1.0) > 0.8
    assert scene.box.record()["disposition"] == "transferred"


def test_busy_comes_back_and_a_message_is_offered(scene: Scene, say: Callable[[str], Path], tmp_path: Path):
    with scene.desk("101", on_ring="486"), scene.call(tmp_path / "call.wav") as caller:
        caller.wait_agent()
        caller.say(say("I want to talk to a real person."))
        caller.wait_agent()
        caller.say(say("It's Ann Miller, about my oil light."))
        caller.wait_agent()
        caller.say(say("No thank you, that's all. Goodbye."))
        caller.wait_agent()
        caller.hang_up()
        caller.wait_end()
    record = scene.box.record()
    said = " ".join(turn["text"] for turn in record["turns"] if turn["speaker"] == "agent")
    assert "The line is busy. Shall I take a message" in said
    assert record["disposition"] != "transferred"


def test_an_emergency_rings_at_once(scene: Scene, say: Callable[[str], Path], tmp_path: Path):
    with scene.desk("102") as desk, scene.call(tmp_path / "call.wav") as caller:
        caller.wait_agent()
        caller.say(say("Help, there is a fire in the garage!"))
        desk.wait_for("confirmed")
        caller.wait_ms(3000)
        caller.hang_up()
        caller.wait_end()
    assert heard_by_caller(tmp_path / "call.wav", 1.0) > 0.8
    assert scene.box.record()["disposition"] == "transferred"
