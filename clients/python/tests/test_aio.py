"""Requests in flight of the asyncio client."""

import asyncio
import unittest
from io import BytesIO
from itertools import chain, repeat
from unittest.mock import PropertyMock, patch

from door import FOREIGN_FRAMES, INFO, Door, Request
from imgwire import AsyncClient, ImgwireError, NoReplyError, UnexpectedReplyError
from imgwire._wire import Address


def by_image_id(request: Request) -> list[bytes]:
    return request.reply(str(request.json["image_id"]).encode(), **INFO)


class AsyncClientTest(unittest.IsolatedAsyncioTestCase):
    async def test_limits_requests_in_flight_and_accepts_replies_in_any_order(self) -> None:
        answered = 0
        most = 0

        def answer_all_backwards(requests: list[Request]) -> list[list[bytes]]:
            nonlocal answered, most
            waiting = requests[answered:]
            answered = len(requests)
            most = max(most, len(waiting))
            return [by_image_id(request) for request in reversed(waiting)]

        ids = [str(number) for number in range(20)]
        with Door(lambda requests: [], idle=answer_all_backwards) as door:
            async with AsyncClient(door.endpoint, max_in_flight=8) as client:
                images = await asyncio.gather(*(client.retrieve(image_id) for image_id in ids))
        self.assertEqual([image.data.decode() for image in images], ids)
        self.assertEqual(most, 8)
        self.assertEqual(len({request.identity for request in door.requests}), 1)

    async def test_reads_files_only_when_a_slot_is_free(self) -> None:
        read: list[int] = []
        answered = 0
        most = 0

        class File(BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                read.append(1)
                return super().read(size)

        def answer_all(requests: list[Request]) -> list[list[bytes]]:
            nonlocal answered, most
            most = max(most, len(read) - answered)
            waiting = requests[answered:]
            answered = len(requests)
            return [request.reply(b"result", **INFO) for request in waiting]

        with Door(lambda requests: [], idle=answer_all) as door:
            async with AsyncClient(door.endpoint, max_in_flight=4) as client:
                await asyncio.gather(*(client.resize(File(bytes([number])), width=1) for number in range(12)))
        self.assertEqual(most, 4)
        self.assertEqual(sorted(request.frames[0] for request in door.requests), [bytes([n]) for n in range(12)])

    async def test_retries_a_request_without_a_reply_on_a_new_socket_while_the_others_keep_theirs(self) -> None:
        def answer(requests: list[Request]) -> list[list[bytes]]:
            if len(requests) < 3:
                return []
            lost, slow, again = requests
            return [by_image_id(lost), by_image_id(slow), by_image_id(again)]

        timeouts = chain([1.0], repeat(10.0))
        with patch.object(Address, "reply_timeout", PropertyMock(side_effect=timeouts)), Door(answer) as door:
            client = AsyncClient(door.endpoint)
            first = asyncio.create_task(client.retrieve("lost"))
            await asyncio.to_thread(door.wait_for_request)
            second = asyncio.create_task(client.retrieve("slow"))
            self.assertEqual([(await first).data, (await second).data], [b"lost", b"slow"])
            client.close()
        lost, slow, again = door.requests
        self.assertEqual(lost.identity, slow.identity)
        self.assertNotEqual(lost.identity, again.identity)
        self.assertEqual(again.json["image_id"], "lost")

    async def test_a_cancelled_call_frees_its_slot_and_ignores_its_late_reply(self) -> None:
        def answer(requests: list[Request]) -> list[list[bytes]]:
            return [] if len(requests) == 1 else [by_image_id(request) for request in requests]

        with Door(answer) as door:
            async with AsyncClient(door.endpoint, max_in_flight=1) as client:
                with self.assertRaises(TimeoutError):
                    async with asyncio.timeout(0.2):
                        await client.retrieve("cancelled")
                self.assertEqual((await client.retrieve("next")).data, b"next")
        self.assertEqual(len(door.requests), 2)

    async def test_retries_temporary_errors(self) -> None:
        def answer(requests: list[Request]) -> list[list[bytes]]:
            return [requests[-1].error("overloaded", retry_after=0.01) if len(requests) < 3 else requests[-1].pong()]

        with Door(answer) as door:
            async with AsyncClient(door.endpoint) as client:
                self.assertEqual(await client.ping(), "1")

    async def test_a_foreign_frame_fails_the_calls_in_flight_but_no_later_one(self) -> None:
        frames = iter(FOREIGN_FRAMES)

        def answer(requests: list[Request]) -> list[list[bytes]]:
            frame = next(frames, None)
            return [requests[-1].pong() if frame is None else requests[-1].raw(frame)]

        with Door(answer) as door:
            async with AsyncClient(door.endpoint) as client:
                for frame in FOREIGN_FRAMES:
                    with self.subTest(frame), self.assertRaises(UnexpectedReplyError):
                        await client.ping()
                self.assertEqual(await client.ping(), "1")
        self.assertEqual(len({request.identity for request in door.requests}), 1)

    async def test_rejects_numbers_that_json_cannot_represent_before_sending(self) -> None:
        with Door(lambda requests: []) as door:
            async with AsyncClient(door.endpoint) as client:
                for number in (float("nan"), float("inf")):
                    with self.subTest(number), self.assertRaises(ValueError):
                        await client.resize("id", rotate=number)
        self.assertEqual(door.requests, [])

    async def test_close_fails_the_calls_in_flight(self) -> None:
        with Door(lambda requests: []) as door:
            client = AsyncClient(door.endpoint)
            call = asyncio.create_task(client.ping())
            await asyncio.to_thread(door.wait_for_request)
            client.close()
            with self.assertRaisesRegex(ImgwireError, "closed"):
                await call

    async def test_names_the_endpoint_if_nothing_listens(self) -> None:
        with Door(lambda requests: []) as door:
            endpoint = door.endpoint
        with patch("imgwire._wire.GRACE", 0.0):
            async with AsyncClient(endpoint, timeout=0.05, attempts=2) as client:
                with self.assertRaises(NoReplyError) as raised:
                    await client.ping()
        self.assertIn(endpoint, str(raised.exception))


if __name__ == "__main__":
    unittest.main()
