"""Services with fake parts, cleared away after each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from serve_terminal import Terminal


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """Starts a service whose parts are of the given kinds (see `fake_part.py`)."""
    opened: list[Terminal] = []

    def open_terminal(*kinds: str) -> Terminal:
        opened.append(Terminal(tmp_path, kinds))
        return opened[-1]

    yield open_terminal
    for terminal in opened:
        terminal.clean_up()
