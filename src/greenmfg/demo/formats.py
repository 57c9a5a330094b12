"""How files look from many offices: titles, spellings, encodings; tidied, never returned."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from greenmfg.contract import Contract
from greenmfg.demo.reports import ENERGY, OUTPUT
from greenmfg.demo.sheets import Plan, Planted, Sheet

_FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")

# As Excel abbreviates them; `strftime` would follow the machine's language.
_ENGLISH_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"

# Kind → how many files of it.
_COUNTS = {
    "title_and_signature_rows": 9,
    "full_width_digits": 6,
    "numbers_as_text": 8,
    "month_spelling": 12,
    "thousands_separator": 5,
    "header_alias": 6,
    "semicolon": 8,
    "utf16_tab": 8,
    "trailing_blanks": 4,
    "unit_alias": 5,
}


def plant_formats(
    plan: Plan, contracts: Mapping[str, Contract], spared: set[int], seed: int
) -> Iterator[Planted]:
    """Changes the looks, never a value, of firms' recent files.

    Args:
        spared: ids of sheets that carry another flaw already.
    """
    ordinary = [
        sheet
        for sheet in plan.sheets
        if sheet.wave == 1
        and sheet.form in (OUTPUT, ENERGY)
        and sheet.account == sheet.rows[0]["uscc"]
        and id(sheet) not in spared
    ]
    random.Random(f"{seed}:formats").shuffle(ordinary)
    for kind, count in _COUNTS.items():
        for position in range(count):
            sheet = _take(ordinary, _fits(kind))
            row = sheet.rows[0]
            uscc, period = row["uscc"], row["period"]
            _CHANGES[kind](_Case(sheet, contracts[sheet.form], position))
            yield Planted(kind, sheet.form, uscc, period, sheet, row)


def _take(sheets: list[Sheet], fits: Callable[[Sheet], bool]) -> Sheet:
    position = next(i for i, sheet in enumerate(sheets) if fits(sheet))
    return sheets.pop(position)


def _fits(kind: str) -> Callable[[Sheet], bool]:
    match kind:
        case "numbers_as_text":
            return lambda sheet: sheet.layout.kind == "xlsx"
        case "thousands_separator":
            return lambda sheet: (
                sheet.form == OUTPUT
                and sheet.layout.kind == "csv"
                and Decimal(sheet.rows[0]["gross_output_10k_cny"]) > 1000
            )
        case "unit_alias":
            return lambda sheet: sheet.form == ENERGY
        case "title_and_signature_rows":
            return lambda sheet: sheet.layout.encoding == "gb18030"
        case _:
            return lambda sheet: sheet.layout.kind == "csv" and sheet.layout.delimiter == ","


class _Case(NamedTuple):
    """`position` counts the files of one kind, for turns among spellings."""

    sheet: Sheet
    contract: Contract
    position: int


def _titles(case: _Case) -> None:
    case.sheet.layout = replace(
        case.sheet.layout,
        titles=(
            f"上海市崇明区{case.contract.title.zh}（模拟数据）",
            f"填报单位代码：{case.sheet.account}",
        ),
        signatures=("填表人：示例",)
        if case.position % 2
        else ("单位负责人：示例    填表人：示例",),
    )


def _full_width(case: _Case) -> None:
    column = "production_use" if case.sheet.form == ENERGY else "gross_output_10k_cny"
    case.sheet.rows[0][column] = case.sheet.rows[0][column].translate(_FULL_WIDTH)


def _months(case: _Case) -> None:
    for row in case.sheet.rows:
        year, number = row["period"][:4], int(row["period"][4:])
        english = _ENGLISH_MONTHS[3 * number - 3 : 3 * number]
        spellings = (
            *(f"{year}年{number}月", f"{year}/{number}/1"),
            *(f"{english}-{year[2:]}", f"{year}-{number:02d}"),
        )
        row["period"] = spellings[case.position % len(spellings)]


def _thousands(case: _Case) -> None:
    row = case.sheet.rows[0]
    for column in ("gross_output_10k_cny", "revenue_10k_cny"):
        row[column] = f"{Decimal(row[column]):,}"


def _aliases(case: _Case) -> None:
    aliases = {column.name: column.aliases[0] for column in case.contract.columns if column.aliases}
    case.sheet.layout = replace(case.sheet.layout, header_aliases=aliases)


def _unit_aliases(case: _Case) -> None:
    spoken: Mapping[str, str] = {
        "万千瓦时": "万度",
        "万立方米": "万方",
        "吨": "t",
        "百万千焦": "GJ",
    }
    for row in case.sheet.rows:
        row["unit"] = spoken[row["unit"]]


def _layout(**changes: object) -> Callable[[_Case], None]:
    def change(case: _Case) -> None:
        case.sheet.layout = replace(case.sheet.layout, **changes)  # type: ignore[arg-type]

    return change


_CHANGES: Mapping[str, Callable[[_Case], None]] = {
    "title_and_signature_rows": _titles,
    "full_width_digits": _full_width,
    "numbers_as_text": _layout(numbers_as_text=True),
    "month_spelling": _months,
    "thousands_separator": _thousands,
    "header_alias": _aliases,
    "semicolon": _layout(delimiter=";"),
    "utf16_tab": _layout(encoding="utf-16", delimiter="\t"),
    "trailing_blanks": _layout(drops_trailing_blanks=True),
    "unit_alias": _unit_aliases,
}
