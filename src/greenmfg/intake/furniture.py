"""What stands around a form's data: titles above, signatures below."""

from __future__ import annotations

import re
from collections.abc import Sequence

from greenmfg.intake.source import Record

# Signatures, telephone and date lines, remarks: more than these stand below no form.
TAIL_ROWS = 40
_FEW_CELLS = 2
_LABEL = re.compile(
    r"[：:]|^(填表人|制表人?|经办人|单位负责人|统计负责人|负责人|审核人|复核人|联系人|联系电话|电话|"
    r"填报日期|报出日期|制表日期|日期|填报单位|单位盖章|盖章|公章|签字|签名|说明|备注|注\b|附注)"
)
_TOTAL = re.compile(
    r"^[（(]?(合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|total\b|sum\b)", re.IGNORECASE
)
# A code in any state of repair: 18 characters, shortened, or turned into 9.13E+17 by Excel.
_CODE_LIKE = re.compile(r"[0-9A-Za-z]{10,}|\d(\.\d+)?[Ee]\+\d+|\d{6,}")


def is_blank(record: Record) -> bool:
    """Whether no cell of the row holds more than spaces."""
    return not any(cell and not cell.isspace() for cell in record)


def text_of(record: Record) -> str:
    """The row's words in one line, to be listed."""
    return " ".join(cell.strip() for cell in record if cell and not cell.isspace())


def signature_rows(tail: Sequence[Record]) -> int:
    """How many of the last rows are not data but signatures, dates and remarks.

    A row that begins with something like an enterprise code, or that is a total, is data
    whatever else it holds: dropping it would hide a mistake.
    """
    candidates = 0
    for record in reversed(tail):
        if not _may_be_signature(_filled(record)):
            break
        candidates += 1
    # The block begins with a labelled row: a lone word above it is somebody's data.
    block = list(tail[len(tail) - candidates :])
    while block and not any(_LABEL.search(cell) for cell in _filled(block[0])):
        block.pop(0)
    return len(block)


def _may_be_signature(cells: list[str]) -> bool:
    if not cells or _CODE_LIKE.fullmatch(cells[0]) or _TOTAL.match(cells[0]):
        return False
    if len(cells) <= _FEW_CELLS:
        return True
    # 单位负责人：… 填表人：… 报出日期：…, each label in a cell of its own or before its value.
    labelled = [bool(_LABEL.search(cell)) for cell in cells]
    return labelled[0] and all(
        own or before for own, before in zip(labelled[1:], labelled[:-1], strict=True)
    )


def _filled(record: Record) -> list[str]:
    return [cell.strip() for cell in record if cell and not cell.isspace()]
