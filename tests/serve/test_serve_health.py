"""Who is well, read off the parts' own answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from greenmfg.serve import health

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LATER = (START + timedelta(seconds=5)).isoformat()
BEFORE = (START - timedelta(seconds=5)).isoformat()


def report(beat: str, status: str = "healthy", metadatabase: str = "healthy") -> bytes:
    body: dict[str, object] = {"metadatabase": {"status": metadatabase}}
    for name in ("scheduler", "triggerer", "dag_processor"):
        body[name] = {"status": status, f"latest_{name}_heartbeat": beat}
    return json.dumps(body).encode()


@pytest.fixture
def answer() -> Iterator[Callable[[int, bytes], int]]:
    """Serves one answer to every question; returns the port."""
    servers = []

    def serve(status: int, body: bytes) -> int:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server.server_address[1]

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def test_all_parts_are_well_when_all_beat(answer: Callable[[int, bytes], int]) -> None:
    assert health.airflow_unwell(answer(200, report(LATER)), START) == frozenset()


def test_a_heartbeat_of_the_run_before_does_not_count(answer: Callable[[int, bytes], int]) -> None:
    unwell = health.airflow_unwell(answer(200, report(BEFORE)), START)
    assert unwell == {"scheduler", "triggerer", "dag-processor"}


def test_parts_that_say_they_are_unwell_are(answer: Callable[[int, bytes], int]) -> None:
    unwell = health.airflow_unwell(answer(200, report(LATER, "unhealthy")), START)
    assert unwell == {"scheduler", "triggerer", "dag-processor"}


def test_without_its_database_airflow_is_unwell_as_a_whole(
    answer: Callable[[int, bytes], int],
) -> None:
    port = answer(200, report(LATER, metadatabase="unhealthy"))
    assert "api-server" in health.airflow_unwell(port, START)


def test_an_error_answer_is_not_health(answer: Callable[[int, bytes], int]) -> None:
    port = answer(500, b"")
    assert health.front_unwell(port) == {"front"}
    assert "api-server" in health.airflow_unwell(port, START)


def test_the_front_is_well_when_it_answers(answer: Callable[[int, bytes], int]) -> None:
    assert health.front_unwell(answer(200, b"ok")) == frozenset()


def test_nobody_listening_is_not_health() -> None:
    assert health.front_unwell(1) == {"front"}
