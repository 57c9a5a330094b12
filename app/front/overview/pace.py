"""The pace in one line: the fall a year there was, beside the fall that would reach the target."""

from __future__ import annotations

from front import figures
from front.markup import esc, pill
from front.reasons import why_not_measured
from front.tones import Tone
from front.words import Say
from greenmfg.queries.pace import Pace


def pace_line(say: Say, pace: Pace | None) -> str:
    """What was achieved is said even where no pace can be asked for, with the reason."""
    if pace is None:
        return ""
    parts = []
    if pace.achieved_change is not None:
        parts.append(
            say(
                "pace.growth",
                energy=figures.signed_percent(pace.energy_growth),
                value_added=figures.signed_percent(pace.value_added_growth),
                firms=pace.panel_firms,
                share=figures.percent(pace.panel_energy_share, 0),
            )
        )
    if pace.required_change is None:
        parts.append(say("pace.none", reason=why_not_measured(say, pace.reason)))
        verdict = ""
    else:
        parts.append(
            say(
                "pace.required",
                year=pace.target_year,
                change=figures.signed_percent(pace.required_change),
                years=pace.years_left,
                line=figures.intensity(pace.intensity_on_line),
            )
        )
        tone = Tone.GOOD if pace.on_pace else Tone.WARN
        verdict = pill(say("pace.in_step" if pace.on_pace else "pace.behind"), tone) + " "
    said = " · ".join(esc(part) for part in parts)
    achieved = figures.signed_percent(pace.achieved_change)
    return f'<p class="outlook">{esc(say("pace.title"))} <b>{esc(achieved)}</b> {verdict}{said}</p>'
