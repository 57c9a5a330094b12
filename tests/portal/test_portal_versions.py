"""Versions of a report, what they changed, and corrections of closed months."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from click.testing import CliRunner
from tests.indicators.golden import (
    DEC,
    DEFLATORS,
    ENERGY,
    JAN,
    MONTHS,
    OUTPUT,
    REGISTER,
    TODAY,
    A,
    B,
    C,
    form_csv,
)

from greenmfg.cli.reviewing import review
from greenmfg.pipeline import founding, releasing
from greenmfg.pipeline.deciding import decide_waiting
from greenmfg.pipeline.receiving import Arrival, receive
from greenmfg.pipeline.rows import rows_in_force
from greenmfg.pipeline.workshop import Workshop, workshop
from greenmfg.portal import Office
from greenmfg.portal.effects import agrees, figures_of
from greenmfg.portal.versions import difference
from greenmfg.queries.filed import arithmetic
from greenmfg.records import FilingKey
from greenmfg.registry import UnknownFiling
from greenmfg.settings import Settings
from greenmfg.warehouse import reader

WHY = "一月抄表有误，按校准后的表底更正"
JAN_OF_B = FilingKey("energy_monthly", B, JAN)


@dataclass
class Told:
    """The golden workbook in force and released; then B's January energy twice more."""

    settings: Settings
    shop: Workshop
    office: Office
    second: int
    third: int


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("versions")
    settings = Settings.from_environment(
        {"GREENMFG_HOME": str(folder / "home"), "GREENMFG_TODAY": TODAY.isoformat()}
    )
    founding.prepare_home(settings)
    _found_and_release(settings)
    office = Office(settings)
    shop = office._shop
    january = [dict(row) for row in ENERGY if (row["uscc"], row["period"]) == (B, f"{JAN}")]
    january[0]["production_use"] = "43.5"
    second = form_csv(shop.contracts["energy_monthly"], january).encode()
    office.file(B, "更正.csv", second, correction_reason=f" {WHY} ")
    office.file(B, "更正.csv", second, correction_reason=WHY)
    _decide(shop)
    january[0]["note"] = "再次核对后按发票"
    third = form_csv(shop.contracts["energy_monthly"], january).encode()
    receive(shop, [Arrival(B, "再更正.csv", third)], "inbox")
    _decide(shop)
    numbers = [version.filing.id for version in office.versions(B, JAN_OF_B)]
    assert len(numbers) == 3
    return Told(settings, shop, office, numbers[1], numbers[2])


def _found_and_release(settings: Settings) -> None:
    with workshop(settings, create=True) as shop:
        founding.found(shop)
        for form, rows in (
            ("deflators", DEFLATORS),
            ("enterprise_register", REGISTER),
            ("energy_monthly", ENERGY),
            ("output_monthly", OUTPUT),
        ):
            data = form_csv(shop.contracts[form], rows).encode()
            receive(shop, [Arrival("steward", f"{form}.csv", data)], "cli")
        _decide(shop)
        releasing.build_and_publish(shop)


def _decide(shop: Workshop) -> None:
    decide_waiting(shop)
    for filing in shop.registry.waiting_reviews():
        shop.registry.review(
            filing.id,
            "accept",
            "已电话核实",
            "steward",
            shop.settings.now(),
            replaces=shop.replaces,
        )


def test_figures_from_checked_rows_are_the_marts_to_the_last_digit(told: Told) -> None:
    world, seen = told.office.world(), 0
    connection = reader(told.settings)
    for uscc in (A, B, C):
        for month in MONTHS:
            released = arithmetic(connection, uscc, month)
            rows = {}
            for form in ("energy_monthly", "output_monthly"):
                found = told.shop.registry.filings(form=form, subject=uscc, period=month)
                table = rows_in_force(told.settings, told.shop.contracts[form], found[:1])
                rows[form] = None if table is None else table.to_pylist()
            if released is None or released.covered_by_february or not any(rows.values()):
                continue
            mine = figures_of(world, uscc, month, rows["energy_monthly"], rows["output_monthly"])
            assert agrees(mine, released), (uscc, month, mine, released)
            assert mine.value_added_basis == released.value_added_basis
            assert mine.price_status == released.price_status
            seen += 1
    assert seen >= 9


def test_a_digit_that_differs_from_the_release_is_noticed(told: Told) -> None:
    released = arithmetic(reader(told.settings), B, DEC)
    assert released is not None
    rows = {}
    for form in ("energy_monthly", "output_monthly"):
        found = told.shop.registry.filings(form=form, subject=B, period=DEC)
        rows[form] = rows_in_force(told.settings, told.shop.contracts[form], found).to_pylist()
    rows["energy_monthly"][0]["production_use"] += Decimal("0.000001")
    mine = figures_of(told.office.world(), B, DEC, rows["energy_monthly"], rows["output_monthly"])
    assert not agrees(mine, released)


def test_an_effect_says_whether_the_release_agrees(told: Told) -> None:
    first = told.office.versions(B, JAN_OF_B)[0].filing.id
    effect = told.office.effect(B, first, told.second)
    assert effect is not None
    assert effect.agrees is True
    assert effect.before.energy_tce != effect.after.energy_tce
    assert effect.before.value_added_10k_cny == effect.after.value_added_10k_cny
    # The release stands on the first version alone: of the others it can say nothing.
    later = told.office.effect(B, told.second, told.third)
    assert later is not None
    assert later.agrees is None
    assert later.before == later.after


def test_a_difference_names_rows_by_key_and_cells_in_the_contracts_order(told: Told) -> None:
    first = told.office.versions(B, JAN_OF_B)[0].filing.id
    [change] = told.office.compared(B, first, told.second)
    assert change.kind == "changed"
    assert [cell.column for cell in change.cells] == ["production_use"]
    assert change.cells[0].after == Decimal("43.5")
    [noted] = told.office.compared(B, told.second, told.third)
    assert [(c.column, c.before, c.after) for c in noted.cells] == [
        ("note", None, "再次核对后按发票")
    ]


def test_rows_added_and_removed_are_told_with_all_they_hold(told: Told) -> None:
    contract = told.office.every_contract["energy_monthly"]
    empty = dict.fromkeys(contract.names)
    coal = {**empty, "uscc": B, "period": JAN, "energy_item": "raw_coal", "unit": "吨"}
    gas = {**coal, "energy_item": "natural_gas", "unit": "万立方米"}
    added, removed = difference(contract, [coal], [gas])
    assert (added.kind, added.key["energy_item"]) == ("added", "natural_gas")
    assert [(c.column, c.before, c.after) for c in added.cells] == [("unit", None, "万立方米")]
    assert (removed.kind, removed.cells[0].before) == ("removed", "吨")
    assert difference(contract, [coal], [coal]) == ()
    # A returned version may hold a key twice: each row has its own opposite.
    assert [c.kind for c in difference(contract, [coal], [coal, coal])] == ["added"]


def test_a_version_says_who_did_what_and_keeps_other_senders_files_to_itself(told: Told) -> None:
    first, second, third = told.office.versions(B, JAN_OF_B)
    assert not first.sent_by_us
    assert second.sent_by_us
    assert [(s.actor, s.deed) for s in first.steps][:2] == [
        ("steward", "received"),
        ("system", "decided"),
    ]
    assert first.steps[-1].deed == "superseded"
    assert first.steps[-1].detail == "2"
    told_why = [s for s in second.steps if s.deed == "corrected"]
    assert [(s.actor, s.reason) for s in told_why] == [("own", WHY)]
    reviewed = [s for v in (first, second, third) for s in v.steps if s.deed == "accept"]
    assert all((s.actor, s.reason) == ("steward", "已电话核实") for s in reviewed)
    assert third.filing.state == "accepted"


def test_a_closed_month_is_corrected_with_a_reason_from_the_portal_or_the_notes(
    told: Told,
) -> None:
    first, second, third = told.office.versions(B, JAN_OF_B)
    assert first.correction is None
    assert second.correction is not None
    assert (second.correction.of_version, second.correction.reason) == (1, WHY)
    assert second.correction.due_on < TODAY
    assert third.correction is not None
    assert third.correction.reason == "再次核对后按发票"
    assert told.office.corrections_without_reason() == ()


def test_only_a_month_past_its_due_day_with_a_version_in_force_is_closed(told: Told) -> None:
    office = told.office
    assert office.is_correction(B, "energy_monthly", JAN)
    # March is not due yet, C filed no energy in January, an audit stage has no due day.
    assert not office.is_correction(B, "energy_monthly", date(2025, 3, 1))
    assert not office.is_correction(C, "energy_monthly", JAN)
    assert not office.is_correction(B, "audit_progress", JAN)


def test_a_correction_that_says_nothing_comes_in_and_is_listed_for_the_steward(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [dict(r) for r in OUTPUT if (r["uscc"], r["period"]) == (B, f"{JAN}")]
    rows[0] |= {"note": "", "employees": "77"}
    data = form_csv(told.shop.contracts["output_monthly"], rows).encode()
    [receipt] = receive(told.shop, [Arrival(B, "一月.csv", data)], "inbox")
    _decide(told.shop)
    [silent] = told.office.corrections_without_reason()
    assert silent.filing.receipt == receipt.number
    assert (silent.filing.subject, silent.filing.period) == (B, JAN)
    monkeypatch.setenv("GREENMFG_HOME", str(told.settings.home))
    monkeypatch.setenv("GREENMFG_TODAY", TODAY.isoformat())
    listed = CliRunner().invoke(review, ["corrections"])
    assert listed.exit_code == 0
    assert f"{silent.filing.id}  {B} 2025-01  output_monthly  {receipt.number}" in listed.output
    assert "corrects version 1 past its due day" in listed.output
    [one] = json.loads(CliRunner().invoke(review, ["corrections", "--json"]).output)
    assert (one["filing"], one["corrects_version"]) == (silent.filing.id, 1)


def test_no_firm_sees_another_firms_versions_rows_or_figures(told: Told) -> None:
    office = told.office
    first = office.versions(B, JAN_OF_B)[0].filing.id
    assert office.versions(A, JAN_OF_B) == ()
    assert all(key.subject == A for key in office.keys(A))
    with pytest.raises(UnknownFiling):
        office.compared(A, first, told.second)
    with pytest.raises(UnknownFiling):
        office.effect(A, first, told.second)
    own = office.versions(A, next(k for k in office.keys(A) if k.period))[0].filing.id
    with pytest.raises(UnknownFiling):
        office.compared(A, own, told.second)
