"""Pages of a real browser for the front's tests: watched, and pictured for whoever looks at a run."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator

import pytest
from front_home import ROOT, Front
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ARTEFACTS = ROOT / "test-artefacts"
WAIT_MS = 30_000

NewPage = Callable[..., Page]


def _chromium() -> str | None:
    return os.environ.get("GREENMFG_CHROMIUM") or shutil.which("chromium")


# A machine without a browser says so; CI sets GREENMFG_CHROMIUM and cannot pass by skipping.
needs_browser = pytest.mark.skipif(
    _chromium() is None, reason="no chromium here: apt-get install chromium fonts-noto-cjk"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=_chromium(), args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def new_page(browser: Browser, front: Front) -> Iterator[NewPage]:
    """Pages whose console and requests are watched; what they complained of fails the test."""
    complaints: list[str] = []
    contexts = []

    def console(message: ConsoleMessage) -> None:
        # The refused sign-in is an answer of 401, which the browser reports as an error.
        if message.type == "error" and "401" not in message.text:
            complaints.append(f"console: {message.text}")

    def request(asked: Request) -> None:
        own = (front.url, front.url.replace("http:", "ws:"), "data:", "blob:")
        if not asked.url.startswith(own):
            complaints.append(f"outside: {asked.url}")

    def open_page(width: int = 1440, login: str | None = None, language: str = "zh") -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
        contexts.append(context)
        cookies = [{"name": "gm_language", "value": language, "url": front.url}]
        if login is not None:
            token = front.home.token(login)
            cookies.append({"name": "gm_session", "value": token, "url": front.url})
        context.add_cookies(cookies)
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        page.on("console", console)
        page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
        page.on("request", request)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def picture(page: Page, name: str) -> None:
    """The whole page, also where Streamlit scrolls inside its own box."""
    ARTEFACTS.mkdir(exist_ok=True)
    if page.locator("[data-testid=stMain]").count() == 0:
        page.screenshot(path=str(ARTEFACTS / f"{name}.png"), full_page=True)
        return
    size = page.viewport_size
    assert size is not None
    height = page.evaluate(
        "document.querySelector('[data-testid=stMainBlockContainer]')?.scrollHeight ?? 840"
    )
    page.set_viewport_size({"width": size["width"], "height": int(height) + 60})
    page.wait_for_timeout(700)
    page.screenshot(path=str(ARTEFACTS / f"{name}.png"))
    page.set_viewport_size(size)


def no_sideways_scroll(page: Page) -> bool:
    return bool(
        page.evaluate(
            "(() => { const box = document.querySelector('[data-testid=stMain]');"
            " return box.scrollWidth <= box.clientWidth })()"
        )
    )


_RESTS = """() => !document.querySelector('[data-stale=true], [data-test-script-state]:not([data-test-script-state=notRunning])')
  && document.getAnimations().every((one) => one.playState !== 'running')
  && [...document.querySelectorAll('[data-stale]')].every((one) => getComputedStyle(one).opacity === '1')"""


def at_rest(page: Page) -> None:
    """Until no run is under way, nothing is faded as stale and nothing moves any more."""
    # Not wait_for_function: it evaluates text, which the page's policy forbids.
    end = time.monotonic() + 2 * WAIT_MS / 1000
    while not page.evaluate(_RESTS):
        assert time.monotonic() < end, "the page does not come to rest"
        page.wait_for_timeout(100)
