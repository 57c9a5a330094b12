"""Great Expectations as the engine that decides, over one in-memory DuckDB.

The judge owns the database in which facts are laid out and one Great Expectations context on it.
Both are kept warm: importing Great Expectations costs seconds, an expectation milliseconds.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from greenmfg.checks.rules import Check
from greenmfg.checks.world import World
from greenmfg.settings import Settings

if TYPE_CHECKING:
    import duckdb

# Whether rows fail is asked first, and of those rules alone that some row fails, which: compiling
# every rule's query for rows that are not there took a tenth of a check.
_WHETHER = {"result_format": "BOOLEAN_ONLY"}
_WHICH = {
    **_WHETHER,
    "unexpected_index_column_names": ["rid"],
    "return_unexpected_index_query": True,
}
_GUARD = -1


class CheckFailed(RuntimeError):
    """The checks could not be carried out: our fault, never the file's."""


@dataclass(frozen=True)
class Failed:
    """A rule that some rows fail, with Great Expectations' own query for them (rid first)."""

    check: Check
    query: str


class _Persisted(str):
    """Looks like a member of Great Expectations' dialect enum."""

    @property
    def value(self) -> str:
        return str(self)


class Judge:
    """Judges relations of its own database, for one caller at a time."""

    def __init__(self, settings: Settings) -> None:
        self._context = _context()
        source = self._context.data_sources.add_sql(
            name="facts", connection_string=f"duckdb:///:memory:greenmfg_{uuid.uuid4().hex}"
        )
        self._source = source
        engine = source.get_execution_engine()
        # DuckDB speaks PostgreSQL's dialect; Great Expectations asks the module for its regex operator.
        engine.dialect_module = SimpleNamespace(dialect=_postgresql())
        # Kept metrics would be those of earlier facts, and more with every run's token.
        engine._caching = False
        self._engine = engine.engine
        connection = engine.engine.raw_connection().driver_connection
        # DDL on Great Expectations' own connection is rolled back behind our back, and a bad file
        # would then pass on the last file's facts: facts are laid out through a connection of ours.
        self.database: duckdb.DuckDBPyConnection = connection.duplicate()
        self.database.execute(f"set memory_limit = '{settings.duckdb_memory}'")
        self.database.execute(f"set temp_directory = '{settings.spill}'")
        self.database.execute(f"set threads = {settings.duckdb_threads}")
        self._batches: dict[str, Any] = {}
        self._laid_out: World | None = None

    def lay_out_once(
        self, world: World, lay_out: Callable[[duckdb.DuckDBPyConnection, World], None]
    ) -> None:
        """Lays out the tables that depend on the world alone, if they are another world's."""
        if self._laid_out is not world:
            self._laid_out = None
            lay_out(self.database, world)
            self._laid_out = world

    def close(self) -> None:
        """Lets go of the in-memory database."""
        self.database.close()
        self._engine.dispose()

    def judge(self, relation: str, checks: Sequence[Check], token: str) -> list[Failed]:
        """Holds all checks against one relation in one Great Expectations run.

        The relation has a unique `rid` and a column `token` that equals `token` in every row:
        a guard expectation on it proves that these are this run's facts.

        Returns: the rules that some row fails.
        Raises:
            CheckFailed: a rule could not be evaluated, or the facts are not this run's.
        """
        wrong = self._run(relation, checks, token, _WHETHER)
        if not wrong:
            return []
        blamed = [checks[number] for number in sorted(wrong)]
        queries = self._run(relation, blamed, token, _WHICH)
        if len(queries) != len(blamed):
            raise CheckFailed(f"{relation}: {len(blamed)} rules failed, then {len(queries)}")
        return [
            Failed(check, queries[number]["unexpected_index_query"].strip().rstrip(";"))
            for number, check in enumerate(blamed)
        ]

    def _run(
        self, relation: str, checks: Sequence[Check], token: str, result_format: dict[str, Any]
    ) -> dict[int, Mapping[str, Any]]:
        """One Great Expectations run. Returns: position of each rule that fails → its result."""
        from great_expectations.core.expectation_suite import ExpectationSuite

        guard = {
            "type": "expect_column_values_to_be_in_set",
            "kwargs": {"column": "token", "value_set": [token]},
            "meta": {"number": _GUARD},
        }
        literal = [
            {**check.expectation, "meta": {"number": number, "id": check.id}}
            for number, check in enumerate(checks)
        ]
        suite = ExpectationSuite(name=relation, expectations=[guard, *literal])
        result = self._batch(relation).validate(suite, result_format=result_format)
        failed: dict[int, Mapping[str, Any]] = {}
        judged: set[int] = set()
        for outcome in result.results:
            number = outcome.expectation_config.meta["number"]
            judged.add(number)
            _must_be_evaluated(outcome, number, checks, relation)
            if outcome.success:
                continue
            if number == _GUARD:
                raise CheckFailed(f"{relation}: the facts are not those of this run")
            failed[number] = outcome.result
        if judged != {_GUARD, *range(len(checks))}:
            raise CheckFailed(
                f"{relation}: {len(checks)} rules went in, {len(judged) - 1} came out"
            )
        return failed

    def _batch(self, relation: str) -> Any:
        if relation not in self._batches:
            asset = self._source.add_table_asset(name=relation, table_name=relation)
            self._batches[relation] = asset.add_batch_definition_whole_table("all")
        return self._batches[relation].get_batch()


def _must_be_evaluated(outcome: Any, number: int, checks: Sequence[Check], relation: str) -> None:
    """Metric exceptions come back as success=False: without this they would pass for data errors."""
    info: Mapping[str, Any] = outcome.exception_info or {}
    details = [info, *(value for value in info.values() if isinstance(value, Mapping))]
    for detail in details:
        if detail.get("raised_exception") or detail.get("exception_traceback"):
            name = "the guard" if number == _GUARD else checks[number].id
            raise CheckFailed(
                f"{relation}: {name} could not be evaluated: {detail.get('exception_message')}"
            )


def _context() -> Any:
    # Set before the import: Great Expectations reads it once.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.execution_engine import sqlalchemy_execution_engine as engine_module

    # Without it Great Expectations opens a new connection per query and loses in-memory tables.
    known = engine_module._PERSISTED_CONNECTION_DIALECTS
    if "duckdb" not in known:
        engine_module._PERSISTED_CONNECTION_DIALECTS = (*known, _Persisted("duckdb"))
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context


def _postgresql() -> Any:
    from sqlalchemy.dialects import postgresql

    return postgresql.dialect
