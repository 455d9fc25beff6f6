"""Signs what is posted, so that the receiver knows that it is ours, whole, and new.

As Standard Webhooks has it (https://www.standardwebhooks.com, version 1): HMAC-SHA256 over
"id.timestamp.body", in the headers webhook-id, webhook-timestamp and webhook-signature; receivers have
libraries for it in most languages. The id stays the same at every attempt: who has it already can tell.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import Final

from appliance.errors import ConfigError

_PREFIX: Final = "whsec_"


def key_of(secret: str) -> bytes:
    """The bytes to sign with: after "whsec_" base64, else the text itself. ConfigError."""
    if not secret.startswith(_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ConfigError(
            f'a secret that begins with "{_PREFIX}" goes on in base64, and this one does not.',
            remedy="Copy it again, or choose one of your own without that beginning.",
        ) from error


def signed_headers(secret: str | None, identity: str, timestamp_s: int, body: bytes) -> dict[str, str]:
    """The three headers; without a secret only the identity and the time (seconds since 1970 UTC)."""
    headers = {"webhook-id": identity, "webhook-timestamp": str(timestamp_s)}
    if secret is None:
        return headers
    signed = b".".join([identity.encode(), str(timestamp_s).encode(), body])
    digest = hmac.digest(key_of(secret), signed, "sha256")
    return headers | {"webhook-signature": f"v1,{base64.b64encode(digest).decode()}"}
