"""Sockets and frames."""

import json
import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import zmq

from ._calls import Call, Frames, Reply
from ._errors import ServiceError, UnexpectedReplyError
from .errors import BY_CODE

DEFAULT_ENDPOINT = "tcp://127.0.0.1:5555"
GRACE = 1.0
"""Seconds to wait beyond `timeout_ms`, for the service's own `timeout` error to arrive."""

T = TypeVar("T")
AnySocket = TypeVar("AnySocket", bound=zmq.Socket[Any])


@dataclass(frozen=True)
class CurveKeys:
    """Z85 keys for a service with CURVE; `zmq.curve_keypair()` makes a pair for the client."""

    server: str
    public: str
    secret: str


@dataclass(frozen=True)
class Address:
    """Endpoint, keys and timeout of the service."""

    endpoint: str
    curve: CurveKeys | None
    timeout: float

    def __post_init__(self) -> None:
        if not 0 < self.timeout <= 3600:
            raise ValueError(f"Expected seconds from 0 to 3600 for timeout but received {self.timeout}")

    @property
    def reply_timeout(self) -> float:
        """Seconds to wait for a reply."""
        return self.timeout + GRACE

    def connect(self, socket: AnySocket) -> AnySocket:
        """Sets the socket options and connects; raises ValueError for an invalid endpoint."""
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.IPV6, int("[" in self.endpoint))
        if self.curve is not None:
            socket.setsockopt(zmq.CURVE_SERVERKEY, self.curve.server.encode())
            socket.setsockopt(zmq.CURVE_PUBLICKEY, self.curve.public.encode())
            socket.setsockopt(zmq.CURVE_SECRETKEY, self.curve.secret.encode())
        try:
            socket.connect(self.endpoint)
        except zmq.ZMQError as error:
            socket.close()
            message = f"Expected an endpoint such as {DEFAULT_ENDPOINT} but received {self.endpoint!r}"
            raise ValueError(message) from error
        return socket

    def frames(self, call: Call[Any], request_id: str) -> list[bytes]:
        """Encodes a call as frames; raises ValueError for NaN and Infinity, which JSON cannot represent."""
        request = {**call.request, "request_id": request_id, "timeout_ms": max(1, int(self.timeout * 1000))}
        head = json.dumps(request, default=_plain, allow_nan=False).encode()
        return [head] if call.image is None else [head, call.image]

    def no_reply_message(self) -> str:
        return f"No reply from {self.endpoint} within {self.reply_timeout:g} s"


def new_request_id() -> str:
    return f"py-{os.getpid()}-{uuid.uuid4().hex[:16]}"


def parse(frames: Sequence[bytes]) -> tuple[Reply, Frames]:
    """Splits a reply into its JSON and its images; raises UnexpectedReplyError if it is not from the service."""
    try:
        reply = json.loads(frames[0])
    except (IndexError, ValueError) as error:
        raise _unexpected(b"".join(frames[:1])[:100]) from error
    match reply:
        case {"status": "success", "request_id": str()}:
            return reply, frames[1:]
        case {"status": "error", "code": str(), "message": str()}:
            if isinstance(reply.get("retry_after", 0), int | float):
                return reply, frames[1:]
    raise _unexpected(reply)


def result_of(call: Call[T], reply: Reply, frames: Frames) -> T:
    """Decodes the result of a call; raises the error of an error reply, or UnexpectedReplyError."""
    if reply["status"] == "success":
        try:
            return call.decode(reply, frames)
        except (LookupError, TypeError, ValueError) as error:
            raise _unexpected(reply) from error
    code = reply["code"]
    raise BY_CODE.get(code, ServiceError)(
        code,
        reply["message"],
        parameter=reply.get("parameter"),
        retry_after=reply.get("retry_after"),
        request_id=reply.get("request_id"),
    )


def _unexpected(received: object) -> UnexpectedReplyError:
    return UnexpectedReplyError(f"Expected an imgwire reply but received {str(received)[:100]}")


def _plain(value: object) -> object:
    """Converts numbers of other libraries, such as numpy, to Python's own."""
    item = getattr(value, "item", None)
    if item is None:
        raise TypeError(f"Expected JSON values for parameters but received {type(value).__name__}")
    return item()
