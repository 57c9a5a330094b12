"""The schema's version: found with plain SQL, brought up to date by Alembic.

Alembic costs half a second to import, so only a migration imports it.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from greenmfg.registry.engine import writing
from greenmfg.registry.errors import RegistryMissing, RegistryNewer, RegistryOutdated

# Oldest first; a test compares them with the migrations that are packed.
REVISIONS = ("0001", "0002", "0003", "0004")
HEAD = REVISIONS[-1]
MIGRATIONS = Path(__file__).parent / "migrations"


def require_current(engine: sa.Engine) -> None:
    """Raises unless the registry is there and has this program's schema.

    Raises:
        RegistryMissing, RegistryOutdated, RegistryNewer: each says what to do.
    """
    address = _address(engine)
    file = _sqlite_file(engine)
    # Opening a missing SQLite file would make an empty one.
    if file is not None and not file.is_file():
        raise RegistryMissing(address)
    found = _version(engine)
    if found is None:
        raise RegistryMissing(address)
    if found == HEAD:
        return
    if found in REVISIONS:
        raise RegistryOutdated(found, HEAD)
    raise RegistryNewer(found, HEAD)


def create_or_migrate(engine: sa.Engine) -> None:
    """Makes the registry, or brings an older one up to date; does nothing to a current one.

    Raises:
        RegistryNewer: it was made by a newer program.
    """
    file = _sqlite_file(engine)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        with engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            # Kept in the file; readers then never block the writer, nor the other way round.
            raw.execute("pragma journal_mode = wal")
    found = _version(engine)
    if found == HEAD:
        return
    if found is not None and found not in REVISIONS:
        raise RegistryNewer(found, HEAD)
    _upgrade(engine)


def _upgrade(engine: sa.Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    # One writing transaction: a second process that migrates at the same time waits, and then
    # finds the work done; a migration that breaks leaves the old schema.
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _version(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found = connection.scalar(sa.text("select version_num from alembic_version"))
        return None if found is None else str(found)


def _address(engine: sa.Engine) -> str:
    return engine.url.render_as_string(hide_password=True)


def _sqlite_file(engine: sa.Engine) -> Path | None:
    if engine.url.get_backend_name() != "sqlite" or not engine.url.database:
        return None
    return Path(engine.url.database)
