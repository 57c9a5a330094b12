"""A checked file as the page shows it: no table of the file stays in the browser's session."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import streamlit as st

from front.filing.shelf import SHELF
from greenmfg.pipeline.correcting import has_marks
from greenmfg.pipeline.trying import Trial
from greenmfg.portal import EarlierReason, Office, Slip, slips_of
from greenmfg.records import Finding, ParsedFile, Refusal, Verdict

_LOG = logging.getLogger(__name__)
# What a person can look through; the numbers above the table count all rows.
ROWS_SHOWN = 60
_KEPT, _KEPT_TOGETHER = "checked_file", "checked_files"

Place = tuple[str, int | None, str | None]


class CheckBroke(RuntimeError):
    """The check itself failed, which is ours to mend; it is in the log."""


@dataclass(frozen=True)
class ShownRow:
    """One row of the file: cells as the file has them, by column name; blanks are left out."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class CheckedFile:
    """`rows`: those with findings, then others, in the file's order, `ROWS_SHOWN` at most."""

    name: str
    data: bytes
    sha256: str
    outcome: Verdict | Refusal
    rows: tuple[ShownRow, ...]
    rules_version: str | None
    # Fetches the file marked; None where there is nothing to mark.
    ticket: str | None = None
    earlier: Mapping[Place, EarlierReason] = field(default_factory=dict)
    slips: Mapping[Place, Slip] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[Finding, ...]:
        return self._of("error")

    @property
    def to_explain(self) -> tuple[Finding, ...]:
        """Warnings that no note on their row explains."""
        return tuple(f for f in self._of("warning") if not f.explained_by)

    def _of(self, severity: str) -> tuple[Finding, ...]:
        if isinstance(self.outcome, Refusal):
            return ()
        return tuple(f for f in self.outcome.findings if f.severity == severity)


def checked(office: Office, uscc: str, name: str, data: bytes) -> CheckedFile:
    """Checks the file, once for the same bytes under the same name.

    Raises:
        CheckBroke: our fault.
        UnknownEnterprise: the firm has no account.
    """
    digest = hashlib.sha256(data).hexdigest()
    kept: CheckedFile | None = st.session_state.get(_KEPT)
    if kept is not None and (kept.sha256, kept.name) == (digest, name):
        return _still_on_the_shelf(office, uscc, kept)
    try:
        trial = office.try_file(uscc, name, data)
    except LookupError:
        raise
    except Exception as error:
        _LOG.exception("%s of %s could not be checked", name, uscc)
        raise CheckBroke(name) from error
    found = _with_offers(office, uscc, _checked(name, data, digest, trial), trial)
    st.session_state[_KEPT] = found
    return found


def checked_together(
    office: Office, uscc: str, files: Sequence[tuple[str, bytes]]
) -> tuple[CheckedFile, ...]:
    """Checks files as if they had been filed together, in the order in which to file them; once for
    the same bytes under the same names. The same bytes twice are one file.

    Raises:
        CheckBroke: our fault.
    """
    by_digest: dict[str, tuple[str, bytes]] = {}
    for name, data in files:
        by_digest.setdefault(hashlib.sha256(data).hexdigest(), (name, data))
    key = tuple((digest, name) for digest, (name, _) in by_digest.items())
    kept: tuple[object, tuple[CheckedFile, ...]] | None = st.session_state.get(_KEPT_TOGETHER)
    if kept is not None and kept[0] == key:
        return kept[1]
    given = list(by_digest.items())
    try:
        trials = office.try_files(uscc, [file for _, file in given])
    except LookupError:
        raise
    except Exception as error:
        _LOG.exception("%d files of %s could not be checked", len(given), uscc)
        raise CheckBroke(given[0][1][0]) from error
    found = []
    for position, trial in trials:
        digest, (name, data) = given[position]
        file = _checked(name, data, digest, trial)
        found.append(_with_offers(office, uscc, file, trial))
    st.session_state[_KEPT_TOGETHER] = (key, tuple(found))
    return tuple(found)


def _with_offers(office: Office, uscc: str, file: CheckedFile, trial: Trial) -> CheckedFile:
    """With the reasons remembered for it and the ticket of its marked copy."""
    file = replace(file, earlier=office.earlier_reasons(uscc, trial), slips=slips_of(trial))
    if not has_marks(trial):
        return file
    ticket = SHELF.put(uscc, file.name, file.data, office.settings.now())
    return replace(file, ticket=ticket)


def _still_on_the_shelf(office: Office, uscc: str, file: CheckedFile) -> CheckedFile:
    now = office.settings.now()
    if file.ticket is None or SHELF.fetch(file.ticket, uscc, now) is not None:
        return file
    renewed = replace(file, ticket=SHELF.put(uscc, file.name, file.data, now))
    st.session_state[_KEPT] = renewed
    return renewed


def forget() -> None:
    """Drops what is kept of the last files."""
    st.session_state.pop(_KEPT, None)
    st.session_state.pop(_KEPT_TOGETHER, None)


def _checked(name: str, data: bytes, digest: str, trial: Trial) -> CheckedFile:
    outcome = trial.outcome
    if isinstance(outcome, Refusal) or trial.parsed is None:
        return CheckedFile(name, data, digest, outcome, (), None)
    rows = _rows(trial.parsed, {f.line for f in outcome.findings if f.line is not None})
    light = replace(outcome, checked_rows=None)
    return CheckedFile(name, data, digest, light, rows, trial.rules_version)


def _rows(parsed: ParsedFile, blamed: Iterable[int]) -> tuple[ShownRow, ...]:
    lines: list[int] = parsed.rows["line"].to_pylist()
    wanted = set(blamed)
    positions = [p for p, line in enumerate(lines) if line in wanted]
    positions += [p for p, line in enumerate(lines[:ROWS_SHOWN]) if line not in wanted]
    chosen = sorted(positions[:ROWS_SHOWN])
    names = [n for n in parsed.given.column_names if n not in ("line", "cells", "cut")]
    columns = {n: parsed.given[n].take(chosen).to_pylist() for n in names}
    return tuple(
        ShownRow(
            lines[position],
            {n: str(values[i]) for n, values in columns.items() if values[i] is not None},
        )
        for i, position in enumerate(chosen)
    )
