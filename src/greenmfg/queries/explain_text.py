"""An explanation as a person reads it: the division, what it covers, and every filed row."""

from __future__ import annotations

from collections.abc import Iterator

from greenmfg.queries.explain import Explanation, FiledRow, plain
from greenmfg.queries.forecasts import YearForecast
from greenmfg.queries.in_words import percent, why
from greenmfg.queries.pace import Pace
from greenmfg.queries.views import view_lines

WINDOWS = {
    "month": "当月 month",
    "ytd": "本年累计 year to date",
    "rolling_12": "近 12 个月 rolling 12",
}
REASONS = {
    "nothing_filed": "没有任何报送 · nothing was filed",
    "no_matched_months": "没有同时报送能源和产值的企业月份"
    " · no firm-month has both energy and value added",
    "value_added_not_positive": "增加值不为正 · value added is not positive",
    "month_not_settled": "当月未到截止日或报送覆盖不足"
    " · the month is not due yet, or too little is filed",
    "too_little_history": "缺少上年资料 · too little of last year is known",
}
STANDINGS = {
    "": "目标未定 no target",
    "reached": "预计达到目标 expected to reach the target",
    "close": "预计接近目标 expected close to the target",
    "not_reached": "预计达不到目标 not expected to reach the target",
}
PRICES = {
    "deflated": "2020 年可比价 2020 constant price",
    "undeflated": "未平减（未加载价格指数）undeflated: no deflator loaded",
    "current": "当年价 current price",
}


def as_text(explanation: Explanation) -> str:
    """The explanation in Chinese and English, one fact a line."""
    return "\n".join(_lines(explanation))


def _lines(explanation: Explanation) -> Iterator[str]:
    said = explanation.as_json()
    provisional = "（暂定 provisional）" if said["provisional"] else ""
    yield f"{said['subject']}  {said['period']}  {WINDOWS[explanation.window]}{provisional}"
    yield f"  价格 price: {PRICES[said['price_status']]}"
    yield f"  口径 basis: {said['basis']['population_zh']}；{said['basis']['electricity_zh']}；{said['basis']['deductions_zh']}"
    energy, value_added = said["energy_tce"] or "—", said["value_added_10k_cny"] or "—"
    if said["status"] == "measured":
        ratio = said["intensity_tce_per_10k_cny"]
        yield f"  {energy} tce ÷ {value_added} 万元 = {ratio} tce/万元"
    else:
        reason = REASONS.get(said["reason"], said["reason"])
        yield f"  无法测算 · not measurable: {reason}（{energy} tce，{value_added} 万元）"
    cover = said["coverage"]
    yield (
        f"  覆盖 coverage: 应报 due {cover['firms_due']}，已报 filed {cover['firms_filed']}，"
        f"两表齐全 matched {cover['firms_matched']}；上年能耗占比 share of last year's energy "
        f"{cover['energy_share'] or '—'}"
    )
    shares, flagged = said["value_added_shares"], said["flagged_coefficient_share"]
    yield (
        f"  增加值来源 value added by basis: 企业填报 given {_percent(shares['given'])}，"
        f"推算 derived {_percent(shares['derived'])}，估算 estimated {_percent(shares['estimated'])}；"
        f"未平减 undeflated {_percent(shares['undeflated'])}；"
        f"折标系数存疑的能耗 energy with a flagged coefficient {_percent(flagged)}"
    )
    if explanation.forecast is not None and explanation.forecast.months_remaining > 0:
        yield f"  {forecast_line(explanation.forecast)}"
    if explanation.pace is not None:
        yield f"  {pace_line(explanation.pace)}"
    yield from view_lines(explanation.views)
    for row in explanation.filed_rows:
        yield _row(row)


def _percent(share: str | None) -> str:
    return "—" if share is None else f"{float(share):.1%}"


def forecast_line(forecast: YearForecast) -> str:
    """The forecast of the year with its band and how often such bands held, or why there is none."""
    said = f"{forecast.forecast_year} 年全年预测 forecast of the year: "
    if forecast.intensity is None:
        reason = forecast.reason or "—"
        return f"{said}无法测算 not measurable: {REASONS.get(reason, reason)}"
    return (
        f"{said}{forecast.intensity:.4f} tce/万元，{_band(forecast)}；"
        f"{STANDINGS[forecast.standing or '']}，"
        f"到年末还需节约 to save by year-end {forecast.tce_to_save:.2f} tce；"
        f"已报 filed {forecast.filed_share or 0:.0%}，余 months to come {forecast.months_remaining}"
    )


def pace_line(pace: Pace) -> str:
    """The change on the same months last year, beside the one that would reach the target."""
    achieved = "进度 pace: 比去年同期 on the same months last year " + (
        "无法测算 not measurable"
        if pace.achieved_change is None
        else f"{percent(pace.achieved_change, 2, '+')}（同口径 {pace.panel_firms} 家 firms，能耗 energy"
        f" {percent(pace.energy_growth, 2, '+')}，增加值 value added"
        f" {percent(pace.value_added_growth, 2, '+')}）"
    )
    if pace.required_change is None:
        return f"{achieved}；没有应有进度 none to hold it against: {why(pace.reason)}"
    step = "跟上 on pace" if pace.on_pace else "落后 behind"
    return (
        f"{achieved}；到 {pace.target_year} 年须 called for {percent(pace.required_change, 2, '+')}"
        f"（直线为本平台口径 the straight line is ours，今年应到 this year"
        f" {pace.intensity_on_line:.4f}）：{step}"
    )


def _band(forecast: YearForecast) -> str:
    if forecast.low is None or forecast.high is None:
        return "以往年份不足，无区间 no band: too few earlier years"
    held = (
        "尚无回测 no back-tests yet"
        if forecast.band_coverage is None
        else f"回测覆盖率 held in {forecast.band_coverage:.0%} / {forecast.back_tests} 次回测"
        f" back-tests，名义 nominal {forecast.band_level or 0:.0%}"
    )
    return f"区间 band {forecast.low:.4f}–{forecast.high:.4f}（{held}）"


def _row(row: FiledRow) -> str:
    place = f"  {row.receipt} {row.file} 第 {row.line} 行  {row.enterprise} {row.period}"
    version = f"第 {row.version} 版 version {row.version}"
    if row.form == "energy_monthly":
        source = coefficient_source(row.coefficient_basis, row.coefficient_edition)
        return (
            f"{place}  {row.energy_item}: {plain(row.quantity)} × {plain(row.coefficient)}"
            f" = {plain(row.tce)} tce  [{version}; {source}]"
        )
    index = plain(row.deflator_index_2020_100)
    price = "未平减 undeflated" if index is None else f"价格指数 deflator {index}"
    return (
        f"{place}  增加值 value added {plain(row.value_added_10k_cny)} 万元"
        f" ({row.value_added_basis})  [{version}; {price}]"
    )


def coefficient_source(basis: str | None, edition: str | None) -> str:
    """Whose coefficient it is: the firm's own, or the standard's edition."""
    return "自测 own" if basis == "own" else str(edition)
