"""What is no form is refused by its content, each with its own id and advice in two languages."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
import yaml
from intake_files import (
    DIESEL,
    ELECTRICITY,
    ENERGY,
    OUTPUT,
    STOPPED,
    biff,
    compound_file,
    csv_bytes,
    csv_text,
    energy,
    energy_row,
    part,
    saved,
    with_part,
    xlsx,
    zipped,
)

from greenmfg.records import Refusal
from greenmfg.settings import Limits

REPOSITORY = Path(__file__).resolve().parent.parent.parent
REFUSALS = yaml.safe_load((REPOSITORY / "expectations/refusals.yml").read_bytes())

BOOK = xlsx({"能源": [ENERGY, ELECTRICITY]})
SHEET = "xl/worksheets/sheet1.xml"
WIDE = [f"列{number}" for number in range(200)]
BOF = (0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
SHEET_BOF = (0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
EOF = (0x000A, b"")


def far_cell(name: str) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "统一社会信用代码"
    workbook.active[name] = "x"
    return saved(workbook)


def forged_size() -> bytes:
    """A package whose directory says that a part is small, while its stream is not."""
    data = bytearray(with_part(BOOK, "xl/media/image1.png", b"\0" * 3_000_000))
    entry = data.rindex(b"PK\x01\x02", 0, data.rindex(b"xl/media/image1.png"))
    data[entry + 24 : entry + 28] = struct.pack("<I", 1000)
    return bytes(data)


def xls_with_far_cell() -> bytes:
    globals_size = len(biff(BOF)) + 4 + 12 + len(biff(EOF))
    sheet = struct.pack("<IBBBB", globals_size, 0, 0, 4, 0) + b"data"
    number = (0x0203, struct.pack("<HHHd", 65535, 60000, 0, 1.0))
    stream = biff(BOF, (0x0085, sheet), EOF, SHEET_BOF, number, EOF)
    return compound_file({"Workbook": stream})


CASES: list[tuple[str, str, bytes]] = [
    ("R001", "no bytes", b""),
    ("R001", "only a byte order mark", b"\xef\xbb\xbf\r\n"),
    ("R001", "only delimiters", b",,,,\r\n,,,,\r\n"),
    ("R001", "a workbook without a cell", xlsx({"空": []})),
    ("R002", "header only", energy()),
    ("R002", "header and signature", energy(["填表人：张三"])),
    ("R002", "workbook with a header only", xlsx({"能源": [ENERGY]})),
    ("R003", "encrypted XLSX", compound_file({"EncryptionInfo": b"x", "EncryptedPackage": b"x"})),
    ("R003", "encrypted XLS", compound_file({"Workbook": biff(BOF, (0x2F, b"\1\0" * 3), EOF)})),
    ("R004", "macros in XLSM", with_part(BOOK, "xl/vbaProject.bin", b"macro")),
    ("R004", "macros in XLS", compound_file({"Workbook": biff(BOF, EOF)}, ["_VBA_PROJECT_CUR"])),
    ("R005", "PNG", b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
    ("R005", "JPEG", b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(range(256))),
    ("R005", "GIF", b"GIF89a" + bytes(range(256))),
    ("R005", "BMP", b"BM" + struct.pack("<I", 270) + bytes(264)),
    ("R005", "WebP", b"RIFF\x10\0\0\0WEBPVP8 " + bytes(256)),
    ("R005", "HEIC", b"\0\0\0\x18ftypheic" + bytes(256)),
    ("R006", "PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"),
    ("R006", "OFD", zipped({"OFD.xml": b"<x/>"})),
    ("R007", "ZIP", zipped({"能源.csv": b"a,b"})),
    ("R007", "RAR", b"Rar!\x1a\x07\x01\0" + bytes(64)),
    ("R007", "7z", b"7z\xbc\xaf\x27\x1c" + bytes(64)),
    ("R007", "gzip", b"\x1f\x8b\x08" + bytes(64)),
    ("R008", "DOCX", zipped({"[Content_Types].xml": b"", "word/document.xml": b"<x/>"})),
    ("R008", "DOC", compound_file({"WordDocument": b"x"})),
    ("R008", "PPTX", zipped({"ppt/presentation.xml": b"<x/>"})),
    ("R008", "RTF", rb"{\rtf1\ansi table}"),
    ("R008", "another OLE file", compound_file({"__properties_version1.0": b"x"})),
    ("R009", "HTML", b"<html><table><tr><td>x</td></tr></table></html>"),
    ("R009", "HTML in UTF-16", "<html xmlns:x=…><table>".encode("utf-16")),
    ("R009", "HTML table without a head", b"\r\n  <table border=1><tr>"),
    (
        "R009",
        "Excel 2003 XML",
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
    ),
    ("R010", "XLSB", zipped({"xl/workbook.bin": b"x"})),
    ("R010", "ODS", zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"})),
    ("R011", "NUL bytes", energy(ELECTRICITY).replace(b"721", b"7\0\0\0\x001")),
    ("R011", "control characters", b"\x01\x02\x03\x04abc\x05\x06" * 50),
    ("R012", "no encoding", b"a,b,c\r\n\xff\xff\xff,1,2\r\n"),
    ("R012", "bad byte in UTF-8", energy(ELECTRICITY) + b"\xff\r\n" + energy(DIESEL)),
    ("R015", "200 columns", csv_bytes(WIDE, ["1"] * 200)),
    ("R015", "200 columns behind a form's", csv_bytes([*ENERGY, *WIDE], ELECTRICITY)),
    ("R015", "200 cells below a form's header", energy([*ELECTRICITY, *["1"] * 200])),
    ("R015", "cell far to the right", far_cell("XFD1048576")),
    ("R015", "cell far to the right in XLS", xls_with_far_cell()),
    ("R016", "sheet of zeros", with_part(BOOK, SHEET, b" " * 30_000_000)),
    ("R016", "forged directory", forged_size()),
    ("R017", "10 MB in one line", b"a" * 10_000_000),
    ("R017", "10 MB in one cell", energy(energy_row(note="长" * 3_500_000))),
    ("R017", "cell a little too long", energy(energy_row(note="长" * 4_001))),
    ("R018", "another table", csv_bytes(["姓名", "工资", "部门"], ["张三", "1", "一"])),
    (
        "R018",
        "shared headers only",
        csv_bytes(["统一社会信用代码", "报告期", "备注"], ["1", "2", "3"]),
    ),
    ("R018", "a letter", "您好：\r\n附件是十月的报表。\r\n".encode()),
    ("R019", "one below the other", csv_bytes(ENERGY, ELECTRICITY, OUTPUT, STOPPED)),
    (
        "R019",
        "with a title between",
        csv_bytes(ENERGY, ELECTRICITY, [""], ["产值"], OUTPUT, STOPPED),
    ),
    ("R019", "far below", csv_bytes(ENERGY, *[ELECTRICITY] * 100, OUTPUT, STOPPED)),
    ("R019", "side by side", csv_bytes([*ENERGY, *OUTPUT], [*ELECTRICITY, *STOPPED])),
    ("R020", "two sheets", xlsx({"能源": [ENERGY, ELECTRICITY], "产值": [OUTPUT, STOPPED]})),
    ("R020", "two months", xlsx({"9月": [ENERGY, ELECTRICITY], "10月": [ENERGY, ELECTRICITY]})),
    (
        "R021",
        "swallowed rows",
        energy(ELECTRICITY).replace(b",100.5", b',"100.5') + csv_bytes(*[DIESEL] * 5),
    ),
    (
        "R021",
        "swallowed to a later quotation",
        csv_text([ENERGY, energy_row(note="甲")]).replace(",甲", ',"甲').encode()
        + csv_bytes(DIESEL, energy_row(purchased="1,103")),
    ),
    ("R021", "swallowed line end", energy(ELECTRICITY).replace(b",100.5", b',"100.5')),
    (
        "R021",
        "swallowed megabytes",
        energy(ELECTRICITY).replace(b",100.5", b',"100.5') + csv_bytes(*[["说明"]] * 100_000),
    ),
    ("R022", "cut workbook", BOOK[: len(BOOK) // 2]),
    ("R022", "cut XLS", compound_file({"Workbook": biff(BOF, EOF)})[:1500]),
    ("R022", "no sheets' XML", zipped({"xl/workbook.xml": b"<workbook"})),
    ("R022", "document type", with_part(BOOK, "xl/workbook.xml", b"<!DOCTYPE x><workbook/>")),
]
LIMITED: list[tuple[str, Limits, bytes]] = [
    ("R013", Limits(max_bytes=100), energy(ELECTRICITY)),
    ("R014", Limits(max_rows=3), energy(*[ELECTRICITY] * 5)),
    ("R014", Limits(max_rows=3), energy(*[[""]] * 5)),
    ("R014", Limits(max_rows=3), xlsx({"能源": [ENERGY, *[ELECTRICITY] * 5]})),
    ("R016", Limits(max_expanded_bytes=1000), BOOK),
]


@pytest.mark.parametrize(
    ("wanted", "data"), [pytest.param(c[0], c[2], id=f"{c[0]}-{c[1]}") for c in CASES]
)
def test_what_is_no_form_is_refused_with_its_own_id_and_advice(wanted, data, refuse):
    refused = refuse(data, "十月.csv")
    assert refused.id == wanted
    for words in (refused.message, refused.remedy):
        for text in (words.zh, words.en):
            assert text
            assert "{" not in text
    assert "十月.csv" in refused.message.zh
    assert "十月.csv" in refused.message.en


@pytest.mark.parametrize(("wanted", "limits", "data"), LIMITED)
def test_a_file_beyond_a_limit_is_refused_with_the_limit(wanted, limits, data, refuse):
    assert refuse(data, limits=limits).id == wanted


def test_every_refusal_is_seen_firing_and_none_is_unknown(refuse):
    fired = {refuse(data).id for _, _, data in CASES}
    fired |= {refuse(data, limits=limits).id for _, limits, data in LIMITED}
    assert fired == {entry["id"] for entry in REFUSALS}


def test_refusals_are_numbered_once_and_say_all_in_two_languages():
    ids = [entry["id"] for entry in REFUSALS]
    assert ids == [f"R{number:03d}" for number in range(1, len(ids) + 1)]
    assert len({entry["name"] for entry in REFUSALS}) == len(ids)


def test_an_unknown_form_says_what_was_found_and_what_there_is(refuse):
    refused = refuse(csv_bytes(["姓名", "工资", "部门"], ["张三", "1", "一"]))
    assert "姓名、工资、部门" in refused.message.zh
    assert "《能源购进、消费与库存月报》" in refused.message.zh
    assert "Monthly report of output and value added" in refused.message.en


def test_two_mixed_forms_are_both_named_with_their_lines(refuse):
    refused = refuse(csv_bytes(ENERGY, ELECTRICITY, OUTPUT, STOPPED))
    assert "《能源购进、消费与库存月报》（第 1 行）" in refused.message.zh
    assert "《产值与增加值月报》（第 3 行）" in refused.message.zh


def test_two_sheets_are_both_named(refuse):
    refused = refuse(xlsx({"甲": [ENERGY, ELECTRICITY], "乙": [OUTPUT, STOPPED]}))
    assert "“甲”" in refused.message.zh
    assert '"乙" (Monthly report of output and value added)' in refused.message.en


def test_an_unclosed_quotation_names_its_line(refuse):
    data = energy(DIESEL, ELECTRICITY).replace(b",100.5", b',"100.5') + csv_bytes(*[DIESEL] * 5)
    assert "第 3 行" in refuse(data).message.zh


def test_a_file_name_with_braces_does_no_harm(refuse):
    assert "{0}{file}.csv" in refuse(b"", "{0}{file}.csv").message.zh


def test_a_large_but_ordinary_workbook_is_taken(take_in):
    rows = [[*ELECTRICITY[:9], f"备注{number}"] for number in range(3_000)]
    parsed = take_in(xlsx({"能源": [ENERGY, *rows]}))
    assert not isinstance(parsed, Refusal)


def test_a_formatted_but_empty_cell_far_away_does_not_matter(read):
    workbook = openpyxl.load_workbook(io.BytesIO(BOOK))
    workbook.active["XFD1"].font = openpyxl.styles.Font(bold=True)
    assert read(saved(workbook)).rows.num_rows == 1


def test_a_package_entry_of_an_unknown_compression_is_damaged(refuse):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as package:
        package.writestr("xl/workbook.xml", part(BOOK, "xl/workbook.xml"))
    assert refuse(buffer.getvalue()).id == "R022"
