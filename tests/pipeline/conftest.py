"""A founded home is made once and copied: filing the reference tables costs seconds."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from homes import Home, open_home, settings_of

from greenmfg.pipeline import founding


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after `greenmfg init`."""
    folder = tmp_path_factory.mktemp("founded") / "home"
    founding.prepare_home(settings_of(folder))
    with open_home(folder) as home:
        outcome = founding.found(home.shop).outcome
    assert (outcome.returned, outcome.check_failed, outcome.unreadable) == (0, 0, 0)
    return folder


@pytest.fixture
def new_home(founded: Path, tmp_path: Path) -> Iterator[Callable[..., Home]]:
    """Makes homes: `new_home()` or `new_home("name")`, each founded and open."""
    with ExitStack() as stack:

        def make(name: str = "home") -> Home:
            shutil.copytree(founded, tmp_path / name)
            return stack.enter_context(open_home(tmp_path / name))

        yield make


@pytest.fixture
def home(new_home: Callable[..., Home]) -> Home:
    """A founded home with the three sample firms registered."""
    made = new_home()
    made.file_sample("register.csv")
    made.run()
    return made
