"""Histories with corrections, faults and waiting months end the same, however they are batched."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

import pytest
from homes import FOOD, POTS, SHIPS, Home, electricity, form_csv

File = tuple[str, list[dict[str, object]]]
FIRMS = (SHIPS, POTS, FOOD)


def energy_files(rng: random.Random, files: int) -> Iterator[File]:
    """Months of three firms in random order, some corrected, some wrong, some a slip, some whole
    quarters; diesel whose opening stock does or does not follow from the month before."""
    for _ in range(files):
        rows = []
        for firm in rng.sample(FIRMS, rng.choice([1, 1, 2])):
            start = rng.choice([9, 10, 11])
            for month in range(start, min(start + rng.choice([1, 1, 3]), 13)):
                period = f"2025{month:02d}"
                used = rng.choice([100, 101, 99, 100_000, "约100"])
                rows.append(electricity(period, used, firm))
                if rng.random() < 0.6:
                    opening, use = rng.choice([2, 2, 2, 5]), rng.choice([8, 9])
                    rows.append({
                        "uscc": firm, "period": period, "energy_item": "柴油", "unit": "吨",
                        "opening_stock": opening, "purchased": 8, "production_use": use,
                        "closing_stock": opening + 8 - use,
                        "note": rng.choice([None, None, "盘点差异"]),
                    })  # fmt: skip
        yield "energy_monthly", rows


def output_files(rng: random.Random, files: int) -> Iterator[File]:
    """January alone or within February, and cumulated values that do or do not follow."""
    for _ in range(files):
        month = rng.choice([1, 2, 2, 3])
        covered = 2 if month == 2 and rng.random() < 0.5 else 1
        output = rng.choice([100, 110])
        row = {
            "uscc": SHIPS, "period": f"2026{month:02d}", "months_covered": covered,
            "gross_output_10k_cny": output * covered, "value_added_10k_cny": 20,
            "ytd_gross_output_10k_cny": rng.choice([None, 100 * month, 110 * month, 7]),
        }  # fmt: skip
        yield "output_monthly", [row]


def audit_files(rng: random.Random, files: int) -> Iterator[File]:
    """Stages of one round in any order, dates that do or do not follow, two acceptances."""
    for _ in range(files):
        rows: list[dict[str, object]] = []
        for stage in rng.sample(["名单公布", "审核准备", "预审核", "验收"], rng.choice([1, 2])):
            rows.append({
                "uscc": rng.choice(FIRMS[:2]), "audit_round": "2025", "stream": "强制性",
                "category": "双有", "stage": stage, "document_no": "示例1号",
                "event_date": f"2025-{rng.choice([4, 5, 6]):02d}-{rng.choice([1, 20]):02d}",
                "result": "合格" if stage == "验收" else None,
            })  # fmt: skip
        yield "audit_progress", rows


def register_files(rng: random.Random, files: int) -> Iterator[File]:
    """Rows that follow on each other, overlap, or correct one that is there."""
    for _ in range(files):
        start = rng.choice(["202201", "202301", "202401"])
        yield "enterprise_register", [{
            "uscc": "91310151MA0G000A1N", "name": "示例新厂", "industry_code": "34",
            "town_code": "310151101", "above_scale": "是", "valid_from": start,
            "valid_to": rng.choice([None, "202212", "202306"]),
            "land_zone": rng.choice([None, "198"]),
        }]  # fmt: skip


KINDS: dict[str, Callable[[random.Random, int], Iterator[File]]] = {
    "energy": energy_files,
    "output": output_files,
    "audits": audit_files,
    "register": register_files,
}


def filed_in_batches(home: Home, files: Sequence[File], sizes: Iterator[int]) -> Home:
    home.file_sample("register.csv")
    home.run()
    left = list(enumerate(files))
    while left:
        size = next(sizes)
        for number, (form, rows) in left[:size]:
            # Bytes of its own for each file: two equal ones would be one submission.
            data = form_csv(home.shop.contracts[form], rows) + b"\r\n" * number
            home.file(f"{number}.csv", data)
        left = left[size:]
        home.run()
    return home


@pytest.mark.parametrize("kind", KINDS)
def test_a_history_ends_the_same_in_one_batch_in_some_and_one_by_one(
    new_home: Callable[..., Home], kind: str
) -> None:
    rng = random.Random(kind)
    files = list(KINDS[kind](rng, 8))
    batch = filed_in_batches(new_home("batch"), files, iter([len(files)]))
    some = filed_in_batches(new_home("some"), files, iter([3, 1, 99]))
    single = filed_in_batches(new_home("single"), files, iter([1] * len(files)))
    assert batch.facts() == single.facts()
    assert some.facts() == single.facts()
