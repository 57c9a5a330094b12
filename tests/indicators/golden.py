"""A golden workbook: three fictitious firms, four months, worked out by hand in plain decimals.

Nothing here comes from the models. Inputs are rows by column name, in the stored spelling of each
value; `form_csv` writes them as a firm would file them. What is in it:

- A 示例船舶配套厂: own gas coefficient; January and February filed together; March energy only.
- B 示例食品厂: coal with an 其中 kind, recovered heat, steam in tonnes, transformation output;
  value added derived, negative, nil, estimated; an own coefficient outside its range.
- C 示例机械厂: no deflator for its industry; January output only; estimated in March.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal as D

from greenmfg.contract.forms import Contract

A = "91310151MA0G000A1N"
B = "91310151MA0G000B2T"
C = "91310151MA0G000C3Y"
DEC, JAN, FEB, MAR = (
    date(2024, 12, 1),
    date(2025, 1, 1),
    date(2025, 2, 1),
    date(2025, 3, 1),
)
MONTHS = (DEC, JAN, FEB, MAR)
TODAY = date(2025, 3, 31)  # March may be filed already and is not due before 15 April.

Row = Mapping[str, str | None]

REGISTER: tuple[Row, ...] = (
    {
        "uscc": A, "name": "示例船舶配套厂", "industry_code": "37", "cluster": "海洋装备",
        "park": "长兴海洋装备产业基地", "town_code": "310151116", "land_zone": "104",
        "river_strip": "yes", "above_scale": "yes", "value_added_rate": "0.24",
        "contact_email": "a@example.com", "valid_from": "2024-12-01",
    },
    {
        "uscc": B, "name": "示例食品厂", "industry_code": "14", "cluster": "绿色农产品深加工",
        "park": "崇明工业园区", "town_code": "310151101", "land_zone": "195",
        "river_strip": "no", "above_scale": "yes", "value_added_rate": "0.21",
        "contact_email": "b@example.com", "valid_from": "2024-12-01",
    },
    {
        "uscc": C, "name": "示例机械厂", "industry_code": "34", "cluster": "其他",
        "park": "园区外", "town_code": "310151101", "land_zone": None,
        "river_strip": "no", "above_scale": "yes", "value_added_rate": "0.25",
        "contact_email": "c@example.com", "valid_from": "2024-12-01",
    },
)  # fmt: skip

# Industry 34 has none; 37 has none in March.
DEFLATORS: tuple[Row, ...] = tuple(
    {"industry_code": industry, "month": month, "index_2020_100": index, "source": "示例"}
    for industry, month, index in (
        ("37", "2024-12-01", "98.5"),
        ("37", "2025-01-01", "99"),
        ("37", "2025-02-01", "99.2"),
        ("14", "2024-12-01", "104"),
        ("14", "2025-01-01", "103.2"),
        ("14", "2025-02-01", "102.4"),
        ("14", "2025-03-01", "101.6"),
    )
)


def _energy(uscc: str, period: str, item: str, unit: str, **values: str) -> dict[str, str]:
    return {
        "uscc": uscc, "period": period, "months_covered": "1", "energy_item": item,
        "unit": unit, **values,
    }  # fmt: skip


def _stock(opening: str, purchased: str, use: str, closing: str) -> dict[str, str]:
    return {
        "opening_stock": opening, "purchased": purchased, "production_use": use,
        "closing_stock": closing,
    }  # fmt: skip


KWH, GAS, T, GJ = "万千瓦时", "万立方米", "吨", "百万千焦"
_TWO = {"months_covered": "2"}
_OUTSIDE = {"own_coefficient_tce": "2.3", "note": "供应商检测报告"}

ENERGY: tuple[Row, ...] = (
    _energy(A, "2024-12-01", "electricity", KWH, purchased="123", production_use="120.5",
            non_production_use="2.5"),
    _energy(A, "2024-12-01", "natural_gas", GAS, production_use="6.25",
            own_coefficient_tce="12.97", note="供应商热值证明"),
    _energy(A, "2024-12-01", "diesel", T, **_stock("5", "20", "18", "7"), transport_use="4"),
    _energy(A, "2025-02-01", "electricity", KWH, production_use="210") | _TWO,
    _energy(A, "2025-02-01", "natural_gas", GAS, production_use="11.5",
            own_coefficient_tce="12.85", note="供应商热值证明") | _TWO,
    _energy(A, "2025-02-01", "diesel", T, **_stock("7", "30", "31", "6")) | _TWO,
    _energy(A, "2025-03-01", "electricity", KWH, production_use="118"),
    _energy(A, "2025-03-01", "natural_gas", GAS, production_use="5.75", note="暂无热值证明"),
    _energy(A, "2025-03-01", "diesel", T, **_stock("6", "15", "16.5", "4.5")),
    _energy(B, "2024-12-01", "raw_coal", T, **_stock("40", "90", "80", "50")),
    _energy(B, "2024-12-01", "general_bituminous", T, **_stock("30", "65", "60", "35")),
    _energy(B, "2024-12-01", "waste_heat", GJ, production_use="120", recovered="300"),
    _energy(B, "2024-12-01", "electricity", KWH, production_use="45"),
    _energy(B, "2024-12-01", "steam_sat_8", T, production_use="500"),
    _energy(B, "2025-01-01", "electricity", KWH, production_use="42"),
    _energy(B, "2025-01-01", "raw_coal", T, **_stock("50", "60", "70", "40")),
    _energy(B, "2025-01-01", "general_bituminous", T, **_stock("35", "40", "50", "25")),
    _energy(B, "2025-01-01", "waste_heat", GJ, production_use="100", recovered="240"),
    _energy(B, "2025-01-01", "heat", GJ, production_use="35", transformation_output="200"),
    _energy(B, "2025-03-01", "electricity", KWH, production_use="47.2"),
    _energy(B, "2025-03-01", "raw_coal", T, **_stock("40", "85", "75", "50")),
    _energy(B, "2025-03-01", "general_bituminous", T, **_stock("25", "70", "55", "40")),
    _energy(B, "2025-03-01", "lng", T, purchased="12", production_use="12", **_OUTSIDE),
    _energy(C, "2024-12-01", "electricity", KWH, production_use="30"),
    _energy(C, "2024-12-01", "heat", GJ, production_use="1200"),
    _energy(C, "2025-02-01", "electricity", KWH, production_use="28.5"),
    _energy(C, "2025-02-01", "heat", GJ, production_use="1100"),
    _energy(C, "2025-03-01", "electricity", KWH, production_use="31"),
    _energy(C, "2025-03-01", "heat", GJ, production_use="900"),
)  # fmt: skip


def _output(uscc: str, period: str, gross: str, **values: str) -> dict[str, str]:
    return {
        "uscc": uscc, "period": period, "months_covered": "1", "gross_output_10k_cny": gross,
        "nil_return": "no", **values,
    }  # fmt: skip


def _money(revenue: str, tax: str, employees: str) -> dict[str, str]:
    return {"revenue_10k_cny": revenue, "tax_10k_cny": tax, "employees": employees}


def _account(intermediate_input: str, vat: str) -> dict[str, str]:
    return {"intermediate_input_10k_cny": intermediate_input, "vat_payable_10k_cny": vat}


_NIL = {"nil_return": "yes", "note": "停产检修"}

OUTPUT: tuple[Row, ...] = (
    _output(A, "2024-12-01", "2400", value_added_10k_cny="560", **_money("2310", "33.5", "88")),
    _output(A, "2025-02-01", "4300", value_added_10k_cny="1010.5", **_money("4100", "60", "87"))
    | _TWO,
    _output(B, "2024-12-01", "1500", **_account("1120", "36.5"), **_money("1480", "21", "41")),
    _output(B, "2025-01-01", "900", **_account("1010", "12"), **_money("950", "-3.5", "41"),
            note="原料涨价，本月亏损"),
    _output(B, "2025-02-01", "0", **_money("0", "0", "40")) | _NIL,
    _output(B, "2025-03-01", "1350", **_money("1300", "18", "42")),
    _output(C, "2024-12-01", "800", value_added_10k_cny="205", **_money("790", "11", "60")),
    _output(C, "2025-01-01", "760", value_added_10k_cny="190", **_money("740", "10", "60")),
    _output(C, "2025-02-01", "700", **_account("540", "15"), **_money("690", "9.5", "61")),
    _output(C, "2025-03-01", "820", intermediate_input_10k_cny="600",
            **_money("805", "12", "61")),
)  # fmt: skip


# By hand: energy ------------------------------------------------------------------------------

EDITION, PRACTICE = "GB/T 2589-2020", "NBS practice"
# (enterprise, month, item): quantity, coefficient, basis, edition, flagged, counted, tce
ENERGY_BY_HAND: dict[tuple[str, date, str], tuple[D, D, str, str, bool, bool, D]] = {
    (A, DEC, "electricity"): (
        D("120.5"), D("1.229"), "standard", EDITION, False, True, D("148.0945")),
    (A, DEC, "natural_gas"): (
        D("6.25"), D("12.97"), "own", EDITION, False, True, D("81.0625")),
    (A, DEC, "diesel"): (D("18"), D("1.4571"), "standard", EDITION, False, True, D("26.2278")),
    (A, FEB, "electricity"): (D("210"), D("1.229"), "standard", EDITION, False, True, D("258.09")),
    (A, FEB, "natural_gas"): (D("11.5"), D("12.85"), "own", EDITION, False, True, D("147.775")),
    (A, FEB, "diesel"): (D("31"), D("1.4571"), "standard", EDITION, False, True, D("45.1701")),
    (A, MAR, "electricity"): (
        D("118"), D("1.229"), "standard", EDITION, False, True, D("145.022")),
    # Without a heating value of its own: the fallback of the range 11.0–13.3, flagged.
    (A, MAR, "natural_gas"): (
        D("5.75"), D("12.143"), "standard", EDITION, True, True, D("69.82225")),
    (A, MAR, "diesel"): (
        D("16.5"), D("1.4571"), "standard", EDITION, False, True, D("24.04215")),
    (B, DEC, "raw_coal"): (D("80"), D("0.7143"), "standard", EDITION, False, True, D("57.144")),
    # 其中: inside raw coal, never added.
    (B, DEC, "general_bituminous"): (
        D("60"), D("0.7143"), "standard", PRACTICE, False, False, D("42.858")),
    # 120 − 300 GJ
    (B, DEC, "waste_heat"): (
        D("-180"), D("0.03412"), "standard", PRACTICE, False, True, D("-6.1416")),
    (B, DEC, "electricity"): (D("45"), D("1.229"), "standard", EDITION, False, True, D("55.305")),
    # 2.679552 GJ/t × 0.03412 tce/GJ = 0.09142631424 tce/t
    (B, DEC, "steam_sat_8"): (
        D("500"), D("0.09142631424"), "standard", PRACTICE, False, True, D("45.71315712")),
    (B, JAN, "electricity"): (D("42"), D("1.229"), "standard", EDITION, False, True, D("51.618")),
    (B, JAN, "raw_coal"): (D("70"), D("0.7143"), "standard", EDITION, False, True, D("50.001")),
    (B, JAN, "general_bituminous"): (
        D("50"), D("0.7143"), "standard", PRACTICE, False, False, D("35.715")),
    # 100 − 240 GJ
    (B, JAN, "waste_heat"): (
        D("-140"), D("0.03412"), "standard", PRACTICE, False, True, D("-4.7768")),
    # 35 − 200 GJ
    (B, JAN, "heat"): (D("-165"), D("0.03412"), "standard", EDITION, False, True, D("-5.6298")),
    (B, MAR, "electricity"): (
        D("47.2"), D("1.229"), "standard", EDITION, False, True, D("58.0088")),
    (B, MAR, "raw_coal"): (D("75"), D("0.7143"), "standard", EDITION, False, True, D("53.5725")),
    (B, MAR, "general_bituminous"): (
        D("55"), D("0.7143"), "standard", PRACTICE, False, False, D("39.2865")),
    # Outside 1.3179–2.1965: used and flagged.
    (B, MAR, "lng"): (D("12"), D("2.3"), "own", EDITION, True, True, D("27.6")),
    (C, DEC, "electricity"): (D("30"), D("1.229"), "standard", EDITION, False, True, D("36.87")),
    (C, DEC, "heat"): (D("1200"), D("0.03412"), "standard", EDITION, False, True, D("40.944")),
    (C, FEB, "electricity"): (
        D("28.5"), D("1.229"), "standard", EDITION, False, True, D("35.0265")),
    (C, FEB, "heat"): (D("1100"), D("0.03412"), "standard", EDITION, False, True, D("37.532")),
    (C, MAR, "electricity"): (D("31"), D("1.229"), "standard", EDITION, False, True, D("38.099")),
    (C, MAR, "heat"): (D("900"), D("0.03412"), "standard", EDITION, False, True, D("30.708")),
}  # fmt: skip

ITEMS: dict[str, tuple[str, str, str, str | None]] = {
    # item: Chinese name, English name, category, whole that it is 其中 of
    "electricity": ("电力（当量值）", "electricity (calorific, 当量)", "power", None),
    "natural_gas": ("天然气（气态）", "natural gas (gaseous)", "gas", None),
    "diesel": ("柴油", "diesel", "oil", None),
    "raw_coal": ("原煤", "raw coal", "coal", None),
    "general_bituminous": ("一般烟煤", "general bituminous coal", "coal", "raw_coal"),
    "waste_heat": ("余热余压", "recovered waste heat and pressure", "heat", None),
    "steam_sat_8": (
        "饱和蒸汽 ≥8 kg/cm2（≥170℃）", "saturated steam ≥8 kg/cm2", "steam", None),
    "heat": ("热力（当量值）", "heat (calorific, 当量)", "heat", None),
    "lng": ("液化天然气（液态）", "liquefied natural gas", "gas", None),
}  # fmt: skip

# By hand: enterprise-months -------------------------------------------------------------------

# (enterprise, month): energy_tce
ENERGY_TCE: dict[tuple[str, date], D | None] = {
    (A, DEC): D("148.0945") + D("81.0625") + D("26.2278"),
    (A, JAN): None,  # inside February
    (A, FEB): D("258.09") + D("147.775") + D("45.1701"),
    (A, MAR): D("145.022") + D("69.82225") + D("24.04215"),
    (B, DEC): D("57.144") - D("6.1416") + D("55.305") + D("45.71315712"),
    (B, JAN): D("51.618") + D("50.001") - D("4.7768") - D("5.6298"),
    (B, FEB): D("0"),  # nil return
    (B, MAR): D("58.0088") + D("53.5725") + D("27.6"),
    (C, DEC): D("36.87") + D("40.944"),
    (C, JAN): None,  # output only
    (C, FEB): D("35.0265") + D("37.532"),
    (C, MAR): D("38.099") + D("30.708"),
}

# Of it with a flagged coefficient: gas at the fallback of its range, LNG outside its range.
ENERGY_FLAGGED: dict[tuple[str, date], D] = {
    (A, MAR): D("69.82225"),
    (B, MAR): D("27.6"),
}
FLAGS = {(A, MAR, "natural_gas"): "fallback_of_range", (B, MAR, "lng"): "own_outside_range"}

# (enterprise, month): value added, basis, index
VALUE_ADDED: dict[tuple[str, date], tuple[D | None, str | None, D | None]] = {
    (A, DEC): (D("560"), "given", D("98.5")),
    (A, JAN): (None, None, D("99")),  # inside February
    (A, FEB): (D("1010.5"), "given", D("99.2")),
    (A, MAR): (None, None, None),  # not filed
    (B, DEC): (D("1500") - D("1120") + D("36.5"), "derived", D("104")),
    (B, JAN): (D("900") - D("1010") + D("12"), "derived", D("103.2")),
    (B, FEB): (D("0"), "nil", D("102.4")),
    (B, MAR): (D("1350") * D("0.21"), "estimated", D("101.6")),
    (C, DEC): (D("205"), "given", None),
    (C, JAN): (D("190"), "given", None),
    (C, FEB): (D("700") - D("540") + D("15"), "derived", None),
    # VAT is not given, so input alone derives nothing.
    (C, MAR): (D("820") * D("0.25"), "estimated", None),
}

# (enterprise, month): energy filed, output filed, months of each, unmatched_reason
FILED: dict[tuple[str, date], tuple[bool, bool, int | None, int | None, str | None]] = {
    (A, DEC): (True, True, 1, 1, None),
    (A, JAN): (True, True, 2, 2, None),
    (A, FEB): (True, True, 2, 2, None),
    (A, MAR): (True, False, 1, None, "output_missing"),
    (B, DEC): (True, True, 1, 1, None),
    (B, JAN): (True, True, 1, 1, None),
    (B, FEB): (False, True, None, 1, None),
    (B, MAR): (True, True, 1, 1, None),
    (C, DEC): (True, True, 1, 1, None),
    (C, JAN): (False, True, None, 1, "energy_missing"),
    (C, FEB): (True, True, 1, 1, None),
    (C, MAR): (True, True, 1, 1, None),
}


def constant(value: D | None, index: D | None) -> D | None:
    """Value added at 2020 price; without an index it stays as it is."""
    return value if value is None or index is None else value * 100 / index


# Forms ----------------------------------------------------------------------------------------


def form_csv(contract: Contract, rows: Sequence[Row]) -> str:
    """The rows as a firm files them: the form's headers, 202412, 是/否."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.header for column in contract.columns])
    for row in rows:
        writer.writerow(
            _as_filed(column.type, row.get(column.name) or "") for column in contract.columns
        )
    return out.getvalue()


def _as_filed(kind: str, value: str) -> str:
    if kind == "month":
        return value.replace("-", "")[:6]
    if kind == "yes_no":
        return {"yes": "是", "no": "否", "": ""}[value]
    return value
