"""The corrected copy: marked beside the firm's own rows, and read as if it were not."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from homes import SAMPLES, settings_of
from openpyxl import Workbook

from greenmfg.checks import World, no_history
from greenmfg.intake import notes
from greenmfg.pipeline.correcting import (
    CorrectedCopy,
    NothingToMark,
    corrected_copy,
    has_marks,
)
from greenmfg.pipeline.trying import Trial, try_file
from greenmfg.pipeline.workshop import contracts_of
from greenmfg.records import Account, ParsedFile, ReferenceRows

STEWARD = Account("steward", "steward")
ERRORS = (SAMPLES / "energy_many_errors.csv").read_bytes()
XLS = Path(__file__).parent.parent / "intake" / "files" / "output_excel_error.xls"

Try = Callable[[bytes], Trial]
Copy = Callable[[bytes], CorrectedCopy]


@pytest.fixture(scope="module")
def attempt(
    tmp_path_factory: pytest.TempPathFactory, reference_tables: dict[str, ReferenceRows]
) -> Try:
    settings = settings_of(tmp_path_factory.mktemp("copies"))
    world = World(settings.today(), reference_tables, None, no_history, register_known=False)
    contracts = contracts_of(settings)
    return lambda data: try_file(settings, contracts, world, STEWARD, "报表", data)


@pytest.fixture(scope="module")
def copy_of(attempt: Try, tmp_path_factory: pytest.TempPathFactory) -> Copy:
    settings = settings_of(tmp_path_factory.mktemp("copies"))
    return lambda data: corrected_copy(attempt(data), data, contracts_of(settings), settings.limits)


def said(trial: Trial) -> list[tuple[object, ...]]:
    return [(f.id, f.line, f.column, f.given, f.message.zh) for f in trial.outcome.findings]


def parsed(trial: Trial) -> ParsedFile:
    assert trial.parsed is not None
    return trial.parsed


def energy(*rows: str, encoding: str = "gb18030", delimiter: str = ",") -> bytes:
    head = (SAMPLES / "energy_many_errors.csv").read_bytes().decode("gb18030").splitlines()[0]
    text = "\r\n".join([head, *rows, ""]).replace(",", delimiter)
    return text.encode(encoding)


GOOD = "91310151MA00000013,202610,1,电力,万千瓦时,,103.0,721,100.5,,2.5,,,,,,,,,"
BAD = "91310151MA00000013,202610,1,柴油,吨,1.5,9.0,68.4,约8吨,,0,,,,,2.5,,,,"


# CSV ---------------------------------------------------------------------------------------------


def test_every_finding_stands_beside_its_row_with_the_value_expected(copy_of: Copy) -> None:
    rows = list(csv.reader(io.StringIO(copy_of(ERRORS).data.decode("gb18030"))))
    assert rows[0][-1].startswith("※核验意见")
    assert [len(row) for row in rows] == [21] * 12
    assert "“约8吨”不是数字" in rows[3][-1]
    assert "应为：数字，例如 8.0" in rows[3][-1]
    assert "处理：只填数字" in rows[3][-1]


def test_a_row_without_findings_stays_as_it_was_to_the_byte(copy_of: Copy) -> None:
    odd = GOOD.replace("电力", '"电力"')
    before = energy(odd, BAD, GOOD.replace("202610", "202609"))
    after = copy_of(before).data
    assert after.split(b"\r\n")[1] == before.split(b"\r\n")[1]
    assert after.split(b"\r\n")[3] == before.split(b"\r\n")[3]
    assert after.split(b"\r\n")[2].startswith(before.split(b"\r\n")[2] + b",")


@pytest.mark.parametrize(
    ("encoding", "mark", "back"),
    [
        ("gb18030", b"", "gb18030"),
        # Without its mark Excel takes UTF-8 for GBK.
        ("utf-8", b"\xef\xbb\xbf", "utf-8-sig"),
        ("utf-8-sig", b"\xef\xbb\xbf", "utf-8-sig"),
        ("utf-16", b"\xff\xfe", "utf-16"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_copy_opens_in_a_spreadsheet_in_the_files_own_encoding(
    copy_of: Copy, encoding: str, mark: bytes, back: str, delimiter: str
) -> None:
    copy = copy_of(energy(GOOD, BAD, encoding=encoding, delimiter=delimiter))
    assert copy.suffix == ".csv"
    assert copy.data.startswith(mark)
    rows = list(csv.reader(io.StringIO(copy.data.decode(back)), delimiter=delimiter))
    assert "约8吨" in rows[2][-1]
    # The signs exist in GBK, which Chinese Excel and WPS open such a file as.
    copy.data.decode(back).encode("gbk")


def test_the_marks_are_ignored_when_the_copy_is_checked_again(attempt: Try, copy_of: Copy) -> None:
    for data in (
        ERRORS,
        energy(GOOD, BAD, encoding="utf-16", delimiter="\t"),
        ("某某公司能源月报,,\r\n\r\n" + energy(GOOD, BAD).decode("gb18030")).encode(),
        (SAMPLES / "energy_missing_column.csv").read_bytes(),
        energy(GOOD + "超出", BAD + ",,多一格"),
    ):
        first, again = attempt(data), attempt(copy_of(data).data)
        assert said(again) == said(first)
        names = [n for n in parsed(first).rows.column_names if n != "cells"]
        assert parsed(again).rows.select(names) == parsed(first).rows.select(names)
        assert parsed(again).given.select(names) == parsed(first).given.select(names)


def test_the_mended_copy_is_accepted(attempt: Try, copy_of: Copy) -> None:
    copy = copy_of(energy(GOOD, BAD)).data.decode("gb18030")
    mended = attempt(copy.replace("约8吨,", "8.0,").encode("gb18030"))
    assert not mended.has_errors
    assert mended.outcome.findings == ()
    assert mended.outcome.tidied == ()


def test_a_copy_of_a_copy_says_only_what_is_still_wrong(attempt: Try, copy_of: Copy) -> None:
    worse = BAD.replace("柴油", "汽油").replace("约8吨", "约9吨")
    first = copy_of(energy(GOOD, BAD, worse)).data.decode("gb18030")
    second = copy_of(first.replace("约8吨,", "8.0,").encode("gb18030")).data.decode("gb18030")
    rows = list(csv.reader(io.StringIO(second)))
    assert sum(cell.startswith("※核验意见") for cell in rows[0]) == 1
    assert "约8吨" not in second
    assert rows[3][-1].startswith("▲")


def test_notes_in_the_middle_or_after_excel_has_padded_the_rows_are_ignored_too(
    attempt: Try, copy_of: Copy
) -> None:
    data = energy(GOOD, BAD)
    rows = list(csv.reader(io.StringIO(copy_of(data).data.decode("gb18030"))))
    for position in (0, 4, 20):
        out = io.StringIO(newline="")
        csv.writer(out).writerows(
            [*row[:20][:position], (row[20:] or [""])[0], *row[:20][position:]] for row in rows
        )
        assert said(attempt(out.getvalue().encode("gb18030"))) == said(attempt(data))


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "＝HYPERLINK(1)", "'=1+1", "+cmd", "-x"])
def test_what_looks_like_a_formula_is_not_run_and_comes_back_as_it_was(
    attempt: Try, copy_of: Copy, text: str
) -> None:
    data = energy(GOOD + text, BAD)
    copy = copy_of(data).data
    rows = list(csv.reader(io.StringIO(copy.decode("gb18030"))))
    assert rows[1][19] == f"'{text}"
    assert parsed(attempt(copy)).given["note"] == parsed(attempt(data)).given["note"]


@pytest.mark.parametrize("number", ["-2", "+2", "-1,000.5", "-1E3", "-5%"])
def test_a_number_is_no_formula(number: str) -> None:
    assert notes.guarded(number) == number


def test_a_file_that_breaks_off_or_is_no_form_has_no_copy_that_would_look_whole(
    attempt: Try, copy_of: Copy
) -> None:
    for name in ("energy_cut_in_half.csv", "a_picture.csv", "energy_corrected.csv"):
        data = (SAMPLES / name).read_bytes()
        assert not has_marks(attempt(data))
        with pytest.raises(NothingToMark):
            copy_of(data)


# Workbooks ---------------------------------------------------------------------------------------


def workbook_of(*rows: str, formula: bool = False) -> bytes:
    book = Workbook()
    other = book.active
    assert other is not None
    other.title, other["A1"] = "说明", "请先阅读"
    sheet = book.create_sheet("月报")
    for line in energy(*rows).decode("gb18030").splitlines():
        sheet.append([cell or None for cell in line.split(",")])
    sheet["B2"].font = openpyxl.styles.Font(bold=True)
    sheet.column_dimensions["A"].width = 33
    if formula:
        sheet["T2"] = "=1+1"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_comes_back_with_its_looks_its_bad_cells_coloured_and_commented(
    attempt: Try, copy_of: Copy
) -> None:
    data = workbook_of(GOOD, BAD)
    copy = copy_of(data)
    assert copy.suffix == ".xlsx"
    book = openpyxl.load_workbook(io.BytesIO(copy.data))
    assert book.sheetnames == ["说明", "月报"]
    sheet = book["月报"]
    assert sheet["B2"].font.b
    assert sheet.column_dimensions["A"].width == 33
    assert sheet["I3"].fill.start_color.rgb == "FFFFC7CE"
    assert "“约8吨”不是数字" in sheet["I3"].comment.text
    assert sheet["U1"].value.startswith("※核验意见")
    assert "应为：数字" in sheet["U3"].value
    assert sheet["I2"].comment is None
    assert said(attempt(copy.data)) == said(attempt(data))


def test_a_mended_workbook_loses_its_marks_in_the_next_copy(attempt: Try, copy_of: Copy) -> None:
    worse = BAD.replace("柴油", "汽油").replace("约8吨", "约9吨")
    book = openpyxl.load_workbook(io.BytesIO(copy_of(workbook_of(GOOD, BAD, worse)).data))
    book["月报"]["I3"] = 8
    out = io.BytesIO()
    book.save(out)
    again = openpyxl.load_workbook(io.BytesIO(copy_of(out.getvalue()).data))["月报"]
    assert again["I3"].comment is None
    assert again["I3"].fill.fill_type is None
    assert again["U3"].value is None
    assert "约9吨" in again["I4"].comment.text
    assert again.max_column == 21


def test_no_formula_is_left_in_a_copied_workbook(attempt: Try, copy_of: Copy) -> None:
    data = workbook_of(GOOD, BAD, formula=True)
    copy = copy_of(data).data
    sheet = openpyxl.load_workbook(io.BytesIO(copy))["月报"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert said(attempt(copy)) == said(attempt(data))


def test_an_old_xls_comes_back_as_xlsx(attempt: Try, copy_of: Copy) -> None:
    data = XLS.read_bytes()
    copy = copy_of(data)
    assert copy.suffix == ".xlsx"
    assert attempt(data).has_errors
    assert said(attempt(copy.data)) == said(attempt(data))
    marked = [
        cell
        for row in openpyxl.load_workbook(io.BytesIO(copy.data)).worksheets[0].iter_rows()
        for cell in row
        if cell.comment
    ]
    assert marked


def test_a_workbook_whose_looks_cannot_be_kept_keeps_its_rows(
    attempt: Try, copy_of: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbles(*_: object, **__: object) -> None:
        raise KeyError("xl/styles.xml")

    monkeypatch.setattr("greenmfg.pipeline.correcting.book.load_workbook", stumbles)
    data = workbook_of(GOOD, BAD)
    copy = copy_of(data).data
    assert said(attempt(copy)) == said(attempt(data))
    assert openpyxl.load_workbook(io.BytesIO(copy))["月报"]["A2"].value == "91310151MA00000013"
