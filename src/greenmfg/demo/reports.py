"""What firms write into the two monthly forms: rows of text from the simulated figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from greenmfg.contract.codes import CodeLists
from greenmfg.demo.energy import EnergyMonth
from greenmfg.demo.months import filed, number_of, year_of
from greenmfg.demo.output import OutputMonth
from greenmfg.demo.population import Firm
from greenmfg.demo.writers import Row

OUTPUT = "output_monthly"
ENERGY = "energy_monthly"

_FEBRUARY = 2


def amount(hundredths: int) -> str:
    """万元 or 千元 from whole hundredths: 12345 is `123.45`."""
    sign, whole = ("-", -hundredths) if hundredths < 0 else ("", hundredths)
    return f"{sign}{whole // 100}.{whole % 100:02d}"


def quantity(thousandths: int | None) -> str:
    """A quantity from whole thousandths, without idle zeros; blank for None."""
    if thousandths is None:
        return ""
    return f"{thousandths // 1000}.{thousandths % 1000:03d}".rstrip("0").rstrip(".")


def output_rows(
    firm: Firm, series: Mapping[int, OutputMonth], codes: CodeLists
) -> Iterator[tuple[int, list[Row]]]:
    """Pairs of month and the output form's row, January inside February where so filed."""
    ytd, year = 0, 0
    for when in sorted(series):
        if year_of(when) != year:
            ytd, year = 0, year_of(when)
        ytd += series[when].gross_output
        figures = series[when]
        if _waits_for_february(firm, when, series):
            continue
        combined = _is_combined(firm, when, series)
        if combined:
            figures = _sum(series[when - 1], figures)
        yield when, [_output_row(firm, when, figures, combined, ytd, codes)]


def _output_row(
    firm: Firm, when: int, figures: OutputMonth, combined: bool, ytd: int, codes: CodeLists
) -> Row:
    row = _key(firm, when, combined)
    row["gross_output_10k_cny"] = amount(figures.gross_output)
    row["revenue_10k_cny"] = amount(figures.revenue)
    row["tax_10k_cny"] = amount(figures.tax)
    row["employees"] = str(figures.employees)
    nil = figures.gross_output == 0
    row["nil_return"] = codes["yes_no"].names["yes" if nil else "no"]
    if nil or firm.basis in ("given", "both"):
        row["value_added_10k_cny"] = amount(figures.value_added)
    if not nil and firm.basis in ("derived", "both"):
        row["intermediate_input_10k_cny"] = amount(figures.intermediate_input)
        row["vat_payable_10k_cny"] = amount(figures.vat)
    if firm.files_ytd:
        row["ytd_gross_output_10k_cny"] = amount(ytd)
    if nil:
        row["note"] = "停产检修，本月无产出、无用能"
    return row


def energy_rows(
    firm: Firm, series: Mapping[int, tuple[EnergyMonth, ...]], codes: CodeLists
) -> Iterator[tuple[int, list[Row]]]:
    """Pairs of month and the energy form's rows, January inside February where so filed."""
    ytd: dict[str, int] = {}
    year = 0
    for when in sorted(series):
        if year_of(when) != year:
            ytd, year = {}, year_of(when)
        items = series[when]
        for item in items:
            ytd[item.item.code] = ytd.get(item.item.code, 0) + item.production
        if _waits_for_february(firm, when, series):
            continue
        combined = _is_combined(firm, when, series)
        if combined:
            items = tuple(_joined(series[when - 1], items))
        yield when, [_energy_row(firm, when, item, combined, ytd, codes) for item in items]


def _energy_row(
    firm: Firm,
    when: int,
    figures: EnergyMonth,
    combined: bool,
    ytd: Mapping[str, int],
    codes: CodeLists,
) -> Row:
    row = _key(firm, when, combined)
    row["energy_item"] = codes["energy_item"].names[figures.item.code]
    row["unit"] = figures.item.unit
    row["opening_stock"] = quantity(figures.opening)
    row["purchased"] = quantity(figures.purchased)
    row["purchase_cost_1k_cny"] = "" if figures.cost is None else amount(figures.cost)
    row["production_use"] = quantity(figures.production)
    row["feedstock_use"] = quantity(figures.feedstock)
    row["non_production_use"] = quantity(figures.non_production)
    row["transport_use"] = quantity(figures.transport)
    row["transformation_output"] = quantity(figures.transformation)
    row["recovered"] = quantity(figures.recovered)
    row["sent_out"] = quantity(figures.sent_out)
    row["closing_stock"] = quantity(figures.closing)
    row["green_power_certified"] = quantity(figures.green)
    if figures.own_coefficient is not None:
        row["own_coefficient_tce"] = str(figures.own_coefficient)
        row["note"] = "供应商热值证明"
    if firm.files_ytd:
        row["ytd_production_use"] = quantity(ytd[figures.item.code])
    return {name: text for name, text in row.items() if text}


def _key(firm: Firm, when: int, combined: bool) -> Row:
    segment = firm.at(when)
    if segment is None:
        raise ValueError(f"firm {firm.serial} was not there in {filed(when)}")
    row = {"uscc": segment.uscc, "period": filed(when)}
    if combined:
        row["months_covered"] = "2"
    elif firm.serial % 3:
        row["months_covered"] = "1"
    return row


def _waits_for_february(firm: Firm, when: int, series: Mapping[int, object]) -> bool:
    return firm.combines_february and number_of(when) == 1 and when + 1 in series


def _is_combined(firm: Firm, when: int, series: Mapping[int, object]) -> bool:
    return firm.combines_february and number_of(when) == _FEBRUARY and when - 1 in series


def _sum(january: OutputMonth, february: OutputMonth) -> OutputMonth:
    return replace(
        february,
        gross_output=january.gross_output + february.gross_output,
        value_added=january.value_added + february.value_added,
        vat=january.vat + february.vat,
        revenue=january.revenue + february.revenue,
        tax=january.tax + february.tax,
    )


def _joined(
    january: Iterable[EnergyMonth], february: Iterable[EnergyMonth]
) -> Iterator[EnergyMonth]:
    """Both months' flows, January's opening and February's closing stock."""
    for first, second in zip(january, february, strict=True):
        yield replace(
            second,
            opening=first.opening,
            production=first.production + second.production,
            purchased=_added(first.purchased, second.purchased),
            cost=_added(first.cost, second.cost),
            non_production=_added(first.non_production, second.non_production),
            transport=_added(first.transport, second.transport),
            feedstock=_added(first.feedstock, second.feedstock),
            transformation=_added(first.transformation, second.transformation),
            recovered=_added(first.recovered, second.recovered),
            sent_out=_added(first.sent_out, second.sent_out),
            green=_added(first.green, second.green),
        )


def _added(first: int | None, second: int | None) -> int | None:
    return None if first is None or second is None else first + second
