"""The data dictionary: every filed column, in words, from the contracts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from greenmfg.contract.codes import CodeLists
from greenmfg.contract.forms import Column, Contract, Words
from greenmfg.contract.wording import limits, list_name

_LEAD = """\
# 数据字典 Data dictionary

<!-- Generated whole by `greenmfg generate`; edits here are lost. Edit the contracts instead. -->

每一列只在一处定义：报表见 `expectations/contracts/`，参考表见 `reference/contracts/`。
本文件由 `greenmfg generate` 生成。
Each filed column is declared in one place, the contract of its form or reference table, and this
file is generated from there. Columns that are computed are described with their mart, in
`dbt_project/models/`.

- **类型 Type** is what tables hold. Months are the first day of the month; files write `202610`.
- **必填 Required**: *cell* no cell may be blank; *column* the column must be there, cells may be
  blank; nothing: the column may be missing.
- **计量 Unit** *item's unit* is the unit that `energy_coefficients.form_unit` fixes for the item.
- **也可写作 Also read as** lists other spellings of the header. An alias is never another scale.
"""
_KINDS = {
    "monthly": Words("月报", "monthly form"),
    "events": Words("事项报表", "form of events"),
    "reference": Words("参考表", "reference table"),
}
_REPLACES = {
    "subject_period": Words(
        "新报送整体替换该企业该月的全部行", "a newer filing replaces the whole enterprise-month"
    ),
    "key": Words(
        "新报送按主键逐行替换，其余行不变", "a newer row replaces the row of the same key alone"
    ),
}
_FILERS = {
    "system": Words("系统（初始化）", "the system, at `init`"),
    "steward": Words("数据管理员", "data steward"),
    "agent": Words("园区代报人", "park agent"),
    "firm": Words("企业", "firm"),
}
_COLUMN_HEAD = (
    *("#", "名称 Name", "表头 Header", "也可写作 Also read as", "类型 Type", "计量 Unit"),
    *("必填 Required", "取值 Values", "说明 Help"),
)


def render_dictionary(
    forms: Mapping[str, Contract], reference: Mapping[str, Contract], codes: CodeLists
) -> str:
    """The whole of `docs/data_dictionary.md`."""
    every = {**forms, **reference}
    parts = [_LEAD, _contents(forms, reference)]
    parts += ["## 报表 Forms\n", *(_section(contract) for contract in forms.values())]
    parts += ["## 参考表 Reference tables\n", *(_section(c) for c in reference.values())]
    parts += ["## 代码表 Code lists\n", *_code_lists(every.values(), codes)]
    return "\n".join(parts)


def _contents(forms: Mapping[str, Contract], reference: Mapping[str, Contract]) -> str:
    lines = [
        f"- [`{contract.form}`](#{contract.form}) {contract.title.zh} {contract.title.en}"
        for contract in (*forms.values(), *reference.values())
    ]
    return "\n".join([*lines, "- [代码表 Code lists](#代码表-code-lists)", ""])


def _section(contract: Contract) -> str:
    facts = [
        ("类别 Kind", _both(_KINDS[contract.kind])),
        ("每行 Each row is", _both(contract.each_row_is)),
        ("主键 Key", _names(contract.key)),
        ("对象 Subject", _names(contract.subject) or "整张表 the table itself"),
        ("报送人 Filed by", "；".join(_both(_FILERS[filer]) for filer in contract.filed_by)),
        ("更正 Correction", _both(_REPLACES[contract.replaces])),
    ]
    columns = [_column(number, c) for number, c in enumerate(contract.columns, start=1)]
    return "\n".join(
        [
            # The heading is the bare name, so that a link to a form needs no title.
            f"### `{contract.form}`\n",
            f"**{contract.title.zh}** {contract.title.en}\n",
            *_table(("", ""), facts),
            "",
            *_table(_COLUMN_HEAD, columns),
            "",
        ]
    )


def _column(number: int, column: Column) -> tuple[str, ...]:
    required = "cell" if column.cell_required else "column" if column.column_required else ""
    return (
        str(number),
        f"`{column.name}`",
        _header(column),
        "、".join(column.aliases),
        column.sql_type,
        column.unit or "",
        required,
        _values(column),
        f"{column.help.zh} {column.help.en}",
    )


def _header(column: Column) -> str:
    """What the file prints, and the column's label where that says more."""
    labels = [column.header, column.label.zh, column.label.en]
    return "<br>".join(dict.fromkeys(labels))


def _values(column: Column) -> str:
    name = list_name(column)
    parts = [
        f"[`{name}`](#{name})" if name else "",
        limits(column),
        f"≤ {column.max_characters} 字 characters" if column.max_characters else "",
        f"空白 blank = {column.default}" if column.default else "",
    ]
    return "<br>".join(filter(None, parts))


def _code_lists(contracts: Iterable[Contract], codes: CodeLists) -> Iterator[str]:
    users: dict[str, list[str]] = {}
    for contract in contracts:
        for column in contract.columns:
            name = list_name(column)
            if name is not None:
                users.setdefault(name, []).append(f"`{contract.form}.{column.name}`")
    for name in sorted(users):
        entries = (
            f"`{code}`" if word == code else f"`{code}` {word}"
            for code, word in codes[name].names.items()
        )
        used_by = "、".join(users[name])
        yield f"### `{name}`\n\n用于 Used by {used_by}\n\n{' · '.join(entries)}\n"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield _line(head)
    yield _line(("---",) * len(head))
    for row in rows:
        yield _line(row)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _both(words: Words) -> str:
    return f"{words.zh} {words.en}"


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
