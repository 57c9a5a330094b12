"""Finding the header and, by it, the form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from greenmfg.contract.codes import plain
from greenmfg.contract.forms import Contract, Words
from greenmfg.intake.refusals import Refused
from greenmfg.intake.source import Record, Source
from greenmfg.records import HeaderCell

# Title rows, empty rows and remarks stand above a header; more than these nobody writes.
HEAD_ROWS = 40
# Below this, shared headers (code, month, note) would make a form of any list.
MIN_MATCHED = 3
_SHOWN_HEADERS = 12
_SHOWN_CHARACTERS = 20


@dataclass(frozen=True)
class Match:
    """How one row reads as one form's header.

    `names` holds, per cell, the column it maps to; `matched` counts distinct columns.
    """

    form: str
    names: tuple[str | None, ...]
    matched: int
    required_matched: int
    required: int

    @property
    def is_header(self) -> bool:
        return self.matched >= MIN_MATCHED and 2 * self.required_matched >= self.required

    @property
    def is_whole(self) -> bool:
        return self.required_matched == self.required


@dataclass(frozen=True)
class Located:
    """A header in a source: its line (1-based), the row as given, and its form."""

    source: Source
    line: int
    record: Record
    match: Match

    @property
    def cells(self) -> tuple[HeaderCell, ...]:
        """Every header cell with text, in the sheet's order; duplicates stay visible."""
        return tuple(
            HeaderCell(position, text, name)
            for position, (text, name) in enumerate(
                zip(self.record, self.match.names, strict=True), start=1
            )
            if plain(text)
        )

    @property
    def width(self) -> int:
        """Cells from the sheet's first column to the last header with text."""
        return max(cell.position for cell in self.cells)

    @property
    def position_of(self) -> dict[str, int]:
        """Column name → 0-based position of its first header."""
        positions: dict[str, int] = {}
        for cell in self.cells:
            if cell.name is not None:
                positions.setdefault(cell.name, cell.position - 1)
        return positions


class _Forms:
    """The headers of all contracts, made comparable once."""

    def __init__(self, contracts: Mapping[str, Contract]) -> None:
        self.names: dict[str, dict[str, str]] = {}
        self.required: dict[str, frozenset[str]] = {}
        for form, contract in contracts.items():
            names: dict[str, str] = {}
            for column in contract.columns:
                names.setdefault(plain(column.header), column.name)
            for column in contract.columns:
                for alias in column.aliases:
                    names.setdefault(plain(alias), column.name)
            self.names[form] = names
            self.required[form] = frozenset(c.name for c in contract.columns if c.column_required)

    def matches(self, record: Record) -> list[Match]:
        """The form that the row is the header of, then others that share headers with it.

        Empty if it is no header, or if it could as well be another form's.
        """
        texts = [plain(cell) for cell in record]
        if sum(map(bool, texts)) < MIN_MATCHED:
            return []
        found = []
        for form, names in self.names.items():
            mapped = tuple(names.get(text) if text else None for text in texts)
            distinct = {name for name in mapped if name}
            required = self.required[form]
            match = Match(form, mapped, len(distinct), len(distinct & required), len(required))
            if match.matched >= MIN_MATCHED:
                found.append(match)
        found.sort(key=_rank, reverse=True)
        is_one = len(found) == 1 or (len(found) > 1 and _rank(found[0]) > _rank(found[1]))
        return found if is_one and found[0].is_header else []


def _rank(match: Match) -> tuple[int, bool]:
    return match.matched, match.is_whole


@dataclass(frozen=True)
class _ByIdentity:
    """Contracts are made once a process; hashing them whole costs more than matching a header."""

    contracts: Mapping[str, Contract]

    def __hash__(self) -> int:
        return id(self.contracts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and other.contracts is self.contracts


@lru_cache(maxsize=4)
def _forms(contracts: _ByIdentity) -> _Forms:
    return _Forms(contracts.contracts)


def header_texts(contracts: Mapping[str, Contract]) -> frozenset[str]:
    """Every header and alias of every form, as `plain` compares them."""
    return frozenset(
        text for names in _forms(_ByIdentity(contracts)).names.values() for text in names
    )


def form_of_row(record: Record, contracts: Mapping[str, Contract]) -> str | None:
    """The form that this row is a header of, if it is one."""
    found = _forms(_ByIdentity(contracts)).matches(record)
    return found[0].form if found else None


def locate(
    sources: Sequence[Source], contracts: Mapping[str, Contract], max_columns: int
) -> Located:
    """The one source with a known header.

    A text file has one source per delimiter: the best one is taken. A workbook has one per sheet.

    Raises:
        Refused: no known form, more than one sheet with one, two forms mixed, or too wide.
    """
    found: list[Located] = []
    refused: Refused | None = None
    heads: list[list[Record]] = []
    for source in sources:
        try:
            head = list(islice(source.records(), HEAD_ROWS))
            heads.append(head)
            _refuse_wide(head, max_columns)
            located = _locate_in(source, head, contracts)
        except Refused as failure:
            if source.is_workbook or failure.name == "two_forms":
                raise
            # Read with a delimiter that is not the file's own, quotation marks mean nothing.
            refused = refused or failure
            continue
        if located:
            found.append(located)
    if not found:
        raise refused or _unknown_form(heads, contracts)
    if found[0].source.is_workbook and len(found) > 1:
        raise _two_sheets(found, contracts)
    return max(found, key=lambda located: located.match.matched)


def _locate_in(
    source: Source, head: list[Record], contracts: Mapping[str, Contract]
) -> Located | None:
    forms = _forms(_ByIdentity(contracts))
    best: Located | None = None
    for line, record in enumerate(head, start=1):
        matches = forms.matches(record)
        if not matches:
            continue
        _refuse_side_by_side(line, matches, contracts)
        if best is not None and matches[0].form != best.match.form:
            raise two_forms(contracts, best.match.form, best.line, matches[0].form, line)
        if best is None or matches[0].matched > best.match.matched:
            best = Located(source, line, record, matches[0])
        if matches[0].is_whole:
            break
    return best


def _refuse_wide(head: list[Record], max_columns: int) -> None:
    for record in head:
        if len(record) > max_columns:
            columns = sum(bool(cell.strip()) for cell in record)
            if columns > max_columns:
                raise Refused("too_many_columns", columns=columns, limit=max_columns)


def _refuse_side_by_side(
    line: int, matches: list[Match], contracts: Mapping[str, Contract]
) -> None:
    first = matches[0]
    for second in matches[1:]:
        own = [n for n, other in zip(second.names, first.names, strict=True) if n and not other]
        if first.is_whole and second.is_whole and len(set(own)) >= MIN_MATCHED - 1:
            raise two_forms(contracts, first.form, line, second.form, line)


def two_forms(
    contracts: Mapping[str, Contract], first: str, first_line: int, second: str, second_line: int
) -> Refused:
    """The refusal of a table in which two forms are mixed."""
    return Refused(
        "two_forms",
        first=contracts[first].title,
        first_line=first_line,
        second=contracts[second].title,
        second_line=second_line,
    )


def _two_sheets(found: list[Located], contracts: Mapping[str, Contract]) -> Refused:
    titles = [(located.source.sheet, contracts[located.match.form].title) for located in found]
    return Refused(
        "two_sheets",
        sheets=Words(
            zh="、".join(f"“{sheet}”（{title.zh}）" for sheet, title in titles),
            en=", ".join(f'"{sheet}" ({title.en})' for sheet, title in titles),
        ),
    )


def _unknown_form(heads: list[list[Record]], contracts: Mapping[str, Contract]) -> Refused:
    rows = [[cell for cell in record if cell.strip()] for head in heads for record in head]
    fullest = max(rows, key=len, default=[])
    if not fullest:
        return Refused("empty")
    shown = [_shortened(cell) for cell in fullest[:_SHOWN_HEADERS]]
    more = ["…"] if len(fullest) > _SHOWN_HEADERS else []
    forms = [contract.title for contract in contracts.values() if contract.kind != "reference"]
    return Refused(
        "unknown_form",
        headers=Words(zh=_joined(shown + more, "、"), en=_joined(shown + more, ", ")),
        forms=Words(
            zh="、".join(f"《{title.zh}》" for title in forms),
            en=", ".join(title.en for title in forms),
        ),
    )


def _shortened(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= _SHOWN_CHARACTERS else one_line[:_SHOWN_CHARACTERS] + "…"


def _joined(texts: Iterable[str], separator: str) -> str:
    return separator.join(texts) or "—"
