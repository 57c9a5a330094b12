"""Every cell of the marts against three firms × four months worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import duckdb
from tests.indicators import golden_groups
from tests.indicators.comparing import assert_equal, by_key, records
from tests.indicators.golden import ENERGY, ENERGY_BY_HAND, FLAGS, ITEMS, MONTHS, OUTPUT

QUANTITIES = (
    "production_use",
    "feedstock_use",
    "non_production_use",
    "transport_use",
    "transformation_output",
    "recovered",
    "sent_out",
    "purchased",
    "purchase_cost_1k_cny",
    "green_power_certified",
)


def rows(
    connection: duckdb.DuckDBPyConnection, mart: str, key: Sequence[str]
) -> dict[tuple[object, ...], dict[str, object]]:
    found = records(connection, f"select * from marts.{mart} where month >= '{MONTHS[0]}'")
    return by_key(found, key)


def assert_every_cell(
    actual: dict[tuple[object, ...], dict[str, object]],
    by_hand: list[dict[str, golden_groups.Cell]],
    key: Sequence[str],
    but: frozenset[str] = frozenset(),
) -> None:
    expected = {tuple(row[name] for name in key): row for row in by_hand}
    assert actual.keys() == expected.keys()
    for identity, row in expected.items():
        assert actual[identity].keys() - but == row.keys()
        for column, cell in row.items():
            assert_equal(actual[identity][column], cell, f"{identity} {column}")


def test_every_cell_of_enterprise_energy_months(golden: duckdb.DuckDBPyConnection) -> None:
    by_hand: list[dict[str, golden_groups.Cell]] = []
    for line, row in enumerate(ENERGY, start=2):
        uscc, item = str(row["uscc"]), str(row["energy_item"])
        month = date.fromisoformat(str(row["period"]))
        quantity, coefficient, basis, edition, flagged, counted, tce = ENERGY_BY_HAND[
            uscc, month, item
        ]
        name_zh, name_en, category, part_of = ITEMS[item]
        filed = {
            column: Decimal(text) if (text := row.get(column)) is not None else None
            for column in QUANTITIES
        }
        by_hand.append(
            {
                "uscc": uscc,
                "month": month,
                "energy_item": item,
                "item_name_zh": name_zh,
                "item_name_en": name_en,
                "category": category,
                "part_of": part_of,
                "counted": counted,
                "unit": row["unit"],
                "months_covered": int(str(row["months_covered"])),
                **filed,
                "quantity": quantity,
                "coefficient_tce": coefficient,
                "coefficient_basis": basis,
                "coefficient_edition": edition,
                "coefficient_flagged": flagged,
                "coefficient_flag": FLAGS.get((uscc, month, item)),
                "energy_tce": tce,
                "file_name": "能源.csv",
                "line": line,
            }
        )
    key = ("uscc", "month", "energy_item")
    actual = rows(golden, "enterprise_energy_months", key)
    assert_every_cell(actual, by_hand, key, but=frozenset({"filing_id", "receipt"}))


def test_every_cell_of_enterprise_months(golden: duckdb.DuckDBPyConnection) -> None:
    key = ("uscc", "month")
    provenance = frozenset({"energy_receipt", "output_receipt", "output_file_name", "output_line"})
    actual = rows(golden, "enterprise_months", key)
    assert_every_cell(actual, golden_groups.enterprise_months(), key, but=provenance)


def test_every_cell_of_group_months(golden: duckdb.DuckDBPyConnection) -> None:
    key = ("grouping", "group_key", "month", "window_name")
    assert_every_cell(rows(golden, "group_months", key), golden_groups.group_months(), key)


def test_every_cell_of_target_progress(golden: duckdb.DuckDBPyConnection) -> None:
    key = ("target_id", "month")
    words = frozenset({"quote_zh", "basis_zh", "basis_en"})
    by_hand = golden_groups.target_progress()
    assert_every_cell(rows(golden, "target_progress", key), by_hand, key, but=words)


def test_a_month_before_the_first_firm_is_not_measurable(
    golden: duckdb.DuckDBPyConnection,
) -> None:
    earlier = golden.execute(
        "select distinct status, reason, firms_due from marts.group_months where month < ?",
        [MONTHS[0]],
    ).fetchall()
    assert earlier == [("not_measurable", "nothing_filed", 0)]


def test_every_filed_row_is_in_the_lineage_with_its_line(
    golden: duckdb.DuckDBPyConnection,
) -> None:
    lines = golden.execute(
        "select file_name, line from marts.lineage order by file_name, line"
    ).fetchall()
    filed = [("产值.csv", n) for n in range(2, len(OUTPUT) + 2)]
    filed += [("能源.csv", n) for n in range(2, len(ENERGY) + 2)]
    assert lines == sorted(filed)


def test_what_counts_in_the_lineage_sums_to_the_enterprise_month(
    golden: duckdb.DuckDBPyConnection,
) -> None:
    differing = golden.execute(
        """
        select months.uscc, months.month
        from marts.enterprise_months as months
        join (
            select uscc, month, sum(energy_tce) filter (where counted) as energy_tce
            from marts.lineage group by uscc, month
        ) as rows using (uscc, month)
        where months.energy_filed and months.energy_tce is distinct from rows.energy_tce
        """
    ).fetchall()
    assert differing == []


def test_the_basis_is_printed_beside_every_target_number(
    golden: duckdb.DuckDBPyConnection,
) -> None:
    words = golden.execute(
        "select quote_zh, basis_zh, basis_en from marts.target_progress where is_headline"
    ).fetchall()
    [(quote, basis_zh, basis_en)] = words
    assert quote == "万元工业增加值能耗下降至0.08吨标准煤左右"
    assert "未平减" in basis_zh
    assert "规上工业" in basis_zh
    assert "undeflated" in basis_en
    assert "above-scale" in basis_en
