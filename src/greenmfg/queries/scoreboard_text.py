"""The plan's scoreboard as a person reads it: one row of the plan in two or three lines."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from greenmfg.queries.scoreboard import Score, Scoreboard, Status

STATUSES: dict[Status, str] = {
    "reached": "已达到 reached",
    "not_reached": "未达到 not reached",
    "on_the_way": "进行中 on the way",
    "counted": "只计数 counted",
    "compared": "对照基数 compared",
    "not_measurable": "无法测算 not measurable",
}
_KINDS = {"target": "目标 Targets", "baseline": "基数 Baselines", "rule": "规定 Rules"}
_WINDOWS = {
    "year_to_date": "年内累计 year to date",
    "calendar_year": "全年 whole year",
    "plan_years": "规划期累计 since the plan began",
    "month_end": "期末 at the month's end",
    "baseline_years": "基数年份 baseline years",
}


def as_text(board: Scoreboard) -> str:
    """The scoreboard in Chinese and English."""
    return "\n".join(_lines(board))


def _lines(board: Scoreboard) -> Iterator[str]:
    final = "  末期评估 final evaluation" if board.is_final else ""
    provisional = "（暂定 provisional）" if board.provisional else ""
    yield f"规划记分板 Plan scoreboard  {board.month:%Y-%m}{provisional}{final}"
    counts = "，".join(
        f"{word} {board.count(status)}"
        for status, word in STATUSES.items()
        if status != "compared" and board.count(status)
    )
    yield f"  目标 targets {len(board.of('target'))}: {counts}"
    for kind, title in _KINDS.items():
        if board.of(kind):
            yield ""
            yield title
        for score in board.of(kind):
            yield from _score(score)


def _score(score: Score) -> Iterator[str]:
    yield f"{score.target_id:<5}{score.indicator_zh} {score.indicator_en}"
    if score.measured_value is None:
        yield (
            f"     无法测算，因为{score.reason_zh} · not measurable, because {score.reason_en}"
            f"{_promised(score)}"
        )
        return
    unit = f" {score.unit}" if score.unit else ""
    gap = ""
    if score.gap is not None:
        share = f"（{score.gap_share:+.1%}）" if score.gap_share is not None else ""
        gap = f"  差 gap {_number(score.gap, score.decimals, '+')}{share}"
    yield (
        f"     {_number(score.measured_value, score.decimals)}{unit}{_promised(score)}"
        f"  {STATUSES[score.status]}{gap}"
    )
    doubt = "" if score.is_settled else "【口径待确认 basis to be confirmed】"
    yield f"     {_months(score)}  {doubt}{score.basis_zh or ''} · {score.basis_en or ''}"


def _promised(score: Score) -> str:
    """What the plan says, after the value: its target, or its baseline."""
    unit = f" {score.unit}" if score.unit else ""
    if score.target_low is not None and score.target_high is not None:
        span = _exact(score.target_low)
        if score.target_high != score.target_low:
            span = f"{span}–{_exact(score.target_high)}"
        return f"  目标 target {span}{unit}（{score.target_year}）"
    if score.baseline_value is not None:
        return f"  规划数 the plan's {_exact(score.baseline_value)}{unit}（{score.baseline_year}）"
    return ""


def _months(score: Score) -> str:
    window = _WINDOWS[score.value_window or "month_end"]
    if score.first_month is None or score.last_month is None:
        return window
    if score.first_month == score.last_month:
        return f"{score.last_month:%Y-%m} {window}"
    filed = ""
    if score.firm_months_due:
        filed = f"，已报 filed {score.firm_months_filed}/{score.firm_months_due} 企业月 firm-months"
    return f"{score.first_month:%Y-%m} 至 to {score.last_month:%Y-%m} {window}{filed}"


def _number(value: Decimal, decimals: int, sign: str = "") -> str:
    return f"{value:{sign},.{decimals}f}"


def _exact(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
