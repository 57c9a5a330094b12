"""The command line as a person and as a program use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from greenmfg.cli import COMMANDS
from greenmfg.cli.common import stamp

SAMPLES = Path(__file__).parent.parent / "samples"
SHIPS = "91310151MA00000013"

Run = Callable[..., subprocess.CompletedProcess[str]]


def call(home: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    environment: Mapping[str, str] = {
        **os.environ, "GREENMFG_HOME": str(home), "GREENMFG_TODAY": "2026-11-23", **env,
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "greenmfg.cli", *arguments],
        env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that has gone the whole way once, by commands alone."""
    folder = tmp_path_factory.mktemp("cli") / "home"
    files = ("register.csv", "energy_good_gb18030.csv", "output_good.xlsx")
    for arguments in (
        ["init"],
        ["receive", *(str(SAMPLES / name) for name in files)],
        ["run"],
    ):
        done = call(folder, *arguments)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, tmp_path: Path) -> None:
    done = call(tmp_path, command, "--help")
    assert done.returncode == 0
    assert "Usage:" in done.stdout
    assert len(done.stdout.splitlines()) > 3


def test_the_scoreboard_is_of_a_month_and_refuses_one_that_is_not_there(home: Path) -> None:
    said = json.loads(call(home, "scoreboard", "--period", "2026-10", "--json").stdout)
    rows = {row["target_id"]: row for row in said["rows"]}
    assert (rows["T01"]["measured_value"], rows["T01"]["status"]) == ("0.4054908915", "not_reached")
    assert call(home, "scoreboard", "--period", "2026-10").stdout.startswith("规划记分板")
    refused = call(home, "scoreboard", "--period", "2031-01")
    assert refused.returncode == 2
    assert "2031-01 不在数据期内" in refused.stderr


def test_audits_benchmarks_and_quality_are_said_to_a_person_and_to_a_program(home: Path) -> None:
    for command, title, part in (
        ("audits", "清洁生产审核", "stages"),
        ("benchmark", "对标", "firms"),
        ("quality", "数据质量", "checks"),
    ):
        done = call(home, command, "--period", "2026-10")
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(title)
        said = json.loads(call(home, command, "--period", "2026-10", "--json").stdout)
        assert said["month"] == "2026-10"
        assert part in said
        assert call(home, command, "--period", "2031-01").returncode == 2
    one = json.loads(call(home, "benchmark", SHIPS, "--period", "2026-10", "--json").stdout)
    assert round(one["firms"][0]["intensity"], 10) == 0.4054908915


def test_explain_says_the_figure_and_its_rows(home: Path) -> None:
    done = call(home, "explain", SHIPS, "2026-10", "--json")
    said = json.loads(done.stdout)
    assert (said["energy_tce"], said["value_added_10k_cny"]) == ("209.2333", "516")
    assert said["intensity_tce_per_10k_cny"] == "0.4054908915"
    assert len(said["filed_rows"]) == 5
    text = call(home, "explain", SHIPS, "202610").stdout
    assert "209.2333 tce ÷ 516 万元 = 0.4054908915 tce/万元" in text


def test_check_files_nothing_and_says_by_its_exit_code_whether_it_is_good(home: Path) -> None:
    before = call(home, "status", "--json").stdout
    good = call(home, "check", str(SAMPLES / "energy_corrected.csv"), "--json")
    bad = call(home, "check", str(SAMPLES / "energy_many_errors.csv"), "--json")
    refused = call(home, "check", str(SAMPLES / "a_picture.csv"), "--json")
    assert (good.returncode, bad.returncode, refused.returncode) == (0, 1, 1)
    assert json.loads(good.stdout)["filings"][0]["verdict"] == "accepted"
    assert json.loads(bad.stdout)["filings"] == [
        {"enterprise": SHIPS, "period": "2026-10", "verdict": "returned"}
    ]
    assert json.loads(refused.stdout)["refused"]["remedy"]
    assert call(home, "status", "--json").stdout == before


def test_check_writes_the_file_back_marked_and_says_when_there_is_nothing_to_mark(
    home: Path, tmp_path: Path
) -> None:
    bad, good = str(SAMPLES / "energy_many_errors.csv"), str(SAMPLES / "output_good.xlsx")
    out = tmp_path / "标注.csv"
    done = call(home, "check", bad, "--corrected", str(out), "--json")
    assert (done.returncode, json.loads(done.stdout)["form"]) == (1, "energy_monthly")
    assert "“约8吨”不是数字" in out.read_bytes().decode("gb18030")
    again = call(home, "check", str(out), "--json")
    assert json.loads(again.stdout)["findings"] == json.loads(done.stdout)["findings"]

    wrong = call(home, "check", bad, "--corrected", str(tmp_path / "标注.xlsx"))
    assert (wrong.returncode, "是 .csv" in wrong.stderr) == (2, True)
    none = call(home, "check", good, "--corrected", str(tmp_path / "none.xlsx"))
    assert "没有可标注" in none.stderr
    assert not (tmp_path / "none.xlsx").exists()


def test_check_works_without_a_home(tmp_path: Path) -> None:
    done = call(tmp_path / "none", "check", str(SAMPLES / "energy_good_gb18030.csv"))
    assert done.returncode == 0, done.stderr
    assert "no register here" in done.stdout
    assert not (tmp_path / "none").exists()


def test_a_template_is_the_form_of_the_firm_and_month(home: Path, tmp_path: Path) -> None:
    csv = call(home, "template", "energy_monthly", "--enterprise", SHIPS, "--period", "2026-10")
    assert csv.stdout.lstrip("\ufeff").startswith("统一社会信用代码,报告期,")
    assert f"{SHIPS},202610" in csv.stdout
    out = tmp_path / "energy.xlsx"
    assert call(home, "template", "energy_monthly", "--xlsx", "--out", str(out)).returncode == 0
    assert out.read_bytes()[:2] == b"PK"


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx"])
def test_a_mart_is_exported(home: Path, tmp_path: Path, kind: str) -> None:
    out = tmp_path / f"mart.{kind}"
    done = call(
        home, "export", "enterprise_months", "--period", "2026-10", "--format", kind,
        "--out", str(out),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert out.stat().st_size > 100


def test_status_says_what_there_is(home: Path) -> None:
    said = json.loads(call(home, "status", "--json").stdout)
    assert said["waiting"] == 0
    assert said["release"]
    assert said["filings"]["accepted"] == 21


def test_a_person_reads_the_time_of_the_district() -> None:
    assert stamp(datetime(2026, 10, 31, 17, 0, tzinfo=UTC)) == "2026-11-01 01:00"


def test_doctor_finds_a_sound_home_well(home: Path) -> None:
    done = call(home, "doctor")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["explain", "somewhere", "2026-10"], "expected district"),
        (["explain", "district", "202613"], "is not a month"),
        (["export", "no_such_mart"], "choose from"),
        (["export", "enterprise_months", "--public"], "never leaves the bureau"),
        (["template", "no_such_form"], "choose from"),
        (["review", "999999", "accept", "--reason", "x"], "999999"),
        (["review", "abc", "accept", "--reason", "x"], "FILING"),
        (["review", "5", "accept"], "--reason"),
        (["withdraw", "1"], "--reason"),
        (["receive", "no_such_file.csv"], "no_such_file.csv"),
        (["check", str(SAMPLES / "register.csv"), "--as", "nobody"], "nobody"),
        (["receive", str(SAMPLES / "register.csv"), "--as", "nobody"], "nobody"),
        (["no-such-command"], "no-such-command"),
    ],
)
def test_a_wrong_argument_gets_a_word_and_no_traceback(
    home: Path, arguments: list[str], words: str
) -> None:
    done = call(home, *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert "nanobind" not in done.stderr


def test_a_wrong_setting_is_named(home: Path) -> None:
    done = call(home, "status", GREENMFG_TODAY="yesterday")
    assert done.returncode == 2
    assert "GREENMFG_TODAY='yesterday'" in done.stderr


def test_without_a_home_the_advice_is_init(tmp_path: Path) -> None:
    done = call(tmp_path / "none", "status")
    assert done.returncode == 2
    assert "greenmfg init" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_warning_is_reviewed_with_a_reason_on_record(home: Path, tmp_path: Path) -> None:
    text = (SAMPLES / "energy_good_gb18030.csv").read_bytes()
    slip = tmp_path / "warned.csv"
    slip.write_bytes(text.replace(b",68.4,", b",6840,"))
    assert call(home, "receive", str(slip)).returncode == 0
    assert call(home, "run", "--no-build").returncode == 0
    waiting = json.loads(call(home, "review", "list", "--json").stdout)
    assert [w["findings"][0]["id"] for w in waiting] == ["E111"]
    number = str(waiting[0]["filing"])
    done = call(home, "review", number, "accept", "--reason", "已电话核实", "--json")
    assert json.loads(done.stdout)["filing"]["state"] == "accepted"
    assert call(home, "review").stdout.strip().endswith("nothing waits for review")


def test_what_is_generated_is_up_to_date(tmp_path: Path) -> None:
    assert call(tmp_path, "generate", "--check").returncode == 0
