"""My filings by version, corrections with a reason, and audit stages entered by form."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from filing_home import DIESEL, ELECTRICITY, POTS, SHIPS, FilingHome, form_csv
from page_views import View, opening, text_of
from streamlit.testing.v1 import AppTest

from front.audit.entering import composed, own_stages
from greenmfg.pipeline.workshop import workshop
from greenmfg.portal import CorrectionUnexplained, Office, open_office
from greenmfg.portal.corrections import EVENT
from greenmfg.records import FilingState, Verdict

WHY = "九月电表读错，按校准后的表底更正"


@pytest.fixture
def office(filing_home: FilingHome) -> Office:
    return open_office(filing_home.settings)


@pytest.fixture
def view(filing_home: FilingHome, monkeypatch: pytest.MonkeyPatch) -> Iterator[View]:
    with opening(filing_home, monkeypatch) as open_page:
        yield open_page


@pytest.fixture(scope="module")
def corrected(filing_home: FilingHome) -> FilingHome:
    """September of SHIPS filed again, past its due day, with more electricity and no diesel."""
    again = form_csv("energy_monthly", {**ELECTRICITY, "purchased": "104", "production_use": "102"})
    office = open_office(filing_home.settings)
    office.file(SHIPS, "september_2.csv", again, correction_reason=WHY)
    filing_home.run()
    with workshop(filing_home.settings) as shop:
        for filing in shop.registry.waiting_reviews():
            shop.registry.review(
                filing.id,
                "accept",
                "柴油叉车已停用，属实",
                "steward",
                filing_home.settings.now(),
                replaces=shop.replaces,
            )
    return filing_home


def _versions(view: View, login: str, language: str = "zh") -> AppTest:
    page = view(login, "filings", language=language)
    page.radio(key="mine_view").set_value("versions").run()
    assert not page.exception
    return page


def _click_under_way(page: AppTest, key: str) -> None:
    """A click that reaches the server after what enabled the button is gone, or is made up:
    Streamlit's server throws it away, which this page relies on."""
    button = page.button(key=key)
    assert button.disabled
    button.proto.disabled = False
    button.click().run()


@pytest.mark.usefixtures("corrected")
def test_versions_stand_with_who_did_what_and_the_cells_that_changed(view: View) -> None:
    page = text_of(_versions(view, SHIPS))
    assert "第 2 版" in page
    assert "september_2.csv" in page
    assert WHY in page
    assert "柴油叉车已停用，属实" in page
    assert "数据管理员" in page
    assert "由第 2 版替代" in page
    assert "<del>99</del>" in page
    assert "<ins>102</ins>" in page
    assert ">删除</span> 柴油" in page
    assert "对本月指标的影响" in page
    # Output of September was never filed: no intensity, and it says why.
    assert "只报了能源，没有产值月报" in page


@pytest.mark.usefixtures("corrected")
def test_another_firm_sees_nothing_of_these_versions(view: View) -> None:
    page = _versions(view, POTS)
    text = text_of(page)
    assert "september" not in text
    assert WHY not in text
    assert SHIPS not in text


@pytest.mark.usefixtures("corrected")
def test_versions_are_english_in_english(view: View) -> None:
    text = text_of(_versions(view, SHIPS, language="en"))
    for own in (WHY, "柴油叉车已停用，属实"):
        text = text.replace(own, "")
    names = {"示例船舶配套有限公司", "万千瓦时", "吨", "中文", "当量", "柴油"}
    assert set(re.findall(r"[\u4e00-\u9fff]+", text)) - names == set()


def test_only_stages_that_a_firm_enters_are_offered(office: Office) -> None:
    stages = own_stages(office)
    assert "审核准备" in stages
    assert "验收申请" in stages
    assert not {"名单提出", "名单公布", "评估", "验收", "结果公布"} & set(stages)


def test_an_entered_stage_is_the_file_that_a_clerk_would_have_uploaded(office: Office) -> None:
    cells = {
        "audit_round": "2026",
        "stream": "mandatory",
        "category": "energy_over",
        "stage": "审核准备",
        "event_date": "2026-10-20",
        "claimed_saving_tce": "12.5",
    }
    filled = {
        **cells, "uscc": SHIPS, "stream": "强制性", "category": "高耗能",
    }  # fmt: skip
    assert composed(office, SHIPS, cells) == form_csv("audit_progress", filled)


def _entered(page: AppTest, **changes: str) -> None:
    page.text_input(key="audit_audit_round").set_value("2026")
    page.selectbox(key="audit_stream").set_value("voluntary")
    page.selectbox(key="audit_stage").set_value("审核准备")
    for name, value in changes.items():
        page.text_input(key=f"audit_{name}").set_value(value)


def _button(page: AppTest, key: str) -> None:
    page.button(key=key).click().run()
    assert not page.exception


def test_a_stage_without_its_day_is_told_as_for_a_file_and_cannot_be_filed(view: View) -> None:
    page = view(SHIPS, "audit")
    _entered(page, claimed_saving_tce="约12")
    _button(page, "audit_check")
    text = text_of(page)
    assert "尚未报送" in text
    assert '<td class="bad"><i>空白</i></td>' in text
    assert '<td class="bad">约12</td>' in text
    assert "audit_file" not in {button.key for button in page.button}


def test_a_stage_is_entered_declared_filed_and_stands_on_record_for_this_firm_alone(
    view: View, filing_home: FilingHome, office: Office
) -> None:
    page = view(SHIPS, "audit")
    _entered(page, document_no="内审〔2026〕3号")
    page.date_input(key="audit_event_date").set_value("2026-10-20")
    _button(page, "audit_check")
    page.checkbox[0].check().run()
    _button(page, "audit_file")
    number = page.query_params["receipt"]
    number = number if isinstance(number, str) else number[0]
    submission = office.submission(SHIPS, number).submission
    assert submission.channel == "portal"
    filing_home.run()
    assert office.submission(SHIPS, number).standing == "accepted"
    assert "内审〔2026〕3号" in text_of(view(SHIPS, "audit"))
    others = text_of(view(POTS, "audit"))
    assert "内审" not in others
    assert SHIPS not in others
    assert number not in text_of(view(POTS, "audit", receipt=number))


def test_the_bureau_has_no_page_to_enter_a_stage(view: View) -> None:
    assert "填报一个阶段" not in text_of(view("officer", "audit"))


def test_a_month_that_has_nothing_in_force_is_no_correction(office: Office) -> None:
    august = form_csv("energy_monthly", {**DIESEL, "period": "202608"})
    outcome = office.try_file(SHIPS, "august.csv", august).outcome
    assert isinstance(outcome, Verdict)
    assert outcome.filings
    assert office.closed_months(SHIPS, outcome) == ()


@pytest.mark.usefixtures("corrected")
def test_a_correction_is_declared_with_a_reason_that_goes_on_record(
    view: View, office: Office
) -> None:
    again = form_csv("energy_monthly", {**ELECTRICITY, "purchased": "105", "production_use": "103"})
    page = view(SHIPS)
    page.file_uploader[0].upload("september_3.csv", again)
    page.run()
    assert "更正已截止的月份" in text_of(page)
    page.checkbox[0].check().run()
    assert page.button(key="file_it").disabled
    [box] = [one for one in page.text_input if (one.key or "").startswith("correction_")]
    box.set_value("复核发现又少计两度").run()
    _button(page, "file_it")
    number = page.query_params["receipt"]
    number = number if isinstance(number, str) else number[0]
    with workshop(office.settings) as shop:
        told = [e for e in shop.registry.events(subject=number) if e.kind == EVENT]
    assert [(e.actor, e.payload["reason"]) for e in told] == [(SHIPS, "复核发现又少计两度")]


@pytest.mark.usefixtures("corrected")
def test_the_office_itself_takes_no_correction_without_a_reason(office: Office) -> None:
    again = form_csv("energy_monthly", {**ELECTRICITY, "purchased": "107", "production_use": "105"})
    new = form_csv("energy_monthly", {**ELECTRICITY, "period": "202606"})
    before = len(office.submissions(SHIPS, 100))
    for reason in ("", " 更正 "):
        with pytest.raises(CorrectionUnexplained, match="2026-09"):
            office.file(SHIPS, "september_5.csv", again, correction_reason=reason)
    with pytest.raises(CorrectionUnexplained, match="2026-09"):
        office.file_all(SHIPS, [("june.csv", new, (), ""), ("september_5.csv", again, (), "")])
    assert len(office.submissions(SHIPS, 100)) == before


def test_a_month_that_another_clerk_files_meanwhile_is_asked_about_and_not_overwritten(
    view: View, office: Office, filing_home: FilingHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = form_csv("energy_monthly", {**ELECTRICITY, "period": "202605"})
    theirs = form_csv("energy_monthly", {**ELECTRICITY, "period": "202605", "purchased": "102",
                                         "production_use": "100"})  # fmt: skip
    page = view(SHIPS)
    page.file_uploader[0].upload("may_ours.csv", ours)
    page.run()
    page.checkbox[0].check().run()
    assert not page.button(key="file_it").disabled
    receipt = office.file(SHIPS, "may_theirs.csv", theirs)
    filing_home.run()
    assert office.submission(SHIPS, receipt.number).standing == FilingState.ACCEPTED
    # The click that was under way, and one that comes after the page had asked its questions.
    real, asked = Office.closed_months, []

    def at_first_none(self: Office, uscc: str, verdict: Verdict) -> tuple[object, ...]:
        asked.append(uscc)
        return () if len(asked) == 1 else real(self, uscc, verdict)

    page.button(key="file_it").click().run()
    assert "更正已截止的月份" in text_of(page)
    _click_under_way(page, "file_it")
    assert "receipt" not in page.query_params
    monkeypatch.setattr(Office, "closed_months", at_first_none)
    _click_under_way(page, "file_it")
    assert not page.exception
    assert "没有报送：这份报表已成为更正" in text_of(page)
    assert "may_ours.csv" not in {s.submission.file_name for s in office.submissions(SHIPS, 100)}
    [box] = [one for one in page.text_input if (one.key or "").startswith("correction_")]
    box.set_value("另一位同事漏了一度").run()
    _button(page, "file_it")
    assert "may_ours.csv" in {s.submission.file_name for s in office.submissions(SHIPS, 100)}


def test_a_click_on_a_button_that_is_no_longer_enabled_files_nothing(
    view: View, office: Office
) -> None:
    page = view(SHIPS)
    page.file_uploader[0].upload(
        "april.csv", form_csv("energy_monthly", {**ELECTRICITY, "period": "202604"})
    )
    page.run()
    assert page.button(key="file_it").disabled
    _click_under_way(page, "file_it")
    assert not page.exception
    assert "april.csv" not in {s.submission.file_name for s in office.submissions(SHIPS, 100)}


@pytest.mark.usefixtures("corrected")
def test_each_correction_among_several_files_waits_for_its_reason(
    view: View, office: Office
) -> None:
    again = form_csv("energy_monthly", {**ELECTRICITY, "purchased": "106", "production_use": "104"})
    new = form_csv("energy_monthly", {**ELECTRICITY, "period": "202607"})
    page = view(SHIPS)
    page.toggle(key="several").set_value(True).run()
    page.file_uploader[0].set_value(
        [("september_4.csv", again, "text/csv"), ("july.csv", new, "text/csv")]
    )
    page.run()
    page.checkbox[-1].check().run()
    assert page.button(key="file_all").disabled
    [box] = [one for one in page.text_input if (one.key or "").startswith("correction_")]
    box.set_value("四舍五入更正").run()
    _button(page, "file_all")
    with workshop(office.settings) as shop:
        told = {
            s.file_name: [
                e.payload["reason"]
                for e in shop.registry.events(subject=s.receipt)
                if e.kind == EVENT
            ]
            for s in shop.registry.submissions(account=SHIPS, limit=2)
        }
    assert told == {"september_4.csv": ["四舍五入更正"], "july.csv": []}
