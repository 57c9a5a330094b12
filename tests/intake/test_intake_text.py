"""Text files: every encoding, every delimiter, cut files, quotation marks."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from intake_files import DIESEL, ELECTRICITY, ENERGY, csv_bytes, csv_text, energy, energy_row

from greenmfg.records import TidiedKind

ENCODINGS = {
    "utf-8": ("utf-8", b""),
    "utf-8-sig": ("utf-8", b"\xef\xbb\xbf"),
    "gb18030": ("gb18030", b""),
    "utf-16 little-endian": ("utf-16-le", b"\xff\xfe"),
    "utf-16 big-endian": ("utf-16-be", b"\xfe\xff"),
    "utf-16 little-endian without BOM": ("utf-16-le", b""),
    "utf-16 big-endian without BOM": ("utf-16-be", b""),
}
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}


def encoded(text: str, name: str) -> bytes:
    codec, mark = ENCODINGS[name]
    return mark + text.encode(codec)


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_and_delimiter_reads_alike(encoding, delimiter, read):
    wanted = read(energy(ELECTRICITY, DIESEL))
    text = csv_text([ENERGY, ELECTRICITY, DIESEL], DELIMITERS[delimiter])
    parsed = read(encoded(text, encoding))
    assert parsed.rows.equals(wanted.rows)
    assert parsed.encoding == encoding.split()[0]
    assert parsed.tidied == ()


NOTES = st.text(
    st.characters(
        codec="gb18030",
        exclude_characters="\0\r\n\x1a",
        exclude_categories=["Cc", "Cs", "Zs", "Cf"],
    ),
    max_size=20,
)
NUMBERS = st.decimals(0, 10**6, places=3, allow_nan=False).map(str)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    cells=st.lists(st.tuples(NOTES, NUMBERS), min_size=1, max_size=5),
    encoding=st.sampled_from(sorted(ENCODINGS)),
    delimiter=st.sampled_from(sorted(DELIMITERS.values())),
    line_end=st.sampled_from(["\r\n", "\n", "\r"]),
)
def test_a_file_saved_again_in_another_way_gives_equal_rows(
    cells, encoding, delimiter, line_end, read
):
    rows = [ENERGY, *(energy_row(note=note, production_use=number) for note, number in cells)]
    wanted = read(csv_text(rows).encode())
    parsed = read(encoded(csv_text(rows, delimiter, line_end), encoding))
    assert parsed.rows.equals(wanted.rows)
    assert parsed.given.equals(wanted.given)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16 little-endian"])
def test_a_file_cut_in_the_middle_of_a_character_is_cut_not_unreadable(encoding, read):
    codec, _ = ENCODINGS[encoding]
    whole = encoded(csv_text([ENERGY, ELECTRICITY, DIESEL]), encoding)
    place = whole.rindex("油车".encode(codec))
    parsed = read(whole[: place + 1])
    assert parsed.rows.column("cut").to_pylist() == [False, True]
    assert parsed.rows.column("note").to_pylist() == [None, "柴"]


@pytest.mark.parametrize("stray", [1, 2, 3])
def test_up_to_three_stray_bytes_of_gb18030_are_dropped(stray, read):
    whole = csv_bytes(ENERGY, ELECTRICITY, energy_row(note="𠮷"), encoding="gb18030")
    place = whole.rindex("𠮷".encode("gb18030"))
    parsed = read(whole[: place + stray])
    assert parsed.rows.column("cut").to_pylist() == [False, True]


def test_a_last_row_with_all_its_cells_is_whole_without_a_line_end(read):
    parsed = read(energy(ELECTRICITY, DIESEL).rstrip(b"\r\n"))
    assert parsed.rows.column("cut").to_pylist() == [False, False]


def test_a_short_last_row_with_a_line_end_is_short_not_cut(read):
    parsed = read(energy(ELECTRICITY, DIESEL[:6]))
    assert parsed.rows.column("cut").to_pylist() == [False, False]
    assert parsed.rows.column("cells").to_pylist() == [10, 6]
    (entry,) = parsed.tidied
    assert (entry.kind, entry.line, entry.before, entry.after) == (
        TidiedKind.SHORT_ROW,
        3,
        "6",
        "10",
    )


def test_a_file_cut_inside_a_quotation_is_cut(read):
    data = energy(ELECTRICITY, energy_row(note="一,二"))
    parsed = read(data[: data.rindex("二".encode())])
    assert parsed.rows.column("cut").to_pylist() == [False, True]


def test_a_line_break_inside_a_cell_adds_no_line(read):
    parsed = read(energy(energy_row(note="第一行\n第二行"), DIESEL))
    assert parsed.rows.column("line").to_pylist() == [2, 3]
    assert parsed.rows.column("note").to_pylist() == ["第一行\n第二行", "柴油车"]


def test_a_cell_of_two_lines_at_the_very_end_is_whole(read):
    parsed = read(energy(energy_row(note="第一行\n第二行\n")))
    assert parsed.rows.column("cut").to_pylist() == [False]


def test_delimiters_inside_quotation_marks_do_not_split(read):
    parsed = read(energy(energy_row(purchased="1,103.0", note='设备"甲",停用')))
    row = parsed.rows.to_pylist()[0]
    assert (row["purchased"], row["note"]) == ("1103.0", '设备"甲",停用')


def test_a_dos_end_of_file_mark_is_no_row(read):
    parsed = read(energy(ELECTRICITY) + b"\x1a")
    assert parsed.rows.num_rows == 1
    assert parsed.rows.column("cut").to_pylist() == [False]


def test_a_utf8_file_with_one_bad_byte_is_not_taken_for_gb18030(refuse):
    data = energy(ELECTRICITY, DIESEL)
    place = data.rindex("柴油车".encode())
    refused = refuse(data[:place] + b"\xff" + data[place:])
    assert refused.id == "R012"
    assert "第 3 行" in refused.message.zh


def test_text_cells_keep_formulas_and_full_width_as_they_are(read):
    parsed = read(
        energy(energy_row(note='=HYPERLINK("http://x")'), energy_row(note="（说明）ＡＢ "))
    )
    assert parsed.rows.column("note").to_pylist() == ['=HYPERLINK("http://x")', "（说明）ＡＢ"]
    assert [entry.kind for entry in parsed.tidied] == [TidiedKind.SPACES]
