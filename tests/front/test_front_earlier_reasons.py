"""A reason that was accepted is offered again while the same condition holds, and then no longer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from filing_home import DIESEL, ELECTRICITY, FOOD, POTS, FilingHome, form_csv
from page_views import View, opening, text_of

from greenmfg.portal import EarlierReason, Office, open_office
from greenmfg.portal.earlier_reasons import Place
from greenmfg.records import Explanation

DEAR_POWER = {
    **ELECTRICITY,
    "uscc": FOOD,
    "period": "202503",
    "purchased": "9",
    "purchase_cost_1k_cny": "198",
    "production_use": "9",
    "non_production_use": "",
}
WHY = "冬季用的低凝柴油，单价高"


@pytest.fixture
def office(filing_home: FilingHome) -> Office:
    return open_office(filing_home.settings)


@pytest.fixture
def view(filing_home: FilingHome, monkeypatch: pytest.MonkeyPatch) -> Iterator[View]:
    with opening(filing_home, monkeypatch) as open_page:
        yield open_page


def dear(uscc: str, period: str, cost: str = "198", **cells: str) -> bytes:
    """Diesel at `cost` thousand yuan for nine tonnes: 198 is far above what a tonne costs."""
    diesel = {**DIESEL, "uscc": uscc, "period": period, "opening_stock": "", "closing_stock": ""}
    diesel |= {"purchased": "9", "production_use": "9", "purchase_cost_1k_cny": cost, **cells}
    return form_csv("energy_monthly", {**ELECTRICITY, "uscc": uscc, "period": period}, diesel)


def offered(office: Office, uscc: str, data: bytes) -> dict[Place, EarlierReason]:
    return dict(office.earlier_reasons(uscc, office.try_file(uscc, "a.csv", data)))


def explain(office: Office, home: FilingHome, uscc: str, data: bytes) -> str:
    """Files it with a reason for each of its warnings. Returns its receipt."""
    trial = office.try_file(uscc, "a.csv", data)
    reasons = tuple(Explanation(f.id, f.line, f.column, WHY) for f in trial.outcome.findings)
    assert reasons
    receipt = office.file(uscc, "a.csv", data, reasons)
    home.run()
    assert office.submission(uscc, receipt.number).standing == "accepted"
    return receipt.number


@pytest.fixture(scope="module")
def february(filing_home: FilingHome) -> str:
    """The receipt with which February 2025's price was explained and accepted."""
    office = open_office(filing_home.settings)
    assert offered(office, FOOD, dear(FOOD, "202502")) == {}
    return explain(office, filing_home, FOOD, dear(FOOD, "202502"))


def test_an_accepted_reason_is_offered_for_the_same_warning_of_the_next_month(
    office: Office, february: str
) -> None:
    ((place, reason),) = offered(office, FOOD, dear(FOOD, "202503")).items()
    assert place[1:] == (3, "purchase_cost_1k_cny")
    assert (reason.reason, reason.receipt, f"{reason.period:%Y-%m}") == (WHY, february, "2025-02")


def test_it_is_an_offer_and_changes_no_verdict(office: Office, february: str) -> None:
    data = dear(FOOD, "202503")
    assert offered(office, FOOD, data)
    verdict = office.try_file(FOOD, "a.csv", data).as_json()
    assert [f["explained_by"] for f in verdict["findings"]] == [None]
    assert [f["verdict"] for f in verdict["filings"]] == ["awaiting_review"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (dear(FOOD, "202503", cost="300"), "the value is no longer comparable"),
        (form_csv("energy_monthly", DEAR_POWER), "another item"),
        (dear(FOOD, "202603"), "it is more than twelve months ago"),
        (dear(FOOD, "202501"), "it was given for a later month"),
        (dear(POTS, "202503"), "another firm"),
    ],
)
def test_a_reason_that_does_not_fit_is_not_offered(
    office: Office, february: str, data: bytes, why: str
) -> None:
    uscc = POTS if why == "another firm" else FOOD
    assert office.try_file(uscc, "a.csv", data).outcome.findings, why
    assert offered(office, uscc, data) == {}, why


def test_a_value_within_the_band_is_still_the_same_condition(office: Office, february: str) -> None:
    assert offered(office, FOOD, dear(FOOD, "202503", cost="240"))


def test_a_month_without_the_warning_ends_the_reason(
    filing_home: FilingHome, office: Office, february: str
) -> None:
    office.file(FOOD, "fair.csv", dear(FOOD, "202504", cost="68"))
    filing_home.run()
    assert offered(office, FOOD, dear(FOOD, "202505")) == {}
    # The month before is none the worse for it.
    assert offered(office, FOOD, dear(FOOD, "202503"))


def test_the_page_fills_the_reason_in_says_where_it_is_from_and_lets_it_be_changed(
    filing_home: FilingHome, office: Office, view: View
) -> None:
    receipt = explain(office, filing_home, POTS, dear(POTS, "202511"))
    page = view(POTS)
    page.file_uploader[0].upload("december.csv", dear(POTS, "202512"))
    page.run()
    assert not page.exception
    assert [box.value for box in page.text_input] == [WHY]
    assert f"已填入 2025 年 11 月接受过的原因（{receipt}）" in text_of(page)
    page.text_input[0].input("换了供应商，含运费").run()
    page.checkbox[0].check().run()
    page.button(key="file_it").click().run()
    number = page.query_params["receipt"]
    filing_home.run()
    (finding,) = office.submission(POTS, number).findings
    assert finding.explained_by == "换了供应商，含运费"
    # What was filed last is what is remembered.
    ((_, reason),) = offered(office, POTS, dear(POTS, "202601")).items()
    assert (reason.reason, reason.receipt) == ("换了供应商，含运费", number)


def test_tidied_values_are_confirmed_in_one_click(filing_home: FilingHome, view: View) -> None:
    page = view(POTS)
    row = {**ELECTRICITY, "uscc": POTS, "period": "2026年4月", "purchased": "１０１"}
    page.file_uploader[0].upload("april.csv", form_csv("energy_monthly", row))
    page.run()
    assert not page.exception
    assert "自动整理的 2 处我已核对" in page.checkbox[0].label
    page.checkbox[1].check().run()
    assert page.button(key="file_it").disabled
    page.checkbox[0].check().run()
    assert not page.button(key="file_it").disabled
