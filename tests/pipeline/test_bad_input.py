"""Everything that people really send by mistake gets a clear word, and harms nothing in force."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import openpyxl
import pytest
from homes import SAMPLES, SHIPS, Home, electricity, form_csv, open_home

from greenmfg.contract.forms import Contract
from greenmfg.registry import Submission

Contracts = Mapping[str, Contract]
STRANGER = "91350100M000100Y43"


def energy(contracts: Contracts, *rows: Mapping[str, object]) -> bytes:
    return form_csv(contracts["energy_monthly"], rows)


def header(contracts: Contracts, form: str = "energy_monthly") -> list[str]:
    return [column.header for column in contracts[form].columns]


def lines(*cells: list[str]) -> bytes:
    return "\r\n".join(",".join(row) for row in cells).encode() + b"\r\n"


def row_of(contracts: Contracts, **cells: object) -> list[str]:
    good = electricity("202610", 100) | cells
    return [str(good.get(name) or "") for name in contracts["energy_monthly"].names]


def two_sheets(contracts: Contracts) -> bytes:
    book = openpyxl.Workbook()
    for number, form in enumerate(("energy_monthly", "output_monthly")):
        sheet = book.active if number == 0 else book.create_sheet()
        assert sheet is not None
        sheet.append(header(contracts, form))
        sheet.append([SHIPS, "202610"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def spreadsheet_of_formulas(contracts: Contracts) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(header(contracts))
    cells: list[object] = list(row_of(contracts))
    # Never calculated by a spreadsheet, so that it has no value to show.
    cells[contracts["energy_monthly"].names.index("production_use")] = "=1+1"
    sheet.append(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


# What was sent: (its bytes, refusal or check ids, words that the sender reads).
BAD: dict[str, tuple[Callable[[Contracts], bytes], set[str], str]] = {
    "nothing at all": (lambda _: b"", {"R001"}, "空的"),
    "only blanks": (lambda _: b" \r\n,,,\r\n", {"R001"}, "空的"),
    "only a header": (lambda c: lines(header(c)), {"R002"}, "没有数据"),
    "a header twice": (
        lambda c: lines([*header(c), "工业生产消费量"], [*row_of(c), "7"]), {"F002"}, "出现了 2 次"),
    "a required column missing": (
        lambda c: lines(header(c)[:8] + header(c)[9:], row_of(c)[:8] + row_of(c)[9:]),
        {"F001"}, "缺少必需的一列"),
    "no form of ours": (lambda _: lines(["姓名", "电话"], ["张三", "1"]), {"R018"}, "无法从表头认出"),
    "two forms under each other": (
        lambda c: energy(c, electricity("202610", 1)) + lines(header(c, "output_monthly"),
                                                           [SHIPS, "202610"]),
        {"R019"}, "混有两张报表"),
    "two forms in two sheets": (two_sheets, {"R020"}, "不止一张工作表"),
    "two hundred columns": (
        lambda c: lines([f"列{n}" for n in range(200)], ["1"] * 200), {"R015"}, "200 列"),
    "ten megabytes without a line end": (
        lambda _: b"9," * 5_000_000, {"R015", "R017", "R018"}, ""),
    "ten megabytes in one cell": (
        lambda c: lines(header(c), ["x" * 10_000_000]), {"R017"}, "过长"),
    "zero bytes": (lambda c: energy(c, electricity("202610", 1)) + b"\0\0\0", {"R011"}, "空字节"),
    "zero bytes in the middle": (
        lambda c: energy(c, electricity("202610", 1)).replace(b",", b"\0,", 3), {"R011"}, "空字节"),
    "a formula for a number": (
        lambda c: energy(c, electricity("202610", "=1+1")), {"C007"}, "不要写“约”、单位、公式"),
    "a formula in the note": (
        lambda c: energy(c, electricity("202610", 1, note='=HYPERLINK("http://x")')),
        {"C016"}, "公式"),
    "a formula that no spreadsheet has calculated": (spreadsheet_of_formulas, {"C007"}, "不是数字"),
    "an unknown enterprise": (
        lambda c: energy(c, electricity("202610", 1, STRANGER)), {"S001"}, "企业名录中没有"),
    "a closed enterprise": (
        lambda c: energy(c, electricity("202610", 1, "91310151MA0G000A1N")), {"S002"},
        "不在名录有效期内"),
    "a month before the enterprise existed": (
        lambda c: energy(c, electricity("201901", 1)), {"S002"}, "不在名录有效期内"),
    "a month that lies ahead": (
        lambda c: energy(c, electricity("202705", 1)), {"S005"}, "没有到报送时间"),
    "a year of two digits": (lambda c: energy(c, electricity("26-13", 1)), {"C005"}, "不是一个月份"),
    "a code that is Excel's": (
        lambda c: energy(c, electricity("202610", 1, "9.1310151E+17")), {"C002"}, "科学计数法"),
    "a number too large to be one": (
        lambda c: energy(c, electricity("202610", "9" * 40)), {"C009"}, "太大"),
    "words of the wrong alphabet": (lambda _: b"abc,\xff\xff\r\n" * 50, {"R012"}, "无法识别的字符"),
    "a picture": (lambda _: (SAMPLES / "a_picture.csv").read_bytes(), {"R005"}, "图片"),
    "a file that breaks off": (
        lambda c: energy(c, electricity("202610", 1), electricity("202610", 2))[:-25], {"F003"},
        "中断"),
    "a note that asks the database for trouble": (
        lambda c: energy(c, electricity("202610", "1'; drop table facts; --")), {"C007"},
        "不是数字"),
}  # fmt: skip


@pytest.fixture(scope="module")
def bad_files(contracts: dict[str, Contract]) -> dict[str, bytes]:
    """What is sent, made once: a workbook holds the time of its making."""
    return {what: make(contracts) for what, (make, _, _) in BAD.items()}


@pytest.fixture(scope="module")
def sent(
    founded: Path, tmp_path_factory: pytest.TempPathFactory, bad_files: dict[str, bytes]
) -> Iterator[tuple[Home, dict[str, Submission]]]:
    """One home with one firm's month in force, to which everything bad was sent in one run."""
    folder = tmp_path_factory.mktemp("bad") / "home"
    shutil.copytree(founded, folder)
    with open_home(folder) as home:
        home.file_sample("register.csv")
        home.file_rows("enterprise_register", {
            "uscc": "91310151MA0G000A1N", "name": "示例旧厂", "industry_code": "34",
            "town_code": "310151101", "above_scale": "是", "valid_from": "202001",
            "valid_to": "202412",
        })  # fmt: skip
        home.file_rows("energy_monthly", electricity("202610", 99))
        home.run()
        before = home.shop.registry.in_force_fingerprint()
        receipts = {what: home.file(f"{what}.csv", data).number for what, data in bad_files.items()}
        outcome = home.run()
        assert outcome.check_failed == 0
        assert outcome.submissions == len(BAD)
        mine = set(receipts.values())
        assert not [f for f in home.shop.registry.filings_in_force() if f.receipt in mine]
        assert home.shop.registry.in_force_fingerprint() == before
        yield home, {what: home.shop.registry.submission(r) for what, r in receipts.items()}


@pytest.mark.parametrize("what", BAD)
def test_it_is_answered_with_a_clear_word(
    sent: tuple[Home, dict[str, Submission]], what: str
) -> None:
    home, submissions = sent
    submission = submissions[what]
    _, ids, words = BAD[what]
    found = home.shop.registry.findings(receipt=submission.receipt)
    if submission.refusal is not None:
        assert submission.refusal.id in ids
    else:
        assert {finding.id for finding in found} == ids
    text = (home.settings.outbox / "steward" / f"{submission.receipt}.txt").read_text("utf-8")
    assert words in text
    assert not re.search(r"Traceback|Error:|Exception|\{|None", text)
    assert len(text) < 4_000


def test_what_was_in_force_is_in_force(sent: tuple[Home, dict[str, Submission]]) -> None:
    home, _ = sent
    assert [
        (filing.subject, filing.version)
        for filing in home.shop.registry.filings_in_force("energy_monthly")
    ] == [(SHIPS, 1)]


def test_sending_all_of_it_again_changes_nothing_either(
    sent: tuple[Home, dict[str, Submission]], bad_files: dict[str, bytes]
) -> None:
    home, submissions = sent
    before = home.shop.registry.in_force_fingerprint()
    for what, data in bad_files.items():
        assert home.file(f"{what}.csv", data).number == submissions[what].receipt
    assert home.run().filings_changed is False
    assert home.shop.registry.in_force_fingerprint() == before
