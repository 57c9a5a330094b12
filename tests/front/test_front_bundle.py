"""The offline checker: one wheel, one bundle, the platform's verdicts byte for byte."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from filing_home import ELECTRICITY, OCTOBER, POTS, SAMPLES, SHIPS, FilingHome, form_csv, odd_stock
from front_home import ROOT
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.testclient import TestClient

from front import cookies, paths
from front.filing.bundle import bundle_route
from front.gate import Gate
from front.paths import Paths
from greenmfg.access import open_door
from greenmfg.pipeline.bundle import BundleUnreadable, read_bundle
from greenmfg.portal import Office, open_office

TODAY = date(2026, 11, 23)
# The extras' packages: a firm's machine has none of them.
ABSENT = ("airflow", "dbt", "fastapi", "segno", "starlette", "streamlit", "uvicorn")
CHECKS = f"""
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {set(ABSENT)}:
            raise ModuleNotFoundError("No module named " + name, name=name)
sys.meta_path.insert(0, Absent())
from click.testing import CliRunner
from greenmfg.cli.forms import check
for path in sys.argv[2:]:
    done = CliRunner().invoke(check, [path, "--json", "--bundle", sys.argv[1]])
    if not isinstance(done.exception, (SystemExit, type(None))):
        raise done.exception
    sys.stdout.write(done.stdout + "\\f")
"""


@pytest.fixture(scope="module")
def office(filing_home: FilingHome) -> Office:
    return open_office(filing_home.settings)


@pytest.fixture
def client(filing_home: FilingHome) -> TestClient:
    settings = filing_home.settings
    app = Starlette(
        routes=[Route(paths.BUNDLE, bundle_route(settings))],
        middleware=[Middleware(Gate, door=open_door(settings), paths=Paths(frozenset()))],
    )
    return TestClient(app, follow_redirects=False)


def test_a_bundle_gives_the_platforms_verdicts_byte_for_byte(
    office: Office, tmp_path: Path
) -> None:
    files = {
        **{
            name: (SAMPLES / name).read_bytes()
            for name in ("energy_many_errors.csv", "energy_corrected.csv", "output_good.xlsx")
        },
        "a_picture.csv": (SAMPLES / "a_picture.csv").read_bytes(),
        # The month before is in the bundle, so the stock that differs from it is seen.
        "odd_stock.csv": odd_stock(),
        "another_firm.csv": form_csv("energy_monthly", {**ELECTRICITY, "uscc": POTS}),
        "nobody.csv": form_csv("energy_monthly", {**ELECTRICITY, "uscc": "91350100M000100Y43"}),
        "good.csv": form_csv("energy_monthly", *OCTOBER),
    }
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(office.bundle(SHIPS))
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", CHECKS, str(bundle), *(str(tmp_path / name) for name in files)],
        env={
            **os.environ,
            "GREENMFG_HOME": str(tmp_path / "nowhere"),
            "GREENMFG_ROOMS": str(ROOT),
            "GREENMFG_TODAY": TODAY.isoformat(),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said = dict(zip(files, done.stdout.split("\f"), strict=False))
    for name, data in files.items():
        theirs = office.try_file(SHIPS, name, data).as_json()
        ours = json.dumps(theirs, ensure_ascii=False, indent=2, default=str) + "\n"
        assert said[name] == ours, name
    assert any(f["id"] == "E120" for f in json.loads(said["odd_stock.csv"])["findings"])
    assert not (tmp_path / "nowhere").exists()


def test_no_other_firm_is_in_a_bundle(office: Office) -> None:
    with zipfile.ZipFile(io.BytesIO(office.bundle(SHIPS))) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert SHIPS.encode() in everything
    assert POTS.encode() not in everything
    world = read_bundle(office.bundle(SHIPS), TODAY).world
    assert world.register is not None
    assert set(world.register["uscc"].to_pylist()) == {SHIPS}


def test_the_same_state_gives_the_same_rows_and_a_later_day_opens_a_later_month(
    office: Office,
) -> None:
    later = read_bundle(office.bundle(SHIPS), TODAY + timedelta(days=30))
    assert later.world.today == TODAY + timedelta(days=30)
    assert later.made_at.date() == TODAY
    september = later.world.history("energy_monthly", [SHIPS], date(2026, 9, 1))
    assert september is not None
    assert september.num_rows == 2
    assert later.world.history("energy_monthly", [SHIPS], date(2026, 10, 1)) is None
    assert later.world.history("energy_monthly", [POTS], None) is None


@pytest.mark.parametrize(
    "damage", [b"", b"not a zip", b"PK\x03\x04cut"], ids=["empty", "text", "cut"]
)
def test_what_is_no_bundle_is_said_with_what_to_do(damage: bytes) -> None:
    with pytest.raises(BundleUnreadable, match="download it again"):
        read_bundle(damage, TODAY)


def test_a_bundle_of_a_newer_format_asks_for_a_newer_package(office: Office) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(office.bundle(SHIPS))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "bundle.json":
                data = data.replace(b'"format": 1', b'"format": 2')
            new.writestr(name, data)
    with pytest.raises(BundleUnreadable, match="update the package"):
        read_bundle(out.getvalue(), TODAY)


def test_a_firm_downloads_its_own_bundle_and_the_bureau_none(
    client: TestClient, filing_home: FilingHome
) -> None:
    assert client.get(paths.BUNDLE).status_code == 401
    client.cookies.set(cookies.SESSION, filing_home.token(SHIPS))
    answer = client.get(paths.BUNDLE)
    assert answer.status_code == 200
    assert SHIPS in answer.headers["content-disposition"]
    assert read_bundle(answer.content, TODAY).account.name == SHIPS
    client.cookies.set(cookies.SESSION, filing_home.token("officer"))
    assert client.get(paths.BUNDLE).status_code == 404
