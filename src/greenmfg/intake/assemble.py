"""Putting a parsed file together: tidied columns, the header as it stands, what was tidied."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby, islice

import pyarrow as pa
import pyarrow.compute as pc

from greenmfg.contract.codes import CodeLists, plain
from greenmfg.contract.forms import Contract
from greenmfg.intake.furniture import is_blank, text_of
from greenmfg.intake.grid import Grid
from greenmfg.intake.header import MIN_MATCHED, Located, form_of_row, header_texts, two_forms
from greenmfg.intake.ooxml import column_letters
from greenmfg.intake.tidied import TidiedLog
from greenmfg.intake.tidy import tidy_column
from greenmfg.records import HeaderCell, ParsedFile, TidiedKind


def assemble(
    located: Located,
    grid: Grid,
    contracts: Mapping[str, Contract],
    codes: CodeLists,
    log: TidiedLog,
) -> ParsedFile:
    """Tidies every column and lists everything.

    Raises:
        Refused: further down stands the header of another form.
    """
    contract = contracts[located.match.form]
    _refuse_second_header(located, grid, contracts)
    _list_head(located, log)
    _list_header(located, contract, log)
    _list_blank_columns(located, grid, log)
    stored: dict[str, pa.Array] = {}
    for name, given in grid.columns.items():
        stored[name] = tidy_column(
            contract[name], given, grid.lines, codes, located.source.is_workbook, log
        )
    return ParsedFile(
        form=contract.form,
        encoding=located.source.encoding,
        header_line=located.line,
        header=_header(located, grid),
        rows=_table(contract, grid, stored),
        given=_table(contract, grid, grid.columns),
        tidied=log.entries(),
    )


def _table(contract: Contract, grid: Grid, columns: Mapping[str, pa.Array]) -> pa.Table:
    count = len(grid.lines)
    cut = pa.repeat(pa.scalar(False), count)
    if grid.is_cut:
        cut = pa.concat_arrays([cut.slice(0, count - 1), pa.array([True])])
    missing = pa.nulls(count, pa.string())
    return pa.table(
        {
            "line": grid.lines,
            "cells": grid.cells,
            "cut": cut,
            **{name: columns.get(name, missing) for name in contract.names},
        }
    )


def _header(located: Located, grid: Grid) -> tuple[HeaderCell, ...]:
    """The header's cells; a column that holds data under no header is a cell without text."""
    headed = {cell.position for cell in located.cells}
    bare = [HeaderCell(at + 1, "", None) for at in grid.filled if at + 1 not in headed]
    return tuple(sorted([*located.cells, *bare], key=lambda cell: cell.position))


def _list_head(located: Located, log: TidiedLog) -> None:
    above = islice(located.source.records(), located.line - 1)
    for line, record in enumerate(above, start=1):
        if is_blank(record):
            log.add(TidiedKind.BLANK_ROWS, line)
        else:
            log.add(TidiedKind.TITLE_ROWS, line, before=text_of(record))


def _list_header(located: Located, contract: Contract, log: TidiedLog) -> None:
    for cell in located.cells:
        if cell.name is None or cell.text == contract[cell.name].header:
            continue
        header = contract[cell.name].header
        if plain(cell.text) != plain(header):
            kind = TidiedKind.HEADER_ALIAS
        elif "".join(cell.text.split()) == "".join(header.split()):
            kind = TidiedKind.SPACES
        else:
            kind = TidiedKind.FULL_WIDTH
        log.add(kind, located.line, cell.name, cell.text, header)


def _list_blank_columns(located: Located, grid: Grid, log: TidiedLog) -> None:
    headed = {cell.position - 1 for cell in located.cells}
    blank = [at for at in range(grid.width) if at not in headed and at not in grid.filled]
    for _, run in groupby(enumerate(blank), key=lambda pair: pair[1] - pair[0]):
        positions = [position for _, position in run]
        first, last = column_letters(positions[0] + 1), column_letters(positions[-1] + 1)
        letters = first if first == last else f"{first}:{last}"
        log.add(TidiedKind.BLANK_COLUMNS, located.line, before=letters)


def _refuse_second_header(located: Located, grid: Grid, contracts: Mapping[str, Contract]) -> None:
    """A row of header texts among the data, of another form, means two forms in one table."""
    known = pa.array(sorted(header_texts(contracts)), pa.string())
    count = len(grid.lines)
    if contracts[located.match.form].kind == "reference":
        return
    first, *others = grid.columns.values()
    suspects = pc.indices_nonzero(pc.is_in(first, value_set=known))
    if len(suspects) == 0 or count == 0 or len(others) < MIN_MATCHED - 1:
        return
    for row in suspects.to_pylist():
        record = [column[row].as_py() or "" for column in grid.columns.values()]
        form = form_of_row(record, contracts)
        if form is not None and form != located.match.form:
            raise two_forms(
                contracts,
                located.match.form,
                located.line,
                form,
                grid.lines[row].as_py(),
            )
