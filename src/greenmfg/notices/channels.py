"""Where alerts can be sent under the settings, and to whom."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from greenmfg.registry.nouns import DeliveryChannel
from greenmfg.settings import Settings


@dataclass(frozen=True)
class Channels:
    """`webhook` is the address without its path, which often is a secret."""

    mail: bool
    steward_addresses: tuple[str, ...]
    webhook: str | None

    @classmethod
    def of(cls, settings: Settings) -> Channels:
        """The channels that the settings switch on; several steward addresses stand by commas."""
        addresses = settings.mail.steward_address.split(",")
        return cls(
            mail=bool(settings.mail.host),
            steward_addresses=tuple(one.strip() for one in addresses if one.strip()),
            webhook=_shown(settings.webhook_url) if settings.webhook_url else None,
        )

    def to_steward(self) -> tuple[tuple[DeliveryChannel, str], ...]:
        """The deliveries of a steward's alert; none: it is recorded and shown only."""
        mails: list[tuple[DeliveryChannel, str]] = []
        if self.mail:
            mails = [("email", address) for address in self.steward_addresses]
        return (*mails, ("webhook", self.webhook)) if self.webhook else tuple(mails)

    def to_contact(self, address: str | None) -> tuple[tuple[DeliveryChannel, str], ...]:
        """The deliveries of a firm's or agent's alert. The webhook is the bureau's alone."""
        return (("email", address),) if self.mail and address else ()


def _shown(url: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}"
