"""The demonstration history in bulk, and one new month of its firms on top."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import Figure, environment

from greenmfg import warehouse
from greenmfg.demo import DemoFile, write_district
from greenmfg.pipeline import deciding, founding, loading, receiving, releasing, state
from greenmfg.pipeline.rebuilding import compare
from greenmfg.pipeline.workshop import Workshop, workshop
from greenmfg.settings import Settings

_NEWEST = "202610"


def figures(place: Path) -> Iterator[Figure]:
    settings = Settings.from_environment(environment(str(place / "home")))
    founding.prepare_home(settings)
    with workshop(settings, create=True) as shop:
        history, newest = founded(shop, place)
        start = time.perf_counter()
        filings = file(shop, place, history)
        releasing.build_and_publish(shop)
        bulk = time.perf_counter() - start
        yield Figure("history, inbox → release", bulk, "s", 120, f"{filings} filings")
        shutil.copytree(settings.warehouse.parent, place / "history")
        start = time.perf_counter()
        filings = file(shop, place, newest)
        releasing.build_and_publish(shop)
        month = time.perf_counter() - start
        yield Figure(
            "a new month on top, inbox → release",
            month,
            "s",
            20,
            f"{filings} filings, {month / bulk:.2f} × the history",
        )
        yield from _builds(shop, place)


def founded(shop: Workshop, place: Path) -> tuple[list[DemoFile], list[DemoFile]]:
    """The district's files, under `place`, with its register filed: its history, its newest month."""
    founding.found(shop)
    codes = state.world(shop.settings, shop.contracts, shop.registry).codes
    manifest = write_district(place / "files", shop.contracts, codes, shop.settings.today())
    for account in manifest.accounts:
        shop.registry.ensure_account(
            account.name, "agent", now=shop.settings.now(), enterprises=account.enterprises
        )
    register = [f for f in manifest.files if f.form == "enterprise_register"]
    # The files of that month alone: six parks file a year at once, up to it.
    newest = [f for f in manifest.files if f"_{_NEWEST}." in f.name and f.wave == 1]
    apart = {f.relative_path for f in (*newest, *register)}
    file(shop, place, register)
    return [f for f in manifest.files if f.relative_path not in apart], newest


def _builds(shop: Workshop, place: Path) -> Iterator[Figure]:
    """The build alone (rows into the warehouse, models, their tests), of the month and of all."""
    settings = shop.settings
    _put_back(settings, place / "history")
    changed = _build_seconds(shop)
    after = warehouse.stage_release(settings, "changed")
    shutil.rmtree(settings.warehouse.parent)
    whole = _build_seconds(shop)
    yield Figure("full build of the history", whole, "s", 20)
    yield Figure("build after one month's filings", changed / whole, "×", 1 / 3, f"{changed:.1f} s")
    differ = compare(settings, after, warehouse.stage_release(settings, "whole"))
    yield Figure("marts in which the two differ", len(differ), "marts", 0, ", ".join(differ))


def _put_back(settings: Settings, workbench: Path) -> None:
    shutil.rmtree(settings.warehouse.parent)
    shutil.copytree(workbench, settings.warehouse.parent)


def _build_seconds(shop: Workshop) -> float:
    start = time.perf_counter()
    loading.load(shop, shop.settings, shop.settings.now())
    warehouse.build(shop.settings)
    return time.perf_counter() - start


def file(shop: Workshop, place: Path, files: list) -> int:  # type: ignore[type-arg]
    arrivals = [
        receiving.Arrival(f.account, f.name, f.path(place / "files").read_bytes()) for f in files
    ]
    receiving.receive(shop, arrivals, "inbox")
    return deciding.decide_waiting(shop).filings
