"""Trace: from a filed row to the figures it moved; where it moved none, why.

The registry says what became of the filing, the release what its rows are part of. The way back,
from a figure to its rows, is `explain`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import duckdb

from greenmfg.contract import Words
from greenmfg.pipeline.workshop import Workshop
from greenmfg.queries import trace_effects
from greenmfg.queries.explain import plain
from greenmfg.queries.rows import fetch
from greenmfg.queries.trace_effects import TracedEffect
from greenmfg.queries.trace_figures import Conversion, TracedFigure, conversion_of, figures_of
from greenmfg.records import FilingState, SubmissionState
from greenmfg.registry import Filing, Submission

# A ratio holds the row; only the sums of all that was filed do; figures of no ratio do; nothing does.
Moved = Literal["ratio", "filed_sums", "figures", "nothing"]

_MONTHLY = ("energy_monthly", "output_monthly")
_UNMATCHED = {
    "output_missing": Words("该月没有生效的产值报表", "no output report of the month is in force"),
    "energy_missing": Words("该月没有生效的能源报表", "no energy report of the month is in force"),
    "interval_differs": Words(
        "能源与产值报表覆盖的月份不同", "the energy and the output report cover different months"
    ),
    "value_added_missing": Words("无法得出增加值", "the output report gives no value added"),
}


class UnknownLine(LookupError):
    """The submission has no such line with data."""


@dataclass(frozen=True)
class TracedRow:
    """One line of the file: what became of it, and the figures it is part of. `why` says why it
    moved nothing, or no ratio; None where it moved all it can."""

    line: int
    filing: Filing | None
    conversion: Conversion | None
    moved: Moved
    why: Words | None
    figures: tuple[TracedFigure, ...]
    effects: tuple[TracedEffect, ...] = ()


@dataclass(frozen=True)
class Trace:
    """One submission's rows in the order of the file. `why` says why there are none."""

    submission: Submission
    release: str | None
    why: Words | None
    rows: tuple[TracedRow, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "receipt": self.submission.receipt,
            "file": self.submission.file_name,
            "form": self.submission.form,
            "state": str(self.submission.state),
            "release": self.release,
            "why": _words_json(self.why),
            "rows": [_row_json(row) for row in self.rows],
        }


@dataclass(frozen=True)
class _Place:
    """Where a line's data lie: the subject and month of the filing that they belong to."""

    line: int
    subject: str
    period: date | None


def trace(
    shop: Workshop,
    release: tuple[str, duckdb.DuckDBPyConnection] | None,
    receipt: str,
    line: int | None = None,
    every_window: bool = False,
) -> Trace:
    """Follows the rows of one submission, or one line of it, into a release (None: none yet).

    Shows the figures of windows that end in the row's month; `every_window` also those of later
    months whose year to date or last twelve months hold it.

    Raises:
        UnknownSubmission: there is no such receipt.
        UnknownLine: the file has no such line with data.
    """
    submission = shop.registry.submission(receipt)
    filings = _filings_that_count(shop, receipt)
    places = _places(shop, filings)
    lost = (
        {}
        if submission.state != SubmissionState.CHECKED
        else _lines_without_filing(shop, receipt, {place.line for place in places})
    )
    lines = sorted({*(place.line for place in places), *lost})
    if line is not None and line not in lines and submission.state == SubmissionState.CHECKED:
        raise UnknownLine(
            f"{receipt} 第 {line} 行没有数据 · line {line} has no data;"
            f" 有数据的行 · lines with data: {_spans(lines)}"
        )
    rows = [
        _followed(shop, release, filings[place.subject, place.period], place, every_window)
        for place in places
        if line in (None, place.line)
    ]
    rows += [
        TracedRow(number, None, None, "nothing", why, ())
        for number, why in lost.items()
        if line in (None, number)
    ]
    return Trace(
        submission,
        release[0] if release else None,
        _why_no_rows(submission),
        tuple(sorted(rows, key=lambda row: row.line)),
    )


def _filings_that_count(shop: Workshop, receipt: str) -> dict[tuple[str, date | None], Filing]:
    """Of each subject and month the filing in force, or else the newest: bytes sent again are
    checked again, as new filings under the same receipt."""
    chosen: dict[tuple[str, date | None], Filing] = {}
    for filing in shop.registry.filings(receipt=receipt):
        before = chosen.get((filing.subject, filing.period))
        if before is None or before.state != FilingState.ACCEPTED:
            chosen[filing.subject, filing.period] = filing
    return chosen


def _places(shop: Workshop, filings: dict[tuple[str, date | None], Filing]) -> list[_Place]:
    places: dict[int, _Place] = {}
    files = {f.rows_path: f for f in filings.values() if f.rows_path is not None}
    with duckdb.connect() as connection:
        for path in files:
            for place in fetch(
                connection,
                _Place,
                "select line, subject, filing_period as period from read_parquet($path)",
                {"path": str(shop.settings.rows / str(path))},
            ):
                filing = filings.get((place.subject, place.period))
                if filing is not None and filing.rows_path == path:
                    places[place.line] = place
    return [places[number] for number in sorted(places)]


def _lines_without_filing(shop: Workshop, receipt: str, filed: set[int]) -> dict[int, Words]:
    """Lines whose subject or month could not be read, with the first finding that says why."""
    found: dict[int, Words] = {}
    for finding in shop.registry.findings(receipt=receipt):
        if finding.line is not None and finding.line not in filed and finding.severity == "error":
            found.setdefault(
                finding.line,
                Words(
                    f"不属于任何填报：{finding.id} {finding.message.zh}",
                    f"belongs to no filing: {finding.id} {finding.message.en}",
                ),
            )
    return found


def _why_no_rows(submission: Submission) -> Words | None:
    match submission.state:
        case SubmissionState.RECEIVED:
            return Words("尚未核验", "not checked yet")
        case SubmissionState.CHECK_FAILED:
            return Words(
                "核验程序出错，将自动重试", "the check itself failed and will be tried again"
            )
        case SubmissionState.UNREADABLE if submission.refusal is not None:
            refusal = submission.refusal.message
            return Words(f"文件不能读作报表：{refusal.zh}", f"not readable as a form: {refusal.en}")
        case _:
            return None


def _followed(
    shop: Workshop,
    release: tuple[str, duckdb.DuckDBPyConnection] | None,
    filing: Filing,
    place: _Place,
    every_window: bool,
) -> TracedRow:
    def nothing(why: Words, conversion: Conversion | None = None) -> TracedRow:
        return TracedRow(place.line, filing, conversion, "nothing", why, ())

    if filing.state != FilingState.ACCEPTED:
        return nothing(_why_not_in_force(shop, filing))
    if filing.form not in (*_MONTHLY, *trace_effects.FORMS):
        return nothing(
            Words(
                "已生效；这类表是参考值：每个数字用了哪一行，见 explain",
                "in force; this table holds reference values: which of its rows a figure used is"
                " what `explain` says",
            )
        )
    if release is None:
        return nothing(Words("已生效，尚未发布", "in force, nothing has been published yet"))
    if filing.form not in _MONTHLY:
        effects, reason = trace_effects.effects_of(release[1], filing, place.line)
        moves: Moved = "figures" if effects else "nothing"
        return TracedRow(place.line, filing, None, moves, reason, (), effects)
    conversion = conversion_of(release[1], filing, place.line)
    if conversion is None:
        return nothing(
            Words(
                "已生效，在当前发布版本之后 · 下次发布时计入",
                "in force since the current release was made: the next one will hold it",
            )
        )
    if conversion.counted is False:
        return nothing(
            Words(
                "其中项：已包含在总项内，不再相加",
                "part of a whole (其中): counted there, never added",
            ),
            conversion,
        )
    figures = figures_of(release[1], filing, conversion, every_window)
    why = _why_not_all(conversion)
    moved: Moved = "ratio" if conversion.matched else "filed_sums"
    return TracedRow(place.line, filing, conversion, moved, why, figures)


def _why_not_in_force(shop: Workshop, filing: Filing) -> Words:
    match filing.state:
        case FilingState.SUPERSEDED if filing.superseded_by is not None:
            newer = shop.registry.filing(filing.superseded_by)
            place = f"{newer.receipt} {newer.file_name}"
            return Words(
                f"已被第 {newer.version} 版替代（{place}）",
                f"superseded by version {newer.version} ({place})",
            )
        case FilingState.AWAITING_REVIEW:
            return Words("等待数据管理员审核", "waits for a steward's review")
        case FilingState.RETURNED | FilingState.WITHDRAWN:
            zh, en = (
                ("已退回", "returned")
                if filing.state == FilingState.RETURNED
                else ("已撤回", "withdrawn")
            )
            reasons = [review.reason for review in shop.registry.reviews(filing.id)][-1:]
            errors = [
                finding
                for finding in shop.registry.findings(filing=filing.id)
                if finding.severity == "error"
            ]
            return Words(
                "：".join([zh, "；".join([*reasons, *(f"{e.id} {e.message.zh}" for e in errors)])]),
                ": ".join([en, "; ".join([*reasons, *(f"{e.id} {e.message.en}" for e in errors)])]),
            )
        case _:
            return Words("未生效", "not in force")


def _why_not_all(conversion: Conversion) -> Words | None:
    if not conversion.matched:
        why = _UNMATCHED.get(
            str(conversion.unmatched_reason),
            Words(str(conversion.unmatched_reason), str(conversion.unmatched_reason)),
        )
        return Words(
            f"只计入已报合计，不计入强度：{why.zh}",
            f"in the sums of what was filed, in no intensity: {why.en}",
        )
    if not conversion.in_population:
        return Words(
            "企业当月不在统计范围内：只计入本企业",
            "the firm is not in that month's population: its own figures only",
        )
    return None


def _spans(lines: list[int]) -> str:
    """`2–5, 8`; `—` where there are none."""
    spans: list[list[int]] = []
    for number in lines:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(f"{a}–{b}" if a < b else f"{a}" for a, b in spans) or "—"


def _words_json(words: Words | None) -> dict[str, str] | None:
    return None if words is None else {"zh": words.zh, "en": words.en}


def _row_json(row: TracedRow) -> dict[str, Any]:
    filing, made = row.filing, row.conversion
    return {
        "line": row.line,
        "form": filing.form if filing else None,
        "enterprise": filing.subject if filing else None,
        "period": f"{filing.period:%Y-%m}" if filing and filing.period else None,
        "filing": filing.id if filing else None,
        "version": filing.version if filing else None,
        "state": str(filing.state) if filing else None,
        "superseded_by": filing.superseded_by if filing else None,
        "moved": row.moved,
        "why": _words_json(row.why),
        "energy_item": made.energy_item if made else None,
        "quantity": plain(made.quantity) if made else None,
        "coefficient": plain(made.coefficient_tce) if made else None,
        "coefficient_basis": made.coefficient_basis if made else None,
        "coefficient_edition": made.coefficient_edition if made else None,
        "tce": plain(made.energy_tce) if made else None,
        "value_added_10k_cny": plain(made.value_added_10k_cny) if made else None,
        "value_added_basis": made.value_added_basis if made else None,
        "deflator_index_2020_100": plain(made.deflator_index_2020_100) if made else None,
        "figures": [_figure_json(figure) for figure in row.figures],
        "effects": [trace_effects.effect_json(effect) for effect in row.effects],
    }


def _figure_json(figure: TracedFigure) -> dict[str, Any]:
    intensity = figure.intensity
    return {
        "grouping": figure.grouping,
        "group": figure.group_key,
        "name_zh": figure.group_name_zh,
        "name_en": figure.group_name_en,
        "period": f"{figure.month:%Y-%m}",
        "window": figure.window,
        "status": figure.status,
        "reason": figure.reason,
        "intensity_tce_per_10k_cny": None if intensity is None else f"{intensity:.10f}",
        "energy_tce": plain(figure.energy_tce),
        "energy_filed_tce": plain(figure.energy_filed_tce),
        "value_added_constant_10k_cny": plain(figure.value_added_constant_10k_cny),
        "value_added_filed_10k_cny": plain(figure.value_added_filed_10k_cny),
        "provisional": figure.provisional,
        "share": None if figure.share is None else f"{figure.share:.10f}",
    }
