"""Status words: why a number cannot be measured, on which price basis it stands."""

from __future__ import annotations

from front.markup import chip
from front.tones import Tone
from front.words import Say


def why_not_measured(say: Say, reason: str | None) -> str:
    """The reason in words; a reason the phrases do not know is shown as it is."""
    if reason is None:
        return say("reason.unknown")
    try:
        return say(f"reason.{reason}")
    except KeyError:
        return reason


def price_words(say: Say, price_status: str | None) -> str:
    """The price basis in words; constant price is meant where nothing is measured yet."""
    return say("price.undeflated" if price_status == "undeflated" else "price.deflated")


def price_chip(say: Say, price_status: str | None) -> str:
    """The price basis, on the card itself: an undeflated ratio must not pass for a real one."""
    if price_status is None:
        return ""
    tone = Tone.WARN if price_status == "undeflated" else Tone.PLAIN
    return chip(price_words(say, price_status), tone)
