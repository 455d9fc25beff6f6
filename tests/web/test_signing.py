"""The signature is the one of Standard Webhooks, by the vector its libraries are tested with."""

from __future__ import annotations

import pytest

from appliance.errors import ConfigError
from appliance.web.signing import key_of, signed_headers


def test_the_vector_of_the_standard() -> None:
    headers = signed_headers(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_secrets() -> None:
    assert key_of("plain words") == b"plain words"
    with pytest.raises(ConfigError):
        key_of("whsec_not base64!")
    assert "webhook-signature" not in signed_headers(None, "i", 1, b"")
