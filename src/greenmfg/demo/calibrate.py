"""What the simulated district must meet: the plan's published totals of 2020, and a plausible path.

Amounts are whole hundredths of 万元 (100 yuan), so that shares of a total sum to it exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

BASE_YEAR = 2020

# The plan's baselines B04 and B05 (沪崇府发〔2021〕108号 一(一)); those of output and of the
# number of firms are met by the cells of `places`. Tests hold all of them to plan_targets.
REVENUE_2020_10K_CNY = 4_425_000
TAX_2020_10K_CNY = 39_800

# Energy intensity of the district, kgce per 万元 of value added. Ours: the plan gives no path.
_INTENSITY_KGCE = {2020: 116.4, 2021: 109.2, 2022: 104.1, 2023: 96.3, 2024: 89.7, 2025: 84.6}
_LATER_YEARLY_FACTOR = 0.967

# Output growth by cluster from 2021 on; the last year's goes on. Ours.
_GROWTH = {
    "海洋装备": (0.09, 0.05, 0.15, 0.13, 0.10, 0.07),
    "绿色农产品深加工": (0.07, 0.03, 0.08, 0.07, 0.06, 0.05),
    "汽车及零部件": (0.08, -0.02, 0.07, 0.06, 0.05, 0.04),
    "轻工及厨具制造": (0.05, 0.0, 0.06, 0.05, 0.04, 0.03),
    "新兴产业": (0.15, 0.08, 0.14, 0.12, 0.10, 0.09),
    "其他": (0.03, -0.03, 0.02, 0.02, 0.02, 0.01),
}


def intensity_tce_per_10k_cny(year: int) -> float:
    """The intensity to which a year's energy is scaled."""
    last = max(_INTENSITY_KGCE)
    if year <= last:
        return _INTENSITY_KGCE[year] / 1000
    return float(_INTENSITY_KGCE[last] / 1000 * _LATER_YEARLY_FACTOR ** (year - last))


def growth(cluster: str, year: int) -> float:
    """Growth of a cluster's output in a year after 2020, as a share."""
    path = _GROWTH[cluster]
    return path[min(year - BASE_YEAR, len(path)) - 1]


def distribute(total: int, weights: Sequence[float]) -> list[int]:
    """Splits `total` whole units by weight; the parts sum to `total` exactly.

    Largest remainders get the units that rounding left over, earlier ones first among equals.

    Raises:
        ValueError: no weight is above zero, or `total` is negative.
    """
    whole = sum(weights)
    if whole <= 0 or total < 0:
        raise ValueError(f"cannot split {total} by weights that sum to {whole}")
    exact = [total * weight / whole for weight in weights]
    parts = [int(share) for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


def yearly_scales(
    raw_tce: Iterable[tuple[int, float]], value_added_10k_cny: Mapping[int, float]
) -> dict[int, float]:
    """The factor on each year's raw energy that puts its intensity on the path.

    Args:
        raw_tce: pairs of year and unscaled energy of the population.
        value_added_10k_cny: year → value added of the same firm-months.
    """
    energy: dict[int, float] = {}
    for year, tce in raw_tce:
        energy[year] = energy.get(year, 0.0) + tce
    return {
        year: intensity_tce_per_10k_cny(year) * value_added_10k_cny[year] / tce
        for year, tce in sorted(energy.items())
    }
