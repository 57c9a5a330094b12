"""Determinism and form of what is written."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from tests.demo.district_reader import REPOSITORY, TODAY, District

from greenmfg.contract.codes import CodeLists
from greenmfg.contract.forms import Contract
from greenmfg.demo import read_manifest, write_district
from greenmfg.demo.district import EARLIEST_TODAY


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_another_process_writes_the_same_bytes(district: District, tmp_path: Path) -> None:
    elsewhere = {"PYTHONHASHSEED": "7", "TZ": "America/Lima", "LC_ALL": "C"}
    write = f"from tests.demo.district_reader import write_again; write_again({str(tmp_path)!r})"
    subprocess.run(
        [sys.executable, "-c", write],
        cwd=REPOSITORY,
        env=os.environ | elsewhere,
        check=True,
    )
    assert _hashes(tmp_path) == _hashes(district.folder)


def test_another_seed_writes_another_district(
    district: District, tmp_path: Path, contracts: dict[str, Contract], codes: CodeLists
) -> None:
    write_district(tmp_path, contracts, codes, TODAY, seed=7)
    assert _hashes(tmp_path) != _hashes(district.folder)


@pytest.mark.parametrize("today", [EARLIEST_TODAY, date(2027, 1, 2)])
def test_another_day_writes_the_months_that_have_ended(
    tmp_path: Path, contracts: dict[str, Contract], codes: CodeLists, today: date
) -> None:
    manifest = write_district(tmp_path, contracts, codes, today)
    newest = f"{today.year - (today.month == 1)}{(today.month - 2) % 12 + 1:02d}"
    months = {name.group() for f in manifest.files if (name := re.search(r"20\d{4}", f.name))}
    assert max(months) == newest
    assert all(file.arrives_on <= today for file in manifest.of_wave(1))


def test_the_manifest_reads_back_as_it_was_written(district: District) -> None:
    assert read_manifest(district.folder) == district.manifest


def test_every_file_is_in_the_manifest_with_its_rows_and_filings(district: District) -> None:
    listed = {file.relative_path for file in district.manifest.files}
    assert listed | {"manifest.json"} == set(_hashes(district.folder))
    counted: dict[str, set[object]] = {}
    rows: dict[str, int] = {}
    for form, filed in district.by_form.items():
        contract = district.contracts[form]
        for row in filed:
            subject = next((row.text[s] for s in contract.subject if s in row.text), form)
            counted.setdefault(row.file, set()).add((subject, row.text.get("period")))
            rows[row.file] = rows.get(row.file, 0) + 1
    for file in district.manifest.files:
        assert file.rows == rows[file.relative_path]
        assert file.filings == len(counted[file.relative_path])


def test_the_history_is_of_the_size_it_is_meant_to_be(district: District) -> None:
    assert 19_000 <= district.manifest.filings <= 22_000
    assert district.manifest.waves == (1, 2, 3, 4, 5, 6)
    months = {key[1] for row in district.by_form["output_monthly"] for key in [row.key]}
    assert (min(months), max(months)) == ("2020-01", "2026-10")


def test_the_first_wave_holds_the_recent_months_firm_by_firm(district: District) -> None:
    first = {file.relative_path for file in district.manifest.of_wave(1)}
    rows = [row for row in district.by_form["output_monthly"] if row.file in first]
    assert min(row.key[1] for row in rows) == "2025-01"
    recent = [row for row in rows if row.key[1] >= "2025-11" and district.above_scale(*row.key)]
    assert all(row.file.split("/")[1] == row.text["uscc"] for row in recent)
    assert len({row.text["uscc"] for row in recent}) >= 120


def test_older_years_come_newest_first_as_one_file_a_park_and_form(district: District) -> None:
    for wave, year in enumerate(("2024", "2023", "2022", "2021", "2020"), start=2):
        agents = [f for f in district.manifest.of_wave(wave) if f.account.startswith("agent-")]
        whole = [
            f for f in agents if f.name.startswith("agent") or f"_{year}01-{year}12." in f.name
        ]
        assert len({(file.account, file.form) for file in whole}) == len(whole)


def test_offices_use_a_mixture_of_formats(district: District) -> None:
    kinds: dict[str, int] = {}
    firms = [f for f in district.manifest.files if f.account.startswith("9")]
    for file in firms:
        head = file.path(district.folder).read_bytes()[:3]
        kind = {b"PK\x03": "xlsx", b"\xef\xbb\xbf": "utf-8"}.get(head, "gb18030")
        kind = "utf-16" if head.startswith(b"\xff\xfe") else kind
        kinds[kind] = kinds.get(kind, 0) + 1
    shares = {kind: count / len(firms) for kind, count in kinds.items()}
    assert 0.4 < shares["gb18030"] < 0.7
    assert 0.05 < shares["xlsx"] < 0.25
    assert shares["utf-8"] > 0.15
    assert 0.01 < shares["utf-16"] < 0.1


def test_workbooks_carry_no_moment_of_making(district: District) -> None:
    books = [f for f in district.manifest.files if f.name.endswith(".xlsx")]
    with zipfile.ZipFile(books[0].path(district.folder)) as book:
        assert {entry.date_time[:3] for entry in book.infolist()} == {(1980, 1, 1)}
        assert str(TODAY.year) not in book.read("docProps/core.xml").decode()


def test_a_folder_that_is_in_use_is_left_alone(
    district: District, contracts: dict[str, Contract], codes: CodeLists
) -> None:
    with pytest.raises(FileExistsError):
        write_district(district.folder, contracts, codes, TODAY)


def test_a_clock_before_the_district_begins_is_refused(
    tmp_path: Path, contracts: dict[str, Contract], codes: CodeLists
) -> None:
    with pytest.raises(ValueError, match="2025-02-01"):
        write_district(tmp_path, contracts, codes, date(2021, 1, 1))
