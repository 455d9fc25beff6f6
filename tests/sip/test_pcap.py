"""The file for Wireshark, read back by hand and by what tcpdump's format says."""

from __future__ import annotations

import struct
from ipaddress import ip_address

import pytest

from appliance.sip.pcap import pcap
from appliance.sip.trace import SipMessage

_OWN = "192.0.2.7:5060"


def _message(
    peer: str = "192.0.2.1:5062", *, sent: bool = True, text: str = "OPTIONS sip:x SIP/2.0\r\n\r\n"
) -> SipMessage:
    return SipMessage(1, 1_700_000_000.25, sent, "UDP", peer, text)


def _checksum_holds(data: bytes) -> bool:
    padded = data + b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total == 0xFFFF


def _records(data: bytes) -> list[tuple[float, bytes]]:
    magic, major, minor, _, _, _, link = struct.unpack("<IHHiIII", data[:24])
    assert (magic, major, minor, link) == (0xA1B2C3D4, 2, 4, 101)
    found, rest = [], data[24:]
    while rest:
        whole_s, part_us, length, original = struct.unpack("<IIII", rest[:16])
        assert length == original
        found.append((whole_s + part_us / 1e6, rest[16 : 16 + length]))
        rest = rest[16 + length :]
    return found


@pytest.mark.parametrize("sent", [True, False])
def test_a_datagram_from_end_to_end(sent: bool) -> None:
    ((at_s, packet),) = _records(pcap([_message(sent=sent)], _OWN))
    assert at_s == pytest.approx(1_700_000_000.25)
    assert _checksum_holds(packet[:20])
    ends = [str(ip_address(packet[12:16])), str(ip_address(packet[16:20]))]
    ports = struct.unpack("!HH", packet[20:24])
    way = [("192.0.2.7", 5060), ("192.0.2.1", 5062)]
    assert list(zip(ends, ports, strict=True)) == (way if sent else way[::-1])
    assert packet[28:] == b"OPTIONS sip:x SIP/2.0\r\n\r\n"
    pseudo = packet[12:20] + struct.pack("!IHBB", len(packet) - 20, 0, 0, 17)
    assert _checksum_holds(pseudo + packet[20:])


def test_an_ipv6_peer() -> None:
    ((_, packet),) = _records(pcap([_message("[2001:db8::1]:5060")], "[2001:db8::7]:5060"))
    assert packet[0] >> 4 == 6
    assert str(ip_address(packet[24:40])) == "2001:db8::1"
    pseudo = packet[8:40] + struct.pack("!IHBB", len(packet) - 40, 0, 0, 17)
    assert _checksum_holds(pseudo + packet[40:])


def test_a_peer_by_name_does_not_stop_the_file() -> None:
    ((_, packet),) = _records(pcap([_message("pbx.office:5060")], _OWN))
    assert str(ip_address(packet[16:20])) == "0.0.0.0"  # noqa: S104
