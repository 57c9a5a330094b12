from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from greenmfg.contract.forms import Contract, Words
from greenmfg.notices import Audience, collect, digests, release_held_back, run_failed
from greenmfg.notices import returned_in_review as alerts_of_review
from greenmfg.records import (
    FilingKey,
    FilingState,
    FilingVerdict,
    Finding,
    Refusal,
    Verdict,
)
from greenmfg.registry import (
    Alert,
    Checked,
    CheckFailed,
    Decision,
    NewAlert,
    Registry,
    Unreadable,
)
from greenmfg.settings import Settings

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
FIRM, OTHER_FIRM = "91310151MA00000013", "91310151MA00000026"
OCTOBER = date(2026, 10, 1)
ERROR = Finding(
    id="E-UNIT-01",
    severity="error",
    line=5,
    column="unit",
    header="计量单位",
    enterprise=FIRM,
    period=OCTOBER,
    given="千瓦时",
    expected=Words("万千瓦时", "10^4 kWh"),
    message=Words("计量单位与品种不符", "The unit is not this item's"),
    remedy=Words("改为 12.5 万千瓦时", "Write 12.5 in 10^4 kWh"),
)
WARNING = replace(ERROR, id="E-JUMP-01", severity="warning", line=6)
REFUSAL = Refusal(
    "R-PICTURE",
    Words("这是一张图片", "This is a picture"),
    Words("请报 CSV 或 XLSX", "File a CSV or XLSX"),
)


@pytest.fixture
def office(registry: Registry, mailing: Settings, contracts: dict[str, Contract]) -> Office:
    registry.ensure_firm_accounts(
        [(FIRM, "甲厂", "a@firm.example"), (OTHER_FIRM, "乙厂", None)], NOW
    )
    registry.ensure_account(
        "park", "agent", enterprises=[FIRM, OTHER_FIRM], email="p@park.example", now=NOW
    )
    return Office(registry, mailing, contracts)


class Office:
    """Receives and decides files as told, and gives the alerts of the run."""

    def __init__(
        self, registry: Registry, settings: Settings, contracts: dict[str, Contract]
    ) -> None:
        self.registry, self.contracts = registry, contracts
        self.audience = Audience.of(registry, settings, contracts)
        self.replaces = {form: contract.replaces for form, contract in contracts.items()}
        self.runs = 0

    def run(self, *outcomes: tuple[str, Verdict | Unreadable | CheckFailed]) -> tuple[Alert, ...]:
        """Each outcome is (account, what the checks said of its file)."""
        self.runs += 1
        decisions = []
        for number, (account, outcome) in enumerate(outcomes):
            name = f"{self.runs}-{number}"
            digest = hashlib.sha256(name.encode()).hexdigest()
            receipt = self.registry.receive(account, "inbox", f"{name}.csv", digest, 1, "raw", NOW)
            said = Checked(outcome, "rules", "rows") if isinstance(outcome, Verdict) else outcome
            decisions.append(Decision(receipt.number, 1, said))
        self.registry.decide(
            f"run-{self.runs}",
            decisions,
            NOW,
            replaces=self.replaces,
            alerts_of=lambda summary: collect(summary, self.audience),
        )
        return tuple(reversed(self.registry.alerts(run_id=f"run-{self.runs}")))


def verdict(
    state: str,
    *findings: Finding,
    form: str = "energy_monthly",
    subject: str = FIRM,
    unattached: tuple[Finding, ...] = (),
) -> Verdict:
    period = OCTOBER if form == "energy_monthly" else None
    filing = FilingVerdict(
        FilingKey(form, subject, period), FilingState(state), 3, findings=findings
    )
    return Verdict(form, 3, (filing,), unattached, (), "utf-8")


def test_a_run_that_went_through_without_a_word_alerts_nobody(office: Office) -> None:
    assert office.run(("steward", verdict("accepted"))) == ()


def test_the_steward_gets_one_digest_of_a_run_with_everything_in_it(office: Office) -> None:
    alerts = office.run(
        ("steward", verdict("returned", ERROR, WARNING)),
        ("steward", verdict("awaiting_review", WARNING, subject=OTHER_FIRM)),
        ("steward", Unreadable(REFUSAL)),
        ("steward", CheckFailed("rule E-9 has no type")),
    )

    (digest,) = [alert for alert in alerts if alert.recipient_kind == "steward"]
    assert digest.subject_zh == "系统故障 1，退回 1，待审核 1，无法读取 1，错误 1，警告 2"
    assert digest.subject_en == (
        "failed on our side: 1, returned: 1, awaiting review: 1,"
        " unreadable: 1, errors: 1, warnings: 2"
    )
    assert digest.severity == "error"
    for text in (
        "申报 1：甲厂 91310151MA00000013，能源购进、消费与库存月报，2026-10，第 1 版",
        "申报 2：乙厂 91310151MA00000026",
        "这是一张图片 [R-PICTURE]",
        "处理：请报 CSV 或 XLSX",
        "rule E-9 has no type",
    ):
        assert text in digest.body_zh
    assert digest.receipts == ("S00000001", "S00000002", "S00000003", "S00000004")
    assert digest.filings == (2, 1)
    assert [d.address for d in digest.deliveries] == ["steward@bureau.example"]


def test_a_finding_says_where_what_was_given_what_is_expected_and_what_to_do(
    office: Office,
) -> None:
    digest = office.run(("steward", verdict("returned", ERROR)))[0]

    assert (
        "- S00000001 1-0.csv 第 5 行 计量单位【错误 E-UNIT-01】91310151MA00000013 2026-10\n"
        "  填报：千瓦时；应为：万千瓦时\n"
        "  计量单位与品种不符\n"
        "  处理：改为 12.5 万千瓦时"
    ) in digest.body_zh
    assert (
        "- S00000001 1-0.csv line 5 计量单位 [error E-UNIT-01] 91310151MA00000013 2026-10\n"
        "  Given: 千瓦时; expected: 10^4 kWh\n"
        "  The unit is not this item's\n"
        "  Remedy: Write 12.5 in 10^4 kWh"
    ) in digest.body_en


def test_our_failure_is_never_put_to_the_sender(office: Office) -> None:
    alerts = office.run((FIRM, CheckFailed("disk full")))

    assert [alert.recipient_kind for alert in alerts] == ["steward"]
    assert "我方原因" in alerts[0].body_zh
    assert "not the sender's" in alerts[0].body_en


def test_a_returned_filing_reaches_its_firms_contact(office: Office) -> None:
    steward, firm = office.run(("steward", verdict("returned", ERROR)))

    assert steward.recipient_kind == "steward"
    assert (firm.recipient, firm.filings) == (FIRM, (1,))
    assert [(d.channel, d.address) for d in firm.deliveries] == [("email", "a@firm.example")]
    assert "改为 12.5 万千瓦时" in firm.body_zh
    assert office.registry.alerts(recipient=FIRM) == (firm,)


def test_a_firm_reads_nothing_of_another_firms_filing(office: Office) -> None:
    theirs = replace(ERROR, enterprise=OTHER_FIRM, given="乙厂的数")
    ours = verdict("returned", ERROR)
    file = replace(
        ours,
        filings=(*ours.filings, *verdict("returned", theirs, subject=OTHER_FIRM).filings),
    )

    office.run(("park", file))

    (firm,) = office.registry.alerts(recipient=FIRM)
    assert "乙厂" not in firm.body_zh + firm.body_en
    assert OTHER_FIRM not in firm.body_zh + firm.body_en
    (agent,) = office.registry.alerts(recipient="park")
    assert FIRM in agent.body_zh
    assert OTHER_FIRM in agent.body_zh


def test_a_firm_without_an_address_has_its_alert_on_record(office: Office) -> None:
    office.run(("steward", verdict("returned", ERROR, subject=OTHER_FIRM)))

    (alert,) = office.registry.alerts(recipient=OTHER_FIRM)
    assert alert.deliveries == ()


def test_a_stranger_filing_under_a_firms_code_does_not_write_to_that_firm(
    office: Office,
) -> None:
    office.run((OTHER_FIRM, verdict("returned", ERROR, subject=FIRM)))

    assert office.registry.alerts(recipient=FIRM) == ()
    assert len(office.registry.alerts(recipient=OTHER_FIRM)) == 1


def test_a_stewards_own_forms_are_returned_to_the_steward_alone(office: Office) -> None:
    alerts = office.run(("steward", verdict("returned", ERROR, form="enterprise_register")))

    assert [alert.recipient_kind for alert in alerts] == ["steward"]


def test_a_file_that_cannot_be_read_is_told_to_its_sender(office: Office) -> None:
    office.run((FIRM, Unreadable(REFUSAL)))

    (alert,) = office.registry.alerts(recipient=FIRM)
    assert alert.subject_zh == "文件无法读取 1"
    assert "请报 CSV 或 XLSX" in alert.body_zh


def test_a_row_without_a_firm_is_told_to_its_sender(office: Office) -> None:
    office.run((FIRM, verdict("accepted", unattached=(replace(ERROR, enterprise=None),))))

    (alert,) = office.registry.alerts(recipient=FIRM)
    assert alert.subject_en == "errors: 1"


def test_an_explained_warning_is_shown_with_its_explanation(office: Office) -> None:
    explained = replace(WARNING, explained_by="10 月检修停产")

    (digest,) = office.run(("steward", verdict("accepted", explained)))

    assert digest.severity == "warning"
    assert "填报单位说明：10 月检修停产" in digest.body_zh


def test_a_long_digest_says_how_much_it_left_out(office: Office) -> None:
    many = [replace(ERROR, line=line) for line in range(2, 502)]

    digest = office.run(("steward", verdict("returned", WARNING, *many)))[0]

    assert "错误 500，警告 1" in digest.subject_zh
    assert digest.body_zh.count("【错误") == digests.FINDINGS_SHOWN
    assert f"另有 {501 - digests.FINDINGS_SHOWN} 条未列出" in digest.body_zh
    assert f"and {501 - digests.FINDINGS_SHOWN} more" in digest.body_en


def test_a_run_that_is_repeated_alerts_once(office: Office) -> None:
    first = office.run(("steward", verdict("returned", ERROR)))
    office.registry.record_alerts(
        [replace_key(alert, f"run-1:{alert.recipient or 'steward'}") for alert in first], NOW
    )

    assert len(office.registry.alerts()) == len(first)


def replace_key(alert: Alert, key: str) -> NewAlert:
    return NewAlert(
        key, alert.kind, alert.severity, alert.recipient_kind, alert.recipient, "", "", "", ""
    )


def test_a_digest_that_cannot_be_worded_does_not_hold_back_the_run(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("words")

    monkeypatch.setattr(digests, "steward_digest", broken)

    (alert,) = office.run(("steward", verdict("returned", ERROR)))

    assert "KeyError('words')" in alert.body_zh
    assert "Failure on our side" in alert.subject_en
    assert len(office.registry.filings()) == 1


@pytest.mark.parametrize(
    ("action", "state", "word"),
    [("return", "awaiting_review", "退回"), ("withdraw", "accepted", "撤回")],
)
def test_what_a_steward_returns_or_withdraws_is_told_to_the_firm_with_the_reason(
    office: Office, action: str, state: str, word: str
) -> None:
    office.run(("steward", verdict(state, WARNING)))

    office.registry.review(
        1,
        action,
        "库存与购进不符",
        "steward",
        NOW,
        replaces=office.replaces,
        alerts_of=lambda outcome: alerts_of_review(outcome, office.audience),
    )

    (alert,) = office.registry.alerts(recipient=FIRM)
    assert alert.subject_zh == f"申报被{word} 1"
    assert "理由：库存与购进不符" in alert.body_zh


def test_an_accepted_review_alerts_nobody(office: Office) -> None:
    office.run(("steward", verdict("awaiting_review", WARNING)))
    before = len(office.registry.alerts())

    office.registry.review(
        1,
        "accept",
        "已核实",
        "steward",
        NOW,
        replaces=office.replaces,
        alerts_of=lambda outcome: alerts_of_review(outcome, office.audience),
    )

    assert len(office.registry.alerts()) == before


def test_a_failed_run_and_a_release_held_back_reach_the_steward(office: Office) -> None:
    office.registry.record_alerts(
        [
            run_failed("run-9", "build", "OutOfMemory", office.audience),
            release_held_back("20261123-1", ["unique_lineage"], office.audience),
        ],
        NOW,
    )

    release, run = office.registry.alerts(recipient="steward")
    assert "OutOfMemory" in run.body_zh
    assert "unique_lineage" in release.body_en
    assert all(alert.deliveries for alert in (release, run))
