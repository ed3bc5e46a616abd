"""Requests of the operations and decoders of their replies."""

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
    """A request, and the decoder of its reply with the binary frames that follow."""

    request: Mapping[str, Any]
    image: bytes | None
    decode: Callable[[Reply, Frames], T]


class Page(NamedTuple):
    """A page of the list."""

    images: Sequence[ListedImage]
    next_cursor: str | None


def upload(data: bytes) -> Call[UploadedImage]:
    return Call({"operation": "upload"}, data, lambda reply, _: _decode(UploadedImage, reply))


def stored(image_id: str) -> Call[UploadedImage]:
    """Looks up a stored image with `info`; the result is the same as of a repeated upload."""
    return Call(
        {"operation": "info", "image_id": image_id},
        None,
        lambda reply, _: _decode(UploadedImage, {**reply, "image_id": image_id, "created": False}),
    )


def retrieve(image_id: str, offset: int, length: int | None) -> Call[RetrievedImage]:
    request: dict[str, Any] = {"operation": "retrieve", "image_id": image_id, "offset": offset}
    if length is not None:
        request["length"] = length
    return Call(
        _with_binary(request),
        None,
        lambda reply, frames: _decode(RetrievedImage, {**reply, "data": frames[0]}),
    )


def resize(image: str | Source, transformation: Transformation) -> Call[ResizedImage]:
    named, data = _input(image)
    return Call(
        _with_binary({"operation": "resize", **named, **transformation}),
        data,
        lambda reply, frames: _decode(ResizedImage, {**reply, "data": frames[0]}),
    )


def variants(
    image: str | Source, sets: Sequence[Transformation], shared: Transformation
) -> Call[Sequence[ResizedImage]]:
    named, data = _input(image)
    return Call(
        _with_binary({"operation": "resize", **named, **shared, "variants": list(sets)}),
        data,
        lambda reply, frames: [
            _decode(ResizedImage, {**variant, "data": frame})
            for variant, frame in zip(reply["variants"], frames, strict=True)
        ],
    )


def info(image: str | Source) -> Call[ImageInfo]:
    named, data = _input(image)
    return Call({"operation": "info", **named}, data, lambda reply, _: _decode(ImageInfo, reply))


def list_page(page_size: int | None, cursor: str | None, options: Mapping[str, Any]) -> Call[Page]:
    paging = {name: value for name, value in (("limit", page_size), ("cursor", cursor)) if value is not None}
    return Call(
        {"operation": "list", **options, **paging},
        None,
        lambda reply, _: Page([_decode(ListedImage, image) for image in reply["images"]], reply.get("next_cursor")),
    )


def delete(image_id: str) -> Call[None]:
    return Call({"operation": "delete", "image_id": image_id}, None, lambda reply, frames: None)


def ping() -> Call[str]:
    return Call({"operation": "ping"}, None, lambda reply, _: str(reply["version"]))


def _with_binary(request: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**request, "transfer_encoding": "binary"}


def _input(image: str | Source) -> tuple[Mapping[str, str], bytes | None]:
    return ({"image_id": image}, None) if isinstance(image, str) else ({}, read_source(image))


def _decode(cls: type[T], reply: Reply) -> T:
    """Creates the result from the fields of a reply. Unknown fields, from a newer service, are ignored."""
    return cls(**{field.name: reply[field.name] for field in fields(cls) if field.name in reply})  # type: ignore[arg-type]
