"""Words of both languages that several texts of the command line share."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from greenmfg.queries.scoreboard import UnknownMonth

STREAMS = {"mandatory": "强制性 mandatory", "voluntary": "自愿性 voluntary"}
WHY = {
    "nothing_filed": "没有任何报送 nothing was filed",
    "no_matched_months": "没有两表齐全的月份 no month has both forms",
    "value_added_not_positive": "增加值不为正 value added is not positive",
    "benchmark_not_set": "没有设定基准 no benchmark is set",
    "target_year_over": "目标年已过 the target year is over",
    "no_last_year": "没有去年同期 no same period last year",
    "no_panel": "没有两年都有的企业 no firm is present in both years",
    "energy_not_positive": "能耗不为正 energy is not positive",
    "too_few_past_rounds": "可比的往轮不足 too few past rounds",
    "no_start_recorded": "没有启动日期 no start on record",
    "months_before_missing": "启动前月报不全 a month of the year before is missing",
    "year_after_not_over": "验收后不满 12 个月 the year after is not over",
    "months_after_missing": "验收后月报不全 a month of the year after is missing",
    "january_and_february_filed_together": "1–2 月合并报送 January and February filed together",
    "gross_output_missing": "没有总产值 gross output is missing",
    "gross_output_not_positive": "总产值不为正 gross output is not positive",
    "land_area_missing": "没有土地面积 no land area",
    "tax_missing": "没有税收 no tax figure",
    "employees_missing": "没有从业人员 no employees",
    "value_added_missing": "没有增加值 no value added",
    "denominator_not_positive": "分母不为正 the denominator is not positive",
    "district_not_positive": "全区值不为正 the district's value is not positive",
    "too_few_indicators": "可测指标不足 too few indicators measured",
    "too_few_months": "资料月数不足 too few months",
    "weights_not_set": "没有设定权重 no weights are set",
    "too_few_firms": "企业过少 too few firms",
    "one_firm_dominates": "一家独大 one firm dominates",
    "protects_a_neighbour": "会暴露相邻行业 would give a neighbouring industry away",
    "month_not_settled": "当月未到截止日或报送不足 the month is not due yet, or too little is filed",
}


def why(reason: str | None) -> str:
    """The reason in both languages; one that has no words yet is shown by its name."""
    return "—" if reason is None else WHY.get(reason, reason)


def number(value: Decimal | float | int | None, decimals: int = 0, sign: str = "") -> str:
    return "—" if value is None else f"{value:{sign},.{decimals}f}"


def percent(share: Decimal | float | None, decimals: int = 1, sign: str = "") -> str:
    return "—" if share is None else f"{share:{sign}.{decimals}%}"


def plain_json(value: object, name: str = "") -> Any:
    """For a program: months as 2026-10, days in full, decimals as text without trailing zeros."""
    match value:
        case dict():
            return {key: plain_json(entry, str(key)) for key, entry in value.items()}
        case list() | tuple():
            return [plain_json(entry, name) for entry in value]
        case date():
            return f"{value:%Y-%m}" if name == "month" else value.isoformat()
        case Decimal():
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case _:
            return value


def month_in(
    connection: duckdb.DuckDBPyConnection, mart: str, asked: date | None, default: date | None
) -> date:
    """The month asked for; else `default` if the mart has it, else the mart's newest.

    Raises:
        UnknownMonth: the mart does not have the month, or has none.
    """
    # The mart's name is its caller's own constant.
    row = connection.execute(
        f"""
        select min(month), max(month), coalesce(bool_or(month = $asked), false),
            coalesce(bool_or(month = $default), false)
        from marts.{mart}
        """,
        {"asked": asked, "default": default},
    ).fetchone()
    first, last, has_asked, has_default = row or (None, None, False, False)
    if last is None:
        raise UnknownMonth(
            "发布版本中还没有任何月份 · the release has no month yet: 请先报送 · file reports first"
        )
    if asked is not None and not has_asked:
        raise UnknownMonth(
            f"{asked:%Y-%m} 不在数据期内 · is not in the data: {first:%Y-%m} 至 · to {last:%Y-%m}"
        )
    if asked is not None:
        return asked
    return default if default is not None and has_default else date(last.year, last.month, 1)
