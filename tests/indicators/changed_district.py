"""A fictitious district of two years that has every kind of change in it, and its release.

- Town park 崇明工业园区: A and B together use 3 % more energy for 8 % more value added; C is new.
- 富盛经济开发区: D files January and February together this year; E loses money in January this
  year; F filed last year only; G used no energy last year and some this year.
- 长兴海洋装备产业基地: H alone, whose January of this year is missing.
- I stood still last year and works this year, in no stated zone like G and H.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
from tests.indicators.cabinet import Cabinet, Row, settings_in

from greenmfg.warehouse import build, publish, reader, stage_release

A, B, C, D, E, F, G, H, I = (f"91310151MA0G0000{letter}X" for letter in "ABCDEFGHJ")  # noqa: E741
JAN_24, FEB_24, JAN_25, FEB_25 = (
    date(2024, 1, 1), date(2024, 2, 1), date(2025, 1, 1), date(2025, 2, 1),
)  # fmt: skip
TODAY = date(2025, 3, 31)
CHONGMING, FUSHENG, CHANGXING = "崇明工业园区", "富盛经济开发区", "长兴海洋装备产业基地"


def _firm(uscc: str, industry: str, park: str, zone: str | None = "104") -> Row:
    return {
        "uscc": uscc, "name": f"示例企业{uscc[-2]}", "industry_code": industry, "park": park,
        "cluster": "其他", "town_code": "310151101", "land_zone": zone, "river_strip": "no",
        "above_scale": "yes", "valid_from": "2024-01-01",
    }  # fmt: skip


REGISTER = (
    _firm(A, "33", CHONGMING), _firm(B, "34", CHONGMING), _firm(C, "34", CHONGMING),
    _firm(D, "37", FUSHENG), _firm(E, "14", FUSHENG), _firm(F, "14", FUSHENG),
    _firm(G, "37", FUSHENG, None), _firm(H, "37", CHANGXING, None), _firm(I, "33", FUSHENG, None),
)  # fmt: skip

# uscc, month, months covered, tce, value added in 10,000 CNY at 2020 price
FILED: tuple[tuple[str, date, int, str, str], ...] = (
    (A, JAN_24, 1, "40", "600"), (A, JAN_25, 1, "41.2", "648"),
    (B, JAN_24, 1, "60", "400"), (B, JAN_25, 1, "61.8", "432"),
    (C, JAN_25, 1, "10", "200"),
    (D, JAN_24, 1, "80", "500"), (D, FEB_24, 1, "70", "450"), (D, FEB_25, 2, "139", "1010"),
    (E, JAN_24, 1, "20", "90"), (E, JAN_25, 1, "19", "-35"),
    (E, FEB_24, 1, "18", "80"), (E, FEB_25, 1, "21", "95"),
    (F, JAN_24, 1, "33", "150"), (F, FEB_24, 1, "31", "140"),
    (G, JAN_24, 1, "0", "70"), (G, JAN_25, 1, "4", "75"),
    (H, JAN_24, 1, "300", "4000"), (H, FEB_24, 1, "280", "3600"), (H, FEB_25, 1, "270", "3900"),
    (I, JAN_24, 1, "0", "0"), (I, JAN_25, 1, "7", "60"),
)  # fmt: skip


def release_of(home: Path) -> duckdb.DuckDBPyConnection:
    """Files all of it, builds the marts and opens the release."""
    cabinet = Cabinet(settings_in(home), TODAY)
    cabinet.submit_reference()
    cabinet.submit("enterprise_register", REGISTER)
    cabinet.submit(
        "energy_monthly",
        [
            {
                "uscc": uscc, "period": month.isoformat(), "months_covered": str(covered),
                "energy_item": "other_fuel_tce", "unit": "吨标准煤", "production_use": tce,
            }
            for uscc, month, covered, tce, _ in FILED
        ],
    )  # fmt: skip
    cabinet.submit(
        "output_monthly",
        [
            {
                "uscc": uscc, "period": month.isoformat(), "months_covered": str(covered),
                "gross_output_10k_cny": "9000", "value_added_10k_cny": value_added,
                "nil_return": "no",
            }
            for uscc, month, covered, _, value_added in FILED
        ],
    )  # fmt: skip
    cabinet.load()
    build(cabinet.settings)
    stage_release(cabinet.settings, "changed")
    publish(cabinet.settings, "changed")
    return reader(cabinet.settings)
