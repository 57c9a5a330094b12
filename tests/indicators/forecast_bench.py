"""The models of the forecast over firm-months of a test's own: one dbt build, many districts.

Runs the SQL that dbt compiled, model by model, so that a property can be tried on many districts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from tests.indicators.cabinet import Cabinet, settings_in

from greenmfg.warehouse import build

TODAY = date(2026, 3, 31)
# What stands between the enterprise-months and the forecast, in order.
CHAIN = (
    "int_group_members_listed",
    "int_groups_named",
    "int_group_firms_windowed",
    "int_panel_spans_paired",
    "int_energy_shares_compared",
    "int_group_windows_measured",
    "int_district_coverage_judged",
    "int_firm_years_forecast",
    "int_district_years_forecast",
    "int_firm_residuals_measured",
    "int_district_years_banded",
)


@dataclass(frozen=True)
class FirmMonth:
    """What a firm filed for a month: tce and 10,000 yuan. `matched`: both forms are there."""

    tce: float
    value_added: float
    matched: bool = True


District = Mapping[tuple[str, date], FirmMonth]


class Bench:
    """A built workbench whose enterprise-months are replaced."""

    def __init__(self, home: Path) -> None:
        cabinet = Cabinet(settings_in(home), TODAY)
        cabinet.submit_reference()
        cabinet.load()
        build(cabinet.settings)
        compiled = cabinet.settings.warehouse.parent / "dbt" / "compiled"
        self._sql = {
            name: next(compiled.rglob(f"{name}.sql")).read_text(encoding="utf-8") for name in CHAIN
        }
        self._connection = duckdb.connect(str(cabinet.settings.warehouse))

    def forecasts(self, district: District) -> dict[date, dict[str, Any]]:
        """Every origin month's row of int_district_years_banded."""
        self._connection.execute("delete from marts.enterprise_months")
        self._connection.executemany(
            """
            insert into marts.enterprise_months by name
            select $1 as uscc, $1 as firm_uscc, $2 as month, true as in_population, true as above_scale,
              $3 as energy_filed, true as output_filed, false as nil_return, $3 as matched,
              false as covered_by_february, 'undeflated' as price_status,
              1 as energy_months_covered, 1 as output_months_covered, $4 as energy_tce,
              $5 as value_added_10k_cny, $5 as value_added_constant_10k_cny
            """,
            [
                (
                    uscc,
                    month,
                    filed.matched,
                    filed.tce if filed.matched else None,
                    filed.value_added,
                )
                for (uscc, month), filed in district.items()
            ],
        )
        for name, sql in self._sql.items():
            self._connection.execute(f"create or replace table intermediate.{name} as {sql}")
        cursor = self._connection.execute("select * from intermediate.int_district_years_banded")
        names = [column[0] for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return {row["month"]: row for row in rows}


def months(first_year: int, last_year: int) -> list[date]:
    return [
        date(year, month, 1) for year in range(first_year, last_year + 1) for month in range(1, 13)
    ]


def ratio(district: District, year: int, through: int = 12) -> float:
    """The district's ratio January to a month, by hand: the ratio of the sums."""
    filed = [
        filed
        for (_, month), filed in district.items()
        if month.year == year and month.month <= through and filed.matched
    ]
    return sum(f.tce for f in filed) / sum(f.value_added for f in filed)
