"""Intake: from a file's bytes to one form's text table, tidied and with its line numbers.

Reads nothing from disk but its own words, and judges no data: a wrong month stays as given for
the checks. What is not a form at all is refused, with advice.
"""

from __future__ import annotations

from collections.abc import Mapping

from greenmfg.contract.codes import CodeLists
from greenmfg.contract.forms import Contract
from greenmfg.intake import kinds, notes, text, workbook
from greenmfg.intake.assemble import assemble
from greenmfg.intake.grid import read
from greenmfg.intake.header import Located, locate
from greenmfg.intake.refusals import (
    Refusals,
    Refused,
    load_refusals,
    packaged_refusals,
    refusal,
)
from greenmfg.intake.tidied import TidiedLog
from greenmfg.records import ParsedFile, Refusal
from greenmfg.settings import Limits

__all__ = ["find_form", "load_refusals", "parse"]


def parse(
    data: bytes,
    file_name: str,
    contracts: Mapping[str, Contract],
    codes: CodeLists,
    limits: Limits,
    refusals: Refusals | None = None,
) -> ParsedFile | Refusal:
    """Reads one file as one form.

    Args:
        file_name: only said in a refusal's words; the content decides everything.
        contracts: forms and reference tables that the header may be of.
        refusals: the refusals' words; those of this installation if not given.
    """
    try:
        return _parse(data, contracts, codes, limits)
    except Refused as refused:
        return refusal(refused, file_name, refusals or packaged_refusals())


def find_form(data: bytes, contracts: Mapping[str, Contract], limits: Limits) -> Located:
    """Where in the file the form stands, and which it is.

    Raises:
        Refused: it cannot be read as a form.
    """
    if len(data) > limits.max_bytes:
        raise Refused(
            "too_large",
            megabytes=-(-len(data) // 1024 // 1024),
            limit=limits.max_bytes // 1024 // 1024,
        )
    kind = kinds.sniff(data)
    sources = text.sources(data, limits) if kind == "text" else workbook.sources(data, kind, limits)
    return locate([notes.without(source) for source in sources], contracts, limits.max_columns)


def _parse(
    data: bytes, contracts: Mapping[str, Contract], codes: CodeLists, limits: Limits
) -> ParsedFile:
    located = find_form(data, contracts, limits)
    contract = contracts[located.match.form]
    log = TidiedLog()
    try:
        grid = read(located, contract.kind != "reference", limits, log)
    except Refused as refused:
        refused.details.setdefault("form", contract.title)
        raise
    return assemble(located, grid, contracts, codes, log)
