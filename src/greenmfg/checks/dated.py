"""Dated reference tables: what every row with a validity is held against, whatever table it is of.

Features only; `expectations/checks/03_reference.yml` says what they must be.
"""

from __future__ import annotations

from greenmfg.contract import Contract

_VALIDITY = {"valid_from", "valid_to"}
_UNITS = ("form_unit", "unit")


def is_dated(contract: Contract) -> bool:
    """Whether rows of the table hold from a day to a day, and newer ones take their place."""
    return (
        contract.kind == "reference"
        and contract.by_name.keys() >= _VALIDITY
        and "valid_from" in contract.key
    )


def features(contract: Contract) -> dict[str, str]:
    """Features of the row alone."""
    if not is_dated(contract):
        return {}
    return {"days_backwards": "date_diff('day', filed.valid_to, filed.valid_from)"}


def history_features(contract: Contract) -> dict[str, str]:
    """Features that look at the rows in force, and at the other rows of the file.

    A row without an end is closed by the next one of its key, so only stated ends overlap.
    `unit_then` is the unit in which its key has been given so far; `known_keys` counts rows of the
    key, and is null while the table is empty and in a delivered table, whose new keys come with
    the software that reads them.
    """
    if not is_dated(contract):
        return {}
    found = {
        "later_from": "after.later_from",
        "earlier_to": "before.earlier_to",
        "days_into_the_later": (
            "case when filed.valid_to >= after.later_from"
            " then date_diff('day', after.later_from, filed.valid_to) + 1 end"
        ),
        "days_into_the_earlier": (
            "case when before.earlier_to >= filed.valid_from"
            " then date_diff('day', filed.valid_from, before.earlier_to) + 1 end"
        ),
        "known_keys": (
            "case when filed.account_kind <> 'system' and exists (select 1 from history as any_row where any_row.seq < filed.seq"
            " and filed.seq <= any_row.seq_next) then coalesce(before.known_keys, 0) end"
        ),
    }
    unit = _unit(contract)
    if unit is not None:
        found["unit_then"] = f"case when before.unit_then <> filed.{unit} then before.unit_then end"
    return found


def history_source(contract: Contract) -> str:
    """The joins that `history_features` read. A row that the same file files anew is not of the past."""
    if not is_dated(contract):
        return ""
    unit = _unit(contract)
    unit_then = f"max_by(earlier.{unit}, earlier.valid_from)" if unit else "null"
    return f"""
      left join (
        select entry.rid, min(later.valid_from) as later_from
        from facts as entry inner join history as later
          on {_same(contract, "later", "entry")} and later.valid_from > entry.valid_from
          and later.seq <= entry.seq and entry.seq <= later.seq_next
        where {_not_filed_anew(contract, "later")}
        group by entry.rid
      ) as after on after.rid = filed.rid
      left join (
        select entry.rid, count(*) as known_keys, {unit_then} as unit_then,
          max(earlier.valid_to) filter (where earlier.valid_from < entry.valid_from
            and {_not_filed_anew(contract, "earlier")}) as earlier_to
        from facts as entry inner join history as earlier
          on {_same(contract, "earlier", "entry")}
          and earlier.seq < entry.seq and entry.seq <= earlier.seq_next
        group by entry.rid
      ) as before on before.rid = filed.rid
    """


def _same(contract: Contract, one: str, other: str) -> str:
    names = [name for name in contract.key if name != "valid_from"]
    return " and ".join(f"{one}.{name} = {other}.{name}" for name in names)


def _not_filed_anew(contract: Contract, row: str) -> str:
    return (
        f"({row}.seq = entry.seq or not exists (select 1 from facts as anew"
        f" where anew.seq = entry.seq and {_same(contract, 'anew', row)}"
        f" and anew.valid_from is not distinct from {row}.valid_from))"
    )


def _unit(contract: Contract) -> str | None:
    return next((name for name in _UNITS if name in contract.by_name), None)
