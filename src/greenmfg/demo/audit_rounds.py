"""Which enterprise goes through which audit round, and how far."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from greenmfg.demo.months import month, month_of
from greenmfg.demo.population import Firm

Stream = Literal["mandatory", "voluntary"]

# First acceptances by year: 34 distinct enterprises from 2021 to 2025 against the plan's 45.
_ACCEPTED_IN = {2021: 5, 2022: 6, 2023: 4, 2024: 8, 2025: 5, 2026: 3}
_PARK_AUDIT = ("崇明工业园区", 4, date(2023, 9, 20))

# Rounds that stand at this stage today, one firm each.
_UNDER_WAY: tuple[tuple[Stream, str], ...] = (
    ("mandatory", "identified"),
    ("mandatory", "listed"),
    ("mandatory", "disclosed"),
    ("mandatory", "started"),
    ("voluntary", "pre_audit"),
    ("mandatory", "audit"),
    ("voluntary", "options"),
    ("mandatory", "feasibility"),
    ("mandatory", "evaluated"),
    ("voluntary", "implementing"),
    ("mandatory", "report_submitted"),
    ("mandatory", "acceptance_applied"),
)

# Stage reached, and days since list publication: past the clock of the next stage.
_OVERDUE = (("listed", 75), ("disclosed", 96), ("evaluated", 421))

# The audits go on among so many of the largest firms.
_AUDITED = 72

_CATEGORIES = ("toxic", "energy_over", "over_limit", "toxic", "other")


@dataclass(frozen=True)
class Round:
    """One round of one firm. Either `accepted_on`, `failed_on` or `stands_since` dates it.

    `stands_since`: the day on which `stops_at` was reached; `listed_on` overrides the anchor.
    """

    firm: Firm
    name: str
    stream: Stream
    category: str | None
    accepted_on: date | None = None
    failed_on: date | None = None
    never_passes: bool = False
    stops_at: str | None = None
    stands_since: date | None = None
    listed_on: date | None = None
    by_agent_of: str | None = None

    def anchor(self, days: Mapping[str, int]) -> date:
        """The day from which `days` count.

        Raises:
            ValueError: the round has no date at all.
        """
        if self.listed_on is not None:
            return self.listed_on
        if self.stands_since is not None and self.stops_at is not None:
            return self.stands_since - timedelta(days=days[self.stops_at])
        judged = self.failed_on or self.accepted_on
        if judged is None:
            raise ValueError(f"the audit round of firm {self.firm.serial} has no date")
        return judged - timedelta(days=days["accepted"])

    def document_no(self, on: date) -> str:
        """A number that says what it is; one decision may cover several firms of a park."""
        number = 900 if self.by_agent_of else self.firm.serial + 1
        return f"示例文号〔{on.year}〕{number}号"


def audit_rounds(firms: Sequence[Firm], today: date, seed: int) -> Iterator[Round]:
    """All rounds, in no order that matters; each firm enters here for one reason."""
    rng = random.Random(f"{seed}:audit-rounds")
    steady = [firm for firm in firms if _is_steady(firm, today)]
    # Larger users come first onto the lists.
    steady = sorted(steady, key=lambda firm: -firm.output_10k_cny)[:_AUDITED]
    rng.shuffle(steady)
    park, size, accepted_on = _PARK_AUDIT
    together = [firm for firm in steady if firm.segments[0].park == park][:size]
    for firm in together:
        name = f"{accepted_on.year}园区"
        yield Round(firm, name, "voluntary", None, accepted_on=accepted_on, by_agent_of=park)
    free = iter([firm for firm in steady if firm not in together])

    recoded = next(firm for firm in firms if len(firm.usccs) > 1)
    yield Round(recoded, "2022", "mandatory", "toxic", accepted_on=date(2022, 9, 15))
    # Under its new code: a re-audit, which adds nothing to the count.
    yield Round(recoded, "2025", "mandatory", "toxic", accepted_on=date(2025, 6, 18))
    yield Round(
        *(next(free), "2023", "mandatory", "over_limit"),
        failed_on=date(2023, 3, 14),
        accepted_on=date(2023, 11, 2),
    )
    failed_on = date(2024, 5, 22)
    yield Round(
        next(free), "2024", "mandatory", "energy_over", failed_on=failed_on, never_passes=True
    )
    yield from _accepted(free)
    yield from _under_way(free, today)


def _is_steady(firm: Firm, today: date) -> bool:
    return (
        len(firm.segments) == 1
        and firm.in_population(month(2020, 1))
        and firm.in_population(month_of(today))
    )


def _accepted(free: Iterator[Firm]) -> Iterator[Round]:
    for year, count in _ACCEPTED_IN.items():
        # The first acceptances need a year and more before them, and the register begins in 2020.
        first = date(year, 6, 10) if year == min(_ACCEPTED_IN) else date(year, 2, 5)
        gap = (date(year, 12, 5) - first) // count
        for position in range(count):
            firm = next(free)
            accepted_on = first + gap * position + timedelta(days=firm.serial % 9)
            mandatory = position % 5 != 3
            category = _CATEGORIES[(position + year) % len(_CATEGORIES)] if mandatory else None
            if year == min(_ACCEPTED_IN) and position < _REPEATED:
                category = "toxic"
                again = date(2025, 9, 3) + timedelta(days=30 * position)
                yield Round(firm, "2025", "mandatory", category, accepted_on=again)
            stream: Stream = "mandatory" if mandatory else "voluntary"
            yield Round(firm, str(year), stream, category, accepted_on=accepted_on)


# Firms with toxic substances repeat within five years: so many of 2021's did in 2025.
_REPEATED = 2


def _under_way(free: Iterator[Firm], today: date) -> Iterator[Round]:
    name = str(today.year)
    for position, (stream, stage) in enumerate(_UNDER_WAY):
        category = _CATEGORIES[position % len(_CATEGORIES)] if stream == "mandatory" else None
        since = today - timedelta(days=10 + 2 * position)
        yield Round(next(free), name, stream, category, stops_at=stage, stands_since=since)
    for stage, days in _OVERDUE:
        listed_on = today - timedelta(days=days)
        yield Round(next(free), name, "mandatory", "toxic", stops_at=stage, listed_on=listed_on)
