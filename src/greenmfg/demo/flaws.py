"""What goes wrong in real filing, planted on purpose: wrong values and their verdicts."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from greenmfg.contract.codes import CodeLists
from greenmfg.demo.months import filed
from greenmfg.demo.population import Firm
from greenmfg.demo.reports import ENERGY, OUTPUT
from greenmfg.demo.schedule import first_recent
from greenmfg.demo.sheets import Plan, Planted, Sheet
from greenmfg.demo.writers import Row

_DAYS_TO_MEND = 6


@dataclass
class Desk:
    """Where flaws are planted: the plan, and firms of which each takes part in one flaw."""

    plan: Plan
    codes: CodeLists
    firms: Sequence[Firm]
    last: int
    today: date
    seed: int

    def __post_init__(self) -> None:
        recent = range(first_recent(self.last) - 12, self.last + 1)
        self._free = [
            firm
            for firm in self.firms
            if len(firm.segments) == 1
            and not (firm.is_shipyard or firm.nil_months or firm.combines_february)
            and all(firm.in_population(when) for when in recent)
        ]
        random.Random(f"{self.seed}:flaws").shuffle(self._free)

    def take(self, fits: Callable[[Firm], bool] | None = None) -> Firm:
        """A firm that fits and takes part in no other flaw.

        Raises:
            LookupError: all that fit are taken.
        """
        for position, firm in enumerate(self._free):
            if fits is None or fits(firm):
                return self._free.pop(position)
        raise LookupError("no firm is left for this flaw")

    def sheet(self, form: str, firm: Firm, when: int) -> Sheet:
        """The file in which the firm files this month first.

        Raises:
            LookupError: the month is not filed.
        """
        found = self.plan.sheet(form, firm.usccs[-1], filed(when))
        if found is None:
            raise LookupError(f"{form} {filed(when)} of firm {firm.serial} is not filed")
        return found

    def uses(self, firm: Firm, item: str, when: int) -> bool:
        """Whether the firm files this energy item in the month."""
        sheet = self.plan.sheet(ENERGY, firm.usccs[-1], filed(when))
        return sheet is not None and any(r["energy_item"] == self.word(item) for r in sheet.rows)

    def item_row(self, firm: Firm, item: str, when: int) -> tuple[Sheet, Row]:
        """The file and the row of one energy item."""
        sheet, uscc, period = self.sheet(ENERGY, firm, when), firm.usccs[-1], filed(when)
        word = self.word(item)
        wanted = (uscc, period, word)
        row = next(r for r in sheet.rows if (r["uscc"], r["period"], r["energy_item"]) == wanted)
        return sheet, row

    def word(self, item: str) -> str:
        return self.codes["energy_item"].names[item]

    def second_version(self, sheet: Sheet, note: str) -> Sheet:
        """A later file of the same firm and month, with the rows as they are now."""
        later = Sheet(
            account=sheet.account,
            stem=f"{sheet.stem}_更正",
            wave=sheet.wave,
            arrives_on=min(self.today, sheet.arrives_on + timedelta(days=_DAYS_TO_MEND)),
            form=sheet.form,
            rows=[dict(row) for row in sheet.rows],
            layout=sheet.layout,
        )
        later.rows[0]["note"] = note
        self.plan.add(later)
        return later


def times(text: str, factor: str) -> str:
    """A written number multiplied exactly."""
    return f"{Decimal(text) * Decimal(factor):f}"


def plant_value_flaws(desk: Desk) -> Iterator[Planted]:
    """All flaws of values, each at its own firm."""
    yield from _corrections(desk)
    yield from _returned_and_mended(desk)
    yield from _returned_and_open(desk)
    yield from _unit_slips(desk)
    yield from _waiting_in_energy(desk)
    yield from _waiting_in_output(desk)
    yield from _explained(desk)


def _planted(kind: str, sheet: Sheet, row: Row, expected: str, firm: Firm, when: int) -> Planted:
    return Planted(kind, sheet.form, firm.usccs[-1], filed(when), sheet, row, expected)


def _corrections(desk: Desk) -> Iterator[Planted]:
    """A first version that passes, and a second that is right."""
    for back in (2, 3, 5, 7):
        when = desk.last - back
        firm = desk.take(lambda f: not f.files_ytd and f.basis in ("given", "estimated"))
        sheet = desk.sheet(OUTPUT, firm, when)
        later = desk.second_version(sheet, "更正：原报产值有误")
        row = sheet.rows[0]
        row["gross_output_10k_cny"] = times(row["gross_output_10k_cny"], "0.96")
        row["revenue_10k_cny"] = times(row["revenue_10k_cny"], "0.96")
        yield _planted("first_version", sheet, row, "accepted", firm, when)
        yield _planted("correction", later, later.rows[0], "accepted", firm, when)
    for back in (1, 4):
        when = desk.last - back
        firm = desk.take(lambda f: not f.files_ytd)
        sheet, row = desk.item_row(firm, "electricity", when)
        later = desk.second_version(sheet, "更正：漏计一块电表")
        for column in ("production_use", "purchased", "purchase_cost_1k_cny"):
            row[column] = times(row[column], "0.94")
        yield _planted("first_version", sheet, row, "accepted", firm, when)
        yield _planted("correction", later, later.rows[0], "accepted", firm, when)


def _returned_and_mended(desk: Desk) -> Iterator[Planted]:
    """Errors that a firm put right with a second file."""
    edits: tuple[tuple[str, str, int, Callable[[Row], None]], ...] = (
        ("unit_kwh", "electricity", 2, _in_kwh),
        ("unit_kwh", "electricity", 6, _in_kwh),
        ("text_in_number", "diesel", 3, _about),
        ("negative_use", "electricity", 4, _negative),
        ("stock_balance", "diesel", 1, _unbalanced),
    )
    for kind, item, back, edit in edits:
        when = desk.last - back
        firm = desk.take(_without_ytd_using(desk, item, when))
        sheet, row = desk.item_row(firm, item, when)
        later = desk.second_version(sheet, "退回后更正")
        edit(row)
        yield _planted(kind, sheet, row, "returned", firm, when)
        yield _planted("mended", later, later.rows[0], "accepted", firm, when)


def _returned_and_open(desk: Desk) -> Iterator[Planted]:
    """Errors of the newest months that nobody has put right yet."""
    for kind, item, back, edit in (
        ("text_in_number", "electricity", 0, _about),
        ("unit_kwh", "electricity", 0, _in_kwh),
    ):
        when = desk.last - back
        firm = desk.take(_without_ytd_using(desk, item, when))
        sheet, row = desk.item_row(firm, item, when)
        edit(row)
        yield _planted(kind, sheet, row, "returned", firm, when)


def _without_ytd_using(desk: Desk, item: str, when: int) -> Callable[[Firm], bool]:
    return lambda firm: not firm.files_ytd and desk.uses(firm, item, when)


def _without_note_using(desk: Desk, item: str, when: int) -> Callable[[Firm], bool]:
    """Firms whose row explains nothing: a note would count as the reason of the warning."""
    uses = _without_ytd_using(desk, item, when)
    return lambda firm: uses(firm) and "note" not in desk.item_row(firm, item, when)[1]


def _in_kwh(row: Row) -> None:
    """The unit says kilowatt-hours and so do the numbers: another scale is never converted."""
    row["unit"] = "千瓦时"
    for column in ("production_use", "purchased", "non_production_use", "green_power_certified"):
        if row.get(column):
            row[column] = times(row[column], "10000")


def _about(row: Row) -> None:
    row["production_use"] = f"约{row['production_use']}"


def _negative(row: Row) -> None:
    row["production_use"] = f"-{row['production_use']}"


def _unbalanced(row: Row) -> None:
    row["closing_stock"] = times(row["closing_stock"], "1.5")
    if Decimal(row["closing_stock"]) < Decimal(row["production_use"]):
        row["closing_stock"] = times(row["production_use"], "2")


# Kind → item, factor: numbers of another scale under the right unit; the cost stayed.
_SLIPS: Mapping[str, tuple[str, str]] = {
    "unit_slip_10": ("electricity", "10"),
    "unit_slip_1000": ("natural_gas", "1000"),
    "unit_slip_kwh": ("electricity", "10000"),
}


def _unit_slips(desk: Desk) -> Iterator[Planted]:
    for back, (kind, (item, factor)) in enumerate(_SLIPS.items()):
        when = desk.last - back
        firm = desk.take(_without_note_using(desk, item, when))
        sheet, row = desk.item_row(firm, item, when)
        for column in ("production_use", "purchased"):
            row[column] = times(row[column], factor)
        yield _planted(kind, sheet, row, "awaiting_review", firm, when)


def _waiting_in_energy(desk: Desk) -> Iterator[Planted]:
    when = desk.last - 1
    firm = desk.take(_without_ytd_using(desk, "electricity", when))
    sheet, row = desk.item_row(firm, "electricity", when)
    # The bill in yuan, typed where thousands of yuan are asked.
    row["purchase_cost_1k_cny"] = times(row["purchase_cost_1k_cny"], "1000")
    yield _planted("cost_in_yuan", sheet, row, "awaiting_review", firm, when)

    when = desk.last
    firm = desk.take(lambda f: not f.files_ytd and _buys_diesel(desk, f, when))
    sheet, row = desk.item_row(firm, "diesel", when)
    more = Decimal("0.4")
    price = Decimal(row["purchase_cost_1k_cny"]) / Decimal(row["purchased"])
    purchased = Decimal(row["purchased"]) - more
    row["opening_stock"] = f"{Decimal(row['opening_stock']) + more:f}"
    row["purchased"] = f"{purchased:f}"
    row["purchase_cost_1k_cny"] = f"{purchased * price:.2f}"
    yield _planted("opening_stock", sheet, row, "awaiting_review", firm, when)

    firm = desk.take(lambda f: f.files_ytd)
    sheet, row = desk.item_row(firm, "electricity", when)
    row["ytd_production_use"] = times(row["ytd_production_use"], "1.06")
    yield _planted("ytd_mismatch", sheet, row, "awaiting_review", firm, when)


def _buys_diesel(desk: Desk, firm: Firm, when: int) -> bool:
    if not desk.uses(firm, "diesel", when):
        return False
    _, row = desk.item_row(firm, "diesel", when)
    return Decimal("0.8") < Decimal(row["purchased"]) < Decimal(10)


def _waiting_in_output(desk: Desk) -> Iterator[Planted]:
    when = desk.last - 1
    firm = desk.take(lambda f: f.basis == "both")
    sheet = desk.sheet(OUTPUT, firm, when)
    row = sheet.rows[0]
    row["value_added_10k_cny"] = f"{Decimal(row['value_added_10k_cny']) * Decimal('1.12'):.2f}"
    yield _planted("value_added_disagreement", sheet, row, "awaiting_review", firm, when)


def _explained(desk: Desk) -> Iterator[Planted]:
    """Unusual, but true and said so: accepted with a note."""
    for back in (2, 8):
        when = desk.last - back
        firm = desk.take(lambda f: f.basis == "given")
        sheet = desk.sheet(OUTPUT, firm, when)
        row = sheet.rows[0]
        row["value_added_10k_cny"] = f"-{times(row['value_added_10k_cny'], '0.35')}"
        row["note"] = "当月集中核销存货跌价损失，增加值为负"
        yield _planted("negative_value_added", sheet, row, "accepted", firm, when)
    when = desk.last - 2
    firm = desk.take(_without_ytd_using(desk, "natural_gas", when))
    sheet, row = desk.item_row(firm, "natural_gas", when)
    row["own_coefficient_tce"] = "13.62"
    row["note"] = "本月掺烧进口气，供应商热值证明附后"
    yield _planted("own_coefficient_out_of_range", sheet, row, "accepted", firm, when)
