"""Alerts as JSON to one address of the bureau."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any

from greenmfg.notices.faults import ChannelDown, described
from greenmfg.registry.nouns import Alert, Delivery

TIMEOUT_S = 10


class Webhook:
    """Posts alerts; an address that cannot be reached fails the rest at once."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._down: ChannelDown | None = None
        self._opener = _opener()

    def send(self, delivery: Delivery, alert: Alert) -> None:
        """Raises unless the receiver answered 2xx. Messages never hold the address."""
        if self._down:
            raise self._down
        request = self._request(delivery, alert)
        try:
            with self._opener.open(request, timeout=TIMEOUT_S):
                return
        except urllib.error.HTTPError as error:
            with error:
                raise ConnectionError(f"HTTP {error.code} {error.reason}") from None
        except urllib.error.URLError as error:
            self._down = ChannelDown(str(error.reason))
            raise self._down from None
        except (OSError, HTTPException) as error:
            self._down = ChannelDown(described(error))
            raise self._down from None

    def _request(self, delivery: Delivery, alert: Alert) -> urllib.request.Request:
        if not self._url.startswith(("https://", "http://")):
            raise ChannelDown("GREENMFG_WEBHOOK_URL is not an http(s) address")
        return urllib.request.Request(
            self._url,
            data=json.dumps(payload(alert), ensure_ascii=False).encode(),
            method="POST",
            headers={
                "Content-Type": "application/json; charset=utf-8",
                # The same for every try of this delivery, so that a receiver can tell.
                "Idempotency-Key": f"greenmfg-{alert.created_at:%Y%m%d%H%M%S%f}-{delivery.id}",
                "User-Agent": "greenmfg",
            },
        )


def _opener() -> urllib.request.OpenerDirector:
    """Without redirects: a redirected POST becomes a GET, and the alert would be lost unseen."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def payload(alert: Alert) -> dict[str, Any]:
    """The alert as JSON says it; instants are ISO 8601 in UTC."""
    return {
        "alert": alert.id,
        "kind": alert.kind,
        "severity": alert.severity,
        "subject": {"zh": alert.subject_zh, "en": alert.subject_en},
        "body": {"zh": alert.body_zh, "en": alert.body_en},
        "receipts": list(alert.receipts),
        "filings": list(alert.filings),
        "run": alert.run_id,
        "created_at": alert.created_at.isoformat(),
    }
