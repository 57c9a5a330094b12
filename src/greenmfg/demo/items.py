"""Energy items that the district's firms use, and in what proportions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from greenmfg.demo.months import ELECTRICITY_SEASON, FLAT_SEASON, HEATING_SEASON


@dataclass(frozen=True)
class Item:
    """`unit` as the form wants it; `step` is the smallest quantity, in thousandths of the unit.

    `tce_per_unit` only sizes the quantities: what counts is the reference table in force, to
    which a test holds it. `price_1k_cny` is an ordinary price per unit, without VAT.
    """

    code: str
    unit: str
    tce_per_unit: float
    step: int
    price_1k_cny: float
    carries_stock: bool = False
    season: tuple[float, ...] = FLAT_SEASON
    non_production_share: float = 0.0
    transport_share: float = 0.0
    feedstock_share: float = 0.0


_ALL = (
    Item("electricity", "万千瓦时", 1.229, 10, 6.9, False, ELECTRICITY_SEASON, 0.03),
    Item("natural_gas", "万立方米", 12.143, 1, 36.0, False, HEATING_SEASON, 0.02),
    Item("heat", "百万千焦", 0.03412, 100, 0.082, False, HEATING_SEASON),
    Item("steam_sat_8", "吨", 0.09142631424, 100, 0.235, False, HEATING_SEASON),
    Item("diesel", "吨", 1.4571, 10, 6.7, True, FLAT_SEASON, 0.0, 0.35),
    Item("gasoline", "吨", 1.4714, 1, 8.1, True, FLAT_SEASON, 0.1, 0.9),
    Item("lng", "吨", 1.7572, 10, 5.2, True, HEATING_SEASON),
    Item("lpg", "吨", 1.7143, 1, 5.4, True),
    Item("fuel_oil", "吨", 1.4286, 10, 4.6, True, FLAT_SEASON, 0.0, 0.6),
    Item("solvent", "吨", 1.4672, 1, 7.5, True, FLAT_SEASON, 0.0, 0.0, 1.0),
    Item("waste_heat", "百万千焦", 0.03412, 100, 0.0, False),
)
ITEMS = {item.code: item for item in _ALL}

# A firm whose supplier states the calorific value files its own coefficient of gas, in this range.
OWN_GAS_COEFFICIENTS = tuple(Decimal(n) / 100 for n in range(1158, 1291, 7))

# What an item's price did over the years, against its ordinary price.
PRICE_BY_YEAR = {2020: 0.88, 2021: 0.97, 2022: 1.12, 2023: 1.05, 2024: 1.02, 2025: 1.0}

_STEEL = {"electricity": 0.63, "natural_gas": 0.15, "diesel": 0.17, "lpg": 0.03, "gasoline": 0.02}
SHIPYARD_MIX = {"electricity": 0.66, "natural_gas": 0.13, "diesel": 0.16, "fuel_oil": 0.05}
_FOOD = {"electricity": 0.52, "natural_gas": 0.26, "heat": 0.15, "diesel": 0.04, "gasoline": 0.03}
_CHEMICAL = {"electricity": 0.46, "natural_gas": 0.24, "heat": 0.24, "solvent": 0.06}
_PLASTIC = {"electricity": 0.86, "natural_gas": 0.10, "gasoline": 0.04}
_LIGHT = {"electricity": 0.60, "natural_gas": 0.31, "diesel": 0.05, "lpg": 0.04}
_ELECTRONIC = {"electricity": 0.93, "natural_gas": 0.04, "gasoline": 0.03}
_TEXTILE = {"electricity": 0.55, "steam_sat_8": 0.32, "natural_gas": 0.10, "gasoline": 0.03}
_MINERAL = {"electricity": 0.38, "natural_gas": 0.47, "diesel": 0.15}
_PAPER = {"electricity": 0.60, "steam_sat_8": 0.30, "diesel": 0.10}


class Industry(NamedTuple):
    """`mix`: shares of tce by item. `relative_intensity`: energy per value added, ships 1."""

    mix: Mapping[str, float]
    relative_intensity: float
    value_added_per_mille: int


# By division of GB/T 4754-2017. Ours, of the order that statistical yearbooks show.
INDUSTRIES = {
    "13": Industry(_FOOD, 1.7, 190),
    "14": Industry(_FOOD, 1.5, 230),
    "15": Industry(_FOOD, 1.4, 270),
    "17": Industry(_TEXTILE, 2.4, 210),
    "18": Industry(_TEXTILE, 0.7, 240),
    "20": Industry(_LIGHT, 1.3, 210),
    "21": Industry(_LIGHT, 0.8, 225),
    "22": Industry(_PAPER, 2.8, 205),
    "23": Industry(_PAPER, 1.0, 260),
    "24": Industry(_PLASTIC, 0.7, 230),
    "26": Industry(_CHEMICAL, 3.0, 235),
    "27": Industry(_CHEMICAL, 1.0, 330),
    "29": Industry(_PLASTIC, 2.6, 215),
    "30": Industry(_MINERAL, 4.6, 240),
    "31": Industry(_MINERAL, 5.0, 180),
    "33": Industry(_STEEL, 1.5, 215),
    "34": Industry(_STEEL, 0.9, 245),
    "35": Industry(_STEEL, 0.8, 240),
    "36": Industry(_STEEL, 1.2, 220),
    "37": Industry(_STEEL, 1.0, 215),
    "38": Industry(_LIGHT, 0.8, 210),
    "39": Industry(_ELECTRONIC, 0.6, 240),
    "40": Industry(_ELECTRONIC, 0.4, 300),
    "42": Industry(_PLASTIC, 1.9, 190),
    "43": Industry(_STEEL, 0.9, 280),
    # Suppliers of heat and water: below scale here, they file output only.
    "44": Industry({}, 0.0, 250),
    "46": Industry({}, 0.0, 380),
}
