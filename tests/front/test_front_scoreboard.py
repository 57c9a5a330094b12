"""The plan's scoreboard as the bureau reads it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from front_home import OWN, Home, publish_fixture
from page_views import View, opening, text_of

from front.paths import PAGES


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
            ("规划记分板", "目标", "基数核对", "规定与政策提示", "未达到", "口径待确认",
             "无法测算，因为范围内 5 个园区中，5 个没有登记土地面积（park_land）。",
             "已报 119/120 企业月", "583.47", "5–10（2025 年）", "−416.53"),
        ),
        (
            "en",
            ("Plan scoreboard", "Not reached", "To be confirmed", "119 of 120 firm-months filed",
             "Not measurable, because no land area is filed (park_land) for 5 of 5 parks."),
        ),
    ],
)  # fmt: skip
def test_each_row_of_the_plan_says_its_value_status_and_basis(
    view: View, language: str, words: tuple[str, ...]
) -> None:
    page = text_of(view("officer", page="scoreboard", language=language))
    for word in words:
        assert word in page, word
    assert "None" not in page


def test_the_final_evaluation_is_a_month_to_choose(view: View) -> None:
    test = view("officer", page="scoreboard")
    [choice] = [box for box in test.selectbox if box.key == "scoreboard_month"]
    assert choice.options[0].startswith("2026 年")
    [final] = [option for option in choice.options if "末期评估" in option]
    assert final == "2025 年 12 月 · 末期评估"
    choice.set_value(date(2025, 12, 1)).run()
    assert "<b>末期评估</b>" in text_of(test)


def test_no_firm_reaches_the_scoreboard(view: View) -> None:
    assert "583.47" not in text_of(view(OWN, page="scoreboard"))


def test_the_pages_address_is_served() -> None:
    assert "/scoreboard" in PAGES
