"""What two forms say only together is shown at build, alerted once, and holds nothing back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from homes import FOOD, POTS, SHIPS, Home, electricity, open_home

from greenmfg import notices, warehouse
from greenmfg.pipeline import alerting, loading, releasing
from greenmfg.records import FilingState
from greenmfg.registry import Alert
from greenmfg.settings import Mail

TODAY = "2026-11-29"  # October is past its due day, November may be filed and is not


def output(month: str, subject: str, **more: object) -> dict[str, object]:
    return {"uscc": subject, "period": month, "gross_output_10k_cny": 900,
            "value_added_10k_cny": 200, **more}  # fmt: skip


NIL = {"gross_output_10k_cny": 0, "value_added_10k_cny": 0, "nil_return": "是"}


def told(home: Home) -> list[Alert]:
    """The alerts about facts across two forms, oldest first."""
    return [a for a in reversed(home.shop.registry.alerts()) if a.kind == "cross_form_facts"]


def recipients(alerts: list[Alert]) -> set[str]:
    return {alert.recipient or "steward" for alert in alerts}


def facts(home: Home, columns: str = "uscc, strftime(month, '%Y-%m'), fact") -> set[object]:
    query = f"select {columns} from marts.cross_form_facts"
    return set(warehouse.reader(home.settings).execute(query).fetchall())


def file_month(home: Home, month: str) -> None:
    """SHIPS files energy alone, POTS output alone, FOOD a nil return beside energy."""
    home.file_sample("register.csv")
    home.file_rows("energy_monthly", electricity(month, 10), electricity(month, 20, FOOD))
    home.file_rows("output_monthly", output(month, POTS), output(month, FOOD, **NIL))


@pytest.fixture
def on(founded: Path, tmp_path: Path) -> Iterator[Callable[[str], Home]]:
    """The same home, opened on a day."""
    shutil.copytree(founded, tmp_path / "home")
    with ExitStack() as stack:
        yield lambda today: stack.enter_context(open_home(tmp_path / "home", today))


@pytest.fixture
def home(on: Callable[[str], Home]) -> Home:
    home = on(TODAY)
    file_month(home, "202610")
    outcome = home.run()
    assert (outcome.returned, outcome.awaiting_review) == (0, 0)
    return home


def test_each_fact_is_told_once_to_the_steward_and_to_the_firm_concerned(home: Home) -> None:
    home.file_rows(
        "energy_monthly", electricity("202611", 10), electricity("202606", 10)
    )  # not due yet; older than what is alerted
    home.run()
    releasing.build_and_publish(home.shop)

    alerts = told(home)
    assert [a.recipient for a in alerts].count(None) == 1
    assert recipients(alerts) == {"steward", SHIPS, POTS, FOOD}
    by = {alert.recipient: alert for alert in alerts}
    assert "没有《产值与增加值月报》" in by[SHIPS].body_zh
    assert "without “Monthly report of output and value added”" in by[SHIPS].body_en
    energy = home.shop.contracts["energy_monthly"].title
    assert f"没有《{energy.zh}》" in by[POTS].body_zh
    assert f"without “{energy.en}”" in by[POTS].body_en
    assert "却有能耗 24.58 吨标准煤" in by[FOOD].body_zh  # 20 万kWh × 1.229
    assert "a nil return" in by[FOOD].body_en
    assert "24.58 tce" in by[FOOD].body_en
    assert all(subject in by[None].body_zh for subject in (SHIPS, POTS, FOOD))
    assert all("2026-10" in a.body_zh and "2026-10" in a.body_en for a in alerts)
    assert not any("2026-11" in a.body_zh or "2026-06" in a.body_zh for a in alerts)
    # What is not alerted is shown all the same.
    assert facts(home) == {
        (SHIPS, "2026-10", "energy_without_output"), (POTS, "2026-10", "output_without_energy"),
        (FOOD, "2026-10", "nil_return_with_energy"), (SHIPS, "2026-11", "energy_without_output"),
        (SHIPS, "2026-06", "energy_without_output"),
    }  # fmt: skip

    releasing.build_and_publish(home.shop, force=True)
    assert told(home) == alerts


def test_a_fact_is_told_when_its_due_day_is_past_and_again_when_it_comes_back(
    on: Callable[[str], Home],
) -> None:
    home = on("2026-12-15")
    file_month(home, "202611")
    home.run()
    releasing.build_and_publish(home.shop)
    assert told(home) == []

    home = on("2026-12-16")
    releasing.build_and_publish(home.shop)
    assert recipients(told(home)) == {"steward", SHIPS, POTS, FOOD}

    home.file_rows("energy_monthly", electricity("202611", 10, POTS))
    home.run()
    releasing.build_and_publish(home.shop)
    assert len(told(home)) == 4
    newest = home.shop.registry.filings(form="energy_monthly", subject=POTS)[-1]
    home.shop.registry.review(
        newest.id, "withdraw", "报错了", "steward", home.settings.now(), replaces=home.shop.replaces
    )
    releasing.build_and_publish(home.shop)
    again = told(home)[4:]
    assert recipients(again) == {"steward", POTS}
    assert SHIPS not in again[0].body_zh


def test_a_form_that_waits_for_a_review_is_the_bureaus_to_act_on(home: Home) -> None:
    # Given and derived value added are far apart, without a reason: it waits.
    home.file_rows(
        "output_monthly", output("202610", SHIPS, intermediate_input_10k_cny=100,
                                 vat_payable_10k_cny=10),
    )  # fmt: skip
    assert home.run().awaiting_review == 1
    releasing.build_and_publish(home.shop)
    assert recipients(told(home)) == {"steward", POTS, FOOD}
    assert (SHIPS, "2026-10", "energy_without_output") in facts(home)


def test_unlike_intervals_are_told_and_january_is_told_with_february(
    on: Callable[[str], Home],
) -> None:
    home = on("2027-03-20")
    home.file_sample("register.csv")
    home.file_rows("energy_monthly", electricity("202702", 10, months_covered=2))
    home.file_rows("output_monthly", output("202702", SHIPS))
    home.run()
    releasing.build_and_publish(home.shop)
    assert facts(home) == {(SHIPS, "2027-02", "interval_differs")}
    assert recipients(told(home)) == {"steward", SHIPS}
    assert all("所含月数不同" in a.body_zh for a in told(home))
    assert all("cover different months" in a.body_en for a in told(home))


def test_simulated_history_gives_the_steward_one_digest_and_no_firm_a_word(home: Home) -> None:
    registry, now = home.shop.registry, datetime(2026, 11, 28, tzinfo=UTC)
    registry.log("system", "demonstration.loaded", loading.DEMONSTRATION, {"seed": 1}, now)
    releasing.build_and_publish(home.shop)
    home.file_rows("energy_monthly", electricity("202609", 10, FOOD))
    home.run()
    releasing.build_and_publish(home.shop)
    (digest,) = told(home)
    assert digest.recipient_kind == "steward"
    assert "模拟数据" in digest.body_zh
    assert "Simulated data" in digest.body_en


def test_a_mail_server_that_does_not_answer_does_not_hold_the_release_back(home: Home) -> None:
    mail = Mail(host="127.0.0.1", port=9, steward_address="steward@bureau.example")
    shop = replace(home.shop, settings=replace(home.settings, mail=mail))
    release = releasing.build_and_publish(shop)
    assert release.built
    sent = alerting.send(shop)
    assert sent["sent"] == 0
    assert sent["retrying"]
    current = warehouse.current(shop.settings)
    assert current is not None
    assert current.release == release.release


def test_words_that_cannot_be_found_do_not_hold_the_release_back_and_are_said_by_the_next(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("no word for it")

    with monkeypatch.context() as patched:
        patched.setattr(notices, "facts_across_forms", broken)
        assert releasing.build_and_publish(home.shop).built
    assert told(home) == []
    assert any(a.kind == "run_failed" for a in home.shop.registry.alerts())
    releasing.build_and_publish(home.shop, force=True)
    assert recipients(told(home)) == {"steward", SHIPS, POTS, FOOD}


def test_it_is_never_a_finding_of_a_filing(home: Home) -> None:
    filings = home.shop.registry.filings()
    assert {f.state for f in filings} == {FilingState.ACCEPTED}
    assert not [f for f in home.shop.registry.findings() if f.severity != "info"]
