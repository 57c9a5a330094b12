"""An installed package finds its contracts, tables, models, DAGs and pages inside itself."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

REPOSITORY = Path(__file__).resolve().parents[2]
ROOMS = ("expectations", "reference", "dbt_project", "dags", "app")
LITTER = ("__pycache__", "target", "logs", "*.pyc")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built offline from a copy of the sources and unpacked as an installer does."""
    sources = tmp_path_factory.mktemp("sources")
    for folder in ("src", *ROOMS):
        shutil.copytree(
            REPOSITORY / folder, sources / folder, ignore=shutil.ignore_patterns(*LITTER)
        )
    for file in ("pyproject.toml", "README.md", ".gitignore"):
        shutil.copy(REPOSITORY / file, sources)
    (sources / "dbt_project" / "target").mkdir()
    (sources / "dbt_project" / "target" / "manifest.json").write_text("{}", encoding="utf-8")
    wheels = tmp_path_factory.mktemp("wheels")
    wheel = next(WheelBuilder(str(sources)).build(directory=str(wheels)))
    unpacked = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    return unpacked


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_in_the_wheel_file_for_file(room: str, installed: Path) -> None:
    ours = REPOSITORY / room
    packed = installed / "greenmfg" / "rooms" / room
    committed = {
        path.relative_to(ours)
        for path in ours.rglob("*")
        if path.is_file() and not any(path.match(f"*/{p}/*") or path.match(p) for p in LITTER)
    }
    assert {path.relative_to(packed) for path in packed.rglob("*") if path.is_file()} == committed


def test_an_installed_package_reads_its_own_contracts(installed: Path) -> None:
    """In a fresh process that sees the unpacked wheel alone, not this checkout."""
    code = (
        "from greenmfg.settings import Settings\n"
        "from greenmfg.contract import load_contracts\n"
        "settings = Settings.from_environment({})\n"
        "tables = load_contracts(settings.contracts_dir, settings.reference_dir / 'contracts')\n"
        "print(settings.rooms, len(tables), settings.dbt_project_dir.is_dir())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=installed,
        env={"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [str(installed / "greenmfg" / "rooms"), "25", "True"]


def test_litter_of_a_build_stays_out(installed: Path) -> None:
    assert not (installed / "greenmfg" / "rooms" / "dbt_project" / "target").exists()
