"""A registry of its own per test, on SQLite and, where a server is named, on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from registry_desk import Desk

from greenmfg.registry import Registry, open_registry
from greenmfg.settings import Settings


def _postgres_url() -> Iterator[str]:
    """The server of GREENMFG_TEST_POSTGRES_URL, in a schema of this test alone."""
    server = sa.make_url(os.environ["GREENMFG_TEST_POSTGRES_URL"])
    schema = f"test_{uuid.uuid4().hex}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"create schema {schema}")
    url = server.update_query_dict({"options": f"-csearch_path={schema}"})
    yield url.render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"drop schema {schema} cascade")
    engine.dispose()


@pytest.fixture(scope="session")
def new_registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite registry as `init` leaves it, to copy: migrating one per test takes longer."""
    settings = Settings.from_environment({"GREENMFG_HOME": str(tmp_path_factory.mktemp("home"))})
    open_registry(settings, create=True).close()
    return settings.home / "registry.sqlite"


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param(
            "postgresql",
            marks=pytest.mark.skipif(
                "GREENMFG_TEST_POSTGRES_URL" not in os.environ,
                reason=os.environ.get(
                    "GREENMFG_TEST_POSTGRES_MISSING",
                    "GREENMFG_TEST_POSTGRES_URL names no server; tests/postgres.py starts one",
                ),
            ),
        ),
    ]
)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    environment = {"GREENMFG_HOME": str(tmp_path)}
    if request.param == "sqlite":
        yield Settings.from_environment(environment)
        return
    for url in _postgres_url():
        yield Settings.from_environment({**environment, "GREENMFG_REGISTRY_URL": url})


@pytest.fixture
def registry(settings: Settings, new_registry: Path) -> Iterator[Registry]:
    if settings.registry_url.startswith("sqlite"):
        shutil.copy(new_registry, settings.home)
    with open_registry(settings, create=True) as registry:
        yield registry


@pytest.fixture
def desk(registry: Registry) -> Desk:
    return Desk(registry)
