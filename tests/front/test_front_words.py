from __future__ import annotations

import csv
import re
from pathlib import Path
from string import Formatter

import pytest
from front_home import ROOT

from front.shell import Shell
from front.steps import AUDIT_STEPS, STEP_OF_STAGE
from front.words import phrases

FRONT = ROOT / "app" / "front"
SOURCES = [*FRONT.rglob("*.py"), *FRONT.rglob("*.html")]


def _asked_for() -> set[str]:
    text = "\n".join(path.read_text("utf-8") for path in SOURCES)
    groups = "|".join({key.split(".")[0] for key in phrases()})
    found = set(re.findall(rf"""["']((?:{groups})\.[a-z0-9_]+)["']""", text))
    return {key for key in found if not key.endswith((".html", ".css"))}


def _families() -> set[str]:
    """Groups asked for by a code from data: `say(f"role.{role}")`."""
    text = "\n".join(path.read_text("utf-8") for path in SOURCES)
    return set(re.findall(r"""f["']([a-z_]+\.(?:[a-z_]+_)?)\{""", text))


def test_every_phrase_that_is_asked_for_exists() -> None:
    assert _asked_for() - set(phrases()) == set()


def test_no_phrase_is_left_over() -> None:
    families = tuple(_families())
    left = {k for k in set(phrases()) - _asked_for() if not k.startswith(families)}
    forms = {key for key in left if re.fullmatch(r"form\.(energy|output)_monthly_short", key)}
    assert left - forms == set()


@pytest.mark.parametrize("key", sorted(phrases()))
def test_a_phrase_has_the_same_places_in_both_languages(key: str) -> None:
    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    words = phrases()[key]
    assert words.zh.strip()
    assert words.en.strip()
    assert places(words.zh) == places(words.en)


def test_the_plans_numbers_stand_nowhere_in_the_front() -> None:
    plan = re.compile(r"(?<![\d.#])(0\.08|45|124)(?![\d.]*\d|px|vw|em|%)")
    for path in [*FRONT.rglob("*.py"), *FRONT.rglob("*.yml"), *FRONT.rglob("*.html")]:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            assert not plan.search(line), f"{path.name}:{number}: {line.strip()}"


def test_every_stage_of_the_regulation_has_a_step() -> None:
    with (ROOT / "reference" / "audit_stages.csv").open(encoding="utf-8", newline="") as file:
        stages = {row["stage"] for row in csv.DictReader(file)}
    assert set(STEP_OF_STAGE) == stages
    assert set(STEP_OF_STAGE.values()) == set(AUDIT_STEPS)


def test_the_installed_streamlits_shell_is_the_one_we_rewrite() -> None:
    shell = Shell.read()
    for page in shell.pages.values():
        assert "service-desc" not in page
        assert page.index("backend.js") < page.index("static/js/index")
    assert len(shell.inline_scripts) == 1


def test_every_file_of_the_front_is_of_a_length_to_read() -> None:
    long = [p.name for p in (ROOT / "app").rglob("*.py") if len(_lines(p)) > 400]
    assert long == []


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()
