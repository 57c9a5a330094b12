"""Code lists: which spellings a form takes for which code, from the reference tables in force."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# One reference table in force: rows as column → text, nulls as None.
ReferenceRows = tuple[Mapping[str, str | None], ...]


def plain(text: str) -> str:
    """The text without width, spaces, line breaks or case: what spellings are compared by."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


@dataclass(frozen=True)
class CodeList:
    """`names`: code → the form's word for it. `spellings`: plain(spelling) → code."""

    name: str
    names: Mapping[str, str]
    spellings: Mapping[str, str]

    def code_of(self, text: str) -> str | None:
        """The code that a spelling stands for, or None if the list does not know it."""
        return self.spellings.get(plain(text))


@dataclass(frozen=True)
class CodeLists:
    """Every list that a contract's `code …` column can name.

    `unit` holds the form's unit names under themselves (`万千瓦时`): whether a unit is the
    item's own is a check, not a spelling.
    """

    lists: Mapping[str, CodeList]

    def __getitem__(self, name: str) -> CodeList:
        return self.lists[name]

    @classmethod
    def of(cls, tables: Mapping[str, ReferenceRows]) -> CodeLists:
        """Builds all lists from reference tables (table name → rows of column → text)."""
        items = [r for r in tables["energy_coefficients"] if r["reportable"] == "1"]
        stages = tables["audit_stages"]
        industries = [r for r in tables["industry_codes"] if r["is_industry"] == "1"]
        lists = [
            _list("energy_item", ((r["item_code"], r["form_name_zh"], _item(r)) for r in items)),
            _list(
                "unit", ((r["form_unit"], r["form_unit"], _split(r["unit_aliases"])) for r in items)
            ),
            _list(
                "stage", ((r["form_stage"], r["form_stage"], _split(r["stage"])) for r in stages)
            ),
            _list("industry", ((r["code"], r["name_zh"], ()) for r in industries)),
            _list("cluster", ((r["cluster"], r["cluster"], ()) for r in tables["clusters"])),
            _list("park", ((r["park"], r["park"], ()) for r in tables["parks"])),
            _list("town", ((r["code"], r["name_zh"], ()) for r in tables["towns"])),
            _list("land_zone", ((r["zone"], r["name_zh"], ()) for r in tables["land_zones"])),
        ]
        for name in dict.fromkeys(r["list"] for r in tables["code_lists"]):
            rows = [r for r in tables["code_lists"] if r["list"] == name]
            lists.append(
                _list(str(name), ((r["code"], r["name_zh"], _split(r["aliases_zh"])) for r in rows))
            )
        return cls({entry.name: entry for entry in lists})


def _list(name: str, entries: Iterable[tuple[str | None, str | None, Iterable[str]]]) -> CodeList:
    names: dict[str, str] = {}
    spellings: dict[str, str] = {}
    for code, word, aliases in entries:
        if code is None:
            continue  # land zone "not stated" is a blank cell, not a code
        names.setdefault(code, word or code)
        for spelling in (code, word or code, *aliases):
            spellings.setdefault(plain(spelling), code)
    return CodeList(name, names, spellings)


def _item(row: Mapping[str, str | None]) -> tuple[str, ...]:
    nbs = row["nbs205_1_code"] if row["nbs_code_is_unique"] == "1" else None
    full = row["name_zh"]
    return tuple(s for s in (full, nbs, *_split(row["aliases_zh"])) if s)


def _split(text: str | None) -> tuple[str, ...]:
    return tuple(part for part in (text or "").split(";") if part)
