"""A ROUTER socket that stands in for the service, with replies defined by the test."""

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import zmq

INFO = {"format": "png", "media_type": "image/png", "width": 3, "height": 2, "size": 70, "frames": 1, "orientation": 1}
INFO |= {"has_alpha": False, "color_space": "srgb"}


FOREIGN_FRAMES = (
    b"<html>",
    b"\xff",
    b"",
    b"null",
    b"[]",
    b"{}",
    b'{"status": "success"}',
    b'{"status": "error"}',
    b'{"status": "error", "code": "overloaded", "message": "", "retry_after": "1"}',
)
"""Frames that something other than the service may send."""


@dataclass(frozen=True)
class Request:
    """A request as it arrived."""

    identity: bytes
    json: dict[str, Any]
    frames: Sequence[bytes]

    def reply(self, *frames: bytes, **fields: Any) -> list[bytes]:
        head = {"status": "success", "message": "", "request_id": self.json["request_id"], **fields}
        return [self.identity, b"", json.dumps(head).encode(), *frames]

    def raw(self, *frames: bytes) -> list[bytes]:
        """A reply as something other than the service would send it."""
        return [self.identity, b"", *frames]

    def error(self, code: str, **fields: Any) -> list[bytes]:
        return self.reply(status="error", code=code, **fields)

    def pong(self) -> list[bytes]:
        return self.reply(version="1")


Answer = Callable[[list[Request]], list[list[bytes]]]


class Door:
    """Calls `answer` with all requests so far whenever one arrives, and sends the messages it returns.

    Calls `idle`, if given, in the same way whenever no request has arrived for a while.
    """

    def __init__(self, answer: Answer, idle: Answer | None = None) -> None:
        self.requests: list[Request] = []
        self._answer = answer
        self._idle = idle
        self._context = zmq.Context()
        self._router = self._context.socket(zmq.ROUTER)
        self._router.linger = 0
        self.endpoint = f"tcp://127.0.0.1:{self._router.bind_to_random_port('tcp://127.0.0.1')}"
        self._arrival = threading.Condition()
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._stop = self._context.socket(zmq.PAIR)
        self._stop.bind("inproc://stop")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.send(b"")
        self._thread.join()
        self._stop.close()
        self._router.close()
        self._context.term()

    def wait_for_request(self) -> None:
        """Returns once the first request has arrived."""
        with self._arrival:
            assert self._arrival.wait_for(lambda: self.requests, timeout=10)

    def _serve(self) -> None:
        stopped = self._context.socket(zmq.PAIR)
        stopped.connect("inproc://stop")
        poller = zmq.Poller()
        poller.register(stopped, zmq.POLLIN)
        poller.register(self._router, zmq.POLLIN)
        while True:
            ready = dict(poller.poll(50 if self._idle else None))
            if stopped in ready:
                return stopped.close()
            if self._router in ready:
                identity, _, head, *frames = self._router.recv_multipart()
                with self._arrival:
                    self.requests.append(Request(identity, json.loads(head), frames))
                    self._arrival.notify()
                messages = self._answer(self.requests)
            else:
                messages = self._idle(self.requests) if self._idle else []
            for message in messages:
                self._router.send_multipart(message)
