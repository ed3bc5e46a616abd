"""An image from upload to deletion with the asyncio client: sys.argv = endpoint, photo of 1200 x 900."""

import asyncio
import hashlib
import sys
from pathlib import Path

from imgwire import AsyncClient, errors


async def main(endpoint: str, photo: Path, original: bytes) -> None:
    image_id = hashlib.sha256(original).hexdigest()
    async with AsyncClient(endpoint) as client:
        assert await client.ping()
        uploaded = await client.upload(photo)
        assert (uploaded.image_id, uploaded.created) == (image_id, True), uploaded
        assert not (await client.upload(original)).created
        assert (await client.retrieve(image_id)).data == original

        # More than the service would queue.
        widths = [*range(100, 400)]
        images = await asyncio.gather(*(client.resize(image_id, width=width, format="jpeg") for width in widths))
        assert [image.width for image in images] == widths
        assert all(image.data.startswith(b"\xff\xd8") for image in images)

        small, large = await client.variants(image_id, [{"width": 100}, {"width": 200}], format="webp")
        assert (small.width, large.width, large.format) == (100, 200, "webp")
        assert (await client.info(image_id)).width == 1200
        await client.upload(small.data)
        listed = [image.image_id async for image in client.list(page_size=1)]
        assert len(listed) == 2 and image_id in listed, listed

        try:
            await client.resize(image_id, fit="covr")  # type: ignore[arg-type]
            raise AssertionError("Expected an error for fit")
        except errors.InvalidRequestError as error:
            assert error.parameter == "fit", error
        await client.delete(image_id)
        try:
            await client.info(image_id)
            raise AssertionError("Expected an error after delete")
        except errors.NotFoundError:
            pass
    print("done")


path = Path(sys.argv[2])
asyncio.run(main(sys.argv[1], path, path.read_bytes()))
