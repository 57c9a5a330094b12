"""Everything the front says, in both languages, from `phrases/`: one file a page."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import yaml

from front.language import Language
from greenmfg.contract.forms import Words

_FOLDER = Path(__file__).with_name("phrases")

Say = Callable[..., str]


@cache
def phrases() -> dict[str, Words]:
    """Phrases by dotted key. A leaf is a mapping with `zh` and `en`.

    Raises:
        ValueError: a node is neither phrase nor group, or a key stands twice.
    """
    found: dict[str, Words] = {}
    for path in sorted(_FOLDER.glob("*.yml")):
        for key, words in _leaves("", yaml.safe_load(path.read_bytes())):
            if key in found:
                raise ValueError(f"{path.name}: {key} stands in another file already")
            found[key] = words
    return found


def _leaves(prefix: str, node: dict[str, object]) -> list[tuple[str, Words]]:
    if set(node) == {"zh", "en"}:
        return [(prefix, Words(zh=str(node["zh"]), en=str(node["en"])))]
    leaves: list[tuple[str, Words]] = []
    for key, child in node.items():
        if not isinstance(child, dict):
            raise ValueError(f"{prefix}.{key} is neither a phrase nor a group")
        leaves += _leaves(f"{prefix}.{key}" if prefix else str(key), child)
    return leaves


@cache
def say(language: Language) -> Say:
    """The speaker of one language: `say(language)("overview.title", month=…)`.

    The speaker raises KeyError for a phrase, or a place in it, that there is not.
    """

    def speak(key: str, **values: object) -> str:
        phrase = language.of(phrases()[key])
        return phrase.format(**values) if values else phrase

    return speak
