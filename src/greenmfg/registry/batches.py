"""Long lists of keys in pieces that every database takes as parameters of one statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

# SQLite takes 32,766 parameters a statement, older builds 999.
KEYS_PER_STATEMENT = 500


def pieces(keys: Iterable[T]) -> Iterator[list[T]]:
    """The keys in lists of at most `KEYS_PER_STATEMENT`."""
    source = iter(keys)
    while piece := list(islice(source, KEYS_PER_STATEMENT)):
        yield piece
