"""Errors: one class per error code of the service.

Generated from the contract of the service by generate.ts.
"""

from ._errors import ImgwireError, NoReplyError, ServiceError, UnexpectedReplyError

__all__ = [
    "ForbiddenError",
    "ImgwireError",
    "InsufficientStorageError",
    "InternalError",
    "InvalidOperationError",
    "InvalidRequestError",
    "NoReplyError",
    "NotFoundError",
    "OverloadedError",
    "RateLimitedError",
    "ServiceError",
    "ServiceTimeoutError",
    "ShuttingDownError",
    "StoreUnavailableError",
    "TooLargeError",
    "UnauthorizedError",
    "UnexpectedReplyError",
    "UnprocessableImageError",
    "UnsupportedFormatError",
    "WorkerLostError",
]


class InvalidRequestError(ServiceError):
    """Invalid request (400 over HTTP)."""


class InvalidOperationError(ServiceError):
    """Invalid operation (400 over HTTP)."""


class UnauthorizedError(ServiceError):
    """Unauthorized (401 over HTTP)."""


class ForbiddenError(ServiceError):
    """Forbidden (403 over HTTP)."""


class NotFoundError(ServiceError):
    """Not found (404 over HTTP)."""


class TooLargeError(ServiceError):
    """Too large (413 over HTTP)."""


class UnsupportedFormatError(ServiceError):
    """Unsupported format (415 over HTTP)."""


class UnprocessableImageError(ServiceError):
    """Unprocessable image (422 over HTTP)."""


class RateLimitedError(ServiceError):
    """Rate limited (429 over HTTP)."""


class InternalError(ServiceError):
    """Internal error (500 over HTTP)."""


class WorkerLostError(ServiceError):
    """Worker lost (502 over HTTP)."""


class OverloadedError(ServiceError):
    """Overloaded (503 over HTTP)."""


class ShuttingDownError(ServiceError):
    """Shutting down (503 over HTTP)."""


class StoreUnavailableError(ServiceError):
    """Store unavailable (503 over HTTP)."""


class ServiceTimeoutError(ServiceError):
    """Timeout (504 over HTTP)."""


class InsufficientStorageError(ServiceError):
    """Insufficient storage (507 over HTTP)."""


BY_CODE: dict[str, type[ServiceError]] = {
    "invalid_request": InvalidRequestError,
    "invalid_operation": InvalidOperationError,
    "unauthorized": UnauthorizedError,
    "forbidden": ForbiddenError,
    "not_found": NotFoundError,
    "too_large": TooLargeError,
    "unsupported_format": UnsupportedFormatError,
    "unprocessable_image": UnprocessableImageError,
    "rate_limited": RateLimitedError,
    "internal": InternalError,
    "worker_lost": WorkerLostError,
    "overloaded": OverloadedError,
    "shutting_down": ShuttingDownError,
    "store_unavailable": StoreUnavailableError,
    "timeout": ServiceTimeoutError,
    "insufficient_storage": InsufficientStorageError,
}
"""Error classes by code."""

RETRY_AFTER = frozenset({"rate_limited", "overloaded", "shutting_down", "store_unavailable"})
"""Codes that the service sends with retry_after."""
