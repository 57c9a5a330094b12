"""What a check needs to know beside the file: today, the reference in force, the register, the past."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from greenmfg.contract.codes import CodeLists
from greenmfg.records import Account, Explanation, ParsedFile, ReferenceRows

if TYPE_CHECKING:
    import pyarrow as pa


class History(Protocol):
    """Rows in force before this run: `subject`, `filing_period` and the form's typed columns.

    `since`: the first month wanted, None for all. Returns None where nothing is in force.
    """

    def __call__(
        self, form: str, subjects: Collection[str], since: date | None, /
    ) -> pa.Table | None: ...


@dataclass(frozen=True)
class Candidate:
    """One parsed submission that waits for its verdict. `key` is its receipt, or any unique word.

    `explanations`: what the sender says to warnings; an explained row holds nothing up.
    """

    key: str
    account: Account
    parsed: ParsedFile
    explanations: tuple[Explanation, ...] = ()


@dataclass(frozen=True)
class World:
    """The state that one run of checks sees; the pipeline makes a new one after each decision.

    `reference`: table name → rows in force. `register`: rows of the enterprise register in force,
    with its contract's typed columns (None before any was accepted). `register_known` is False for
    the offline checker without a home, which cannot tell an unknown enterprise from a known one.
    """

    today: date
    reference: Mapping[str, ReferenceRows]
    register: pa.Table | None
    history: History
    register_known: bool = True

    @cached_property
    def codes(self) -> CodeLists:
        return CodeLists.of(self.reference)


def no_history(_form: str, _subjects: Collection[str], _since: date | None) -> pa.Table | None:
    """The past of a home in which nothing is in force, and of the offline checker."""
    return None
