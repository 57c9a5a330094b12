"""The four cards: excess energy, firms by colour, firms by class, what cannot be measured."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from front import figures
from front.data import Benchmarks
from front.markup import Card, bar, cards, esc, pill
from front.reasons import why_not_measured
from front.tones import Tone
from front.visitor import Visitor

TIERS = (
    ("red", Tone.BAD),
    ("orange", Tone.WARN),
    ("yellow", Tone.WARN),
    ("green", Tone.GOOD),
)
CLASSES = (("A", Tone.GOOD), ("B", Tone.GOOD), ("C", Tone.WARN), ("D", Tone.BAD))
_LARGEST = 10


def benchmark_cards(visitor: Visitor, shown: Benchmarks) -> str:
    return cards(
        [
            _excess(visitor, shown),
            _tiers(visitor, shown),
            _classes(visitor, shown),
            _unmeasured(visitor, shown),
        ]
    )


def _excess(visitor: Visitor, shown: Benchmarks) -> Card:
    say = visitor.say
    excess = sorted((firm.excess_tce or Decimal(0) for firm in shown.firms), reverse=True)
    total = sum(excess, Decimal(0))
    above = sum(value > 0 for value in excess)
    share = float(sum(excess[:_LARGEST], Decimal(0)) / total) if total else None
    return Card(
        title=say("benchmarks.excess_card"),
        value=figures.tce(total),
        unit="tce",
        tone=Tone.WARN if total else Tone.GOOD,
        pills=pill(say("benchmarks.above", count=above)),
        sub=say("benchmarks.excess_sub"),
        foot=f"<span>{esc(say('benchmarks.largest', count=min(_LARGEST, above), share=figures.percent(share, 0)))}</span>"
        + bar(share, Tone.WARN),
    )


def _tiers(visitor: Visitor, shown: Benchmarks) -> Card:
    say = visitor.say
    counted = Counter(firm.tier for firm in shown.firms)
    measured = sum(count for tier, count in counted.items() if tier is not None)
    return Card(
        title=say("benchmarks.tiers_card"),
        value=str(counted["green"]),
        unit=f"/ {measured} {say('unit.firms')}",
        tone=Tone.GOOD,
        pills="".join(
            pill(say("benchmarks.counted", name=say(f"tier.{tier}"), count=counted[tier]), tone)
            for tier, tone in TIERS
            if tier != "green"
        ),
        sub=say("benchmarks.tiers_sub"),
        foot=bar(counted["green"] / measured if measured else None),
    )


def _classes(visitor: Visitor, shown: Benchmarks) -> Card:
    say = visitor.say
    counted = Counter(firm.efficiency_class for firm in shown.efficiencies)
    scored = sum(count for name, count in counted.items() if name is not None)
    return Card(
        title=say("efficiency.classes_card"),
        value=str(counted["A"]),
        unit=f"/ {scored} {say('unit.firms')}",
        tone=Tone.GOOD,
        pills="".join(
            pill(say("benchmarks.counted", name=name, count=counted[name]), tone)
            for name, tone in CLASSES
            if name != "A"
        ),
        sub=say("efficiency.classes_sub"),
        foot=bar(counted["A"] / scored if scored else None),
    )


def _unmeasured(visitor: Visitor, shown: Benchmarks) -> Card:
    say = visitor.say
    without_ratio = Counter(firm.reason for firm in shown.firms if firm.reason)
    without_score = sum(firm.reason is not None for firm in shown.efficiencies)
    count = sum(without_ratio.values())
    reasons = "；".join(
        f"{why_not_measured(say, reason)} {number}"
        for reason, number in without_ratio.most_common()
    )
    return Card(
        title=say("benchmarks.unmeasured_card"),
        value=str(count),
        unit=f"/ {len(shown.firms)} {say('unit.firms')}",
        tone=Tone.WARN if count else Tone.GOOD,
        pills=pill(say("benchmarks.without_score", count=without_score)),
        sub=reasons or say("benchmarks.all_measured"),
    )
