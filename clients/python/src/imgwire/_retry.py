"""Retry policy."""

import random
from dataclasses import dataclass

from ._errors import ImgwireError, NoReplyError, ServiceError
from .errors import RETRY_AFTER

RETRIED_CODES = RETRY_AFTER | {"worker_lost"}
FIRST_DELAY = 0.1
LONGEST_DELAY = 5.0
MOST_DOUBLINGS = 10
LONGEST_RETRY_AFTER = 30
"""Seconds: longer waits are for the caller to decide on."""


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
        wait = error.retry_after or min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** min(attempt - 1, MOST_DOUBLINGS))
        return None if wait > LONGEST_RETRY_AFTER else wait * random.uniform(1, 1.25)
