"""Names and codes are fictitious, and right in form."""

from __future__ import annotations

import re
from itertools import pairwise

from tests.demo.district_reader import REPOSITORY, District

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

# Enterprises, groups and brands that the plan names or that work on the islands.
REAL = (
    *("江南", "沪东", "中华", "振华", "中船", "中远", "外高桥", "上港", "崇明", "长兴", "横沙"),
    *("群力", "运良", "嘉仕久", "阳光海悦", "临港", "北斗海智", "光明", "上实", "富盛"),
)


def _sum_is_right(uscc: str) -> bool:
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(uscc[:17]))
    return uscc[17] == ALPHABET[(31 - total % 31) % 31]


def test_the_check_character_of_a_known_code_is_reproduced() -> None:
    assert _sum_is_right("91350100M000100Y43")


def test_every_code_filed_anywhere_is_valid(district: District) -> None:
    codes = {
        row.text["uscc"] for rows in district.by_form.values() for row in rows if "uscc" in row.text
    }
    codes |= {code for account in district.manifest.accounts for code in account.enterprises}
    assert len(codes) > 130
    assert all(len(code) == 18 and _sum_is_right(code) for code in codes)


def test_the_organisation_code_inside_is_one_that_was_never_issued(district: District) -> None:
    for code in district.register:
        inner = code[8:17]
        weights = (3, 7, 9, 10, 5, 8, 4, 2)
        total = sum(int(c, 36) * w for c, w in zip(inner, weights, strict=False))
        right = {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))
        assert inner[8] != right


def test_firms_are_registered_in_many_places(district: District) -> None:
    assert len({code[2:8] for code in district.register}) >= 5


def test_every_name_says_that_it_is_an_example(district: District) -> None:
    names = {row.text["name"] for rows in district.register.values() for row in rows}
    assert len(names) >= len(district.register)
    assert all(re.fullmatch(r"示例[一-鿿]+有限公司", name) for name in names)
    assert not [name for name in names for word in REAL if word in name]


def test_no_firm_bears_a_name_from_the_plan(district: District) -> None:
    plan = (REPOSITORY / "reference" / "plan_14fyp_zh.txt").read_text(encoding="utf-8")
    for rows in district.register.values():
        for row in rows:
            assert row.text["name"] not in plan


def test_contacts_have_addresses_that_reach_nobody(district: District) -> None:
    for rows in district.register.values():
        assert all(row.text["contact_email"].endswith("@example.com") for row in rows)
    assert all(a.email.endswith("@example.com") for a in district.manifest.accounts)


def test_every_code_of_the_register_is_in_its_list(district: District) -> None:
    lists = {"industry_code": "industry", "cluster": "cluster", "park": "park"}
    lists |= {"town_code": "town", "land_zone": "land_zone"}
    for rows in district.register.values():
        for row in rows:
            for column, code_list in lists.items():
                assert district.codes[code_list].code_of(row.text[column]), row


def test_an_agent_may_file_for_every_firm_in_its_files(district: District) -> None:
    allowed = {a.name: set(a.enterprises) for a in district.manifest.accounts}
    for rows in district.by_form.values():
        for row in rows:
            account = row.file.split("/")[1]
            if account in allowed:
                assert row.text["uscc"] in allowed[account], row
            elif account != "steward":
                assert row.text["uscc"] == account, row


def test_validity_of_one_code_never_overlaps(district: District) -> None:
    for rows in district.register.values():
        for before, after in pairwise(rows):
            # A row left open is closed by the next.
            assert before.text.get("valid_to", "") < after.text["valid_from"]


def test_the_population_changes_a_little_and_stays_near_124(district: District) -> None:
    months = [f"{year}-{number:02d}" for year in range(2020, 2027) for number in (1, 10)]
    above: list[set[str]] = []
    for month in months:
        above.append(set())
        for uscc in district.register:
            try:
                if district.above_scale(uscc, month):
                    above[-1].add(uscc)
            except AssertionError:
                continue  # not in the register in that month
    sizes = [len(firms) for firms in above]
    assert sizes[0] == 124
    assert all(120 <= size <= 128 for size in sizes)
    assert len(above[0] - above[-1]) >= 5
    assert len(above[-1] - above[0]) >= 5
