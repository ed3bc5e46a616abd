"""A DEALER socket with any number of requests in flight."""

import asyncio
from collections.abc import Sequence
from typing import Any

import zmq.asyncio

from ._calls import Frames, Reply
from ._errors import ImgwireError, UnexpectedReplyError
from ._wire import parse


class Connection:
    """Matches replies to requests by request_id, since they arrive in order of completion."""

    def __init__(self, socket: zmq.asyncio.Socket) -> None:
        self._socket = socket
        self._pending: dict[str, asyncio.Future[tuple[Reply, Frames]]] = {}
        self._retired = False
        self._reader = asyncio.create_task(self._read())

    async def exchange(self, request_id: str, message: Sequence[bytes], reply_timeout: float) -> tuple[Reply, Frames]:
        """Sends a request and waits for its reply.

        Raises the builtin TimeoutError after `reply_timeout` seconds.
        """
        reply: asyncio.Future[tuple[Reply, Frames]] = asyncio.get_running_loop().create_future()
        self._pending[request_id] = reply
        try:
            async with asyncio.timeout(reply_timeout):
                # The empty delimiter frame, which a REQ socket would add.
                await self._socket.send_multipart([b"", *message])
                return await reply
        finally:
            del self._pending[request_id]
            if self._retired and not self._pending:
                self._close()

    def retire(self) -> None:
        """Closes the socket once no requests are in flight on it."""
        self._retired = True
        if not self._pending:
            self._close()

    def abort(self) -> None:
        """Closes the socket and fails the requests in flight on it."""
        self._fail(ImgwireError("The client is closed"))
        self._close()

    def _fail(self, error: ImgwireError) -> None:
        for reply in self._pending.values():
            if not reply.done():
                reply.set_exception(error)

    def _close(self) -> None:
        self._reader.cancel()
        self._socket.close()

    async def _read(self) -> None:
        while True:
            message: list[Any] = await self._socket.recv_multipart()
            try:
                reply, frames = parse(message[1:])
            except UnexpectedReplyError as error:
                # Matches no request, so all fail. Drops the traceback, by which a caller could clear this task's frame.
                self._fail(error.with_traceback(None))
                continue
            pending = self._pending.get(str(reply.get("request_id")))
            if pending is not None and not pending.done():
                pending.set_result((reply, frames))
