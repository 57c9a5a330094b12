"""A firm files: the same verdict as the pipeline's, its own templates and receipts, nobody else's."""

from __future__ import annotations

import gc
import html
import io
import json
import os
import re
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
import segno
from filing_home import (
    DIESEL,
    ELECTRICITY,
    OCTOBER,
    POTS,
    SAMPLES,
    SHIPS,
    FilingHome,
    form_csv,
    odd_stock,
)
from front_home import ROOT
from page_views import View, opening, text_of
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.testclient import TestClient

from front import cookies
from front.filing.office import warming
from front.filing.receipt import receipt_route
from front.filing.routes import template_route
from front.gate import Gate
from front.paths import Paths
from greenmfg.access import open_door
from greenmfg.portal import Office, UnknownEnterprise, open_office
from greenmfg.records import Explanation, FilingState
from greenmfg.registry import UnknownSubmission

STOCK = Explanation("E120", 4, "opening_stock", "九月底盘点少记一桶")
NUMBER = re.compile(r"S\d{8}")


@pytest.fixture
def office(filing_home: FilingHome) -> Office:
    return open_office(filing_home.settings)


@pytest.fixture
def view(filing_home: FilingHome, monkeypatch: pytest.MonkeyPatch) -> Iterator[View]:
    with opening(filing_home, monkeypatch) as open_page:
        yield open_page


@pytest.fixture
def client(filing_home: FilingHome) -> TestClient:
    settings = filing_home.settings
    app = Starlette(
        routes=[
            Route("/files/template/{name}", template_route(settings)),
            Route("/files/receipt/{number}", receipt_route(settings)),
        ],
        middleware=[Middleware(Gate, door=open_door(settings), paths=Paths(frozenset()))],
    )
    return TestClient(app, follow_redirects=False)


def enter(client: TestClient, home: FilingHome, login: str) -> None:
    client.cookies.set(cookies.SESSION, home.token(login))


def own_receipt(office: Office, uscc: str = SHIPS) -> str:
    return office.submissions(uscc, 50)[-1].submission.receipt


# The check ---------------------------------------------------------------------------------------


SAID = ["energy_many_errors.csv", "output_good.xlsx", "energy_title_rows.csv", "a_picture.csv"]
# One process for all files: importing Great Expectations costs seconds.
CALLS = """
import sys
from click.testing import CliRunner
from greenmfg.cli.forms import check
for path in sys.argv[2:]:
    done = CliRunner().invoke(check, [path, "--json", "--as", sys.argv[1]])
    assert done.exit_code in (0, 1), done.output
    sys.stdout.write(done.stdout + "\\f")
"""


def test_the_pages_check_says_byte_for_byte_what_the_command_line_says(
    filing_home: FilingHome, office: Office
) -> None:
    settings = filing_home.settings
    environment = {
        **os.environ,
        "GREENMFG_HOME": str(settings.home),
        "GREENMFG_ROOMS": str(ROOT),
        "GREENMFG_TODAY": settings.today().isoformat(),
        "PYTHONUTF8": "1",
    }
    command = [sys.executable, "-c", CALLS, SHIPS, *(str(SAMPLES / name) for name in SAID)]
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    for name, printed in zip(SAID, done.stdout.split(b"\f"), strict=False):
        trial = office.try_file(SHIPS, name, (SAMPLES / name).read_bytes())
        said = json.dumps(trial.as_json(), ensure_ascii=False, indent=2, default=str) + "\n"
        assert said.encode() == printed, name


def test_the_official_run_reaches_the_verdict_that_the_check_promised(
    filing_home: FilingHome, office: Office
) -> None:
    data = (SAMPLES / "energy_many_errors.csv").read_bytes()
    trial = office.try_file(SHIPS, "errors.csv", data).as_json()
    receipt = office.file(SHIPS, "errors.csv", data)
    filing_home.run()
    own = office.submission(SHIPS, receipt.number)
    promised = [(f["id"], f["line"], f["column"]) for f in trial["findings"]]
    found = [(f.id, f.line, f.column) for f in own.findings]
    assert sorted(map(str, found)) == sorted(map(str, promised))
    assert own.standing == "returned"


def test_checking_stores_nothing(filing_home: FilingHome, office: Office) -> None:
    settings = filing_home.settings

    def all_there() -> set[str]:
        rooms = (settings.raw, settings.rows, settings.inbox, settings.outbox)
        return {str(path) for room in rooms for path in room.rglob("*")}

    before = all_there()
    waiting = filing_home.waiting()
    office.try_file(SHIPS, "unheard_of.csv", form_csv("energy_monthly", ELECTRICITY))
    assert all_there() == before
    assert filing_home.waiting() == waiting


def test_a_firm_may_check_only_its_own_enterprise(office: Office) -> None:
    data = form_csv("energy_monthly", {**ELECTRICITY, "uscc": SHIPS})
    trial = office.try_file(POTS, "others.csv", data)
    assert trial.has_errors


def test_clerks_who_check_at_once_get_each_their_own_verdict(office: Office) -> None:
    files = {
        "bad": (SAMPLES / "energy_many_errors.csv").read_bytes(),
        "good": form_csv("energy_monthly", {**ELECTRICITY, "period": "202608"}),
    }
    found: dict[str, list[bool]] = {"bad": [], "good": []}

    def check(kind: str) -> None:
        found[kind].append(office.try_file(SHIPS, f"{kind}.csv", files[kind]).has_errors)

    threads = [threading.Thread(target=check, args=(kind,)) for kind in ("bad", "good") * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"bad": [True] * 3, "good": [False] * 3}


def test_no_page_waits_for_a_search_of_all_that_the_libraries_keep(
    filing_home: FilingHome,
) -> None:
    try:
        with TestClient(Starlette(lifespan=warming(filing_home.settings))):
            deadline = time.monotonic() + 60
            while gc.get_freeze_count() < 100_000:
                assert time.monotonic() < deadline
                time.sleep(0.05)
    finally:
        gc.unfreeze()
    config = tomllib.loads((ROOT / "app" / ".streamlit" / "config.toml").read_text())
    assert config["runner"]["postScriptGC"] is False


# Explanations ------------------------------------------------------------------------------------


def test_a_written_reason_counts_like_a_note_on_the_row(
    filing_home: FilingHome, office: Office
) -> None:
    data = odd_stock()
    trial = office.try_file(SHIPS, "stock.csv", data)
    assert [f.id for f in trial.outcome.findings] == ["E120"]
    explained = office.try_file(SHIPS, "stock.csv", data, (STOCK,))
    assert [f.state for f in explained.outcome.filings] == [FilingState.ACCEPTED]

    receipt = office.file(SHIPS, "stock.csv", data, (STOCK,))
    filing_home.run()

    own = office.submission(SHIPS, receipt.number)
    assert own.standing == "accepted"
    assert [f.explained_by for f in own.findings] == [STOCK.reason]


def test_a_reason_for_another_cell_explains_nothing(office: Office) -> None:
    for other in (
        replace(STOCK, line=3),
        replace(STOCK, column="closing_stock"),
        replace(STOCK, check_id="E110"),
    ):
        trial = office.try_file(SHIPS, "stock.csv", odd_stock(), (other,))
        assert [f.state for f in trial.outcome.filings] == [FilingState.AWAITING_REVIEW]


def test_items_left_out_go_to_review_with_the_firms_reason(
    filing_home: FilingHome, office: Office
) -> None:
    office.file(POTS, "two.csv", form_csv("energy_monthly", *_of(POTS, "202607")))
    filing_home.run()
    one = form_csv("energy_monthly", _of(POTS, "202607")[0])
    (finding,) = office.try_file(POTS, "one.csv", one).outcome.findings
    reason = Explanation(finding.id, finding.line, finding.column, "柴油叉车已停用")

    receipt = office.file(POTS, "one.csv", one, (reason,), "七月漏报了停用的叉车")
    filing_home.run()

    own = office.submission(POTS, receipt.number)
    assert own.standing == "awaiting_review"
    assert [f.explained_by for f in own.findings] == [reason.reason]


def _of(uscc: str, period: str) -> tuple[dict[str, str], ...]:
    return tuple({**row, "uscc": uscc, "period": period} for row in (ELECTRICITY, DIESEL))


# Months ------------------------------------------------------------------------------------------


def test_months_say_what_is_filed_late_returned_and_owed(
    filing_home: FilingHome, office: Office
) -> None:
    state = {(m.month, m.form): m for m in office.months(SHIPS)}
    september = state[date(2026, 9, 1), "energy_monthly"]
    assert (september.state, september.due_on) == ("late", date(2026, 10, 15))
    assert september.receipt == own_receipt(office)
    assert state[date(2026, 9, 1), "output_monthly"].state == "missing"
    # November opens three days before its end.
    assert max(month for month, _ in state) == date(2026, 10, 1)
    assert len(state) == 24


def test_a_combined_february_stands_for_january(filing_home: FilingHome, office: Office) -> None:
    row = {**ELECTRICITY, "uscc": POTS, "period": "202602", "months_covered": "2"}
    office.file(POTS, "february.csv", form_csv("energy_monthly", row))
    filing_home.run()
    state = {(m.month, m.form): m for m in office.months(POTS)}
    january = state[date(2026, 1, 1), "energy_monthly"]
    assert (january.state, january.satisfied_by) == ("late", "february_combined")


def test_a_nil_return_stands_for_both_reports_and_is_the_same_file_every_time(
    filing_home: FilingHome, office: Office
) -> None:
    name, data = office.nil_return(POTS, date(2026, 5, 1))
    assert office.nil_return(POTS, date(2026, 5, 1)) == (name, data)
    first, second = office.file(POTS, name, data), office.file(POTS, name, data)
    assert (first.number, second.again) == (second.number, True)
    filing_home.run()
    state = {(m.month, m.form): m for m in office.months(POTS)}
    assert state[date(2026, 5, 1), "output_monthly"].state == "late"
    assert state[date(2026, 5, 1), "energy_monthly"].satisfied_by == "nil_return"


def test_a_firm_outside_the_register_has_no_desk_here(office: Office) -> None:
    with pytest.raises(UnknownEnterprise):
        office.try_file("91350100M000100Y43", "a.csv", b"a")


# Templates ---------------------------------------------------------------------------------------


def test_a_template_is_the_firms_own_with_last_months_items_and_stock(
    filing_home: FilingHome, client: TestClient
) -> None:
    enter(client, filing_home, SHIPS)
    answer = client.get("/files/template/energy_monthly.csv?period=2026-10")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert f"{SHIPS},202610,,电力,万千瓦时,,," in lines[1]
    assert f"{SHIPS},202610,,柴油,吨,1.5,," in lines[2]

    book = client.get("/files/template/energy_monthly.xlsx?period=2026-10")
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).worksheets[0]
    assert [cell.value for cell in sheet[3]][:6] == [SHIPS, "202610", None, "柴油", "吨", 1.5]


def test_after_a_gap_the_items_come_without_a_stock_nobody_knows(office: Office) -> None:
    text = office.template("energy_monthly", "csv", SHIPS, date(2026, 12, 1)).decode("utf-8-sig")
    assert "柴油,吨,," in text


def test_another_firm_gets_neither_code_nor_items_of_the_first(
    filing_home: FilingHome, client: TestClient
) -> None:
    enter(client, filing_home, POTS)
    for kind in ("csv", "xlsx"):
        for form in ("energy_monthly", "output_monthly", "audit_progress"):
            address = (
                f"/files/template/{form}.{kind}?period=2026-03&uscc={SHIPS}&enterprise={SHIPS}"
            )
            answer = client.get(address)
            assert answer.status_code == 200
            assert SHIPS not in answer.headers["content-disposition"]
            assert SHIPS.encode() not in answer.content
    assert "柴油" not in client.get("/files/template/energy_monthly.csv?period=2026-03").text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("enterprise_register.csv", 404),
        ("energy_coefficients.csv", 404),
        ("energy_monthly.pdf", 404),
        ("energy_monthly", 404),
        ("energy_monthly.csv?period=Nov-26", 400),
        ("energy_monthly.csv", 200),
    ],
)
def test_a_template_that_is_not_a_firms_is_not_found(
    filing_home: FilingHome, client: TestClient, address: str, status: int
) -> None:
    enter(client, filing_home, SHIPS)
    assert client.get(f"/files/template/{address}").status_code == status


def test_the_bureau_gets_the_plain_template(filing_home: FilingHome, client: TestClient) -> None:
    enter(client, filing_home, "officer")
    text = client.get("/files/template/output_monthly.csv?period=2026-10").text
    assert "202610" in text
    assert "9131" not in text


# Receipts ----------------------------------------------------------------------------------------


def test_a_receipt_names_number_hash_rows_rules_and_what_comes_next(
    filing_home: FilingHome, client: TestClient, office: Office
) -> None:
    number = own_receipt(office)
    own = office.submission(SHIPS, number)
    enter(client, filing_home, SHIPS)
    page = client.get(f"/files/receipt/{number}")
    assert page.headers["cache-control"] == "no-store"
    for part in (
        number,
        own.submission.sha256,
        own.submission.rules_version or "",
        "september.csv",
        "<dd>2</dd>",
        "示例船舶配套有限公司",
        "报表已生效",
    ):
        assert part in page.text


def test_a_receipt_bears_its_chain_hash_and_a_code_that_verifies_the_paper(
    filing_home: FilingHome, client: TestClient, office: Office
) -> None:
    number = own_receipt(office)
    mark = office.receipt_hash(number)
    enter(client, filing_home, SHIPS)
    page = client.get(f"/files/receipt/{number}").text
    address = f"http://testserver/files/receipt/{number}?mark={mark}"
    assert f"<code>{mark}</code>" in page
    assert f'alt="二维码：{address}"' in page
    assert segno.make(address, error="m", micro=False).svg_data_uri(
        scale=4, border=2, dark="#10231d"
    ) in html.unescape(page)
    assert "校验一致" not in page
    assert "校验一致" in client.get(address).text
    forged = client.get(address.replace(mark, "0" * 64)).text
    assert "校验不一致" in forged
    enter(client, filing_home, POTS)
    assert client.get(address).status_code == 404


def test_a_receipt_of_another_firm_cannot_be_told_from_none_at_all(
    filing_home: FilingHome, client: TestClient, office: Office
) -> None:
    number = own_receipt(office)
    enter(client, filing_home, POTS)
    theirs, none = client.get(f"/files/receipt/{number}"), client.get("/files/receipt/S99999999")
    assert theirs.status_code == none.status_code == 404
    assert theirs.text == none.text
    assert client.get("/files/receipt/S00000001").status_code == 404
    with pytest.raises(UnknownSubmission):
        office.submission(POTS, number)


def test_the_bureau_opens_any_receipt_and_a_stranger_none(
    filing_home: FilingHome, client: TestClient, office: Office
) -> None:
    address = f"/files/receipt/{own_receipt(office)}"
    assert client.get(address).status_code == 401
    enter(client, filing_home, "steward")
    assert client.get(address).status_code == 200


# The pages ---------------------------------------------------------------------------------------


def test_a_firm_opens_on_the_page_where_it_files(view: View) -> None:
    page = text_of(view(SHIPS))
    assert "报送 2026 年 10 月报表" in page
    assert "示例船舶配套有限公司" in page
    assert "/files/template/energy_monthly.xlsx?period=2026-10" in page


def test_the_bureau_has_no_page_to_file(view: View) -> None:
    page = text_of(view("officer", "filings"))
    assert "下载本企业" not in page
    assert "我的报送" not in page


def _upload(page: object, name: str, data: bytes) -> None:
    page.file_uploader[0].upload(name, data)
    page.run()
    assert not page.exception


def test_errors_stand_on_the_firms_rows_and_nothing_can_be_filed(view: View) -> None:
    page = view(SHIPS)
    _upload(page, "errors.csv", (SAMPLES / "energy_many_errors.csv").read_bytes())
    text = text_of(page)
    assert "有 10 处需要修改，尚未报送" in text
    assert '<td class="bad">千瓦时</td>' in text
    assert '<td class="bad"><i>空白</i></td>' in text
    assert text.count("不要写“约”") == 2
    assert "file_it" not in {button.key for button in page.button}


def _protected() -> bytes:
    """How a workbook with a password to open begins: a compound file that names its package."""
    sys.path.insert(0, str(ROOT / "tests" / "intake"))
    from intake_files import compound_file

    return compound_file({"EncryptionInfo": b"x" * 64, "EncryptedPackage": b"x" * 64})


def _of_an_old_template() -> bytes:
    return (SAMPLES / "energy_missing_column.csv").read_bytes()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("empty.csv", b"", "里面没有任何内容"),
        ("月报.xlsx", b"\x89PNG\r\n\x1a\n", "内容是图片"),
        ("报告.csv", b"%PDF-1.7 abc", "版式文件"),
        ("月报.xlsx", _protected(), "设了打开密码"),
        ("去年.csv", _of_an_old_template(), "请使用本表最新模板"),
        ("名单.csv", "姓名,电话,住址\r\n甲,1,乙\r\n".encode(), "姓名"),
    ],
)
def test_each_wrong_file_has_a_message_of_its_own_and_gets_the_focus(
    view: View, name: str, data: bytes, words: str
) -> None:
    page = view(SHIPS)
    _upload(page, name, data)
    text = text_of(page)
    (box,) = re.findall(r'<section class="verdict bad".*?</section>', text, re.DOTALL)
    assert words in box
    assert 'tabindex="-1" data-focus="' in box
    assert "file_it" not in {button.key for button in page.button}


def test_what_was_tidied_is_listed_before_and_after(view: View) -> None:
    page = view(SHIPS)
    _upload(page, "fullwidth.csv", (SAMPLES / "energy_fullwidth.csv").read_bytes())
    text = text_of(page)
    assert "系统已自动整理" in text
    assert "全角字符" in text


def test_what_a_file_holds_is_text_and_never_markup(view: View) -> None:
    row = {**OCTOBER[0], "energy_item": "<img src=x onerror=alert(1)>"}
    page = view(SHIPS)
    _upload(page, '"><b>.csv', form_csv("energy_monthly", row))
    assert "<img src=x" not in text_of(page)
    assert "&lt;img src=x" in text_of(page)


def test_a_good_file_is_declared_and_filed_and_the_page_turns_to_its_receipt(
    view: View, filing_home: FilingHome, office: Office
) -> None:
    page = view(SHIPS)
    _upload(page, "june.csv", form_csv("energy_monthly", {**ELECTRICITY, "period": "202606"}))
    assert page.button(key="file_it").disabled
    page.checkbox[0].check().run()
    page.button(key="file_it").click().run()
    assert not page.exception
    number = page.query_params["receipt"]
    assert number in text_of(page)
    assert "已收到" in text_of(page)
    assert office.submission(SHIPS, number).submission.channel == "portal"
    filing_home.run()


def test_the_address_of_another_firms_receipt_shows_nothing_of_it(
    view: View, office: Office
) -> None:
    number = own_receipt(office)
    page = text_of(view(POTS, receipt=number))
    assert number not in page
    assert "september.csv" not in page
    assert "下载本企业本月模板" in page


def test_my_filings_are_mine(view: View, office: Office) -> None:
    own = text_of(view(SHIPS, "filings"))
    assert "september.csv" in own
    assert "已接受" in own
    theirs = text_of(view(POTS, "filings"))
    assert "september.csv" not in theirs
    assert SHIPS not in theirs
    mine = {one.submission.receipt for one in office.submissions(POTS, 50)}
    assert set(NUMBER.findall(theirs)) <= mine


def test_a_broken_check_is_our_fault_in_words_and_files_nothing(
    view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("disk")

    monkeypatch.setattr(Office, "try_file", broken)
    page = view(SHIPS)
    _upload(page, "odd.csv", b"a,b\r\n")
    assert "这不是文件的问题" in text_of(page)
    assert "file_it" not in {button.key for button in page.button}


def test_the_filing_pages_are_all_english_in_english(view: View) -> None:
    names = {"示例厨具制造有限公司", "中文", "柴油", "柴油叉车已停用"}
    for page in ("", "filings"):
        text = re.sub(r'title="[^"]*"', "", text_of(view(POTS, page, language="en")))
        han = {word for word in re.findall(r"[\u4e00-\u9fff]+", text) if word not in names}
        assert {word for word in han if "零申报" not in word} == set()
