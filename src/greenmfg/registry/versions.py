"""Which version of a filing stands: the rules of superseding, without a database.

A monthly filing replaces the whole enterprise-month of its form; rows of other forms are
upserted by their own key, so their filings stand beside each other. Only an accepted filing
unseats another, and never one that its sender sent later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from greenmfg.records import FilingKey, FilingState
from greenmfg.registry.nouns import Replaces


@dataclass
class Version:
    """One filing of a key, as far as superseding looks at it; changed in place."""

    id: int
    key: FilingKey
    submission_id: int
    attempt: int
    arrival: int
    number: int
    state: FilingState
    accepted_at: datetime | None = None
    superseded_at: datetime | None = None
    superseded_by: int | None = None

    @property
    def order(self) -> tuple[int, int]:
        """Later is greater: by arrival, then by attempt (our retries keep the arrival)."""
        return self.arrival, self.attempt

    def give_way_to(self, other: Version, now: datetime) -> None:
        self.state = FilingState.SUPERSEDED
        self.superseded_at = now
        self.superseded_by = other.id


@dataclass
class Ledger:
    """All versions of the keys a transaction touches.

    `changed` collects the ids of versions that were there before and have given way.
    """

    replaces: Mapping[str, Replaces]
    now: datetime
    versions: dict[FilingKey, list[Version]] = field(default_factory=lambda: defaultdict(list))
    changed: list[Version] = field(default_factory=list)

    def load(self, versions: Iterable[Version]) -> None:
        """Takes in versions that are in the registry already."""
        for version in versions:
            self.versions[version.key].append(version)

    def next_number(self, key: FilingKey) -> int:
        """The version number of the next filing of this key, from 1."""
        return max((version.number for version in self.versions[key]), default=0) + 1

    def add(self, new: Version) -> None:
        """Places a filing that was just decided, and lets others give way to it."""
        self.versions[new.key].append(new)
        # What an earlier attempt of the same bytes left for review has been decided again.
        for other in self._others(new, FilingState.AWAITING_REVIEW):
            if other.submission_id == new.submission_id:
                self._unseat(other, new)
        if new.state is FilingState.ACCEPTED:
            self.accept(new)

    def accept(self, new: Version) -> None:
        """Puts a version in force, unless a later one is in force already."""
        new.state, new.accepted_at = FilingState.ACCEPTED, self.now
        whole = self.replaces[new.key.form] == "subject_period"
        for standing in self._others(new, FilingState.ACCEPTED):
            if not whole and standing.submission_id != new.submission_id:
                continue
            if standing.order > new.order:
                new.give_way_to(standing, self.now)
                return
            self._unseat(standing, new)
        if whole:
            for waiting in self._others(new, FilingState.AWAITING_REVIEW):
                if waiting.order < new.order:
                    self._unseat(waiting, new)

    def _others(self, new: Version, state: FilingState) -> list[Version]:
        return [v for v in self.versions[new.key] if v.state is state and v is not new]

    def _unseat(self, other: Version, new: Version) -> None:
        other.give_way_to(new, self.now)
        self.changed.append(other)
