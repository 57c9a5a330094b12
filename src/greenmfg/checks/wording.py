"""Messages from templates: `{at}`, `{header}`, `{given}` and any fact or feature of the row.

`[[name]]…[[/]]` is said only where the fact `name` is not NULL.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from greenmfg.contract import Words

_OPTIONAL = re.compile(r"\[\[(\w+)\]\](.*?)\[\[/\]\]", re.DOTALL)
_PLACE = re.compile(r"\{(\w+)\}")
_LONGEST_QUOTE = 80


def said(template: Words, facts: Mapping[str, object], line: int | None) -> Words:
    """Fills a template in both languages.

    Raises:
        KeyError: the template names something that is neither a fact nor a constant of the rule.
    """
    at_zh = "" if line is None else f"第 {line} 行 "
    at_en = "" if line is None else f"Line {line}, "
    return Words(
        zh=_filled(template.zh, {**facts, "at": at_zh, "header": facts.get("header_zh")}),
        en=_filled(template.en, {**facts, "at": at_en, "header": facts.get("header_en")}),
    )


def _filled(text: str, facts: Mapping[str, object]) -> str:
    kept = _OPTIONAL.sub(lambda m: m[2] if facts[m[1]] is not None else "", text)
    return _PLACE.sub(lambda m: shown(facts[m[1]]), kept).strip()


def shown(value: object) -> str:
    """A fact as a person writes it: no trailing zeros, months as 2026-10, floats to four digits."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case float():
            return f"{value:.4g}" if abs(value) < 10_000 else f"{value:,.0f}".replace(",", "")
        case Decimal():
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case datetime():
            return value.isoformat(sep=" ", timespec="minutes")
        case date():
            return value.isoformat()
        case _:
            text = str(value)
            return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"
