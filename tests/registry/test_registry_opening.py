from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from greenmfg.registry import (
    Registry,
    RegistryMissing,
    RegistryNewer,
    RegistryOutdated,
    schema,
    tables,
)
from greenmfg.registry.engine import make_engine
from greenmfg.registry.opening import open_registry
from greenmfg.settings import Settings


def test_a_home_without_a_registry_says_to_run_init_and_stays_untouched(tmp_path: Path) -> None:
    settings = Settings.from_environment({"GREENMFG_HOME": str(tmp_path)})

    with pytest.raises(RegistryMissing, match="greenmfg init"):
        open_registry(settings)

    assert list(tmp_path.iterdir()) == []


def test_a_new_registry_knows_system_and_steward(registry: Registry) -> None:
    assert registry.account("system").kind == "system"
    assert registry.account("steward").may_file_for("91310151MA00000013")


def test_opening_twice_keeps_what_is_there(registry: Registry, settings: Settings) -> None:
    registry.log("steward", "test.note", "here", {"n": 1}, settings.now())

    with open_registry(settings, create=True) as again:
        assert again.events(subject="here")[0].payload == {"n": 1}


def test_four_that_create_the_registry_at_once_make_one(settings: Settings) -> None:
    errors: list[BaseException] = []

    def create() -> None:
        try:
            open_registry(settings, create=True).close()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=create) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    with open_registry(settings) as registry:
        assert [account.name for account in registry.accounts()] == ["steward", "system"]


def test_a_schema_of_a_newer_program_is_refused_with_advice(
    registry: Registry, settings: Settings
) -> None:
    _set_version(settings, "9999")

    with pytest.raises(RegistryNewer, match="Upgrade greenmfg"):
        open_registry(settings)
    with pytest.raises(RegistryNewer, match="Upgrade greenmfg"):
        open_registry(settings, create=True)


def test_an_older_schema_wants_init(
    registry: Registry, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "REVISIONS", (*schema.REVISIONS, "later"))
    monkeypatch.setattr(schema, "HEAD", "later")

    with pytest.raises(RegistryOutdated, match="greenmfg init"):
        open_registry(settings)


def test_a_registry_of_the_first_schema_is_migrated_and_keeps_its_receipts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.from_environment({"GREENMFG_HOME": str(tmp_path)})
    open_registry(settings, create=True).close()
    with make_engine(settings.registry_url).begin() as connection:
        connection.execute(sa.text("drop table explanation"))
        connection.execute(sa.text("drop table receipt_link"))
        connection.execute(sa.text("drop table agent_grant"))
    _set_version(settings, "0001")
    with pytest.raises(RegistryOutdated, match="greenmfg init"):
        open_registry(settings)

    with open_registry(settings, create=True) as migrated:
        receipt = migrated.receive("steward", "cli", "a.csv", "a" * 64, 1, "a", settings.now())
        assert migrated.explanations([migrated.submission(receipt.number).attempt_id]) == {}


def test_an_agent_of_an_older_registry_keeps_the_firms_of_its_list(tmp_path: Path) -> None:
    settings = Settings.from_environment({"GREENMFG_HOME": str(tmp_path)})
    with open_registry(settings, create=True) as registry:
        registry.ensure_account("park", "agent", now=settings.now())
    with make_engine(settings.registry_url).begin() as connection:
        connection.execute(sa.text("drop table agent_grant"))
        connection.execute(
            sa.text("""update account set enterprises = '["A", "B"]' where name = 'park'""")
        )
    _set_version(settings, "0003")

    with open_registry(settings, create=True) as migrated:
        assert migrated.account("park", settings.now()).enterprises == {"A", "B"}
        migrated.ensure_account("park", "agent", enterprises=["B"], now=settings.now())
        assert migrated.account("park", settings.now()).enterprises == {"B"}


def test_the_packed_migrations_end_where_the_program_says() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)

    revisions = [script.revision for script in scripts.walk_revisions()]
    assert tuple(reversed(revisions)) == schema.REVISIONS
    assert scripts.get_current_head() == schema.HEAD


def test_the_migrated_schema_is_the_one_the_code_declares(
    registry: Registry, settings: Settings, tmp_path: Path
) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with make_engine(settings.registry_url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []


def test_the_migrated_sqlite_schema_has_the_declared_checks_and_keys(tmp_path: Path) -> None:
    settings = Settings.from_environment({"GREENMFG_HOME": str(tmp_path)})
    open_registry(settings, create=True).close()
    declared = sa.create_engine("sqlite://")
    tables.metadata.create_all(declared)

    assert _shape(make_engine(settings.registry_url)) == _shape(declared)


def _shape(engine: sa.Engine) -> dict[str, object]:
    inspector = sa.inspect(engine)
    shape: dict[str, object] = {}
    for table in tables.metadata.tables:
        checks = inspector.get_check_constraints(table)
        shape[table] = (
            [(c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)],
            inspector.get_pk_constraint(table),
            sorted(str(key) for key in inspector.get_foreign_keys(table)),
            sorted((str(c["name"]), c["sqltext"]) for c in checks),
            sorted(str(index) for index in inspector.get_indexes(table)),
            sorted(str(unique) for unique in inspector.get_unique_constraints(table)),
        )
    return shape


def test_opening_a_current_registry_imports_no_alembic_and_no_rows_engine(
    tmp_path: Path,
) -> None:
    settings = Settings.from_environment({"GREENMFG_HOME": str(tmp_path)})
    open_registry(settings, create=True).close()
    program = (
        "import sys\n"
        "from greenmfg.settings import Settings\n"
        "from greenmfg.registry import open_registry\n"
        "open_registry(Settings.from_environment()).counts()\n"
        "heavy = {'alembic', 'sqlalchemy.orm', 'pyarrow', 'duckdb', 'great_expectations'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"GREENMFG_HOME": str(tmp_path), "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "[]"


def _set_version(settings: Settings, version: str) -> None:
    with make_engine(settings.registry_url).begin() as connection:
        connection.execute(sa.text("update alembic_version set version_num = :v"), {"v": version})
