"""Retries of the client."""

import unittest
from typing import Any
from unittest.mock import patch

from door import Door, Request
from imgwire import Client, NoReplyError, ServiceError, errors
from imgwire._retry import Retry

RETRIED = {"rate_limited", "overloaded", "shutting_down", "store_unavailable", "worker_lost"}


class RetryTest(unittest.TestCase):
    def setUp(self) -> None:
        self.delays: list[float] = []
        for target, value in (("imgwire.client.time.sleep", self.delays.append), ("imgwire._wire.GRACE", 0.0)):
            replaced = patch(target, value)
            replaced.start()
            self.addCleanup(replaced.stop)

    def test_each_code_has_its_class_and_only_temporary_errors_are_retried(self) -> None:
        for code, error_class in errors.BY_CODE.items():

            def refuse(requests: list[Request], code: str = code) -> list[list[bytes]]:
                return [requests[-1].error(code, parameter="width")]

            with self.subTest(code), Door(refuse) as door, Client(door.endpoint, attempts=3) as client:
                with self.assertRaises(error_class) as raised:
                    client.ping()
                self.assertEqual((raised.exception.code, raised.exception.parameter), (code, "width"))
                self.assertEqual(raised.exception.request_id, door.requests[-1].json["request_id"])
                self.assertEqual(len(door.requests), 3 if code in RETRIED else 1)

    def test_an_unknown_code_is_a_service_error(self) -> None:
        with (
            Door(lambda requests: [requests[-1].error("brand_new")]) as door,
            Client(door.endpoint) as client,
            self.assertRaises(ServiceError) as raised,
        ):
            client.ping()
        self.assertEqual(raised.exception.code, "brand_new")

    def test_waits_for_retry_after(self) -> None:
        def answer(requests: list[Request]) -> list[list[bytes]]:
            request = requests[-1]
            return [request.error("overloaded", retry_after=2) if len(requests) == 1 else request.pong()]

        with Door(answer) as door, Client(door.endpoint) as client:
            self.assertEqual(client.ping(), "1")
        self.assertEqual(len(self.delays), 1)
        self.assertTrue(2 <= self.delays[0] <= 2.5, self.delays)

    def test_does_not_wait_more_than_30_seconds(self) -> None:
        for retry_after in (31, 3600, 10**10):

            def refuse(requests: list[Request], retry_after: int = retry_after) -> list[list[bytes]]:
                return [requests[-1].error("rate_limited", retry_after=retry_after)]

            with self.subTest(retry_after), Door(refuse) as door, Client(door.endpoint) as client:
                with self.assertRaises(errors.RateLimitedError) as raised:
                    client.ping()
                self.assertEqual(raised.exception.retry_after, retry_after)
                self.assertEqual((len(door.requests), self.delays), (1, []))

    def test_backoff_is_capped_after_many_attempts(self) -> None:
        delay = Retry(5000).delay(errors.WorkerLostError("worker_lost", "Worker lost"), 4999)
        self.assertTrue(delay is not None and 5 <= delay <= 6.25, delay)

    def test_backs_off_exponentially_without_retry_after(self) -> None:
        with Door(lambda requests: [requests[-1].error("worker_lost")]) as door, Client(door.endpoint) as client:
            self.assertRaises(errors.WorkerLostError, client.ping)
        for delay, backoff in zip(self.delays, (0.1, 0.2, 0.4), strict=True):
            self.assertTrue(backoff <= delay <= backoff * 1.25, self.delays)

    def test_retries_on_a_new_socket_that_a_late_reply_does_not_reach(self) -> None:
        def answer(requests: list[Request]) -> list[list[bytes]]:
            if len(requests) == 1:
                return []
            return [requests[0].reply(version="late"), requests[1].pong()]

        with Door(answer) as door, Client(door.endpoint, timeout=0.3) as client:
            self.assertEqual(client.ping(), "1")
        first, second = door.requests
        self.assertNotEqual(first.identity, second.identity)

    def test_sends_the_timeout_with_each_request(self) -> None:
        with Door(lambda requests: [requests[-1].pong()]) as door, Client(door.endpoint, timeout=2.5) as client:
            client.ping()
        self.assertEqual(door.requests[0].json["timeout_ms"], 2500)

    def test_names_the_endpoint_within_the_timeout_if_nothing_listens(self) -> None:
        with Door(lambda requests: []) as door:
            endpoint = door.endpoint
        with Client(endpoint, timeout=0.05, attempts=2) as client, self.assertRaises(NoReplyError) as raised:
            client.ping()
        self.assertIn(endpoint, str(raised.exception))
        self.assertIsInstance(raised.exception, TimeoutError)

    def test_options_are_checked(self) -> None:
        bad: list[dict[str, Any]] = [{"timeout": 0}, {"timeout": 3601}, {"attempts": 0}]
        for options in bad:
            with self.subTest(options), self.assertRaisesRegex(ValueError, "Expected .* but received"):
                Client(**options)
        with self.assertRaisesRegex(ValueError, "Expected an endpoint such as tcp://.* but received 'localhost:5555'"):
            Client("localhost:5555").ping()


if __name__ == "__main__":
    unittest.main()
