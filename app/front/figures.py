"""Numbers and dates as a person reads them. Rounding happens here and nowhere else."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from front.language import Language
from greenmfg.settings import DISTRICT_TIME

NOTHING = "—"
_MINUS = "−"
_10K_PER_100M = 10_000

Number = Decimal | float | int


def number(value: Number | None, decimals: int = 0) -> str:
    """`1,234.5`, with a true minus sign; a dash where there is no value."""
    if value is None:
        return NOTHING
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(str(value)).quantize(step, ROUND_HALF_UP)
    return f"{rounded:,f}".replace("-", _MINUS) if rounded else f"{abs(rounded):,f}"


def signed(value: Number | None, decimals: int = 0) -> str:
    """Like `number`, with a plus sign above zero."""
    text = number(value, decimals)
    positive = value is not None and value > 0 and text.strip("0.,")
    return f"+{text}" if positive else text


def intensity(value: Number | None) -> str:
    """tce per 10,000 yuan at four decimals: the digits that decide whether a target is reached."""
    return number(value, 4)


def tce(value: Number | None) -> str:
    """Tonnes of standard coal: whole tonnes from a thousand on, two decimals below ten."""
    if value is None:
        return NOTHING
    size = abs(Decimal(str(value)))
    return number(value, 0 if size >= 1000 else 1 if size >= 10 else 2)


def plain(value: Decimal | None) -> str:
    """A filed or reference value with the digits it has, without padding."""
    if value is None:
        return NOTHING
    text = f"{value:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", _MINUS)


def percent(share: Number | None, decimals: int = 1) -> str:
    return NOTHING if share is None else f"{number(Decimal(str(share)) * 100, decimals)}%"


def signed_percent(share: Number | None, decimals: int = 1) -> str:
    return NOTHING if share is None else f"{signed(Decimal(str(share)) * 100, decimals)}%"


def change(now: Number | None, before: Number | None) -> float | None:
    """Relative change; None without both, or from a base that is not above zero."""
    if now is None or before is None or before <= 0:
        return None
    return float(now) / float(before) - 1


def money(value_10k_cny: Number | None, language: Language) -> tuple[str, str]:
    """Value and unit of an amount given in 10,000 yuan, in the unit each language counts in."""
    zh = language is Language.ZH
    if value_10k_cny is None:
        return NOTHING, "万元" if zh else "CNY m"
    if not zh:
        return number(Decimal(str(value_10k_cny)) / 100, 2), "CNY m"
    if abs(Decimal(str(value_10k_cny))) >= _10K_PER_100M:
        return number(Decimal(str(value_10k_cny)) / _10K_PER_100M, 2), "亿元"
    return number(value_10k_cny, 2), "万元"


_EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def month_code(month: date) -> str:
    return f"{month:%Y-%m}"


def month_words(month: date, language: Language) -> str:
    if language is Language.ZH:
        return f"{month.year} 年 {month.month} 月"
    return f"{_EN_MONTHS[month.month - 1]} {month.year}"


def year_to_date(month: date, language: Language) -> str:
    """`2026 年 1–10 月`, or January alone."""
    if month.month == 1:
        return month_words(month, language)
    if language is Language.ZH:
        return f"{month.year} 年 1–{month.month} 月"
    return f"Jan–{month_words(month, language)}"


def month_tick(month: date, language: Language) -> str:
    return f"{month.month} 月" if language is Language.ZH else _EN_MONTHS[month.month - 1]


def stamp(moment: datetime) -> str:
    """An instant in the district's civil time, to the minute."""
    return moment.astimezone(DISTRICT_TIME).strftime("%Y-%m-%d %H:%M")
