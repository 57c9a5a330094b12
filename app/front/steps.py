"""The bureau's six steps over the stages of 清洁生产审核办法: what an officer chases by. Ours."""

from __future__ import annotations

# In the order of the process; a failed acceptance stands beside it.
AUDIT_STEPS = ("listed", "started", "auditing", "reported", "applied", "accepted", "failed")

# By `audit_stages.stage`. A test holds this against the reference table.
STEP_OF_STAGE = {
    "identified": "listed",
    "listed": "listed",
    "disclosed": "started",
    "started": "started",
    "pre_audit": "auditing",
    "audit": "auditing",
    "options": "auditing",
    "feasibility": "auditing",
    "implementing": "auditing",
    "evaluated": "reported",
    "report_submitted": "reported",
    "acceptance_applied": "applied",
    "accepted": "accepted",
    "published": "accepted",
    "continuous": "accepted",
    "acceptance_failed": "failed",
}
