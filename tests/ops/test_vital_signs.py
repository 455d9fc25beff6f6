"""Vital signs, read from files as the kernel writes them."""

from __future__ import annotations

from pathlib import Path

from appliance.ops.vital_signs import Temperature, room, temperatures


def sensor(sysfs: Path, number: int, name: str, temp: str | None) -> None:
    zone = sysfs / "class" / "thermal" / f"thermal_zone{number}"
    zone.mkdir(parents=True)
    (zone / "type").write_text(f"{name}\n")
    if temp is not None:
        (zone / "temp").write_text(f"{temp}\n")


def test_every_sensor_that_says_something(tmp_path: Path) -> None:
    sensor(tmp_path, 0, "x86_pkg_temp", "48250")
    sensor(tmp_path, 1, "asleep", None)
    sensor(tmp_path, 2, "broken", "none")
    sensor(tmp_path, 3, "outside", "-5000")
    assert temperatures(tmp_path) == [Temperature("x86_pkg_temp", 48.25), Temperature("outside", -5.0)]


def test_a_machine_without_sensors_has_none(tmp_path: Path) -> None:
    assert temperatures(tmp_path) == []


def test_the_room_on_a_disk_and_none_where_there_is_no_folder(tmp_path: Path) -> None:
    found = room(tmp_path)
    assert found is not None
    assert 0 <= found.free_bytes <= found.total_bytes
    assert room(tmp_path / "none") is None
