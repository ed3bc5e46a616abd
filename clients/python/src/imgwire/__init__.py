"""Client for imgwire, the image service, over ZeroMQ."""

from . import contract, errors
from ._wire import CurveKeys
from .aio import AsyncClient
from .client import Client
from .errors import ImgwireError, NoReplyError, ServiceError, UnexpectedReplyError
from .signing import sign_url, upload_grant

__all__ = [
    "AsyncClient",
    "Client",
    "CurveKeys",
    "ImgwireError",
    "NoReplyError",
    "ServiceError",
    "UnexpectedReplyError",
    "contract",
    "errors",
    "sign_url",
    "upload_grant",
]
