"""What axe-core finds on a page in a real browser: the rules an automatic look can hold us to."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from browser_pages import at_rest
from playwright.sync_api import Page

# Streamlit's own markup is not ours to mend: its list of pages has boxes between list and items.
_THEIRS = "[data-testid=stSidebarNav]"
_HELD_TO = ("serious", "critical")
_RUN = """async ([theirs, heldTo]) => {
  const found = await axe.run({ exclude: [[theirs]] }, { resultTypes: ['violations'] })
  return found.violations
    .filter((rule) => heldTo.includes(rule.impact) || rule.id === 'heading-order')
    .flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.html.slice(0, 200)}`))
}"""


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def barriers(page: Page) -> list[str]:
    """Serious and critical findings, and headings out of order, of everything but Streamlit's list
    of pages; one line each."""
    # What a run still holds as stale is pale, and no reader's to read.
    at_rest(page)
    page.evaluate(_axe())
    found: list[str] = page.evaluate(_RUN, [_THEIRS, list(_HELD_TO)])
    return found
