"""What a colour means. No meaning is carried by colour alone: a word stands beside it."""

from __future__ import annotations

from enum import StrEnum


class Tone(StrEnum):
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    PLAIN = "plain"


COLOURS = {
    Tone.GOOD: "#0c6b4e",
    Tone.WARN: "#c9730a",
    Tone.BAD: "#b3362a",
    Tone.PLAIN: "#6b7a73",
}


def against_target(value: float | None, target: float | None) -> Tone:
    """Good at or below the target at four decimals, as the target is judged; else a warning."""
    if value is None or target is None:
        return Tone.PLAIN
    return Tone.GOOD if round(value, 4) <= target else Tone.WARN
