"""What was planted on purpose, and that little else is wrong."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal, InvalidOperation

import pytest
from tests.demo.district_reader import District, Filed, month_of

from greenmfg.demo import DemoFlaw


@pytest.fixture(scope="module")
def by_place(district: District) -> dict[tuple[str, int], Filed]:
    return {(r.file, r.line): r for rows in district.by_form.values() for r in rows}


def _of(district: District, kind: str) -> list[DemoFlaw]:
    flaws = [flaw for flaw in district.manifest.flaws if flaw.kind == kind]
    assert flaws, kind
    return flaws


def test_every_flaw_names_a_row_that_is_there(
    district: District, by_place: dict[tuple[str, int], Filed]
) -> None:
    for flaw in district.manifest.flaws:
        if flaw.kind != "missing":
            assert flaw.file is not None
            assert flaw.line is not None
            row = by_place[flaw.file, flaw.line]
            assert row.text["uscc"] == flaw.enterprise
            if flaw.period is not None:
                assert row.key[1] == month_of(flaw.period)


def test_nine_firms_have_not_filed_the_newest_month(district: District) -> None:
    missing = [f for f in _of(district, "missing") if f.period == "202610"]
    assert len({flaw.enterprise for flaw in missing}) == 9
    for flaw in _of(district, "missing"):
        filed = {row.key for row in district.by_form[flaw.form]}
        assert (flaw.enterprise, month_of(flaw.period or "")) not in filed


def test_all_other_above_scale_months_are_filed(district: District) -> None:
    planted = {(f.form, f.enterprise, month_of(f.period or "")) for f in _of(district, "missing")}
    nil = {row.key for row in district.by_form["output_monthly"] if row.text["nil_return"] == "是"}
    months = [f"{y}-{n:02d}" for y in range(2020, 2027) for n in range(1, 13)]
    for form in ("energy_monthly", "output_monthly"):
        filed = {row.key for row in district.by_form[form]}
        combined = {
            (uscc, f"{month[:4]}-01")
            for uscc, month in filed
            if month.endswith("-02") and (uscc, f"{month[:4]}-01") not in filed
        }
        answered = filed | combined | nil
        for uscc in district.register:
            for month in (m for m in months if m <= "2026-10" and (uscc, m) not in answered):
                assert not _is_due(district, uscc, month) or (form, uscc, month) in planted


def _is_due(district: District, uscc: str, month: str) -> bool:
    try:
        return district.above_scale(uscc, month)
    except AssertionError:
        return False  # not in the register in that month


def test_at_least_97_in_100_filings_of_each_wave_want_nobody(district: District) -> None:
    troubled = Counter(
        (flaw.file or "").split("/")[0]
        for flaw in district.manifest.flaws
        if flaw.expected in ("returned", "awaiting_review")
    )
    for wave in district.manifest.waves:
        filings = sum(file.filings for file in district.manifest.of_wave(wave))
        assert troubled[str(wave)] <= 0.03 * filings
    assert 5 <= sum(troubled.values()) <= 40


def test_each_firm_and_month_carries_one_flaw_of_value(district: District) -> None:
    touched = Counter(
        (flaw.form, flaw.enterprise, flaw.period)
        for flaw in district.manifest.flaws
        if flaw.expected in ("returned", "awaiting_review")
    )
    assert max(touched.values()) == 1


def test_what_waits_for_review_explains_nothing_itself(
    district: District, by_place: dict[tuple[str, int], Filed]
) -> None:
    waiting = [f for f in district.manifest.flaws if f.expected == "awaiting_review"]
    assert len(waiting) >= 6
    for flaw in waiting:
        assert "note" not in by_place[flaw.file or "", flaw.line or 0].text


def test_a_wrong_scale_of_electricity_says_its_unit(
    district: District, by_place: dict[tuple[str, int], Filed]
) -> None:
    for flaw in _of(district, "unit_kwh"):
        row = by_place[flaw.file or "", flaw.line or 0]
        assert row.text["unit"] == "千瓦时"
        assert flaw.expected == "returned"


def test_a_slip_of_the_unit_stands_out_against_the_firms_own_months(
    district: District, by_place: dict[tuple[str, int], Filed]
) -> None:
    for kind, factor in (("unit_slip_10", 10), ("unit_slip_1000", 1000), ("unit_slip_kwh", 10_000)):
        for flaw in _of(district, kind):
            row = by_place[flaw.file or "", flaw.line or 0]
            usual = sorted(
                other["production_use"]
                for other in district.in_force("energy_monthly")
                if other.text["uscc"] == flaw.enterprise
                and other.text["energy_item"] == row.text["energy_item"]
                and "2025-10" <= other.key[1] < row.key[1]
            )
            assert len(usual) >= 6
            ratio = row["production_use"] / usual[len(usual) // 2]
            assert Decimal("0.7") < ratio / factor < Decimal("1.4")


def test_words_in_a_number_are_no_number(
    district: District, by_place: dict[tuple[str, int], Filed]
) -> None:
    for kind in ("text_in_number", "agent_row"):
        for flaw in _of(district, kind):
            with pytest.raises(InvalidOperation):
                by_place[flaw.file or "", flaw.line or 0]["production_use"]


def test_what_was_returned_and_mended_has_a_later_file(district: District) -> None:
    order = {file.relative_path: i for i, file in enumerate(district.manifest.files)}
    mended = {(f.form, f.enterprise, f.period): f for f in _of(district, "mended")}
    for flaw in district.manifest.flaws:
        later = mended.get((flaw.form, flaw.enterprise, flaw.period))
        if flaw.expected == "returned" and later is not None:
            assert order[later.file or ""] > order[flaw.file or ""]
    assert len(mended) >= 5


def test_a_correction_comes_after_the_version_that_it_corrects(
    district: District, by_place: dict[tuple[str, int], Filed]
) -> None:
    order = {file.relative_path: i for i, file in enumerate(district.manifest.files)}
    later = {(f.form, f.enterprise, f.period): f for f in _of(district, "correction")}
    for first in _of(district, "first_version"):
        correction = later[first.form, first.enterprise, first.period]
        assert order[correction.file or ""] > order[first.file or ""]
        old = by_place[first.file or "", first.line or 0]
        corrected = [r for r in by_place.values() if r.file == correction.file]
        assert dict(old.text) not in [dict(row.text) for row in corrected]
        # The same items: a correction takes none away.
        before = [r for r in by_place.values() if r.file == old.file and r.key == old.key]
        assert {r.text.get("energy_item") for r in before} == {
            r.text.get("energy_item") for r in corrected
        }


def test_late_files_come_after_a_later_month_of_the_same_firm(district: District) -> None:
    order = {file.relative_path: i for i, file in enumerate(district.manifest.files)}
    for flaw in _of(district, "late"):
        month = month_of(flaw.period or "")
        later = [
            row
            for row in district.by_form[flaw.form]
            if row.text["uscc"] == flaw.enterprise and row.key[1] > month
        ]
        assert any(order[row.file] < order[flaw.file or ""] for row in later)


def test_a_negative_value_added_is_explained(
    district: District, by_place: dict[tuple[str, int], Filed]
) -> None:
    for flaw in _of(district, "negative_value_added"):
        row = by_place[flaw.file or "", flaw.line or 0]
        assert row["value_added_10k_cny"] < 0
        assert row.text["note"]


def test_nil_returns_have_neither_output_nor_energy(
    district: District, by_place: dict[tuple[str, int], Filed]
) -> None:
    energy = {row.key for row in district.by_form["energy_monthly"]}
    for flaw in _of(district, "nil_return"):
        row = by_place[flaw.file or "", flaw.line or 0]
        assert row.text["nil_return"] == "是"
        assert row["gross_output_10k_cny"] == row["value_added_10k_cny"] == 0
        assert row.key not in energy


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        ("title_and_signature_rows", "（模拟数据）".encode("gb18030")),
        ("semicolon", b";"),
        ("utf16_tab", b"\xff\xfe"),
    ],
)
def test_oddly_formatted_files_look_it(district: District, kind: str, seen: bytes) -> None:
    for flaw in _of(district, kind):
        path = district.folder / (flaw.file or "")
        if path.suffix == ".csv":
            assert seen in path.read_bytes()
