"""A trace as a person reads it: each line of the file, what became of it, the figures it moved."""

from __future__ import annotations

from collections.abc import Iterator

from greenmfg.contract import Words
from greenmfg.queries.explain import plain
from greenmfg.queries.explain_text import WINDOWS, coefficient_source
from greenmfg.queries.trace import Trace, TracedRow
from greenmfg.queries.trace_effects import TracedEffect
from greenmfg.queries.trace_figures import Conversion, TracedFigure

_STATES = {
    "accepted": "生效 in force",
    "returned": "已退回 returned",
    "awaiting_review": "待审核 awaiting review",
    "superseded": "已被替代 superseded",
    "withdrawn": "已撤回 withdrawn",
}
_MOVED = {
    "ratio": "计入 moved",
    "filed_sums": "仅计入已报合计 moved the sums of what was filed",
    "figures": "计入 moved",
    "nothing": "未影响任何数字 moved nothing",
}
_GROUPINGS = {
    "enterprise": "企业 enterprise",
    "district": "全区 district",
    "park": "园区 park",
    "industry": "行业 industry",
    "cluster": "产业集群 cluster",
    "town": "乡镇 town",
    "zone": "地块 zone",
}


def as_text(trace: Trace) -> str:
    """The trace in Chinese and English, one fact a line."""
    return "\n".join(_lines(trace))


def _lines(trace: Trace) -> Iterator[str]:
    submission = trace.submission
    released = trace.release or "尚无 none yet"
    form = submission.form or "—"
    yield f"{submission.receipt} {submission.file_name}  {form}  发布版本 release: {released}"
    if trace.why is not None:
        yield f"  未影响任何数字 moved nothing: {_both(trace.why)}"
    elif not trace.rows:
        yield "  文件中没有数据行 · the file has no row with data"
    for row in trace.rows:
        yield from _row(row)


def _row(row: TracedRow) -> Iterator[str]:
    filing = row.filing
    if filing is None:
        yield f"第 {row.line} 行 line {row.line}"
    else:
        period = f" {filing.period:%Y-%m}" if filing.period else ""
        yield (
            f"第 {row.line} 行 line {row.line}  {filing.subject}{period}"
            f"  第 {filing.version} 版 version {filing.version}  {_STATES[str(filing.state)]}"
        )
    if row.conversion is not None:
        yield f"  {_conversion(row.conversion)}"
    said = _both(row.why) if row.why is not None else None
    # Of a row that moved figures it says what it did not move as well, after them.
    after = row.moved == "figures"
    yield f"  {_MOVED[row.moved]}" if said is None or after else f"  {_MOVED[row.moved]}: {said}"
    for figure in row.figures:
        yield f"    {_figure(figure, row)}"
    for effect in row.effects:
        yield f"    {_effect(effect)}"
    if said is not None and after:
        yield f"    {said}"


def _conversion(made: Conversion) -> str:
    if made.energy_item is not None:
        source = coefficient_source(made.coefficient_basis, made.coefficient_edition)
        return (
            f"{made.energy_item}: {plain(made.quantity)} × {plain(made.coefficient_tce)}"
            f" ({source}) = {plain(made.energy_tce)} tce"
        )
    index = plain(made.deflator_index_2020_100)
    price = (
        "未平减 undeflated"
        if index is None
        else f"÷ {index}/100 = {plain(made.value_added_constant_10k_cny)} 万元 (2020)"
    )
    return (
        f"增加值 value added {plain(made.value_added_10k_cny)} 万元"
        f" ({made.value_added_basis})，{price}"
    )


def _figure(figure: TracedFigure, row: TracedRow) -> str:
    name = figure.group_name_zh
    if figure.group_name_en != name:
        name = f"{name} {figure.group_name_en}"
    value = (
        f"{figure.intensity:.10f} tce/万元"
        if row.moved == "ratio" and figure.intensity is not None
        else "无强度 no intensity"
    )
    of_energy = row.filing is not None and row.filing.form == "energy_monthly"
    whole = "能耗 energy" if of_energy else "增加值 value added"
    share = "—" if figure.share is None else f"{figure.share:.4%}"
    provisional = "（暂定 provisional）" if figure.provisional else ""
    return (
        f"{_GROUPINGS[figure.grouping]} {name}  {figure.month:%Y-%m} {WINDOWS[figure.window]}"
        f"{provisional}: {value}；占 share of {whole} {share}"
    )


_EFFECTS = {
    "cleaner_production_audits": "审核轮次 audit round {key}：{name}",
    "audit_progress_months": "{figure}（{key} {name}）",
    "audit_savings": "审核轮次 audit round {key} {figure}",
    "group_months": "{grouping} {name} {figure}",
    "plan_scoreboard": "规划 plan {key} {name}",
}
_FIGURES = {
    "accepted_enterprises": "验收企业数 accepted enterprises",
    "accepted_after_window": "规划期后验收企业数 accepted after the plan's years",
    "claimed_saving_tce": "预计节能量 claimed saving",
    "actual_saving_tce": "实际节能量 actual saving",
    "water_saving_t": "节水量 water saving",
    "material_saving_t": "节材量 material saving",
    "pollutant_reduction_t": "污染物削减量 pollutant reduction",
    "investment_10k_cny": "投资额 investment",
    "firms_due": "应报企业数 enterprises due",
}
_UNITS = {
    "enterprise": "家 enterprise", "project": "项 project", "tce": "tce", "t": "t",
    "10k_cny": "万元 10,000 CNY",
}  # fmt: skip


def _effect(effect: TracedEffect) -> str:
    name = effect.name_zh
    if effect.name_en != name:
        name = f"{name} {effect.name_en}"
    what = _EFFECTS[effect.mart].format(
        key=effect.figure_key,
        name=name,
        figure=_FIGURES.get(effect.figure, effect.figure),
        grouping=_GROUPINGS.get(effect.grouping, effect.grouping),
    )
    since = f"{effect.first_month:%Y-%m}"
    if effect.last_month is None:
        months = f"{since} 起 on"
    elif effect.last_month == effect.first_month:
        months = since
    else:
        months = f"{since} – {effect.last_month:%Y-%m}"
    if effect.unit == "event":
        return f"{what}；{months}"
    added = f"+{plain(effect.contribution)} {_UNITS[effect.unit]}"
    if effect.shown_month is None:
        return f"{what}：{added}；{months}"
    shown = "—" if effect.value is None else plain(effect.value)
    return f"{what}：{added}；{months}；{effect.shown_month:%Y-%m} = {shown}"


def _both(words: Words) -> str:
    return f"{words.zh} · {words.en}"
