"""What a version makes of its month: energy, value added and intensity from its checked rows.

The marts hold what is in force alone, so a version that is not (any more) in a release has no
figures there. These are worked out by the rules of the models `enterprise_energy_months`,
`int_value_added_resolved` and `enterprise_months`, in DuckDB and with the same casts. A test holds
them against a release to the last digit, and every answer says whether the release agrees: one
that disagrees is not to be shown (`Effect.trusted`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa

from greenmfg.checks import World
from greenmfg.pipeline.workshop import Workshop
from greenmfg.portal.months import FORMS
from greenmfg.portal.versions import rows_of
from greenmfg.queries.filed import Arithmetic, arithmetic, filed_filings
from greenmfg.records import FilingState
from greenmfg.registry import Filing, UnknownFiling
from greenmfg.warehouse.release import NoRelease, reader

Rows = Sequence[Mapping[str, Any]]

_ENERGY = """
with

coefficients as (
    select
        item_code,
        part_of,
        own_coefficient,
        coalesce(
            cast(tce_per_report_unit_default as decimal(16, 12)),
            cast(
                cast(gj_per_report_unit as decimal(28, 12))
                * cast($tce_per_gj as decimal(16, 12)) as decimal(16, 12)
            )
        ) as standard_coefficient_tce
    from items
),

converted as (
    select
        coefficients.part_of,
        cast(
            filed.production_use
            - coalesce(filed.transformation_output, 0)
            - coalesce(filed.recovered, 0) as decimal(19, 6)
        ) as quantity,
        case
            when
                filed.own_coefficient_tce is not null
                and coefficients.own_coefficient <> 'never'
                then filed.own_coefficient_tce
            else coefficients.standard_coefficient_tce
        end as coefficient_tce
    from filed
    left join coefficients on filed.energy_item = coefficients.item_code
)

select
    cast(
        sum(cast(cast(quantity as decimal(28, 10)) * coefficient_tce as decimal(28, 10)))
        as decimal(28, 10)
    )
from converted
where part_of is null
"""
_CONSTANT = """
select cast(
    cast($value_added as double) * 100 / cast($index as double) as decimal(28, 10)
)
"""
_ESTIMATED = """
select cast(
    cast(cast($gross as decimal(19, 6)) as decimal(28, 10)) * cast($rate as decimal(19, 6))
    as decimal(28, 10)
)
"""


@dataclass(frozen=True)
class MonthFigures:
    """One enterprise-month, as `enterprise_months` would have it. `reason`: why no intensity."""

    energy_tce: Decimal | None
    value_added_10k_cny: Decimal | None
    value_added_basis: str | None
    value_added_constant_10k_cny: Decimal | None
    price_status: str
    intensity: float | None
    reason: str | None


@dataclass(frozen=True)
class Effect:
    """A month before and after a version. `agrees`: whether the release that holds the version
    says the same; None where no release holds it yet, or any more."""

    before: MonthFigures
    after: MonthFigures
    agrees: bool | None

    @property
    def trusted(self) -> bool:
        return self.agrees is not False


def effect(shop: Workshop, world: World, uscc: str, before: int, after: int) -> Effect | None:
    """The month's figures with one version of a report and with the other, each beside the other
    form's report in force now. None for a form without a month, and for a version that was
    returned: its figures never counted, and some of its cells could not be read.

    Raises:
        UnknownFiling: a version is another firm's, of another report, or there is none.
    """
    was, old = rows_of(shop, uscc, before)
    now, new = rows_of(shop, uscc, after)
    if was.key != now.key:
        raise UnknownFiling(after)
    month = now.period
    if month is None or now.form not in FORMS or FilingState.RETURNED in (was.state, now.state):
        return None
    [beside] = [form for form in FORMS if form != now.form]
    other = next(
        (
            filing
            for filing in shop.registry.filings(form=beside, subject=uscc, period=month)
            if filing.state is FilingState.ACCEPTED
        ),
        None,
    )
    other_rows = None if other is None else rows_of(shop, uscc, other.id)[1]

    def figures(rows: Rows) -> MonthFigures:
        energy, output = (rows, other_rows) if now.form == FORMS[0] else (other_rows, rows)
        return figures_of(world, uscc, month, energy, output)

    found = {was.id: figures(old), now.id: figures(new)}
    return Effect(found[was.id], found[now.id], _released(shop, uscc, month, found, other))


def _released(
    shop: Workshop,
    uscc: str,
    month: date,
    found: Mapping[int, MonthFigures],
    other: Filing | None,
) -> bool | None:
    """Whether the release that stands on one of the versions, and on what is in force beside it,
    agrees; None where the release stands on others, or there is none."""
    try:
        connection = reader(shop.settings)
    except NoRelease:
        return None
    with connection:
        standing = filed_filings(connection, uscc, month)
        released = arithmetic(connection, uscc, month)
    beside = set() if other is None else {other.id}
    of_ours = standing - beside
    if len(of_ours) != 1 or not beside <= standing or released is None:
        return None
    figures = found.get(of_ours.pop())
    return None if figures is None else agrees(figures, released)


def figures_of(
    world: World, uscc: str, month: date, energy: Rows | None, output: Rows | None
) -> MonthFigures:
    """The month's figures from the rows of one version of each form; None: no such version."""
    filed = output[0] if output else None
    nil = bool(filed and filed["nil_return"])
    tce = _energy_tce(world, month, energy) if energy else Decimal(0) if nil else None
    register = _register_row(world, uscc, month)
    value, basis = _value_added(filed, register.get("value_added_rate"))
    index = _deflator(world, register.get("industry_code"), month)
    constant = value
    if value is not None and index is not None:
        constant = _one(_CONSTANT, {"value_added": value, "index": index})
    reason = _reason(energy, filed, nil, basis)
    if reason is None and (constant is None or constant <= 0):
        reason = "value_added_not_positive"
    ratio = None
    if reason is None and tce is not None and constant is not None:
        ratio = float(tce) / float(constant)
    price = "undeflated" if index is None else "deflated"
    return MonthFigures(tce, value, basis, constant, price, ratio, reason)


def agrees(figures: MonthFigures, released: Arithmetic) -> bool:
    """Whether a release says the same of the month, to the last digit."""
    return (
        figures.energy_tce == released.energy_tce
        and figures.value_added_10k_cny == released.value_added_10k_cny
        and figures.value_added_constant_10k_cny == released.value_added_constant_10k_cny
        and figures.intensity == released.intensity
    )


def _energy_tce(world: World, month: date, rows: Rows) -> Decimal | None:
    items = _items(world, month)
    heat = next((i for i in items if i["item_code"] == "heat"), None)
    columns = (
        "production_use",
        "transformation_output",
        "recovered",
        "own_coefficient_tce",
    )
    types = {"own_coefficient_tce": pa.decimal128(16, 12)}
    filed = pa.table(
        {"energy_item": pa.array([row["energy_item"] for row in rows], pa.string())}
        | {
            name: pa.array([row[name] for row in rows], types.get(name, pa.decimal128(19, 6)))
            for name in columns
        }
    )
    names = (
        "item_code",
        "part_of",
        "own_coefficient",
        "tce_per_report_unit_default",
        "gj_per_report_unit",
    )
    known = pa.table({n: pa.array([i[n] for i in items], pa.string()) for n in names})
    tce_per_gj = heat["tce_per_report_unit_default"] if heat else None
    return _one(_ENERGY, {"tce_per_gj": tce_per_gj}, filed=filed, items=known)


def _items(world: World, month: date) -> list[Mapping[str, str | None]]:
    by_code: dict[str, list[Mapping[str, str | None]]] = {}
    for row in world.reference["energy_coefficients"]:
        if row["reportable"] == "1":
            by_code.setdefault(row["item_code"] or "", []).append(row)
    found = (_valid_in(rows, month.isoformat()) for rows in by_code.values())
    return [row for row in found if row is not None]


def _valid_in(
    rows: Sequence[Mapping[str, str | None]], month: str
) -> Mapping[str, str | None] | None:
    valid = [
        row
        for row in rows
        if (row["valid_from"] or "") <= month and (row["valid_to"] or month) >= month
    ]
    return max(valid, key=lambda row: row["valid_from"] or "", default=None)


def _register_row(world: World, uscc: str, month: date) -> Mapping[str, Any]:
    rows = [] if world.register is None else world.register.to_pylist()
    begun = [r for r in rows if r["uscc"] == uscc and r["valid_from"] <= month]
    if not begun:
        return {}
    newest = max(begun, key=lambda row: row["valid_from"])
    return newest if newest["valid_to"] is None or newest["valid_to"] >= month else {}


def _value_added(
    filed: Mapping[str, Any] | None, rate: Decimal | None
) -> tuple[Decimal | None, str | None]:
    if filed is None:
        return None, None
    given, gross = filed["value_added_10k_cny"], filed["gross_output_10k_cny"]
    bought, vat = filed["intermediate_input_10k_cny"], filed["vat_payable_10k_cny"]
    if filed["nil_return"]:
        return Decimal(0), "nil"
    if given is not None:
        return given, "given"
    if bought is not None and vat is not None:
        # The production approach ADDS the VAT payable.
        return gross - bought + vat, "derived"
    if rate is not None:
        return _one(_ESTIMATED, {"gross": gross, "rate": rate}), "estimated"
    return None, None


def _deflator(world: World, industry: str | None, month: date) -> str | None:
    rows = [
        row
        for row in world.reference["deflators"]
        if row["industry_code"] == industry and row["month"] == month.isoformat()
    ]
    return rows[-1]["index_2020_100"] if rows else None


def _reason(
    energy: Rows | None, filed: Mapping[str, Any] | None, nil: bool, basis: str | None
) -> str | None:
    if not energy and filed is None:
        return "nothing_filed"
    if filed is None:
        return "output_missing"
    if not energy:
        return None if nil else "energy_missing"
    if energy[0]["months_covered"] != filed["months_covered"]:
        return "interval_differs"
    return "value_added_missing" if basis is None else None


def _one(query: str, params: Mapping[str, Any], **tables: pa.Table) -> Decimal | None:
    with duckdb.connect() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        row = connection.execute(query, dict(params)).fetchone()
    value: Decimal | None = row[0] if row else None
    return value
