"""Feeds the demonstration district into the inbox, wave by wave, and says how far it is.

A file is moved, not copied: what still lies in the demonstration's folder has not been filed, so a
feeder that is killed goes on where it stopped.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from datetime import time as time_of_day
from itertools import groupby
from pathlib import Path

from greenmfg.access import ensure_demo_people
from greenmfg.access.demo import demo_accounts_file
from greenmfg.demo import DemoFile, DemoManifest, read_manifest, write_district
from greenmfg.demo.manifest import MANIFEST
from greenmfg.pipeline import alerting, deciding, receiving, releasing, state
from greenmfg.pipeline.loading import DEMONSTRATION
from greenmfg.pipeline.receiving import simulated_folder
from greenmfg.pipeline.workshop import Workshop
from greenmfg.settings import DISTRICT_TIME, Settings

Say = Callable[[str], None]
_PROGRESS = "progress.json"
_LOOK_SECONDS = 0.5
_AGENTS_SHOWN = 1


def progress_line(settings: Settings) -> str | None:
    """One line about how far the feeding is, or None while nothing is fed. Answers at once."""
    try:
        progress = json.loads((simulated_folder(settings) / _PROGRESS).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    line: str = progress["line"]
    return line


def accounts_text(settings: Settings) -> str:
    """The demonstration's accounts as they are printed when the service is ready."""
    accounts = json.loads(demo_accounts_file(settings).read_bytes())
    lines = [f"    {login:<20} {password}" for login, password in accounts.items()]
    return "  演示账号 Demo accounts（模拟数据 simulated data）\n" + "\n".join(lines)


class Feeder:
    """Files the district of one home. `prepare` first; then `feed` or `feed_and_run`."""

    def __init__(self, shop: Workshop) -> None:
        self.shop = shop
        self.folder = simulated_folder(shop.settings)

    def prepare(self, say: Say) -> None:
        """Writes the district's files and opens its agents' accounts, unless that is done."""
        if not (self.folder / MANIFEST).is_file():
            say(
                "模拟数据：正在生成示范区的报表文件… · simulated data: writing the district's files…"
            )
            codes = state.world(self.shop.settings, self.shop.contracts, self.shop.registry).codes
            write_district(self.folder, self.shop.contracts, codes, self.shop.settings.today())
        now = self.shop.settings.now()
        manifest = self.manifest
        _write(self.folder / "arrivals.json", _arrivals(manifest, now))
        for account in manifest.accounts:
            self.shop.registry.ensure_account(
                account.name,
                "agent",
                now=now,
                enterprises=account.enterprises,
                email=account.email,
                display_name=f"{account.park} 代报 agent",
            )
        agents = [account.name for account in manifest.accounts[:_AGENTS_SHOWN]]
        ensure_demo_people(self.shop.settings, _firms_to_show(manifest), agents)
        if not self.shop.registry.events(subject=DEMONSTRATION, limit=1):
            self.shop.registry.log(
                "system", "demonstration.loaded", DEMONSTRATION, {"seed": manifest.seed}, now
            )

    @property
    def manifest(self) -> DemoManifest:
        return read_manifest(self.folder)

    def feed(self, say: Say) -> None:
        """Puts each wave into the inbox when the one before has been taken in and decided."""
        for name, files, done, total in self._waves():
            self._say(say, f"{name}：{done}/{total}", done, total)
            self._into_inbox(files)
            while receiving.inbox_waiting(self.shop.settings) or self.shop.registry.waiting():
                time.sleep(_LOOK_SECONDS)
        self._finish(say)

    def feed_and_run(self, say: Say) -> None:
        """The same, taking the files in and publishing here, without Airflow."""
        fed = False
        for name, files, done, total in self._waves():
            self._say(say, f"{name}：{done}/{total}", done, total)
            self._into_inbox(files)
            receiving.collect_inbox(self.shop)
            outcome = deciding.decide_waiting(self.shop, alerting.of_run(self.shop))
            say(
                f"  填报 filings {outcome.filings}：退回 returned {outcome.returned}，"
                f"待审核 awaiting review {outcome.awaiting_review}"
            )
            fed = True
        if fed:
            say("计算指标… · computing the indicators…")
            releasing.build_and_publish(self.shop)
        self._finish(say)

    def _waves(self) -> Iterator[tuple[str, Sequence[DemoFile], int, int]]:
        """(what, files, files done before, all files) of what still has to be filed.

        The register goes first: a firm's account exists once its register row is in force.
        """
        manifest = self.manifest
        total = len(manifest.files)
        left = [file for file in manifest.files if file.path(self.folder).is_file()]
        register = [file for file in left if file.form == "enterprise_register"]
        others = [file for file in left if file.form != "enterprise_register"]
        done = total - len(left)
        if register:
            yield "模拟数据 企业名录 · simulated data, register", register, done, total
            done += len(register)
        for wave, files in groupby(others, key=lambda file: file.wave):
            members = list(files)
            yield f"模拟数据 第 {wave} 批 · simulated data, wave {wave}", members, done, total
            done += len(members)

    def _into_inbox(self, files: Sequence[DemoFile]) -> None:
        # The inbox is taken in by file time: the order of the story is kept by dating the files.
        start = time.time() - len(files) - 60
        for number, file in enumerate(files):
            target = self.shop.settings.inbox / file.account / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            source = file.path(self.folder)
            os.utime(source, (start + number, start + number))
            os.replace(source, target)

    def _finish(self, say: Say) -> None:
        total = len(self.manifest.files)
        self._say(
            say, f"模拟数据已全部报送 · all simulated data is filed：{total}/{total}", total, total
        )

    def _say(self, say: Say, line: str, done: int, total: int) -> None:
        progress = {"line": line, "done": done, "total": total}
        _write(self.folder / _PROGRESS, progress)
        say(line)


def _firms_to_show(manifest: DemoManifest) -> list[str]:
    """Two firms that file for themselves: enough to see that neither sees the other."""
    agents = {account.name for account in manifest.accounts} | {"steward"}
    firms = dict.fromkeys(file.account for file in manifest.files if file.account not in agents)
    return list(firms)[:2]


def _arrivals(manifest: DemoManifest, now: datetime) -> dict[str, str]:
    """Office hours of the day in the story, in the manifest's order; of today, never later than now."""
    times: dict[str, str] = {}
    for number, file in enumerate(manifest.files):
        at = datetime.combine(file.arrives_on, time_of_day(9), DISTRICT_TIME)
        # What comes later than now is not yet known, and would be missing from the marts.
        at = min(at + timedelta(seconds=number), now)
        times[f"{file.account}/{file.name}"] = at.isoformat()
    return times


def _write(path: Path, content: object) -> None:
    partial = path.with_name(f".{path.name}")
    partial.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    os.replace(partial, path)
