"""Every sample file gets the verdict that was agreed for it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from bench_of_checks import STEWARD, Bench

from greenmfg.checks import Candidate
from greenmfg.intake import parse
from greenmfg.records import Account, Refusal

SAMPLES = Path(__file__).parent.parent / "samples"
EXPECTED = json.loads((SAMPLES / "verdicts.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def district(bench: Bench) -> Bench:
    """A fresh home after `register.csv`."""
    register = bench.judge_bytes((SAMPLES / "register.csv").read_bytes())
    assert register.checked_rows is not None
    return replace(bench, world=replace(bench.world, register=register.checked_rows))


@pytest.mark.parametrize("name", [n for n, e in EXPECTED.items() if not e.get("unreadable")])
def test_a_sample_gets_its_verdict(district: Bench, name: str) -> None:
    expected = EXPECTED[name]
    who = expected.get("as", "steward")
    account = STEWARD if who == "steward" else Account(who, "firm", frozenset([who]))
    world = district.world
    parsed = parse(
        (SAMPLES / name).read_bytes(), name, district.contracts, world.codes,
        district.settings.limits,
    )  # fmt: skip
    assert not isinstance(parsed, Refusal)
    verdict = district.checker.check([Candidate(name, account, parsed)], world)[name]

    assert verdict.form == expected["form"]
    assert {f.key.subject: str(f.state) for f in verdict.filings} == expected["verdicts"]
    wanted = [(f["line"], f["column"], f["severity"]) for f in expected["findings"]]
    found = [
        (f.line, "*" if (f.line, "*", f.severity) in wanted else f.column, f.severity)
        for f in verdict.findings
    ]
    assert sorted(found) == sorted(wanted)
    if "tidied" in expected:
        assert {str(one.kind) for one in verdict.tidied} == set(expected["tidied"])


@pytest.mark.parametrize("name", [n for n, e in EXPECTED.items() if e.get("unreadable")])
def test_a_sample_that_is_no_form_is_refused(bench: Bench, name: str) -> None:
    data = (SAMPLES / name).read_bytes()
    refused = parse(data, name, bench.contracts, bench.world.codes, bench.settings.limits)
    assert isinstance(refused, Refusal)
    assert refused.remedy.zh
    assert refused.remedy.en
