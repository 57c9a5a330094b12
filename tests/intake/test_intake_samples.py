"""Every sample file is recognised and tidied as `verdicts.json` says, and its rows read true."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from greenmfg.records import ParsedFile, Refusal

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
VERDICTS = json.loads((SAMPLES / "verdicts.json").read_text(encoding="utf-8"))
GOOD = sorted(name for name in VERDICTS if name.startswith("energy_good"))


@pytest.mark.parametrize("name", sorted(VERDICTS))
def test_a_sample_is_recognised_and_tidied_as_its_verdict_says(name, take_in):
    parsed = take_in((SAMPLES / name).read_bytes(), name)
    wanted = VERDICTS[name]
    assert isinstance(parsed, Refusal) == wanted.get("unreadable", False)
    if isinstance(parsed, ParsedFile):
        assert parsed.form == wanted["form"]
        assert {entry.kind.value for entry in parsed.tidied} == set(wanted.get("tidied", []))


def test_every_sample_has_a_verdict():
    files = {path.name for path in SAMPLES.iterdir()} - {"README.md", "verdicts.json"}
    assert files == set(VERDICTS)


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("energy_good_utf8bom.csv", "utf-8-sig"),
        ("energy_good_gb18030.csv", "gb18030"),
        ("energy_good_utf16_tab.csv", "utf-16"),
        ("energy_good_semicolon.csv", "gb18030"),
        ("output_good.xlsx", "xlsx"),
    ],
)
def test_the_encoding_is_named(name, encoding, read):
    assert read((SAMPLES / name).read_bytes()).encoding == encoding


def test_the_same_report_in_four_encodings_gives_the_same_rows(read):
    first, *others = (read((SAMPLES / name).read_bytes()).rows for name in GOOD)
    assert len(others) == 3
    assert all(other.equals(first) for other in others)


def test_values_are_stored_in_the_codes_and_dates_of_the_tables(read):
    rows = read((SAMPLES / "energy_fullwidth.csv").read_bytes()).rows
    assert rows.column("energy_item").to_pylist() == ["electricity", "diesel", "heat"]
    assert rows.column("unit").to_pylist() == ["万千瓦时", "吨", "百万千焦"]
    assert rows.column("period").to_pylist() == ["2026-10-01"] * 3
    assert rows.column("production_use").to_pylist() == ["1100.5", "8.0", "320"]
    register = read((SAMPLES / "register.csv").read_bytes()).rows
    assert register.column("above_scale").to_pylist() == ["true"] * 3
    assert register.column("river_strip").to_pylist() == ["true", "false", "false"]


def test_what_the_file_said_stays_beside_what_is_stored(read):
    parsed = read((SAMPLES / "energy_fullwidth.csv").read_bytes())
    assert parsed.given.schema == parsed.rows.schema
    assert parsed.given.column("production_use").to_pylist() == ["１，１００．５", "8.0 ", "320"]
    assert parsed.given.column("period").to_pylist() == ["2026年10月", "2026/10/1", "Oct-26"]


def test_mistakes_are_left_for_the_checks(read):
    rows = read((SAMPLES / "energy_many_errors.csv").read_bytes()).rows.to_pylist()
    assert [row["line"] for row in rows] == list(range(2, 13))
    assert rows[0]["unit"] == "千瓦时"
    assert rows[1]["energy_item"] == "煤气"
    assert rows[2]["production_use"] == "约8吨"
    assert rows[-1]["period"] == "202613"


def test_a_file_cut_in_half_says_so_in_its_last_row(read):
    parsed = read((SAMPLES / "energy_cut_in_half.csv").read_bytes())
    assert parsed.rows.column("cut").to_pylist() == [False, True]
    assert parsed.rows.column("cells").to_pylist() == [20, 7]
    assert parsed.given.column("purchased").to_pylist() == ["103.0", "5."]


def test_a_missing_column_is_null_and_the_form_is_known_all_the_same(read):
    parsed = read((SAMPLES / "energy_missing_column.csv").read_bytes())
    assert parsed.rows.column("production_use").null_count == 4
    assert "production_use" not in {cell.name for cell in parsed.header}


def test_line_numbers_are_the_spreadsheets(read):
    parsed = read((SAMPLES / "energy_title_rows.csv").read_bytes())
    assert parsed.header_line == 4
    assert parsed.rows.column("line").to_pylist() == [5, 6, 7, 8]
    assert [(entry.kind.value, entry.line) for entry in parsed.tidied] == [
        ("title_rows", 1),
        ("title_rows", 2),
        ("blank_rows", 3),
        ("blank_rows", 9),
        ("blank_rows", 10),
        ("signature_rows", 11),
    ]


def test_reference_tables_are_read_by_the_same_way(read, contracts):
    folder = Path(__file__).resolve().parent.parent.parent / "reference"
    with_rows = [p for p in folder.glob("*.csv") if p.read_bytes().count(b"\n") > 1]
    assert len(with_rows) > 10
    for path in with_rows:
        parsed = read(path.read_bytes(), path.name)
        assert parsed.form == path.stem
        assert {cell.name for cell in parsed.header} == set(contracts[path.stem].names)
