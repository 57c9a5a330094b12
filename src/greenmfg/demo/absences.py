"""What has not been filed, or came late; and an agent's file with one bad row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from greenmfg.contract import Contract
from greenmfg.demo.audits import AUDITS
from greenmfg.demo.flaws import Desk, times
from greenmfg.demo.months import filed, month, year_of
from greenmfg.demo.population import Firm
from greenmfg.demo.reports import ENERGY, OUTPUT
from greenmfg.demo.schedule import first_recent, wave_of
from greenmfg.demo.sheets import Planted, Sheet

# Of the newest month: nine firms, most without either form.
_NEWEST_MISSING = ((OUTPUT, ENERGY),) * 5 + ((ENERGY,),) * 2 + ((OUTPUT,),) * 2

_LATE_DAYS = 41


def plant_absences(desk: Desk) -> Iterator[Planted]:
    """Missing and late months, in the recent files and in the agents'."""
    for forms in _NEWEST_MISSING:
        firm = desk.take()
        for form in forms:
            yield _missing(desk, form, firm, desk.last)
    for back, form in ((1, OUTPUT), (3, ENERGY), (6, OUTPUT), (9, ENERGY)):
        yield _missing(desk, form, desk.take(), desk.last - back)
    for back, form in ((2, OUTPUT), (3, ENERGY), (4, OUTPUT), (5, ENERGY), (7, OUTPUT)):
        yield _late(desk, form, desk.take(), desk.last - back)
    yield from _in_closed_years(desk)


def _missing(desk: Desk, form: str, firm: Firm, when: int) -> Planted:
    desk.plan.remove_rows(form, firm.usccs[-1], filed(when))
    return Planted("missing", form, firm.usccs[-1], filed(when), expected="missing")


def _late(desk: Desk, form: str, firm: Firm, when: int) -> Planted:
    sheet = desk.sheet(form, firm, when)
    sheet.arrives_on = min(desk.today, sheet.arrives_on + timedelta(days=_LATE_DAYS))
    return Planted("late", form, firm.usccs[-1], filed(when), sheet, sheet.rows[0])


def _in_closed_years(desk: Desk) -> Iterator[Planted]:
    """Energy only: the yearly output totals of agents' files are complete."""
    newest = year_of(first_recent(desk.last) - 1) - 1
    for year, number in ((newest, 6), (newest - 1, 4), (newest - 2, 11)):
        firm = desk.take(_since_2020)
        yield _missing(desk, ENERGY, firm, month(year, number))
    yield _in_a_later_wave(desk, month(newest, 9))
    yield from _bad_row_of_an_agent(desk, month(newest, 5))
    yield from _correction_of_an_agent(desk, month(newest - 1, 8))


def _since_2020(firm: Firm) -> bool:
    return firm.in_population(month(2020, 1))


def _in_a_later_wave(desk: Desk, when: int) -> Planted:
    firm = desk.take(_since_2020)
    found = desk.sheet(ENERGY, firm, when)
    rows = desk.plan.remove_rows(ENERGY, firm.usccs[-1], filed(when))
    sheet = Sheet(
        account=found.account,
        stem=f"{found.stem}_补报_{filed(when)}",
        wave=wave_of(when, desk.last) + 1,
        arrives_on=found.arrives_on + timedelta(days=_LATE_DAYS),
        form=ENERGY,
        rows=rows,
        layout=found.layout,
    )
    desk.plan.add(sheet)
    return Planted("late", ENERGY, firm.usccs[-1], filed(when), sheet, rows[0])


def _bad_row_of_an_agent(desk: Desk, when: int) -> Iterator[Planted]:
    """One firm's mistake in a park's file: its month is returned, the others' are not."""
    firm = desk.take(lambda f: _since_2020(f) and not f.files_ytd)
    sheet, row = desk.item_row(firm, "electricity", when)
    mended = _own_file(desk, sheet, firm, when, "退回后更正")
    row["production_use"] = "见附件"
    yield Planted("agent_row", ENERGY, firm.usccs[-1], filed(when), sheet, row, "returned")
    yield Planted("mended", ENERGY, firm.usccs[-1], filed(when), mended, mended.rows[0])


def _correction_of_an_agent(desk: Desk, when: int) -> Iterator[Planted]:
    firm = desk.take(lambda f: _since_2020(f) and not f.files_ytd)
    sheet, row = desk.item_row(firm, "electricity", when)
    later = _own_file(desk, sheet, firm, when, "更正：抄表日不一致")
    used = row["production_use"]
    row["production_use"] = times(used, "0.97")
    row["purchased"] = f"{Decimal(row['purchased']) - Decimal(times(used, '0.03')):f}"
    yield Planted("first_version", ENERGY, firm.usccs[-1], filed(when), sheet, row)
    yield Planted("correction", ENERGY, firm.usccs[-1], filed(when), later, later.rows[0])


def _own_file(desk: Desk, sheet: Sheet, firm: Firm, when: int, note: str) -> Sheet:
    """A small file of the firm itself with its month as it now stands in the agent's."""
    uscc, period = firm.usccs[-1], filed(when)
    rows = [dict(r) for r in sheet.rows if r["uscc"] == uscc and r["period"] == period]
    rows[0]["note"] = note
    own = Sheet(
        account=uscc,
        stem=f"{sheet.stem.split('_')[1]}_{period}_更正",
        wave=sheet.wave,
        arrives_on=sheet.arrives_on + timedelta(days=12),
        form=sheet.form,
        rows=rows,
        layout=firm.layout,
    )
    desk.plan.add(own)
    return own


def forbidden_stage(desk: Desk, contract: Contract, on: date) -> tuple[Sheet, Planted]:
    """A firm that enters its own acceptance, which only the bureau may."""
    audited = {row["uscc"] for s in desk.plan.sheets if s.form == AUDITS for row in s.rows}
    firm = desk.take(lambda f: f.usccs[-1] not in audited)
    stage = desk.codes["stage"].code_of("accepted")
    row = {
        "uscc": firm.usccs[-1],
        "audit_round": str(on.year),
        "stream": desk.codes["stream"].names["voluntary"],
        "stage": stage or "",
        "event_date": on.isoformat(),
        "result": desk.codes["result"].names["passed"],
        "document_no": f"示例文号〔{on.year}〕0号",
    }
    sheet = Sheet(
        *(firm.usccs[-1], f"{contract.title.zh}_{on.year}", 1, desk.today, AUDITS),
        rows=[row],
    )
    planted = Planted("forbidden_stage", AUDITS, firm.usccs[-1], None, sheet, row, "returned")
    return sheet, planted
