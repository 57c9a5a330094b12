"""A trace as a person reads it: each line of the file, what became of it, the figures it moved."""

from __future__ import annotations

from collections.abc import Iterator

from greenmfg.contract import Words
from greenmfg.queries.explain import plain
from greenmfg.queries.explain_text import WINDOWS, coefficient_source
from greenmfg.queries.trace import Conversion, Trace, TracedFigure, TracedRow

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
    why = "" if row.why is None else f": {_both(row.why)}"
    yield f"  {_MOVED[row.moved]}{why}"
    for figure in row.figures:
        yield f"    {_figure(figure, row)}"


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


def _both(words: Words) -> str:
    return f"{words.zh} · {words.en}"
