"""Resizes without a pause while the service ends and starts again: sys.argv = endpoint, photo.

Prints "running" once all workers are at it. A line on stdin says that the service is back: each worker then does a few
requests more. No request may fail.
"""

import asyncio
import sys
import threading
from itertools import count
from pathlib import Path

from imgwire import AsyncClient, Client

TASKS = 8
TIMEOUT = 3.0

restarted = threading.Event()
running = threading.Barrier(2, action=lambda: print("running", flush=True))


def listen() -> None:
    if sys.stdin.readline():
        restarted.set()


def waiting(endpoint: str, image_id: str) -> None:
    left = 5
    with Client(endpoint, timeout=TIMEOUT) as client:
        for number in count():
            width = 16 + number % 2000
            assert client.resize(image_id, width=width, format="jpeg").width == width
            if number == 3:
                running.wait()
            left -= restarted.is_set()
            if left == 0:
                return


async def concurrent(endpoint: str, image_id: str) -> None:
    async def work(client: AsyncClient, worker: int) -> None:
        left = 5
        for number in count():
            width = 2100 + (number * TASKS + worker) % 4000
            assert (await client.resize(image_id, width=width, height=20, format="jpeg")).width == width
            if number == 3 and worker == 0:
                await asyncio.to_thread(running.wait)
            left -= restarted.is_set()
            if left == 0:
                return

    async with AsyncClient(endpoint, timeout=TIMEOUT) as client:
        await asyncio.gather(*(work(client, worker) for worker in range(TASKS)))


async def main(endpoint: str, photo: Path) -> None:
    with Client(endpoint) as client:
        image_id = client.upload(photo).image_id
    threading.Thread(target=listen, daemon=True).start()
    await asyncio.gather(asyncio.to_thread(waiting, endpoint, image_id), concurrent(endpoint, image_id))
    print("done")


asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
