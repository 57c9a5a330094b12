"""Bells: triggers that look once a second, cheaply, whether a DAG has something to do.

An event is a bell, not a work item: it carries nothing, Airflow may fold many into one run, and
the run looks for its work afresh.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from greenmfg_airflow.watching import Chime, ReviewWatch, waiting

if TYPE_CHECKING:
    from greenmfg.registry import Registry
    from greenmfg.settings import Settings

_AFTER_TROUBLE_SECONDS = 10.0

Look = Callable[[], bool]


class Bell(BaseEventTrigger):  # type: ignore[misc]  # Airflow is not typed throughout
    """Asks what `watch` returned every so often, off the event loop; rings when it is true."""

    def __init__(self, every_seconds: float) -> None:
        super().__init__()
        self.every_seconds = every_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        kind = type(self)
        return (f"{kind.__module__}.{kind.__name__}", {"every_seconds": self.every_seconds})

    def watch(self, settings: Settings, registry: Registry) -> Look:
        """Begins to watch; what it returns is asked again and again."""
        raise NotImplementedError

    async def run(self) -> AsyncIterator[TriggerEvent]:
        from greenmfg.registry import open_registry
        from greenmfg.settings import Settings

        settings = Settings.from_environment()
        look: Look | None = None
        while True:
            try:
                if look is None:
                    registry = await asyncio.to_thread(open_registry, settings)
                    look = await asyncio.to_thread(self.watch, settings, registry)
                rings = await asyncio.to_thread(look)
            except Exception:
                # A bell that died would never ring again; say what is wrong and go on looking.
                self.log.exception("The bell cannot look; trying again soon")
                look = None
                await asyncio.sleep(_AFTER_TROUBLE_SECONDS)
                continue
            if rings:
                yield TriggerEvent(type(self).__name__)
            await asyncio.sleep(self.every_seconds)


class InboxBell(Bell):
    """Rings for complete files in the inbox, and for submissions that came by another door."""

    def watch(self, settings: Settings, registry: Registry) -> Look:
        chime = Chime()
        return lambda: chime.should_ring(waiting(settings, registry), time.monotonic())


class ReviewBell(Bell):
    """Rings when a steward has accepted, returned or withdrawn a filing, and once when it starts.

    (What the intake brings into force, the intake announces itself.)
    """

    def watch(self, settings: Settings, registry: Registry) -> Look:  # noqa: ARG002
        return ReviewWatch(registry).reviewed
