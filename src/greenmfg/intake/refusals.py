"""Refusals: the words for files that are not a form at all, kept in `expectations/refusals.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from greenmfg.contract.forms import Words
from greenmfg.records import Refusal
from greenmfg.settings import Settings


class Refused(Exception):
    """The file is refused. `name` is the refusal's name in the yml, `details` fill its {words}.

    A detail that reads differently in the two languages is given as `Words`.
    """

    def __init__(self, name: str, **details: str | int | Words) -> None:
        super().__init__(name)
        self.name = name
        self.details = details


@dataclass(frozen=True)
class Template:
    """One refusal as the yml has it, {words} not yet filled in."""

    id: str
    message: Words
    remedy: Words


Refusals = Mapping[str, Template]


@cache
def load_refusals(path: Path) -> Refusals:
    """Reads the refusals' words, by name.

    Raises:
        KeyError: an entry lacks its id, name, message or remedy.
    """
    entries = yaml.safe_load(path.read_bytes())
    return {
        entry["name"]: Template(entry["id"], Words.of(entry["message"]), Words.of(entry["remedy"]))
        for entry in entries
    }


@cache
def packaged_refusals() -> Refusals:
    """The words of the room that this installation carries."""
    return load_refusals(Settings.from_environment().rooms / "expectations" / "refusals.yml")


def refusal(refused: Refused, file_name: str, words: Refusals) -> Refusal:
    """The refusal in words that a person can act on."""
    template = words[refused.name]
    details = {"file": file_name, **refused.details}
    zh = {name: d.zh if isinstance(d, Words) else d for name, d in details.items()}
    en = {name: d.en if isinstance(d, Words) else d for name, d in details.items()}
    return Refusal(
        id=template.id,
        message=Words(template.message.zh.format(**zh), template.message.en.format(**en)),
        remedy=Words(template.remedy.zh.format(**zh), template.remedy.en.format(**en)),
    )
