"""Cookies: their names, and reading them from a raw ASGI scope."""

from __future__ import annotations

from collections.abc import MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

SESSION = "gm_session"
DEVICE = "gm_device"
LANGUAGE = "gm_language"
FORM_TOKEN = "gm_form"
# That a sign-in by the identity provider is under way in this browser.
IDENTITY = "gm_identity"

YEAR_SECONDS = 365 * 24 * 3600


def without(scope: MutableMapping[str, Any], names: tuple[str, ...]) -> MutableMapping[str, Any]:
    """The request without the cookies whose names begin so."""
    headers = []
    for name, value in scope.get("headers", []):
        if name != b"cookie":
            headers.append((name, value))
            continue
        pairs = value.decode("latin-1").split(";")
        kept = [pair.strip() for pair in pairs if not pair.strip().startswith(names)]
        if kept:
            headers.append((name, "; ".join(kept).encode("latin-1")))
    return {**scope, "headers": headers}


def cookies_of(scope: MutableMapping[str, Any]) -> dict[str, str]:
    """The request's cookies; a header that is no cookie header counts as none."""
    found: dict[str, str] = {}
    for name, value in scope.get("headers", []):
        if name != b"cookie":
            continue
        # One bad pair must not hide the others, so each is read by itself.
        for pair in value.decode("latin-1").split(";"):
            jar: SimpleCookie = SimpleCookie()
            try:
                jar.load(pair.strip())
            except CookieError:
                continue
            found.update({key: morsel.value for key, morsel in jar.items()})
    return found
