"""What was written: accounts, files in order, and the flaws planted in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class DemoAccount:
    """A park's agent and the enterprises it may file for. Firms' accounts follow the register."""

    name: str
    kind: str
    park: str
    email: str
    enterprises: tuple[str, ...]


@dataclass(frozen=True)
class DemoFile:
    """One file at `<folder>/<wave>/<account>/<name>`; `arrives_on` is its day in the story."""

    account: str
    name: str
    wave: int
    form: str
    arrives_on: date
    rows: int
    filings: int

    @property
    def relative_path(self) -> str:
        return f"{self.wave}/{self.account}/{self.name}"

    def path(self, folder: Path) -> Path:
        return folder / str(self.wave) / self.account / self.name


@dataclass(frozen=True)
class DemoFlaw:
    """Something that is not as it should be, on purpose.

    `file` (relative) and `line` (as a spreadsheet shows it) are None where nothing was filed;
    `expected` is the verdict of its filing: accepted, awaiting_review, returned or missing.
    """

    kind: str
    form: str
    enterprise: str | None
    period: str | None
    file: str | None
    line: int | None
    expected: str


@dataclass(frozen=True)
class DemoManifest:
    """`files` are in the order in which they should be received, wave by wave."""

    today: date
    seed: int
    accounts: tuple[DemoAccount, ...]
    files: tuple[DemoFile, ...]
    flaws: tuple[DemoFlaw, ...]

    @property
    def waves(self) -> tuple[int, ...]:
        return tuple(sorted({file.wave for file in self.files}))

    @property
    def filings(self) -> int:
        return sum(file.filings for file in self.files)

    def of_wave(self, wave: int) -> tuple[DemoFile, ...]:
        return tuple(file for file in self.files if file.wave == wave)


def write_manifest(folder: Path, manifest: DemoManifest) -> None:
    data = {"simulated": "模拟数据", **asdict(manifest)}
    text = json.dumps(data, ensure_ascii=False, indent=1, default=date.isoformat)
    (folder / MANIFEST).write_bytes(text.encode() + b"\n")


def read_manifest(folder: Path) -> DemoManifest:
    """Reads what `write_district` left in a folder.

    Raises:
        FileNotFoundError: the folder holds no district.
    """
    data: Mapping[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    return DemoManifest(
        today=date.fromisoformat(data["today"]),
        seed=data["seed"],
        accounts=tuple(
            DemoAccount(**{**entry, "enterprises": tuple(entry["enterprises"])})
            for entry in data["accounts"]
        ),
        files=tuple(
            DemoFile(**{**entry, "arrives_on": date.fromisoformat(entry["arrives_on"])})
            for entry in data["files"]
        ),
        flaws=tuple(DemoFlaw(**entry) for entry in data["flaws"]),
    )
