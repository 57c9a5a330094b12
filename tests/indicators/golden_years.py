"""A second golden workbook: six fictitious firms over fourteen months, as they file.

Nothing here comes from the models. Where the hard cases lie:

- P 示例造船配套厂: own gas coefficients, none in July and August; steam in tonnes; January and
  February 2025 filed together.
- Q 示例食品厂: coal with an 其中 kind, recovered heat; value added derived, negative in June; a
  deflator until August only; its May is corrected.
- R 示例机械厂: certified green power; value added estimated; moves to another park in July; no
  output filed for November.
- S 示例化工厂: enters in April; feedstock, transformation output, an own coefficient outside its
  range; no energy filed for January 2025.
- U, from September V 示例纺织厂: changed its code; nil return in October.
- W 示例五金厂: below scale from July, gone from December.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tests.indicators.golden import GAS, GJ, KWH, Row, T

P, Q, R, S, U, V, W = (f"91310151MA0G1000{letter}X" for letter in "PQRSUVW")
MONTHS = tuple(date(2024 + n // 12, n % 12 + 1, 1) for n in range(14))
JAN_25, FEB_25 = MONTHS[12:]
TODAY = date(2025, 3, 20)
CHANGXING, CHONGMING, FUSHENG = "长兴海洋装备产业基地", "崇明工业园区", "富盛经济开发区"
COMBINED = {(P, FEB_25)}

# code: industry, value-added rate, then spans of (from, to, park, above scale)
_FIRMS: dict[str, tuple[str, str, str | None, tuple[tuple[str, str | None, str, str], ...]]] = {
    P: ("示例造船配套厂", "37", "0.24", (("2024-01-01", None, CHANGXING, "yes"),)),
    Q: ("示例食品厂", "14", None, (("2024-01-01", None, CHONGMING, "yes"),)),
    R: (
        "示例机械厂", "34", "0.25",
        (
            ("2024-01-01", "2024-06-01", CHONGMING, "yes"),
            ("2024-07-01", None, FUSHENG, "yes"),
        ),
    ),
    S: ("示例化工厂", "26", None, (("2024-04-01", None, FUSHENG, "yes"),)),
    U: ("示例纺织厂", "17", None, (("2024-01-01", "2024-08-01", CHONGMING, "yes"),)),
    V: ("示例纺织厂", "17", None, (("2024-09-01", None, CHONGMING, "yes"),)),
    W: (
        "示例五金厂", "33", None,
        (
            ("2024-01-01", "2024-06-01", CHONGMING, "yes"),
            ("2024-07-01", "2024-11-01", CHONGMING, "no"),
        ),
    ),
}  # fmt: skip

REGISTER: tuple[Row, ...] = tuple(
    {
        "uscc": uscc, "name": name, "industry_code": industry, "cluster": "其他", "park": park,
        "town_code": "310151101", "land_zone": "104", "river_strip": "no", "above_scale": above,
        "value_added_rate": rate, "valid_from": since, "valid_to": until,
    }
    for uscc, (name, industry, rate, spans) in _FIRMS.items()
    for since, until, park, above in spans
)  # fmt: skip
SUCCESSORS: tuple[Row, ...] = (
    {"uscc": U, "successor_uscc": V, "valid_from": "2024-09-01", "source": "示例变更通知"},
)

Filed = dict[date, str]


def _by_month(text: str) -> Filed:
    """Fourteen values, a dash where nothing is filed."""
    values = zip(MONTHS, text.split(), strict=True)
    return {month: value for month, value in values if value != "-"}


# index on 2020 = 100 by month; industry 14 has none after August, others none at all
INDICES: dict[str, Filed] = {
    "37": _by_month("98.5 98.4 98.7 99 99.2 99.1 98.9 98.6 98.8 99.3 99.5 99.4 99.7 100.2"),
    "14": _by_month("104 103.2 102.4 101.6 101.9 102.2 102.8 103 - - - - - -"),
}
DEFLATORS: tuple[Row, ...] = tuple(
    {
        "industry_code": industry, "month": month.isoformat(), "index_2020_100": index,
        "source": "示例",
    }
    for industry, indices in INDICES.items()
    for month, index in indices.items()
)  # fmt: skip

# (code, item, unit): column and its fourteen values
ENERGY_SERIES: tuple[tuple[str, str, str, dict[str, Filed]], ...] = (
    (P, "electricity", KWH, {
        "production_use": _by_month(
            "120.5 98.4 121 119.6 123.2 126.8 131 133.5 127.7 124.9 122.4 125.1 - 214.6"),
        "non_production_use": _by_month("2.5 2 2 2 2 3 4 4 3 2 2 2 - 4"),
    }),
    (P, "natural_gas", GAS, {
        "production_use": _by_month(
            "6.25 5.1 6.4 6.1 6.05 6.3 6.8 6.9 6.45 6.2 6.15 6.6 - 11.2"),
        "own_coefficient_tce": _by_month(
            "12.97 12.97 12.95 12.95 12.88 12.88 - - 12.91 12.91 12.85 12.85 - 12.86"),
    }),
    (P, "steam_sat_8", T, {
        "production_use": _by_month("500 420 480 460 410 300 260 250 330 400 470 510 - 900"),
    }),
    (Q, "raw_coal", T, {
        "production_use": _by_month("80 70 82 79 80 61 66 71 74 77 83 86 81 72"),
    }),
    (Q, "general_bituminous", T, {
        "production_use": _by_month("60 50 62 59 55 45 46 50 54 57 63 66 61 52"),
    }),
    (Q, "waste_heat", GJ, {
        "production_use": _by_month("120 100 120 110 110 80 90 95 100 110 120 130 120 100"),
        "recovered": _by_month("300 240 310 300 290 200 210 230 250 280 300 320 310 260"),
    }),
    (Q, "electricity", KWH, {
        "production_use": _by_month("45 38 46 44 45.5 33 36 39 41 43 46 47.2 46 40"),
    }),
    (R, "electricity", KWH, {
        "production_use": _by_month("30 24 31 30.5 29 32 35 36 33 31 30 31 29 25.5"),
        # More certificates than use in August: canteens are covered too.
        "green_power_certified": _by_month("5 5 5 10 10 10 12 40 12 12 12 12 - -"),
    }),
    (R, "heat", GJ, {
        "production_use": _by_month("1200 1100 900 600 300 200 150 150 250 500 900 1150 1180 1090"),
    }),
    (S, "naphtha", T, {
        "production_use": _by_month("- - - 100 110 105 98 97 103 108 112 115 - 104"),
        "feedstock_use": _by_month("- - - 60 66 63 58 57 61 64 66 68 - 62"),
    }),
    (S, "heat", GJ, {
        "production_use": _by_month("- - - 35 35 30 30 30 32 35 38 40 - 39"),
        "transformation_output": _by_month("- - - 200 210 190 185 180 190 205 215 220 - 210"),
    }),
    (S, "lng", T, {
        "production_use": _by_month("- - - 12 12.5 11 11 11 12 13 13 14 - 13"),
        # The range is 1.3179–2.1965.
        "own_coefficient_tce": _by_month("- - - 2.1 2.1 2.3 2.3 2.1 2.1 2.1 2.1 2.1 - 2.1"),
    }),
    (U, "electricity", KWH, {
        "production_use": _by_month("15 12 16 15 15.5 16 17 17.5 - - - - - -"),
    }),
    (V, "electricity", KWH, {
        "production_use": _by_month("- - - - - - - - 16 - 15 15.2 14.8 12.6"),
    }),
    (W, "electricity", KWH, {
        "production_use": _by_month("8 7 8 8 8 8 3 3 3 3 2 - - -"),
    }),
)  # fmt: skip

# code: column and its fourteen values, 10,000 CNY
OUTPUT_SERIES: dict[str, dict[str, Filed]] = {
    P: {
        "gross_output_10k_cny": _by_month(
            "2400 2000 2500 2450 2550 2600 2700 2750 2650 2600 2580 2680 - 4300"),
        "value_added_10k_cny": _by_month(
            "560 470 590 575 601 612 640 655 630 618 607 633 - 1010.5"),
    },
    Q: {
        "gross_output_10k_cny": _by_month(
            "1500 1300 1550 1500 1480 900 1100 1250 1300 1400 1520 1600 1530 1350"),
        "intermediate_input_10k_cny": _by_month(
            "1120 980 1150 1120 1100 1010 880 950 980 1050 1130 1190 1140 1010"),
        "vat_payable_10k_cny": _by_month("36.5 30 38 36 35 12 25 30 31 34 37 39 37.5 33"),
    },
    R: {
        "gross_output_10k_cny": _by_month(
            "800 700 820 810 790 830 860 870 840 820 - 850 800 710"),
    },
    S: {
        "gross_output_10k_cny": _by_month("- - - 600 640 620 600 590 610 630 650 670 640 620"),
        "value_added_10k_cny": _by_month("- - - 150 160 152 149 146 151 157 162 168 160 155"),
    },
    U: {
        "gross_output_10k_cny": _by_month("300 250 320 310 315 320 330 335 - - - - - -"),
        "value_added_10k_cny": _by_month("66 54 70 68 69 70 73 74 - - - - - -"),
    },
    V: {
        "gross_output_10k_cny": _by_month("- - - - - - - - 320 0 310 312 305 262"),
        "value_added_10k_cny": _by_month("- - - - - - - - 71 - 68 69 67 58"),
    },
    W: {
        "gross_output_10k_cny": _by_month("120 100 120 120 120 120 50 50 50 50 30 - - -"),
        "value_added_10k_cny": _by_month("25 20 25 25 25 25 9 9 9 9 5 - - -"),
        # The filed month is the number, whatever the YTD beside it says.
        "ytd_gross_output_10k_cny": _by_month("120 999 - - - - - - - - - - - -"),
    },
}  # fmt: skip
NIL = {(V, date(2024, 10, 1))}
# What Q filed for May before it found its slip: ten times the coal.
SLIPPED = {(Q, date(2024, 5, 1), "raw_coal"): "800"}


def energy_rows() -> Iterator[Row]:
    for uscc, item, unit, columns in ENERGY_SERIES:
        for month in columns["production_use"]:
            yield {
                "uscc": uscc, "period": month.isoformat(), "energy_item": item, "unit": unit,
                "months_covered": "2" if (uscc, month) in COMBINED else "1",
                **{name: values[month] for name, values in columns.items() if month in values},
            }  # fmt: skip


def output_rows() -> Iterator[Row]:
    for uscc, columns in OUTPUT_SERIES.items():
        for month in columns["gross_output_10k_cny"]:
            yield {
                "uscc": uscc, "period": month.isoformat(),
                "months_covered": "2" if (uscc, month) in COMBINED else "1",
                "nil_return": "yes" if (uscc, month) in NIL else "no",
                **{name: values[month] for name, values in columns.items() if month in values},
            }  # fmt: skip
