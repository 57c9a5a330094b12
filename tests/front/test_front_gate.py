"""The gate by itself, around an application that would tell everything to everybody."""

from __future__ import annotations

import pytest
from front_home import OWN, Home
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from front import cookies
from front.gate import NO_SESSION_CLOSE, NOT_FOUND_CLOSE, Gate
from front.headers import SecurityHeaders, content_security_policy
from front.paths import Paths, is_own_path
from greenmfg.access import digest, open_door

ASSET = "/static/js/index.js"
GATED = [
    "/",
    "/enterprise",
    "/own",
    "/filings",
    "/files/receipt/S00000001",
    "/files/template/energy_monthly.csv",
    "/media/a.csv",
    "/files/export/lineage.csv",
    "/_stcore/host-config",
    "/_stcore/upload_file/session/file",
    "/component/x",
    "/_stcore/bidi-components/x",
    "/account/password",
    "/_stcore/metrics",
    "/_stcore/agent/openapi.json",
    "/auth/logout",
    "/index.html",
    "/x",
]


async def tell_all(request: Request) -> Response:
    ours = {k: v for k, v in request.headers.items() if k.startswith("x-gm-")}
    return JSONResponse(ours, headers={"cache-control": "public, max-age=999"})


async def talk(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_json({k: v for k, v in socket.headers.items() if k.startswith("x-gm-")})
    await socket.close()


@pytest.fixture
def client(home: Home) -> TestClient:
    app = Starlette(
        routes=[
            Route("/{path:path}", tell_all, methods=["GET", "POST", "PUT", "DELETE"]),
            WebSocketRoute("/{path:path}", talk),
        ],
        middleware=[
            Middleware(SecurityHeaders, policy=content_security_policy(("a()",))),
            Middleware(Gate, door=open_door(home.settings), paths=Paths(frozenset({ASSET}))),
        ],
    )
    return TestClient(app, follow_redirects=False)


def _enter(client: TestClient, home: Home, login: str = "officer") -> str:
    token = home.token(login)
    client.cookies.set(cookies.SESSION, token)
    return token


@pytest.mark.parametrize("path", GATED)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_nothing_is_reached_without_a_session(client: TestClient, path: str, method: str) -> None:
    answer = client.request(method, path)
    assert answer.status_code in (303, 401)
    assert "x-gm" not in answer.text


def test_a_browser_without_a_session_is_led_to_the_sign_in_page(client: TestClient) -> None:
    answer = client.get("/enterprise?uscc=1", headers={"accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/account/sign-in"


def test_the_websocket_closes_with_4401_without_a_session(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect) as closed, client.websocket_connect("/_stcore/stream"):
        pass
    assert closed.value.code == NO_SESSION_CLOSE


def test_a_made_up_token_opens_nothing(client: TestClient) -> None:
    client.cookies.set(cookies.SESSION, "made-up")
    assert client.get("/media/a.csv").status_code == 401


@pytest.mark.parametrize("path", [ASSET, "/account/sign-in", "/_stcore/health"])
def test_what_holds_no_data_is_open(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/static/js/other.js", "/static/../media/a", "/_stcore/health/x"])
def test_a_path_beside_an_open_one_is_not_open(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 401


@pytest.mark.parametrize(
    "path", ["/overview", "/_stcore/metrics", "/_stcore/agent/interact", "/index.html", "/x"]
)
def test_a_path_that_is_not_ours_is_not_found_even_with_a_session(
    client: TestClient, home: Home, path: str
) -> None:
    _enter(client, home)
    assert client.get(path).status_code == 404


def test_a_websocket_elsewhere_is_closed_even_with_a_session(
    client: TestClient, home: Home
) -> None:
    _enter(client, home)
    with pytest.raises(WebSocketDisconnect) as closed, client.websocket_connect("/other"):
        pass
    assert closed.value.code == NOT_FOUND_CLOSE


def test_a_clients_own_identity_headers_are_replaced(client: TestClient, home: Home) -> None:
    token = _enter(client, home, OWN)
    forged = {"X-Gm-Login": "administrator", "x-gm-session": "0", "X-GM-Role": "officer"}
    expected = {"x-gm-login": OWN, "x-gm-session": digest(token)[:32]}
    assert client.get("/enterprise", headers=forged).json() == expected
    with client.websocket_connect("/_stcore/stream", headers=forged) as socket:
        assert socket.receive_json() == expected


def test_identity_headers_are_dropped_on_open_paths_too(client: TestClient) -> None:
    assert client.get("/account/sign-in", headers={"x-gm-login": "officer"}).json() == {}


def test_media_are_never_stored_by_a_cache(client: TestClient, home: Home) -> None:
    _enter(client, home)
    assert client.get("/media/a.csv").headers["cache-control"] == "no-store"


def test_a_first_sign_in_reaches_nothing_but_the_change_of_password(
    client: TestClient, home: Home
) -> None:
    door = open_door(home.settings)
    door.set_password("steward", "a-first-password-77", must_change=True)
    home.passwords["steward"] = "a-first-password-77"
    _enter(client, home, "steward")
    assert client.get("/media/a.csv").headers["location"] == "/account/password"
    assert client.get("/account/password").status_code == 200
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/_stcore/stream"):
        pass


def test_every_answer_carries_the_security_headers(client: TestClient) -> None:
    for path in ("/account/sign-in", "/media/a.csv"):
        headers = client.get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "unsafe-eval" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    ("target", "own"),
    [
        ("/", True),
        ("/enterprise?uscc=1", True),
        ("//elsewhere.example", False),
        ("https://elsewhere.example", False),
        ("/\\elsewhere.example", False),
        ("/a\r\nset-cookie: x", False),
        ("", False),
    ],
)
def test_a_redirect_stays_on_this_host(target: str, own: bool) -> None:
    assert is_own_path(target) is own
