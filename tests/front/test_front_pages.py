"""The pages as Streamlit runs them, without a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import duckdb
import fixture_release
import pyarrow as pa
import pytest
from front_home import HALF, NEGATIVE, OTHER, OWN, SILENT, Home, publish_fixture
from page_views import View, opening, text_of
from streamlit.testing.v1 import AppTest

from front import data, figures
from greenmfg.access import open_door
from greenmfg.queries.change import INDUSTRIES_NAMED
from greenmfg.queries.explain import Subject, Window, explain
from greenmfg.warehouse import reader


@pytest.fixture
def view(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[View]:
    with opening(home, monkeypatch) as open_page:
        yield open_page


def walk_of(test: AppTest) -> list[tuple[str, str]]:
    """Name and printed figure of each bar of the walk, from the chart as it was sent."""
    chart = next(
        element.proto
        for element in test.get("vega_lite_chart")
        if json.loads(element.proto.spec)["height"] == {"step": 44}
    )
    rows = pa.ipc.open_stream(chart.data.data).read_all().to_pylist()
    return [(row["name"], row["shown"]) for row in rows]


def keys_of(test: AppTest) -> set[str]:
    return {widget.key for widget in [*test.selectbox] if widget.key}


@pytest.fixture
def published(home: Home, release_file: Path) -> Home:
    publish_fixture(home, release_file)
    return home


def test_without_a_session_there_is_only_the_way_to_sign_in(published: Home, view: View) -> None:
    page = text_of(view(None))
    assert "登录已过期" in page
    assert "示例企业" not in page


def test_an_ended_session_shows_nothing_more_on_the_next_run(published: Home, view: View) -> None:
    test = view("officer")
    door = open_door(published.settings)
    door.set_active("officer", False)
    test.run()
    assert "登录已过期" in text_of(test)
    assert "示例企业" not in text_of(test)


def test_before_the_first_release_the_page_says_what_will_come(view: View) -> None:
    assert "还没有发布数据" in text_of(view("officer"))
    assert "Nothing has been published yet" in text_of(view("officer", language="en"))


def test_a_release_without_any_month_says_so(home: Home, view: View) -> None:
    fixture_release.write_release(home.settings.releases, empty=True)
    assert "还没有任何月份的报表" in text_of(view("officer"))


def test_the_overview_puts_month_filed_count_and_release_into_its_head(
    published: Home, view: View
) -> None:
    page = text_of(view("officer"))
    for part in ("数据截至 <b>2026-10</b>", "<b>115/124</b>", "发布版本 <b>2026-11-23 08:00</b>"):
        assert part in page


def test_the_headline_card_prints_its_price_basis_target_and_rolling_value(
    published: Home, view: View
) -> None:
    page = text_of(view("officer"))
    card = page[page.index('<section class="card') :].split("</section>")[0]
    for part in (
        "0.0883",
        "高于目标 10.4%",
        "未平减",
        "目标 0.08（2025 年）",
        "滚动 12 个月 0.0900",
    ):
        assert part in card


def test_every_panel_of_the_overview_has_its_method_and_its_csv(
    published: Home, view: View
) -> None:
    page = text_of(view("officer"))
    heads = page.count('class="panel-head"')
    assert heads == 9
    assert page.count('class="method"') == heads
    assert page.count('class="tool csv"') == heads


def test_the_year_is_forecast_with_its_band_and_the_coverage_of_such_bands(
    published: Home, view: View
) -> None:
    shown = data.overview_of("20261123T000000Z", date(2026, 10, 1)).forecast
    assert shown is not None
    low, high = figures.intensity(shown.low), figures.intensity(shown.high)
    chinese = text_of(view("officer"))
    assert "2026 年全年预测" in chinese
    assert f"区间 {low}–{high} · 回测覆盖率 85%（20 次，名义 80%）" in chinese
    assert "到年末还需节约" in chinese
    english = text_of(view("officer", language="en"))
    assert f"band {low}–{high} · held in 85% of 20 back-tests (nominal 80%)" in english


def test_the_walk_of_the_change_begins_a_year_ago_and_ends_at_the_headline(
    published: Home, view: View
) -> None:
    test = view("officer")
    steps = data.overview_of("20261123T000000Z", date(2026, 10, 1)).change
    assert sum(step.contribution for step in steps) == pytest.approx(
        steps[0].now - steps[0].before, abs=1e-12
    )
    named = [step for step in steps if step.kind == "intensity"]
    assert len(named) == INDUSTRIES_NAMED
    sizes = [abs(step.contribution) for step in named]
    assert sizes == sorted(sizes, reverse=True)
    walk = walk_of(test)
    assert walk[0] == ("去年同期", figures.intensity(steps[0].before))
    assert walk[-1] == ("今年累计", "0.0883")
    assert ("产业结构", figures.signed(steps[0].contribution, 5)) in walk


def test_without_a_measured_year_ago_the_change_says_so(published: Home, view: View) -> None:
    test = view("officer")
    test.selectbox(key="overview_month").set_value(fixture_release.MONTHS[0]).run()
    assert "没有可比的去年同期" in text_of(test)


def test_the_overview_is_all_english_in_english_but_for_names(published: Home, view: View) -> None:
    page = text_of(view("officer", language="en"))
    han = set(re.findall(r"[\u4e00-\u9fff]+", re.sub(r'title="[^"]*"', "", page)))
    names = {"示例企业", "有限公司", "中文", "万元工业增加值能耗下降至", "吨标准煤左右"}
    from front.words import phrases

    # Parks, clusters and firms have Chinese names only.
    parks = {place[0] for place in fixture_release.PLACES} | {
        place[1] for place in fixture_release.PLACES
    }
    known = "".join([*names, *parks, fixture_release.LONG_NAME])
    assert {word for word in han if word not in known} == set()
    assert "District overview" in page
    assert phrases()["overview.title"].zh not in page


def test_simulated_data_is_said_on_every_page_while_it_is_loaded(
    published: Home, view: View
) -> None:
    for login, page in (("officer", ""), ("officer", "enterprise"), (OWN, ""), (OWN, "own")):
        assert "模拟数据" in text_of(view(login, page))


def test_real_data_carries_no_banner(home: Home, view: View) -> None:
    fixture_release.write_release(home.settings.releases, demonstration=False)
    assert "模拟数据" not in text_of(view("officer"))


def test_another_month_may_be_chosen_and_the_numbers_follow(published: Home, view: View) -> None:
    test = view("officer")
    months = test.selectbox(key="overview_month")
    assert str(months.value) == "2026-10-01"
    months.select(months.options[4]).run()
    assert not test.exception
    assert "2026 年 1–6 月" in text_of(test)


def test_firms_are_ranked_by_excess_energy_not_by_intensity(published: Home, view: View) -> None:
    from greenmfg.queries.groups import firms_to_watch
    from greenmfg.warehouse.release import reader

    with reader(published.settings) as connection:
        ranked = firms_to_watch(connection, fixture_release.LAST_FILED)
    excess = [firm.over_benchmark_tce for firm in ranked]
    assert excess == sorted(excess, reverse=True)
    intensities = [firm.intensity for firm in ranked]
    assert intensities != sorted(intensities, reverse=True)
    assert NEGATIVE in {firm.uscc for firm in ranked}


def test_overdue_audits_and_missing_firms_are_named_with_links(published: Home, view: View) -> None:
    page = text_of(view("officer"))
    assert f"/enterprise?uscc={SILENT}" in page
    assert "从未报送" in page
    assert "逾期 286 天" in page


def test_a_firm_has_one_page_and_it_is_its_own(published: Home, view: View) -> None:
    page = text_of(view(OWN, "own", uscc=OTHER))
    assert OWN in page
    assert OTHER not in page
    assert "全区绿色制造总览" not in page


def test_a_firm_has_no_search_for_others(published: Home, view: View) -> None:
    assert "enterprise" not in keys_of(view(OWN, "own"))
    assert "enterprise" in keys_of(view("officer", "enterprise"))


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("too_few_firms", "同行业企业过少，不予显示"),
        ("one_firm_dominates", "同行业一家独大，不予显示"),
    ],
)
def test_a_firm_sees_its_industry_only_where_nobody_is_given_away(
    home: Home, view: View, release_file: Path, reason: str, words: str
) -> None:
    publish_fixture(home, release_file)
    with duckdb.connect(str(home.settings.releases / release_file.name)) as connection:
        connection.execute(
            "update marts.industry_benchmarks set aggregate_suppressed_reason = $reason, "
            "quartiles_suppressed_reason = $reason",
            {"reason": reason},
        )
        connection.execute(
            "update marts.enterprise_benchmarks set peers_suppressed_reason = $reason",
            {"reason": reason},
        )
    firm = text_of(view(OWN, "own"))
    assert words in firm
    assert "他人数据不予显示" in firm
    for figure in ("第一四分位", "的同行单耗更低", "行业合计"):
        assert figure not in firm
    bureau = text_of(view("officer", "enterprise", uscc=OWN))
    assert "同行业 0.0" in bureau
    assert "第一四分位" in bureau


def test_a_firm_sees_its_place_and_the_quartiles_of_an_industry_of_many(
    published: Home, view: View
) -> None:
    page = text_of(view(OWN, "own"))
    for part in ("在同行业中的位置", "同行业 0.0", "本企业", "第一四分位", "的同行单耗更低"):
        assert part in page
    # The mart holds the figures of all: it is no export for a firm, and its rank is the bureau's.
    assert "/export/enterprise_benchmarks" not in page
    assert "全区超额第" not in page


def test_the_enterprise_page_goes_from_the_ratio_to_the_filed_rows(
    published: Home, view: View
) -> None:
    page = text_of(view("officer", "enterprise", uscc=OTHER))
    for part in (
        "868.57",
        "4,513.55",
        "0.1924",
        "生产法推算",
        "ER202610-0118",
        "OR202610-0118",
        "能源月报_202610.csv",
        "438.172916",
        "1.229",
        "538.5145 tce",
        "区间缺省值",
    ):
        assert part in page


def test_a_firms_page_and_the_command_line_say_the_same_figures(
    published: Home, view: View
) -> None:
    page = text_of(view(OWN, "own"))
    with reader(published.settings) as release:
        subject, month = Subject.of(OWN), date(2026, 10, 1)
        said = {
            window: explain(release, subject, month, window, "constant").as_json()
            for window in get_args(Window)
        }
    in_month = said["month"]
    terms = re.findall(r"<p><b>([^<]+)</b>", page[page.index('<div class="equation">') :])[:3]
    assert terms == [
        figures.number(Decimal(in_month["energy_tce"]), 2),
        figures.number(Decimal(in_month["value_added_10k_cny"]), 2),
        figures.intensity(Decimal(in_month["intensity_tce_per_10k_cny"])),
    ]
    for row in in_month["filed_rows"]:
        assert row["receipt"] in page
    for one in said.values():
        assert figures.intensity(Decimal(one["intensity_tce_per_10k_cny"])) in page


def test_other_views_and_co2_stand_beside_the_official_figure(published: Home, view: View) -> None:
    bureau = text_of(view("officer"))
    for part in ("其他口径的能耗", "219,084.00", "0.2191", "沿用较早年份系数", "二氧化碳（吨）",
                 "325,979.0", "EQV-2024", "/export/energy_views", "/export/emission_views"):  # fmt: skip
        assert part in bureau
    assert "无法计算 · 没有该年热力的等价系数" in bureau
    # A view's ratio says on which price it stands, like every other.
    panel = bureau[bureau.index("其他口径的能耗") : bureau.index("二氧化碳（吨）")]
    assert "未平减" in panel


def test_a_firm_sees_its_own_views_and_no_export_of_everybodys(published: Home, view: View) -> None:
    firm = text_of(view(OWN, "own"))
    assert "109,542.00" in firm
    assert "162,989.5" in firm
    assert "219,084.00" not in firm
    assert "/export/energy_views" not in firm
    assert "/export/emission_views" not in firm


def test_another_month_of_the_enterprise_brings_its_own_rows(published: Home, view: View) -> None:
    test = view("officer", "enterprise", uscc=OTHER)
    months = test.selectbox(key=f"month_of_{OTHER}_2026-10-01")
    months.select(months.options[2]).run()
    assert "ER202608-0118" in text_of(test)
    assert "ER202610-0118" not in text_of(test)


def _behind(test: AppTest, uscc: str) -> str:
    test.selectbox(key=f"month_of_{uscc}_2026-10-01").select("2026 年 10 月").run()
    return text_of(test)


def test_negative_value_added_is_not_a_ratio_and_says_why(published: Home, view: View) -> None:
    page = _behind(view("officer", "enterprise", uscc=NEGATIVE), NEGATIVE)
    assert "无法计算" in page
    assert "增加值不大于零，比值没有意义" in page
    assert "ER202610-0017" in page


def test_output_without_energy_says_which_report_is_missing(published: Home, view: View) -> None:
    page = _behind(view("officer", "enterprise", uscc=HALF), HALF)
    assert "只报了产值，没有能源月报" in page
    assert "有产值无能源" in page


def test_the_overview_lists_the_firms_whose_two_reports_disagree(
    published: Home, view: View
) -> None:
    page = text_of(view("officer"))
    assert "两张月报有出入的企业" in page
    assert "有产值无能源" in page
    english = text_of(view("officer", language="en"))
    assert "output without energy" in english


def test_a_nil_return_is_called_one(published: Home, view: View) -> None:
    nil = fixture_release.uscc(fixture_release.NIL)
    test = view("officer", "enterprise", uscc=nil)
    months = test.selectbox(key=f"month_of_{nil}_2026-10-01")
    months.select("2026 年 8 月").run()
    assert "零报表（本月停产）" in text_of(test)


def test_a_firm_that_never_filed_is_told_what_will_come(published: Home, view: View) -> None:
    page = text_of(view(SILENT, "own"))
    assert "该企业还没有报送过月报" in page
    assert "无法计算" in page


def test_an_unknown_enterprise_in_the_address_is_no_enterprise(published: Home, view: View) -> None:
    page = text_of(view("officer", "enterprise", uscc="<script>alert(1)</script>"))
    assert "请选择一家企业" in page
    assert "alert(1)" not in page


def test_a_long_name_is_shown_whole_in_the_page_head(published: Home, view: View) -> None:
    page = text_of(view("officer", "enterprise", uscc=fixture_release.uscc(7)))
    assert f"<h1>{fixture_release.LONG_NAME}</h1>" in page


def test_names_from_data_are_escaped() -> None:
    from front.markup import firm_link, pill

    assert "<b>" not in pill("<b>x</b>")
    assert '"><' not in firm_link('"><img src=x>', "x")


def test_a_release_that_moves_between_two_reads_is_read_again(
    published: Home, view: View, release_file: Path
) -> None:
    with pytest.raises(data.ReleaseMoved):
        data.months("another-release")


def test_a_new_release_is_seen_on_the_next_run(published: Home, view: View) -> None:
    test = view("officer")
    fixture_release.write_release(
        published.settings.releases, "20261124T000000Z", demonstration=False
    )
    test.run()
    assert not test.exception
    assert "模拟数据" not in text_of(test)


def test_caches_are_keyed_by_release_and_scalars_only() -> None:
    import inspect
    from datetime import date

    allowed: set[Any] = {str, date, data.overview.Grouping}
    for name in (
        "facts",
        "months",
        "overview_of",
        "groups_of",
        "firms_to_watch",
        "enterprises",
        "enterprise_of",
        "month_behind",
    ):
        read = inspect.unwrap(getattr(data, name))
        hints = inspect.get_annotations(read, eval_str=True, globals=vars(data))
        hints.pop("return")
        assert set(hints.values()) <= allowed, name
        assert next(iter(hints)) == "release"
