"""Retry policy."""

import random
from dataclasses import dataclass

from ._errors import ImgwireError, NoReplyError, ServiceError
from .errors import RETRY_AFTER

RETRIED_CODES = RETRY_AFTER | {"worker_lost"}
FIRST_DELAY = 0.1
LONGEST_DELAY = 5.0


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
        backoff = min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** (attempt - 1))
        return (error.retry_after or backoff) * random.uniform(1, 1.25)
