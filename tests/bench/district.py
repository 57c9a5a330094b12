"""The demonstration history in bulk, and one new month of its firms on top."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import Figure, environment

from greenmfg.demo import write_district
from greenmfg.pipeline import deciding, founding, receiving, releasing, state
from greenmfg.pipeline.workshop import Workshop, workshop
from greenmfg.settings import Settings

_NEWEST = "202610"


def figures(place: Path) -> Iterator[Figure]:
    settings = Settings.from_environment(environment(str(place / "home")))
    founding.prepare_home(settings)
    with workshop(settings, create=True) as shop:
        founding.found(shop)
        codes = state.world(settings, shop.contracts, shop.registry).codes
        manifest = write_district(place / "files", shop.contracts, codes, settings.today())
        for account in manifest.accounts:
            shop.registry.ensure_account(
                account.name, "agent", now=settings.now(), enterprises=account.enterprises
            )
        register = [f for f in manifest.files if f.form == "enterprise_register"]
        newest = [f for f in manifest.files if _NEWEST in f.name and f.wave == 1]
        newest_names = {f.relative_path for f in (*newest, *register)}
        history = [f for f in manifest.files if f.relative_path not in newest_names]
        _file(shop, place, register)
        start = time.perf_counter()
        filings = _file(shop, place, history)
        releasing.build_and_publish(shop)
        bulk = time.perf_counter() - start
        yield Figure("history, inbox → release", bulk, "s", 120, f"{filings} filings")
        start = time.perf_counter()
        filings = _file(shop, place, newest)
        releasing.build_and_publish(shop)
        month = time.perf_counter() - start
        yield Figure(
            "a new month on top, inbox → release",
            month,
            "s",
            20,
            f"{filings} filings, {month / bulk:.2f} × the history",
        )


def _file(shop: Workshop, place: Path, files: list) -> int:  # type: ignore[type-arg]
    arrivals = [
        receiving.Arrival(f.account, f.name, f.path(place / "files").read_bytes()) for f in files
    ]
    receiving.receive(shop, arrivals, "inbox")
    return deciding.decide_waiting(shop).filings
