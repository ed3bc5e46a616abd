"""Image sources."""

import hashlib
import os
from pathlib import Path
from typing import BinaryIO, TypeAlias

Source: TypeAlias = bytes | bytearray | memoryview | os.PathLike[str] | BinaryIO
"""An image: its bytes, a path, or a file open in binary mode."""


def read_source(source: Source) -> bytes:
    """Returns the bytes of the image.

    Raises TypeError for a str, which could be either a path or an image_id.
    """
    if isinstance(source, bytes):
        return source
    if isinstance(source, bytearray | memoryview):
        return bytes(source)
    if isinstance(source, os.PathLike):
        return Path(source).read_bytes()
    data = source.read() if hasattr(source, "read") else None
    if isinstance(data, bytes):
        return data
    received = "a file in text mode" if isinstance(data, str) else type(source).__name__
    raise TypeError(f"Expected bytes, a pathlib.Path or a binary file for the image but received {received}")


def image_id_of(data: bytes) -> str:
    """The image_id: the SHA-256 of the file in lowercase hex."""
    return hashlib.sha256(data).hexdigest()
