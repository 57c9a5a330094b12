"""The bureau's pages of audits, benchmarks and data quality, and what a firm sees of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import fixture_release
import pytest
from fixture_program import WITHOUT_SCORE
from front_home import OWN, SILENT, Home, publish_fixture
from page_views import View, opening, text_of

from front.paths import PAGES
from greenmfg.queries.exports import EXPORTS

BUREAU = ("audits", "benchmarks", "quality")


@pytest.fixture
def view(home: Home, release_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[View]:
    publish_fixture(home, release_file)
    with opening(home, monkeypatch) as open_page:
        yield open_page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh",
            # the count against the target, both streams, the forecast with its band and its basis
            ("29</span>", "/ 45 家", "距目标还差 16 家", "强制性 20 家（高耗能 6）· 自愿性 9 家",
             "到 2026 年末预计", "区间 34–38", "规划期后新增，不计入目标；其中已验收 33 家",
             "在审 9 轮，可预测 8 轮", "依据最少的一轮参照 7 个往轮。", "往轮 12 个中 9 个",
             "往轮过少", "往年 11 月的预测：2 次中 2 次落在区间内。",
             # clocks by stage with days, failed and re-audited rounds, an audit of a park
             "最长逾期", "还有 ", "时限内", "验收（不合格）", "未验收合格，不计", "计入 3 家",
             # savings: a claim beside what was measured, and why not
             "无法测算：启动前 12 个月的月报不全", "无法测算：验收后还不满 12 个月",
             "无法测算：没有工业总产值", '<b class="bad">−12.4</b>', "5 轮，申报 205.0",
             "6 轮均尚不可测"),
        ),
        (
            "en",
            ("16 to go", "Expected by the end of 2026", "9 of 12 past rounds",
             "Failed and repeated audits", "Not measurable: a month of the twelve before the audit",
             "5 rounds, claimed 205.0", "Stage"),
        ),
    ],
)  # fmt: skip
def test_the_audits_page_says_count_forecast_clocks_rounds_and_savings(
    view: View, language: str, words: tuple[str, ...]
) -> None:
    page = text_of(view("officer", page="audits", language=language))
    for word in words:
        assert word in page, word
    assert "None" not in page


def test_an_audit_year_that_is_over_says_what_it_became(view: View) -> None:
    test = view("officer", page="audits")
    [choice] = [box for box in test.selectbox if box.key == "audits_month"]
    choice.set_value(date(2025, 6, 1)).run()
    page = text_of(test)
    assert "2025 年末实际" in page
    assert "当月曾预测 23.6 家" in page


def test_one_audit_of_a_park_names_every_firm_it_covers(view: View) -> None:
    page = text_of(view("officer", page="audits"))
    listed = page[page.index("园区整体审核") :]
    for number in (4, 6, 8):
        assert fixture_release.name_of(number) in listed


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh",
            ("超基准能耗合计", "不高于基准的企业", "远高于基准", "同行业中位数", "第一四分位",
             "四分位数不对外", "单位能耗增加值", "30%", "20%", "全区值（100 分）",
             "资源利用效率 A 类", "得分范围", "增加值不大于零，比值没有意义"),
        ),
        (
            "en",
            ("Energy above benchmarks", "First quartile", "quartiles stay", "Value added per energy",
             "District (100 points)", "Resource efficiency class A",
             "value added is not above zero, so a ratio means nothing"),
        ),
    ],
)  # fmt: skip
def test_the_benchmarks_page_says_quartiles_colours_excess_weights_and_classes(
    view: View, language: str, words: tuple[str, ...]
) -> None:
    page = text_of(view("officer", page="benchmarks", language=language))
    for word in words:
        assert word in page, word
    assert "None" not in page


def test_the_firm_with_the_largest_excess_stands_first_and_a_colour_narrows_the_list(
    view: View,
) -> None:
    test = view("officer", page="benchmarks")
    rows = text_of(test).split('class="firm"')
    assert fixture_release.name_of(118) in rows[1]
    [colour] = [box for box in test.selectbox if box.key == "benchmarks_tier"]
    colour.set_value("green").run()
    page = text_of(test)
    listed = page[page.index('aria-label="企业对标"') : page.index('aria-label="各行业的基准"')]
    assert "不高于基准</span>" in listed
    assert "远高于基准</span>" not in listed


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh",
            ("各项检查逐月结果", "项检查中 3 项有发现", "2026-10：查 240 份，未通过 2 份，通过率 99.2%",
             "近 12 个月没有发现的检查（", "企业报送质量", "124 家中 33 家满分",
             "该栏“…”不是 18 位统一社会信用代码。"),
        ),
        (
            "en",
            ("Checks by month", "checks found something",
             "2026-10: 240 touched, 2 failed, 99.2% passed", "Days late",
             "This column “…” is not an 18-character unified social credit code."),
        ),
    ],
)  # fmt: skip
def test_the_quality_page_says_each_check_by_month_and_each_firms_score(
    view: View, language: str, words: tuple[str, ...]
) -> None:
    page = text_of(view("officer", page="quality", language=language))
    for word in words:
        assert word in page, word


def test_the_quality_page_counts_every_check_once_whether_or_not_it_found_anything(
    view: View,
) -> None:
    page = text_of(view("officer", page="quality", language="en"))
    counted = re.search(r"(\d+) of (\d+) checks found something", page)
    silent = re.search(r"Checks that found nothing in twelve months \((\d+)\)", page)
    assert counted is not None
    assert silent is not None
    assert int(counted[1]) + int(silent[1]) == int(counted[2])
    assert "None" not in page
    assert "{" not in page
    assert "[[" not in page


def test_a_firm_that_never_filed_has_the_lowest_quality_score(view: View) -> None:
    page = text_of(view("officer", page="quality"))
    listed = page[page.index('aria-label="企业报送质量"') :]
    first = listed.split('class="firm"')[1]
    assert SILENT in first
    assert "0/24" in first or "0/22" in first


def test_the_overview_says_the_pace_and_after_the_target_year_why_there_is_none(view: View) -> None:
    test = view("officer")
    assert "没有应有进度：目标年已过" in text_of(test)
    [choice] = [box for box in test.selectbox if box.key == "overview_month"]
    choice.set_value(date(2025, 10, 1)).run()
    page = text_of(test)
    assert "落后于进度" in page
    assert "到 2025 年达标须 −12.0%（余 1 年，直线为本平台口径，今年应到 0.0800）" in page


def test_a_firm_sees_its_class_and_own_values_but_no_value_of_the_district(view: View) -> None:
    own = text_of(view(OWN, page="own"))
    assert "资源利用效率" in own
    assert "类</span>" in own
    assert "这里只列本企业的指标值和类别" in own
    assert "全区值（100 分）" not in own
    assert "总分" not in own
    assert "报送质量得分" in own
    bureau = text_of(view("officer", page="enterprise", uscc=OWN))
    assert "全区值（100 分）" in bureau
    assert "总分" in bureau


def test_an_efficiency_without_a_score_says_why(view: View) -> None:
    lost = text_of(view("officer", page="enterprise", uscc=fixture_release.uscc(WITHOUT_SCORE)))
    panel = lost[lost.index("资源利用效率") :]
    assert "类</span>" not in panel
    assert "增加值不大于零，比值没有意义" in panel


@pytest.mark.parametrize("page", BUREAU)
def test_no_firm_reaches_a_page_of_the_bureau(view: View, page: str) -> None:
    seen = text_of(view(OWN, page=page))
    for word in ("逐月验收家数与目标", "各行业的基准", "各项检查逐月结果"):
        assert word not in seen


@pytest.mark.parametrize("page", BUREAU)
def test_without_any_month_a_page_says_what_is_missing(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    publish_fixture(home, fixture_release.write_release(tmp_path / "empty", empty=True))
    with opening(home, monkeypatch) as open_page:
        assert 'class="empty"' in text_of(open_page("officer", page=page))


@pytest.mark.parametrize("page", BUREAU)
def test_the_address_of_each_page_is_served(page: str) -> None:
    assert f"/{page}" in PAGES


def test_what_the_bureau_alone_may_see_is_no_export_of_a_firm() -> None:
    for mart in ("audit_forecasts", "resource_efficiency", "enterprise_benchmarks", "check_months"):
        assert EXPORTS[mart].tenant is None


def test_the_total_of_an_audit_is_not_read_as_one_firms_claim(view: View) -> None:
    """Three firms carry one total; the sum of all so far comes from the mart, not from the rows."""
    page = text_of(view("officer", page="audits"))
    assert page.count("整次审核合计") == 3
    months = len(fixture_release.MONTHS)
    assert "历年至今" in page
    assert f"{40.25 * months:,.0f}</span>" in page
