from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from greenmfg.contract.codes import CodeLists
from greenmfg.contract.forms import Contract
from greenmfg.intake import parse
from greenmfg.records import ParsedFile, Refusal
from greenmfg.settings import Limits

Reader = Callable[..., ParsedFile]
Refuser = Callable[..., Refusal]


@pytest.fixture(scope="session")
def take_in(contracts: dict[str, Contract], codes: CodeLists) -> Callable[..., Any]:
    """Parses bytes, whatever comes of it."""

    def take(
        data: bytes, name: str = "报表.csv", limits: Limits | None = None
    ) -> ParsedFile | Refusal:
        return parse(data, name, contracts, codes, limits or Limits())

    return take


@pytest.fixture(scope="session")
def read(take_in: Callable[..., Any]) -> Reader:
    """Parses bytes that are a form."""

    def read(*args: Any, **options: Any) -> ParsedFile:
        parsed = take_in(*args, **options)
        assert isinstance(parsed, ParsedFile), parsed
        return parsed

    return read


@pytest.fixture(scope="session")
def refuse(take_in: Callable[..., Any]) -> Refuser:
    """Parses bytes that are no form."""

    def refuse(*args: Any, **options: Any) -> Refusal:
        refused = take_in(*args, **options)
        assert isinstance(refused, Refusal), refused
        return refused

    return refuse
