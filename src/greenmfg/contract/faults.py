"""What can be wrong with a contract by itself: each fault is one sentence that names the column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from greenmfg.contract.codes import CodeLists, plain

if TYPE_CHECKING:
    from greenmfg.contract.forms import Column, Contract

KINDS = ("monthly", "events", "reference")
TYPES = ("uscc", "month", "date", "integer", "decimal", "code", "text", "yes_no", "email")
REPLACES = ("subject_period", "key")
FILERS = ("system", "steward", "agent", "firm")
NUMBERS = ("integer", "decimal")

# A measure as headers print it, with its scale: 元, 千元, 万元, 亿元; 万千瓦时; 吨标准煤.
_MEASURE = re.compile(
    r"[十百千万亿]*(?:元|吨标准煤|吨|克|公斤|公顷|亩|瓦时|焦|平方米|立方米|平方公里)"
)


def faults(contract: Contract) -> Iterator[str]:
    """Yields what contradicts itself in one contract; nothing for a sound one."""
    yield from _form_faults(contract)
    yield from _header_faults(contract)
    for column in contract.columns:
        for fault in _column_faults(column):
            yield f"{column.name}: {fault}"


def code_list_faults(contracts: Mapping[str, Contract], codes: CodeLists) -> Iterator[str]:
    """Yields columns that name a list, or a default, that the code lists do not have."""
    for contract in contracts.values():
        for column in contract.columns:
            if column.code_list is None:
                continue
            where = f"{contract.form}.{column.name}"
            if column.code_list not in codes.lists:
                yield f"{where}: there is no code list {column.code_list}"
            elif column.default and codes[column.code_list].code_of(column.default) is None:
                yield f"{where}: default {column.default} is not in list {column.code_list}"


def _form_faults(contract: Contract) -> Iterator[str]:
    if contract.kind not in KINDS:
        yield f"kind {contract.kind} is none of {', '.join(KINDS)}"
    if contract.replaces not in REPLACES:
        yield f"replaces {contract.replaces} is none of {', '.join(REPLACES)}"
    for filer in contract.filed_by:
        if filer not in FILERS:
            yield f"filed_by {filer} is none of {', '.join(FILERS)}"
    for words in (contract.title, contract.each_row_is):
        if _blank(words.zh, words.en):
            yield "title and each_row_is want words in both languages"
    if not contract.key:
        yield "a form without a key cannot be corrected row by row"
    names = (*contract.key, *contract.subject, *filter(None, [contract.period]))
    for name in names:
        if name not in contract.by_name:
            yield f"{name} is named as a key but is not a column"
    if len(contract.by_name) < len(contract.columns):
        yield "a column name stands twice"
    if (contract.kind == "monthly") != (contract.period is not None):
        yield "a monthly form, and no other, names its period column"
    if contract.period in contract.by_name and contract[str(contract.period)].type != "month":
        yield f"{contract.period} is the period but not a month"


def _header_faults(contract: Contract) -> Iterator[str]:
    """Two columns that answer to one spelling would make the header map a matter of luck."""
    owner: dict[str, str] = {}
    for column in contract.columns:
        for spelling in (column.header, *column.aliases):
            other = owner.setdefault(plain(spelling), column.name)
            if other != column.name:
                yield f"{column.name}: {spelling} already stands for {other}"
        spellings = [plain(s) for s in (column.header, *column.aliases)]
        if len(set(spellings)) < len(spellings):
            yield f"{column.name}: an alias repeats the header or another alias"
        for alias in column.aliases:
            foreign = measures(alias) - measures(column.header)
            if foreign:
                yield f"{column.name}: alias {alias} has another scale ({', '.join(foreign)})"


def measures(header: str) -> frozenset[str]:
    """The measures a header prints: `{"万元"}` of 工业总产值(万元), nothing of 期初库存量."""
    return frozenset(_MEASURE.findall(header))


def _column_faults(column: Column) -> Iterator[str]:
    if column.type not in TYPES:
        yield f"type {column.type} is none of {', '.join(TYPES)}"
    if (column.type == "code") != (column.code_list is not None):
        yield "a code column, and no other, names its code list"
    words = (column.label.zh, column.label.en, column.help.zh, column.help.en)
    if _blank(column.header, *words):
        yield "header, label and help want words in both languages"
    if column.max_characters is not None and (column.type != "text" or column.max_characters < 1):
        yield "max_characters is for text, and above 0"
    yield from _bound_faults(column)


def _blank(*texts: str | None) -> bool:
    return not all(text and text.strip() for text in texts)


def _bound_faults(column: Column) -> Iterator[str]:
    if column.above_minimum and column.minimum is None:
        yield "above_minimum without a minimum"
    if column.minimum is None and column.maximum is None:
        return
    if column.type not in NUMBERS:
        yield f"minimum and maximum are for numbers, not for {column.type}"
        return
    try:
        low, high = (b if b is None else Decimal(b) for b in (column.minimum, column.maximum))
    except InvalidOperation:
        yield f"minimum {column.minimum} or maximum {column.maximum} is not a number"
        return
    if low is None or high is None:
        return
    if low > high or (column.above_minimum and low == high):
        yield f"no number lies between minimum {low} and maximum {high}"
