"""State and history: accounts, submissions, filings, findings, reviews, alerts, publications.

The registry alone says what is in force. It knows no rows: those lie in immutable files.
"""

from __future__ import annotations

from greenmfg.registry.errors import (
    RegistryError,
    RegistryMissing,
    RegistryNewer,
    RegistryOutdated,
    ReviewRefused,
    UnknownAccount,
    UnknownFiling,
    UnknownRelease,
    UnknownSubmission,
)
from greenmfg.registry.facade import Registry
from greenmfg.registry.nouns import (
    Alert,
    Attempt,
    Changes,
    Checked,
    CheckFailed,
    Counts,
    DecidedFiling,
    DecidedSubmission,
    Decision,
    DecisionSummary,
    Delivery,
    Event,
    Filing,
    FindingFact,
    Incoming,
    NewAlert,
    Publication,
    Replaces,
    Review,
    ReviewAction,
    ReviewOutcome,
    Submission,
    Unreadable,
)
from greenmfg.registry.opening import open_registry

__all__ = [
    "Alert",
    "Attempt",
    "Changes",
    "CheckFailed",
    "Checked",
    "Counts",
    "DecidedFiling",
    "DecidedSubmission",
    "Decision",
    "DecisionSummary",
    "Delivery",
    "Event",
    "Filing",
    "FindingFact",
    "Incoming",
    "NewAlert",
    "Publication",
    "Registry",
    "RegistryError",
    "RegistryMissing",
    "RegistryNewer",
    "RegistryOutdated",
    "Replaces",
    "Review",
    "ReviewAction",
    "ReviewOutcome",
    "ReviewRefused",
    "Submission",
    "UnknownAccount",
    "UnknownFiling",
    "UnknownRelease",
    "UnknownSubmission",
    "Unreadable",
    "open_registry",
]
