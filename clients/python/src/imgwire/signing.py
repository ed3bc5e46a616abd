"""Signed URLs and upload grants. For servers only: whoever has the key can sign anything."""

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import parse_qsl, urlencode


def sign_url(url: str, key: str, expires: datetime | None = None) -> str:
    """Signs the URL of an image, which then needs no key.

    url: absolute or relative, with all its parameters, each at most once.
    key: the first of IMGWIRE_SIGNING_KEYS.
    expires: timezone-aware; default: never.

    Raises ValueError for any URL but /images/… and /resize, for a fragment, for a repeated parameter and for a naive
    datetime.
    """
    address, _, query = url.partition("?")
    # The service's own path, as a proxy's prefix may be /images as well.
    path = re.search(r"/(?:images/(?!resize$)[^/?#]+(?:/info|/variants)?|resize)$", address)
    if path is None or "#" in query:
        raise ValueError(f"Expected a URL of /images/… or /resize but received {url}")
    pairs = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] != "signature"]
    parameters = dict(pairs)
    if len(parameters) != len(pairs):
        raise ValueError(f"Expected each parameter once but received {url}")
    if expires is not None:
        parameters["expires"] = str(_seconds(expires))
    lines = [f"{name}={parameters[name]}" for name in sorted(parameters)]
    parameters["signature"] = _hmac(key, "\n".join([path[0], *lines]))
    return f"{address}?{urlencode(parameters)}"


def upload_grant(
    key: str,
    expires: datetime,
    *,
    max_bytes: int | None = None,
    formats: Sequence[str] | None = None,
    image_id: str | None = None,
) -> str:
    """Creates a grant to upload one file without a key, for the `grant` parameter of an upload.

    key: the first of IMGWIRE_SIGNING_KEYS.
    expires: timezone-aware.
    max_bytes: maximum size of the file.
    image_id: the only file allowed.

    Raises ValueError for a naive datetime.
    """
    limits = {"max_bytes": max_bytes, "formats": formats and list(formats), "image_id": image_id}
    grant = {
        "expires": _seconds(expires),
        **{name: value for name, value in limits.items() if value is not None},
        "nonce": secrets.token_urlsafe(12),
    }
    payload = _base64url(json.dumps(grant).encode())
    return f"{payload}.{_hmac(key, f'grant{chr(10)}{payload}')}"


def _seconds(expires: datetime) -> int:
    """Seconds since 1970. A naive datetime would count as local time, though it may be in UTC."""
    if expires.utcoffset() is None:
        raise ValueError(f"Expected a timezone-aware datetime for expires but received {expires}")
    return int(expires.timestamp())


def _hmac(key: str, text: str) -> str:
    return _base64url(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest())


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
