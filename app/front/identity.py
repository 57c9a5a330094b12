"""Sign-in by a bureau's identity provider: whether this home offers it."""

from __future__ import annotations

from front import data


def offered() -> bool:
    return data.settings().oidc is not None
