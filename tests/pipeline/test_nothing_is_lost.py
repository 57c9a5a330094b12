"""The same bytes, late registers, kills, two at once: nothing lost, nothing twice, a clear word."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from homes import SAMPLES, SHIPS, Home, electricity, settings_of

from greenmfg import pipeline
from greenmfg.pipeline import founding, receiving, workshop
from greenmfg.pipeline.store import RawFileDamaged, read_raw

KILLED_AT = {
    "before the decision": "greenmfg.registry.facade.Registry.decide",
    "while rows are stored": "greenmfg.pipeline.deciding.store_rows",
    "after the decision": "greenmfg.pipeline.deciding.write_outcomes",
}


def test_the_same_bytes_give_the_same_receipt(home: Home) -> None:
    first = home.file_sample("energy_good_gb18030.csv")
    home.run()
    again = home.file_sample("energy_good_gb18030.csv")
    home.run()
    assert (again.number, again.again) == (first.number, True)
    assert [state for *_, state in home.states()] == ["accepted"]


def test_back_to_the_first_version_is_a_new_attempt(home: Home) -> None:
    for used in (100, 101, 100):
        home.file_rows("energy_monthly", electricity("202610", used))
        home.run()
    assert [state for *_, state in home.states()] == ["superseded", "superseded", "accepted"]


def test_a_firm_whose_register_row_came_late_files_the_same_file_again(
    new_home: Callable[..., Home],
) -> None:
    made = new_home()
    made.file_sample("energy_good_gb18030.csv")
    made.run()
    assert made.states() == []
    made.file_sample("register.csv")
    made.file_sample("energy_good_gb18030.csv")
    made.run()
    assert [state for *_, state in made.states()] == ["accepted"]


def test_a_stewards_newer_parameter_changes_the_next_verdict(home: Home) -> None:
    row = electricity("202610", 100, purchased=100, purchase_cost_1k_cny=3000)
    home.file_rows("energy_monthly", row)
    home.run()
    home.file(
        "check_parameters.csv",
        "parameter,value,unit,basis,valid_from,valid_to\r\n"
        'price_high:electricity,40,"1,000 yuan per 万千瓦时",test,2026-01-01,\r\n'.encode(),
    )
    home.run()
    home.file_rows("energy_monthly", {**row, "production_use": 99})
    home.run()
    assert [state for *_, state in home.states()] == ["superseded", "accepted"]


@pytest.mark.parametrize("moment", KILLED_AT)
def test_a_run_that_is_killed_is_made_good_by_the_next(home: Home, moment: str) -> None:
    home.file_sample("energy_park_agent.csv")
    module, _, name = KILLED_AT[moment].rpartition(".")
    script = (
        "import os, pkgutil\n"
        f"owner = pkgutil.resolve_name({module!r})\n"
        f"setattr(owner, {name!r}, lambda *a, **k: os._exit(9))\n"
        "from greenmfg import pipeline\n"
        "from greenmfg.settings import Settings\n"
        "pipeline.check_waiting(Settings.from_environment())\n"
    )
    env = {**os.environ, "GREENMFG_HOME": str(home.settings.home), "GREENMFG_TODAY": "2026-11-23"}
    killed = subprocess.run([sys.executable, "-c", script], env=env, check=False, timeout=120)
    assert killed.returncode == 9
    home.run()
    assert [state for *_, state in home.states()] == ["accepted", "accepted", "returned"]


def test_two_runs_at_once_decide_once(home: Home) -> None:
    home.file_sample("energy_park_agent.csv")
    script = (
        "from greenmfg import pipeline\nfrom greenmfg.settings import Settings\n"
        "pipeline.check_waiting(Settings.from_environment())\n"
    )
    env = {**os.environ, "GREENMFG_HOME": str(home.settings.home), "GREENMFG_TODAY": "2026-11-23"}
    runs = [subprocess.Popen([sys.executable, "-c", script], env=env) for _ in range(2)]
    assert [run.wait(120) for run in runs] == [0, 0]
    assert [state for *_, state in home.states()] == ["accepted", "accepted", "returned"]


def test_a_fault_of_ours_is_check_failed_and_tried_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("the disk is on fire")

    home.file_sample("energy_good_gb18030.csv")
    with monkeypatch.context() as patch:
        patch.setattr("greenmfg.checks.Checker.check", broken)
        outcome = home.run()
    assert (outcome.check_failed, outcome.unreadable, outcome.returned) == (1, 0, 0)
    submission = home.shop.registry.submissions(limit=1)[0]
    assert submission.state == "check_failed"
    assert "disk is on fire" in (submission.failure or "")
    pipeline.upkeep(home.settings)
    home.run()
    assert [state for *_, state in home.states()] == ["accepted"]


def test_one_broken_file_holds_back_no_other(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from greenmfg.checks import Checker

    sound = Checker.check

    def broken(self: Checker, candidates, world):  # type: ignore[no-untyped-def]
        if any(c.parsed.form == "output_monthly" for c in candidates):
            raise RuntimeError("no luck with this one")
        return sound(self, candidates, world)

    home.file_sample("energy_good_gb18030.csv")
    home.file_sample("output_vat.csv")
    home.file_sample("plan_projects.csv")
    monkeypatch.setattr("greenmfg.checks.Checker.check", broken)
    assert home.run().check_failed == 1
    assert [state for *_, state in home.states()] == ["accepted"]
    assert [state for *_, state in home.states("plan_projects")] == ["accepted"] * 3


def test_a_growing_file_is_left_until_it_is_whole(home: Home) -> None:
    place = home.settings.inbox / "energy.csv"
    place.write_bytes((SAMPLES / "energy_good_gb18030.csv").read_bytes()[:100])
    assert receiving.collect_inbox(home.shop) == []
    assert place.exists()
    old = time.time() - 60
    os.utime(place, (old, old))
    assert [r.file_name for r in receiving.collect_inbox(home.shop)] == ["energy.csv"]
    assert not place.exists()


def test_a_firm_may_send_before_it_is_registered(new_home: Callable[..., Home]) -> None:
    made = new_home()
    place = made.settings.inbox / SHIPS / "energy.csv"
    place.parent.mkdir()
    place.write_bytes((SAMPLES / "energy_good_gb18030.csv").read_bytes())
    old = time.time() - 60
    os.utime(place, (old, old))
    assert receiving.collect_inbox(made.shop) == []
    assert not receiving.inbox_waiting(made.settings)
    made.file_sample("register.csv")
    made.run()
    assert [r.account for r in receiving.collect_inbox(made.shop)] == [SHIPS]
    made.run()
    assert [state for *_, state in made.states()] == ["accepted"]


def test_the_sender_finds_the_verdict_in_the_outbox(home: Home) -> None:
    receipt = home.file_sample("energy_many_errors.csv", account=SHIPS)
    home.run()
    text = (home.settings.outbox / SHIPS / f"{receipt.number}.txt").read_text("utf-8")
    assert "第 4 行 工业生产消费量：“约8吨”不是数字" in text
    assert receipt.sha256 in text


def test_steward_and_firm_are_alerted_of_a_returned_filing(home: Home) -> None:
    home.file_sample("energy_many_errors.csv")
    home.run()
    alerts = home.shop.registry.alerts()
    assert {alert.recipient or alert.recipient_kind for alert in alerts} == {"steward", SHIPS}
    assert all("约8吨" in alert.body_zh for alert in alerts)


def test_a_damaged_raw_file_is_noticed(home: Home) -> None:
    receipt = home.file_sample("energy_good_gb18030.csv")
    submission = home.shop.registry.submission(receipt.number)
    (home.settings.raw / submission.raw_path).write_bytes(b"something else")
    with pytest.raises(RawFileDamaged):
        read_raw(home.settings, submission.raw_path, submission.sha256)
    assert home.run().check_failed == 1


def test_init_twice_files_nothing_new(home: Home) -> None:
    assert founding.found(home.shop).tables == ()


def test_a_home_that_cannot_be_made_says_so_in_one_line(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_bytes(b"")
    with pytest.raises(founding.HomeUnusable, match="GREENMFG_HOME"):
        founding.prepare_home(settings_of(blocker / "home"))


def test_no_home_is_said_with_advice(tmp_path: Path) -> None:
    from greenmfg.registry import RegistryMissing

    with (
        pytest.raises(RegistryMissing, match="greenmfg init"),
        workshop.workshop(settings_of(tmp_path / "nothing")),
    ):
        pass
