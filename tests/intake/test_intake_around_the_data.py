"""Titles, signatures, blank rows and columns, and headers as people write them."""

from __future__ import annotations

import pytest
from intake_files import DIESEL, ELECTRICITY, ENERGY, OUTPUT, STOPPED, csv_bytes, energy

from greenmfg.records import HeaderCell, TidiedKind

CODE = "91310151MA00000013"


def kinds_and_lines(parsed):
    return [(entry.kind.value, entry.line) for entry in parsed.tidied]


@pytest.mark.parametrize(
    "signature",
    [
        ["填表人：张三"],
        ["单位负责人：", "李四"],
        ["单位负责人：李四", "", "填表人：张三", "", "报出日期：2026年11月5日"],
        ["单位负责人：", "李四", "填表人：", "张三", "联系电话：", "021-12345678"],
        ["注：本表数据为快报"],
        ["审核人: 王五"],
    ],
)
def test_a_signature_row_below_is_listed_and_is_no_data(signature, read):
    padded = signature + [""] * (len(ENERGY) - len(signature))
    for row in (signature, padded):
        parsed = read(energy(ELECTRICITY, DIESEL, row))
        assert parsed.rows.num_rows == 2
        assert kinds_and_lines(parsed) == [("signature_rows", 4)]


def test_remarks_that_go_on_below_a_signature_are_part_of_it(read):
    parsed = read(
        energy(ELECTRICITY, ["说明：1. 电力含绿电"], ["2. 柴油为叉车用"], ["填表人：张三"])
    )
    assert parsed.rows.num_rows == 1
    assert kinds_and_lines(parsed) == [("signature_rows", line) for line in (3, 4, 5)]


@pytest.mark.parametrize(
    "row",
    [
        ["合计", "", "", "", "", "", "112.0", "789.4", "108.5"],
        ["合计：", "", "", "", "", "", "", "", "108.5"],
        [CODE, "备注：停产"],
        ["9.13102E+17", "备注：停产"],
        ["柴油"],
    ],
)
def test_what_may_be_data_is_never_dropped_as_a_signature(row, read):
    padded = row + [""] * (len(ENERGY) - len(row))
    parsed = read(energy(ELECTRICITY, padded))
    assert parsed.rows.column("line").to_pylist() == [2, 3]


def test_a_signature_in_the_middle_is_data(read):
    parsed = read(energy(ELECTRICITY, ["填表人：张三"] + [""] * 9, DIESEL))
    assert parsed.rows.num_rows == 3


def test_the_last_row_of_a_reference_table_is_never_a_signature(read):
    parsed = read(
        csv_bytes(["cluster", "plan_code", "output_target_id", "note"], ["其他", "", "", "注：无"])
    )
    assert parsed.form == "clusters"
    assert parsed.rows.num_rows == 1


def test_blank_rows_are_dropped_and_lines_counted_on(read):
    blank = [""] * len(ENERGY)
    data = (
        csv_bytes(blank, ["能源月报"], ENERGY, blank, ELECTRICITY, [" ", "\u3000"], DIESEL)
        + b"\r\n"
    )
    parsed = read(data)
    assert parsed.header_line == 3
    assert parsed.rows.column("line").to_pylist() == [5, 7]
    assert kinds_and_lines(parsed) == [
        ("blank_rows", 1),
        ("title_rows", 2),
        ("blank_rows", 4),
        ("blank_rows", 6),
        ("blank_rows", 8),
    ]


def test_blank_columns_are_listed_by_their_letters(read):
    wide = [["", "", *row[:4], "", *row[4:], "", ""] for row in (ENERGY, ELECTRICITY, DIESEL)]
    parsed = read(csv_bytes(*wide))
    assert parsed.rows.drop(["cells"]).equals(
        read(energy(ELECTRICITY, DIESEL)).rows.drop(["cells"])
    )
    assert [(e.kind.value, e.before) for e in parsed.tidied] == [
        ("blank_columns", "A:B"),
        ("blank_columns", "G"),
        ("blank_columns", "N:O"),
    ]
    assert parsed.rows.column("unit").to_pylist() == ["万千瓦时", "吨"]
    assert parsed.header[0] == HeaderCell(3, "统一社会信用代码", "uscc")


def test_data_under_no_header_stay_visible(read):
    rows = [[*ENERGY[:-1], "", "备注"], [*ELECTRICITY[:-1], "x", ""], [*DIESEL, "", "多余"]]
    parsed = read(csv_bytes(*rows))
    bare = [cell for cell in parsed.header if cell.name is None]
    assert bare == [HeaderCell(10, "", None), HeaderCell(12, "", None)]
    assert parsed.rows.column("cells").to_pylist() == [11, 12]
    assert parsed.tidied == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("购进金额（千元）", TidiedKind.FULL_WIDTH),
        ("购进 金额\n(千元)", TidiedKind.SPACES),
        ("购进金额", TidiedKind.HEADER_ALIAS),
        ("购 进 金 额", TidiedKind.HEADER_ALIAS),
    ],
)
def test_a_header_is_forgiven_its_spelling_and_the_change_is_listed(text, kind, read):
    header = [text if name == "购进金额(千元)" else name for name in ENERGY]
    parsed = read(csv_bytes(header, ELECTRICITY))
    assert parsed.rows.column("purchase_cost_1k_cny").to_pylist() == ["721"]
    (entry,) = parsed.tidied
    assert (entry.kind, entry.line, entry.column) == (kind, 1, "purchase_cost_1k_cny")
    assert (entry.before, entry.after) == (text, "购进金额(千元)")


def test_the_order_of_columns_does_not_matter(read):
    order = [3, 0, 9, 1, 8, 2, 4, 7, 5, 6]
    shuffled = [[row[at] for at in order] for row in (ENERGY, ELECTRICITY, DIESEL)]
    assert read(csv_bytes(*shuffled)).rows.equals(read(energy(ELECTRICITY, DIESEL)).rows)


def test_a_header_there_twice_stays_visible_and_the_first_one_counts(read):
    parsed = read(csv_bytes([*ENERGY, "购进量"], [*ELECTRICITY, "999"]))
    assert [cell.position for cell in parsed.header if cell.name == "purchased"] == [7, 11]
    assert parsed.rows.column("purchased").to_pylist() == ["103.0"]


def test_a_header_that_no_form_knows_is_kept_without_a_name(read):
    parsed = read(csv_bytes([*ENERGY, "车间"], [*ELECTRICITY, "一车间"]))
    assert parsed.header[-1] == HeaderCell(11, "车间", None)


def test_a_firms_own_extra_columns_do_not_make_a_second_form(read):
    extra = ["企业名称", "行业代码", "园区", "联系人"]
    parsed = read(csv_bytes([*ENERGY, *extra], [*ELECTRICITY, "示例", "37", "园区外", "某"]))
    assert parsed.form == "energy_monthly"


def test_a_remark_with_known_words_above_the_header_is_a_title(read):
    parsed = read(csv_bytes(["报告期：", "202610", "备注"], ENERGY, ELECTRICITY))
    assert parsed.header_line == 2
    assert kinds_and_lines(parsed) == [("title_rows", 1)]


def test_the_form_is_told_by_its_header_not_by_its_file_name(read):
    assert read(csv_bytes(OUTPUT, STOPPED), "能源月报.xlsx").form == "output_monthly"
