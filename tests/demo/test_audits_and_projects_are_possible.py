"""Audits at every stage in an order that the law allows; projects in the plan's numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from tests.demo.district_reader import TODAY, District, Filed

from greenmfg.records import ReferenceRows


@pytest.fixture(scope="module")
def events(district: District) -> list[Filed]:
    forbidden = {f.file for f in district.manifest.flaws if f.kind == "forbidden_stage"}
    return [row for row in district.by_form["audit_progress"] if row.file not in forbidden]


@pytest.fixture(scope="module")
def stages(reference_tables: Mapping[str, ReferenceRows]) -> dict[str, Mapping[str, str | None]]:
    return {str(r["form_stage"]): r for r in reversed(reference_tables["audit_stages"])}


def _rounds(events: list[Filed]) -> dict[tuple[str, str], list[Filed]]:
    rounds: dict[tuple[str, str], list[Filed]] = {}
    for row in events:
        rounds.setdefault((row.text["uscc"], row.text["audit_round"]), []).append(row)
    for rows in rounds.values():
        rows.sort(key=lambda row: row.text["event_date"])
    return rounds


def _passed(row: Filed) -> bool:
    return row.text["stage"] == "验收" and row.text["result"] == "合格"


def test_accepted_enterprises_of_the_plan_years_are_34_of_45(
    district: District, events: list[Filed]
) -> None:
    successor = {
        row.text["successor_uscc"]: row.text["uscc"]
        for row in district.by_form["enterprise_successors"]
    }
    assert len(successor) == 1
    inside = [r for r in events if _passed(r) and "2021" <= r.text["event_date"] < "2026"]
    assert len({successor.get(r.text["uscc"], r.text["uscc"]) for r in inside}) == 34
    # Re-audits, and one firm under its old and new code, add nothing.
    assert len(inside) == 37


def test_acceptances_go_on_after_the_plan_ends(events: list[Filed]) -> None:
    assert len([r for r in events if _passed(r) and r.text["event_date"] >= "2026"]) >= 2


def test_stages_follow_their_order_in_time(
    events: list[Filed], stages: Mapping[str, Mapping[str, str | None]]
) -> None:
    for rows in _rounds(events).values():
        order = [int(stages[row.text["stage"]]["stage_order"] or 0) for row in rows]
        assert order == sorted(order), [dict(row.text) for row in rows]
        dates = [row.text["event_date"] for row in rows]
        assert len(set(dates)) == len(dates)
        assert sum(_passed(row) for row in rows) <= 1


def test_no_event_is_in_the_future_or_before_the_register(
    district: District, events: list[Filed]
) -> None:
    for row in events:
        assert row.text["event_date"] <= TODAY.isoformat()
        district.registered(row.text["uscc"], row.text["event_date"][:7])


def test_a_round_stands_at_every_stage(
    events: list[Filed], stages: Mapping[str, Mapping[str, str | None]]
) -> None:
    last = {rows[-1].text["stage"] for rows in _rounds(events).values()}
    assert last >= stages.keys() - {"结果公布"}


def test_both_streams_and_all_categories_are_there(events: list[Filed]) -> None:
    assert {row.text["stream"] for row in events} == {"强制性", "自愿性"}
    mandatory = [row for row in events if row.text["stream"] == "强制性"]
    assert {row.text["category"] for row in mandatory} == {"双超", "双有", "高耗能", "其他"}


def test_one_firm_failed_and_another_failed_before_it_passed(events: list[Filed]) -> None:
    failed = [r for r in events if r.text.get("result") == "不合格"]
    passed = {(r.text["uscc"], r.text["audit_round"]) for r in events if _passed(r)}
    later = [(r.text["uscc"], r.text["audit_round"]) in passed for r in failed]
    assert sorted(later) == [False, True]


def test_a_park_audit_covers_several_firms_under_one_number(events: list[Filed]) -> None:
    numbers: dict[str, set[str]] = {}
    for row in events:
        if _passed(row):
            numbers.setdefault(row.text["document_no"], set()).add(row.text["uscc"])
    assert max(len(firms) for firms in numbers.values()) == 4


def test_some_mandatory_clocks_have_run_out(events: list[Filed]) -> None:
    overdue = set()
    for (uscc, _), rows in _rounds(events).items():
        reached = {row.text["stage"]: date.fromisoformat(row.text["event_date"]) for row in rows}
        listed = reached.get("名单公布")
        if listed and "审核准备" not in reached and (TODAY - listed).days > 62:
            overdue.add(uscc)
        if listed and "审核报告报送" not in reached and (TODAY - listed).days > 366:
            overdue.add(uscc)
    assert len(overdue) >= 3


def test_firms_enter_only_the_stages_that_are_theirs(
    district: District, stages: Mapping[str, Mapping[str, str | None]]
) -> None:
    forbidden = {(f.file, f.line) for f in district.manifest.flaws if f.kind == "forbidden_stage"}
    assert len(forbidden) == 1
    for row in district.by_form["audit_progress"]:
        own = row.file.split("/")[1] != "steward"
        if own and (row.file, row.line) not in forbidden:
            assert "firm" in (stages[row.text["stage"]]["entered_by"] or ""), row
    accounts = {row.file.split("/")[1] for row in district.by_form["audit_progress"]}
    assert len(accounts) > 5


def test_projects_are_in_the_plans_range_and_done(district: District) -> None:
    projects = district.by_form["plan_projects"]
    by_kind: dict[str, list[Filed]] = {}
    for row in projects:
        by_kind.setdefault(row.text["kind"], []).append(row)
        assert row.text["completed_on"] <= TODAY.isoformat()
        assert ("uscc" in row.text) != ("park" in row.text)
        if "uscc" in row.text:
            district.registered(row.text["uscc"], row.text["completed_on"][:7])
    inside = [r for r in by_kind["淘汰落后产能"] if "2021" <= r.text["completed_on"] < "2026"]
    assert 5 <= len(inside) <= 10
    assert all(row["tce_saved"] > 0 for row in by_kind["节能改造"] + by_kind["淘汰落后产能"])
    assert all(by_kind[kind] for kind in ("绿色示范工厂", "清洁生产示范企业"))
    assert [row.text["park"] for row in by_kind["循环经济示范园区"]] == ["崇明工业园区"]
    assert len({row.text["project_id"] for row in projects}) == len(projects)
