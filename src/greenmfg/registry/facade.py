"""The registry as the other rooms see it: each method is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa

from greenmfg.records import (
    Account,
    Explanation,
    FilingState,
    Finding,
    Grant,
    Receipt,
    SubmissionState,
)
from greenmfg.registry import (
    accounts,
    alerts,
    chain,
    deciding,
    events,
    explaining,
    granting,
    publications,
    reading,
    receiving,
    reviewing,
)
from greenmfg.registry.accounts import AccountKind
from greenmfg.registry.chain import BrokenLink
from greenmfg.registry.engine import reading as read_transaction
from greenmfg.registry.engine import writing
from greenmfg.registry.nouns import (
    Alert,
    Attempt,
    Changes,
    Channel,
    Counts,
    Decision,
    DecisionSummary,
    Delivery,
    DeliveryState,
    Event,
    Filing,
    FindingFact,
    Incoming,
    NewAlert,
    Publication,
    PublicationState,
    Replaces,
    Review,
    ReviewAction,
    ReviewOutcome,
    Submission,
)

Clock = Callable[[], datetime]
AlertsOfRun = Callable[[DecisionSummary], Iterable[NewAlert]]
AlertsOfReview = Callable[[ReviewOutcome], Iterable[NewAlert]]


class Registry:
    """State and history. Open it with `open_registry`; close it, or use it as a context."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes pooled connections; the registry may be used again afterwards."""
        self._engine.dispose()

    # Accounts ------------------------------------------------------------------------------------

    def account(self, name: str, at: datetime | None = None) -> Account:
        """`at`: the instant for which an agent's firms are told, by default the machine's now.

        Raises:
            UnknownAccount: there is none of this name.
        """
        with read_transaction(self._engine) as connection:
            return accounts.get(connection, name, at or datetime.now(UTC))

    def accounts(self, at: datetime | None = None) -> tuple[Account, ...]:
        """All accounts by name; `at` as in `account`."""
        with read_transaction(self._engine) as connection:
            return accounts.all_of(connection, at or datetime.now(UTC))

    def display_names(self) -> dict[str, str]:
        """Display name by account name, where one is known."""
        with read_transaction(self._engine) as connection:
            return accounts.display_names(connection)

    def ensure_account(
        self,
        name: str,
        kind: AccountKind,
        *,
        now: datetime,
        enterprises: Iterable[str] = (),
        email: str | None = None,
        display_name: str | None = None,
    ) -> Account:
        """Creates the account, or brings an existing one to these values."""
        with writing(self._engine) as connection:
            return accounts.ensure(connection, name, kind, enterprises, email, display_name, now)

    def ensure_firm_accounts(
        self, rows: Iterable[tuple[str, str | None, str | None]], now: datetime
    ) -> tuple[str, ...]:
        """Gives every firm of the register in force its account: (uscc, display name, e-mail).

        Returns: the USCCs whose account is new or changed.
        """
        with writing(self._engine) as connection:
            return accounts.ensure_firms(connection, rows, now)

    def ensure_agent(
        self, name: str, email: str | None, display_name: str, by: str, now: datetime
    ) -> Account:
        """Opens an agent, or renews its address and name. Raises GrantRefused."""
        with writing(self._engine) as connection:
            return accounts.ensure_agent(connection, name, email, display_name, by, now)

    def grants(self, agent: str | None = None) -> tuple[Grant, ...]:
        """All grants of agents, ended ones too, in the order they were given."""
        with read_transaction(self._engine) as connection:
            return granting.select(connection, agent)

    def grant(self, agent: str, uscc: str, until: date | None, by: str, now: datetime) -> Grant:
        """Lets the agent file for the firm, from today to `until`. Raises GrantRefused."""
        with writing(self._engine) as connection:
            return granting.give(connection, agent, uscc, until, by, now)

    def revoke_grant(self, agent: str, uscc: str, by: str, now: datetime) -> None:
        """Ends it at once. Raises UnknownGrant."""
        with writing(self._engine) as connection:
            granting.revoke(connection, agent, uscc, by, now)

    # Receiving -----------------------------------------------------------------------------------

    def receive(
        self,
        account: str,
        channel: Channel,
        file_name: str,
        sha256: str,
        size: int,
        raw_path: str,
        now: datetime,
    ) -> Receipt:
        """`receive_many` of one file."""
        one = Incoming(account, channel, file_name, sha256, size, raw_path)
        return self.receive_many([one], now)[0]

    def receive_many(self, incoming: Sequence[Incoming], now: datetime) -> tuple[Receipt, ...]:
        """Gives files their receipts, in order, in one transaction.

        The same bytes from the same account get the same receipt (`again=True`), and are
        checked once more, as a new attempt, if what they said is not all in force now.

        Raises:
            UnknownAccount: nothing is received then.
        """
        with writing(self._engine) as connection:
            return receiving.receive(connection, incoming, now)

    def retry_failed(self, now: datetime, failed_before: datetime | None = None) -> tuple[str, ...]:
        """Lets submissions whose check failed (our fault) wait again. Returns their receipts.

        With `failed_before`, only those that failed before that instant: a fault that stays is
        then not tried, and alerted, in every run.
        """
        with writing(self._engine) as connection:
            return receiving.retry_failed(connection, now, failed_before)

    def waiting(self) -> tuple[Submission, ...]:
        """Submissions to check, in the order in which they were last sent."""
        with read_transaction(self._engine) as connection:
            return reading.waiting(connection)

    def submission(self, receipt: str) -> Submission:
        """Raises UnknownSubmission."""
        with read_transaction(self._engine) as connection:
            return reading.submission(connection, receipt)

    def submissions(
        self,
        *,
        account: str | None = None,
        state: SubmissionState | None = None,
        limit: int | None = None,
        sha256: str | None = None,
    ) -> tuple[Submission, ...]:
        """Newest first."""
        with read_transaction(self._engine) as connection:
            return reading.submissions(connection, account, state, limit, sha256)

    def receipt_hash(self, receipt: str) -> str:
        """The receipt's hash in the chain of receipts. Raises UnknownSubmission."""
        with read_transaction(self._engine) as connection:
            return chain.hash_of(connection, receipt)

    def first_broken_receipt(self) -> BrokenLink | None:
        """The first receipt that was altered, taken out or put in; None where all is as it was."""
        with read_transaction(self._engine) as connection:
            return chain.first_broken(connection)

    def explanations(self, attempts: Iterable[int]) -> dict[int, tuple[Explanation, ...]]:
        """What senders said to warnings, by attempt id (`Submission.attempt_id`)."""
        with read_transaction(self._engine) as connection:
            return explaining.of_attempts(connection, attempts)

    def attempts(self, receipt: str) -> tuple[Attempt, ...]:
        """A submission's history, first attempt first."""
        with read_transaction(self._engine) as connection:
            return reading.attempts(connection, receipt)

    # Deciding ------------------------------------------------------------------------------------

    def decide(
        self,
        run_id: str,
        decisions: Sequence[Decision],
        now: datetime | Clock,
        *,
        replaces: Mapping[str, Replaces],
        alerts_of: AlertsOfRun | None = None,
    ) -> DecisionSummary:
        """Writes a whole run in ONE transaction, in the order given (the order of `waiting`).

        `replaces` says by form what a newer filing unseats (`Contract.replaces`). A decision
        about an attempt that is decided already changes nothing. What `alerts_of` returns is
        recorded in the same transaction. A clock is read once no other decision is under way.

        Raises:
            UnknownSubmission: nothing is written then.
        """
        with writing(self._engine) as connection:
            now = now() if callable(now) else now
            summary = deciding.decide(connection, run_id, decisions, now, replaces)
            if alerts_of is not None:
                alerts.record(connection, alerts_of(summary), now)
            return summary

    def review(
        self,
        filing_id: int,
        action: ReviewAction,
        reason: str,
        account: str,
        now: datetime | Clock,
        *,
        replaces: Mapping[str, Replaces],
        alerts_of: AlertsOfReview | None = None,
    ) -> ReviewOutcome:
        """Accepts or returns a filing that waits, or withdraws one in force, with a reason.

        `now`: see `decide`.

        Raises:
            UnknownFiling, UnknownAccount, ReviewRefused: nothing is written then.
        """
        with writing(self._engine) as connection:
            now = now() if callable(now) else now
            outcome = reviewing.review(
                connection, filing_id, action, reason, account, now, replaces
            )
            if alerts_of is not None:
                alerts.record(connection, alerts_of(outcome), now)
            return outcome

    # Filings and findings ------------------------------------------------------------------------

    def filing(self, filing_id: int) -> Filing:
        """Raises UnknownFiling."""
        with read_transaction(self._engine) as connection:
            return reviewing.filing(connection, filing_id)

    def filings(
        self,
        *,
        receipt: str | None = None,
        form: str | None = None,
        subject: str | None = None,
        period: date | None = None,
        states: Sequence[FilingState] = (),
        limit: int | None = None,
    ) -> tuple[Filing, ...]:
        """Filings of all attempts, oldest first."""
        with read_transaction(self._engine) as connection:
            return reading.filings(
                connection,
                receipt=receipt,
                form=form,
                subject=subject,
                period=period,
                states=states,
                limit=limit,
            )

    def waiting_reviews(self) -> tuple[Filing, ...]:
        """Filings that wait for a steward, oldest first."""
        return self.filings(states=(FilingState.AWAITING_REVIEW,))

    def filings_in_force(
        self,
        form: str | None = None,
        as_of: datetime | None = None,
        subjects: Collection[str] | None = None,
    ) -> tuple[Filing, ...]:
        """Filings in force now or as of an instant, in the order they came into force."""
        with read_transaction(self._engine) as connection:
            return reading.filings_in_force(connection, form, as_of, subjects)

    def in_force_fingerprint(self) -> str:
        """A hash of what is in force: two equal ones mean equal rows to build from."""
        with read_transaction(self._engine) as connection:
            return reading.in_force_fingerprint(connection)

    def filings_changed_since(self, revision: int) -> Changes:
        """Filings new or changed after a revision (0: all), with the revision to ask from next."""
        with read_transaction(self._engine) as connection:
            return reading.filings_changed_since(connection, revision)

    def findings(
        self, *, receipt: str | None = None, filing: int | None = None
    ) -> tuple[Finding, ...]:
        """Findings of a submission's current attempt, or of one filing, in the order written."""
        with read_transaction(self._engine) as connection:
            return reading.findings(connection, receipt, filing)

    def finding_facts(self, after: int = 0) -> Iterator[FindingFact]:
        """All findings with an id above `after`, without their words, in order."""
        with read_transaction(self._engine) as connection:
            yield from reading.finding_facts(connection, after)

    def returned_at(self) -> dict[int, datetime]:
        """When reviewers returned filings that had waited, by filing id."""
        with read_transaction(self._engine) as connection:
            return reading.returned_at(connection)

    def reviews(self, filing: int) -> tuple[Review, ...]:
        with read_transaction(self._engine) as connection:
            return reading.reviews(connection, filing)

    def counts(self) -> Counts:
        with read_transaction(self._engine) as connection:
            return reading.counts(connection)

    # Alerts --------------------------------------------------------------------------------------

    def record_alerts(self, new: Iterable[NewAlert], now: datetime) -> tuple[int, ...]:
        """Records alerts that belong to no run or review. Returns the ids of the new ones."""
        with writing(self._engine) as connection:
            return alerts.record(connection, new, now)

    def alerts(
        self,
        *,
        recipient: str | None = None,
        run_id: str | None = None,
        limit: int | None = None,
    ) -> tuple[Alert, ...]:
        """Newest first; `recipient` is an account name or "steward"."""
        with read_transaction(self._engine) as connection:
            return alerts.select(connection, recipient, run_id, limit)

    def deliveries(self, state: DeliveryState | None = None) -> tuple[Delivery, ...]:
        with read_transaction(self._engine) as connection:
            return alerts.deliveries(connection, state)

    def claim_deliveries(
        self, now: datetime, lease: timedelta, limit: int
    ) -> tuple[tuple[Delivery, Alert], ...]:
        """Takes due deliveries for as long as the lease runs; nobody else gets them meanwhile."""
        with writing(self._engine) as connection:
            return alerts.claim(connection, now, lease, limit)

    def delivery_sent(self, delivery_id: int, now: datetime) -> None:
        with writing(self._engine) as connection:
            alerts.record_sent(connection, delivery_id, now)

    def delivery_failed(
        self, delivery_id: int, error: str, next_attempt_at: datetime | None
    ) -> None:
        """Notes a failed sending; without a next attempt it is given up."""
        with writing(self._engine) as connection:
            alerts.record_failure(connection, delivery_id, error, next_attempt_at)

    def resend_failed_deliveries(self, now: datetime) -> int:
        """Makes given-up deliveries due again. Returns how many there were."""
        with writing(self._engine) as connection:
            return alerts.resend_failed(connection, now)

    # Publications --------------------------------------------------------------------------------

    def record_publication(
        self, publication: Publication, new_alerts: Iterable[NewAlert] = ()
    ) -> None:
        """Records a build's outcome and its alerts; the same release again changes nothing."""
        with writing(self._engine) as connection:
            publications.record(connection, publication)
            alerts.record(connection, new_alerts, publication.built_at)

    def retire_publication(self, release: str, now: datetime) -> None:
        """Raises UnknownRelease."""
        with writing(self._engine) as connection:
            publications.retire(connection, release, now)

    def latest_publication(self, state: PublicationState = "published") -> Publication | None:
        with read_transaction(self._engine) as connection:
            return publications.latest(connection, state)

    def publications(self, limit: int | None = None) -> tuple[Publication, ...]:
        """Newest first, failed and retired ones too."""
        with read_transaction(self._engine) as connection:
            return publications.select(connection, limit)

    # The event log -------------------------------------------------------------------------------

    def log(
        self, actor: str, kind: str, subject: str, payload: Mapping[str, Any], now: datetime
    ) -> int:
        """Appends one event. Returns its id."""
        with writing(self._engine) as connection:
            return events.append(connection, now, actor, kind, subject, payload)

    def newest_events(self, kinds: Sequence[str], limit: int, not_by: str) -> tuple[Event, ...]:
        """The last events of these kinds by anybody but one actor, newest first."""
        with read_transaction(self._engine) as connection:
            return events.newest(connection, kinds, limit, not_by)

    def standstill(self, clock: Clock) -> datetime:
        """An instant at which no decision is under way: all decided before it can be read, and
        what is decided from now on (under the same clock) carries a later time."""
        with writing(self._engine):
            return clock()

    def revision(self) -> int:
        """A number that grows with every change of what the registry says. Cheap."""
        with read_transaction(self._engine) as connection:
            return events.revision(connection)

    def revision_as_of(self, as_of: datetime) -> int:
        """The id of the last event up to an instant: equal ones mean an equal past."""
        with read_transaction(self._engine) as connection:
            return events.revision(connection, as_of)

    def events(
        self, *, subject: str | None = None, after: int = 0, limit: int | None = None
    ) -> tuple[Event, ...]:
        """Events in order, all or of one subject."""
        with read_transaction(self._engine) as connection:
            return events.select(connection, subject, after, limit)
