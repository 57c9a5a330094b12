"""The home's office, warm in this process: the first clerk must not wait for Great Expectations."""

from __future__ import annotations

import gc
import importlib
import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from greenmfg.access import Person
from greenmfg.portal import Office, open_office
from greenmfg.registry import RegistryMissing, RegistryOutdated
from greenmfg.settings import Settings

_LOG = logging.getLogger(__name__)

Lifespan = Callable[[Any], AbstractAsyncContextManager[None]]


def office_of(settings: Settings) -> Office | None:
    """The office, or None while the home has no registry to file into."""
    try:
        return open_office(settings)
    except (RegistryMissing, RegistryOutdated):
        return None


def office_for(settings: Settings, person: Person) -> Office | None:
    """The office as this person stands before it: an agent's clerk files as the agent."""
    office = office_of(settings)
    return office and office.serving(person.login, person.agent)


def warming(settings: Settings) -> Lifespan:
    """The application's life span: beside its first answers, checker and pages are made ready."""

    @asynccontextmanager
    async def lifespan(_app: Any) -> AsyncIterator[None]:
        threading.Thread(target=_warm, args=(settings,), name="warm-checker", daemon=True).start()
        yield

    return lifespan


def _warm(settings: Settings) -> None:
    try:
        office = office_of(settings)
        if office is not None:
            office.warm()
        importlib.import_module("front.entry")
    except Exception:
        # The first check tries again, and then says to the clerk what is wrong.
        _LOG.exception("the checker could not be made ready")
    # Half a million objects of libraries live as long as the process: a search for garbage that
    # goes over them holds every page and every check up for a quarter of a second.
    gc.collect()
    gc.freeze()
