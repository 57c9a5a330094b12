"""Checked files that a clerk may take back marked: kept in this process's memory, for a while.

A page cannot hand a browser a file but by an address, and a checked file is stored nowhere. Its
bytes wait here under a ticket that nobody can guess and that serves its own firm alone. A server
that was started anew has forgotten them: checking again brings them back.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

KEPT_FOR = timedelta(minutes=30)
# Together; the oldest leave first.
MOST_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True)
class Kept:
    uscc: str
    name: str
    data: bytes
    until: datetime


class Shelf:
    """Safe for many threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    def put(self, uscc: str, name: str, data: bytes, now: datetime) -> str:
        """Keeps a file. Returns the ticket that fetches it."""
        ticket = secrets.token_urlsafe(24)
        with self._lock:
            self._kept[ticket] = Kept(uscc, name, data, now + KEPT_FOR)
            while len(self._kept) > 1 and self._bytes() > self._most_bytes:
                self._kept.popitem(last=False)
        return ticket

    def fetch(self, ticket: str, uscc: str | None, now: datetime) -> Kept | None:
        """The file, for its own firm, while it is kept; whose else or none: never told apart."""
        with self._lock:
            for old in [t for t, kept in self._kept.items() if kept.until < now]:
                del self._kept[old]
            kept = self._kept.get(ticket)
        return kept if kept is not None and kept.uscc == uscc else None

    def _bytes(self) -> int:
        return sum(len(kept.data) for kept in self._kept.values())


SHELF = Shelf()
