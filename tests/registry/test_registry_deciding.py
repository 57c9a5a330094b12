from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from registry_desk import OCTOBER, OTHER_FIRM, REPLACES, Desk, filing_verdict, make_finding

from greenmfg.records import FilingState, SubmissionState, Tidied, TidiedKind, Verdict
from greenmfg.registry import (
    Checked,
    CheckFailed,
    Decision,
    NewAlert,
    Registry,
    UnknownSubmission,
    open_registry,
)
from greenmfg.registry.engine import make_engine
from greenmfg.settings import Settings


def test_what_was_decided_is_there_to_read(desk: Desk) -> None:
    receipt = desk.send("a")
    tidied = (Tidied(TidiedKind.SPACES, 3, "unit", "吨 ", "吨"),)
    returned = filing_verdict("returned", findings=(make_finding(), make_finding("warning", 6)))
    verdict = Verdict("energy_monthly", 3, (returned,), (), tidied, "gb18030")
    summary = desk.decide(
        Decision(receipt.number, 1, Checked(verdict, "rules-7", "rows/a.parquet"))
    )

    submission = desk.registry.submission(receipt.number)
    assert submission.state is SubmissionState.CHECKED
    assert (submission.form, submission.encoding, submission.row_count) == (
        "energy_monthly",
        "gb18030",
        3,
    )
    assert (submission.rules_version, submission.rows_path) == ("rules-7", "rows/a.parquet")
    assert (submission.tidied, submission.decided_at) == (tidied, desk.now)
    filing = desk.registry.filings(receipt=receipt.number)[0]
    assert (filing.state, filing.version, filing.rows_path) == (
        FilingState.RETURNED,
        1,
        "rows/a.parquet",
    )
    assert (filing.received_at, filing.accepted_at) == (receipt.received_at, None)
    assert desk.registry.findings(receipt=receipt.number) == returned.findings
    assert desk.registry.findings(filing=filing.id) == returned.findings
    assert summary.submissions[0].submission == submission
    assert summary.filings(FilingState.RETURNED)[0].filing == filing


def test_one_firms_mistake_does_not_hold_back_another(desk: Desk) -> None:
    desk.file("park", filing_verdict("returned"), filing_verdict(subject=OTHER_FIRM))

    assert [filing.subject for filing in desk.registry.filings_in_force()] == [OTHER_FIRM]


def test_a_correction_replaces_the_month_and_only_that_month(desk: Desk) -> None:
    desk.file("september", filing_verdict(period=date(2026, 9, 1)))
    desk.file("october", filing_verdict())
    desk.file("correction", filing_verdict())

    september, october, correction = desk.registry.filings()
    assert (september.state, october.state) == (FilingState.ACCEPTED, FilingState.SUPERSEDED)
    assert (october.superseded_by, october.superseded_at) == (
        correction.id,
        correction.accepted_at,
    )
    assert (october.version, correction.version) == (1, 2)


@pytest.mark.parametrize("state", ["returned", "awaiting_review"])
def test_a_correction_that_is_not_accepted_unseats_nothing(desk: Desk, state: str) -> None:
    desk.file("good", filing_verdict())
    desk.file("bad correction", filing_verdict(state))

    assert desk.states() == ["accepted", state]


def test_an_accepted_correction_clears_the_older_version_that_still_waited(desk: Desk) -> None:
    desk.file("first", filing_verdict("awaiting_review"))
    desk.file("second", filing_verdict())

    assert desk.states() == ["superseded", "accepted"]
    assert desk.registry.filings()[0].accepted_at is None
    assert desk.registry.waiting_reviews() == ()


def test_a_version_in_force_does_not_clear_a_later_one_that_waits(desk: Desk) -> None:
    first, second = desk.send("first"), desk.send("second")
    desk.decide(desk.checked(second, filing_verdict("awaiting_review")))
    desk.decide(desk.checked(first, filing_verdict()))

    assert desk.states() == ["awaiting_review", "accepted"]


def test_an_older_file_decided_late_does_not_unseat_a_newer_one(desk: Desk) -> None:
    first, second = desk.send("first"), desk.send("second")
    desk.decide(desk.checked(second, filing_verdict()))
    desk.decide(desk.checked(first, filing_verdict()))

    newer, older = desk.registry.filings()
    assert (newer.receipt, newer.state) == (second.number, FilingState.ACCEPTED)
    assert (older.state, older.superseded_by) == (FilingState.SUPERSEDED, newer.id)
    assert desk.registry.filings_in_force(as_of=desk.now) == (newer,)


def test_versions_within_one_run_end_as_if_they_came_one_by_one(desk: Desk) -> None:
    first, second = desk.send("first"), desk.send("second")

    summary = desk.decide(
        desk.checked(first, filing_verdict()), desk.checked(second, filing_verdict())
    )

    assert desk.states() == ["superseded", "accepted"]
    assert [f.version for f in desk.registry.filings()] == [1, 2]
    assert summary.superseded == ()


def test_rows_upserted_by_key_never_unseat_a_whole_filing(desk: Desk) -> None:
    event = filing_verdict(form="audit_progress", period=None)
    desk.file("stage 1", event)
    desk.file("stage 2", event)

    assert desk.states() == ["accepted", "accepted"]
    assert [filing.version for filing in desk.registry.filings()] == [1, 2]


def test_a_then_b_then_a_ends_with_a_in_force_and_keeps_the_history(desk: Desk) -> None:
    receipt = desk.file("A", filing_verdict())
    desk.file("B", filing_verdict())

    assert desk.send("A").number == receipt.number
    desk.decide(desk.checked(receipt, filing_verdict()))

    history = [(f.receipt, f.attempt, f.version, f.state.value) for f in desk.registry.filings()]
    assert history == [
        ("S00000001", 1, 1, "superseded"),
        ("S00000002", 1, 2, "superseded"),
        ("S00000001", 2, 3, "accepted"),
    ]
    assert [one.number for one in desk.registry.attempts(receipt.number)] == [1, 2]


def test_a_new_attempt_takes_the_old_one_out_of_review(desk: Desk) -> None:
    receipt = desk.file("a", filing_verdict("awaiting_review"))
    desk.send("a")
    summary = desk.decide(desk.checked(receipt, filing_verdict("returned")))

    assert desk.states() == ["superseded", "returned"]
    assert summary.superseded == (1,)


def test_findings_shown_for_a_receipt_are_those_of_its_last_attempt(desk: Desk) -> None:
    receipt = desk.file("a", filing_verdict("returned", findings=(make_finding(line=5),)))
    desk.send("a")
    desk.decide(desk.checked(receipt, filing_verdict("returned", findings=(make_finding(line=9),))))

    assert [finding.line for finding in desk.registry.findings(receipt=receipt.number)] == [9]
    assert [finding.line for finding in desk.registry.findings(filing=1)] == [5]


def test_a_submission_that_another_process_decided_is_left_alone(desk: Desk) -> None:
    receipt = desk.send("a")
    ours = desk.checked(receipt, filing_verdict("returned"))
    desk.decide(desk.checked(receipt, filing_verdict()))

    summary = desk.decide(ours)

    assert summary.skipped == (receipt.number,)
    assert summary.submissions == ()
    assert desk.states() == ["accepted"]


def test_a_decision_about_an_earlier_attempt_is_left_out(desk: Desk) -> None:
    receipt = desk.send("a")
    stale = desk.checked(receipt, filing_verdict())
    desk.decide(desk.checked(receipt, filing_verdict("returned")))
    desk.send("a")

    assert desk.decide(stale).skipped == (receipt.number,)
    assert desk.registry.waiting()[0].attempt == 2


def test_our_failure_is_another_word_than_their_mistake(desk: Desk) -> None:
    receipt = desk.send("a")
    desk.decide(desk.other(receipt, CheckFailed("rule E-9 is broken")))

    submission = desk.registry.submission(receipt.number)
    assert submission.state is SubmissionState.CHECK_FAILED
    assert (submission.failure, submission.refusal) == ("rule E-9 is broken", None)
    assert desk.registry.counts().submissions[SubmissionState.CHECK_FAILED] == 1


def test_a_run_that_breaks_half_way_writes_nothing(desk: Desk) -> None:
    good, receipt = desk.send("good"), "S00000099"
    verdict = desk.checked(good, filing_verdict())

    with pytest.raises(UnknownSubmission):
        desk.decide(verdict, Decision(receipt, 1, CheckFailed("?")))

    assert desk.registry.filings() == ()
    assert len(desk.registry.waiting()) == 1


def test_alerts_of_a_run_are_recorded_with_it_or_not_at_all(desk: Desk) -> None:
    def broken(_summary: object) -> list[NewAlert]:
        raise RuntimeError("no words")

    decision = desk.checked(desk.send("a"), filing_verdict("returned"))
    with pytest.raises(RuntimeError, match="no words"):
        desk.registry.decide("r", [decision], desk.now, replaces=REPLACES, alerts_of=broken)

    assert (desk.registry.filings(), desk.registry.alerts()) == ((), ())


KILLED = """
import os
from datetime import UTC, datetime
import sqlalchemy as sa
from greenmfg.registry import open_registry, Checked, Decision
from greenmfg.records import FilingKey, FilingState, FilingVerdict, Verdict
from greenmfg.settings import Settings

registry = open_registry(Settings.from_environment())

def die(connection, cursor, statement, *_):
    if statement.lower().startswith("insert into event"):
        cursor.execute("select count(*) from filing")
        print(cursor.fetchone()[0], flush=True)
        os._exit(9)

sa.event.listen(registry._engine, "before_cursor_execute", die)
key = FilingKey("energy_monthly", "91310151MA00000013", None)
filing = FilingVerdict(key, FilingState.ACCEPTED, 1)
verdict = Verdict("energy_monthly", 1, (filing,), (), (), "utf-8")
decision = Decision("S00000001", 1, Checked(verdict, "r", "rows"))
registry.decide("run", [decision], datetime.now(UTC), replaces={"energy_monthly": "key"})
"""


def test_a_process_killed_in_the_middle_of_deciding_leaves_the_old_state(
    desk: Desk, settings: Settings
) -> None:
    receipt = desk.send("a")
    before = desk.registry.in_force_fingerprint()

    done = subprocess.run(
        [sys.executable, "-c", KILLED],
        env={
            "GREENMFG_HOME": str(settings.home),
            "GREENMFG_REGISTRY_URL": settings.registry_url,
            "PYTHONPATH": ":".join(sys.path),
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (9, "1\n")
    assert desk.registry.filings() == ()
    assert desk.registry.in_force_fingerprint() == before
    desk.decide(desk.checked(receipt, filing_verdict()))
    assert desk.states() == ["accepted"]


def test_a_reader_sees_the_old_state_while_a_run_is_being_written(
    desk: Desk, settings: Settings
) -> None:
    seen: list[int] = []

    def look(_summary: object) -> list[NewAlert]:
        with open_registry(settings) as other:
            seen.append(len(other.filings()))
        return []

    decision = desk.checked(desk.send("a"), filing_verdict())
    desk.registry.decide("r", [decision], desk.now, replaces=REPLACES, alerts_of=look)

    assert seen == [0]
    assert len(desk.registry.filings()) == 1


def test_in_force_as_of_a_past_instant_is_what_it_was_then(desk: Desk) -> None:
    desk.file("first", filing_verdict())
    then = desk.now
    desk.later(days=1)
    desk.file("second", filing_verdict())

    registry = desk.registry
    assert [f.receipt for f in registry.filings_in_force(as_of=then)] == ["S00000001"]
    assert [f.receipt for f in registry.filings_in_force()] == ["S00000002"]
    assert registry.filings_in_force(as_of=datetime(2026, 1, 1, tzinfo=UTC)) == ()
    assert registry.filings_in_force("output_monthly") == ()


def test_the_fingerprint_moves_only_when_something_comes_into_force_or_leaves_it(
    desk: Desk,
) -> None:
    empty = desk.registry.in_force_fingerprint()
    desk.file("returned", filing_verdict("returned"))
    assert desk.registry.in_force_fingerprint() == empty

    desk.file("accepted", filing_verdict())
    assert desk.registry.in_force_fingerprint() != empty


def test_a_build_asks_only_for_what_changed_since_the_last_one(desk: Desk) -> None:
    desk.file("first", filing_verdict())
    desk.file("elsewhere", filing_verdict(subject=OTHER_FIRM))
    start = desk.registry.filings_changed_since(0)
    assert len(start.filings) == 2
    assert desk.registry.filings_changed_since(start.revision).filings == ()

    desk.file("correction", filing_verdict(findings=(make_finding("info"),)))

    changes = desk.registry.filings_changed_since(start.revision)
    assert [(f.id, f.state.value) for f in changes.filings] == [
        (1, "superseded"),
        (3, "accepted"),
    ]


def test_findings_for_the_warehouse_come_with_receipt_and_filing(desk: Desk) -> None:
    receipt = desk.send("a")
    desk.decide(
        desk.checked(
            receipt,
            filing_verdict("returned", findings=(make_finding(line=7),)),
            unattached=(make_finding(line=2),),
        )
    )

    facts = list(desk.registry.finding_facts())
    assert [(f.receipt, f.filing_id, f.line, f.column, f.period) for f in facts] == [
        ("S00000001", 1, 7, "unit", OCTOBER),
        ("S00000001", None, 2, "unit", OCTOBER),
    ]
    assert list(desk.registry.finding_facts(after=facts[-1].id)) == []


def test_a_cell_no_database_takes_is_stored_visibly_and_does_not_stop_the_run(
    desk: Desk,
) -> None:
    odd = replace(make_finding(), given="1\x002\udcff")
    desk.file("a", filing_verdict("returned", findings=(odd,)))

    assert desk.registry.findings(filing=1)[0].given == "1␀2\\udcff"


def test_every_decision_is_in_the_log_with_what_it_unseated(desk: Desk) -> None:
    desk.file("first", filing_verdict())
    receipt = desk.file("second", filing_verdict())

    events = desk.registry.events(subject=receipt.number)
    assert [event.kind for event in events] == ["submission.received", "submission.decided"]
    assert events[0].actor == "steward"
    assert events[1].payload["superseded"] == [1]


@pytest.mark.parametrize("statement", ["update event set actor = 'x'", "delete from event"])
def test_the_log_can_only_be_appended_to(desk: Desk, settings: Settings, statement: str) -> None:
    desk.send("a")
    before = desk.registry.events()

    with (
        pytest.raises(sa.exc.DBAPIError, match="append-only"),
        make_engine(settings.registry_url).begin() as connection,
    ):
        connection.execute(sa.text(statement))

    assert desk.registry.events() == before


def test_an_instant_without_a_zone_is_refused(registry: Registry) -> None:
    with pytest.raises(sa.exc.StatementError, match="no time zone"):
        registry.log("steward", "x", "y", {}, datetime(2026, 11, 1))
