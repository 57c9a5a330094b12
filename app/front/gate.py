"""The gate: no page, websocket, media, upload or file without a live session."""

from __future__ import annotations

import logging
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from front import cookies
from front.identity import PROVIDER_COOKIES
from front.paths import (
    ACCOUNTS,
    CHANGE_PASSWORD,
    FILES,
    IDENTITY_ENTER,
    PAGES,
    PROVIDER,
    PROVIDER_LOGIN,
    SIGN_IN,
    SIGN_OUT,
    WEBSOCKET,
    Paths,
)
from front.visitor import FIRM_PARAMETER
from greenmfg.access import AccessError, Door, Person, Role, digest

NO_SESSION_CLOSE = 4401
NOT_FOUND_CLOSE = 4404
_OUR_HEADERS = b"x-gm-"
_LOG = logging.getLogger(__name__)


class Gate:
    """Lets through what needs no session, and the rest with one; tells Streamlit who it is.

    Any `x-gm-*` header of the client is dropped and ours set instead: Streamlit takes the user
    from them (`server.trustedUserHeaders`) and binds a resumed session to this very sign-in.
    """

    def __init__(self, app: ASGIApp, door: Door, paths: Paths) -> None:
        self._app = app
        self._door = door
        self._paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        scope = _without_our_headers(scope)
        path = scope["path"]
        if path not in (*PROVIDER, IDENTITY_ENTER):
            # It is good for thirty days, and has nothing to say once our own session is open.
            scope = cookies.without(scope, PROVIDER_COOKIES)
        if scope["type"] == "http" and self._paths.open_to_all(path):
            if path == PROVIDER_LOGIN:
                send = _in_words(scope, receive, send)
            await self._app(scope, receive, send)
            return
        jar = cookies.cookies_of(scope)
        if self._paths.by_provider and path == "/" and cookies.IDENTITY in jar:
            # Streamlit leads here from the provider, whatever has come of it.
            await RedirectResponse(IDENTITY_ENTER, 303)(scope, receive, send)
            return
        token = jar.get(cookies.SESSION)
        person = await run_in_threadpool(self._door.who, token)
        if person is None or token is None:
            await _refuse(scope, receive, send)
        elif not self._exists(scope) or (
            path == ACCOUNTS and person.role is not Role.ADMINISTRATOR
        ):
            await _not_found(scope, receive, send)
        elif person.must_change_password and path not in (CHANGE_PASSWORD, SIGN_OUT):
            await _first_password(scope, receive, send)
        else:
            try:
                person = _acting(person, scope)
            except AccessError as refused:
                await _forbidden(refused)(scope, receive, send)
                return
            await self._app(_as(person, token, scope), receive, _unstored(path, send))

    def _exists(self, scope: Scope) -> bool:
        if scope["type"] == "websocket":
            return bool(scope["path"] == WEBSOCKET)
        return self._paths.known(scope["path"])


def _without_our_headers(scope: Scope) -> Scope:
    kept = [(n, v) for n, v in scope["headers"] if not n.lower().startswith(_OUR_HEADERS)]
    return {**scope, "headers": kept}


def _as(person: Person, token: str, scope: Scope) -> Scope:
    ours = [
        (b"x-gm-login", person.login.encode("ascii")),
        (b"x-gm-session", digest(token)[:32].encode("ascii")),
    ]
    state = {**scope.get("state", {}), "person": person}
    return {**scope, "headers": [*scope["headers"], *ours], "state": state}


def _acting(person: Person, scope: Scope) -> Person:
    """An agent's clerk asks for a file of the firm that the address names, if it is one of those
    named for the agent. On pages the choice is made, and held against the grants, in the script.

    Raises:
        AccessError: no firm is named there, or one that the agent may not file for.
    """
    if person.role is not Role.AGENT or not scope["path"].startswith(FILES):
        return person
    query = parse_qs(scope["query_string"].decode("latin-1"))
    return person.acting(query.get(FIRM_PARAMETER, [""])[-1])


def _forbidden(refused: AccessError) -> Response:
    text = f"{refused.words.zh} · {refused.words.en}\n"
    return PlainTextResponse(text, 403, headers={"cache-control": "no-store"})


def _unstored(path: str, send: Send) -> Send:
    """Media are shared by content in Streamlit's memory: no cache may keep one beyond a session."""
    if not path.startswith("/media/"):
        return send

    async def send_unstored(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [(n, v) for n, v in message["headers"] if n.lower() != b"cache-control"]
            message = {**message, "headers": [*kept, (b"cache-control", b"no-store")]}
        await send(message)

    return send_unstored


def _in_words(scope: Scope, receive: Receive, send: Send) -> Send:
    """A provider that has gone since it was asked whether it is there: Streamlit answers with one
    bare English line, ours is a page that says what to do."""
    failed = False

    async def send_in_words(message: Message) -> None:
        nonlocal failed
        if message["type"] == "http.response.start" and message["status"] >= 400:
            failed = True
            _LOG.warning("the identity provider failed on the way to it: %d", message["status"])
            await RedirectResponse(IDENTITY_ENTER, 303)(scope, receive, send)
        elif not failed:
            await send(message)

    return send_in_words


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await _close(receive, send, NO_SESSION_CLOSE)
        return
    wants_page = any(n == b"accept" and b"text/html" in v for n, v in scope["headers"])
    response: Response
    if scope["method"] == "GET" and (wants_page or scope["path"] in PAGES):
        response = RedirectResponse(SIGN_IN, 303)
    else:
        response = PlainTextResponse("请先登录 · sign in first\n", 401)
    response.headers["cache-control"] = "no-store"
    await response(scope, receive, send)


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await _close(receive, send, NOT_FOUND_CLOSE)
        return
    await PlainTextResponse("没有这个页面 · no such page\n", 404)(scope, receive, send)


async def _first_password(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await _close(receive, send, NO_SESSION_CLOSE)
        return
    await RedirectResponse(CHANGE_PASSWORD, 303)(scope, receive, send)


async def _close(receive: Receive, send: Send, code: int) -> None:
    await receive()  # websocket.connect
    await send({"type": "websocket.close", "code": code})
