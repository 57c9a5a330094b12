"""Starting, watching and stopping: what a person sees, and what is left in the process table."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable

import pytest
from serve_terminal import Terminal

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="orphans are held on Linux only")

READY = "everything is ready"
Start = Callable[..., Terminal]


def running(start: Start) -> Terminal:
    """A service of four processes: one polite, one deaf, one whose grandchild left its session."""
    terminal = start("polite", "stubborn", "runaway")
    terminal.wait_for_processes(4)
    terminal.wait_for_text("to stop: Ctrl-C")
    assert len(terminal.alive()) >= 4
    return terminal


def test_sigterm_stops_all_that_it_started(start: Start) -> None:
    terminal = running(start)
    terminal.kill(signal.SIGTERM)
    assert terminal.wait_for_end() == 0
    assert terminal.alive() == set()
    assert "nothing is left running" in terminal.screen


def test_ctrl_c_stops_all_that_it_started(start: Start) -> None:
    terminal = running(start)
    terminal.type(b"\x03")
    assert terminal.wait_for_end() == 0
    assert terminal.alive() == set()


def test_a_closed_terminal_stops_all_that_it_started(start: Start) -> None:
    terminal = running(start)
    terminal.close_window()
    terminal.wait_until_nothing_is_left()
    assert terminal.wait_for_end() == 0


def test_killing_the_service_by_force_leaves_nothing_running(start: Start) -> None:
    terminal = running(start)
    terminal.kill(signal.SIGKILL)
    terminal.wait_until_nothing_is_left()


def test_killing_the_keeper_by_force_leaves_nothing_running(start: Start) -> None:
    terminal = running(start)
    terminal.kill(signal.SIGKILL, terminal.keeper)
    assert terminal.wait_for_end() == 2
    assert terminal.alive() == set()
    assert "the keeper was killed" in terminal.screen


def test_the_address_the_accounts_and_how_to_stop_are_shown(start: Start) -> None:
    terminal = running(start)
    assert READY in terminal.screen
    assert "http://127.0.0.1:8501" in terminal.screen
    assert "demo / demo" in terminal.screen
    assert f"kill {terminal.pid}" in terminal.screen


def test_a_part_that_dies_is_started_again_and_its_leavings_are_ended(start: Start) -> None:
    terminal = start("polite", "dies-once")
    terminal.wait_for_text(READY)
    terminal.wait_for_text("restarting part1 in 1 s")
    terminal.wait_for_processes(5)
    assert "part1 ended with exit code 3" in terminal.screen
    assert "ValueError: something broke" in terminal.screen
    # part0, the second life of part1, its runaway, and the keeper.
    assert len(terminal.alive()) == 4
    terminal.kill(signal.SIGTERM)
    assert terminal.wait_for_end() == 0
    assert terminal.alive() == set()


def test_a_part_that_keeps_dying_stops_everything_and_says_why(start: Start) -> None:
    terminal = start("stubborn", "dies")
    assert terminal.wait_for_end() == 2
    assert "part1 keeps dying" in terminal.screen
    assert "part1 | ValueError: something broke" in terminal.screen
    assert terminal.alive() == set()


def test_a_second_start_on_the_same_home_says_who_runs(start: Start) -> None:
    first = running(start)
    second = start("polite")
    assert second.wait_for_end() == 2
    assert f"already running on this home: pid {first.pid}" in second.screen
    assert len(first.alive()) >= 4


def test_a_home_whose_service_was_killed_can_be_served_again(start: Start) -> None:
    first = running(start)
    first.kill(signal.SIGKILL)
    first.wait_until_nothing_is_left()
    second = start("polite")
    second.wait_for_text("to stop: Ctrl-C")
    second.kill(signal.SIGTERM)
    assert second.wait_for_end() == 0
