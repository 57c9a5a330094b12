"""The firm's side of a home: its templates, its checks before filing, its filing, its receipts.

Every call names the firm; who that is comes from the session, never from an address. It files by
the one way (`pipeline.receiving`) and checks by the one way (`pipeline.trying`).
"""

from greenmfg.portal.corrections import (
    LONGEST_REASON,
    SHORTEST_REASON,
    Correction,
    CorrectionUnexplained,
)
from greenmfg.portal.deadlines import Deadline
from greenmfg.portal.earlier_reasons import EarlierReason
from greenmfg.portal.effects import Effect, MonthFigures
from greenmfg.portal.months import OwnMonth
from greenmfg.portal.office import Office, UnknownEnterprise, open_office
from greenmfg.portal.slips import Slip, slips_of
from greenmfg.portal.submissions import OwnSubmission
from greenmfg.portal.versions import OwnVersion, RowChange, Step

__all__ = [
    "LONGEST_REASON",
    "SHORTEST_REASON",
    "Correction",
    "CorrectionUnexplained",
    "Deadline",
    "EarlierReason",
    "Effect",
    "MonthFigures",
    "Office",
    "OwnMonth",
    "OwnSubmission",
    "OwnVersion",
    "RowChange",
    "Slip",
    "Step",
    "UnknownEnterprise",
    "open_office",
    "slips_of",
]
