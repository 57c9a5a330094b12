"""What a likely slip of unit or point does to the firm's own intensity, as filed and as likely."""

from __future__ import annotations

from front import data, figures
from front.markup import esc
from front.visitor import Visitor
from greenmfg.portal import Slip


def slip_effect(who: Visitor, slip: Slip) -> str:
    """One line of markup; where it cannot be measured it says why."""
    say = who.say
    release = data.current_release()
    usual = None
    if release is not None and who.tenant is not None:
        usual = data.usual_month(release.release, who.tenant, slip.energy_item, slip.period)
    if usual is None:
        return f'<p class="asked slip">{esc(say("slip.not_measurable"))}</p>'
    words = say(
        "slip.effect",
        month=figures.month_words(usual.month, who.language).strip(),
        filed=figures.plain(slip.quantity_as_filed),
        filed_intensity=figures.intensity(usual.intensity_with(slip.quantity_as_filed)),
        likely=figures.plain(slip.quantity_likely),
        likely_intensity=figures.intensity(usual.intensity_with(slip.quantity_likely)),
    )
    return f'<p class="asked slip"><b>{esc(say("slip.title"))}</b> {esc(words)}</p>'
