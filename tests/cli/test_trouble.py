"""Whatever is wrong with the machine or the call: one clear line, exit code 2, no traceback."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner
from test_commands import SAMPLES, SHIPS, call

from greenmfg.cli import cli
from greenmfg.cli.home import _STATES
from greenmfg.pipeline.founding import found, prepare_home
from greenmfg.pipeline.workshop import workshop
from greenmfg.records import FilingState, SubmissionState
from greenmfg.registry.nouns import DeliveryState
from greenmfg.settings import Settings

NEED_A_HOME = (
    ["receive", str(SAMPLES / "register.csv")],
    ["run"],
    ["rebuild"],
    ["status"],
    ["review", "list"],
    ["withdraw", "1", "--reason", "x"],
)
NEED_A_RELEASE = (
    ["explain", "district", "2026-10"],
    ["export", "enterprise_months"],
)


def assert_said(done: subprocess.CompletedProcess[str], words: str, code: int = 2) -> None:
    assert done.returncode == code, done.stderr
    assert words in done.stderr + done.stdout
    assert "Traceback" not in done.stderr + done.stdout
    assert len(done.stderr.strip().splitlines()) <= 5


@pytest.fixture(scope="module")
def new_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home as `init` leaves it: nothing received, nothing published."""
    folder = tmp_path_factory.mktemp("trouble") / "home"
    settings = Settings.from_environment(
        {"GREENMFG_HOME": str(folder), "GREENMFG_TODAY": "2026-11-23"}
    )
    prepare_home(settings)
    with workshop(settings, create=True) as shop:
        found(shop)
    return folder


@pytest.mark.parametrize("arguments", NEED_A_HOME, ids=lambda arguments: arguments[0])
def test_without_a_home_every_command_says_how_to_make_one(
    tmp_path: Path, arguments: list[str]
) -> None:
    assert_said(call(tmp_path / "none", *arguments), "greenmfg init")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("arguments", NEED_A_RELEASE, ids=lambda arguments: arguments[0])
def test_before_the_first_release_there_is_nothing_to_read(
    new_home: Path, arguments: list[str]
) -> None:
    assert_said(call(new_home, *arguments), "nothing has been published yet")


def test_doctor_names_what_is_missing_and_what_to_do(new_home: Path, tmp_path: Path) -> None:
    assert_said(call(new_home, "doctor"), "greenmfg run")
    assert_said(call(tmp_path / "none", "doctor"), "greenmfg init")
    said = json.loads(call(new_home, "doctor", "--json").stdout)
    assert [set(ailment) for ailment in said] == [{"what", "remedy"}]


@pytest.mark.parametrize("command", ["init", "status", "check", "explain"])
def test_a_home_that_lies_under_a_file_is_said(tmp_path: Path, command: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    more = {"check": [str(SAMPLES / "a_picture.csv")], "explain": ["district", "2026-10"]}
    done = call(tmp_path / "file" / "home", command, *more.get(command, []))
    if command == "check":
        assert_said(done, "R005", code=1)
    else:
        assert_said(done, "file")


def test_a_home_that_may_not_be_written_is_said(tmp_path: Path) -> None:
    # Not even root may make a folder there.
    done = call(Path("/proc/greenmfg"), "init")
    assert_said(done, "GREENMFG_HOME")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("GREENMFG_TODAY", "nonsense"),
        ("GREENMFG_TODAY", "2026-13-01"),
        ("GREENMFG_MAX_ROWS", "many"),
        ("GREENMFG_RELEASES_KEPT", "0"),
        ("GREENMFG_DUCKDB_THREADS", "-1"),
    ],
)
def test_a_setting_that_is_none_is_named_with_what_it_expects(
    new_home: Path, setting: str, value: str
) -> None:
    assert_said(call(new_home, "status", **{setting: value}), f"{setting}='{value}'")


def test_a_registry_that_cannot_be_reached_is_said_in_one_line(new_home: Path) -> None:
    unreachable = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    assert_said(call(new_home, "status", GREENMFG_REGISTRY_URL=unreachable), "127.0.0.1")


def test_a_registry_that_is_no_registry_is_said_in_one_line(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "registry.sqlite").write_bytes(b"this is a letter, not a database" * 40)
    assert_said(call(home, "status"), "not a database")
    assert_said(call(home, "doctor"), "not a database")


def test_a_fault_of_ours_leaves_its_traceback_in_the_log_only(new_home: Path) -> None:
    script = (
        "import sys\nfrom greenmfg import cli\nfrom greenmfg.registry import Registry\n"
        "def broken(self): raise RuntimeError('a fault of ours')\n"
        "Registry.counts = broken\nsys.argv = ['greenmfg', 'status']\ncli.main()\n"
    )
    env = {**os.environ, "GREENMFG_HOME": str(new_home)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, check=False
    )
    assert_said(done, "internal error: RuntimeError: a fault of ours")
    assert "Traceback" in (new_home / "logs" / "command.log").read_text("utf-8")


@pytest.mark.parametrize("command", [["template", "energy_monthly"], ["--help"]])
def test_a_reader_that_goes_away_is_no_fault(new_home: Path, command: list[str]) -> None:
    env = {**os.environ, "GREENMFG_HOME": str(new_home)}
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "greenmfg.cli", *command],
        env=env, stdout=write, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(write)
    assert "Traceback" not in done.stderr
    assert "rror" not in done.stderr


@pytest.mark.parametrize(
    ("name", "code", "word"),
    [
        ("register.csv", 0, "已接受 · accepted"),
        ("empty.csv", 1, "R001"),
        ("energy_missing_column.csv", 1, "没有形成任何填报 · no filing was made"),
        ("audit_own_stage.csv", 1, "企业名录中没有"),
    ],
)
def test_check_says_in_words_what_becomes_of_a_file(
    new_home: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: int, word: str
) -> None:
    # In this process: its checker is warm after the first.
    monkeypatch.setenv("GREENMFG_HOME", str(new_home))
    monkeypatch.setenv("GREENMFG_TODAY", "2026-11-23")
    done = CliRunner().invoke(cli, ["check", str(SAMPLES / name)])
    assert (done.exit_code, word in done.stdout) == (code, True), done.stdout


def test_check_of_several_things_at_once_is_refused(new_home: Path, tmp_path: Path) -> None:
    assert_said(call(new_home, "check", str(tmp_path)), "directory")
    assert_said(call(new_home, "check"), "FILE")
    sample = str(SAMPLES / "register.csv")
    assert_said(call(new_home, "check", sample, sample), "unexpected")
    assert_said(call(new_home, "check", sample, "--as", SHIPS), SHIPS)


def test_receive_gives_all_files_a_receipt_or_none(new_home: Path) -> None:
    before = json.loads(call(new_home, "status", "--json").stdout)["waiting"]
    samples = [str(SAMPLES / name) for name in ("output_vat.csv", "output_nil.csv")]
    assert_said(call(new_home, "receive", *samples, "--as", "nobody"), "nobody")
    assert json.loads(call(new_home, "status", "--json").stdout)["waiting"] == before
    done = call(new_home, "receive", *samples, "--json")
    receipts = json.loads(done.stdout)
    assert [r["file"] for r in receipts] == ["output_vat.csv", "output_nil.csv"]
    again = json.loads(call(new_home, "receive", *samples, "--json").stdout)
    assert [r["receipt"] for r in again] == [r["receipt"] for r in receipts]
    assert [r["again"] for r in again] == [True, True]


def test_a_backup_is_refused_where_something_lies_and_a_restore_where_a_home_is(
    new_home: Path, tmp_path: Path
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_bytes(b"")
    assert_said(call(new_home, "backup", str(tmp_path / "full")), "is not empty")
    assert call(new_home, "backup", str(tmp_path / "copy")).returncode == 0
    assert_said(call(new_home, "restore", str(tmp_path / "copy")), "already holds a registry")
    (tmp_path / "empty").mkdir()
    assert_said(call(tmp_path / "other", "restore", str(tmp_path / "empty")), "is not a backup")
    restored = call(tmp_path / "other", "restore", str(tmp_path / "copy"))
    assert restored.returncode == 0, restored.stderr
    assert call(tmp_path / "other", "status", "--json").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (["statsu"], "没有 'statsu' 这个命令", "no such command 'statsu'"),
        (["status", "--alert", "3"], "是否指 '--alerts'", "Did you mean '--alerts'?"),
        (["status", "--alerts"], "选项 '--alerts' 后面要写一个值", "requires an argument"),
        (["status", "--alerts", "x"], "'x' 不是整数", "'x' is not a valid integer"),
        (["status", "--alerts", "-3"], "-3 超出范围 x>=0", "-3 is not in the range"),
        (["status", "--json=1"], "选项 '--json' 后面不写值", "does not take a value"),
        (["status", "x"], "多了参数 x", "unexpected extra argument"),
        (["explain", "district"], "缺少参数 'PERIOD'", "missing argument 'PERIOD'"),
        (["withdraw", "1"], "缺少选项 '--reason'", "missing option '--reason'"),
        (["check", "none.csv"], "'none.csv' 不存在", "'none.csv' does not exist"),
        (["check", "/"], "'/' 是文件夹，这里要的是文件", "'/' is a directory"),
        (["restore", str(SAMPLES / "register.csv")], "这里要的是文件夹", "register.csv' is a file"),
        (["review", "1", "maybe"], "'maybe' 不可选，可选：'accept', 'return'", "is not one of"),
        (["explain", "district", "2026-13"], "不是月份", "write 2026-10"),
        (["template", "nope"], "可选", "choose from: audit_progress"),
    ],
    ids=lambda one: one[0] if isinstance(one, list) else "",
)
def test_a_call_that_is_written_wrongly_is_answered_in_both_languages(
    tmp_path: Path, arguments: list[str], zh: str, en: str
) -> None:
    done = call(tmp_path / "none", *arguments)
    assert_said(done, zh)
    assert en in done.stderr
    assert re.search(r"说明 · help: greenmfg( [a-z]+)? --help", done.stderr)


def test_status_names_each_state_in_both_languages(new_home: Path) -> None:
    said = call(new_home, "status").stdout
    # The delivered reference tables, all of them accepted.
    assert "已核验 checked " in said
    assert "填报 filings: 已接受 accepted " in said
    states = {*get_args(DeliveryState), *SubmissionState, *FilingState}
    assert {str(state) for state in states} == set(_STATES)
