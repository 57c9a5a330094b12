from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

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
