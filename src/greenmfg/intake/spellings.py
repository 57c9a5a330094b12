"""Spellings of months, days and numbers that people and Excel make, and the one they stand for.

Texts come in half width and trimmed. A spelling that could be read in two ways is not read.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext

from greenmfg.records import TidiedKind

# Excel counts days from here, because it takes 1900 for a leap year as Lotus did.
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_EXCEL_SERIAL = re.compile(r"[3-7]\d{4}(\.0+)?", re.ASCII)  # 1982 to 2119

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_SHORT_YEAR = r"(?P<year>(?:19|20)?\d\d)"
_MONTH = r"(?P<month>0?[1-9]|1[0-2])"
_MONTH_2 = r"(?P<month>0[1-9]|1[0-2])"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_DAY_2 = r"(?P<day>0[1-9]|[12]\d|3[01])"
_NAMED = (
    r"(?P<named>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = re.compile(
    r"(?<=\d)[t\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?z?$", re.IGNORECASE | re.ASCII
)

_CANONICAL_MONTH = re.compile(_YEAR + _MONTH_2, re.ASCII)
_FLOAT_MONTH = re.compile(_YEAR + _MONTH_2 + r"\.0+", re.ASCII)
_MONTHS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        _YEAR + r"[-/–—]" + _MONTH + r"月?份?",
        # 2026.1 is January to a person and October to Excel, which drops the zero: not read.
        _YEAR + r"\.(?P<month>0[1-9]|1[0-2]|[2-9])月?份?",
        _YEAR + r"年(?:度)?第?" + _MONTH + r"(?:月份?)?",
        _YEAR + _MONTH_2 + r"月份?",
        _YEAR + r"m" + _MONTH_2,
        _MONTH + r"[-/]" + _YEAR,
        _MONTH + r"月[-/,]?" + _YEAR,
        _NAMED + r"[-/,']?" + _SHORT_YEAR,
        _SHORT_YEAR + r"[-/,]?" + _NAMED,
    )
)
_ISO_DATE = re.compile(_YEAR + r"-" + _MONTH_2 + r"-" + _DAY_2, re.ASCII)
_DATES = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        _YEAR + r"[-–—]" + _MONTH + r"[-–—]" + _DAY,
        _YEAR + r"/" + _MONTH + r"/" + _DAY,
        _YEAR + r"\." + _MONTH + r"\." + _DAY + r"\.?",
        _YEAR + r"年" + _MONTH + r"月" + _DAY + r"[日号]?",
        _YEAR + _MONTH_2 + _DAY_2 + r"(?:\.0+)?",
        _DAY + r"[-/]?" + _NAMED + r"[-/,]?" + _SHORT_YEAR,
        _NAMED + _DAY + r"," + _YEAR,
        _YEAR + r"[-/]?" + _NAMED + r"[-/]?" + _DAY,
    )
)

_CHINESE_DIGITS = dict(zip("〇零○Ｏ一二三四五六七八九", "0000123456789", strict=True))
_CHINESE_DATE = re.compile(
    r"([〇零○Ｏ一二三四五六七八九]{4})年([一二三四五六七八九十元]{1,3})月份?(?:([一二三四五六七八九十]{1,3})[日号])?"
)

_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_SCIENTIFIC = re.compile(r"[-+]?\d+(?:\.\d+)?[eE][-+]?\d{1,2}", re.ASCII)
# `5.` is left as it is: where a file was cut it is half of 5.2.
_HALF_WRITTEN = re.compile(r"[-+]?(?:\d+|\d*\.\d+)", re.ASCII)
_WHOLE_FLOAT = re.compile(r"(-?\d+)\.0+", re.ASCII)


def month(text: str, in_workbook: bool) -> tuple[str, TidiedKind | None] | None:
    """The first of the month as ISO, and what was tidied (None: `202610`, as filed).

    `in_workbook`: a bare five-digit number may be a day counted by Excel.
    Returns: None if it is no month, or if it could be two.
    """
    spelled = "".join(text.split()).lower()
    match = _CANONICAL_MONTH.fullmatch(spelled)
    if match:
        return _first_of(match), None
    match = _FLOAT_MONTH.fullmatch(spelled)
    if match:
        return _first_of(match), TidiedKind.EXCEL_NUMBER
    for pattern in _MONTHS:
        match = pattern.fullmatch(spelled)
        if match:
            return _first_of(match), TidiedKind.PERIOD_SPELLING
    chinese = _chinese(spelled, day_wanted=False)
    if chinese:
        return chinese, TidiedKind.PERIOD_SPELLING
    whole = day(text, in_workbook)
    if whole:
        iso, kind = whole
        return iso[:8] + "01", kind or TidiedKind.PERIOD_SPELLING
    return None


def day(text: str, in_workbook: bool) -> tuple[str, TidiedKind | None] | None:
    """The day as ISO, and what was tidied (None: `2026-10-01`, as filed); None if it is no day."""
    spelled = "".join(_TIME.sub("", text).split()).lower()
    match = _ISO_DATE.fullmatch(spelled)
    if match:
        iso = _iso(match)
        return (iso, None if text == iso else TidiedKind.PERIOD_SPELLING) if iso else None
    for pattern in _DATES:
        match = pattern.fullmatch(spelled)
        if match:
            iso = _iso(match)
            return (iso, TidiedKind.PERIOD_SPELLING) if iso else None
    chinese = _chinese(spelled, day_wanted=True)
    if chinese:
        return chinese, TidiedKind.PERIOD_SPELLING
    if in_workbook and _EXCEL_SERIAL.fullmatch(spelled):
        counted = _EXCEL_DAY_ZERO + timedelta(days=int(float(spelled)))
        return counted.isoformat(), TidiedKind.EXCEL_NUMBER
    return None


def _first_of(match: re.Match[str]) -> str:
    return f"{_year(match)}-{_month(match):02d}-01"


def _iso(match: re.Match[str]) -> str | None:
    try:
        return date(_year(match), _month(match), int(match["day"])).isoformat()
    except ValueError:
        return None  # 2026-02-30


def _year(match: re.Match[str]) -> int:
    return int(match["year"]) if len(match["year"]) == 4 else 2000 + int(match["year"])


def _month(match: re.Match[str]) -> int:
    named = match.groupdict().get("named")
    return _NAMES.index(named[:3]) + 1 if named else int(match["month"])


def _chinese(text: str, day_wanted: bool) -> str | None:
    match = _CHINESE_DATE.fullmatch(text)
    if not match or bool(match[3]) != day_wanted:
        return None
    year = int("".join(_CHINESE_DIGITS[digit] for digit in match[1]))
    try:
        return date(year, _counted(match[2]), _counted(match[3] or "一")).isoformat()
    except ValueError:
        return None  # 十三月


def _counted(text: str) -> int:
    """A Chinese numeral up to 九十九; 元 (as in 元月) is one."""
    tens, ten, ones = text.replace("元", "一").rpartition("十")
    if not ten:
        return int(_CHINESE_DIGITS[ones]) if len(ones) == 1 else 0
    return 10 * int(_CHINESE_DIGITS[tens] if tens else 1) + int(
        _CHINESE_DIGITS[ones] if ones else 0
    )


def number(text: str, decimals: int | None) -> tuple[str, list[tuple[TidiedKind, str]]]:
    """The number written plainly, and the steps to it: (what was tidied, the text after it).

    Args:
        decimals: stored after the point, more are rounded half up; None for whole numbers, which
            lose a `.0` that Excel put there but are never rounded.
    Returns: the text as it came, if it is no number.
    """
    steps: list[tuple[TidiedKind, str]] = []
    value = text
    if _GROUPED.fullmatch(value):
        value = value.replace(",", "")
        steps.append((TidiedKind.THOUSANDS_SEPARATOR, value))
    if not _PLAIN_NUMBER.fullmatch(value) and (
        _SCIENTIFIC.fullmatch(value) or _HALF_WRITTEN.fullmatch(value)
    ):
        value = _trimmed(format(Decimal(value), "f"))
        steps.append((TidiedKind.EXCEL_NUMBER, value))
    match = _PLAIN_NUMBER.fullmatch(value)
    if not match:
        return text, []
    fraction = match[1]
    if decimals is None:
        whole = _WHOLE_FLOAT.fullmatch(value)
        if whole:
            value = whole[1]
            steps.append((TidiedKind.EXCEL_NUMBER, value))
    elif fraction and len(fraction) - 1 > decimals:
        value = _rounded(value, decimals)
        steps.append((TidiedKind.ROUNDED, value))
    return value, steps


def _rounded(text: str, decimals: int) -> str:
    with localcontext() as context:
        context.prec = len(text) + 1
        exact = Decimal(text).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return _trimmed(format(exact, "f"))


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
