"""A run that dies anywhere is made good by the next: nothing lost, nothing twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from homes import SAMPLES, SHIPS, Home, electricity

from greenmfg import pipeline, warehouse
from greenmfg.pipeline import doctoring, releasing
from greenmfg.pipeline.deciding import decide_waiting
from greenmfg.pipeline.receiving import collect_inbox
from greenmfg.pipeline.workshop import workshop


class Died(BaseException):
    """Stands for kill -9 within this process: nothing of ours catches it."""


def dies(*_args: object, **_kwargs: object) -> None:
    raise Died


# Where the process ends; `home.run()` afterwards is another process's run.
PLACES = (
    "greenmfg.pipeline.deciding.parse",
    "greenmfg.checks.Checker.check",
    "greenmfg.pipeline.deciding.store_rows",
    "greenmfg.registry.facade.Registry.decide",
    "greenmfg.pipeline.deciding._open_firm_accounts",
    "greenmfg.pipeline.deciding.write_outcomes",
    "greenmfg.pipeline.outbox._write_outcome",
)


def interrupted(home: Home, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(place, dies)
        with pytest.raises(Died):
            home.run()


def outbox(home: Home, account: str) -> list[tuple[str, int, list[str]]]:
    """(state, findings, verdicts) of every JSON file of an account's outbox."""
    contents = [
        json.loads(path.read_bytes())
        for path in sorted((home.settings.outbox / account).glob("*.json"))
    ]
    return [
        (c["state"], len(c.get("findings", [])), [f["verdict"] for f in c.get("filings", [])])
        for c in contents
    ]


@pytest.mark.parametrize("place", PLACES)
def test_verdicts_accounts_and_outbox_are_complete_after_the_next_run(
    new_home: Callable[..., Home], monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    home = new_home()
    files = ("register.csv", "energy_park_agent.csv", "energy_many_errors.csv", "a_picture.csv")
    receipts = [home.file_sample(name) for name in files]
    interrupted(home, monkeypatch, place)
    home.run()
    home.run()
    assert home.shop.registry.waiting() == ()
    assert [state for *_, state in home.states()] == [
        "accepted",
        "accepted",
        "returned",
        "returned",
    ]
    assert home.shop.registry.account(SHIPS).kind == "firm"
    mine = {receipt.number for receipt in receipts}
    written = [
        json.loads(path.read_bytes())
        for path in (home.settings.outbox / "steward").glob("*.json")
        if path.stem in mine
    ]
    assert {content["file"]: content["state"] for content in written} == {
        "register.csv": "checked", "energy_park_agent.csv": "checked",
        "energy_many_errors.csv": "checked", "a_picture.csv": "unreadable",
    }  # fmt: skip
    assert {len(list((home.settings.outbox / "steward").glob("*.txt")))} == {4}


def test_an_outbox_written_by_the_next_run_says_what_the_first_would_have(
    new_home: Callable[..., Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    calm, troubled = new_home("calm"), new_home("troubled")
    for home in (calm, troubled):
        home.file_sample("register.csv")
        home.run()
        home.file_sample("energy_park_agent.csv")
        home.file_sample("energy_many_errors.csv")
    calm.run()
    interrupted(troubled, monkeypatch, "greenmfg.pipeline.deciding.write_outcomes")
    troubled.run()
    assert outbox(calm, "steward") == outbox(troubled, "steward")
    assert not list((troubled.settings.outbox / ".announced").iterdir())


def test_a_run_after_one_that_died_says_that_something_changed(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.file_rows("energy_monthly", electricity("202610", 100))
    interrupted(home, monkeypatch, "greenmfg.pipeline.deciding.write_outcomes")
    assert home.run().filings_changed
    assert not home.run().filings_changed


def test_a_process_killed_between_receiving_and_clearing_the_inbox_receives_once(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = home.settings.inbox / "energy.csv"
    place.write_bytes((SAMPLES / "energy_many_errors.csv").read_bytes())
    os.utime(place, (1, 1))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", dies)
        with pytest.raises(Died):
            collect_inbox(home.shop)
    assert [receipt.again for receipt in collect_inbox(home.shop)] == [True]
    assert not place.exists()
    assert len(home.shop.registry.waiting()) == 1
    home.run()
    assert [(v, state) for _, _, v, state in home.states()] == [(1, "returned")]


def test_two_processes_take_in_and_decide_the_same_inbox_once(home: Home) -> None:
    for number in range(12):
        place = home.settings.inbox / f"energy-{number}.csv"
        place.write_bytes((SAMPLES / "energy_park_agent.csv").read_bytes() + b"\r\n" * number)
        os.utime(place, (number, number))
    script = (
        "from greenmfg import pipeline\nfrom greenmfg.settings import Settings\n"
        "settings = Settings.from_environment()\n"
        "pipeline.collect_inbox(settings)\npipeline.check_waiting(settings)\n"
    )
    env = {**os.environ, "GREENMFG_HOME": str(home.settings.home), "GREENMFG_TODAY": "2026-11-23"}
    runs = [
        subprocess.Popen([sys.executable, "-c", script], env=env, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    said = [run.communicate(timeout=200)[1].decode() for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    assert all("Traceback" not in text for text in said)
    submissions = [s for s in home.shop.registry.submissions() if s.file_name.startswith("energy-")]
    assert [s.attempt for s in submissions] == [1] * 12
    in_force = [state for *_, state in home.states()]
    assert (in_force.count("accepted"), in_force.count("superseded")) == (2, 22)


def test_a_second_builder_waits_for_the_first(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = threading.Event()
    leave = threading.Event()

    def slow(*_: object) -> None:
        inside.set()
        leave.wait(30)
        raise releasing.BuildFailed([])

    monkeypatch.setattr(releasing, "load", slow)

    def publish() -> None:
        with workshop(home.settings) as shop, pytest.raises(releasing.BuildFailed):
            releasing.build_and_publish(shop)

    first, second = threading.Thread(target=publish), threading.Thread(target=publish)
    first.start()
    assert inside.wait(30)
    inside.clear()
    second.start()
    assert not inside.wait(0.3)
    leave.set()
    first.join(30)
    second.join(30)
    assert inside.is_set()


def test_a_fault_of_ours_is_alerted_kept_and_tried_again_by_upkeep_alone(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = home.file_sample("energy_good_gb18030.csv", account=SHIPS)

    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("a fault of ours")

    with monkeypatch.context() as patch:
        patch.setattr("greenmfg.checks.Checker.check", broken)
        home.run()
    assert home.shop.registry.submission(receipt.number).state == "check_failed"
    kept = outbox(home, SHIPS)
    assert [state for state, *_ in kept] == ["check_failed"]
    text = (home.settings.outbox / SHIPS / f"{receipt.number}.txt").read_text("utf-8")
    assert "The fault is ours" in text
    assert "a fault of ours" not in text
    recipients = {a.recipient or a.recipient_kind for a in home.shop.registry.alerts()}
    assert recipients == {"steward"}
    assert any("check failed" in a.what for a in doctoring.examine(home.settings))
    assert home.run().submissions == 0
    assert pipeline.upkeep(home.settings)["retried"] == [receipt.number]
    home.run()
    assert [state for *_, state in home.states()] == ["accepted"]
    assert [state for state, *_ in outbox(home, SHIPS)] == ["checked"]


def test_a_raw_file_lost_is_our_fault_in_one_clear_line(home: Home) -> None:
    receipt = home.file_sample("energy_good_gb18030.csv")
    submission = home.shop.registry.submission(receipt.number)
    (home.settings.raw / submission.raw_path).unlink()
    assert home.run().check_failed == 1
    failure = home.shop.registry.submission(receipt.number).failure or ""
    assert "is missing" in failure
    assert "\n" not in failure
    named = [a for a in doctoring.examine(home.settings) if receipt.number in a.what]
    assert any("restore it from a backup" in ailment.remedy for ailment in named)


def test_rules_that_cannot_be_evaluated_keep_the_last_release_and_are_alerted(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    staged = home.settings.releases / "release_staged.duckdb"

    def stage(_settings: object, _release: str, _wait: float) -> Path:
        with duckdb.connect(str(staged)) as connection:
            connection.execute("create schema marts; create table marts.nothing as select 1 as one")
        return staged

    monkeypatch.setattr(releasing, "load", lambda *_: None)
    monkeypatch.setattr(warehouse, "build", lambda *_, **_more: None)
    monkeypatch.setattr(warehouse, "stage_release", stage)
    # Every rule of the marts names a mart that this release does not have.
    with pytest.raises(Exception, match="M001"):
        releasing.build_and_publish(home.shop)
    assert warehouse.current(home.settings) is None
    held = home.shop.registry.latest_publication("failed")
    assert held is not None
    assert "M001" in (held.reason or "")
    assert any(alert.kind == "release_held_back" for alert in home.shop.registry.alerts())
    assert not staged.exists()
    # The judge is of use again afterwards.
    home.file_sample("energy_good_gb18030.csv")
    assert decide_waiting(home.shop).check_failed == 0
