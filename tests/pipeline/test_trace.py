"""From a filed row to the figures it moved; where it moved none, the reason is said."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from homes import POTS, SAMPLES, SHIPS, Home, electricity, open_home

from greenmfg import warehouse
from greenmfg.cli import cli
from greenmfg.pipeline import releasing
from greenmfg.queries.explain import Subject, explain
from greenmfg.queries.trace import Trace, TracedRow, UnknownLine, trace
from greenmfg.queries.trace_text import as_text
from greenmfg.registry import UnknownSubmission


def output(value_added: int, subject: str = SHIPS, month: str = "202609") -> dict[str, object]:
    return {"uscc": subject, "period": month, "gross_output_10k_cny": 9000,
            "value_added_10k_cny": value_added}  # fmt: skip


def published(home: Home) -> tuple[str, Any]:
    current = warehouse.current(home.settings)
    assert current is not None
    return current.release, warehouse.open_release(home.settings, current.path)


def followed(home: Home, receipt: str, **more: Any) -> Trace:
    return trace(home.shop, published(home), receipt, **more)


# A kind of coal inside its whole.
COAL = [
    electricity("202609", used, energy_item=item, unit="吨", opening_stock=used, closing_stock=0)
    for item, used in (("原煤", 30), ("无烟煤", 20))
]
# The second acceptance of one firm adds nothing to the target; the first plan to save is given anew.
AUDITS = [
    {"uscc": POTS, "audit_round": audit_round, "stream": "自愿性", "stage": stage, "note": "示例",
     "event_date": on, "document_no": f"示例文号 {on}", **more}
    for audit_round, stage, on, more in (
        ("2023", "审核准备", "2023-02-10", {"claimed_saving_tce": 30}),
        ("2023", "验收", "2023-09-20", {"result": "合格", "claimed_saving_tce": 25}),
        ("2025", "验收", "2025-09-20", {"result": "合格"}),
    )
]  # fmt: skip
Told = tuple[Home, dict[str, str]]


@pytest.fixture(scope="module")
def story(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """One month: two firms, one without output; coal with a kind of coal inside; a bad file."""
    folder = tmp_path_factory.mktemp("story") / "home"
    shutil.copytree(founded, folder)
    with open_home(folder) as home:
        home.file_sample("register.csv")
        home.run()
        receipts = {
            "ships energy": home.file_rows("energy_monthly", electricity("202609", 100), *COAL),
            "ships output": home.file_rows("output_monthly", output(2000)),
            "pots energy": home.file_rows("energy_monthly", electricity("202609", 40, POTS)),
            "bad": home.file_rows(
                "energy_monthly", electricity("202608", "约8"), electricity("202608", 1, "坏")
            ),
            "register": home.file_sample("register.csv"),
            "projects": home.file_sample("plan_projects.csv"),
            "audits": home.file_rows("audit_progress", *AUDITS),
            "picture": home.file_sample("a_picture.csv"),
        }
        home.run()
        releasing.build_and_publish(home.shop)
    return folder, {name: receipt.number for name, receipt in receipts.items()}


@pytest.fixture
def told(story: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[Told]:
    """The story's home, to go on with."""
    shutil.copytree(story[0], tmp_path / "told")
    with open_home(tmp_path / "told") as home:
        yield home, story[1]


def figures(row: TracedRow) -> dict[tuple[str, str], Any]:
    return {(f.grouping, f.window): f for f in row.figures}


def test_a_row_moves_its_enterprise_and_every_group_over_every_window(told: Told) -> None:
    home, receipts = told
    row, *_ = followed(home, receipts["ships energy"]).rows
    assert (row.line, row.moved, row.why) == (2, "ratio", None)
    assert row.conversion is not None
    assert row.conversion.energy_tce == Decimal("122.9")
    assert row.conversion.coefficient_edition == "GB/T 2589-2020"
    groupings = {"enterprise", "district", "park", "industry", "cluster", "town", "zone"}
    assert figures(row).keys() == {
        (grouping, window) for grouping in groupings for window in ("month", "ytd", "rolling_12")
    }


def test_the_shares_of_the_rows_of_a_figure_sum_to_the_figure(told: Told) -> None:
    home, receipts = told
    rows = followed(home, receipts["ships energy"]).rows
    shares = [figures(row)["district", "month"].share for row in rows if row.figures]
    assert sum(shares) == pytest.approx(1)
    [made] = followed(home, receipts["ships output"]).rows
    assert figures(made)["district", "month"].share == pytest.approx(1)


def test_the_two_ways_of_lineage_agree(told: Told) -> None:
    home, receipts = told
    release = published(home)[1]
    [row, *_] = followed(home, receipts["ships energy"], line=2).rows
    for figure in row.figures:
        key = figure.group_key
        subject = {"district": "district", "enterprise": key}.get(
            figure.grouping, f"{figure.grouping}:{key}"
        )
        back = explain(release, Subject.of(subject), figure.month, figure.window)
        assert (receipts["ships energy"], 2) in {(r.receipt, r.line) for r in back.filed_rows}
        assert back.figure.intensity == figure.intensity


def test_a_kind_of_coal_moves_nothing_because_it_is_inside_its_whole(told: Told) -> None:
    home, receipts = told
    [kind] = followed(home, receipts["ships energy"], line=4).rows
    assert (kind.moved, kind.figures) == ("nothing", ())
    assert kind.why is not None
    assert "其中项" in kind.why.zh


def test_a_row_without_its_counterpart_moves_the_sums_but_no_ratio(told: Told) -> None:
    home, receipts = told
    [row] = followed(home, receipts["pots energy"]).rows
    assert row.moved == "filed_sums"
    assert row.why is not None
    assert "no output report" in row.why.en
    district = figures(row)["district", "month"]
    assert district.share == pytest.approx(
        float(Decimal("49.16") / (Decimal("49.16") + Decimal("122.9") + Decimal("21.429")))
    )


def test_what_was_returned_or_is_no_filing_says_which_check_said_so(told: Told) -> None:
    home, receipts = told
    returned, lost = followed(home, receipts["bad"]).rows
    assert (returned.moved, lost.moved, lost.filing) == ("nothing", "nothing", None)
    assert returned.why is not None
    assert "C007" in returned.why.zh
    assert lost.why is not None
    assert "不属于任何填报" in lost.why.zh


def test_a_file_without_figures_says_so(told: Told) -> None:
    home, receipts = told
    picture = followed(home, receipts["picture"])
    assert picture.rows == ()
    assert picture.why is not None
    assert "moved nothing" in as_text(picture)


def effects(row: TracedRow) -> dict[tuple[str, str, str], Any]:
    return {(e.mart, e.grouping if e.mart == "group_months" else e.figure_key, e.unit): e
            for e in row.effects}  # fmt: skip


def test_a_register_row_moves_the_groups_that_it_puts_its_firm_into(told: Told) -> None:
    home, receipts = told
    for row in followed(home, receipts["register"]).rows:
        assert (row.moved, row.why) == ("figures", None)
        moved = effects(row)
        assert {grouping for _, grouping, _ in moved} == {
            "district", "park", "industry", "cluster", "town", "zone",
        }  # fmt: skip
        district = moved["group_months", "district", "enterprise"]
        assert (f"{district.first_month:%Y-%m}", f"{district.last_month:%Y-%m}") == (
            "2020-01", "2026-11",
        )  # fmt: skip
        # Three firms are registered, and each of their rows is one of them.
        assert (district.contribution, district.value) == (1, 3)


def test_an_acceptance_moves_its_round_the_target_and_its_savings_once(told: Told) -> None:
    home, receipts = told
    started, accepted, again = followed(home, receipts["audits"]).rows
    assert effects(started).keys() == {("cleaner_production_audits", "2023", "event")}
    moved = effects(accepted)
    target = moved["audit_progress_months", "T02", "enterprise"]
    assert (f"{target.first_month:%Y-%m}", target.contribution, target.value) == ("2023-09", 1, 1)
    # The saving given last stands, so the first row moved none.
    assert moved["audit_savings", "2023", "tce"].contribution == 25
    assert effects(again).keys() == {("cleaner_production_audits", "2025", "event")}
    assert again.why is not None
    assert "the firm counts already" in again.why.en


def test_a_project_moves_the_rows_of_the_plan_that_count_it(told: Told) -> None:
    home, receipts = told
    phased_out, retrofit, factory = followed(home, receipts["projects"]).rows
    assert effects(phased_out).keys() == {("plan_scoreboard", "T03", "project")}
    assert effects(retrofit).keys() == {
        ("plan_scoreboard", "T19", "project"), ("plan_scoreboard", "T20", "tce"),
    }  # fmt: skip
    saved = effects(retrofit)["plan_scoreboard", "T20", "tce"]
    assert (saved.contribution, f"{saved.first_month:%Y-%m}") == (Decimal("135.5"), "2024-11")
    assert saved.value == Decimal("135.5")
    assert effects(factory).keys() == {("plan_scoreboard", "T04", "project")}


def test_a_row_of_a_newer_file_takes_the_place_of_the_one_before_it(told: Told) -> None:
    home, receipts = told
    newer = home.file_sample("plan_projects.csv", account="steward")
    assert newer.number == receipts["projects"]  # the same bytes are the same submission
    changed = {
        "project_id": "TT-2023-01", "uscc": POTS, "kind": "淘汰落后产能", "tce_saved": 300,
        "completed_on": "2023-06-30", "document_no": "示例文号〔2023〕1号",
    }  # fmt: skip
    later = home.file_rows("plan_projects", changed).number
    home.run()
    [waits] = followed(home, later).rows
    assert waits.why is not None
    assert "the next one will hold it" in waits.why.en
    releasing.build_and_publish(home.shop)
    [now] = followed(home, later).rows
    assert effects(now).keys() == {("plan_scoreboard", "T03", "project")}
    old = followed(home, receipts["projects"], line=2).rows[0]
    assert (old.moved, old.effects) == ("nothing", ())
    assert old.why is not None


def test_effects_are_said_to_a_person_and_to_a_program(told: Told) -> None:
    home, receipts = told
    text = as_text(followed(home, receipts["audits"]))
    assert "审核轮次 audit round 2023：验收" in text
    assert "验收企业数 accepted enterprises（T02" in text
    assert "+25 tce；2023-09 起 on" in text
    assert "规划 plan T20" in as_text(followed(home, receipts["projects"]))
    said = followed(home, receipts["projects"], line=3).as_json()["rows"][0]["effects"]
    assert [(one["mart"], one["key"], one["contribution"]) for one in said] == [
        ("plan_scoreboard", "T19", "1"), ("plan_scoreboard", "T20", "135.5"),
    ]  # fmt: skip


def test_a_correction_takes_the_place_of_the_row_before_it(told: Told) -> None:
    home, receipts = told
    newer = home.file_rows("energy_monthly", electricity("202609", 110), *COAL).number
    waiting = trace(home.shop, published(home), newer)
    assert waiting.why is not None
    assert "not checked yet" in waiting.why.en
    home.run()
    in_force, *_ = trace(home.shop, published(home), newer).rows
    assert in_force.why is not None
    assert "the next one will hold it" in in_force.why.en
    releasing.build_and_publish(home.shop)
    old, *_ = followed(home, receipts["ships energy"]).rows
    assert old.why is not None
    assert newer in old.why.zh
    new, *_ = followed(home, newer).rows
    assert new.moved == "ratio"


def test_a_withdrawn_row_says_the_stewards_reason(told: Told) -> None:
    home, receipts = told
    [filing] = home.shop.registry.filings(receipt=receipts["ships output"])
    home.shop.registry.review(
        filing.id, "withdraw", "误报", "steward", home.settings.now, replaces=home.shop.replaces
    )
    [row] = followed(home, receipts["ships output"]).rows
    assert row.why is not None
    assert (row.why.zh, row.why.en) == ("已撤回：误报", "withdrawn: 误报")


def test_later_windows_that_hold_the_row_are_said_when_asked(told: Told) -> None:
    home, receipts = told
    [row] = followed(home, receipts["ships output"], every_window=True).rows
    months = [(f.window, f"{f.month:%Y-%m}") for f in row.figures if f.grouping == "district"]
    assert months == [
        ("month", "2026-09"),
        *(("ytd", month) for month in ("2026-09", "2026-10", "2026-11")),
        *(("rolling_12", month) for month in ("2026-09", "2026-10", "2026-11")),
    ]


def test_before_any_release_a_row_in_force_waits_for_one(home: Home) -> None:
    receipt = home.file_rows("energy_monthly", electricity("202609", 100)).number
    home.run()
    [row] = trace(home.shop, None, receipt).rows
    assert row.why is not None
    assert "nothing has been published" in row.why.en


def test_an_unknown_receipt_or_line_is_refused(told: Told) -> None:
    home, receipts = told
    with pytest.raises(UnknownSubmission):
        followed(home, "S99999999")
    with pytest.raises(UnknownLine, match="2–4"):
        followed(home, receipts["ships energy"], line=9)


def test_the_command_says_it_to_a_person_and_to_a_program(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, receipts = told
    monkeypatch.setenv("GREENMFG_HOME", str(home.settings.home))
    monkeypatch.setenv("GREENMFG_TODAY", "2026-11-23")
    run: Callable[..., Any] = CliRunner().invoke
    text = run(cli, ["trace", receipts["ships energy"], "--line", "2"])
    assert text.exit_code == 0
    assert "electricity: 100 × 1.229 (GB/T 2589-2020) = 122.9 tce" in text.output
    assert "全区 district 崇明区" in text.output
    said = run(cli, ["trace", receipts["ships output"], "--json"])
    assert '"moved": "ratio"' in said.output


def test_the_samples_can_all_be_traced(home: Home) -> None:
    names = sorted(
        path.name for path in Path(SAMPLES).iterdir() if path.suffix in (".csv", ".xlsx")
    )
    receipts = [home.file_sample(name).number for name in names]
    home.run()
    releasing.build_and_publish(home.shop)
    for receipt in receipts:
        said = followed(home, receipt)
        assert said.why is not None or said.rows
        assert all(
            row.why is not None for row in said.rows if row.moved in ("filed_sums", "nothing")
        )
