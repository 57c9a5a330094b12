"""What the bells look at, and when they ring. Knows no Airflow.

Read at every parse of the DAGs, so the workshop is imported only when a bell begins to look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from greenmfg.registry import Registry
    from greenmfg.settings import Settings

# What keeps waiting (a run was under way, or failed) is rung for again after this time.
RING_AGAIN_SECONDS = 20.0
_AT_ONCE = 200


def waiting(settings: Settings, registry: Registry) -> frozenset[str]:
    """What waits to be taken in: paths of complete inbox files, receipts from other doors."""
    from greenmfg.pipeline.receiving import complete_files
    from greenmfg.records import SubmissionState

    files = {str(path) for _, path in complete_files(settings)}
    newest = registry.submissions(state=SubmissionState.RECEIVED, limit=_AT_ONCE)
    # A run that has received the inbox checks it next; ringing for that would start another.
    receipts = {one.receipt for one in newest if one.channel != "inbox"}
    return frozenset(files | receipts)


class Chime:
    """Decides when to ring: at once for what is new, now and then for what stays."""

    def __init__(self) -> None:
        self._rung_for: frozenset[str] = frozenset()
        self._rung_at = 0.0

    def should_ring(self, names: frozenset[str], now: float) -> bool:
        """`names` wait at this moment; `now` is monotonic seconds."""
        if not names:
            self._rung_for = names
            return False
        if names <= self._rung_for and now - self._rung_at < RING_AGAIN_SECONDS:
            return False
        self._rung_for, self._rung_at = names, now
        return True


class ReviewWatch:
    """Follows the event log for reviews."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._seen = registry.counts().revision
        # Reviews made while nothing watched; a build with nothing to do costs little.
        self._due = True

    def reviewed(self) -> bool:
        """Whether there was a review since the last call."""
        due, self._due = self._due, False
        while events := self._registry.events(after=self._seen, limit=_AT_ONCE):
            self._seen = events[-1].id
            due = due or any(event.kind.startswith("filing.review.") for event in events)
        return due
