"""How long a sign-in has to wait after failures.

Failures are counted per account AND address, and per address; a browser that has signed in to
the account before is counted by itself. So a stranger who keeps failing on somebody's account
slows down only the stranger's own address: the owner's machine never waits for it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from greenmfg.access.tables import sign_in_throttle as throttle

FORGOTTEN_AFTER = timedelta(hours=1)
_LONGEST_WAIT_S = 300
_FREE_FAILURES = 4


@dataclass(frozen=True)
class Counter:
    """Whose failures are counted together, and how many of them cost nothing."""

    subject: str
    free_failures: int
    cleared_by_success: bool


def counters(login: str, address: str, device: str | None) -> tuple[Counter, ...]:
    """The counters of one attempt. `device`: digest of a device known to this very account."""
    if device is not None:
        return (Counter(f"device:{device}", _FREE_FAILURES, True),)
    network = network_of(address)
    return (
        Counter(f"account:{login[:64]}@{network}", _FREE_FAILURES, True),
        # A whole park may share one address: it takes many failures before all its clerks wait,
        # and one success among them does not pardon a guesser.
        Counter(f"address:{network}", 29, False),
    )


def network_of(address: str) -> str:
    """The address failures are counted by: one IPv4 address, or the /64 one IPv6 site owns."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def seconds_to_wait(connection: Connection, counted: Sequence[Counter], now: datetime) -> int:
    """Whole seconds until the next attempt is looked at; 0 if it may be made now."""
    waits = [_wait(connection, counter, now) for counter in counted]
    return max(waits, default=0)


def _wait(connection: Connection, counter: Counter, now: datetime) -> int:
    row = connection.execute(
        select(throttle.c.failures, throttle.c.last_failure_at).where(
            throttle.c.subject == counter.subject
        )
    ).one_or_none()
    if row is None or now - row.last_failure_at > FORGOTTEN_AFTER:
        return 0
    excess = row.failures - counter.free_failures
    if excess <= 0:
        return 0
    # Beyond 2^9 s the longest wait rules anyway; the exponent must not grow with an attack.
    wait = timedelta(seconds=min(_LONGEST_WAIT_S, 2 ** min(excess, 9)))
    left = (row.last_failure_at + wait - now).total_seconds()
    return max(0, -int(-left // 1))


def count_attempt(connection: Connection, counted: Sequence[Counter], now: datetime) -> None:
    """Counts an attempt as failed before its password is looked at: a burst cannot outrun it."""
    connection.execute(delete(throttle).where(throttle.c.last_failure_at < now - FORGOTTEN_AFTER))
    for counter in counted:
        once_more = (
            update(throttle)
            .where(throttle.c.subject == counter.subject)
            .values(failures=throttle.c.failures + 1, last_failure_at=now)
        )
        if connection.execute(once_more).rowcount:
            continue
        first = insert(throttle).values(subject=counter.subject, failures=1, last_failure_at=now)
        try:
            with connection.begin_nested():
                connection.execute(first)
        except IntegrityError:  # another attempt was the first, a moment ago
            connection.execute(once_more)


def logins_throttled(connection: Connection, now: datetime) -> frozenset[str]:
    """Logins at whose account so many attempts failed, from anywhere, that the next one waits."""
    asked = select(throttle.c.subject, throttle.c.failures).where(
        throttle.c.subject.startswith("account:"),
        throttle.c.last_failure_at >= now - FORGOTTEN_AFTER,
    )
    return frozenset(
        row.subject.removeprefix("account:").rpartition("@")[0]
        for row in connection.execute(asked)
        if row.failures > _FREE_FAILURES
    )


def forget(connection: Connection, login: str, devices: Sequence[str]) -> None:
    """Forgets what was counted for one account: from everywhere, and by its known devices. What
    was counted for an address stays, because it is not the account's alone."""
    mine = throttle.c.subject.startswith(f"account:{login[:64]}@", autoescape=True)
    by_device = throttle.c.subject.in_([f"device:{device}" for device in devices])
    connection.execute(delete(throttle).where(mine | by_device))


def pardon(connection: Connection, counted: Sequence[Counter]) -> None:
    """Takes the attempt back after a success, and the earlier failures of this very person."""
    for counter in counted:
        mine = throttle.c.subject == counter.subject
        if counter.cleared_by_success:
            connection.execute(delete(throttle).where(mine))
        else:
            one_less = case((throttle.c.failures > 0, throttle.c.failures - 1), else_=0)
            connection.execute(update(throttle).where(mine).values(failures=one_less))
