"""Facts across two forms: what energy and output say only together, told to steward and firm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from greenmfg.contract.forms import Words
from greenmfg.notices import wording
from greenmfg.notices.audience import About, Audience
from greenmfg.notices.digests import ITEMS_SHOWN
from greenmfg.registry.nouns import NewAlert

KIND = "cross_form_facts"

# What is the case, and what the firm can do. {energy}, {output}: the forms' titles; {tce}: tce filed.
_TOLD = {
    "energy_without_output": (
        Words("有{energy}，没有{output}，本月暂不计入能耗强度", "{energy} without {output}:"
              " the month does not count in the intensity yet"),
        Words("请补报{output}；停产请填零申报。", "Please file {output}; a nil return if nothing was"
              " produced."),
    ),
    "output_without_energy": (
        Words("有{output}，没有{energy}，本月暂不计入能耗强度", "{output} without {energy}:"
              " the month does not count in the intensity yet"),
        Words("请补报{energy}；停产请在{output}填零申报。", "Please file {energy}; a nil return in"
              " {output} if nothing was produced."),
    ),
    "interval_differs": (
        Words("{energy}与{output}所含月数不同（1–2 月合并报送的只有一张），本月暂不计入能耗强度",
              "{energy} and {output} cover different months (one of them combines January and"
              " February): the month does not count in the intensity yet"),
        Words("请让两张报表的所含月数一致，并重新报送其中一张。", "Please let both cover the same"
              " months and file one of them again."),
    ),
    "nil_return_with_energy": (
        Words("{output}为零申报（停产），{energy}却有能耗 {tce} 吨标准煤，本月按所报数计入",
              "a nil return in {output} beside {tce} tce in {energy}: the month counts as filed"),
        Words("请核对两张报表，改正有误的一张并重新报送整份文件。", "Please compare the two, mend the"
              " wrong one and file the whole file again."),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class CrossFormFact:
    """A row of `marts.cross_form_facts`. `energy_tce`: tce filed for the month, if any."""

    uscc: str
    name: str | None
    month: date
    fact: str
    energy_tce: Decimal | None
    receipts: tuple[str, ...] = ()


def facts_across_forms(
    release: str, facts: Sequence[CrossFormFact], audience: Audience
) -> tuple[NewAlert, ...]:
    """One digest to the steward and one alert to each firm concerned; nothing without facts."""
    if not facts:
        return ()
    by_firm: dict[str, list[CrossFormFact]] = defaultdict(list)
    for fact in facts:
        by_firm[fact.uscc].append(fact)
    firms = (_to_firm(release, uscc, of_firm, audience) for uscc, of_firm in by_firm.items())
    return (_to_steward(f"{KIND}:{release}:steward", facts, audience), *firms)


def digest_of_simulation(
    newest: date, facts: Sequence[CrossFormFact], audience: Audience
) -> tuple[NewAlert, ...]:
    """While simulated data is loaded: one digest per newest month, and no word to any firm."""
    if not facts:
        return ()
    key = f"{KIND}:simulated:{wording.month(newest)}:steward"
    simulated = Words(
        "模拟数据：企业均为虚构，不逐家通知，每月只有这一份摘要。",
        "Simulated data: the firms are fictitious and are not told; this digest is the only one of"
        " the month.",
    )
    return (_to_steward(key, facts, audience, simulated),)


def _to_steward(
    key: str,
    facts: Sequence[CrossFormFact],
    audience: Audience,
    opening: Words = wording.NOTHING,
) -> NewAlert:
    firms = len({fact.uscc for fact in facts})
    body = wording.joined(
        [
            opening,
            wording.section(
                Words(
                    "下列月份已过截止日，两张月报合起来看有出入（不是任何一张报表的退回）：",
                    "Past their due day, the two monthly reports of these months do not agree"
                    " (no filing is returned for it):",
                ),
                facts,
                lambda fact: _line(
                    fact, audience, wording.named(fact.uscc, _names(fact, audience))
                ),
                ITEMS_SHOWN,
            ),
        ],
        "\n\n",
    )
    return audience.alert(
        None,
        key,
        KIND,
        "warning",
        Words(
            f"能源与产值月报有出入：企业 {firms} 家，{len(facts)} 项",
            f"Energy and output reports disagree, firms: {firms}, facts: {len(facts)}",
        ),
        body,
        _about(facts),
    )


def _to_firm(
    release: str, uscc: str, facts: Sequence[CrossFormFact], audience: Audience
) -> NewAlert:
    who = wording.named(uscc, _names(facts[0], audience))
    opening = Words(
        f"{who}：下列月份已过截止日，两张月报合起来看有出入。已接受的报表不受影响，也未退回。",
        f"{who}: past their due day, the two monthly reports of these months do not agree."
        " What was accepted stands; nothing is returned.",
    )
    lines = [wording.joined([_line(fact, audience), _remedy(fact, audience)]) for fact in facts]
    return audience.alert(
        uscc,
        f"{KIND}:{release}:{uscc}",
        KIND,
        "warning",
        Words(
            f"能源与产值月报有出入：{len(facts)} 项",
            f"Energy and output reports disagree: {len(facts)}",
        ),
        wording.joined([opening, *lines]),
        _about(facts),
    )


def _line(fact: CrossFormFact, audience: Audience, who: str = "") -> Words:
    month = wording.month(fact.month)
    said = _filled(_TOLD[fact.fact][0], fact, audience)
    return Words(
        f"- {'，'.join(filter(None, (who, month)))}：{said.zh}",
        f"- {', '.join(filter(None, (who, month)))}: {said.en}",
    )


def _remedy(fact: CrossFormFact, audience: Audience) -> Words:
    advice = _filled(_TOLD[fact.fact][1], fact, audience)
    return Words(f"  处理：{advice.zh}", f"  Remedy: {advice.en}")


def _filled(words: Words, fact: CrossFormFact, audience: Audience) -> Words:
    energy, output = (
        wording.title(form, audience.contracts) for form in ("energy_monthly", "output_monthly")
    )
    filed = fact.energy_tce if fact.energy_tce is not None else Decimal(0)
    tce = str(filed.quantize(Decimal("0.01"), ROUND_HALF_UP))
    return Words(
        words.zh.format(energy=f"《{energy.zh}》", output=f"《{output.zh}》", tce=tce),
        words.en.format(energy=f"“{energy.en}”", output=f"“{output.en}”", tce=tce),
    )


def _names(fact: CrossFormFact, audience: Audience) -> dict[str, str]:
    return {**audience.names, **({fact.uscc: fact.name} if fact.name else {})}


def _about(facts: Sequence[CrossFormFact]) -> About:
    return About(receipts=tuple(dict.fromkeys(r for fact in facts for r in fact.receipts)))
