"""A small OpenID provider of the tests' own: it signs with a key that is made when it starts."""

from __future__ import annotations

import base64
import hashlib
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT = "greenmfg-tests"


@dataclass
class Provider:
    """`person`: the claims of whoever presses its button next. `age_s`: how old its word is."""

    url: str
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    # What it signs with; another one than it publishes is a forger's.
    signs_with: RSAKey | None = None
    person: dict[str, Any] = field(default_factory=dict)
    age_s: int = 0
    # How often it still says who it is before it breaks down; None: as often as it is asked.
    answers_left: int | None = None
    signed_out: int = 0
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.metadata),
                Route("/keys", self.keys),
                Route("/authorize", self.authorize, methods=["GET", "POST"]),
                Route("/token", self.token, methods=["POST"]),
                Route("/sign-out", self.sign_out),
            ]
        )

    async def metadata(self, _request: Request) -> Response:
        if self.answers_left is not None:
            self.answers_left -= 1
            if self.answers_left < 0:
                return Response("out of order", 503)
        return JSONResponse(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "end_session_endpoint": f"{self.url}/sign-out",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def keys(self, _request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        if request.method == "GET":
            return HTMLResponse(
                "<title>Provider</title><form method=post><button>I am who I am</button></form>"
            )
        if not self.person:
            denied = {"error": "access_denied", "state": asked["state"]}
            return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(denied)}", 303)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 303)

    async def token(self, request: Request) -> Response:
        sent = {
            name: values[0] for name, values in parse_qs((await request.body()).decode()).items()
        }
        basic = base64.b64encode(f"{CLIENT}:{self.secret}".encode()).decode()
        asked = self.codes.pop(sent["code"], None)
        if request.headers.get("authorization") != f"Basic {basic}" or asked is None:
            return JSONResponse({"error": "invalid_client"}, 401)
        proof = hashlib.sha256(sent["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(proof).rstrip(b"=").decode() == asked["code_challenge"]
        now = int(time.time()) - self.age_s
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": int(time.time()) + 3600,
            "nonce": asked["nonce"],
            **self.person,
        }
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.signs_with or self.key)
        return JSONResponse(
            {"access_token": "none", "token_type": "Bearer", "expires_in": 60, "id_token": signed}
        )

    async def sign_out(self, request: Request) -> Response:
        assert request.query_params["client_id"] == CLIENT
        assert request.query_params["id_token_hint"]
        self.signed_out += 1
        return RedirectResponse(request.query_params["post_logout_redirect_uri"], 303)


@contextmanager
def provided() -> Iterator[Provider]:
    """The provider on a free port of this machine, stopped at the end."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    provider = Provider(f"http://127.0.0.1:{listening.getsockname()[1]}")
    server = uvicorn.Server(uvicorn.Config(provider.app(), log_level="warning"))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        listening.close()
