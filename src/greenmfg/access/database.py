"""The engine on the registry's database, and the migrations of the account tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, make_url, text

VERSION_TABLE = "alembic_version_access"
HEAD = "access_0003"
_MIGRATIONS = Path(__file__).parent / "migrations"


def engine_of(url: str) -> Engine:
    """An engine on the registry's URL; the folder of a SQLite file is made if it is missing."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": 10})
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("pragma journal_mode=wal")
    cursor.execute("pragma foreign_keys=on")
    cursor.close()


def upgrade(engine: Engine) -> None:
    """Brings the account tables to the newest revision; does nothing when they are there."""
    if _revision(engine) == HEAD:
        return
    # Imported here: most commands find the tables up to date, and Alembic costs 0.2 s.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        run: Callable[..., None] = command.upgrade
        run(config, "head")


def _revision(engine: Engine) -> str | None:
    if not inspect(engine).has_table(VERSION_TABLE):
        return None
    with engine.connect() as connection:
        found = connection.execute(text(f"select version_num from {VERSION_TABLE}")).scalar()
    return None if found is None else str(found)
