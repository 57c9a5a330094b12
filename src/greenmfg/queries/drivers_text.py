"""The drivers of a change as a person reads them: the change, its effects, the largest members."""

from __future__ import annotations

from collections.abc import Iterator

from greenmfg.indicators.lmdi import EFFECTS, Activity, Contribution, Effect
from greenmfg.queries.drivers import ChainedIndex, Drivers, Growth, MemberKind, largest_first
from greenmfg.queries.explain import BASIS
from greenmfg.queries.explain_text import PRICES, REASONS, WINDOWS

_LARGEST = 10
_KINDS: dict[MemberKind, str] = {"enterprise": "企业 enterprise", "industry": "行业 industry"}
_EFFECTS: dict[Effect, str] = {
    "structure": "结构 structure",
    "intensity": "自身强度 own intensity",
    "entry": "新进 entry",
    "exit": "退出 exit",
    "not_decomposable": "不可分解 not decomposable",
}
_NO_INDEX = {
    "no_panel": "没有两期均可分解的成员 · no member can be decomposed in both periods",
    "energy_not_positive": "能耗不为正 · energy is not positive",
    "no_matched_months": REASONS["no_matched_months"],
}


def as_text(drivers: Drivers) -> str:
    """The drivers in Chinese and English, one fact a line."""
    return "\n".join(_lines(drivers))


def _lines(drivers: Drivers) -> Iterator[str]:
    now, base = drivers.period, drivers.against
    provisional = "（暂定 provisional）" if now.provisional or base.provisional else ""
    yield (
        f"{drivers.subject.text}  {now.month:%Y-%m} 对比 against {base.month:%Y-%m}"
        f"  {WINDOWS[drivers.window]}{provisional}"
    )
    yield f"  价格 price: {PRICES[drivers.price_status]}"
    yield (
        f"  口径 basis: {BASIS['population_zh']}；{BASIS['electricity_zh']}；"
        f"{BASIS['deductions_zh']}"
    )
    for period in (now, base):
        if period.reason:
            yield f"  {period.month:%Y-%m} 无法测算 · not measurable: {_reason(period.reason)}"
    for kind in drivers.by_kind:
        yield from _of_kind(drivers, kind)
    if drivers.growth is not None:
        yield _growth(drivers.growth)
    yield from _index(drivers.index)


def _of_kind(drivers: Drivers, kind: MemberKind) -> Iterator[str]:
    found = drivers.by_kind[kind]
    if kind == "enterprise":
        share = f"（{found.change / found.intensity_base:+.2%}）" if found.intensity_base else ""
        yield (
            f"  {found.intensity_base:.6f} → {found.intensity:.6f} tce/万元"
            f"  变化 change {found.change:+.6f}{share}"
        )
    yield f"  按{_KINDS[kind]}（可分解 decomposed {found.panel_members}）:"
    for effect in EFFECTS:
        yield f"    {_EFFECTS[effect]}: {found.effect(effect):+.6f}"
    now, base = drivers.period.activities(kind), drivers.against.activities(kind)
    largest = [part for part in largest_first(found.contributions) if part.contribution]
    for part in largest[:_LARGEST]:
        yield _part(drivers, part, now.get(part.member), base.get(part.member))
    if len(largest) > _LARGEST:
        yield f"    …… 另 {len(largest) - _LARGEST} 项，见 --json · the rest in --json"


def _part(drivers: Drivers, part: Contribution, now: Activity | None, base: Activity | None) -> str:
    return (
        f"    {part.contribution:+.6f}  {drivers.names[part.member]} {part.member}"
        f"  {_EFFECTS[part.effect]}: {_division(base)} → {_division(now)}"
    )


def _division(activity: Activity | None) -> str:
    if activity is None:
        return "—"
    return f"{activity.energy:.2f} tce ÷ {activity.value_added:.2f} 万元"


def _growth(growth: Growth) -> str:
    panel = (
        f"  同口径 same panel: {growth.panel_firms} 家企业 firms，"
        f"{growth.panel_firm_months} 个企业月 firm-months"
    )
    if growth.energy_growth is None or growth.value_added_growth is None:
        return f"{panel}；无法测算 · not measurable: {_reason(growth.reason)}"
    said = (
        f"{panel}；能耗 energy {growth.energy_growth:+.2%}，"
        f"增加值 value added {growth.value_added_growth:+.2%}"
    )
    if growth.intensity_change is None:
        return f"{said}；强度无法测算 · intensity not measurable: {_reason(growth.reason)}"
    return f"{said}，强度 intensity {growth.intensity_change:+.2%}"


def _index(index: ChainedIndex) -> Iterator[str]:
    title = f"  乘法指数 multiplicative index（按{_KINDS[index.member_kind]}，链式 chained）"
    if index.reason is not None:
        yield f"{title}: 无法测算 · not measurable: {_reason(index.reason)}"
        return
    yield f"{title}:"
    for month, one in zip(index.periods, index.indices, strict=True):
        yield (
            f"    {month:%Y-%m}  总体 aggregate {one.aggregate:.6f} = 结构 structure"
            f" {one.structure:.6f} × 强度 intensity {one.intensity:.6f}"
            f" × 进退 panel {one.panel:.6f}"
        )


def _reason(reason: str | None) -> str:
    return REASONS.get(reason or "") or _NO_INDEX.get(reason or "") or str(reason)
