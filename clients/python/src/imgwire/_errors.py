"""Base classes of the errors."""


class ImgwireError(Exception):
    """Base class of all errors of this package."""


class NoReplyError(ImgwireError, TimeoutError):
    """The service did not answer: it is down, unreachable, or refuses the client's CURVE key."""


class UnexpectedReplyError(ImgwireError):
    """The reply came from something other than the service."""


class ServiceError(ImgwireError):
    """The service answered with an error."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        parameter: str | None = None,
        retry_after: float | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.parameter = parameter
        """Name of the request field at fault."""
        self.retry_after = retry_after
        """Seconds to wait before retrying."""
        self.request_id = request_id
        """Identifies the request in the logs of the service."""
