"""Asks the parts over the loopback address whether they are well."""

from __future__ import annotations

import http.client
import json
from datetime import datetime

from greenmfg.serve.preflight import LOOPBACK

_TIMEOUT_SECONDS = 2.0
_HEALTHY = "healthy"
# Name in Airflow's answer → name of our part.
_REPORTED = {
    "scheduler": "scheduler",
    "triggerer": "triggerer",
    "dag_processor": "dag-processor",
}


def front_unwell(port: int) -> frozenset[str]:
    """`{"front"}` until the pages answer."""
    return frozenset() if _get(port, "/_stcore/health") is not None else frozenset({"front"})


def airflow_unwell(port: int, since: datetime) -> frozenset[str]:
    """The names of Airflow's parts that are not well.

    A heartbeat older than `since` (aware) is of an earlier run and counts for nothing.
    """
    body = _get(port, "/api/v2/monitor/health")
    if body is None:
        return frozenset({"api-server", *_REPORTED.values()})
    report = json.loads(body)
    if report["metadatabase"]["status"] != _HEALTHY:
        return frozenset({"api-server", *_REPORTED.values()})
    return frozenset(
        part for name, part in _REPORTED.items() if not _beats(report.get(name), name, since)
    )


def _beats(report: dict[str, str | None] | None, name: str, since: datetime) -> bool:
    if report is None or report["status"] != _HEALTHY:
        return False
    beat = report[f"latest_{name}_heartbeat"]
    return beat is not None and datetime.fromisoformat(beat) >= since


def _get(port: int, path: str) -> bytes | None:
    """The body of a 200 answer, else None: not listening yet, too busy, or unwell."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        return body if answer.status == http.HTTPStatus.OK else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
