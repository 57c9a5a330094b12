"""Explain: one figure of the marts, how it is made, and the filed rows that it rests on.

Reads the marts and computes nothing of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import duckdb

from greenmfg.queries.forecasts import YearForecast, year_forecast
from greenmfg.queries.members import IN_GROUP, IN_WINDOW
from greenmfg.queries.pace import Pace, pace_of
from greenmfg.queries.rows import fetch, fetch_one
from greenmfg.queries.views import Views, views_of

Window = Literal["month", "ytd", "rolling_12"]
Price = Literal["constant", "current"]

_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_GROUPINGS = ("park", "industry", "cluster", "town", "zone")

# What the plan leaves open and how it is read here (DOMAIN, section 1: labelled defaults).
BASIS = {
    "population": "above-scale industry (06–46) by location in the district",
    "population_zh": "规模以上工业企业，按所在地",
    "electricity": "calorific (当量)",
    "electricity_zh": "电力按当量值折算",
    "deductions": "none",
    "deductions_zh": "不扣除原料用能和非化石能源",
}
PRICE_BASIS = {
    "constant": {"price": "2020 constant prices", "price_zh": "2020 年可比价"},
    "current": {"price": "current prices", "price_zh": "当年价"},
}


class UnknownSubject(LookupError):
    """The subject is not written as a subject, or the release knows nothing of it."""


@dataclass(frozen=True)
class Subject:
    """What is explained: a grouping of the marts and the group's key."""

    text: str
    grouping: str
    key: str

    @classmethod
    def of(cls, text: str) -> Subject:
        """Reads `district`, `park:NAME`, `industry:CODE`, … or a USCC.

        Raises:
            UnknownSubject: it is none of these.
        """
        if text == "district":
            return cls(text, "district", "")
        grouping, colon, key = text.partition(":")
        if colon and grouping in _GROUPINGS and key:
            return cls(text, grouping, key)
        if _USCC.fullmatch(text):
            return cls(text, "enterprise", text)
        raise UnknownSubject(
            f"{text!r}: 应为 · expected district, park:NAME, industry:CODE, cluster:NAME,"
            " town:CODE, zone:CODE 或 · or a USCC"
        )

    def parameters(self, month: date, window: Window) -> dict[str, Any]:
        """What the queries on groups and on their enterprise-months are asked with."""
        return {"grouping": self.grouping, "key": self.key, "month": month, "window": window}


@dataclass(frozen=True)
class Figure:
    """One figure of `marts.group_months`: energy in tce, value added in 10,000 CNY, their ratio."""

    energy_tce: Decimal | None
    energy_filed_tce: Decimal | None
    value_added_10k_cny: Decimal | None
    value_added_filed_10k_cny: Decimal | None
    intensity: float | None
    status: str
    reason: str | None
    price_status: str | None
    firms_due: int
    firms_filed: int
    firms_matched: int
    firm_months_due: int
    firm_months_filed: int
    firm_months_matched: int
    energy_share: float | None
    given_share: float | None
    derived_share: float | None
    estimated_share: float | None
    undeflated_share: float | None
    flagged_coefficient_share: float | None
    provisional: bool


@dataclass(frozen=True)
class FiledRow:
    """One filed row that a figure rests on. `quantity` = production_use − transformation_output −
    recovered, in the item's unit; `coefficient` in tce per unit; value added in 10,000 CNY;
    the deflator is an index of 2020 = 100, None where the month is undeflated."""

    receipt: str
    file: str
    line: int
    version: int
    enterprise: str
    period: str
    form: str
    energy_item: str | None
    quantity: Decimal | None
    coefficient: Decimal | None
    coefficient_basis: str | None
    coefficient_edition: str | None
    tce: Decimal | None
    value_added_10k_cny: Decimal | None
    value_added_basis: str | None
    deflator_index_2020_100: Decimal | None
    matched: bool


@dataclass(frozen=True)
class Explanation:
    """One figure with all that it rests on; `as_json` is the command's `--json`."""

    subject: Subject
    period: date
    window: Window
    price: Price
    figure: Figure
    filed_rows: tuple[FiledRow, ...]
    # Of the district's year to date at constant price alone: that is what the target is about.
    forecast: YearForecast | None = None
    pace: Pace | None = None
    views: Views = field(default_factory=Views)

    @property
    def _price_status(self) -> str:
        # Where nothing was matched, nothing was deflated either.
        return "current" if self.price == "current" else self.figure.price_status or "undeflated"

    def as_json(self) -> dict[str, Any]:
        figure = self.figure
        matched = figure.firm_months_matched > 0
        # Where nothing is matched there is no ratio; what was filed is still said.
        energy = figure.energy_tce if matched else figure.energy_filed_tce
        value_added = figure.value_added_10k_cny if matched else figure.value_added_filed_10k_cny
        return {
            "subject": self.subject.text,
            "period": f"{self.period:%Y-%m}",
            "window": self.window,
            "price": self.price,
            "basis": {**BASIS, **PRICE_BASIS[self.price]},
            "status": figure.status,
            "reason": figure.reason,
            "price_status": self._price_status,
            "provisional": figure.provisional,
            "energy_tce": plain(energy),
            "value_added_10k_cny": plain(value_added),
            "intensity_tce_per_10k_cny": (
                None if figure.intensity is None else f"{figure.intensity:.10f}"
            ),
            "coverage": {
                "firms_due": figure.firms_due,
                "firms_filed": figure.firms_filed,
                "firms_matched": figure.firms_matched,
                "firm_months_due": figure.firm_months_due,
                "firm_months_filed": figure.firm_months_filed,
                "firm_months_matched": figure.firm_months_matched,
                "energy_share": _share(figure.energy_share),
            },
            "value_added_shares": {
                "given": _share(figure.given_share),
                "derived": _share(figure.derived_share),
                "estimated": _share(figure.estimated_share),
                "undeflated": _share(figure.undeflated_share),
            },
            "flagged_coefficient_share": _share(figure.flagged_coefficient_share),
            **({"forecast": self.forecast.as_json()} if self.forecast else {}),
            **({"pace": self.pace.as_json()} if self.pace else {}),
            "views": self.views.as_json(),
            "filed_rows": [_row_json(row) for row in self.filed_rows],
        }


def _share(share: float | None) -> str | None:
    return None if share is None else f"{share:.6f}"


def plain(number: Decimal | None) -> str | None:
    """A decimal without trailing zeros and without an exponent."""
    if number is None:
        return None
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def explain(
    release: duckdb.DuckDBPyConnection,
    subject: Subject,
    period: date,
    window: Window = "month",
    price: Price = "constant",
) -> Explanation:
    """Reads the figure of one subject, month and window, and the filed rows behind it.

    Raises:
        UnknownSubject: the release has no such group or enterprise in that month.
    """
    parameters = subject.parameters(period, window)
    figure = figure_of(release, subject, period, window, price)
    of_target = (subject.grouping, window, price) == ("district", "ytd", "constant")
    return Explanation(
        subject,
        period,
        window,
        price,
        figure,
        _filed_rows(release, parameters, figure),
        year_forecast(release, period) if of_target else None,
        pace_of(release, period) if of_target else None,
        views_of(release, parameters),
    )


def figure_of(
    release: duckdb.DuckDBPyConnection,
    subject: Subject,
    period: date,
    window: Window,
    price: Price,
) -> Figure:
    """Reads the figure alone.

    Raises:
        UnknownSubject: the release has no such group or enterprise in that month.
    """
    figure = fetch_one(release, Figure, _figure_sql(price), subject.parameters(period, window))
    if figure is None:
        raise UnknownSubject(
            f"{subject.text} {period:%Y-%m}: 当前发布版本中没有 · not in the current release"
        )
    return figure


def _figure_sql(price: Price) -> str:
    return f"""
        select energy_tce, energy_filed_tce,
          value_added_{price}_10k_cny as value_added_10k_cny, value_added_filed_10k_cny,
          intensity_{price}_tce_per_10k_cny as intensity, status, reason, price_status,
          firms_due, firms_filed, firms_matched,
          firm_months_due, firm_months_filed, firm_months_matched,
          energy_share, given_share, derived_share, estimated_share, undeflated_share,
          flagged_coefficient_share, provisional
        from marts.group_months
        where grouping = $grouping and ($grouping = 'district' or group_key = $key)
          and month = $month and window_name = $window
    """


def _filed_rows(
    release: duckdb.DuckDBPyConnection, parameters: Mapping[str, Any], figure: Figure
) -> tuple[FiledRow, ...]:
    """Rows of the subject's firm-months in the window; of the matched ones where there are any."""
    return tuple(
        fetch(
            release,
            FiledRow,
            f"""
            with member as (
              select uscc, month from marts.enterprise_months
              where {IN_WINDOW} and {IN_GROUP}
            )
            select filed.receipt, filed.file_name as file, filed.line, filed.version,
              filed.uscc as enterprise,
              strftime(filed.month, '%Y-%m') as period, filed.form, filed.energy_item,
              filed.quantity, filed.coefficient_tce as coefficient, filed.coefficient_basis,
              filed.coefficient_edition, filed.energy_tce as tce,
              filed.value_added_10k_cny, filed.value_added_basis, filed.deflator_index_2020_100,
              filed.matched
            from marts.lineage as filed inner join member using (uscc, month)
            where filed.matched or not $only_matched
            order by filed.month, filed.uscc, filed.form, filed.receipt, filed.line
            """,
            {**parameters, "only_matched": figure.firm_months_matched > 0},
        )
    )


def _row_json(row: FiledRow) -> dict[str, Any]:
    return {
        "receipt": row.receipt,
        "file": row.file,
        "line": row.line,
        "version": row.version,
        "enterprise": row.enterprise,
        "period": row.period,
        "form": row.form,
        "energy_item": row.energy_item,
        "quantity": plain(row.quantity),
        "coefficient": plain(row.coefficient),
        "coefficient_basis": row.coefficient_basis,
        "coefficient_edition": row.coefficient_edition,
        "tce": plain(row.tce),
        "value_added_10k_cny": plain(row.value_added_10k_cny),
        "value_added_basis": row.value_added_basis,
        "deflator_index_2020_100": plain(row.deflator_index_2020_100),
        "matched": row.matched,
    }
