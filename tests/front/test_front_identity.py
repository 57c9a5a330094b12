"""Sign-in by an identity provider: a real one of the tests' own, in a real browser."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest
from browser_pages import needs_browser, picture
from filing_home import POTS, SHIPS, FilingHome
from front_home import Front, served
from identity_provider import CLIENT, Provider, provided
from joserfc.jwk import RSAKey
from playwright.sync_api import Browser, Page, expect
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from front import paths
from front.gate import Gate
from front.identity import FRESH, PROVIDER_COOKIES, vouched_for
from front.sign_in import SignInRoutes
from greenmfg.access import Person, Role, open_desk, open_door
from greenmfg.contract import Words
from greenmfg.settings import Oidc, Settings, SettingsError

LI = {"sub": "provider|li", "email": "Li@Ships.example", "email_verified": True, "name": "Li"}
ENTER = "用统一身份登录"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with provided() as running:
        yield running


@pytest.fixture(scope="module")
def front(filing_home: FilingHome, provider: Provider) -> Iterator[Front]:
    secret = filing_home.settings.home / "client_secret"
    secret.write_text(provider.secret + "\n", "utf-8")

    def configured(url: str) -> dict[str, str]:
        return {
            "GREENMFG_OIDC_METADATA_URL": f"{provider.url}/.well-known/openid-configuration",
            "GREENMFG_OIDC_CLIENT_ID": CLIENT,
            "GREENMFG_OIDC_CLIENT_SECRET_FILE": str(secret),
            "GREENMFG_OIDC_ADDRESS": url,
            "NO_PROXY": "127.0.0.1",
        }

    desk = open_desk(filing_home.settings)
    li = Person("li", Words("李填报", "Li"), Role.FIRM, SHIPS, must_change_password=True)
    desk.open("administrator", li)
    desk.set_identity("administrator", "li", "li@ships.example")
    with served(filing_home, configured) as running:
        yield running


@pytest.fixture
def page(browser: Browser, provider: Provider) -> Iterator[Page]:
    provider.person, provider.age_s, provider.signs_with = dict(LI), 0, None
    provider.answers_left = None
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    yield opened
    context.close()


def go_to_provider(page: Page, front: Front) -> None:
    page.goto(front.url)
    page.get_by_role("link", name=ENTER).click()
    page.get_by_role("button", name="I am who I am").click()


def cookies_of(page: Page) -> dict[str, str]:
    return {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}


@needs_browser
def test_a_clerk_signs_in_by_the_provider_files_and_signs_out_of_both(
    front: Front, provider: Provider, page: Page
) -> None:
    page.goto(front.url)
    expect(page.get_by_role("link", name=ENTER)).to_be_visible()
    picture(page, "identity_sign_in_zh_1280")
    go_to_provider(page, front)
    # No password of ours is asked for, although the account's first one was never changed.
    expect(page.locator(".months")).to_be_visible(timeout=30_000)
    expect(page.locator(".me")).to_contain_text("李填报")
    expect(page.locator(".page-head")).to_contain_text("示例船舶")
    before = provider.signed_out
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(f"{front.url}{paths.SIGN_IN}")
    assert provider.signed_out == before + 1
    assert not [name for name in cookies_of(page) if name.startswith(PROVIDER_COOKIES)]
    page.goto(f"{front.url}/filings")
    page.wait_for_url(f"{front.url}{paths.SIGN_IN}")


@needs_browser
def test_an_identity_without_an_account_is_told_what_to_do(
    front: Front, provider: Provider, page: Page
) -> None:
    provider.person = {"sub": "provider|x", "email": "x@else.example", "email_verified": True}
    go_to_provider(page, front)
    refused = page.get_by_role("alert")
    expect(refused).to_contain_text("统一身份“x@else.example”在本平台没有可用的账号")
    expect(refused).to_contain_text("请联系系统管理员")
    picture(page, "identity_refused_zh_1280")
    left = cookies_of(page)
    assert "gm_session" not in left
    assert not [name for name in left if name.startswith(PROVIDER_COOKIES)]


@needs_browser
@pytest.mark.parametrize(
    "person",
    [
        {**LI, "email_verified": False},
        {"sub": "provider|x", "email": "li@ships.example"},
        {"sub": "li@ships.example"},
    ],
)
def test_an_address_that_the_provider_has_not_verified_opens_no_account(
    front: Front, provider: Provider, page: Page, person: dict[str, object]
) -> None:
    provider.person = person
    go_to_provider(page, front)
    expect(page.get_by_role("alert")).to_contain_text("没有可用的账号")


@needs_browser
def test_a_closed_account_is_not_opened_and_an_open_session_of_it_ends(
    front: Front, page: Page
) -> None:
    desk = open_desk(front.home.settings)
    go_to_provider(page, front)
    expect(page.locator(".months")).to_be_visible(timeout=30_000)
    desk.close("administrator", "li")
    try:
        page.goto(front.url)
        page.wait_for_url(f"{front.url}{paths.SIGN_IN}")
        go_to_provider(page, front)
        expect(page.get_by_role("alert")).to_contain_text("没有可用的账号")
    finally:
        desk.reopen("administrator", "li")


@needs_browser
@pytest.mark.parametrize("broken", ["denied", "forged", "old"])
def test_what_the_provider_did_not_say_just_now_opens_nothing(
    front: Front, provider: Provider, page: Page, broken: str
) -> None:
    if broken == "denied":
        provider.person = {}
    if broken == "forged":
        provider.signs_with = RSAKey.generate_key(2048, {"kid": "1"})
    if broken == "old":
        provider.age_s = int(FRESH.total_seconds()) + 60
    go_to_provider(page, front)
    expect(page.get_by_role("alert")).to_contain_text("统一身份登录没有完成")
    assert "gm_session" not in cookies_of(page)


@needs_browser
@pytest.mark.parametrize(
    ("answers", "words"), [(0, "统一身份服务暂时没有响应"), (1, "统一身份登录没有完成")]
)
def test_a_provider_that_breaks_down_on_the_way_to_it_is_said_so_in_words(
    front: Front, provider: Provider, page: Page, answers: int, words: str
) -> None:
    page.goto(front.url)
    provider.answers_left = answers
    page.get_by_role("link", name=ENTER).click()
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.get_by_label("密码")).to_be_visible()
    provider.answers_left = None
    go_to_provider(page, front)
    expect(page.locator(".months")).to_be_visible(timeout=30_000)


@needs_browser
def test_the_providers_cookie_alone_opens_nothing_once_our_session_is_over(
    front: Front, page: Page
) -> None:
    go_to_provider(page, front)
    expect(page.locator(".months")).to_be_visible(timeout=30_000)
    assert [name for name in cookies_of(page) if name.startswith(PROVIDER_COOKIES)]
    page.context.clear_cookies(name="gm_session")
    page.goto(front.url)
    page.wait_for_url(f"{front.url}{paths.SIGN_IN}")
    expect(page.get_by_role("link", name=ENTER)).to_be_visible()


@needs_browser
def test_local_accounts_go_on_beside_the_provider(front: Front, page: Page) -> None:
    page.goto(front.url)
    page.get_by_label("账号").fill(POTS)
    page.get_by_label("密码").fill(front.home.passwords[POTS])
    page.get_by_label("密码").press("Enter")
    expect(page.locator(".months")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(f"{front.url}{paths.SIGN_IN}")


def test_the_providers_cookie_is_taken_off_before_streamlit_sees_it(
    filing_home: FilingHome,
) -> None:
    async def seen(request: Request) -> JSONResponse:
        return JSONResponse(sorted(request.cookies))

    gate = Middleware(
        Gate, door=open_door(filing_home.settings), paths=paths.Paths(frozenset(), True)
    )
    client = TestClient(Starlette(routes=[Route("/{path:path}", seen)], middleware=[gate]))
    client.cookies.set("gm_session", filing_home.token(POTS))
    for name in (*PROVIDER_COOKIES, f"{PROVIDER_COOKIES[0]}_1", "other"):
        client.cookies.set(name, "x")
    assert client.get("/filings").json() == ["gm_session", "other"]
    assert len(client.get("/auth/logout").json()) == 5


@pytest.mark.parametrize(
    "path", ["/account/identity", "/account/identity/enter", *sorted(paths.PROVIDER)]
)
def test_without_a_provider_none_of_its_addresses_is_open(path: str) -> None:
    assert not paths.Paths(frozenset()).open_to_all(path)
    assert paths.Paths(frozenset(), by_provider=True).open_to_all(path)


def test_a_cookie_that_streamlit_did_not_sign_says_nothing() -> None:
    oidc = Oidc("https://idp.example/x", "c", "s", "https://us.example")
    for forged in ("x", "", '{"sub": "li", "is_logged_in": true}'):
        assert vouched_for({PROVIDER_COOKIES[0]: forged}, oidc) is None


def test_a_provider_that_does_not_answer_is_said_so_in_words(filing_home: FilingHome) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        away = Oidc(f"http://127.0.0.1:{nobody.getsockname()[1]}/x", "c", "s", "https://us.example")
        settings = replace(filing_home.settings, oidc=away)
        routes = SignInRoutes(settings, open_door(settings)).routes()
        answer = TestClient(Starlette(routes=list(routes))).get(paths.IDENTITY)
    assert answer.status_code == 503
    assert "统一身份服务暂时没有响应" in answer.text
    assert "gm_identity" not in answer.cookies


FULL = {
    "GREENMFG_OIDC_METADATA_URL": "https://idp.example/.well-known/openid-configuration",
    "GREENMFG_OIDC_CLIENT_ID": "greenmfg",
    "GREENMFG_OIDC_CLIENT_SECRET": "s3cret",
    "GREENMFG_OIDC_ADDRESS": "https://us.example/",
}


def test_the_provider_is_configured_whole_or_not_at_all() -> None:
    assert Settings.from_environment({}).oidc is None
    oidc = Settings.from_environment(FULL).oidc
    assert oidc is not None
    assert oidc.address == "https://us.example"
    assert "s3cret" not in repr(Settings.from_environment(FULL))
    for name in FULL:
        with pytest.raises(SettingsError, match=name):
            Settings.from_environment({**FULL, name: ""})
    with pytest.raises(SettingsError, match="expected https"):
        Settings.from_environment({**FULL, "GREENMFG_OIDC_ADDRESS": "http://us.example"})
    with pytest.raises(SettingsError, match="CLIENT_SECRET_FILE"):
        Settings.from_environment({**FULL, "GREENMFG_OIDC_CLIENT_SECRET_FILE": "/none/there"})
