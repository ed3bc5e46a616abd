"""Retry policy."""

import random
from dataclasses import dataclass

from ._errors import ImgwireError, NoReplyError, ServiceError
from .errors import RETRY_AFTER

RETRIED_CODES = RETRY_AFTER | {"worker_lost"}
INITIAL_DELAY = 0.1
MAX_DELAY = 5.0
MAX_DOUBLINGS = 10
MAX_RETRY_AFTER = 30
"""Seconds; a longer wait is left to the caller."""


@dataclass(frozen=True)
class Retry:
    """Waits for `retry_after`, or with exponential backoff if the error has none; both with jitter."""

    attempts: int

    def __post_init__(self) -> None:
        if self.attempts < 1:
            raise ValueError(f"Expected at least 1 for attempts but received {self.attempts}")

    def delay(self, error: ImgwireError, attempt: int) -> float | None:
        """Seconds to wait after this attempt, counted from 1; None if the error is final."""
        if attempt >= self.attempts:
            return None
        if isinstance(error, NoReplyError):
            return 0
        if not isinstance(error, ServiceError) or error.code not in RETRIED_CODES:
            return None
        wait = error.retry_after or min(MAX_DELAY, INITIAL_DELAY * 2.0 ** min(attempt - 1, MAX_DOUBLINGS))
        return None if wait > MAX_RETRY_AFTER else wait * random.uniform(1, 1.25)
