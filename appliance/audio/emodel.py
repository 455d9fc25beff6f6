"""How well a call could be heard, from what the network did to it: the E-model of ITU-T G.107, simplified.

Cole and Rosenbluth ("Voice over IP performance monitoring", ACM SIGCOMM CCR 31(2), 2001) reduce the model to delay
and loss for a line that is otherwise without fault: R = 93.2 - Id - Ie,eff. Ie,eff is G.107's own formula for
random loss, its codec constants are those of ITU-T G.113, Appendix I. Wideband codecs are rated on the same
narrow-band scale, where they lose nothing by themselves. An estimate: it has not heard a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_R_BEST: Final = 93.2
_DELAY_FREE_MS: Final = 177.3  # from here on delay disturbs a conversation by itself
_FRAMES_MS: Final = 60.0  # a packet at either end and one in the jitter buffer, at the least
_JITTERS_BUFFERED: Final = 2.0  # a jitter buffer holds about twice the mean deviation

_CODECS: Final[Mapping[str, tuple[float, float]]] = {
    "PCMU": (0.0, 25.1),  # G.711 with concealment (its Appendix I), as pjmedia does
    "PCMA": (0.0, 25.1),
    "G722": (0.0, 25.1),
    "GSM": (20.0, 10.0),
    "ILBC": (11.0, 32.0),
    "G729": (11.0, 19.0),
    "OPUS": (0.0, 25.1),
    "L16": (0.0, 25.1),
}
"""By the name of RFC 3551: what it costs (Ie), and how well it bears lost packets (Bpl)."""
_UNKNOWN: Final = (11.0, 19.0)


def rating(codec: str, loss_share: float, delay_ms: float) -> float:
    """The transmission rating R, 0 to 93.2, for a share of packets lost (0 to 1) and the delay from mouth to ear."""
    costs, bears = _CODECS.get(codec.partition("/")[0].upper(), _UNKNOWN)
    loss_percent = 100 * min(max(loss_share, 0.0), 1.0)
    lost = costs + (95 - costs) * loss_percent / (loss_percent + bears)
    delayed = 0.024 * delay_ms + 0.11 * max(0.0, delay_ms - _DELAY_FREE_MS)
    return max(0.0, _R_BEST - delayed - lost)


def mos_of_rating(r: float) -> float:
    """The mean opinion score, 1 to 4.5, that goes with a rating (G.107, Annex B)."""
    if r <= 0:
        return 1.0
    return max(1.0, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6)


def estimated_mos(codec: str, packets_received: int, packets_lost: int, jitter_ms: float) -> float | None:
    """The MOS of what was received of a call; None when nothing came. The network's own delay is not known to us
    and counted as none: in an office it is a few milliseconds."""
    if packets_received <= 0:
        return None
    lost = max(0, packets_lost)
    delay_ms = _FRAMES_MS + _JITTERS_BUFFERED * max(0.0, jitter_ms)
    return round(mos_of_rating(rating(codec, lost / (packets_received + lost), delay_ms)), 2)
