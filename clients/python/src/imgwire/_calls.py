"""Requests of the operations, and decoders of their replies."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Generic, NamedTuple, TypeVar

from ._image import Source, read_source
from .contract import ImageInfo, ListedImage, ResizedImage, RetrievedImage, Transformation, UploadedImage

T = TypeVar("T")
Reply = Mapping[str, Any]
Frames = Sequence[bytes]


@dataclass(frozen=True)
class Call(Generic[T]):
    """A request, and the decoder of its reply and the binary frames after it."""

    request: Mapping[str, Any]
    image: bytes | None
    read: Callable[[Reply, Frames], T]


class Page(NamedTuple):
    """A page of the list."""

    images: Sequence[ListedImage]
    next_cursor: str | None


def upload(data: bytes) -> Call[UploadedImage]:
    return Call({"operation": "upload"}, data, lambda reply, _: _read(UploadedImage, reply))


def stored(image_id: str) -> Call[UploadedImage]:
    """Asks for a stored image by `info`; the result is that of a repeated upload."""
    return Call(
        {"operation": "info", "image_id": image_id},
        None,
        lambda reply, _: _read(UploadedImage, {**reply, "image_id": image_id, "created": False}),
    )


def retrieve(image_id: str, offset: int, length: int | None) -> Call[RetrievedImage]:
    request: dict[str, Any] = {"operation": "retrieve", "image_id": image_id, "offset": offset}
    if length is not None:
        request["length"] = length
    return Call(_binary(request), None, lambda reply, frames: _read(RetrievedImage, {**reply, "data": frames[0]}))


def resize(image: str | Source, transformation: Transformation) -> Call[ResizedImage]:
    named, data = _image(image)
    return Call(
        _binary({"operation": "resize", **named, **transformation}),
        data,
        lambda reply, frames: _read(ResizedImage, {**reply, "data": frames[0]}),
    )


def variants(
    image: str | Source, sets: Sequence[Transformation], shared: Transformation
) -> Call[Sequence[ResizedImage]]:
    named, data = _image(image)
    return Call(
        _binary({"operation": "resize", **named, **shared, "variants": list(sets)}),
        data,
        lambda reply, frames: [
            _read(ResizedImage, {**variant, "data": frame})
            for variant, frame in zip(reply["variants"], frames, strict=True)
        ],
    )


def info(image: str | Source) -> Call[ImageInfo]:
    named, data = _image(image)
    return Call({"operation": "info", **named}, data, lambda reply, _: _read(ImageInfo, reply))


def list_page(page_size: int | None, cursor: str | None, options: Mapping[str, Any]) -> Call[Page]:
    paging = {name: value for name, value in (("limit", page_size), ("cursor", cursor)) if value is not None}
    return Call(
        {"operation": "list", **options, **paging},
        None,
        lambda reply, _: Page([_read(ListedImage, image) for image in reply["images"]], reply.get("next_cursor")),
    )


def delete(image_id: str) -> Call[None]:
    return Call({"operation": "delete", "image_id": image_id}, None, lambda reply, frames: None)


def ping() -> Call[str]:
    return Call({"operation": "ping"}, None, lambda reply, _: str(reply["version"]))


def _binary(request: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**request, "transfer_encoding": "binary"}


def _image(image: str | Source) -> tuple[Mapping[str, str], bytes | None]:
    return ({"image_id": image}, None) if isinstance(image, str) else ({}, read_source(image))


def _read(cls: type[T], reply: Reply) -> T:
    """Ignores fields of a newer service."""
    return cls(**{field.name: reply[field.name] for field in fields(cls) if field.name in reply})  # type: ignore[arg-type]
