"""The four steps of filing, and where the clerk stands."""

from __future__ import annotations

from front.markup import esc
from front.words import Say

STEPS = ("template", "check", "declare", "receipt")


def stepper(say: Say, now: int) -> str:
    """`now`: number of the current step from 1; 5 when all are done."""
    items = ""
    for number, step in enumerate(STEPS, start=1):
        state = "done" if number < now else "now" if number == now else "later"
        current = ' aria-current="step"' if number == now else ""
        mark = "✓" if number < now else str(number)
        items += (
            f'<li class="{state}"{current}><i aria-hidden="true">{mark}</i>'
            f"<div><b>{esc(say(f'step_title.{step}'))}</b>"
            f"<span>{esc(say(f'step_note.{step}'))}</span></div></li>"
        )
    return f'<ol class="stepper" aria-label="{esc(say("report.steps"))}">{items}</ol>'
