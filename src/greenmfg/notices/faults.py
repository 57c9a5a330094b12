"""What can go wrong on the way to a reader."""

from __future__ import annotations


class ChannelDown(ConnectionError):
    """A channel cannot be reached at all: the rest of this delivery need not try it."""


def described(error: Exception) -> str:
    """An error as one line for people: its kind and what it says."""
    text = " ".join(str(error).split())
    return text if isinstance(error, ChannelDown) else f"{type(error).__name__}: {text}"
