"""Several files in one go: each its own verdict and receipt, one declaration."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from filing_home import DIESEL, ELECTRICITY, FOOD, POTS, SAMPLES, SHIPS, FilingHome, form_csv
from page_views import View, opening, text_of

from greenmfg.portal import Office, open_office


@pytest.fixture
def office(filing_home: FilingHome) -> Office:
    return open_office(filing_home.settings)


@pytest.fixture
def view(filing_home: FilingHome, monkeypatch: pytest.MonkeyPatch) -> Iterator[View]:
    with opening(filing_home, monkeypatch) as open_page:
        yield open_page


def month(uscc: str, period: str, opening: str, closing: str) -> bytes:
    diesel = {**DIESEL, "opening_stock": opening, "closing_stock": closing}
    rows = ({**row, "uscc": uscc, "period": period} for row in (ELECTRICITY, diesel))
    return form_csv("energy_monthly", *rows)


MARCH, APRIL = month(FOOD, "202503", "1", "1.5"), month(FOOD, "202504", "1.5", "2")
APRIL_ODD = month(FOOD, "202504", "4", "4.5")


def test_files_are_checked_in_the_order_of_their_months_each_before_the_next(
    office: Office,
) -> None:
    files = [("april.csv", APRIL_ODD), ("picture.csv", b"\x89PNG\r\n\x1a\n"), ("march.csv", MARCH)]
    trials = office.try_files(FOOD, files)
    assert [position for position, _ in trials] == [2, 0, 1]
    march, april, picture = (trial for _, trial in trials)
    assert march.outcome.findings == ()
    # Its opening stock is not the closing stock of March, which is filed with it.
    assert [f.id for f in april.outcome.findings] == ["E120"]
    assert picture.has_errors
    fitting = office.try_files(FOOD, [("april.csv", APRIL), ("march.csv", MARCH)])
    assert [trial.outcome.findings for _, trial in fitting] == [(), ()]


def test_the_official_run_reaches_the_verdicts_that_were_promised_together(
    filing_home: FilingHome, office: Office
) -> None:
    files = [("april.csv", APRIL_ODD), ("march.csv", MARCH)]
    promised = [
        [(f.id, f.line) for f in trial.outcome.findings]
        for _, trial in office.try_files(FOOD, files)
    ]
    receipts = office.file_all(
        FOOD, [("march.csv", MARCH, (), ""), ("april.csv", APRIL_ODD, (), "")]
    )
    filing_home.run()
    own = [office.submission(FOOD, receipt.number) for receipt in receipts]
    assert [[(f.id, f.line) for f in one.findings] for one in own] == promised
    assert [one.standing for one in own] == ["accepted", "awaiting_review"]


def upload_all(page: object, *files: tuple[str, bytes]) -> None:
    page.toggle(key="several").set_value(True).run()
    page.file_uploader[0].set_value([(name, data, "text/csv") for name, data in files])
    page.run()
    assert not page.exception


def test_one_declaration_files_what_may_be_filed_and_each_gets_its_receipt(
    filing_home: FilingHome, office: Office, view: View
) -> None:
    page = view(POTS)
    may, june = month(POTS, "202505", "1", "1.5"), month(POTS, "202506", "1.5", "2")
    bad = form_csv("energy_monthly", {**ELECTRICITY, "uscc": POTS, "production_use": "约9"})
    upload_all(page, ("june.csv", june), ("bad.csv", bad), ("may.csv", may), ("again.csv", may))
    text = text_of(page)
    assert "共 3 个文件，2 个可以报送" in text
    assert "1 个需要修改" in text
    assert "1 个与其他文件内容完全相同" in text
    assert [box.label.split(" · ")[0] for box in page.expander] == [
        "✓ 可以报送",
        "✓ 可以报送",
        "▲ 需要修改",
    ]
    assert page.button(key="file_all").label == "确认报送 2 个文件"
    assert page.button(key="file_all").disabled
    page.checkbox[0].check().run()
    page.button(key="file_all").click().run()
    assert not page.exception
    numbers = page.query_params["receipt"]
    assert len(numbers) == 2
    text = text_of(page)
    assert "2 个文件已收妥" in text
    assert all(f"/files/receipt/{number}" in text for number in numbers)
    own = [office.submission(POTS, number) for number in numbers]
    assert [one.submission.file_name for one in own] == ["may.csv", "june.csv"]
    filing_home.run()
    assert [office.submission(POTS, number).standing for number in numbers] == ["accepted"] * 2


def test_another_firms_receipts_in_the_address_show_nothing(view: View, office: Office) -> None:
    receipts = office.file_all(FOOD, [("march.csv", MARCH, (), ""), ("april.csv", APRIL, (), "")])
    numbers = [receipt.number for receipt in receipts]
    page = text_of(view(POTS, receipt=numbers))
    assert "march.csv" not in page
    assert not any(number in page for number in numbers)


def test_a_file_that_wants_a_reason_holds_the_button_until_it_has_one(view: View) -> None:
    page = view(SHIPS)
    odd = month(SHIPS, "202502", "4", "4.5")
    upload_all(page, ("january.csv", month(SHIPS, "202501", "1", "1.5")), ("february.csv", odd))
    page.checkbox[0].check().run()
    assert page.button(key="file_all").disabled
    page.text_input[0].input("盘点差异").run()
    assert not page.button(key="file_all").disabled
    upload_all(page, ("picture.csv", (SAMPLES / "a_picture.csv").read_bytes()))
    assert "file_all" not in {button.key for button in page.button}
