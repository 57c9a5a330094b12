"""The clocks of a firm's audits, as its page prints them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import fixture_release
import pytest
from front_home import Home, publish_fixture
from page_views import View, opening, text_of

LATE_FIRM = fixture_release.uscc(82)
VOLUNTARY_FIRM = fixture_release.uscc(78)


@pytest.fixture
def view(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[View]:
    with opening(home, monkeypatch) as open_page:
        yield open_page


@pytest.fixture
def published(home: Home, release_file: Path) -> Home:
    publish_fixture(home, release_file)
    return home


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh",
            [
                'scope="col">法定时限',
                "企业信息公示",
                "按期完成",
                "迟 9 天完成",
                "逾期 166 天",
                "2026-06-10",
            ],
        ),
        ("en", ["Statutory limit", "done in time", "done 9 days late", "166 days overdue"]),
    ],
)
def test_each_stage_with_a_limit_says_whether_it_was_kept(
    published: Home, view: View, language: str, words: list[str]
) -> None:
    page = text_of(view("officer", page="enterprise", uscc=LATE_FIRM, language=language))
    for word in words:
        assert word in page, word


def test_a_round_without_limits_shows_no_clocks(published: Home, view: View) -> None:
    page = text_of(view("officer", page="enterprise", uscc=VOLUNTARY_FIRM))
    assert "自愿性" in page
    assert 'scope="col">法定时限' not in page
