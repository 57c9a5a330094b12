"""What is known now: the state that checks see, and each firm's months in it, kept until it changes."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import date

from greenmfg.checks import World
from greenmfg.pipeline import state
from greenmfg.pipeline.workshop import Workshop
from greenmfg.portal.months import OwnMonth, own_months


@dataclass(frozen=True)
class Known:
    """The state at one revision of the registry on one day."""

    revision: int
    today: date
    world: World
    _months: dict[tuple[str, int, str], tuple[OwnMonth, ...]] = field(default_factory=dict)

    def months(self, shop: Workshop, uscc: str, count: int, account: str) -> tuple[OwnMonth, ...]:
        """`months.own_months`, worked out once."""
        asked = (uscc, count, account)
        if asked not in self._months:
            self._months[asked] = own_months(shop, self.world, *asked)
        return self._months[asked]


class Newest:
    """The newest state, read anew whenever the registry or the day has changed. Safe for many
    threads."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop
        self._lock = threading.Lock()
        self._known: Known | None = None

    def known(self) -> Known:
        shop = self._shop
        with self._lock:
            now = (shop.registry.revision(), shop.settings.today())
            known = self._known
            if known is None or (known.revision, known.today) != now:
                known = Known(*now, state.world(shop.settings, shop.contracts, shop.registry))
                self._known = known
            return known
