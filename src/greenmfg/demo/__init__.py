"""The demonstration district: a deterministic simulator that writes files as firms write them.

Every enterprise is fictitious (示例…, 模拟数据). The room imports `contract` alone and nothing
else of the package depends on it: its files enter by the inbox like anyone's.
"""

from greenmfg.demo.district import write_district
from greenmfg.demo.manifest import DemoAccount, DemoFile, DemoFlaw, DemoManifest, read_manifest

__all__ = [
    "DemoAccount",
    "DemoFile",
    "DemoFlaw",
    "DemoManifest",
    "read_manifest",
    "write_district",
]
