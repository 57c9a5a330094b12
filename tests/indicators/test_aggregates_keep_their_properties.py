"""Properties of aggregates, over random districts: many parks in one warehouse, one dbt build.

Of each random park three versions are filed: as drawn, in another order from other files, and with
one firm split in two.
"""

from __future__ import annotations

import math
import tempfile
from dataclasses import dataclass
from datetime import date
from decimal import Decimal as D
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.indicators.cabinet import Cabinet, Row, settings_in
from tests.indicators.golden import GJ, KWH

from greenmfg.warehouse import build, publish, reader, stage_release

YEARS = (date(2024, 1, 1), date(2025, 1, 1))
ITEMS = (("other_fuel_tce", "吨标准煤"), ("electricity", KWH), ("heat", GJ))
SUMS = (
    "energy_tce, energy_filed_tce, value_added_current_10k_cny, value_added_constant_10k_cny,"
    " value_added_filed_10k_cny, intensity_constant_tce_per_10k_cny,"
    " intensity_current_tce_per_10k_cny, status, reason, price_status, undeflated_share,"
    " given_share, flagged_coefficient_share, energy_share"
)


@dataclass(frozen=True)
class Report:
    """One firm's January: energy by item in form units, value added in 10,000 CNY."""

    use: tuple[D, ...]
    value_added: D


Firm = tuple[Report | None, Report | None]

# Five decimals times the coefficient of heat are the ten that tce is kept with: nothing is rounded.
FIVE_PLACES = D("0.00001")
amounts = st.decimals(0, 5000, places=5, allow_nan=False)
reports = st.builds(
    Report,
    st.tuples(amounts, amounts, amounts),
    # Losses, and months without any value added.
    st.decimals(-800, 9000, places=5, allow_nan=False) | st.just(D(0)),
)
firms = st.tuples(st.none() | reports, st.none() | reports).filter(any)
parks = st.lists(firms, min_size=1, max_size=4)


@settings(
    max_examples=2,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(drawn=st.lists(parks, min_size=8, max_size=8), share=st.decimals("0.1", "0.9", places=2))
@pytest.mark.timeout(600)
def test_aggregates_are_order_free_and_a_split_firm_changes_none(
    drawn: list[list[Firm]], share: D
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        release = _release(Path(folder), drawn, share)
        for number in range(len(drawn)):
            as_drawn, reordered, split = (
                _figures(release, _park(number, version)) for version in ("drawn", "other", "split")
            )
            assert as_drawn == reordered
            assert as_drawn == split
            drivers = [_drivers(release, _park(number, v)) for v in ("drawn", "other")]
            assert sorted(drivers[0]) == pytest.approx(sorted(drivers[1]), rel=1e-12, abs=1e-15)
            for version in ("drawn", "other", "split"):
                _assert_drivers_sum_to_the_change(release, _park(number, version))
        release.close()


def _park(number: int, version: str) -> str:
    return f"示例园区{number}-{version}"


def _release(home: Path, drawn: list[list[Firm]], share: D) -> duckdb.DuckDBPyConnection:
    cabinet = Cabinet(settings_in(home), date(2025, 3, 1))
    cabinet.submit_reference()
    register, energy, output = [], [], []
    for number, firms_drawn in enumerate(drawn):
        first, *others = firms_drawn
        versions = {
            "drawn": firms_drawn,
            "other": firms_drawn[::-1],
            "split": [*_split(first, share), *others],
        }
        for version, members in versions.items():
            for position, firm in enumerate(members):
                uscc = f"91310151P{number:02}{version[:2].upper()}{position:04}X"
                register.append(_registered(uscc, _park(number, version)))
                for month, report in zip(YEARS, firm, strict=True):
                    if report is not None:
                        energy += _energy(uscc, month, report)
                        output.append(_output(uscc, month, report))
    cabinet.submit("enterprise_register", register[::-1])
    # Every other version comes in its own files, backwards.
    for rows, form in ((energy, "energy_monthly"), (output, "output_monthly")):
        cabinet.submit(form, [row for row in rows if "OT" not in str(row["uscc"])])
        cabinet.submit(form, [row for row in rows[::-1] if "OT" in str(row["uscc"])])
    cabinet.load()
    build(cabinet.settings)
    stage_release(cabinet.settings, "random")
    publish(cabinet.settings, "random")
    return reader(cabinet.settings)


def _split(firm: Firm, share: D) -> list[Firm]:
    """The firm as two that file what it filed, together to the last digit."""
    before, now = firm
    return [
        (_part(before, share), _part(now, share)),
        (_rest(before, share), _rest(now, share)),
    ]


def _part(report: Report | None, share: D) -> Report | None:
    if report is None:
        return None
    return Report(
        tuple((use * share).quantize(FIVE_PLACES) for use in report.use),
        (report.value_added * share).quantize(FIVE_PLACES),
    )


def _rest(report: Report | None, share: D) -> Report | None:
    part = _part(report, share)
    if report is None or part is None:
        return None
    return Report(
        tuple(whole - piece for whole, piece in zip(report.use, part.use, strict=True)),
        report.value_added - part.value_added,
    )


def _registered(uscc: str, park: str) -> Row:
    return {
        "uscc": uscc, "name": f"示例企业{uscc}", "industry_code": "34", "park": park,
        "town_code": "310151101", "above_scale": "yes", "valid_from": "2024-01-01",
    }  # fmt: skip


def _energy(uscc: str, month: date, report: Report) -> list[Row]:
    return [
        {
            "uscc": uscc, "period": month.isoformat(), "energy_item": item, "unit": unit,
            "production_use": str(use),
        }
        for (item, unit), use in zip(ITEMS, report.use, strict=True)
    ]  # fmt: skip


def _output(uscc: str, month: date, report: Report) -> Row:
    return {
        "uscc": uscc, "period": month.isoformat(), "gross_output_10k_cny": "9000",
        "value_added_10k_cny": str(report.value_added), "nil_return": "no",
    }  # fmt: skip


def _figures(release: duckdb.DuckDBPyConnection, park: str) -> list[tuple[object, ...]]:
    return release.execute(
        f"select month, window_name, {SUMS} from marts.group_months"
        " where grouping = 'park' and group_key = ? order by month, window_name",
        [park],
    ).fetchall()


def _drivers(release: duckdb.DuckDBPyConnection, park: str) -> list[float]:
    return [
        part
        for (part,) in release.execute(
            "select contribution_tce_per_10k_cny from marts.intensity_drivers where group_key = ?"
            " and grouping = 'park' and member_kind = 'enterprise'",
            [park],
        ).fetchall()
    ]


def _assert_drivers_sum_to_the_change(release: duckdb.DuckDBPyConnection, park: str) -> None:
    then, now = (
        ratio
        for (ratio,) in release.execute(
            "select intensity_constant_tce_per_10k_cny from marts.group_months where group_key = ?"
            " and grouping = 'park' and window_name = 'ytd' and month in (?, ?) order by month",
            [park, *YEARS],
        ).fetchall()
    )
    for kind in ("enterprise", "industry"):
        parts = [
            part
            for (part,) in release.execute(
                "select contribution_tce_per_10k_cny from marts.intensity_drivers where group_key = ?"
                " and grouping = 'park' and member_kind = ? and month = ?",
                [park, kind, YEARS[1]],
            ).fetchall()
        ]
        if then is None or now is None:
            assert parts == []
        else:
            scale = max(abs(now), abs(then), *map(abs, parts), 1e-9)
            assert math.fsum(parts) == pytest.approx(now - then, abs=1e-9 * scale)
