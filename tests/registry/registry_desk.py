"""A desk to work at: send files, decide them as the test says, look."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from greenmfg.contract.forms import Words
from greenmfg.records import (
    FilingKey,
    FilingState,
    FilingVerdict,
    Finding,
    Receipt,
    Severity,
    Verdict,
)
from greenmfg.registry import (
    Checked,
    CheckFailed,
    Decision,
    DecisionSummary,
    Registry,
    Unreadable,
)

REPLACES = {
    "energy_monthly": "subject_period",
    "output_monthly": "subject_period",
    "audit_progress": "key",
    "energy_coefficients": "key",
}
FIRM, OTHER_FIRM = "91310151MA00000013", "91310151MA00000026"
OCTOBER = date(2026, 10, 1)


def make_finding(
    severity: Severity = "error", line: int | None = 5, explained_by: str | None = None
) -> Finding:
    return Finding(
        id="E-UNIT-01",
        severity=severity,
        line=line,
        column="unit",
        header="计量单位",
        enterprise=FIRM,
        period=OCTOBER,
        given="千瓦时",
        expected=Words("万千瓦时", "10^4 kWh"),
        message=Words("计量单位不符", "The unit is not the item's"),
        remedy=Words("改为万千瓦时", "Use 10^4 kWh"),
        explained_by=explained_by,
    )


@dataclass
class Desk:
    """What the pipeline does, without files: the checks say what the test tells them to."""

    registry: Registry
    now: datetime = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
    runs: int = field(default=0)

    def later(self, **duration: float) -> datetime:
        self.now += timedelta(**(duration or {"minutes": 1}))
        return self.now

    def send(self, content: str, account: str = "steward", channel: str = "inbox") -> Receipt:
        data = content.encode()
        digest = hashlib.sha256(data).hexdigest()
        return self.registry.receive(
            account, channel, f"{content}.csv", digest, len(data), f"raw/{digest}", self.later()
        )

    def verdict(self, *filings: FilingVerdict, unattached: tuple[Finding, ...] = ()) -> Verdict:
        form = filings[0].key.form if filings else "energy_monthly"
        return Verdict(form, sum(f.rows for f in filings), filings, unattached, (), "utf-8")

    def checked(
        self, receipt: Receipt, *filings: FilingVerdict, unattached: tuple[Finding, ...] = ()
    ) -> Decision:
        attempt = self.registry.submission(receipt.number).attempt
        outcome = Checked(
            self.verdict(*filings, unattached=unattached),
            "rules-1",
            f"rows/{receipt.number}-{attempt}.parquet",
        )
        return Decision(receipt.number, attempt, outcome)

    def other(self, receipt: Receipt, outcome: Unreadable | CheckFailed) -> Decision:
        return Decision(receipt.number, self.registry.submission(receipt.number).attempt, outcome)

    def decide(self, *decisions: Decision) -> DecisionSummary:
        self.runs += 1
        return self.registry.decide(f"run-{self.runs}", decisions, self.later(), replaces=REPLACES)

    def file(self, content: str, *filings: FilingVerdict, account: str = "steward") -> Receipt:
        """Sends a file and decides it as the filings say."""
        receipt = self.send(content, account)
        self.decide(self.checked(receipt, *filings))
        return receipt

    def states(self, **wanted: object) -> list[str]:
        return [filing.state.value for filing in self.registry.filings(**wanted)]


def filing_verdict(
    state: str = "accepted",
    form: str = "energy_monthly",
    subject: str = FIRM,
    period: date | None = OCTOBER,
    findings: tuple[Finding, ...] = (),
) -> FilingVerdict:
    return FilingVerdict(FilingKey(form, subject, period), FilingState(state), 3, findings=findings)
