"""The column types the registry adds to SQLAlchemy's own."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An instant, aware and in UTC on the Python side; `timestamptz` where the database has it.

    SQLite keeps text without a zone, so UTC is written there and put back on reading.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; the registry stores instants in UTC")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class FreeText(sa.types.TypeDecorator[str]):
    """Text that comes from files, file names and error messages, made storable.

    PostgreSQL refuses U+0000 and both databases refuse lone surrogates (a file name in another
    encoding): one such cell must not keep a whole run from being written. Both stay visible.
    """

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: sa.Dialect) -> str | None:
        return None if value is None else storable(value)


def storable(text: str) -> str:
    """The text as `FreeText` stores it."""
    return text.replace("\0", "␀").encode("utf-8", "backslashreplace").decode()
