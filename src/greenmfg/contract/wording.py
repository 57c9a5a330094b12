"""How a column is described to people, in help sheets and in the data dictionary."""

from __future__ import annotations

from greenmfg.contract.forms import Column, Words

_TYPES = {
    "uscc": Words("统一社会信用代码", "credit code"),
    "month": Words("月份", "month"),
    "date": Words("日期", "date"),
    "integer": Words("整数", "whole number"),
    "decimal": Words("数值", "number"),
    "code": Words("代码", "code"),
    "text": Words("文字", "text"),
    "yes_no": Words("是/否", "yes or no"),
    "email": Words("电子邮箱", "e-mail"),
}


def column_type(column: Column) -> Words:
    """The column's type in words; text with its length."""
    words = _TYPES[column.type]
    if column.max_characters is None:
        return words
    return Words(
        f"{words.zh}，至多 {column.max_characters} 字",
        f"{words.en}, at most {column.max_characters} characters",
    )


def is_required(column: Column) -> bool:
    """Whether the form cannot be filed without it: the column, if not every cell."""
    return column.column_required or column.cell_required


def list_name(column: Column) -> str | None:
    """The code list that a column's cells come from, or None; 是/否 is a list too."""
    return "yes_no" if column.type == "yes_no" else column.code_list


def limits(column: Column) -> str:
    """The numbers it may hold, as an inequality: `≥ 0`, `> 0`, `1 … 2`; empty without limits."""
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return f"{low} … {high}"
    if low is not None:
        return f"{'>' if column.above_minimum else '≥'} {low}"
    return f"≤ {high}" if high is not None else ""
