"""asyncio client."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from itertools import count
from types import TracebackType
from typing import Self, TypeVar, Unpack

import zmq.asyncio

from . import _calls as calls
from ._connection import Connection
from ._errors import ImgwireError, NoReplyError
from ._image import Source, image_id_of, read_source
from ._retry import Retry
from ._wire import DEFAULT_ENDPOINT, Address, CurveKeys, new_request_id, result_of
from .contract import ImageInfo, ListedImage, ListOptions, ResizedImage, RetrievedImage, Transformation, UploadedImage
from .errors import ForbiddenError, NotFoundError

T = TypeVar("T")


class AsyncClient:
    """asyncio client over one DEALER socket, with up to `max_in_flight` requests at once.

    Connects on first use and reconnects as needed. Bound to the event loop and the process of its first use.

    timeout: seconds per attempt, at most 3600; sent as `timeout_ms`, after which the service drops the request
    attempts: maximum attempts per request, if there is no reply or the error is temporary
    max_in_flight: further calls wait in the client; the service answers `overloaded` beyond its queue limit (256 by
        default)
    """

    def __init__(
        self,
        endpoint: str = DEFAULT_ENDPOINT,
        *,
        timeout: float = 15.0,
        attempts: int = 4,
        max_in_flight: int = 32,
        curve: CurveKeys | None = None,
    ) -> None:
        if max_in_flight < 1:
            raise ValueError(f"Expected at least 1 for max_in_flight but received {max_in_flight}")
        self._address = Address(endpoint, curve, timeout)
        self._retry = Retry(attempts)
        self._slots = asyncio.Semaphore(max_in_flight)
        self._connection: Connection | None = None
        self._closed = False

    async def upload(self, image: Source) -> UploadedImage:
        """Stores an image; sends its bytes only if it is not stored yet."""
        async with self._slots:
            data = await asyncio.to_thread(read_source, image)
            try:
                return await self._with_retries(calls.stored(await asyncio.to_thread(image_id_of, data)))
            except (ForbiddenError, NotFoundError):
                return await self._with_retries(calls.upload(data))

    async def retrieve(self, image_id: str, *, offset: int = 0, length: int | None = None) -> RetrievedImage:
        """Returns a stored image as it was uploaded, or `length` bytes of it from `offset`."""
        return await self._call(calls.retrieve(image_id, offset, length))

    async def resize(self, image: str | Source, **transformation: Unpack[Transformation]) -> ResizedImage:
        """Transforms an image: a stored one, given its image_id, or one that is sent along and not stored."""
        return await self._call_with(calls.resize, image, transformation)

    async def variants(
        self, image: str | Source, sets: Sequence[Transformation], **shared: Unpack[Transformation]
    ) -> Sequence[ResizedImage]:
        """Makes one image per set of parameters; each set overrides the shared parameters."""
        return await self._call_with(calls.variants, image, sets, shared)

    async def info(self, image: str | Source) -> ImageInfo:
        """Describes an image: a stored one, given its image_id, or one that is sent along."""
        return await self._call_with(calls.info, image)

    async def list(self, *, page_size: int | None = None, **options: Unpack[ListOptions]) -> AsyncIterator[ListedImage]:
        """Iterates over the stored images, fetching them page by page."""
        cursor: str | None = None
        while True:
            page = await self._call(calls.list_page(page_size, cursor, options))
            for image in page.images:
                yield image
            cursor = page.next_cursor
            if cursor is None:
                return

    async def delete(self, image_id: str) -> None:
        """Deletes a stored image."""
        await self._call(calls.delete(image_id))

    async def ping(self) -> str:
        """Returns the version of the service."""
        return await self._call(calls.ping())

    def close(self) -> None:
        """Closes the socket; calls in flight raise ImgwireError."""
        self._closed = True
        if self._connection is not None:
            self._connection.abort()
            self._connection = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    async def _call(self, call: calls.Call[T]) -> T:
        async with self._slots:
            return await self._with_retries(call)

    async def _call_with(self, make: Callable[..., calls.Call[T]], image: str | Source, *arguments: object) -> T:
        """Reads the image only once a slot is free: waiting calls hold no image in memory."""
        async with self._slots:
            return await self._with_retries(await asyncio.to_thread(make, image, *arguments))

    async def _with_retries(self, call: calls.Call[T]) -> T:
        for attempt in count(1):
            try:
                return await self._exchange(call)
            except ImgwireError as error:
                delay = self._retry.delay(error, attempt)
                if delay is None:
                    raise
            await asyncio.sleep(delay)
        raise AssertionError("unreachable")

    async def _exchange(self, call: calls.Call[T]) -> T:
        connection = self._open_connection()
        request_id = new_request_id()
        try:
            message = self._address.frames(call, request_id)
            reply, frames = await connection.exchange(request_id, message, self._address.reply_timeout)
        except TimeoutError as error:
            # Lazy Pirate: retry on a new socket; other requests in flight stay on the old one.
            connection.retire()
            if self._connection is connection:
                self._connection = None
            raise NoReplyError(self._address.no_reply_message()) from error
        return result_of(call, reply, frames)

    def _open_connection(self) -> Connection:
        if self._closed:
            raise ImgwireError("The client is closed")
        if self._connection is None:
            context = zmq.asyncio.Context.instance()
            self._connection = Connection(self._address.connect(context.socket(zmq.DEALER)))
        return self._connection
