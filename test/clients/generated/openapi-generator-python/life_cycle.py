import sys
from pathlib import Path

from imgwire_generated import (
    ApiClient,
    ApiException,
    Configuration,
    ErrorCode,
    Fit,
    ImageFormat,
    ImagesApi,
    OutputFormat,
    OutputFormatOrAuto,
    Transformation,
    VariantsRequest,
)

url, photo, other, other_id, folder = sys.argv[1:]
images = ImagesApi(ApiClient(Configuration(host=url)))

stored = images.upload_image(image=(Path(photo).name, Path(photo).read_bytes()))
assert stored.created and stored.width == 1200 and stored.format == ImageFormat.JPEG, stored
image_id = stored.image_id

put = images.put_image(other_id, Path(other).read_bytes())
assert put.created and put.image_id == other_id, put

Path(folder, "original").write_bytes(images.get_image(image_id))
Path(folder, "resized").write_bytes(images.get_image(image_id, width=300, format=OutputFormatOrAuto.WEBP))

info = images.get_image_info(image_id)
assert (info.width, info.height, info.frames, info.has_alpha) == (1200, 900, 1, False), info

page = images.list_images()
assert {image.image_id for image in page.images} == {image_id, other_id}, page

sets = [Transformation(width=100), Transformation(width=200, height=200)]
reply = images.make_variants(image_id, VariantsRequest(format=OutputFormat.WEBP, fit=Fit.INSIDE, variants=sets))
sizes = [(variant.format, variant.width, variant.height) for variant in reply.variants]
assert sizes == [(ImageFormat.WEBP, 100, 75), (ImageFormat.WEBP, 200, 150)], sizes

try:
    images.get_image(image_id, background="no-colour")
    raise AssertionError("Expected a refusal of background")
except ApiException as error:
    assert (error.status, error.data.code, error.data.parameter) == (400, ErrorCode.INVALID_REQUEST, "background"), error

images.delete_image(image_id)
try:
    images.get_image(image_id)
    raise AssertionError("Expected not_found")
except ApiException as error:
    assert (error.status, error.data.code) == (404, ErrorCode.NOT_FOUND), error
