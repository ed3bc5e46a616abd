"""Requests and results of the synchronous client, and its use in threads and processes."""

import hashlib
import io
import os
import tempfile
import unittest
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from door import FOREIGN_FRAMES, INFO, Door, Request
from imgwire import Client, ImgwireError, UnexpectedReplyError

PHOTO = b"the bytes of a photo"
IMAGE_ID = hashlib.sha256(PHOTO).hexdigest()


def not_stored(requests: list[Request]) -> list[list[bytes]]:
    request = requests[-1]
    if request.json["operation"] == "info":
        return [request.error("not_found")]
    return [request.reply(**INFO, image_id=IMAGE_ID, created=True)]


class ClientTest(unittest.TestCase):
    def test_upload_sends_an_image_that_is_not_stored_from_any_source(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "photo")
            path.write_bytes(PHOTO)
            with path.open("rb") as file:
                for source in (PHOTO, bytearray(PHOTO), memoryview(PHOTO), path, file, io.BytesIO(PHOTO)):
                    with self.subTest(type(source)), Door(not_stored) as door, Client(door.endpoint) as client:
                        self.assertTrue(client.upload(source).created)
                        lookup, upload = door.requests
                        self.assertEqual(lookup.json["image_id"], IMAGE_ID)
                        self.assertEqual((upload.json["operation"], upload.frames), ("upload", [PHOTO]))

    def test_upload_of_a_stored_image_sends_only_its_hash(self) -> None:
        with Door(lambda requests: [requests[-1].reply(**INFO)]) as door, Client(door.endpoint) as client:
            image = client.upload(PHOTO)
        self.assertEqual((image.image_id, image.created, image.width), (IMAGE_ID, False, 3))
        self.assertEqual([(request.json["operation"], request.frames) for request in door.requests], [("info", [])])

    def test_rejects_str_and_text_files_as_image_sources(self) -> None:
        with Client() as client:
            with self.assertRaisesRegex(TypeError, "pathlib.Path .* but received str"):
                client.upload("photo.jpg")  # type: ignore[arg-type]
            with self.assertRaisesRegex(TypeError, "but received a file in text mode"):
                client.upload(io.StringIO(""))  # type: ignore[arg-type]

    def test_resize_of_a_stored_image_and_of_one_sent_along(self) -> None:
        def answer(requests: list[Request]) -> list[list[bytes]]:
            return [requests[-1].reply(b"result", **INFO)]

        with Door(answer) as door, Client(door.endpoint) as client:
            self.assertEqual(client.resize(IMAGE_ID, width=3, fit="inside").data, b"result")
            self.assertEqual(client.resize(PHOTO, pad=[1, 2]).data, b"result")
        stored, sent = door.requests
        self.assertEqual((stored.json["image_id"], stored.json["width"], stored.frames), (IMAGE_ID, 3, []))
        self.assertEqual((sent.json["pad"], sent.frames), ([1, 2], [PHOTO]))
        self.assertNotIn("image_id", sent.json)

    def test_list_iterates_over_all_pages(self) -> None:
        pages = {None: (["a", "b"], "after b"), "after b": (["c"], None)}

        def answer(requests: list[Request]) -> list[list[bytes]]:
            names, cursor = pages[requests[-1].json.get("cursor")]
            images = [{"image_id": name, "size": 1, "created_at": "2026-01-01T00:00:00Z"} for name in names]
            return [requests[-1].reply(images=images, **({"next_cursor": cursor} if cursor else {}))]

        with Door(answer) as door, Client(door.endpoint) as client:
            self.assertEqual([image.image_id for image in client.list(page_size=2)], ["a", "b", "c"])
        self.assertEqual([request.json["limit"] for request in door.requests], [2, 2])

    def test_threads_that_share_a_client_get_their_own_replies(self) -> None:
        def answer(requests: list[Request]) -> list[list[bytes]]:
            image_id = requests[-1].json["image_id"]
            return [requests[-1].reply(image_id.encode(), **INFO)]

        ids = [str(number) for number in range(64)]
        with Door(answer) as door, Client(door.endpoint) as client, ThreadPoolExecutor(8) as pool:
            self.assertEqual([image.data.decode() for image in pool.map(client.retrieve, ids)], ids)

    def test_a_forked_process_opens_its_own_socket(self) -> None:
        with Door(lambda requests: [requests[-1].pong()]) as door, Client(door.endpoint) as client:
            client.ping()
            child = os.fork()
            if child == 0:
                os._exit(0 if client.ping() == "1" else 1)
            _, status = os.waitpid(child, 0)
            client.ping()
        self.assertEqual(status, 0)
        first, forked, last = (request.identity for request in door.requests)
        self.assertNotEqual(first, forked)
        self.assertEqual(first, last)

    def test_a_foreign_frame_raises_unexpected_reply_error(self) -> None:
        for frame in FOREIGN_FRAMES:

            def answer(requests: list[Request], frame: bytes = frame) -> list[list[bytes]]:
                return [requests[-1].raw(frame)]

            with self.subTest(frame), Door(answer) as door:
                with Client(door.endpoint) as client, self.assertRaises(UnexpectedReplyError):
                    client.ping()
                self.assertEqual(len(door.requests), 1)

    def test_a_reply_with_missing_fields_raises_unexpected_reply_error(self) -> None:
        calls: list[Callable[[Client], object]] = [
            lambda client: client.upload(PHOTO),
            lambda client: client.retrieve(IMAGE_ID),
            lambda client: client.resize(IMAGE_ID, width=1),
            lambda client: client.variants(IMAGE_ID, [{"width": 1}]),
            lambda client: client.info(IMAGE_ID),
            lambda client: list(client.list()),
            lambda client: client.ping(),
        ]
        for fields in ({}, {"images": [None], "variants": [{}]}, {"images": 1, "variants": 1}):

            def answer(requests: list[Request], fields: dict[str, Any] = fields) -> list[list[bytes]]:
                return [requests[-1].reply(**fields)]

            with Door(answer) as door, Client(door.endpoint) as client:
                for call in calls:
                    with self.subTest(fields), self.assertRaises(UnexpectedReplyError):
                        call(client)

    def test_a_closed_client_raises_an_error(self) -> None:
        client = Client()
        client.close()
        self.assertRaisesRegex(ImgwireError, "closed", client.ping)


if __name__ == "__main__":
    unittest.main()
