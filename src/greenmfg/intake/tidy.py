"""Tidying cells: each distinct text of a column once, by the column's type. Values stay text.

`after` in the list is the form's own spelling (`202610`, `电力`), which is what the file should
have said; the rows hold what is stored (`2026-10-01`, `electricity`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from greenmfg.contract.codes import CodeList, CodeLists, plain
from greenmfg.contract.forms import Column
from greenmfg.intake import spellings
from greenmfg.intake.tidied import LISTED, TidiedLog
from greenmfg.records import TidiedKind

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# str.strip() knows the no-break space; these have no width at all.
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_EXCEL_TEXT_MARKS = "'\u2018\u2019"
_YES_NO = {"yes": "true", "no": "false"}

Tidier = Callable[["Cell"], None]


@dataclass
class Cell:
    """One distinct text on its way: `value` as it will be stored, `shown` as the form writes it."""

    value: str | None
    steps: list[tuple[TidiedKind, str | None, str | None]] = field(default_factory=list)

    def become(self, value: str | None, kind: TidiedKind, shown: str | None = None) -> None:
        """Notes a change; nothing happens if there is none to note."""
        after = value if shown is None else shown
        if after != self.value:
            self.steps.append((kind, self.value, after))
        self.value = value


def tidy_column(
    column: Column,
    given: pa.Array,
    lines: pa.Array,
    codes: CodeLists,
    in_workbook: bool,
    log: TidiedLog,
) -> pa.Array:
    """The column's stored spellings, null where blank; the array itself where nothing changed."""
    encoded = given.dictionary_encode()
    stored = _ungrouped(column, given, encoded, lines, log)
    unsettled = _unsettled(column, stored)
    tidier = _tidier(column, codes, in_workbook)
    texts = stored.take(pa.array(unsettled, pa.int64())).to_pylist()
    tidied: dict[int, Cell] = {}
    for index, text in zip(unsettled, texts, strict=True):
        cell = Cell(text)
        _trim(cell, column)
        if cell.value is not None:
            tidier(cell)
        if cell.value != text or cell.steps:
            tidied[index] = cell
    if tidied:
        _list_steps(column.name, tidied, encoded.indices, lines, log)
        values = stored.to_pylist()
        for index, cell in tidied.items():
            values[index] = cell.value
        stored = pa.array(values, pa.string())
    return given if stored is encoded.dictionary else stored.take(encoded.indices)


def _ungrouped(
    column: Column,
    given: pa.Array,
    encoded: pa.DictionaryArray,
    lines: pa.Array,
    log: TidiedLog,
) -> pa.Array:
    """The distinct texts without thousands separators, all at once.

    Amounts are the one thing that is both untidy and different in every row of a large file;
    one by one in Python, a million of them take as long as all the rest.
    """
    distinct = encoded.dictionary
    if column.type not in ("decimal", "integer"):
        return distinct
    grouped = pc.match_substring_regex(distinct, r"^-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$")
    if not pc.any(grouped).as_py():
        return distinct
    plain_numbers = pc.if_else(grouped, pc.replace_substring(distinct, ",", ""), distinct)
    rows = pc.indices_nonzero(pc.fill_null(grouped.take(encoded.indices), False))
    listed = rows.slice(0, LISTED)
    for line, before, after in zip(
        lines.take(listed).to_pylist(),
        given.take(listed).to_pylist(),
        plain_numbers.take(encoded.indices.take(listed)).to_pylist(),
        strict=True,
    ):
        log.add(TidiedKind.THOUSANDS_SEPARATOR, line, column.name, before, after)
    log.count(TidiedKind.THOUSANDS_SEPARATOR, column.name, len(rows) - len(listed))
    return plain_numbers


def _unsettled(column: Column, distinct: pa.Array) -> list[int]:
    """Which distinct texts may need tidying: a million plain numbers need not pass Python."""
    match column.type:
        case "decimal":
            pattern = r"^-?[0-9]+(\.[0-9]{1," + str(column.decimals) + r"})?$"
            settled = pc.match_substring_regex(distinct, pattern)
        case "integer":
            settled = pc.match_substring_regex(distinct, r"^-?[0-9]+$")
        case "uscc":
            settled = pc.match_substring_regex(distinct, r"^[0-9A-Z]+$")
        case "text":
            settled = pc.equal(distinct, pc.utf8_trim_whitespace(distinct))
        case _:
            return list(range(len(distinct)))
    unsettled: list[int] = pc.indices_nonzero(pc.invert(settled)).to_pylist()
    return unsettled


def _trim(cell: Cell, column: Column) -> None:
    text = cell.value or ""
    trimmed = text.strip().strip(_INVISIBLE).strip()
    if column.type not in ("text", "email"):
        # Excel marks a number kept as text with an apostrophe; exports leave it behind.
        trimmed = trimmed.lstrip(_EXCEL_TEXT_MARKS).strip()
    cell.become(trimmed or None, TidiedKind.SPACES)
    # A code's own word may have full-width brackets: whether it was typed wider is for its list to say.
    if cell.value is not None and column.type not in ("text", "code"):
        _narrow(cell)
    # ="9131…" is how programs keep Excel from turning a code into a number.
    value = cell.value or ""
    if column.type not in ("text", "email") and value.startswith('="') and value.endswith('"'):
        inner = value[2:-1].strip()
        if inner and '"' not in inner:
            cell.become(inner, TidiedKind.EXCEL_NUMBER)


def _tidier(column: Column, codes: CodeLists, in_workbook: bool) -> Tidier:
    match column.type:
        case "uscc":
            return _tidy_uscc
        case "month":
            return lambda cell: _tidy_month(cell, in_workbook)
        case "date":
            return lambda cell: _tidy_date(cell, in_workbook)
        case "decimal":
            return lambda cell: _tidy_number(cell, column.decimals)
        case "integer":
            return lambda cell: _tidy_number(cell, None)
        case "code":
            code_list = codes[column.code_list or ""]
            return lambda cell: _tidy_code(cell, code_list)
        case "yes_no":
            return lambda cell: _tidy_yes_no(cell, codes["yes_no"])
        case _:
            return _leave


def _leave(_: Cell) -> None:
    """Text is the firm's own; it was trimmed and that is all."""


def _tidy_uscc(cell: Cell) -> None:
    text = cell.value or ""
    cell.become("".join(text.split()), TidiedKind.SPACES)
    if cell.value and cell.value.isalnum() and cell.value.isascii():
        cell.become(cell.value.upper(), TidiedKind.FULL_WIDTH)


def _tidy_month(cell: Cell, in_workbook: bool) -> None:
    read = spellings.month(cell.value or "", in_workbook)
    if read:
        iso, kind = read
        cell.become(iso, kind or TidiedKind.PERIOD_SPELLING, shown=iso[:4] + iso[5:7])


def _tidy_date(cell: Cell, in_workbook: bool) -> None:
    read = spellings.day(cell.value or "", in_workbook)
    if read:
        iso, kind = read
        cell.become(iso, kind or TidiedKind.PERIOD_SPELLING)


def _tidy_number(cell: Cell, decimals: int | None) -> None:
    _, steps = spellings.number(cell.value or "", decimals)
    for kind, after in steps:
        cell.become(after, kind)


def _narrow(cell: Cell) -> None:
    narrow = (cell.value or "").translate(_FULL_WIDTH).strip()
    cell.become(narrow or None, TidiedKind.FULL_WIDTH)


def _tidy_code(cell: Cell, codes: CodeList) -> None:
    text = cell.value or ""
    code = codes.code_of(text)
    if code is None:
        _narrow(cell)
        _restore_leading_zero(cell, codes)
        return
    word = codes.names[code]
    if text in (word, code):
        cell.value = code
    elif plain(text) in (plain(word), plain(code)):
        narrower = plain(text) != "".join(text.split()).casefold()
        cell.become(code, TidiedKind.FULL_WIDTH if narrower else TidiedKind.SPACES, shown=word)
    else:
        spelling = TidiedKind.UNIT_SPELLING if codes.name == "unit" else TidiedKind.ITEM_ALIAS
        cell.become(code, spelling, shown=word)


def _restore_leading_zero(cell: Cell, codes: CodeList) -> None:
    """Excel makes 6 of 06, and 6.0 of 6."""
    digits = (cell.value or "").removesuffix(".0")
    if digits.isascii() and digits.isdigit():
        for spelled in (digits, digits.zfill(2)):
            code = codes.code_of(spelled)
            if code is not None:
                cell.become(code, TidiedKind.EXCEL_NUMBER, shown=spelled)
                return


def _tidy_yes_no(cell: Cell, codes: CodeList) -> None:
    text = cell.value or ""
    if text in _YES_NO.values():
        return
    code = codes.code_of(text) or {"true": "yes", "false": "no"}.get(text.lower())
    if code in _YES_NO:
        word = codes.names[code]
        cell.become(_YES_NO[code], TidiedKind.ITEM_ALIAS, shown=word)


def _list_steps(
    name: str, tidied: dict[int, Cell], indices: pa.Array, lines: pa.Array, log: TidiedLog
) -> None:
    noted = {index: cell.steps for index, cell in tidied.items() if cell.steps}
    if not noted:
        return
    keys = pa.array(sorted(noted), indices.type)
    rows = pc.indices_nonzero(pc.is_in(indices, value_set=keys))
    listed = rows.slice(0, LISTED)
    for index, line in zip(
        indices.take(listed).to_pylist(), lines.take(listed).to_pylist(), strict=True
    ):
        for kind, before, after in noted[index]:
            log.add(kind, line, name, before, after)
    for entry in indices.take(rows.slice(LISTED)).value_counts().to_pylist():
        for kind, _, _ in noted[entry["values"]]:
            log.count(kind, name, entry["counts"])
