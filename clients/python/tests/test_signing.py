"""Signed URLs and upload grants."""

import base64
import json
import unittest
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from imgwire import sign_url, upload_grant

VECTORS = json.loads(Path(__file__).parents[3].joinpath("docs", "signing-vectors.json").read_text("utf-8"))


class SigningTest(unittest.TestCase):
    def test_urls_are_signed_as_in_the_vectors(self) -> None:
        for vector in VECTORS["vectors"]:
            with self.subTest(vector["text"]):
                query = dict(vector["parameters"])
                expires = query.pop("expires", None)
                until = None if expires is None else datetime.fromtimestamp(int(expires), UTC)
                url = f"https://example.org{vector['path']}?{urlencode(query)}"
                signed = parse_qs(urlsplit(sign_url(url, VECTORS["key"], until)).query)
                expected = {**vector["parameters"], "signature": vector["signature"]}
                self.assertEqual(signed, {name: [value] for name, value in expected.items()})

    def test_signs_the_path_of_the_service_without_a_prefix(self) -> None:
        for path in ("/images/x", "/images/x/info", "/images/x/variants", "/resize"):
            signatures = {
                parse_qs(urlsplit(sign_url(prefix + path, VECTORS["key"])).query)["signature"][0]
                for prefix in ("", "https://example.org", "https://example.org/images", "/images/media", "/resize")
            }
            self.assertEqual(len(signatures), 1, path)

    def test_rejects_urls_that_cannot_be_signed(self) -> None:
        for url in ("/docs", "/images/x/y", "/images/x?width=1&width=2", "/images/x?width=1#top"):
            with self.assertRaises(ValueError):
                sign_url(url, VECTORS["key"])

    def test_rejects_naive_datetimes(self) -> None:
        naive = datetime(2100, 1, 1)
        with self.assertRaisesRegex(ValueError, "timezone-aware"):
            sign_url("/images/x", VECTORS["key"], naive)
        with self.assertRaisesRegex(ValueError, "timezone-aware"):
            upload_grant(VECTORS["key"], naive)

    def test_a_grant_contains_its_limits(self) -> None:
        expires = datetime(2100, 1, 1, tzinfo=UTC)
        payload, _, signature = upload_grant(VECTORS["key"], expires, max_bytes=1000, formats=["png"]).partition(".")
        grant = json.loads(base64.urlsafe_b64decode(payload + "=="))
        self.assertTrue(grant.pop("nonce"))
        self.assertEqual(grant, {"expires": 4102444800, "max_bytes": 1000, "formats": ["png"]})
        self.assertEqual(len(signature), 43)
