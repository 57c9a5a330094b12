"""Benchmarks and the resource-efficiency score as a person reads them, and as a program does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import duckdb

from greenmfg.queries.benchmarks import (
    BenchmarkWindow,
    Efficiency,
    EfficiencyPart,
    EfficiencyRule,
    FirmBenchmark,
    Indicator,
    IndustryBenchmark,
    efficiencies,
    efficiency_parts,
    efficiency_rules,
    firm_benchmarks,
    industry_benchmarks,
)
from greenmfg.queries.explain import UnknownSubject
from greenmfg.queries.explain_text import WINDOWS
from greenmfg.queries.in_words import month_in, number, percent, plain_json, why
from greenmfg.queries.overview import release_facts

_LARGEST = 20
_TIERS = {
    "green": "不高于基准 not above",
    "yellow": "略高于基准 slightly above",
    "orange": "高于基准 above",
    "red": "远高于基准 far above",
}
_BASES = {
    "industry_q1": "同行业第一四分位 industry's first quartile",
    "industry_median": "同行业中位数 industry median",
    "industry_q3": "同行业第三四分位 industry's third quartile",
    "district_target": "全区目标 district target",
}
_INDICATORS: dict[Indicator, str] = {
    "value_added_per_energy": "单位能耗增加值 value added per energy（万元/tce）",
    "tax_per_land": "单位土地税收 tax per land（万元/公顷 ha）",
    "output_per_land": "单位土地产值 output per land（万元/公顷 ha）",
    "value_added_per_employee": "劳动生产率 value added per person（万元/人）",
}


@dataclass(frozen=True)
class Standings:
    """Industries and firms over one window, and scores over twelve months; or one firm of them."""

    month: date
    window: BenchmarkWindow
    uscc: str | None
    industries: tuple[IndustryBenchmark, ...]
    firms: tuple[FirmBenchmark, ...]
    rules: tuple[EfficiencyRule, ...]
    efficiencies: tuple[Efficiency, ...]
    parts: tuple[EfficiencyPart, ...]

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = plain_json(asdict(self))
        return said


def standings(
    connection: duckdb.DuckDBPyConnection,
    month: date | None = None,
    window: BenchmarkWindow = "ytd",
    uscc: str | None = None,
) -> Standings:
    """The benchmarks of a month, by default the headline month; of one firm with `uscc`.

    Raises:
        UnknownMonth: the release has no such month.
        UnknownSubject: the firm is not in the population of the month.
    """
    headline = release_facts(connection).data_through
    chosen = month_in(connection, "enterprise_benchmarks", month, headline)
    firms = firm_benchmarks(connection, chosen, window, uscc)
    if uscc is not None and not firms:
        raise UnknownSubject(
            f"{uscc} {chosen:%Y-%m}: 不在规上工业统计范围 · is not in the population of the month"
        )
    own = None if uscc is None else firms[0].industry_code
    industries = industry_benchmarks(connection, chosen, window)
    return Standings(
        month=chosen,
        window=window,
        uscc=uscc,
        industries=tuple(i for i in industries if own is None or i.industry_code == own),
        firms=tuple(firms),
        rules=tuple(efficiency_rules(connection, chosen)),
        efficiencies=tuple(
            e for e in efficiencies(connection, chosen) if uscc is None or e.uscc == uscc
        ),
        parts=() if uscc is None else tuple(efficiency_parts(connection, uscc, chosen)),
    )


def as_text(found: Standings) -> str:
    """The benchmarks in Chinese and English, one fact a line."""
    return "\n".join(_lines(found))


def _lines(found: Standings) -> Iterator[str]:
    yield f"对标 Benchmarks  {found.month:%Y-%m}  {WINDOWS[found.window]}"
    yield "  行业 industries（tce/万元）"
    for industry in found.industries:
        yield _industry(industry)
    shown = found.firms[:_LARGEST]
    yield f"  企业 firms，按超基准能耗 by energy above benchmark（{len(shown)}/{len(found.firms)}）"
    for firm in shown:
        yield _firm(firm)
    yield "  资源利用效率 resource efficiency，近 12 个月 twelve months"
    for rule in found.rules:
        yield (
            f"    {_INDICATORS[rule.indicator]}  权重 weight {percent(rule.weight, 0)}"
            f"  全区 district {number(rule.district_value, 2)}（{rule.district_firms} 家 firms）"
        )
    if found.uscc is None:
        yield "    " + _classes(found.efficiencies)
        return
    for efficiency in found.efficiencies:
        yield f"    {_score(efficiency)}"
    for part in found.parts:
        reason = f"  {why(part.reason)}" if part.reason else ""
        yield (
            f"      {_INDICATORS[part.indicator]}  {number(part.value, 2)}"
            f"  得分 points {number(part.points)}{reason}"
        )


def _industry(industry: IndustryBenchmark) -> str:
    stays = industry.ratio_withheld or industry.quartiles_withheld
    note = "" if stays is None else f"  不得全部对外 not all may leave the bureau: {why(stays)}"
    return (
        f"    {industry.industry_code} {industry.name_zh}  可计算 measured"
        f" {industry.firms_measured}/{industry.firms}  Q1 {number(industry.q1, 4)}"
        f"  中位数 median {number(industry.median, 4)}  Q3 {number(industry.q3, 4)}"
        f"  总量之比 ratio of sums {number(industry.ratio, 4)}"
        f"  超基准 excess {number(industry.excess_tce, 1)} tce"
        f"  绿黄橙红 green/yellow/orange/red"
        f" {industry.green}/{industry.yellow}/{industry.orange}/{industry.red}{note}"
    )


def _firm(firm: FirmBenchmark) -> str:
    name = f"    {number(firm.rank):>4} {firm.uscc} {firm.name}"
    if firm.intensity is None or firm.reason is not None:
        return f"{name}  无法测算 not measurable: {why(firm.reason)}"
    return (
        f"{name}  {number(firm.intensity, 4)} 对 against {number(firm.benchmark, 4)}"
        f"（{_BASES.get(firm.benchmark_basis or '', '—')}）  {number(firm.over_tce, 1, '+')} tce"
        f"  {_TIERS[firm.tier] if firm.tier else '—'}"
        f"  单耗更低的同行 peers below {percent(firm.below_share, 0)}"
    )


def _score(efficiency: Efficiency) -> str:
    if efficiency.efficiency_class is None:
        return f"无法测算 not measurable: {why(efficiency.reason)}"
    return (
        f"{efficiency.efficiency_class} 类 class {efficiency.efficiency_class}"
        f"  总分 score {number(efficiency.score, 1)}"
        f"（按权重 on weights of {percent(efficiency.weight_measured_share, 0)}）"
    )


def _classes(scored: tuple[Efficiency, ...]) -> str:
    counts = [
        f"{name} {sum(e.efficiency_class == name for e in scored)}" for name in ("A", "B", "C", "D")
    ]
    without = sum(e.efficiency_class is None for e in scored)
    return f"类别 classes: {'，'.join(counts)}；无得分 without a score {without}"
