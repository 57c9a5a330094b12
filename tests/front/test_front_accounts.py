"""The administrator's page: what it does, what it leaves on record, and that nobody else has it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_pages import barriers
from browser_pages import NewPage, needs_browser, no_sideways_scroll, picture
from filing_home import FOOD, POTS, SHIPS, FilingHome, settings_of
from front_home import Front, served
from page_views import View, opening, text_of
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from front.paths import ACCOUNTS
from greenmfg.access import SignedIn, TooManyAttempts, WrongPassword, open_desk, open_door
from greenmfg.access import open_keyring as keyring_of

ADMIN = "administrator"
PASSWORD = re.compile(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b")
SECRET = re.compile(r"gmfg_[\w-]{43}")


@pytest.fixture
def own_home(filing_home: FilingHome, tmp_path: Path) -> FilingHome:
    """A copy of the filing home that a test may change."""
    folder = tmp_path / "home"
    shutil.copytree(filing_home.settings.home, folder)
    return FilingHome(settings_of(folder), filing_home.passwords)


@pytest.fixture
def view(own_home: FilingHome, monkeypatch: pytest.MonkeyPatch) -> Iterator[View]:
    with opening(own_home, monkeypatch) as open_page:
        yield open_page


def see(page: AppTest, view: str) -> AppTest:
    return page.radio(key="accounts_view").set_value(view).run()


def choose(page: AppTest, key: str, value: object) -> AppTest:
    return page.selectbox(key=key).set_value(value).run()


def press(page: AppTest, key: str) -> AppTest:
    return page.button(key=key).click().run()


def field(page: AppTest, label: str) -> object:
    return next(one for one in page.text_input if one.label == label)


def acts(home: FilingHome) -> list[tuple[str, str, str]]:
    found = open_desk(home.settings).acts(10)
    return [(act.actor, act.kind, act.subject) for act in reversed(found)]


@pytest.mark.parametrize("login", ["officer", "steward", SHIPS])
def test_nobody_but_an_administrator_sees_the_page(view: View, login: str) -> None:
    page = view(login, "accounts")
    assert "全部账号" not in text_of(page)
    assert not [one for one in page.radio if one.key == "accounts_view"]


@pytest.mark.parametrize("login", ["officer", "steward", SHIPS, None])
def test_the_pages_address_is_nobodys_but_an_administrators(
    front: Front, login: str | None
) -> None:
    with front.client(login) as client:
        assert client.get(ACCOUNTS).status_code == (303 if login is None else 404)
    with front.client(ADMIN) as client:
        assert client.get(ACCOUNTS).status_code == 200


def test_a_key_of_the_interface_does_nothing_to_accounts(front: Front) -> None:
    _, secret = keyring_of(front.home.settings).issue(SHIPS, "ERP", "t", 1)
    key = {"Authorization": f"Bearer {secret}"}
    with front.client() as client:
        assert client.get(ACCOUNTS, headers=key).status_code == 303
        for path in ("/accounts", "/keys", "/persons"):
            assert client.get(f"/api/v1{path}", headers=key).status_code == 404


def test_an_account_is_opened_with_a_password_that_is_shown_once(
    view: View, own_home: FilingHome
) -> None:
    page = view(ADMIN, "accounts")
    assert "全部账号" in text_of(page)
    for login in ("li", "zhao"):
        choose(page, "open_role", "firm")
        choose(page, "open_firm", SHIPS)
        field(page, "账号").input(login)  # type: ignore[attr-defined]
        field(page, "姓名（显示用）").input("李填报")  # type: ignore[attr-defined]
        next(b for b in page.button if b.label == "开立并生成初始密码").click().run()
        [password] = PASSWORD.findall(text_of(page))
        entered = open_door(own_home.settings).login(login, password, "10.0.0.9")
        assert isinstance(entered, SignedIn)
        assert entered.person.must_change_password
        assert entered.person.tenant == SHIPS
        assert not PASSWORD.findall(text_of(page.run()))
    assert [act for act in acts(own_home) if act[1] == "person.opened"] == [
        (ADMIN, "person.opened", "li"),
        (ADMIN, "person.opened", "zhao"),
    ]


def test_what_cannot_be_opened_says_why_and_opens_nothing(view: View, own_home: FilingHome) -> None:
    page = view(ADMIN, "accounts")
    choose(page, "open_role", "firm")
    field(page, "账号").input("li")  # type: ignore[attr-defined]
    next(b for b in page.button if b.label == "开立并生成初始密码").click().run()
    assert "未执行" in text_of(page)
    assert "必须对应一个统一社会信用代码" in text_of(page)
    assert open_door(own_home.settings).person("li") is None
    assert acts(own_home) == []


def test_closing_says_what_will_happen_and_then_ends_the_sessions_at_once(
    view: View, own_home: FilingHome
) -> None:
    door, token = open_door(own_home.settings), own_home.token("officer")
    page = choose(view(ADMIN, "accounts"), "change_login", "officer")
    press(page, "ask_close officer")
    assert "所有登录立即退出" in text_of(page)
    assert door.who(token) is not None
    press(page, "do_close officer")
    assert door.who(token) is None
    assert door.login("officer", own_home.passwords["officer"], "10.0.0.9") == WrongPassword()
    press(choose(page, "change_login", "officer"), "reopen")
    assert isinstance(door.login("officer", own_home.passwords["officer"], "10.0.0.9"), SignedIn)
    assert acts(own_home) == [
        (ADMIN, "person.closed", "officer"),
        (ADMIN, "person.reopened", "officer"),
    ]


def test_a_reset_password_is_shown_once_and_ends_the_old_one(
    view: View, own_home: FilingHome
) -> None:
    door, token = open_door(own_home.settings), own_home.token("steward")
    page = choose(view(ADMIN, "accounts"), "change_login", "steward")
    press(press(page, "ask_reset steward"), "do_reset steward")
    [password] = PASSWORD.findall(text_of(page))
    assert door.who(token) is None
    entered = door.login("steward", password, "10.0.0.9")
    assert isinstance(entered, SignedIn)
    assert entered.person.must_change_password
    assert acts(own_home) == [(ADMIN, "person.password_reset", "steward")]


def test_an_account_at_which_somebody_waits_is_unlocked(view: View, own_home: FilingHome) -> None:
    door = open_door(own_home.settings)
    for _ in range(5):
        door.login("officer", "wrong", "10.0.0.9")
    right = own_home.passwords["officer"]
    page = view(ADMIN, "accounts")
    assert "多次输错" in text_of(page)
    choose(page, "change_login", "officer")
    # Each failure from here on waits longer; this one still would.
    for _ in range(20):
        if isinstance(door.login("officer", "wrong", "10.0.0.9"), TooManyAttempts):
            break
    assert isinstance(door.login("officer", right, "10.0.0.9"), TooManyAttempts)
    press(page, "unlock")
    assert isinstance(door.login("officer", right, "10.0.0.9"), SignedIn)
    assert acts(own_home) == [(ADMIN, "person.unlocked", "officer")]


def test_an_administrator_neither_closes_nor_resets_the_own_account(
    view: View, own_home: FilingHome
) -> None:
    page = choose(view(ADMIN, "accounts"), "change_login", ADMIN)
    press(press(page, f"ask_close {ADMIN}"), f"do_close {ADMIN}")
    assert "不能停用自己的账号" in text_of(page)
    press(press(page, f"ask_reset {ADMIN}"), f"do_reset {ADMIN}")
    assert "修改密码" in text_of(page)
    assert acts(own_home) == []


def test_an_act_of_a_session_that_has_ended_is_not_done(view: View, own_home: FilingHome) -> None:
    page = choose(view(ADMIN, "accounts"), "change_login", "officer")
    press(page, "ask_close officer")
    open_door(own_home.settings).set_password(ADMIN, "quiet-river-seven-boats")
    press(page, "do_close officer")
    assert "登录已过期" in text_of(page)
    assert open_door(own_home.settings).person("officer") is not None
    assert acts(own_home) == []


def test_an_agent_is_opened_granted_and_revoked(view: View, own_home: FilingHome) -> None:
    page = see(view(ADMIN, "accounts"), "agents")
    field(page, "代号").input("baozhen")  # type: ignore[attr-defined]
    field(page, "名称").input("堡镇园区")  # type: ignore[attr-defined]
    next(b for b in page.button if b.label == "保存代报单位").click().run()
    choose(page, "grant_to", "baozhen")
    page.multiselect(key="grant_firms").set_value([SHIPS, FOOD]).run()
    press(page, "grant")
    assert "已授权 堡镇园区 代报 2 家企业" in text_of(page)
    [agent] = open_desk(own_home.settings).agents()
    assert agent.firms == {SHIPS, FOOD}
    choose(page, "revoke_grant", ("baozhen", FOOD))
    press(press(page, f"ask_revoke baozhen {FOOD}"), f"do_revoke baozhen {FOOD}")
    [agent] = open_desk(own_home.settings).agents()
    assert agent.firms == {SHIPS}
    assert "administrator 于" in text_of(page)
    assert [act[1] for act in acts(own_home)] == [
        "account.created", "grant.given", "grant.given", "grant.revoked",
    ]  # fmt: skip
    assert {act[0] for act in acts(own_home)} == {ADMIN}


def test_a_key_is_issued_shown_once_and_revoked(view: View, own_home: FilingHome) -> None:
    page = see(view(ADMIN, "accounts"), "keys")
    choose(page, "key_firm", POTS)
    page.text_input(key="key_label").input("ERP").run()
    press(page, "issue")
    [secret] = SECRET.findall(text_of(page))
    ring = keyring_of(own_home.settings)
    key = ring.of_secret(secret)
    assert key is not None
    assert (key.uscc, key.created_by) == (POTS, ADMIN)
    assert not SECRET.findall(text_of(page.run()))
    choose(page, "key_end", key.id)
    press(press(page, f"ask_key {key.id}"), f"do_key {key.id}")
    assert ring.of_secret(secret) is None
    record = text_of(see(page, "record"))
    for words in ("签发密钥", "吊销密钥", f"key:{key.id}", ADMIN):
        assert words in record
    assert secret not in record


@pytest.fixture(scope="module")
def front(filing_home: FilingHome, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("accounts") / "home"
    shutil.copytree(filing_home.settings.home, folder)
    home = FilingHome(settings_of(folder), filing_home.passwords)
    desk = open_desk(home.settings)
    desk.open_agent(ADMIN, "changxing", "长兴园区", "park@example.cn")
    desk.grant(ADMIN, "changxing", SHIPS, None)
    desk.issue_key(ADMIN, POTS, "ERP", 365)
    with served(home) as running:
        yield running


@needs_browser
@pytest.mark.parametrize(("language", "width"), [("zh", 1280), ("en", 390)])
def test_every_view_of_the_page_is_readable_and_without_barriers(
    front: Front, new_page: NewPage, language: str, width: int
) -> None:
    page = new_page(width, login=ADMIN, language=language)
    page.goto(f"{front.url}/accounts")
    views = {
        "zh": ("代报单位", "接口密钥", "操作记录"),
        "en": ("Agents", "API keys", "Record"),
    }[language]
    table = page.locator("table.rows")
    expect(table).to_be_visible(timeout=30_000)
    for number, name in enumerate(("", *views)):
        if name:
            page.locator("[data-testid=stRadio]").get_by_text(name, exact=True).click()
            title = {"代报单位": "代报授权", "Agents": "Grants of agents"}.get(name, name)
            expect(page.get_by_role("heading", name=title).first).to_be_visible(timeout=30_000)
        expect(table.first).to_be_visible(timeout=30_000)
        assert barriers(page) == []
        assert no_sideways_scroll(page)
        picture(page, f"accounts_{number}_{language}_{width}")
