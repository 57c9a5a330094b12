"""Audit rounds worth a second look: failed and repeated ones, those of a whole park, and savings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import duckdb

from greenmfg.queries.rows import fetch

Connection = duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class RepeatedRound:
    """One round of a firm that failed an acceptance or has been audited more than once.

    `place`: which of the firm's rounds it is, of `rounds`, by the day they began.
    """

    uscc: str
    current_uscc: str
    name: str
    park: str | None
    audit_round: str
    stream: str | None
    place: int
    rounds: int
    begun_on: date | None
    failed_on: date | None
    accepted_on: date | None
    last_stage_zh: str | None
    last_stage_en: str | None
    last_stage_on: date | None
    counts_toward_target: bool


def repeated_rounds(connection: Connection) -> list[RepeatedRound]:
    """Failed rounds and all rounds of firms with several: firms that failed first, then by firm."""
    return fetch(
        connection,
        RepeatedRound,
        """
        with rounds as (
            select
                *, coalesce(listed_on, started_on, last_stage_on) as begun_on,
                count(*) over (partition by current_uscc) as rounds,
                row_number() over (
                    partition by current_uscc
                    order by coalesce(listed_on, started_on, last_stage_on), audit_round
                ) as place,
                max(failed_on) over (partition by current_uscc) as firm_failed_on
            from marts.cleaner_production_audits
        )

        select
            uscc, coalesce(current_uscc, uscc) as current_uscc, coalesce(name, uscc) as name, park,
            audit_round, stream, place, rounds, begun_on, failed_on, accepted_on,
            last_stage_name_zh as last_stage_zh, last_stage_name_en as last_stage_en,
            last_stage_on, counts_toward_target
        from rounds
        where rounds > 1 or failed_on is not null
        order by firm_failed_on desc nulls last, current_uscc, place
        """,
    )


@dataclass(frozen=True)
class ParkAudit:
    """One audit that covers several enterprises: what one document accepted on one day in one park."""

    audit_key: str
    park: str | None
    audit_round: str
    document_no: str | None
    accepted_on: date | None
    enterprises: int
    names: tuple[str, ...]
    counted: int


def park_audits(connection: Connection) -> list[ParkAudit]:
    """The newest acceptance first. Each enterprise counts for itself, at most once."""
    found = connection.execute(
        """
        select
            audit_key, any_value(park), any_value(audit_round), any_value(document_no),
            max(accepted_on), max(enterprises_in_audit), list(coalesce(name, uscc) order by name),
            count_if(counts_toward_target)
        from marts.cleaner_production_audits
        where enterprises_in_audit > 1
        group by audit_key
        order by max(accepted_on) desc, audit_key
        """
    ).fetchall()
    return [
        ParkAudit(key, park, audit_round, document, accepted_on, enterprises, tuple(names), counted)
        for key, park, audit_round, document, accepted_on, enterprises, names, counted in found
    ]


@dataclass(frozen=True)
class Saving:
    """An accepted round: savings claimed, and what its firm's own monthly reports show.

    tce and t a year; value added and output in 10,000 CNY at 2020 price. The realised saving is
    energy per value added (or output) of the twelve months before, times that of the twelve after,
    less the energy after: negative where more was used. A claim may be the total of an audit of
    several firms (`claimed_basis` audit_total), which stands on each of their rows.
    """

    uscc: str
    name: str
    audit_round: str
    stream: str | None
    accepted_on: date
    claimed_tce: Decimal | None
    claimed_basis: Literal["own", "audit_total"] | None
    declared_tce: Decimal | None
    energy_before_tce: Decimal | None
    energy_after_tce: Decimal | None
    value_added_before: Decimal | None
    value_added_after: Decimal | None
    expected_tce: Decimal | None
    realised_tce: Decimal | None
    realised_by_output_tce: Decimal | None
    before_months: int
    after_months: int
    reason: str | None
    output_reason: str | None
    price_status: str


def savings(connection: Connection) -> list[Saving]:
    """Every accepted round: measured ones by what they claimed, then those that cannot be."""
    return fetch(
        connection,
        Saving,
        """
        select
            saving.uscc, coalesce(audit.name, saving.uscc) as name, saving.audit_round,
            saving.stream, saving.accepted_on, saving.claimed_saving_tce as claimed_tce,
            saving.claimed_saving_basis as claimed_basis,
            saving.actual_saving_tce as declared_tce,
            saving.energy_before_tce, saving.energy_after_tce,
            saving.value_added_before_10k_cny as value_added_before,
            saving.value_added_after_10k_cny as value_added_after,
            saving.expected_energy_tce as expected_tce, saving.realised_saving_tce as realised_tce,
            saving.realised_saving_by_output_tce as realised_by_output_tce,
            saving.before_months, saving.after_months, saving.reason, saving.output_reason,
            saving.price_status
        from marts.audit_savings as saving
        left join marts.cleaner_production_audits as audit
            on saving.uscc = audit.uscc and saving.audit_round = audit.audit_round
        order by
            saving.realised_saving_tce is null, saving.claimed_saving_tce desc nulls last,
            saving.accepted_on desc, saving.uscc
        """,
    )


@dataclass(frozen=True)
class SavingsWindow:
    """Savings of the rounds accepted in one window. `claimed_where_realised_tce`: the claims of
    the very rounds whose realised saving could be measured."""

    month: date
    window_name: Literal["ytd", "rolling_12", "so_far"]
    rounds_accepted: int
    rounds_with_claim: int
    rounds_realised: int
    claimed_tce: Decimal | None
    declared_tce: Decimal | None
    water_t: Decimal | None
    material_t: Decimal | None
    pollutant_t: Decimal | None
    investment_10k_cny: Decimal | None
    claimed_where_realised_tce: Decimal | None
    realised_tce: Decimal | None


def savings_windows(connection: Connection, month: date) -> list[SavingsWindow]:
    """The year to date, the twelve months to a month, and all up to it.

    All so far is the sum of the months: an audit is accepted on one day, so in one of them.
    """
    return fetch(
        connection,
        SavingsWindow,
        """
        select
            month, window_name, rounds_accepted, rounds_with_claim, rounds_realised,
            claimed_saving_tce as claimed_tce, actual_saving_tce as declared_tce,
            water_saving_t as water_t, material_saving_t as material_t,
            pollutant_reduction_t as pollutant_t, investment_10k_cny,
            claimed_where_realised_tce, realised_saving_tce as realised_tce
        from marts.audit_savings_months
        where month = $month and window_name in ('ytd', 'rolling_12')
        union all
        select
            $month, 'so_far', cast(sum(rounds_accepted) as bigint),
            cast(sum(rounds_with_claim) as bigint), cast(sum(rounds_realised) as bigint),
            sum(claimed_saving_tce), sum(actual_saving_tce), sum(water_saving_t),
            sum(material_saving_t), sum(pollutant_reduction_t), sum(investment_10k_cny),
            sum(claimed_where_realised_tce), sum(realised_saving_tce)
        from marts.audit_savings_months
        where month <= $month and window_name = 'month'
        having count(*) > 0
        order by rounds_accepted, window_name desc
        """,
        {"month": month},
    )
