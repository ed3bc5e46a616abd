"""Synchronous client."""

import os
import threading
import time
from collections.abc import Iterator, Sequence
from itertools import count
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack

import zmq

from . import _calls as calls
from ._errors import ImgwireError, NoReplyError
from ._image import Source, image_id_of, read_source
from ._retry import Retry
from ._wire import DEFAULT_ENDPOINT, Address, CurveKeys, new_request_id, parse, result_of
from .contract import ImageInfo, ListedImage, ListOptions, ResizedImage, RetrievedImage, Transformation, UploadedImage
from .errors import ForbiddenError, NotFoundError

T = TypeVar("T")


class Client:
    """Synchronous client over one REQ socket: one request at a time.

    Connects on first use and reconnects as needed. Calls from several threads are serialized; a forked process opens
    its own socket.

    timeout: seconds per attempt, at most 3600; sent as `timeout_ms`, after which the service drops the request
    attempts: maximum attempts per request, if there is no reply or the error is temporary
    """

    def __init__(
        self,
        endpoint: str = DEFAULT_ENDPOINT,
        *,
        timeout: float = 15.0,
        attempts: int = 4,
        curve: CurveKeys | None = None,
    ) -> None:
        self._address = Address(endpoint, curve, timeout)
        self._retry = Retry(attempts)
        self._lock = threading.Lock()
        self._socket: zmq.Socket[bytes] | None = None
        self._pid = 0
        self._closed = False

    def upload(self, image: Source) -> UploadedImage:
        """Stores an image; sends its bytes only if it is not stored yet."""
        data = read_source(image)
        try:
            return self._call(calls.stored(image_id_of(data)))
        except (ForbiddenError, NotFoundError):
            return self._call(calls.upload(data))

    def retrieve(self, image_id: str, *, offset: int = 0, length: int | None = None) -> RetrievedImage:
        """Returns a stored image as it was uploaded, or `length` bytes of it from `offset`."""
        return self._call(calls.retrieve(image_id, offset, length))

    def resize(self, image: str | Source, **transformation: Unpack[Transformation]) -> ResizedImage:
        """Transforms an image: a stored one, given its image_id, or one that is sent along and not stored."""
        return self._call(calls.resize(image, transformation))

    def variants(
        self, image: str | Source, sets: Sequence[Transformation], **shared: Unpack[Transformation]
    ) -> Sequence[ResizedImage]:
        """Makes one image per set of parameters; each set overrides the shared parameters."""
        return self._call(calls.variants(image, sets, shared))

    def info(self, image: str | Source) -> ImageInfo:
        """Describes an image: a stored one, given its image_id, or one that is sent along."""
        return self._call(calls.info(image))

    def list(self, *, page_size: int | None = None, **options: Unpack[ListOptions]) -> Iterator[ListedImage]:
        """Iterates over the stored images, fetching them page by page."""
        cursor: str | None = None
        while True:
            page = self._call(calls.list_page(page_size, cursor, options))
            yield from page.images
            cursor = page.next_cursor
            if cursor is None:
                return

    def delete(self, image_id: str) -> None:
        """Deletes a stored image."""
        self._call(calls.delete(image_id))

    def ping(self) -> str:
        """Returns the version of the service."""
        return self._call(calls.ping())

    def close(self) -> None:
        """Closes the socket, once a call in progress in another thread is done."""
        with self._lock:
            self._closed = True
            self._drop_socket()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _call(self, call: calls.Call[T]) -> T:
        for attempt in count(1):
            try:
                with self._lock:
                    return self._exchange(call)
            except ImgwireError as error:
                delay = self._retry.delay(error, attempt)
                if delay is None:
                    raise
            time.sleep(delay)
        raise AssertionError("unreachable")

    def _exchange(self, call: calls.Call[T]) -> T:
        socket = self._open_socket()
        try:
            socket.send_multipart(self._address.frames(call, new_request_id()))
            if not socket.poll(int(self._address.reply_timeout * 1000)):
                raise NoReplyError(self._address.no_reply_message())
            reply, frames = parse(socket.recv_multipart())
        except BaseException:
            # Lazy Pirate: a REQ socket that still awaits a reply cannot send again.
            self._drop_socket()
            raise
        return result_of(call, reply, frames)

    def _open_socket(self) -> zmq.Socket[Any]:
        if self._closed:
            raise ImgwireError("The client is closed")
        if self._pid != os.getpid():
            self._drop_socket()
        if self._socket is None:
            self._socket = self._address.connect(zmq.Context.instance().socket(zmq.REQ))
            self._pid = os.getpid()
        return self._socket

    def _drop_socket(self) -> None:
        """Closes the socket; after a fork the parent keeps it, as pyzmq only closes sockets of its own process."""
        if self._socket is not None:
            self._socket.close()
        self._socket = None
