"""The corrected copy: a firm's own file with its bad cells marked, to mend and upload again.

The rows stay as they were; what is wrong with a row stands in one more column at its end, which
reading overlooks (`intake.notes`). A workbook's bad cells are coloured and carry the same words as a
comment as well.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from greenmfg.contract import Contract
from greenmfg.intake import find_form
from greenmfg.pipeline.correcting import book, plain_book, text
from greenmfg.pipeline.correcting.remarks import Language, Remarks, remarks_of
from greenmfg.pipeline.trying import Trial
from greenmfg.records import Refusal
from greenmfg.settings import Limits

_LOG = logging.getLogger(__name__)
# Beyond, keeping a workbook's looks costs a gigabyte and minutes: its rows come in a plain one.
_ROWS_WITH_LOOKS = 20_000


class NothingToMark(ValueError):
    """There is no copy to be had: the file is no form, breaks off, or has no findings."""


@dataclass(frozen=True)
class CorrectedCopy:
    suffix: Literal[".csv", ".xlsx"]
    data: bytes


def has_marks(trial: Trial) -> bool:
    """Whether `corrected_copy` has something to mark."""
    if isinstance(trial.outcome, Refusal) or trial.parsed is None:
        return False
    # A copy of a file that breaks off would look whole: only a new export has the missing rows.
    return not trial.parsed.rows["cut"][-1].as_py() and bool(
        [f for f in trial.outcome.findings if not f.explained_by]
    )


def corrected_copy(
    trial: Trial,
    data: bytes,
    contracts: Mapping[str, Contract],
    limits: Limits,
    language: Language = "zh",
) -> CorrectedCopy:
    """The copy of a file that was tried.

    CSV comes back as CSV in its own encoding (UTF-8 with the mark that Excel wants), XLSX as XLSX,
    old XLS as XLSX. Formulas come back as the values that were read.

    Raises:
        NothingToMark: see `has_marks`.
    """
    if isinstance(trial.outcome, Refusal) or trial.parsed is None or not has_marks(trial):
        raise NothingToMark
    contract = contracts[trial.parsed.form]
    remarks = remarks_of(trial.outcome.findings, trial.parsed, language)
    located = find_form(data, contracts, limits)
    if not located.source.is_workbook:
        return CorrectedCopy(".csv", text.marked(data, located, remarks))
    if located.source.encoding == "xlsx" and trial.outcome.rows <= _ROWS_WITH_LOOKS:
        try:
            return CorrectedCopy(".xlsx", book.marked(data, located, remarks))
        except book.LooksNotKept:
            _LOG.warning("a workbook's looks could not be kept; its rows are", exc_info=True)
    return CorrectedCopy(".xlsx", plain_book.marked(located, contract, remarks))


__all__ = [
    "CorrectedCopy",
    "Language",
    "NothingToMark",
    "Remarks",
    "corrected_copy",
    "has_marks",
]
