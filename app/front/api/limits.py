"""How often one key may ask: a bucket that fills evenly, kept in this process."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class _Bucket:
    left: float
    at: float


class RateLimit:
    """At most `per_minute` in a burst, refilled evenly. Safe for many threads.

    Several processes of the front each keep their own: the limit then is per process.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = float(per_minute)
        self._per_second = per_minute / 60
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}
        self._lock = threading.Lock()

    def seconds_to_wait(self, who: str) -> int:
        """Takes one from the bucket of `who`; 0, or the whole seconds until there is one."""
        with self._lock:
            now = self._clock()
            bucket = self._buckets.get(who)
            if bucket is None:
                self._forget_full(now)
                bucket = self._buckets[who] = _Bucket(self._most, now)
            bucket.left = self._filled(bucket, now)
            bucket.at = now
            if bucket.left >= 1:
                bucket.left -= 1
                return 0
            return max(1, math.ceil((1 - bucket.left) / self._per_second))

    def _filled(self, bucket: _Bucket, now: float) -> float:
        return min(self._most, bucket.left + (now - bucket.at) * self._per_second)

    def _forget_full(self, now: float) -> None:
        """A full bucket says nothing that a new one would not."""
        full = [w for w, b in self._buckets.items() if self._filled(b, now) >= self._most]
        for who in full:
            del self._buckets[who]
