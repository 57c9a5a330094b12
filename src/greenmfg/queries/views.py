"""What stands beside the official quantity of energy, never instead of it: other views, and CO2.

Reads the marts and computes nothing of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

import duckdb

from greenmfg.queries.in_words import number, plain_json
from greenmfg.queries.rows import fetch

_VIEWS = {
    "equivalent_electricity": "电力按等价值 electricity at its equivalent rate",
    "equivalent": "电力和热力按等价值 electricity and heat at equivalent value",
    "less_feedstock": "扣除原料用能 less feedstock",
    "less_certified_green_power": "扣除绿电绿证 less certified green power",
    "less_feedstock_and_certified_green_power": "扣除原料用能和绿电绿证 less both",
}
_PURPOSES = {
    "ets_shanghai": "上海碳市场 Shanghai ETS",
    "ets_national": "全国碳市场 national ETS",
    "inventory_shanghai_grid": "清单（上海电网）inventory, Shanghai grid",
    "inventory_east_china_grid": "清单（华东电网）inventory, East China grid",
    "inventory_national_grid": "清单（全国电网）inventory, national grid",
}
_REASONS = {
    "nothing_filed": "没有任何报送 nothing was filed",
    "no_equivalent_rate_of_electricity": "没有该年电力等价系数 no equivalent rate of electricity",
    "no_equivalent_rate_of_heat": "没有该年热力等价系数 no equivalent rate of heat",
    "no_factor_of_item": "有品种没有排放因子 an item has no factor",
    "no_factor_of_year": "没有该年或更早的排放因子 no factor of that year or before",
}
_OF_THE_FIGURE = """
    where grouping = $grouping and ($grouping = 'district' or group_key = $key)
      and month = $month and window_name = $window
"""


@dataclass(frozen=True)
class EnergyView:
    """One view of the matched firm-months' energy, tce; the ratio in tce per 10,000 CNY at 2020
    price, which is the current one where `price_status` is undeflated. `carried_forward`: a factor
    is of an earlier year than the one it should be of."""

    view: str
    energy_tce: Decimal | None
    intensity_constant: float | None
    price_status: str | None
    reason: str | None
    factor_ids: str | None
    carried_forward: bool | None


@dataclass(frozen=True)
class EmissionView:
    """CO2 of all firm-months filed, t, as one carbon purpose accounts for it."""

    purpose: str
    co2_t: Decimal | None
    co2_electricity_t: Decimal | None
    co2_heat_t: Decimal | None
    co2_fuels_t: Decimal | None
    reason: str | None
    factor_ids: str | None
    carried_forward: bool | None


@dataclass(frozen=True)
class Views:
    """What stands beside one figure."""

    energy: tuple[EnergyView, ...] = ()
    emissions: tuple[EmissionView, ...] = ()

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = plain_json(asdict(self))
        return said


def views_of(release: duckdb.DuckDBPyConnection, parameters: Mapping[str, Any]) -> Views:
    """The views of one group, month and window (`Subject.parameters`), without the official one."""
    return Views(
        tuple(
            fetch(
                release,
                EnergyView,
                f"""
                select view, energy_tce, intensity_constant_tce_per_10k_cny as intensity_constant,
                  price_status, reason, factor_ids, carried_forward
                from marts.energy_views {_OF_THE_FIGURE} and not is_official
                order by view
                """,
                parameters,
            )
        ),
        tuple(
            fetch(
                release,
                EmissionView,
                f"""
                select purpose, co2_t, co2_electricity_t, co2_heat_t, co2_fuels_t, reason,
                  factor_ids, carried_forward
                from marts.emission_views {_OF_THE_FIGURE}
                order by purpose
                """,
                parameters,
            )
        ),
    )


def view_lines(views: Views) -> Iterator[str]:
    """Each view in Chinese and English, one a line, with the factors it rests on."""
    if views.energy:
        yield (
            "  其他口径，只作对照，不替代上面的数 other views, beside the figure above and never"
            " instead of it:"
        )
    for view in views.energy:
        said = (
            f"无法测算 not measurable: {_REASONS.get(view.reason, view.reason)}"
            if view.reason is not None
            else f"{number(view.energy_tce, 2)} tce{_ratio(view)}"
        )
        yield f"    {_VIEWS.get(view.view, view.view)}: {said}{_factors(view)}"
    yield from _emission_lines(views.emissions)


def _emission_lines(emissions: Sequence[EmissionView]) -> Iterator[str]:
    if emissions:
        yield "  二氧化碳，全部已报企业月 CO2 of all firm-months filed:"
    for view in emissions:
        said = (
            f"无法测算 not measurable: {_REASONS.get(view.reason, view.reason)}"
            if view.reason is not None
            else f"{number(view.co2_t, 2)} t（电力 electricity {number(view.co2_electricity_t, 2)}，"
            f"热力 heat {number(view.co2_heat_t, 2)}，燃料 fuels {number(view.co2_fuels_t, 2)}）"
        )
        yield f"    {_PURPOSES.get(view.purpose, view.purpose)}: {said}{_factors(view)}"


def _ratio(view: EnergyView) -> str:
    if view.intensity_constant is None:
        return ""
    price = "未平减 undeflated" if view.price_status == "undeflated" else "2020 年价 at 2020 price"
    return f"，{view.intensity_constant:.4f} tce/万元（{price}）"


def _factors(view: EnergyView | EmissionView) -> str:
    if view.reason is not None or not view.factor_ids:
        return ""
    earlier = "；沿用更早年份 of an earlier year" if view.carried_forward else ""
    return f"  [{view.factor_ids}{earlier}]"
