"""Where the plan's clusters sit: parks, towns and zones, with what each held in 2020 (ours)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A town (nine-digit code) and land zone that a park's firms stand in."""

    town_code: str
    land_zone: str
    by_the_river: bool = False


@dataclass(frozen=True)
class Cell:
    """The above-scale firms of one cluster in one park: their number and gross output of 2020.

    `fixed_outputs_10k` are the outputs (万元) of those too large to be drawn.
    """

    cluster: str
    park: str
    firms: int
    output_10k: int
    industries: tuple[str, ...]
    fixed_outputs_10k: tuple[int, ...] = ()
    has_shipyards: bool = False


@dataclass(frozen=True)
class Small:
    """A below-scale enterprise that the all-industry totals need."""

    cell: Cell
    industry: str
    output_10k: int


@dataclass(frozen=True)
class Entry:
    """An above-scale firm that came after 2020, with its output in a full first year."""

    came: tuple[int, int]
    cell: Cell
    industry: str
    output_10k: int
    land_zone: str | None = None


_BASE, _WIDER_BASE = "长兴海洋装备产业基地", "长兴海洋装备制造基地（基地外）"
_HARBOUR, _WORKS, _ISLAND = "长兴横沙渔港", "崇明工业园区", "智慧岛数据产业园"
_FUSHENG, _FARM, _XINCUN = "富盛经济开发区", "崇明现代农业园区", "新村乡工业地块"
_OUTSIDE = "园区外"

_MARINE, _FOOD, _CARS = "海洋装备", "绿色农产品深加工", "汽车及零部件"
_LIGHT, _EMERGING, _OTHER = "轻工及厨具制造", "新兴产业", "其他"

_PLACES = {
    _BASE: (Place("310151116", "104", True),),
    _WIDER_BASE: (Place("310151116", "104", True),),
    _HARBOUR: (Place("310151202", "104", True), Place("310151116", "104", True)),
    _WORKS: (Place("310151101", "104"), Place("310151103", "104")),
    _ISLAND: (Place("310151110", "104"),),
    _FUSHENG: (Place("310151102", "104"), Place("310151105", "104")),
    _FARM: (Place("310151103", "104"), Place("310151501", "104")),
    _XINCUN: (Place("310151201", "195"),),
    _OUTSIDE: (
        *(Place("310151104", "195"), Place("310151106", "198"), Place("310151107", "195")),
        *(Place("310151108", "195"), Place("310151109", "198"), Place("310151111", "195")),
        *(Place("310151112", "195"), Place("310151113", "198"), Place("310151114", "195")),
        *(Place("310151115", "195"), Place("310151105", "195"), Place("310151102", "104", True)),
    ),
}


def place_of(park: str, serial: int) -> Place:
    """A town and zone for a firm of the park, taking the park's in turn."""
    places = _PLACES[park]
    return places[serial % len(places)]


# With the below-scale ones, outputs sum to the plan's 475.3 亿 of all industry and 347 亿 of the
# marine cluster, and these cells hold its 124 firms. The shipyards come first:
# two of them carry most of industry 37, as on Changxing island.
ABOVE_SCALE_CELLS = (
    Cell(
        *(_MARINE, _WIDER_BASE, 3, 2_865_000, ("37", "37", "35")),
        fixed_outputs_10k=(1_890_000, 905_000, 70_000),
        has_shipyards=True,
    ),
    Cell(_MARINE, _BASE, 22, 570_000, ("35", "37", "34", "33", "37", "38")),
    Cell(_MARINE, _HARBOUR, 1, 12_000, ("43",)),
    Cell(_MARINE, _WORKS, 2, 21_400, ("37", "34")),
    Cell(_FOOD, _FARM, 10, 78_000, ("13", "14", "15", "13", "14")),
    Cell(_FOOD, _HARBOUR, 2, 14_000, ("13",)),
    Cell(_FOOD, _OUTSIDE, 3, 26_600, ("15", "14", "13")),
    Cell(_CARS, _WORKS, 9, 128_000, ("36",)),
    Cell(_CARS, _FUSHENG, 5, 60_500, ("36",)),
    Cell(_LIGHT, _WORKS, 8, 78_000, ("33", "38", "21")),
    Cell(_LIGHT, _XINCUN, 4, 30_000, ("33", "38")),
    Cell(_LIGHT, _OUTSIDE, 3, 20_400, ("33", "21")),
    Cell(_EMERGING, _ISLAND, 9, 150_000, ("39", "40", "27")),
    Cell(_EMERGING, _BASE, 4, 28_500, ("39", "40")),
    Cell(_OTHER, _WORKS, 8, 46_000, ("29", "34", "23", "26", "22", "17")),
    Cell(_OTHER, _FUSHENG, 3, 8_000, ("29", "18")),
    Cell(_OTHER, _ISLAND, 1, 5_000, ("23",)),
    Cell(_OTHER, _FARM, 2, 9_000, ("22", "29")),
    Cell(_OTHER, _WIDER_BASE, 1, 210_000, ("33",), fixed_outputs_10k=(210_000,)),
    Cell(
        *(_OTHER, _OUTSIDE, 24, 380_400),
        ("34", "35", "33", "30", "38", "29", "26", "17", "34", "22", "42", "18", "20", "24"),
    ),
)


def _cell(cluster: str, park: str) -> Cell:
    return Cell(cluster, park, 1, 0, ())


# Heat and water are industry but not manufacturing: the two scopes of the plan differ by them.
BELOW_SCALE = (
    Small(_cell(_MARINE, _BASE), "37", 1_600),
    Small(_cell(_FOOD, _FARM), "13", 1_400),
    Small(_cell(_CARS, _WORKS), "36", 1_500),
    Small(_cell(_LIGHT, _XINCUN), "33", 1_600),
    Small(_cell(_EMERGING, _ISLAND), "39", 1_500),
    Small(_cell(_OTHER, _OUTSIDE), "46", 1_700),
    Small(_cell(_OTHER, _BASE), "44", 1_500),
    Small(_cell(_OTHER, _OUTSIDE), "23", 1_400),
)

ENTRIES = (
    Entry((2021, 1), _cell(_EMERGING, _ISLAND), "39", 9_800),
    Entry((2022, 1), _cell(_MARINE, _BASE), "37", 26_000),
    Entry((2022, 7), _cell(_EMERGING, _BASE), "40", 7_200),
    Entry((2024, 1), _cell(_MARINE, _BASE), "35", 31_000),
    Entry((2024, 1), _cell(_FOOD, _FARM), "14", 6_400),
    # A new firm in zone 198: a policy flag (减量化), not an error.
    Entry((2025, 7), _cell(_OTHER, _OUTSIDE), "29", 4_300, land_zone="198"),
)

# Park → the account of the agent who files for its firms.
AGENTS = {
    _BASE: "agent-changxing-base",
    _WIDER_BASE: "agent-changxing-yards",
    _HARBOUR: "agent-fishing-harbour",
    _WORKS: "agent-industrial-park",
    _ISLAND: "agent-smart-island",
    _FUSHENG: "agent-fusheng",
    _FARM: "agent-agriculture-park",
    _XINCUN: "agent-xincun",
    _OUTSIDE: "agent-towns",
}
