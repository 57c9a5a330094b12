"""The API as an application of its own, mounted below `/api/v1`, and the doorkeeper in front of it."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from front.api.limits import RateLimit
from front.api.problems import (
    Problem,
    ProblemBody,
    answer_fault,
    answer_http,
    answer_invalid,
    answer_problem,
)
from front.api.routes import routes, too_large, too_many
from greenmfg.access import ApiKey, Keyring
from greenmfg.contract import Words
from greenmfg.settings import Settings

SCHEMA = "/openapi.json"
# Beside the file: the multipart frame, its headers and the explanations.
_FRAME_BYTES = 256 * 1024
_DESCRIPTION = """
Firms' own systems file by the same one way as everybody: a receipt at once, a verdict within seconds.
A key (`greenmfg key new USCC --label …`) belongs to one enterprise; show it as
`Authorization: Bearer gmfg_…`. Findings are those of `greenmfg check --json`.
"""


def create_api(settings: Settings, keyring: Keyring) -> FastAPI:
    """The API of one home."""
    limits = settings.api
    api = FastAPI(
        title="绿色制造监测 · Green-manufacturing monitoring",
        version="1",
        description=_DESCRIPTION,
        openapi_url=SCHEMA,
        # Its pages of documentation load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        middleware=[
            Middleware(
                Doorkeeper,
                settings=settings,
                keyring=keyring,
                limit=RateLimit(limits.requests_per_minute),
            )
        ],
        exception_handlers={
            Problem: answer_problem,
            StarletteHTTPException: answer_http,
            RequestValidationError: answer_invalid,
            Exception: answer_fault,
        },
    )
    api.state.settings = settings
    api.state.files = RateLimit(limits.files_per_minute)
    api.include_router(routes)
    _describe(api)
    return api


def _describe(api: FastAPI) -> None:
    """Adds what FastAPI cannot see: the key, and the shape of a problem."""
    schema = api.openapi()
    parts = schema.setdefault("components", {})
    parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    shapes = parts.setdefault("schemas", {})
    shapes["ProblemBody"] = ProblemBody.model_json_schema()
    for unused in ("HTTPValidationError", "ValidationError"):
        shapes.pop(unused, None)
    schema["security"] = [{"key": []}]
    schema["servers"] = [{"url": "/api/v1"}]
    api.openapi_schema = schema


class Doorkeeper:
    """No route without a live key; counts requests by key, and those without one by address."""

    def __init__(
        self, app: ASGIApp, settings: Settings, keyring: Keyring, limit: RateLimit
    ) -> None:
        self._app = app
        self._settings = settings
        self._keyring = keyring
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].endswith(SCHEMA):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        key = await run_in_threadpool(self._key, headers.get("authorization", ""))
        client = scope["client"][0] if scope.get("client") else "unknown"
        try:
            self._admit(key, client, scope["method"], headers)
        except Problem as problem:
            await answer_problem(Request(scope), problem)(scope, receive, send)
            return
        scope = {**scope, "state": {**scope.get("state", {}), "api_key": key}}
        await self._app(scope, receive, send)

    def _key(self, authorization: str) -> ApiKey | None:
        scheme, _, secret = authorization.partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            return None
        return self._keyring.of_secret(secret.strip())

    def _admit(self, key: ApiKey | None, client: str, method: str, headers: Headers) -> None:
        wait = self._limit.seconds_to_wait(f"key {key.id}" if key else f"address {client}")
        if wait:
            raise too_many(wait)
        if key is None:
            raise Problem(
                401,
                "no_key",
                Words(
                    "缺少有效的密钥。请在 Authorization 中写 Bearer 加密钥；密钥由系统管理员发放。",
                    "No valid key. Send Authorization: Bearer and the key the administrator gave.",
                ),
                {"WWW-Authenticate": "Bearer"},
            )
        if method == "POST":
            self._require_length(headers)

    def _require_length(self, headers: Headers) -> None:
        """A body is refused before it is read: an upload fills the disk while it is parsed."""
        length = headers.get("content-length")
        if length is None or not length.isdigit():
            raise Problem(
                411,
                "no_length",
                Words("请求须带 Content-Length。", "Send the body with its Content-Length."),
            )
        if int(length) > self._settings.api.max_bytes + _FRAME_BYTES:
            raise too_large(self._settings)
