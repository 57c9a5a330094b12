"""Rules as frozen nouns, read from `expectations/checks/*.yml` and laid over a contract.

A rule is data: id, severity, words, an optional feature and a literal expectation. Files named
`0*_….yml` hold rules for every form; a file named after a form holds the form's own.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from pathlib import Path
from typing import Any

import yaml

from greenmfg.checks import dated
from greenmfg.contract import Column, Contract, Words
from greenmfg.contract.codes import CodeLists
from greenmfg.contract.forms import DECIMAL_WIDTH
from greenmfg.records import Severity

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS_IN_A_CHOICE = 12


class RuleError(ValueError):
    """A rule file contradicts itself; the message names the file, the id and the fault."""


class Phase(IntEnum):
    FILE = 0
    COLUMNS = 1
    ROWS = 2
    HISTORY = 3


@dataclass(frozen=True)
class Check:
    """One rule on one relation of one form, ready to be judged.

    `operands`: the columns it reads; it is skipped on a row where an earlier phase found an
    error in one of them. `once_per`: report only the first hit of each subject, filing or
    submission. `unseats_subject`: a row that fails has no valid subject.
    """

    id: str
    name: str
    severity: Severity
    phase: Phase
    relation: str
    column: str | None
    operands: tuple[str, ...]
    expectation: Mapping[str, Any]
    expected: Words
    message: Words
    remedy: Words
    guide: str
    once_per: str | None = None
    unseats_subject: bool = False
    whole_row: bool = False
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DeclaredCheck:
    """One check that a form is held against, whether or not it ever found anything."""

    form: str
    id: str
    name: str
    severity: Severity


@dataclass(frozen=True)
class FormRules:
    """Every rule of one form, with the SQL that its features are made from."""

    form: str
    checks: tuple[Check, ...]
    source: str
    features: Mapping[str, str]
    history_source: str
    history_features: Mapping[str, str]
    relations: Mapping[str, str]

    def of(self, phase: Phase, relation: str) -> tuple[Check, ...]:
        return tuple(c for c in self.checks if c.phase == phase and c.relation == relation)


@dataclass(frozen=True)
class RuleBook:
    """All rule files of one folder. `version` changes with any character of them."""

    version: str
    columns: tuple[Mapping[str, Any], ...]
    common: tuple[Mapping[str, Any], ...]
    forms: Mapping[str, Mapping[str, Any]]

    def ids(self) -> frozenset[str]:
        """Every check id that the files declare."""
        return frozenset(check["id"] for check in self._declared())

    def messages(self) -> dict[str, Words]:
        """What each check says when it finds something, by id; its {places} are still open."""
        return {
            check["id"]: Words(zh=check["message"]["zh"], en=check["message"]["en"])
            for check in self._declared()
        }

    def _declared(self) -> Iterator[Mapping[str, Any]]:
        yield from (*self.columns, *self.common)
        for form in self.forms.values():
            yield from (*form.get("checks", ()), *form.get("history_checks", ()))

    def declared(self, contract: Contract) -> list[DeclaredCheck]:
        """Every check that filings of the form are held against, each once."""
        own = self.forms.get(contract.form, {})
        of_cells = (
            data
            for data in self.columns
            if any(_applies(data["applies"], column) for column in contract.columns)
        )
        found = (
            *self._common_of(contract),
            *of_cells,
            *own.get("checks", ()),
            *own.get("history_checks", ()),
        )
        return [
            DeclaredCheck(contract.form, data["id"], data["name"], _severity(data))
            for data in found
        ]

    def for_form(self, contract: Contract, codes: CodeLists) -> FormRules:
        """Lays the rules over a contract, its columns and the code lists in force."""
        own = self.forms.get(contract.form, {})
        checks = [
            *(_check(data, contract) for data in self._common_of(contract)),
            *_column_checks(self.columns, contract, codes),
            *(_check(data, contract) for data in own.get("checks", ())),
            *(_check(data, contract) for data in own.get("history_checks", ())),
        ]
        checks.sort(key=lambda check: check.phase)  # stable: the files' order within a phase
        return FormRules(
            form=contract.form,
            checks=tuple(checks),
            source=own.get("from", ""),
            features={**dated.features(contract), **own.get("features", {})},
            history_source=own.get("history_from", "") or dated.history_source(contract),
            history_features={
                **dated.history_features(contract),
                **own.get("history_features", {}),
            },
            relations={name: body["sql"] for name, body in own.get("relations", {}).items()},
        )

    def _common_of(self, contract: Contract) -> Iterator[Mapping[str, Any]]:
        for data in self.common:
            if data.get("forms", "all") == "all" or contract.form in data["forms"]:
                yield data


def load_rules(folder: Path) -> RuleBook:
    """Reads every rule file.

    Raises:
        RuleError: an id is used twice, or a rule lacks a word.
    """
    digest = hashlib.sha256()
    columns: list[Mapping[str, Any]] = []
    common: list[Mapping[str, Any]] = []
    forms: dict[str, Mapping[str, Any]] = {}
    seen: set[str] = set()
    for path in sorted(folder.glob("*.yml")):
        content = path.read_bytes()
        digest.update(path.name.encode() + b"\0" + content)
        data = yaml.load(content, Loader=_LOADER)
        for check in (*data["checks"], *data.get("history_checks", ())):
            _must_be_whole(check, path)
            if check["id"] in seen:
                raise RuleError(f"{path}: {check['id']} is used twice")
            seen.add(check["id"])
        if "form" in data:
            forms[data["form"]] = data
        elif "applies" in data["checks"][0]:
            columns.extend(data["checks"])
        else:
            common.extend(data["checks"])
    return RuleBook(digest.hexdigest()[:12], tuple(columns), tuple(common), forms)


def _must_be_whole(data: Mapping[str, Any], path: Path) -> None:
    for word in ("id", "name", "expectation", "expected", "message", "remedy", "guide"):
        if word not in data:
            raise RuleError(f"{path}: {data.get('id', data)} has no {word}")


def _severity(data: Mapping[str, Any]) -> Severity:
    severity: Severity = data.get("severity", "error")
    return severity


def _check(data: Mapping[str, Any], contract: Contract) -> Check:
    key = list(contract.key)
    column = data.get("column")
    operands = data.get("operands", [column] if column else [])
    return Check(
        id=data["id"],
        name=data["name"],
        severity=_severity(data),
        phase=Phase[str(data["phase"]).upper()],
        relation=data.get("relation", "rows"),
        column=key[-1] if column == "{last_key}" else column,
        operands=tuple(key if operands == "{key}" else operands),
        expectation=data["expectation"],
        expected=Words.of(data["expected"]),
        message=Words.of(data["message"]),
        remedy=Words.of(data["remedy"]),
        guide=data["guide"],
        once_per=data.get("once_per"),
        unseats_subject=data.get("unseats_subject", False),
        whole_row=data.get("whole_row", False),
        constants={
            "form_title_zh": contract.title.zh,
            "form_title_en": contract.title.en,
            "key_headers_zh": "、".join(contract[name].header for name in key),
            "key_names": ", ".join(contract[name].label.en for name in key),
        },
    )


def _column_checks(
    templates: tuple[Mapping[str, Any], ...], contract: Contract, codes: CodeLists
) -> Iterator[Check]:
    """The column phase of a form: which template applies to which column is read off the contract."""
    for data in templates:
        for column in contract.columns:
            if _applies(data["applies"], column):
                constants = _constants(column, codes)
                template = _check({**data, "phase": "columns", "column": column.name}, contract)
                yield replace(
                    template,
                    expectation=_filled(data["expectation"], column, constants, codes),
                    constants={**template.constants, **constants},
                )


def _applies(condition: Mapping[str, Any], column: Column) -> bool:
    traits = {
        "type": column.type,
        "cell_required": column.cell_required,
        "number": column.type in ("decimal", "integer"),
        "minimum": (
            None if column.minimum is None else "exclusive" if column.above_minimum else "inclusive"
        ),
        "maximum": column.maximum is not None,
        # A unit is judged against its item, so that the remedy can say the converted value.
        "code": column.type == "code" and column.code_list != "unit",
        "text_limit": column.max_characters is not None,
        "text": column.type == "text",
    }
    return all(traits[trait] == wanted for trait, wanted in condition.items())


def _constants(column: Column, codes: CodeLists) -> dict[str, str]:
    constants = {
        "minimum": column.minimum or "",
        "maximum": column.maximum or "",
        "max_characters": str(column.max_characters or ""),
        "whole_digits": str(_whole_digits(column)),
    }
    if column.code_list:
        names = list(codes[column.code_list].names.values())
        more = "…" if len(names) > _WORDS_IN_A_CHOICE else ""
        constants["choices"] = "、".join(names[:_WORDS_IN_A_CHOICE]) + more
    return constants


def _whole_digits(column: Column) -> int:
    return 15 if column.type == "integer" else DECIMAL_WIDTH[column.decimals] - column.decimals


def _filled(
    expectation: Mapping[str, Any], column: Column, constants: Mapping[str, str], codes: CodeLists
) -> dict[str, Any]:
    kwargs: dict[str, Any] = {}
    for name, value in expectation["kwargs"].items():
        if value == "{codes}":
            kwargs[name] = list(codes[column.code_list or ""].names)
        elif isinstance(value, str):
            text = value.replace("{name}", column.name)
            for constant, word in constants.items():
                text = text.replace("{" + constant + "}", word)
            kwargs[name] = _number(text) if name in ("min_value", "max_value") else text
        else:
            kwargs[name] = value
    return {"type": expectation["type"], "kwargs": kwargs}


def _number(text: str) -> float | int:
    return int(text) if re.fullmatch(r"-?\d+", text) else float(text)
