"""Whatever alias of an item or a unit a firm writes, in whatever order: the same rows come out."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from intake_files import energy, energy_row

from greenmfg.records import ParsedFile

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "energy_coefficients.csv"
with REFERENCE.open(encoding="utf-8", newline="") as _file:
    ITEMS = [row for row in csv.DictReader(_file) if row["reportable"] == "1"]
FULL_WIDTH = str.maketrans({chr(n): chr(n + 0xFEE0) for n in range(0x21, 0x7F)})


def spellings(word: str, aliases: str) -> st.SearchStrategy[str]:
    """An alias as it is, with spaces around it, or in full width."""
    chosen = st.sampled_from([word, *(alias for alias in aliases.split(";") if alias)])
    return st.tuples(chosen, st.sampled_from(["{}", " {}", "{}  ", "\u3000{}"]), st.booleans()).map(
        lambda c: c[1].format(c[0].translate(FULL_WIDTH) if c[2] else c[0])
    )


@st.composite
def reports(draw: st.DrawFn) -> list[tuple[str, str, str, str]]:
    """Item and unit as the form writes them, and each in another spelling."""
    items = draw(st.lists(st.sampled_from(ITEMS), min_size=1, max_size=6, unique_by=_code))
    return [
        (
            item["form_name_zh"],
            item["form_unit"],
            draw(spellings(item["form_name_zh"], item["aliases_zh"])),
            draw(spellings(item["form_unit"], item["unit_aliases"])),
        )
        for item in items
    ]


def _code(item: dict[str, str]) -> str:
    return item["item_code"]


def stored(parsed: ParsedFile) -> list[dict[str, object]]:
    columns = ["energy_item", "unit", "production_use"]
    return sorted(parsed.rows.select(columns).to_pylist(), key=lambda row: str(row["energy_item"]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(report=reports(), order=st.randoms(use_true_random=False))
@pytest.mark.timeout(120)
def test_aliases_of_items_and_units_commute(
    read: Callable[..., ParsedFile], report: list[tuple[str, str, str, str]], order: object
) -> None:
    plain, spelled = [], []
    for number, (item, unit, other_item, other_unit) in enumerate(report):
        use = f"{number + 1}.5"
        plain.append(energy_row(energy_item=item, unit=unit, production_use=use))
        spelled.append(energy_row(energy_item=other_item, unit=other_unit, production_use=use))
    order.shuffle(spelled)  # type: ignore[attr-defined]
    expected, found = stored(read(energy(*plain))), stored(read(energy(*spelled)))
    assert found == expected
    codes = {item["item_code"] for item in ITEMS}
    assert {row["energy_item"] for row in expected} <= codes
