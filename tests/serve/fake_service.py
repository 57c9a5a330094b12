"""The real service with fake parts: `fake_service.py FOLDER KIND…`, one part for each kind."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

from greenmfg.serve import ServeOptions, health, parts, service
from greenmfg.serve.preflight import PreflightError
from greenmfg.settings import Settings

folder, kinds = Path(sys.argv[1]), sys.argv[2:]
settings = Settings.from_environment({"GREENMFG_HOME": str(folder / "home")})
settings.home.mkdir(exist_ok=True)


def fake(name: str, kind: str) -> parts.Part:
    program = str(Path(__file__).with_name("fake_part.py"))
    command = (sys.executable, program, str(folder / "pids"), name, kind)
    return parts.Part(name, command, {}, folder, settings.logs / f"{name}.log")


everyone = [fake(f"part{number}", kind) for number, kind in enumerate(kinds)]
parts.front = lambda settings, options: everyone[0]
parts.airflow = lambda settings, options: (
    dataclasses.replace(part, stop_last=part is everyone[-1]) for part in everyone[1:]
)
parts.is_prepared = lambda settings: True
health.front_unwell = lambda port: frozenset()
health.airflow_unwell = lambda port, since: frozenset()

try:
    sys.exit(service.run(settings, ServeOptions(accounts="demo / demo", grace=0.5, restarts=1)))
except PreflightError as trouble:
    print(trouble)
    sys.exit(2)
