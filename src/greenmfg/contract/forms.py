"""Contracts as frozen nouns, read from the `contracts` folders of expectations and reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import yaml

from greenmfg.contract.faults import faults

Kind = Literal["monthly", "events", "reference"]
BaseType = Literal["uscc", "month", "date", "integer", "decimal", "code", "text", "yes_no", "email"]

# Quantities keep six decimals; coefficients twelve, or steam loses its digits (0.09142631424).
DECIMAL_WIDTH = {6: 19, 12: 16}


class ContractError(ValueError):
    """A contract file contradicts itself; the message names the file, the column and the fault."""


@dataclass(frozen=True)
class Words:
    """One sentence in the two languages of the product."""

    zh: str
    en: str

    @classmethod
    def of(cls, data: Mapping[str, str]) -> Words:
        """Reads `{zh: …, en: …}`.

        Raises:
            TypeError: there is a further word, as when a comma stands unquoted in YAML's braces.
        """
        return cls(**data)


@dataclass(frozen=True)
class Column:
    """One filed column.

    `header` is what the form prints, `name` what code, tables and JSON say. `column_required`:
    the column must be there; `cell_required`: no cell of it may be blank. `unit` is English and
    may be "item's unit". `minimum` and `maximum` are inclusive unless `above_minimum`.
    """

    name: str
    header: str
    label: Words
    help: Words
    type: BaseType
    code_list: str | None = None
    column_required: bool = False
    cell_required: bool = False
    unit: str | None = None
    aliases: tuple[str, ...] = ()
    decimals: int = 6
    minimum: str | None = None
    above_minimum: bool = False
    maximum: str | None = None
    max_characters: int | None = None
    default: str | None = None

    @property
    def sql_type(self) -> str:
        """The DuckDB type that the warehouse and the Parquet files hold."""
        match self.type:
            case "month" | "date":
                return "date"
            case "integer":
                return "bigint"
            case "decimal":
                return f"decimal({DECIMAL_WIDTH[self.decimals]},{self.decimals})"
            case "yes_no":
                return "boolean"
            case _:
                return "varchar"


@dataclass(frozen=True)
class Contract:
    """One form (or reference table): its columns, keys and grain.

    `subject` holds the columns that say whom a row is about, the first filled one counts;
    `period` the month column, if a filing is about one month. `replaces` says what a newer
    filing unseats: the whole `subject_period`, or only rows of the same `key`.
    """

    form: str
    kind: Kind
    title: Words
    each_row_is: Words
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    subject: tuple[str, ...]
    period: str | None
    replaces: Literal["subject_period", "key"]
    filed_by: tuple[str, ...]
    source: Path

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def __getitem__(self, name: str) -> Column:
        return self.by_name[name]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def load_contracts(*folders: Path) -> dict[str, Contract]:
    """Reads every `*.yml` of the folders.

    Returns: contracts by form name, in file-name order.
    Raises:
        ContractError: a file lacks a word, or contradicts itself (see `faults`).
    """
    contracts: dict[str, Contract] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.yml")):
            contract = _contract(_read(path), path)
            if contract.form in contracts:
                raise ContractError(f"{path}: form {contract.form} is declared twice")
            contracts[contract.form] = contract
    return contracts


# libyaml reads the contracts ten times faster than the Python loader.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# A misspelt word would otherwise be passed over in silence.
_FORM_WORDS = {
    *("form", "kind", "title", "each_row_is", "columns"),
    *("key", "subject", "period", "replaces", "filed_by"),
}
_COLUMN_WORDS = {
    *("name", "header", "aliases", "label", "help", "type", "required", "default"),
    *("unit", "decimals", "minimum", "above_minimum", "maximum", "max_characters"),
}
_REQUIRED = ("optional", "column", "cell")


def _read(path: Path) -> Mapping[str, Any]:
    try:
        data = yaml.load(path.read_bytes(), Loader=_LOADER)
    except yaml.YAMLError as error:
        raise ContractError(f"{path}: not YAML: {error}") from None
    if not isinstance(data, dict):
        raise ContractError(f"{path}: a contract is a mapping")
    return data


def _check_words(data: Mapping[str, Any], known: set[str], path: Path) -> None:
    for word in data:
        if word not in known:
            where = data.get("name") or data.get("form")
            raise ContractError(f"{path}: {where}: no contract has the word {word}")


def _contract(data: Mapping[str, Any], path: Path) -> Contract:
    _check_words(data, _FORM_WORDS, path)
    try:
        contract = Contract(
            form=data["form"],
            kind=data["kind"],
            title=Words.of(data["title"]),
            each_row_is=Words.of(data["each_row_is"]),
            columns=tuple(_column(column, path) for column in data["columns"]),
            key=tuple(data["key"]),
            subject=tuple(data.get("subject", ())),
            period=data.get("period"),
            replaces=data["replaces"],
            filed_by=tuple(data["filed_by"]),
            source=path,
        )
    except (KeyError, TypeError) as gap:
        raise ContractError(f"{path}: a word is missing or misshapen: {gap!r}") from None
    for fault in faults(contract):
        raise ContractError(f"{path}: {fault}")
    return contract


def _column(data: Mapping[str, Any], path: Path) -> Column:
    _check_words(data, _COLUMN_WORDS, path)
    try:
        return _built(data)
    except (KeyError, TypeError, ValueError) as gap:
        where = f"{path}: {data.get('name')}"
        raise ContractError(f"{where}: a word is missing or misshapen: {gap!r}") from None


def _built(data: Mapping[str, Any]) -> Column:
    base, _, code_list = data["type"].partition(" ")
    decimals = data.get("decimals", 6)
    if decimals not in DECIMAL_WIDTH or ("decimals" in data and base != "decimal"):
        raise ValueError("only decimals, of 6 or 12 places, are stored")
    required = data.get("required", "optional")
    if required not in _REQUIRED:
        raise ValueError(f"required is one of {', '.join(_REQUIRED)}")
    # A form's header is its Chinese label; a reference table's header is its English name.
    header = data.get("header", data["name"])
    label = data["label"]
    return Column(
        name=data["name"],
        header=header,
        label=Words.of(label) if isinstance(label, dict) else Words(zh=header, en=label),
        help=Words.of(data["help"]),
        type=base,
        code_list=code_list or None,
        column_required=required in ("column", "cell"),
        cell_required=required == "cell",
        unit=data.get("unit"),
        aliases=tuple(data.get("aliases", ())),
        decimals=decimals,
        minimum=_text(data.get("minimum")),
        above_minimum=data.get("above_minimum", False),
        maximum=_text(data.get("maximum")),
        max_characters=data.get("max_characters"),
        default=_text(data.get("default")),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
