import sys
from http import HTTPStatus
from io import BytesIO
from pathlib import Path

from imgwire_generated import Client
from imgwire_generated.api.images import (
    delete_image,
    get_image,
    get_image_info,
    list_images,
    make_variants,
    put_image,
    upload_image,
)
from imgwire_generated.models import (
    ErrorCode,
    Fit,
    ImageForm,
    ImageFormat,
    ImageInfo,
    ImagePage,
    OutputFormat,
    OutputFormatOrAuto,
    Problem,
    Transformation,
    UploadedImage,
    VariantsReply,
    VariantsRequest,
)
from imgwire_generated.types import File

url, photo, other, other_id, folder = sys.argv[1:]
client = Client(base_url=url)


def file(path: str) -> File:
    return File(payload=BytesIO(Path(path).read_bytes()), file_name=Path(path).name)


stored = upload_image.sync(client=client, body=ImageForm(image=file(photo)))
assert isinstance(stored, UploadedImage), stored
assert stored.created and stored.width == 1200 and stored.format_ == ImageFormat.JPEG, stored
image_id = stored.image_id

put = put_image.sync(other_id, client=client, body=file(other))
assert isinstance(put, UploadedImage) and put.created and put.image_id == other_id, put

original = get_image.sync(image_id, client=client)
assert isinstance(original, File), original
Path(folder, "original").write_bytes(original.payload.read())

resized = get_image.sync(image_id, client=client, width=300, format_=OutputFormatOrAuto.WEBP)
assert isinstance(resized, File), resized
Path(folder, "resized").write_bytes(resized.payload.read())

info = get_image_info.sync(image_id, client=client)
assert isinstance(info, ImageInfo), info
assert (info.width, info.height, info.frames, info.has_alpha) == (1200, 900, 1, False), info

page = list_images.sync(client=client)
assert isinstance(page, ImagePage), page
assert {image.image_id for image in page.images} == {image_id, other_id}, page

sets = [Transformation(width=100), Transformation(width=200, height=200)]
reply = make_variants.sync(
    image_id, client=client, body=VariantsRequest(format_=OutputFormat.WEBP, fit=Fit.INSIDE, variants=sets)
)
assert isinstance(reply, VariantsReply), reply
sizes = [(variant.format_, variant.width, variant.height) for variant in reply.variants]
assert sizes == [(ImageFormat.WEBP, 100, 75), (ImageFormat.WEBP, 200, 150)], sizes

refused = get_image.sync(image_id, client=client, background="no-colour")
assert isinstance(refused, Problem), refused
assert (refused.code, refused.parameter) == (ErrorCode.INVALID_REQUEST, "background"), refused

deleted = delete_image.sync_detailed(image_id, client=client)
assert deleted.status_code == HTTPStatus.NO_CONTENT, deleted
missing = get_image.sync(image_id, client=client)
assert isinstance(missing, Problem) and missing.code == ErrorCode.NOT_FOUND, missing
