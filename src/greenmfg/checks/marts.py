"""The last look before a release goes out: Great Expectations over the staged marts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import yaml

from greenmfg.checks.judge import CheckFailed
from greenmfg.checks.rules import Check, Phase
from greenmfg.contract import Words
from greenmfg.settings import Settings

if TYPE_CHECKING:
    from greenmfg.checks import Checker


@dataclass(frozen=True)
class Fault:
    """A rule of `expectations/marts.yml` that the staged release fails in `rows` places."""

    id: str
    name: str
    message: Words
    rows: int


def check_release(checker: Checker, settings: Settings, path: Path) -> tuple[Fault, ...]:
    """Holds every mart rule against a staged release. Empty: it may go out.

    Raises:
        CheckFailed: a rule could not be evaluated.
    """
    rules = yaml.safe_load((settings.rooms / "expectations" / "marts.yml").read_bytes())["checks"]
    token = uuid.uuid4().hex
    faults = []
    with checker.turn:
        judge = checker.judge
        place = str(path).replace("'", "''")
        judge.database.execute(f"attach '{place}' as release (read_only)")
        try:
            for rule in rules:
                try:
                    fault = _judged(checker, rule, token)
                except duckdb.Error as error:
                    raise CheckFailed(f"{rule['id']}: {error}") from error
                if fault:
                    faults.append(fault)
        finally:
            judge.database.execute("detach release")
    return tuple(faults)


def _judged(checker: Checker, rule: Mapping[str, Any], token: str) -> Fault | None:
    judge = checker.judge
    judge.database.execute(
        "create or replace table mart_facts as"
        f" select row_number() over () as rid, *, '{token}' as token from ({rule['sql']}) as mart"
    )
    row = judge.database.execute("select count(*) from mart_facts").fetchone()
    if not row or row[0] == 0:
        return None
    message = Words.of(rule["message"])
    check = Check(
        id=rule["id"],
        name=rule["name"],
        severity="error",
        phase=Phase.ROWS,
        relation="mart_facts",
        column=None,
        operands=(),
        expectation=rule["expectation"],
        expected=message,
        message=message,
        remedy=message,
        guide="expectations/marts.yml",
    )
    failed = judge.judge("mart_facts", [check], token)
    if not failed:
        return None
    count = judge.database.execute(f"select count(*) from ({failed[0].query})").fetchone()
    return Fault(rule["id"], rule["name"], message, count[0] if count else 0)
