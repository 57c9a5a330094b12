"""The portal in a real browser: clerks who check an ordinary file, and thirty who have the page open.

One process of the front, started as the service starts it, on the demonstration's history; one
Chromium with a context for each clerk, on the same machine: its work is in the figures.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.async_api import Browser, Page, async_playwright
from tests.bench.district import file, founded
from tests.bench.measure import Figure, environment, free_port

from greenmfg.access import SignedIn, ensure_demo_people, open_door
from greenmfg.demo import read_manifest
from greenmfg.pipeline import founding, releasing
from greenmfg.pipeline.workshop import workshop
from greenmfg.settings import Settings

_APP = Path(__file__).parents[2] / "app"
_CLERKS, _ROUNDS, _READERS = 10, 5, 30
_PATIENCE_S = 60
# A clerk reads the verdict, mends the file, saves it and chooses it again.
_THINKS_S = (5.0, 15.0)


@dataclass
class Clerk:
    """One signed-in clerk of one firm, with the firm's own file of the month that is open."""

    firm: str
    file: bytes
    page: Page

    async def checks(self, attempt: int) -> float:
        """Seconds from choosing the file to its verdict on the page; each attempt is other bytes."""
        box = self.page.locator("input[type=file]").first
        await self.page.evaluate(_WATCH_FOR_A_VERDICT)
        start = time.perf_counter()
        await box.set_input_files(
            {
                "name": f"能源月报{attempt}.csv",
                "mimeType": "text/csv",
                "buffer": self.file + _blank_lines(self.file, attempt),
            }
        )
        await self._until("window.benchVerdict")
        return time.perf_counter() - start

    async def declares(self) -> float:
        """Seconds from ticking the declaration, or unticking it, to a page that is at rest."""
        box = self.page.get_by_text("我声明")
        await box.wait_for()
        start = time.perf_counter()
        await box.click()
        await _rests(self.page)
        return time.perf_counter() - start

    async def _until(self, promise: str) -> None:
        """A page that is asked again and again is a page slowed down: it tells us itself."""
        async with asyncio.timeout(_PATIENCE_S):
            await self.page.evaluate(promise)


def _blank_lines(file: bytes, count: int) -> bytes:
    """Blank lines in the file's own encoding: other bytes, the same verdict."""
    encodings = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
    return ("\r\n" * count).encode(encodings.get(file[:2], "ascii"))


def figures(place: Path) -> Iterator[Figure]:
    settings = Settings.from_environment(environment(str(place / "home")))
    founding.prepare_home(settings)
    with workshop(settings, create=True) as shop:
        history, newest = founded(shop, place)
        file(shop, place, history)
        releasing.build_and_publish(shop)
    flawed = {flaw.file for flaw in read_manifest(place / "files").flaws}
    files = {
        f.account: f.path(place / "files")
        for f in newest
        if f.form == "energy_monthly" and f.name.endswith(".csv") and f.relative_path not in flawed
    }
    firms = sorted(files)[:_READERS]
    passwords = {login: word for login, word, _ in ensure_demo_people(settings, firms)}
    with _front(settings) as (url, process):
        tokens = {login: _token(settings, login, passwords[login]) for login in (*firms, "officer")}
        clerks = [(firm, files[firm].read_bytes(), tokens[firm]) for firm in firms]
        yield from asyncio.run(_measured(url, process.pid, clerks, tokens["officer"]))


async def _measured(
    url: str, process: int, clerks: Sequence[tuple[str, bytes, str]], bureau: str
) -> list[Figure]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=os.environ.get("GREENMFG_CHROMIUM") or shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        found = [*await _verdicts(browser, url, clerks[:_CLERKS])]
        found += [*await _thirty(browser, url, process, clerks)]
        found += [*await _pages(browser, url, bureau)]
        await browser.close()
    return found


async def _verdicts(
    browser: Browser, url: str, clerks: Sequence[tuple[str, bytes, str]]
) -> list[Figure]:
    at_work = [await _clerk(browser, url, *one) for one in clerks]
    for clerk in at_work:
        await clerk.checks(0)  # the first check of a process compiles the rules

    async def works(clerk: Clerk) -> list[float]:
        taken = []
        for attempt in range(1, _ROUNDS + 1):
            await asyncio.sleep(random.uniform(*_THINKS_S))
            taken.append(await clerk.checks(attempt))
        return taken

    seconds = sorted(s for one in await asyncio.gather(*map(works, at_work)) for s in one)
    burst = sorted(await asyncio.gather(*(c.checks(_ROUNDS + 1) for c in at_work)))
    ticks = [await clerk.declares() for clerk in at_work for _ in range(2)]
    for clerk in at_work:
        await clerk.page.context.close()
    return [
        Figure(f"verdict, {len(at_work)} clerks at once, median", _median(seconds), "s", 1),
        Figure(f"verdict, {len(at_work)} clerks at once, 95th percentile", _p95(seconds), "s", 3),
        Figure("verdict, all of them in the same instant, median", _median(burst), "s"),
        Figure("verdict, all of them in the same instant, slowest", burst[-1], "s"),
        Figure("filing page, a rerun, median", _median(ticks), "s", 0.3),
    ]


async def _thirty(
    browser: Browser, url: str, process: int, clerks: Sequence[tuple[str, bytes, str]]
) -> list[Figure]:
    """Thirty have the page open with a checked file on it, and tick now and then."""
    at_work = [await _clerk(browser, url, *one) for one in clerks]
    for clerk in at_work:
        await clerk.checks(0)

    async def works(clerk: Clerk) -> list[float]:
        taken = []
        for _ in range(4):
            await asyncio.sleep(random.uniform(*_THINKS_S))
            taken.append(await clerk.declares())
        return taken

    seconds = [s for one in await asyncio.gather(*map(works, at_work)) for s in one]
    for clerk in at_work:
        await clerk.page.context.close()
    return [
        Figure(
            f"filing page, a rerun with {len(clerks)} at once, median", _median(seconds), "s", 0.3
        ),
        Figure(f"one process with {len(clerks)} at once", _resident_mib(process), "MiB"),
    ]


async def _pages(browser: Browser, url: str, bureau: str) -> list[Figure]:
    """The bureau goes from page to page in one session: each is a run of a whole page."""
    page = await _signed_in(browser, url, bureau)
    await page.goto(url)
    await _rests(page)
    links = page.get_by_test_id("stSidebarNav").get_by_role("link")
    seconds = []
    for _ in range(3):
        for position in range(await links.count()):
            start = time.perf_counter()
            await links.nth(position).click()
            await _rests(page)
            seconds.append(time.perf_counter() - start)
    await page.context.close()
    return [Figure("bureau's pages, from one to the next, median", _median(seconds), "s", 0.3)]


async def _clerk(browser: Browser, url: str, firm: str, file: bytes, token: str) -> Clerk:
    page = await _signed_in(browser, url, token)
    await page.goto(url)
    await page.locator(".months").wait_for()
    return Clerk(firm, file, page)


async def _signed_in(browser: Browser, url: str, token: str) -> Page:
    context = await browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    await context.add_cookies([{"name": "gm_session", "value": token, "url": url}])
    page = await context.new_page()
    page.set_default_timeout(_PATIENCE_S * 1000)
    return page


# Kept by the page: a promise of the next verdict that is not the one it shows.
_WATCH_FOR_A_VERDICT = """() => {
  const shown = () => document.querySelector('.verdict')?.dataset.focus;
  const before = shown();
  window.benchVerdict = new Promise(done => new MutationObserver((_, watching) => {
    const now = shown();
    if (now && now !== before) { watching.disconnect(); done(); }
  }).observe(document.body, {subtree: true, childList: true, attributes: true}));
}"""
# The run begins when the click has travelled: a page at rest at once has not begun.
_RESTS = """() => new Promise(done => {
  const busy = () => document.querySelector('[data-stale=true], [data-test-script-state=running]');
  const look = () => busy() ? requestAnimationFrame(look) : done();
  setTimeout(look, 30);
})"""


async def _rests(page: Page) -> None:
    async with asyncio.timeout(_PATIENCE_S):
        await page.evaluate(_RESTS)


@contextmanager
def _front(settings: Settings) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "server:app", "--app-dir", str(_APP)]
    with (settings.home / "front.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port)],
            cwd=_APP,
            env=environment(str(settings.home)),
            stdout=log,
            stderr=log,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _until(lambda: httpx.get(f"{url}/_stcore/health").status_code == 200)
            yield url, process
        finally:
            process.terminate()
            process.wait(60)


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if true():
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError("the front did not start")


def _token(settings: Settings, login: str, password: str) -> str:
    entered = open_door(settings).login(login, password, "127.0.0.1")
    if not isinstance(entered, SignedIn):
        raise RuntimeError(f"{login} cannot sign in")
    return entered.token


def _resident_mib(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def _median(seconds: Sequence[float]) -> float:
    return statistics.median(seconds)


def _p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20, method="inclusive")[-1]
