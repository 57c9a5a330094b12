"""Sign-in by a bureau's identity provider, where the home is configured for one.

Streamlit's own sign-in (`st.login`: `/auth/login`, `/oauth2callback`, `/auth/logout`) talks to the
provider and verifies what it says. Its cookie would then open the platform for thirty days; here it
is read once, at the very entry, and a session of ours takes its place: with our times, ended at
once when the account is closed. Beyond the routes named here the gate takes that cookie off.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from streamlit.auth_util import encode_provider_token, get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import (
    TOKENS_COOKIE_NAME,
    USER_COOKIE_NAME,
)

from front import data, paths
from greenmfg.access import Identity
from greenmfg.settings import Oidc

# The provider's clock may be off by a little; an older word of it opens nothing.
FRESH = timedelta(minutes=5)
PROVIDER_COOKIES = (USER_COOKIE_NAME, TOKENS_COOKIE_NAME)
_PROVIDER = "default"
_PATIENCE_S = 5
_LOG = logging.getLogger(__name__)


def offered() -> bool:
    """Whether people may sign in by a provider here."""
    return data.settings().oidc is not None


def secrets_of(oidc: Oidc | None) -> dict[str, Any] | None:
    """What Streamlit wants to know of the provider. Its cookies are signed with a key that all
    processes of the front derive alike, from the one secret that there is."""
    if oidc is None:
        return None
    signing = hmac.new(oidc.client_secret.encode(), b"greenmfg: st.login cookies", hashlib.sha256)
    return {
        "auth": {
            "redirect_uri": f"{oidc.address}{paths.PROVIDER_CALLBACK}",
            "cookie_secret": signing.hexdigest(),
            "client_id": oidc.client_id,
            "client_secret": oidc.client_secret,
            "server_metadata_url": oidc.metadata_url,
        }
    }


async def answers(oidc: Oidc) -> bool:
    """Whether the provider can be reached: Streamlit would send the browser to a bare error."""
    try:
        async with httpx.AsyncClient(timeout=_PATIENCE_S) as client:
            return (await client.get(oidc.metadata_url)).is_success
    except httpx.HTTPError as error:
        _LOG.warning("the identity provider does not answer: %s", error)
        return False


def start_address() -> str:
    """Where Streamlit sends the browser on to the provider, as `st.login()` does."""
    return f"{paths.PROVIDER_LOGIN}?provider={encode_provider_token(_PROVIDER)}"


@dataclass(frozen=True)
class Vouched:
    """For whom the provider vouches. `shown`: what a person recognises as the own identity."""

    identity: Identity

    @property
    def shown(self) -> str:
        return self.identity.email or self.identity.subject


def vouched_for(
    cookies: Mapping[str, str], oidc: Oidc, now: datetime | None = None
) -> Vouched | None:
    """Whom the provider has just vouched for, by the cookie that Streamlit signed after it had
    verified the provider's token; None where there is none, or it is not of this minute."""
    claims = _claims(cookies)
    subject, issued = claims.get("sub"), claims.get("iat")
    if not claims.get("is_logged_in") or claims.get("origin") != oidc.address:
        return None
    if not isinstance(subject, str) or not subject or not isinstance(issued, int | float):
        return None
    age = (now or datetime.now(UTC)) - datetime.fromtimestamp(issued, UTC)
    if not -FRESH <= age <= FRESH:
        return None
    email = claims.get("email")
    verified = claims.get("email_verified") is True and isinstance(email, str) and bool(email)
    return Vouched(Identity(subject, str(email) if verified else None))


def _claims(cookies: Mapping[str, str]) -> dict[str, Any]:
    def signed(name: str) -> bytes | None:
        value = cookies.get(name)
        if value is None:
            return None
        return decode_signed_value(get_cookie_secret(), name, value.encode("latin-1"))

    text = get_cookie_with_chunks(signed, USER_COOKIE_NAME)
    if not text:
        return {}
    claims = json.loads(text)
    return claims if isinstance(claims, dict) else {}
