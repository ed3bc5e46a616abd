"""An image from upload to deletion with the waiting client: sys.argv = endpoint, photo of 1200 x 900."""

import hashlib
import sys
from pathlib import Path

from imgwire import Client, errors

endpoint, photo = sys.argv[1], Path(sys.argv[2])
original = photo.read_bytes()
image_id = hashlib.sha256(original).hexdigest()

with Client(endpoint) as client:
    assert client.ping()
    uploaded = client.upload(photo)
    assert (uploaded.image_id, uploaded.created) == (image_id, True), uploaded
    assert (uploaded.format, uploaded.width, uploaded.height, uploaded.size) == ("jpeg", 1200, 900, len(original))
    with photo.open("rb") as file:
        again = client.upload(file)
    assert (again.image_id, again.created, again.media_type) == (image_id, False, "image/jpeg"), again

    retrieved = client.retrieve(image_id)
    assert retrieved.data == original and retrieved.media_type == "image/jpeg"
    part = client.retrieve(image_id, offset=10, length=20)
    assert part.data == original[10:30] and part.size == len(original)
    assert client.retrieve(image_id, length=0).data == b""

    resized = client.resize(image_id, width=300, format="webp", background="ff8800")
    assert (resized.width, resized.height, resized.format, resized.size) == (300, 225, "webp", len(resized.data))
    assert resized.data[8:12] == b"WEBP"
    one_shot = client.resize(photo, width=30, height=20, fit="fill", format="png", metadata="strip")
    assert (one_shot.width, one_shot.height) == (30, 20) and one_shot.data.startswith(b"\x89PNG")

    small, large = client.variants(image_id, [{"width": 100}, {"width": 200, "format": "png"}], format="webp")
    assert (small.width, small.format, large.width, large.format) == (100, "webp", 200, "png")
    assert small.data[8:12] == b"WEBP" and large.data.startswith(b"\x89PNG")

    info = client.info(image_id)
    assert (info.width, info.height, info.frames, info.has_alpha) == (1200, 900, 1, False), info
    assert info.created_at and client.info(original).created_at is None

    others = [client.upload(client.resize(image_id, width=width).data).image_id for width in (10, 20)]
    assert {image.image_id for image in client.list(page_size=2)} == {image_id, *others}
    newest_first = [image.image_id for image in client.list(page_size=1, order="newest")]
    assert newest_first == [*reversed(others), image_id], newest_first

    try:
        client.resize(image_id, width="abc")  # type: ignore[arg-type]
        raise AssertionError("Expected an error for width")
    except errors.InvalidRequestError as error:
        assert error.parameter == "width" and error.request_id, error
    try:
        client.upload(b"not an image")
        raise AssertionError("Expected an error for the format")
    except errors.UnsupportedFormatError as error:
        assert error.code == "unsupported_format"

    client.delete(image_id)
    try:
        client.retrieve(image_id)
        raise AssertionError("Expected an error after delete")
    except errors.NotFoundError:
        pass
print("done")
