from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
# As uvicorn starts it: the front's package lies in app/, which is no part of the workshop.
for folder in (HERE.parents[1] / "app", HERE):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

import fixture_release  # noqa: E402
from browser_pages import browser, new_page  # noqa: E402, F401  (fixtures)
from filing_home import FilingHome, make_filing_home  # noqa: E402
from front_home import Front, Home, make_home, publish_fixture, served  # noqa: E402


@pytest.fixture(scope="session")
def release_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fixture_release.write_release(tmp_path_factory.mktemp("release"))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Accounts, but nothing published yet."""
    return make_home(tmp_path / "home")


@pytest.fixture(scope="session")
def front(tmp_path_factory: pytest.TempPathFactory, release_file: Path) -> Iterator[Front]:
    """The real server in its own process, with a release."""
    home = make_home(tmp_path_factory.mktemp("served") / "home")
    publish_fixture(home, release_file)
    with served(home) as running:
        yield running


@pytest.fixture(scope="module")
def filing_home(tmp_path_factory: pytest.TempPathFactory) -> FilingHome:
    """A home whose firms are in the registry and may file."""
    return make_filing_home(tmp_path_factory.mktemp("filing") / "home")
