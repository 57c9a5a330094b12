"""Alerts: what a run found reaches the steward and the firm; nothing here holds back a run."""

from __future__ import annotations

from greenmfg.notices.audience import Audience
from greenmfg.notices.channels import Channels
from greenmfg.notices.cross_form import CrossFormFact, digest_of_simulation, facts_across_forms
from greenmfg.notices.delivering import DeliveryFailure, DeliveryReport, deliver
from greenmfg.notices.digests import account_digests, collect, steward_digest
from greenmfg.notices.single import release_held_back, returned_in_review, run_failed

__all__ = [
    "Audience",
    "Channels",
    "CrossFormFact",
    "DeliveryFailure",
    "DeliveryReport",
    "account_digests",
    "collect",
    "deliver",
    "digest_of_simulation",
    "facts_across_forms",
    "release_held_back",
    "returned_in_review",
    "run_failed",
    "steward_digest",
]
