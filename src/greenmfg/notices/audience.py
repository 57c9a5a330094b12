"""Who hears of what, and under which names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from greenmfg.contract.forms import Contract, Words
from greenmfg.notices.channels import Channels
from greenmfg.records import Account, Severity
from greenmfg.registry import Registry
from greenmfg.registry.nouns import NewAlert
from greenmfg.settings import Settings


@dataclass(frozen=True)
class About:
    """What an alert refers to, so that a page can link it."""

    receipts: tuple[str, ...] = ()
    filings: tuple[int, ...] = ()
    run_id: str | None = None


ABOUT_NOTHING = About()


@dataclass(frozen=True)
class Audience:
    """`contacts` gives an e-mail address by USCC or account name, `names` a display name."""

    contracts: Mapping[str, Contract]
    channels: Channels
    contacts: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[str, Account] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        registry: Registry,
        settings: Settings,
        contracts: Mapping[str, Contract],
        contacts: Mapping[str, str] | None = None,
        names: Mapping[str, str] | None = None,
    ) -> Audience:
        """The registry's accounts, and what a register row of the same run says beyond them."""
        accounts = {account.name: account for account in registry.accounts(settings.now())}
        known = {name: account.email for name, account in accounts.items() if account.email}
        return cls(
            contracts=contracts,
            channels=Channels.of(settings),
            contacts={**known, **(contacts or {})},
            names={**registry.display_names(), **(names or {})},
            accounts=accounts,
        )

    def is_desk(self, account: str) -> bool:
        """Whether it is the bureau's own account, which reads the steward's digest."""
        known = self.accounts.get(account)
        return known is not None and known.kind in ("system", "steward")

    def speaks_for(self, account: str, uscc: str) -> bool:
        """Whether the account may file for the firm."""
        known = self.accounts.get(account)
        return known is not None and known.may_file_for(uscc)

    def alert(
        self,
        account: str | None,
        digest_key: str,
        kind: str,
        severity: Severity,
        subject: Words,
        body: Words,
        about: About = ABOUT_NOTHING,
    ) -> NewAlert:
        """An alert to a firm's or agent's account, or to the steward (None).

        Alerts of one `digest_key` are recorded once. Without a known address, or without a
        channel in the settings, the alert is recorded and shown only.
        """
        channels = self.channels
        return NewAlert(
            digest_key=digest_key,
            kind=kind,
            severity=severity,
            recipient_kind="steward" if account is None else "account",
            recipient=account,
            subject_zh=subject.zh,
            subject_en=subject.en,
            body_zh=body.zh,
            body_en=body.en,
            receipts=about.receipts,
            filings=about.filings,
            run_id=about.run_id,
            deliveries=channels.to_steward()
            if account is None
            else channels.to_contact(self.contacts.get(account)),
        )
