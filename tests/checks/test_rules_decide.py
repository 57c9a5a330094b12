"""Great Expectations decides: no rule, no finding; no evaluation, no verdict."""

from __future__ import annotations

import gc
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from bench_of_checks import DIESEL, ELECTRICITY, OUTPUT, POTS, SHIPS, Bench
from test_every_check_fires import CASES

from greenmfg import checks
from greenmfg.checks import Checker, CheckFailed
from greenmfg.checks.rules import Phase, RuleError, load_rules
from greenmfg.records import Account

REMOVABLE = ("F002", "C007", "C013", "S001", "S006", "E101", "E104", "E121", "E123", "O101", "A121")


@pytest.fixture
def rules_folder(bench: Bench, tmp_path: Path) -> Path:
    return Path(shutil.copytree(bench.settings.checks_dir, tmp_path / "checks"))


def with_rules(bench: Bench, folder: Path) -> Bench:
    """The bench with other rules."""
    return replace(bench, checker=Checker(bench.settings, bench.contracts, load_rules(folder)))


def edit(folder: Path, check: str, change: object) -> None:
    """Replaces one rule by `change`, or removes it where that is None."""
    for path in folder.glob("*.yml"):
        data = yaml.safe_load(path.read_text("utf-8"))
        for section in ("checks", "history_checks"):
            rules = data.get(section, [])
            for rule in [r for r in rules if r["id"] == check]:
                rules.remove(rule)
                if change is not None:
                    rules.append({**rule, "expectation": change})
        if data.get("checks"):
            path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")


@pytest.mark.parametrize("check", REMOVABLE)
def test_without_its_rule_a_fault_is_not_found(
    bench: Bench, rules_folder: Path, check: str
) -> None:
    judge = CASES[check][0]
    before = judge(bench)
    edit(rules_folder, check, None)
    lax = with_rules(bench, rules_folder)
    after = judge(lax)
    assert check in {f.id for f in before.findings}
    assert check not in {f.id for f in after.findings}
    assert lax.checker.version != bench.checker.version


def test_an_ill_typed_rule_is_our_fault_and_no_data_error(bench: Bench, rules_folder: Path) -> None:
    wrong = {
        "type": "expect_column_values_to_be_between",
        "kwargs": {"column": "no_such_feature", "max_value": 1},
    }
    edit(rules_folder, "O102", wrong)
    with pytest.raises(Exception, match="no_such_feature"):
        with_rules(bench, rules_folder).judge("output_monthly", [OUTPUT])


def test_a_rule_that_cannot_be_evaluated_is_our_fault(bench: Bench, rules_folder: Path) -> None:
    wrong = {
        "type": "expect_column_values_to_match_regex",
        "kwargs": {"column": "gross_output_10k_cny", "regex": "["},
    }
    edit(rules_folder, "O102", wrong)
    with pytest.raises(CheckFailed, match="O102"):
        with_rules(bench, rules_folder).judge("output_monthly", [OUTPUT])


def test_facts_of_another_run_are_noticed(bench: Bench) -> None:
    bench.judge("energy_monthly", [ELECTRICITY])
    rules = bench.checker.rule_book.for_form(bench.contracts["energy_monthly"], bench.world.codes)
    columns = rules.of(Phase.COLUMNS, "rows")
    with pytest.raises(CheckFailed, match="not those of this run"):
        bench.checker.judge.judge("facts", columns[:3], token="another")


def test_an_id_is_used_once(bench: Bench, rules_folder: Path) -> None:
    shutil.copy(rules_folder / "output_monthly.yml", rules_folder / "output_again.yml")
    with pytest.raises(RuleError, match="twice"):
        load_rules(rules_folder)


def test_a_note_explains_the_warnings_of_its_row(bench: Bench) -> None:
    silent = bench.judge("energy_monthly", [{**DIESEL, "own_coefficient_tce": 2}])
    noted = bench.judge(
        "energy_monthly", [{**DIESEL, "own_coefficient_tce": 2, "note": "检测报告"}]
    )
    assert str(silent.filings[0].state) == "awaiting_review"
    assert str(noted.filings[0].state) == "accepted"
    assert noted.findings[0].explained_by == "检测报告"


def test_a_note_does_not_explain_an_error(bench: Bench) -> None:
    verdict = bench.judge("energy_monthly", [{**DIESEL, "closing_stock": 9, "note": "没错"}])
    assert str(verdict.filings[0].state) == "returned"


def test_the_remedy_of_a_wrong_scale_says_the_converted_value(bench: Bench) -> None:
    finding = CASES["E101"][0](bench).findings[0]
    assert "0.01005" in finding.remedy.zh
    assert "0.01005" in finding.remedy.en


def test_a_unit_slip_shows_the_likely_value(bench: Bench) -> None:
    finding = CASES["E121"][0](bench).findings[0]
    assert "100.5" in finding.remedy.zh


def test_rows_that_belong_nowhere_return_the_one_filing_of_the_file(bench: Bench) -> None:
    verdict = bench.judge("energy_monthly", [ELECTRICITY, {**DIESEL, "period": "202613"}])
    assert [str(f.state) for f in verdict.filings] == ["returned"]
    assert verdict.unattached == ()


def test_rows_that_belong_nowhere_hold_back_no_others_of_many(bench: Bench) -> None:
    verdict = bench.judge(
        "energy_monthly",
        [ELECTRICITY, {**ELECTRICITY, "period": "202609"}, {**DIESEL, "period": "202613"}],
    )
    assert [str(f.state) for f in verdict.filings] == ["accepted", "accepted"]
    assert [f.id for f in verdict.unattached] == ["C005"]


def test_an_agent_files_for_its_own_enterprises_only(bench: Bench) -> None:
    agent = Account("agent-changxing", "agent", frozenset([SHIPS]))
    verdict = bench.judge("energy_monthly", [ELECTRICITY, {**ELECTRICITY, "uscc": POTS}], agent)
    assert [filing.key.subject for filing in verdict.filings] == [SHIPS]
    assert [f.id for f in verdict.findings] == ["S003"]


def test_a_checker_keeps_nothing_of_the_files_it_has_checked(bench: Bench) -> None:
    # Great Expectations keeps metrics by default: after five hundred files a check took half as
    # long again.
    def objects_after(files: int) -> int:
        for _ in range(files):
            bench.judge("output_monthly", [OUTPUT])
        gc.collect()
        return len(gc.get_objects())

    before = objects_after(3)
    assert objects_after(10) - before < 10 * 20


def test_a_judge_that_has_judged_much_is_made_anew_and_says_the_same(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "RUNS_OF_A_JUDGE", 2)
    judges, verdicts = [], []
    for _ in range(5):
        verdicts.append(bench.judge("output_monthly", [{**OUTPUT, "gross_output_10k_cny": "约8"}]))
        judges.append(bench.checker.judge)
    first, second, third = judges[0], judges[2], judges[4]
    assert judges[1:4:2] == [first, second]
    assert len({id(judge) for judge in (first, second, third)}) == 3
    assert verdicts[0].findings
    assert {repr(v.findings) for v in verdicts} == {repr(verdicts[0].findings)}
