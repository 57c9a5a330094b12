from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from greenmfg.queries.confidentiality import SuppressionRule, suppression_rule
from greenmfg.queries.exports import EXPORTS, ExportRefused, cell, export_for


@pytest.mark.parametrize("start", list("=+-@＝＋－＠\t\r"))
def test_every_formula_start_is_neutralised(start: str) -> None:
    assert cell(f"{start}1").startswith("'")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (Decimal("-3.50"), "-3.50"),
        (Decimal("1E-10"), "0.0000000001"),
        (-2.5, "-2.5"),
        (date(2026, 10, 1), "2026-10-01"),
        (datetime(2026, 10, 1, 8, 5), "2026-10-01 08:05:00"),
        ("示例企业", "示例企业"),
    ],
)
def test_values_stay_exact(value: object, text: str) -> None:
    assert cell(value) == text


def test_a_mart_without_a_tenant_column_never_reaches_a_firm() -> None:
    for mart, export in EXPORTS.items():
        if export.tenant is None:
            with pytest.raises(ExportRefused):
                export_for(mart, "91350100M000100Y43")
        else:
            assert export_for(mart, "91350100M000100Y43").tenant == "uscc"


RULE = SuppressionRule(minimum_firms=3, dominance=Decimal("0.85"))


@pytest.mark.parametrize(
    ("firms", "share", "verdict"),
    [
        (2, 0.5, "too_few_firms"),
        (3, 0.5, None),
        (3, 0.85, None),
        (9, 0.86, "one_firm_dominates"),
        (9, None, "one_firm_dominates"),
    ],
)
def test_small_and_dominated_cells_are_suppressed(
    firms: int, share: float | None, verdict: str | None
) -> None:
    assert RULE.suppresses(firms, share) == verdict


def test_the_rule_is_read_from_the_reference_table_by_date(tmp_path) -> None:
    (tmp_path / "check_parameters.csv").write_text(
        "parameter,value,unit,basis,valid_from,valid_to\n"
        "suppression_min_firms,3,,,2020-01-01,2025-12-31\n"
        "suppression_min_firms,5,,,2026-01-01,\n"
        "suppression_dominance,0.85,,,2020-01-01,\n",
        encoding="utf-8",
    )
    assert suppression_rule(tmp_path, date(2025, 6, 1)).minimum_firms == 3
    assert suppression_rule(tmp_path, date(2026, 6, 1)).minimum_firms == 5
    with pytest.raises(LookupError, match="suppression_min_firms"):
        suppression_rule(tmp_path, date(2019, 1, 1))
