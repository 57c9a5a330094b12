"""Codes and names of enterprises that do not exist, and cannot be taken for ones that do."""

from __future__ import annotations

# GB 32100: the alphabet leaves out I, O, S, V, Z; weights are powers of three modulo 31.
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, position, 31) for position in range(17))

# GB 11714: the organisation code inside (characters 9–17) has a check character of its own.
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

# Where firms are registered says nothing about where they are: these digits vary on purpose.
_REGISTERED_IN = (
    *("310151",) * 11,
    *("310230",) * 4,
    *("310115", "310000", "310113", "320681", "320684", "330200", "440300"),
)

_SOLAR_TERMS = (
    *("立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至", "小暑"),
    *("大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至"),
    *("小寒", "大寒"),
)

_TRADES = {
    "13": ("果蔬加工", "水产加工", "粮油加工"),
    "14": ("食品", "糕点食品"),
    "15": ("米酒酿造", "饮料"),
    "17": ("纺织", "针织"),
    "18": ("服饰",),
    "20": ("木制品",),
    "21": ("家具",),
    "22": ("纸制品",),
    "23": ("包装印刷",),
    "24": ("工艺品",),
    "26": ("涂料", "精细化工"),
    "27": ("生物医药",),
    "29": ("塑料制品", "橡胶制品"),
    "30": ("建材", "玻璃制品"),
    "31": ("金属压延",),
    "33": ("厨具制造", "日用金属制品"),
    "34": ("泵阀制造", "通用机械", "起重设备"),
    "35": ("专用设备", "成套设备"),
    "36": ("汽车零部件", "汽车饰件", "汽车电器"),
    "37": ("船舶配套", "船用设备", "船舶内装"),
    "38": ("电器制造", "电机制造"),
    "39": ("电子设备", "通信器件"),
    "40": ("仪器仪表",),
    "42": ("资源再生",),
    "43": ("船舶修理",),
    "44": ("供热服务",),
    "46": ("供水服务",),
}
# What the same industry does in this cluster.
_TRADES_OF_CLUSTER = {
    ("海洋装备", "33"): ("船用钢结构",),
    ("海洋装备", "34"): ("甲板机械", "港口机械"),
    ("海洋装备", "35"): ("海洋工程装备",),
    ("海洋装备", "38"): ("船用电器",),
    ("其他", "33"): ("钢结构", "金属制品"),
}


def check_character(first_17: str) -> str:
    """The 18th character of a unified social credit code (GB 32100).

    Raises:
        ValueError: a character outside the standard's alphabet, or not 17 of them.
    """
    if len(first_17) != len(_WEIGHTS):
        raise ValueError(f"{first_17!r}: 17 characters are expected before the check character")
    total = sum(_ALPHABET.index(c) * w for c, w in zip(first_17, _WEIGHTS, strict=True))
    return _ALPHABET[(31 - total % 31) % 31]


def uscc(serial: int) -> str:
    """A code with a right check character that no real enterprise can carry.

    The organisation code inside has a wrong check character of its own (GB 11714), which no
    registration authority would have issued; the forms do not look at it.
    """
    stem = f"MAD{serial * 7919 % 100_000:05d}"
    inner = sum(_inner_value(c) * w for c, w in zip(stem, _INNER_WEIGHTS, strict=True))
    wrong = str((11 - inner % 11 + 1) % 10)
    first_17 = f"91{_REGISTERED_IN[serial % len(_REGISTERED_IN)]}{stem}{wrong}"
    return first_17 + check_character(first_17)


def _inner_value(character: str) -> int:
    return int(character) if character.isdigit() else ord(character) - ord("A") + 10


class EnterpriseNames:
    """Gives out names, each once: 示例 + a solar term + the trade."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, ...], int] = {}

    def next(self, industry: str, cluster: str) -> str:
        """A new name for a firm of this two-digit industry (GB/T 4754-2017) and cluster."""
        trades = _TRADES_OF_CLUSTER.get((cluster, industry), _TRADES[industry])
        serial = self._given.get(trades, 0)
        self._given[trades] = serial + 1
        term = _SOLAR_TERMS[(serial + 5 * int(industry)) % len(_SOLAR_TERMS)]
        # Past one round of terms the trade moves on, or a pair would come again.
        trade = trades[(serial + serial // len(_SOLAR_TERMS)) % len(trades)]
        return f"示例{term}{trade}有限公司"
