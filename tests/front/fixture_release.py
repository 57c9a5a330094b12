"""A small, deterministic release for the front's tests: plausible figures, no authority.

Writes `releases/release_<id>.duckdb` with every mart and the pointer `CURRENT`, as `publish` does.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import fixture_program
import pyarrow as pa
import yaml

HERE = Path(__file__).parent
MARTS = HERE.parents[1] / "dbt_project" / "models" / "marts"
TODAY = date(2026, 11, 23)
LAST_FILED = date(2026, 10, 1)
TARGET = Decimal("0.08")
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

# park, cluster, industry, industry zh, industry en, town, town zh, town en, zone, firms, intensity
PLACES = [
    (
        "长兴海洋装备产业基地",
        "海洋装备",
        "37",
        "铁路、船舶、航空航天和其他运输设备制造业",
        "Railway, ship, aerospace and other transport equipment",
        "310151106",
        "长兴镇",
        "Changxing",
        "104",
        18,
        0.066,
    ),
    (
        "长兴海洋装备制造基地（基地外）",
        "海洋装备",
        "37",
        "铁路、船舶、航空航天和其他运输设备制造业",
        "Railway, ship, aerospace and other transport equipment",
        "310151106",
        "长兴镇",
        "Changxing",
        "104",
        4,
        0.072,
    ),
    (
        "崇明工业园区",
        "汽车及零部件",
        "36",
        "汽车制造业",
        "Automobile manufacturing",
        "310151101",
        "城桥镇",
        "Chengqiao",
        "104",
        22,
        0.101,
    ),
    (
        "崇明工业园区",
        "轻工及厨具制造",
        "33",
        "金属制品业",
        "Metal products",
        "310151101",
        "城桥镇",
        "Chengqiao",
        "104",
        14,
        0.121,
    ),
    (
        "智慧岛数据产业园",
        "新兴产业",
        "39",
        "计算机、通信和其他电子设备制造业",
        "Computers, communication and other electronics",
        "310151110",
        "陈家镇",
        "Chenjia",
        "104",
        13,
        0.061,
    ),
    (
        "富盛经济开发区",
        "汽车及零部件",
        "34",
        "通用设备制造业",
        "General-purpose machinery",
        "310151102",
        "堡镇",
        "Buzhen",
        "195",
        15,
        0.092,
    ),
    (
        "崇明现代农业园区",
        "绿色农产品深加工",
        "13",
        "农副食品加工业",
        "Farm-product processing",
        "310151105",
        "港沿镇",
        "Gangyan",
        "104",
        12,
        0.134,
    ),
    (
        "长兴横沙渔港",
        "绿色农产品深加工",
        "14",
        "食品制造业",
        "Food manufacturing",
        "310151106",
        "横沙乡",
        "Hengsha",
        "195",
        6,
        0.142,
    ),
    (
        "新村乡工业地块",
        "轻工及厨具制造",
        "38",
        "电气机械和器材制造业",
        "Electrical machinery and equipment",
        "310151201",
        "新村乡",
        "Xincun",
        "198",
        8,
        0.088,
    ),
    (
        "园区外",
        "其他",
        "26",
        "化学原料和化学制品制造业",
        "Chemical raw materials and products",
        "310151103",
        "庙镇",
        "Miaozhen",
        "198",
        12,
        0.171,
    ),
]
ITEMS = [
    ("electricity", "电力", "Electricity", "electricity", "万千瓦时", "1.229", 0.62),
    ("natural_gas", "天然气", "Natural gas", "gas", "万立方米", "12.143", 0.2),
    ("heat", "热力", "Heat", "heat", "百万千焦", "0.03412", 0.11),
    ("diesel", "柴油", "Diesel", "oil", "吨", "1.4571", 0.07),
]
STAGES = [
    ("listed", "名单公布", "list published"),
    ("disclosed", "企业信息公示", "enterprise publishes required information"),
    ("started", "审核准备（启动）", "audit started (planning and organisation)"),
    ("pre_audit", "预审核", "pre-audit"),
    ("audit", "审核", "audit (material & energy balance)"),
    ("options", "方案的产生和筛选", "options generated and screened"),
    ("evaluated", "评估", "government evaluation (technical review)"),
    ("report_submitted", "审核报告报送", "audit finished and report submitted"),
    ("acceptance_applied", "验收申请", "acceptance applied for"),
]
ACCEPTED = ("accepted", "验收（合格）", "acceptance PASSED")
FAILED = ("acceptance_failed", "验收（不合格）", "acceptance FAILED")
LONG_NAME = "示例企业007（崇明）海洋工程装备特种材料与精密部件联合制造股份有限公司长兴分公司"
DOMINANT, NEVER_FILED, NEGATIVE, NIL, OUTPUT_ONLY = 3, 11, 17, 19, 23


def uscc(number: int) -> str:
    """A fictitious code with a right check character (GB 32100)."""
    body = f"91310151MA1K{number:05d}"
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + ALPHABET[(31 - total % 31) % 31]


def month_range(first: date, last: date) -> list[date]:
    months, month = [], first
    while month <= last:
        months.append(month)
        month = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    return months


MONTHS = month_range(date(2024, 1, 1), TODAY.replace(day=1))


def firms() -> Iterator[tuple[int, tuple[Any, ...]]]:
    number = 0
    for place in PLACES:
        for _ in range(place[9]):
            number += 1
            yield number, place


def name_of(number: int) -> str:
    return LONG_NAME if number == 7 else f"示例企业{number:03d}有限公司"


def _filed(number: int, index: int, month: date, chance: random.Random) -> str:
    if number == NEVER_FILED or month > LAST_FILED:
        return "nothing"
    if number == OUTPUT_ONLY and month == LAST_FILED:
        return "output"
    late = 0.07 if month == LAST_FILED else 0.012
    return "nothing" if chance.random() < late and number != NIL else "both"


def build_rows() -> dict[str, list[dict[str, Any]]]:
    chance = random.Random(20261123)
    rows: dict[str, list[dict[str, Any]]] = {
        "enterprise_months": [],
        "enterprise_energy_months": [],
        "filing_coverage": [],
        "cross_form_facts": [],
    }
    for number, place in firms():
        scale = 90 * math.exp(chance.gauss(0, 0.8)) * (22 if number == DOMINANT else 1)
        own = place[10] * math.exp(chance.gauss(0, 0.28)) * 0.887
        for index, month in enumerate(MONTHS):
            season = 1 + 0.1 * math.cos((month.month - 1) / 12 * 2 * math.pi)
            noise = math.exp(chance.gauss(0, 0.05))
            intensity = own * (1 - 0.006 * (index - 20)) * season * noise
            value_added = scale * 10 * (1 + 0.003 * index) * math.exp(chance.gauss(0, 0.08))
            what = _filed(number, index, month, chance)
            if number == NEGATIVE and month in (LAST_FILED, date(2026, 9, 1)):
                value_added = -value_added / 4
            _firm_month(
                rows, number, place, index, month, what, abs(value_added) * intensity, value_added
            )
    return rows


def _firm_month(
    rows: dict[str, list[dict[str, Any]]],
    number: int,
    place: tuple[Any, ...],
    index: int,
    month: date,
    what: str,
    tce: float,
    value_added: float,
) -> None:
    code, both = uscc(number), what == "both"
    nil = number == NIL and both and month.month in (7, 8)
    receipt = f"R{month:%Y%m}-{number:04d}"
    line = 2 + (number % 5) * 6
    first = month.replace(day=28)
    lines = 0.0 if nil else tce
    rows["enterprise_months"].append(
        {
            "uscc": code,
            "month": month,
            "firm_uscc": code,
            "name": name_of(number),
            "industry_code": place[2],
            "industry_name_zh": place[3],
            "industry_name_en": place[4],
            "cluster": place[1],
            "park": place[0],
            "town_code": place[5],
            "town_name_zh": place[6],
            "town_name_en": place[7],
            "land_zone": place[8],
            "river_strip": number % 9 == 0,
            "above_scale": True,
            "in_population": True,
            "energy_filed": both and not nil,
            "output_filed": what != "nothing",
            "nil_return": nil,
            "energy_months_covered": 1,
            "output_months_covered": 1,
            "covered_by_february": False,
            "matched": both,
            "unmatched_reason": {
                "both": None,
                "nothing": "nothing_filed",
                "output": "energy_missing",
            }[what],
            "energy_tce": round(lines, 6) if both else None,
            "gross_output_10k_cny": None
            if what == "nothing"
            else 0.0
            if nil
            else round(abs(value_added) * 4.4, 2),
            "value_added_10k_cny": None
            if what == "nothing"
            else 0.0
            if nil
            else round(value_added, 2),
            "value_added_basis": None
            if what == "nothing"
            else "nil"
            if nil
            else ("given", "given", "derived", "estimated")[number % 4],
            "deflator_index_2020_100": None,
            "price_status": "undeflated",
            "value_added_constant_10k_cny": None
            if what == "nothing"
            else 0.0
            if nil
            else round(value_added, 2),
            "revenue_10k_cny": None if what == "nothing" else round(abs(value_added) * 4.1, 2),
            "tax_10k_cny": None if what == "nothing" else round(abs(value_added) * 0.04, 2),
            "employees": 40 + number * 3,
            "energy_receipt": f"E{receipt}" if both else None,
            "output_receipt": f"O{receipt}" if what != "nothing" else None,
            "output_file_name": f"产值月报_{month:%Y%m}.xlsx" if what != "nothing" else None,
            "output_line": line if what != "nothing" else None,
        }
    )
    for place_in_file, item in enumerate(ITEMS if both and not nil else []):
        factor = float(item[5])
        own = item[0] == "natural_gas" and number % 3 == 0
        energy = tce * item[6]
        rows["enterprise_energy_months"].append(
            {
                "uscc": code,
                "month": month,
                "energy_item": item[0],
                "item_name_zh": item[1],
                "item_name_en": item[2],
                "category": item[3],
                "counted": True,
                "unit": item[4],
                "months_covered": 1,
                "production_use": round(energy / factor, 6),
                "non_production_use": 0.0,
                "purchased": round(energy / factor, 6),
                "quantity": round(energy / factor, 6),
                "coefficient_tce": factor,
                "coefficient_basis": "own" if own else "standard",
                "coefficient_edition": "GB/T 2589-2020",
                "coefficient_flagged": item[0] == "natural_gas" and not own,
                "energy_tce": round(energy, 6),
                "filing_id": index * 1000 + number,
                "receipt": f"E{receipt}",
                "file_name": f"=能源月报_{month:%Y%m}.csv"
                if number == 1
                else f"能源月报_{month:%Y%m}.csv",
                "line": line + place_in_file,
            }
        )
    due = (month.replace(day=28) + timedelta(days=4)).replace(day=15)
    if what == "output":
        rows["cross_form_facts"].append(
            {
                "uscc": code,
                "month": month,
                "fact": "output_without_energy",
                "name": name_of(number),
                "park": place[0],
                "due_on": due,
                "past_due": due < TODAY,
                "to_alert": False,
                "output_receipt": f"O{receipt}",
            }
        )
    for form, there in (("energy_monthly", both), ("output_monthly", what != "nothing")):
        days_late = 6 if there and (number + index) % 17 == 0 else 0
        state = (
            ("late" if days_late else "filed")
            if there
            else (
                "not_due_yet"
                if due > TODAY
                else ("awaiting_review", "returned", "missing", "missing")[number % 4]
            )
        )
        at = datetime(due.year, due.month, due.day, 8, number % 60) + timedelta(days=days_late - 5)
        rows["filing_coverage"].append(
            {
                "uscc": code,
                "month": month,
                "form": form,
                "due_on": due,
                "state": state,
                "satisfied_by": "nil_return" if nil and form == "energy_monthly" else None,
                "first_received_at": at if there else None,
                "accepted_at": at if there else None,
                "days_late": days_late,
                "name": name_of(number),
                "park": place[0],
                "contact_email": f"clerk{number:03d}@firm.example",
            }
        )
    assert first.month == month.month


def audit_rows() -> list[dict[str, Any]]:
    rows = []
    for number, place in firms():
        if number % 2:
            continue
        step = number // 2
        accepted = step <= 31
        listed = date(2021 + step % 5 if accepted else 2025, 1 + step % 12, 10)
        stage = ACCEPTED if accepted else FAILED if step == 60 else STAGES[step % len(STAGES)]
        following = STAGES[7] if step % 3 else STAGES[8]
        due = None if accepted else listed + timedelta(days=365 if step % 3 else 500)
        rows.append(
            {
                "uscc": uscc(number),
                "audit_round": "1",
                "name": name_of(number),
                "park": place[0],
                "stream": "mandatory" if step % 3 else "voluntary",
                "category": "energy_over" if step % 4 == 0 else "pollution_over",
                "last_stage": stage[0],
                "last_stage_name_zh": stage[1],
                "last_stage_name_en": stage[2],
                "last_stage_on": listed + timedelta(days=330 if accepted else 70),
                "listed_on": listed,
                "started_on": listed + timedelta(days=50),
                "accepted_on": listed + timedelta(days=330) if accepted else None,
                "failed_on": listed + timedelta(days=200) if stage == FAILED else None,
                # One notice accepted three firms of one park.
                "audit_key": "park 2023" if step in (2, 3, 4) else uscc(number),
                "enterprises_in_audit": 3 if step in (2, 3, 4) else 1,
                "current_uscc": uscc(number),
                "document_no": "=1+1" if number == 2 else f"沪崇环〔{listed.year}〕{step}号",
                "claimed_saving_tce": 20.0 + step,
                "counts_toward_target": accepted and step <= 29,
                "next_stage": None if accepted else following[0],
                "next_stage_name_zh": None if accepted else following[1],
                "next_stage_name_en": None if accepted else following[2],
                "next_due_on": due,
                "days_left": (due - TODAY).days if due else None,
                "overdue": bool(due and due < TODAY),
            }
        )
    return rows


def clock_rows() -> list[dict[str, Any]]:
    """The clocks of the rounds above: what is behind them in time, what is next as the round says."""
    rows = []
    for audit in audit_rows():
        if audit["stream"] != "mandatory":
            continue
        done = audit["accepted_on"] is not None or audit["last_stage"] == "acceptance_failed"
        for order, (stage, zh, en), months, late in ((2, STAGES[1], 1, 0), (3, STAGES[2], 2, 9)):
            due = audit["listed_on"] + timedelta(days=30 * months)
            rows.append(
                {
                    "uscc": audit["uscc"],
                    "audit_round": audit["audit_round"],
                    "stage": stage,
                    "stage_order": order,
                    "stage_name_zh": zh,
                    "stage_name_en": en,
                    "stream": "mandatory",
                    "due_on": due,
                    "done_on": due + timedelta(days=late),
                    "state": "done_late" if late else "done_in_time",
                    "days_late": late or None,
                }
            )
        report = audit["next_due_on"] or audit["listed_on"] + timedelta(days=365)
        left = (report - TODAY).days
        rows.append(
            {
                "uscc": audit["uscc"],
                "audit_round": audit["audit_round"],
                "stage": STAGES[7][0],
                "stage_order": 10,
                "stage_name_zh": STAGES[7][1],
                "stage_name_en": STAGES[7][2],
                "stream": "mandatory",
                "due_on": report,
                "done_on": report if done else None,
                "state": "done_in_time" if done else "overdue" if left < 0 else "running",
                "days_left": None if done else left,
                "days_late": -left if not done and left < 0 else None,
            }
        )
    return rows


def small_rows() -> dict[str, list[dict[str, Any]]]:
    progress, quality, checks = [], [], []
    for index, month in enumerate(MONTHS):
        accepted = min(29, 8 + int(index * 0.9))
        progress.append(
            {
                "month": month,
                "accepted_enterprises": accepted,
                "accepted_audits": accepted - 2,
                "accepted_mandatory": accepted - 9,
                "accepted_voluntary": 9,
                "accepted_energy_over": 6,
                "accepted_after_window": max(0, index - 30),
                "target": 45,
                "share": accepted / 45,
            }
        )
        if month > LAST_FILED:
            continue
        returned = (index * 7) % 6
        clean = 236 - returned * 2 - index % 4
        passed, punctual = 240 - returned, 236 - index % 5
        row = {
            "month": month,
            "forms_due": 248,
            "forms_filed": 240,
            "forms_in_time": punctual,
            "filings": 240,
            "filings_passed": passed,
            "filings_clean": clean,
            "filings_returned": returned,
            "corrections": index % 3,
            "findings_error": returned * 3,
            "findings_warning": index % 4 + 2,
            "completeness_share": 240 / 248,
            "punctuality_share": punctual / 248,
            "pass_share": passed / 240,
            "weight_measured_share": 1.0,
            "score": 100 * (0.4 * 240 / 248 + 0.3 * punctual / 248 + 0.3 * passed / 240),
        }
        quality.append(row)
        for check in ("E0301", "W0104", "W0202"):
            checks.append(
                {
                    "check_id": check,
                    "month": month,
                    "severity": "error" if check[0] == "E" else "warning",
                    "findings": 2,
                    "filings_failed": 2,
                    "filings_checked": 240,
                    "pass_share": 238 / 240,
                    "check_name": None,
                    "files_failed": 0,
                }
            )
    facts = {
        "data_through": LAST_FILED,
        "built_today": TODAY,
        "as_of": datetime(2026, 11, 23, 0, 0),
        "demonstration": True,
        "firms": sum(place[9] for place in PLACES),
        "filings_in_force": 8423,
    }
    audits = audit_rows()
    scored = [
        (
            number,
            {
                "uscc": uscc(number),
                "name": name_of(number),
                "park": place[0],
                "industry_code": place[2],
                "industry_name_zh": place[3],
                "industry_name_en": place[4],
            },
        )
        for number, place in firms()
    ]
    return {
        **fixture_program.program_rows(audits, MONTHS, TODAY),
        **fixture_program.efficiency_rows(scored, [m for m in MONTHS if m <= LAST_FILED]),
        "energy_views": fixture_program.energy_view_rows([uscc(1), uscc(118)], LAST_FILED),
        "emission_views": fixture_program.emission_view_rows([uscc(1), uscc(118)], LAST_FILED),
        "target_pace": fixture_program.pace_rows(MONTHS, TARGET),
        "audit_progress_months": progress,
        "quality_months": quality,
        "check_months": checks,
        "cleaner_production_audits": audits,
        "audit_clocks": clock_rows(),
        "release_facts": [facts],
    }


@cache
def declared_marts() -> dict[str, dict[str, str]]:
    """Column types of every mart, as its yml declares them, in DuckDB's words."""
    declared = {}
    with duckdb.connect() as scratch:
        for path in sorted(MARTS.rglob("*.yml")):
            for model in yaml.safe_load(path.read_text("utf-8")).get("models", []):
                declared[model["name"]] = {
                    column["name"]: _duckdb_type(scratch, column["data_type"])
                    for column in model["columns"]
                    if "data_type" in column
                }
    return {name: columns for name, columns in declared.items() if columns}


def _duckdb_type(scratch: duckdb.DuckDBPyConnection, name: str) -> str:
    row = scratch.execute(f"select typeof(cast(null as {name}))").fetchone()
    assert row is not None
    return str(row[0])


def _add_marts_of_no_page(connection: duckdb.DuckDBPyConnection) -> None:
    """Marts that no page reads are there without rows, so that every export finds its mart."""
    for mart, columns in declared_marts().items():
        listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        connection.execute(f"create table if not exists marts.{mart} ({listed})")


def write_release(
    releases: Path,
    release: str = "20261123T000000Z",
    *,
    demonstration: bool = True,
    empty: bool = False,
) -> Path:
    """Writes the release file and the pointer; `empty`: every mart but the facts has no rows."""
    releases.mkdir(parents=True, exist_ok=True)
    path = releases / f"release_{release}.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute((HERE / "marts.sql").read_text("utf-8"))
        _add_marts_of_no_page(connection)
        tables = small_rows()
        if empty:
            tables = {
                "release_facts": [
                    {
                        **tables["release_facts"][0],
                        "data_through": None,
                        "firms": 0,
                        "filings_in_force": 0,
                    }
                ]
            }
        else:
            tables |= build_rows()
        for table, rows in tables.items():
            names = {name: None for row in rows for name in row}
            arrow = pa.table({n: [row.get(n) for row in rows] for n in names})
            connection.register("arriving", arrow)
            connection.execute(f"insert into marts.{table} by name select * from arriving")
            connection.unregister("arriving")
        connection.execute("update marts.release_facts set demonstration = ?", [demonstration])
        if not empty:
            for statement in (HERE / "aggregate.sql").read_text("utf-8").split(";\n"):
                if statement.strip():
                    connection.execute(
                        statement, {"target": TARGET} if "$target" in statement else None
                    )
    pointer = {"release": release, "file": path.name, "published_at": "2026-11-23T00:00:00+00:00"}
    (releases / "CURRENT").write_text(json.dumps(pointer), encoding="utf-8")
    return path
