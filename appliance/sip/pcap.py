"""SIP messages as a pcap file that Wireshark reads: each as the UDP datagram it was, of raw IP. Pure.

Format: https://www.tcpdump.org/manpages/pcap-savefile.5.html, link type RAW (101); RFC 791, 768, 8200.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from appliance.sip.trace import SipMessage

_LINK_RAW: Final = 101
_UDP: Final = 17
_HEADER: Final = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, _LINK_RAW)
_DATAGRAM_BYTES_MAX: Final = 65_000
_HOPS: Final = 64
Address = IPv4Address | IPv6Address


def pcap(messages: Iterable[SipMessage], own: str) -> bytes:
    """A whole file; `own` is our side, host:port. A peer that is no address of its kind is written as 0.0.0.0."""
    return _HEADER + b"".join(_record(one, own) for one in messages)


def _record(one: SipMessage, own: str) -> bytes:
    source, target = (own, one.peer) if one.sent else (one.peer, own)
    packet = _packet(_place(source), _place(target), one.text.encode()[:_DATAGRAM_BYTES_MAX])
    whole_s, part_s = divmod(one.at_s, 1)
    return struct.pack("<IIII", int(whole_s), int(part_s * 1e6), len(packet), len(packet)) + packet


def _place(end: str) -> tuple[Address, int]:
    host, _, port = end.rpartition(":")
    try:
        return ip_address(host.strip("[]")), int(port)
    except ValueError:
        return ip_address("0.0.0.0"), 0  # noqa: S104  written down, not listened on


def _packet(source: tuple[Address, int], target: tuple[Address, int], payload: bytes) -> bytes:
    """IP and UDP around `payload`; if one end is IPv6, both are written so."""
    length = 8 + len(payload)
    ends = (source[0], target[0])
    six = any(isinstance(end, IPv6Address) for end in ends)
    raw = [_as_six(end) if six else end.packed for end in ends]
    udp = struct.pack("!HHHH", source[1], target[1], length, 0)
    pseudo = b"".join(raw) + struct.pack("!IHBB", length, 0, 0, _UDP)
    udp = udp[:6] + struct.pack("!H", _checksum(pseudo + udp + payload) or 0xFFFF) + payload
    return (_head_six(raw, length) if six else _head_four(raw, length)) + udp


def _as_six(end: Address) -> bytes:
    return end.packed if isinstance(end, IPv6Address) else b"\0" * 10 + b"\xff\xff" + end.packed


def _head_four(raw: list[bytes], length: int) -> bytes:
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + length, 0, 0, _HOPS, _UDP, 0) + b"".join(raw)
    return head[:10] + struct.pack("!H", _checksum(head)) + head[12:]


def _head_six(raw: list[bytes], length: int) -> bytes:
    return struct.pack("!IHBB", 6 << 28, length, _UDP, _HOPS) + b"".join(raw)


def _checksum(data: bytes) -> int:
    """RFC 1071."""
    padded = data + b"\0" * (len(data) % 2)
    total: int = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
