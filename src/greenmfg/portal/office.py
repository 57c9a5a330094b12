"""One home's office for its firms, kept warm in a process that serves many clerks."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import PurePath
from typing import Any, Literal

from greenmfg.checks import World
from greenmfg.contract import Contract
from greenmfg.intake import parse
from greenmfg.pipeline.bundle import write_bundle
from greenmfg.pipeline.correcting import Language, corrected_copy
from greenmfg.pipeline.receiving import Arrival, receive
from greenmfg.pipeline.together import CheckingTogether
from greenmfg.pipeline.trying import Trial, try_file, try_files
from greenmfg.pipeline.workshop import Workshop, checker_of, contracts_of
from greenmfg.portal import (
    corrections,
    deadlines,
    effects,
    months,
    submissions,
    templates,
    versions,
)
from greenmfg.portal.corrections import Correction, CorrectionUnexplained
from greenmfg.portal.deadlines import Deadline
from greenmfg.portal.earlier_reasons import EarlierReason, Place, earlier_reasons
from greenmfg.portal.effects import Effect
from greenmfg.portal.known import Newest
from greenmfg.portal.months import OwnMonth
from greenmfg.portal.submissions import OwnSubmission
from greenmfg.portal.versions import OwnVersion, RowChange
from greenmfg.records import Account, Explanation, FilingKey, Receipt, Refusal, Verdict
from greenmfg.registry import UnknownAccount, UnknownFiling, UnknownSubmission, open_registry
from greenmfg.settings import Settings

# File name, bytes, the reasons for its warnings, and why it corrects a closed month (or nothing).
ToFile = tuple[str, bytes, tuple[Explanation, ...], str]


class UnknownEnterprise(LookupError):
    """The firm has no row of the register in force, so it has no account to file with."""


class Office:
    """What a firm may do, each method for the firm it names (`uscc`). Safe for many threads.

    `serving` gives an agent's view of it: the same, by the agent's account, for a firm that is
    named for it and for no other.
    """

    def __init__(self, settings: Settings) -> None:
        self._shop = Workshop(settings, contracts_of(settings), open_registry(settings))
        self._newest = Newest(self._shop)
        self._together = CheckingTogether(settings, self._shop.contracts)
        self._clerk: str | None = None
        self._agent: str | None = None

    def serving(self, clerk: str, agent: str | None = None) -> Office:
        """This office as one clerk stands before it: who files goes on record, and an agent's
        clerk files as the agent."""
        view = copy.copy(self)
        view._clerk, view._agent = clerk, agent
        return view

    @property
    def settings(self) -> Settings:
        return self._shop.settings

    @property
    def contracts(self) -> dict[str, Contract]:
        """The forms that a firm may file, by name."""
        own = [c for c in self._shop.contracts.values() if "firm" in c.filed_by]
        # What is due every month comes first.
        own.sort(key=lambda contract: contract.kind != "monthly")
        return {contract.form: contract for contract in own}

    @property
    def every_contract(self) -> Mapping[str, Contract]:
        """Every form by name: a file may turn out to be one that firms do not file."""
        return self._shop.contracts

    def warm(self) -> None:
        """Imports Great Expectations and reads the state, so that the first clerk need not wait."""
        self.world()
        _ = checker_of(self.settings).judge

    def world(self) -> World:
        """The state that checks see, read anew whenever the registry has changed."""
        return self._newest.known().world

    def account(self, uscc: str) -> Account:
        """The account that files for the firm: its own, or the agent's that is served here.

        Raises:
            UnknownEnterprise: the firm has none yet, or no grant lets the agent file for it.
        """
        try:
            account = self._shop.registry.account(self._agent or uscc, self.settings.now())
        except UnknownAccount:
            raise UnknownEnterprise(uscc) from None
        if not account.may_file_for(uscc):
            raise UnknownEnterprise(uscc)
        return account

    def account_name(self, account: str) -> str | None:
        """What an account is called; None where nobody has said."""
        return self._shop.registry.display_names().get(account)

    def months(self, uscc: str, count: int = 12) -> tuple[OwnMonth, ...]:
        """The monthly forms of the last months that may be filed, newest month first."""
        return self._newest.known().months(self._shop, uscc, count, self._agent or uscc)

    def deadlines(self, uscc: str, ahead: int = 3) -> tuple[Deadline, ...]:
        """Both monthly reports' due days: those overdue, and those of the months to come."""
        return deadlines.deadlines(self.months(uscc), self.world(), uscc, ahead)

    def name(self, uscc: str) -> str | None:
        """The firm's name in the register in force."""
        return months.register_name(self.world(), uscc)

    def template(
        self,
        form: str,
        kind: Literal["csv", "xlsx"],
        uscc: str | None,
        period: date | None,
        language: Literal["zh", "en"] = "zh",
    ) -> bytes:
        """The firm's template of a form and month; without a firm the plain one.

        Raises:
            KeyError: firms do not file such a form.
        """
        asked = templates.Asked(self.contracts[form], kind, uscc, period, language)
        return templates.template(self.world(), asked)

    def bundle(self, uscc: str) -> bytes:
        """What an offline checker of this firm needs to know. Raises UnknownEnterprise."""
        account, settings = self.account(uscc), self.settings
        return write_bundle(
            self.world(),
            self._shop.contracts,
            account,
            checker_of(settings).version,
            settings.now(),
        )

    def nil_return(self, uscc: str, period: date) -> tuple[str, bytes]:
        """File name and bytes of a nil return: the same month gives the same bytes."""
        return templates.nil_return(
            self._shop.contracts["output_monthly"], self.world(), uscc, period
        )

    def try_file(
        self, uscc: str, file_name: str, data: bytes, explanations: tuple[Explanation, ...] = ()
    ) -> Trial:
        """Checks a file as the pipeline would; nothing is stored.

        Raises:
            UnknownEnterprise: the firm has no account.
            CheckFailed: our fault.
        """
        account = self.account(uscc)
        contracts, check = self._shop.contracts, self._together.check
        return try_file(
            self.settings, contracts, self.world(), account, file_name, data, explanations, check
        )

    def try_files(
        self, uscc: str, files: Sequence[tuple[str, bytes]]
    ) -> tuple[tuple[int, Trial], ...]:
        """Checks files together, each with the ones before it for its past; nothing is stored.

        Returns: position among `files` and trial, in the order in which to file them.
        Raises:
            UnknownEnterprise: the firm has no account.
            CheckFailed: our fault.
        """
        account = self.account(uscc)
        return try_files(self.settings, self._shop.contracts, self.world(), account, files)

    def earlier_reasons(self, uscc: str, trial: Trial) -> Mapping[Place, EarlierReason]:
        """Reasons accepted before that fit the trial's warnings, by check, line and column."""
        return earlier_reasons(self._shop, self.world(), uscc, trial)

    def corrected(
        self, uscc: str, file_name: str, data: bytes, language: Language = "zh"
    ) -> tuple[str, bytes]:
        """File name and bytes of the firm's own file with its bad cells marked.

        Raises:
            NothingToMark: it is no form, breaks off, or has no findings.
        """
        trial = self.try_file(uscc, file_name, data)
        copy = corrected_copy(trial, data, self._shop.contracts, self.settings.limits, language)
        return f"{PurePath(file_name).stem}_核验标注{copy.suffix}", copy.data

    def file(
        self,
        uscc: str,
        file_name: str,
        data: bytes,
        explanations: tuple[Explanation, ...] = (),
        correction_reason: str = "",
    ) -> Receipt:
        """Files it: the same bytes again give the same receipt. `correction_reason`: why it
        corrects a closed month, put on record beside the receipt.

        Raises:
            UnknownEnterprise: the firm has no account.
            CorrectionUnexplained: it corrects a closed month and no reason says why.
            CheckFailed: whether it does could not be told; our fault.
        """
        [receipt] = self.file_all(uscc, [(file_name, data, explanations, correction_reason)])
        return receipt

    def _record_clerk(self, uscc: str, receipts: Sequence[Receipt]) -> None:
        """Which of several clerks it was, and for which firm an agent's stood there."""
        if self._clerk is None:
            return
        about = {"firm": uscc, **({"agent": self._agent} if self._agent else {})}
        now = self.settings.now()
        for receipt in receipts:
            if not receipt.again:
                self._shop.registry.log(
                    self._clerk, "submission.by_clerk", receipt.number, about, now
                )

    def file_all(self, uscc: str, files: Sequence[ToFile]) -> tuple[Receipt, ...]:
        """Files them in one transaction, in their order: all or, where one is refused, none.

        Raises: what `file` raises.
        """
        account = self.account(uscc).name
        for name, data, explanations, why in files:
            if len(why.strip()) < corrections.SHORTEST_REASON:
                self._require_no_correction(uscc, name, data, explanations)
        arrivals = [
            Arrival(account, name, data, explanations=explanations)
            for name, data, explanations, _ in files
        ]
        receipts = receive(self._shop, arrivals, "portal")
        self._record_clerk(uscc, receipts)
        for receipt, (*_, why) in zip(receipts, files, strict=True):
            corrections.record_reason(self._shop, account, receipt, why)
        return receipts

    def file_by_key(
        self,
        uscc: str,
        key_id: str,
        file_name: str,
        data: bytes,
        explanations: tuple[Explanation, ...] = (),
        correction_reason: str = "",
    ) -> Receipt:
        """`file`, by a system of the firm; which key it showed goes on record.

        Raises: what `file` raises.
        """
        receipt = self.file(uscc, file_name, data, explanations, correction_reason)
        now = self.settings.now()
        self._shop.registry.log(f"key:{key_id}", "submission.by_key", receipt.number, {}, now)
        return receipt

    def _require_no_correction(
        self, uscc: str, file_name: str, data: bytes, explanations: tuple[Explanation, ...]
    ) -> None:
        account, shop, world = self.account(uscc), self._shop, self.world()
        parsed = parse(data, file_name, shop.contracts, world.codes, self.settings.limits)
        if isinstance(parsed, Refusal) or not corrections.may_correct(shop, world, uscc, parsed):
            return
        if corrections.in_force_already(shop, account.name, hashlib.sha256(data).hexdigest()):
            return
        outcome = self.try_file(uscc, file_name, data, explanations).outcome
        months = () if isinstance(outcome, Refusal) else self.closed_months(uscc, outcome)
        if months:
            raise CorrectionUnexplained(months)

    def outcome(self, own: OwnSubmission) -> dict[str, Any]:
        """Receipt and verdict as the outbox has them; of one not yet looked at, its state alone."""
        return submissions.outcome(own)

    def submission(self, uscc: str, receipt: str) -> OwnSubmission:
        """One submission of this firm's own account.

        Raises:
            UnknownSubmission: there is none, or it is another's: never told apart.
        """
        try:
            account = self.account(uscc)
        except UnknownEnterprise:
            raise UnknownSubmission(receipt) from None
        found = submissions.one(self._shop.registry, receipt)
        if found.submission.account != account.name or not submissions.open_to(account, found):
            raise UnknownSubmission(receipt)
        return found

    def receipt_hash(self, receipt: str) -> str:
        """The hash that a printed receipt bears (see `registry.chain`). Raises UnknownSubmission."""
        return self._shop.registry.receipt_hash(receipt)

    # Versions and corrections -----------------------------------------------------------------

    def keys(self, uscc: str) -> tuple[FilingKey, ...]:
        """The reports of this firm that have a version, newest month first."""
        return versions.keys_of(self._shop, uscc)

    def versions(self, uscc: str, key: FilingKey) -> tuple[OwnVersion, ...]:
        """All versions of one report of this firm, first version first; of another's, none."""
        return versions.versions_of(self._shop, self.world(), uscc, key, self._agent or uscc)

    def compared(self, uscc: str, before: int, after: int) -> tuple[RowChange, ...]:
        """What changed between two versions of one report of this firm, cell by cell.

        Raises:
            UnknownFiling: one is another firm's, of another report, or there is none.
        """
        was, old = versions.rows_of(self._shop, uscc, before)
        now, new = versions.rows_of(self._shop, uscc, after)
        if was.key != now.key:
            raise UnknownFiling(after)
        return versions.difference(self._shop.contracts[now.form], old, new)

    def effect(self, uscc: str, before: int, after: int) -> Effect | None:
        """What the change from one version to the other makes of the month's indicators; None
        where there are none to compare (`effects.effect`). Raises UnknownFiling."""
        return effects.effect(self._shop, self.world(), uscc, before, after)

    def is_correction(self, uscc: str, form: str, month: date) -> bool:
        """Whether filing this form of this month now would correct a closed month: one past its
        due day with a version in force."""
        return corrections.is_correction(self._shop, self.world(), uscc, form, month)

    def closed_months(self, uscc: str, verdict: Verdict) -> tuple[date, ...]:
        """The closed months that a checked file would correct, of this firm; an agent's file may
        name others that it files for."""
        firms = self.account(uscc).enterprises
        return corrections.closed_months(self._shop, self.world(), firms, verdict)

    def corrections_of_all_firms(self) -> tuple[Correction, ...]:
        """For the steward alone: corrections of closed months, those without a reason first."""
        return corrections.of_all_firms(self._shop, self.world())

    def corrections_without_reason(self) -> tuple[Correction, ...]:
        """For the steward alone: corrections of all firms that say nowhere why."""
        return corrections.without_reason(self._shop, self.world())

    # Receipts -----------------------------------------------------------------------------------

    def any_submission(self, receipt: str) -> OwnSubmission:
        """One submission of anybody, for the bureau alone. Raises UnknownSubmission."""
        return submissions.one(self._shop.registry, receipt)

    def submissions(self, uscc: str, limit: int) -> tuple[OwnSubmission, ...]:
        """What the firm's own account sent, or the agent's for it, newest first."""
        registry = self._shop.registry
        if self._agent is None:
            return submissions.of_account(registry, uscc, limit)
        return submissions.of_agent(registry, self.account(uscc), uscc, limit)


@lru_cache(maxsize=8)
def open_office(settings: Settings) -> Office:
    """The office of a home, one per process.

    Raises:
        RegistryMissing, RegistryOutdated: `greenmfg init` makes or mends it.
    """
    return Office(settings)
