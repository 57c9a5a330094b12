"""Files of several firms that are checked at the same moment share a run, and nobody notices."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from homes import FOOD, POTS, SAMPLES, SHIPS, form_csv, settings_of

from greenmfg.checks import Candidate, Checker, CheckFailed, World, no_history
from greenmfg.pipeline import together
from greenmfg.pipeline.together import CheckingTogether
from greenmfg.pipeline.trying import Check, Trial, try_file
from greenmfg.pipeline.workshop import contracts_of
from greenmfg.records import Account, Explanation, ReferenceRows, Verdict
from greenmfg.settings import Settings

OTHERS = ("91310151MA0000005X", "91310151MA00000063", "91310151MA00000071")
MONTH = {
    "period": "202610", "energy_item": "电力", "unit": "万千瓦时", "purchased": 103,
    "purchase_cost_1k_cny": 721, "production_use": 100.5, "non_production_use": 2.5,
}  # fmt: skip
DIESEL = {
    **MONTH, "energy_item": "柴油", "unit": "吨", "purchased": 9, "purchase_cost_1k_cny": 68.4,
    "production_use": 8, "non_production_use": None, "opening_stock": 1.5, "closing_stock": 2.5,
}  # fmt: skip

# Firm, file name, bytes, and what the firm says to its warnings.
Ask = tuple[str, str, bytes] | tuple[str, str, bytes, Explanation]


@dataclass
class Counter:
    """Where several ask at once: the first run begins when all others wait behind it."""

    settings: Settings
    world: World
    runs: list[list[str]] = field(default_factory=list)
    breaks_on: str | None = None

    def __post_init__(self) -> None:
        self.together = CheckingTogether(self.settings, contracts_of(self.settings))

    def at_once(self, asks: Sequence[Ask]) -> list[Trial]:
        """What each is told; the first one's run is held up until all others wait."""
        check = Checker.check
        out: list[Trial | Exception | None] = [None] * len(asks)
        begun, all_wait = threading.Event(), threading.Event()

        def counted(
            checker: Checker, batch: Sequence[Candidate], world: World
        ) -> dict[str, Verdict]:
            begun.set()
            all_wait.wait(60)
            self.runs.append([next(iter(c.account.enterprises)) for c in batch])
            if self.breaks_on in self.runs[-1]:
                raise CheckFailed("a rule could not be evaluated")
            return check(checker, batch, world)

        def asked(position: int) -> None:
            try:
                out[position] = self.ask(asks[position])
            except CheckFailed as error:
                out[position] = error

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Checker, "check", counted)
            threads = []
            for position in range(len(asks)):
                threads.append(threading.Thread(target=asked, args=(position,)))
                threads[-1].start()
                # In their order: the first has its turn at once, the others wait.
                begun.wait(60)
                self._until(lambda waiting=position: len(self.together._waiting) == waiting)
            all_wait.set()
            for thread in threads:
                thread.join(60)
        return [one for one in out if one is not None]  # type: ignore[misc]

    def ask(self, ask: Ask) -> Trial:
        return self._tried(ask, self.together.check)

    def alone(self, ask: Ask) -> Trial:
        return self._tried(ask, None)

    def _tried(self, ask: Ask, check: Check | None) -> Trial:
        uscc, name, data, *reasons = ask
        return try_file(
            self.settings,
            contracts_of(self.settings),
            self.world,
            account_of(uscc),
            name,
            data,
            tuple(reasons),
            check,
        )

    @staticmethod
    def _until(true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not true():
            assert time.monotonic() < deadline
            time.sleep(0.005)


def account_of(uscc: str) -> Account:
    return Account(uscc, "firm", frozenset([uscc]))


@pytest.fixture
def counter(
    tmp_path_factory: pytest.TempPathFactory, reference_tables: Mapping[str, ReferenceRows]
) -> Counter:
    settings = settings_of(tmp_path_factory.mktemp("together"))
    world = World(settings.today(), reference_tables, None, no_history, register_known=False)
    return Counter(settings, world)


def month_of(counter: Counter, uscc: str, *rows: Mapping[str, object]) -> bytes:
    contract = contracts_of(counter.settings)["energy_monthly"]
    return form_csv(contract, [{"uscc": uscc, **row} for row in rows])


def test_whoever_waits_shares_the_next_run_and_each_is_told_what_is_said_to_it_alone(
    counter: Counter,
) -> None:
    one, two, three = OTHERS
    asks: list[Ask] = [
        (SHIPS, "坏.csv", (SAMPLES / "energy_many_errors.csv").read_bytes()),
        (POTS, "好.csv", month_of(counter, POTS, MONTH, DIESEL)),
        (FOOD, "别人的.csv", month_of(counter, one, MONTH)),
        (two, "没有期初.csv", month_of(counter, two, {**DIESEL, "opening_stock": None})),
        (three, "产值.xlsx", (SAMPLES / "output_good.xlsx").read_bytes()),
        (SHIPS, "图.csv", (SAMPLES / "a_picture.csv").read_bytes()),
    ]
    # What is no form at all needs no run: it is refused while the others wait.
    told = counter.at_once(asks[:-1])
    assert counter.runs == [[SHIPS], [POTS, FOOD, two, three]]
    told.append(counter.ask(asks[-1]))
    assert [t.as_json() for t in told] == [counter.alone(a).as_json() for a in asks]
    assert len({t.has_errors for t in told}) == 2


def test_two_files_about_one_firm_never_share_a_run(counter: Counter) -> None:
    # Filed together, September's stock would be October's past; checked, it is only looked at.
    september = month_of(counter, POTS, {**DIESEL, "period": "202609", "closing_stock": 9})
    october = month_of(counter, POTS, DIESEL)
    asks = [(SHIPS, "a.csv", month_of(counter, SHIPS, MONTH)), (POTS, "九月.csv", september),
            (POTS, "十月.csv", october), (FOOD, "b.csv", month_of(counter, FOOD, MONTH))]  # fmt: skip
    told = counter.at_once(asks)
    assert counter.runs == [[SHIPS], [POTS, FOOD], [POTS]]
    assert [t.as_json() for t in told] == [counter.alone(a).as_json() for a in asks]


def test_a_file_that_breaks_the_check_breaks_nobody_elses(counter: Counter) -> None:
    counter.breaks_on = FOOD
    asks = [(uscc, "a.csv", month_of(counter, uscc, MONTH)) for uscc in (SHIPS, POTS, FOOD)]
    ships, pots, food = counter.at_once(asks)
    assert isinstance(food, CheckFailed)
    assert [t.as_json() for t in (ships, pots)] == [counter.alone(a).as_json() for a in asks[:2]]
    assert counter.runs == [[SHIPS], [POTS, FOOD], [POTS], [FOOD]]


def test_a_long_file_is_taken_along_by_nobody(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "MOST_ROWS", 3)
    rows = {SHIPS: [MONTH], POTS: [MONTH], FOOD: [MONTH, DIESEL] * 2, OTHERS[0]: [MONTH]}
    asks = [(uscc, "a.csv", month_of(counter, uscc, *own)) for uscc, own in rows.items()]
    counter.at_once(asks)
    assert counter.runs == [[SHIPS], [POTS, OTHERS[0]], [FOOD]]


def test_a_reason_explains_a_warning_of_its_own_file_alone(counter: Counter) -> None:
    odd = {**DIESEL, "purchase_cost_1k_cny": 500}
    silent = [(uscc, "a.csv", month_of(counter, uscc, odd)) for uscc in (SHIPS, POTS, FOOD)]
    finding = counter.alone(silent[1]).outcome.findings[0]
    reason = Explanation(finding.id, finding.line, finding.column, "当月含上年结算差额")
    asks: list[Ask] = [silent[0], (*silent[1], reason), silent[2]]
    told = counter.at_once(asks)
    assert counter.runs == [[SHIPS], [POTS, FOOD]]
    said = [[finding.explained_by for finding in trial.outcome.findings] for trial in told]
    assert said == [[None], [reason.reason], [None]]
