"""The real server, spoken to as a browser or a stranger would."""

from __future__ import annotations

import re

import httpx
import pytest
from front_home import OTHER, OWN, Front


def _form_token(client: httpx.Client) -> str:
    page = client.get("/account/sign-in")
    found = re.search(r'name="form_token" value="([^"]+)"', page.text)
    assert found is not None
    return found[1]


def _sign_in(client: httpx.Client, login: str, password: str, **more: str) -> httpx.Response:
    form = {"login": login, "password": password, "form_token": _form_token(client), **more}
    return client.post("/account/sign-in", data=form)


def test_signing_in_sets_a_cookie_scripts_cannot_read_and_opens_the_page(front: Front) -> None:
    client = front.client()
    answer = _sign_in(client, "officer", front.home.passwords["officer"])
    assert answer.status_code == 303
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("gm_session"))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    page = client.get("/")
    assert page.status_code == 200
    assert '<html lang="zh-CN">' in page.text
    assert "<title>绿色制造监测平台</title>" in page.text
    assert page.headers["cache-control"] == "no-store"


def test_signing_in_again_ends_the_session_that_was_open(front: Front) -> None:
    client = front.client()
    _sign_in(client, "officer", front.home.passwords["officer"])
    before = client.cookies["gm_session"]
    _sign_in(client, "officer", front.home.passwords["officer"])
    assert client.cookies["gm_session"] != before
    stale = httpx.Client(base_url=front.url, cookies={"gm_session": before})
    assert stale.get("/media/x").status_code == 401


def test_a_wrong_password_is_answered_in_words_and_keeps_the_login(front: Front) -> None:
    answer = _sign_in(front.client(), "nobody<b>", "wrong")
    assert answer.status_code == 401
    assert "账号或密码不正确" in answer.text
    assert "nobody&lt;b&gt;" in answer.text


def test_a_form_from_another_page_is_refused(front: Front) -> None:
    client = front.client()
    password = front.home.passwords["officer"]
    forged = client.post("/account/sign-in", data={"login": "officer", "password": password})
    assert forged.status_code == 403
    token = _form_token(client)
    form = {"login": "officer", "password": password, "form_token": token}
    elsewhere = client.post(
        "/account/sign-in", data=form, headers={"origin": "https://evil.example"}
    )
    assert elsewhere.status_code == 403
    assert "gm_session" not in client.cookies


def test_a_huge_form_is_refused(front: Front) -> None:
    assert _sign_in(front.client(), "officer", "x" * 20_000).status_code == 403


def test_signing_out_needs_a_post_of_our_own_page_and_ends_the_session(front: Front) -> None:
    client = front.client("steward")
    assert client.get("/account/sign-out").status_code == 405
    evil = client.post("/account/sign-out", headers={"origin": "https://evil.example"})
    assert evil.status_code == 403
    assert client.get("/enterprise").status_code == 200
    token = client.cookies["gm_session"]
    assert client.post("/account/sign-out", headers={"origin": front.url}).status_code == 303
    stale = httpx.Client(base_url=front.url, cookies={"gm_session": token})
    assert stale.get("/media/x").status_code == 401


def test_the_language_is_remembered_and_never_leads_away(front: Front) -> None:
    client = front.client("officer")
    answer = client.get("/account/language?to=en&back=//evil.example/x")
    assert answer.headers["location"] == "/"
    assert '<html lang="en">' in client.get("/").text
    assert "Sign in" in client.get("/account/sign-in").text
    back = client.get("/account/language?to=zh&back=/enterprise").headers["location"]
    assert back == "/enterprise"


def test_the_sign_in_page_shows_the_releases_figures(front: Front) -> None:
    page = front.client().get("/account/sign-in").text
    for figure in ("≤ 0.08", "45<small>", "124<small>", "演示区域"):
        assert figure in page


def test_a_password_is_changed_by_knowing_the_old_one(front: Front) -> None:
    client = front.client("administrator")
    old = front.home.passwords["administrator"]
    page = client.get("/account/password")
    token = re.search(r'name="form_token" value="([^"]+)"', page.text)
    assert token is not None
    new = {"new": "seven-boats-on-a-river", "again": "seven-boats-on-a-river"}
    form = {"form_token": token[1], "current": "wrong", **new}
    assert client.post("/account/password", data=form).status_code == 401
    token = re.search(r'name="form_token" value="([^"]+)"', client.get("/account/password").text)
    assert token is not None
    form |= {"form_token": token[1], "current": old}
    assert client.post("/account/password", data=form).status_code == 303
    front.home.passwords["administrator"] = new["new"]
    assert client.get("/enterprise").status_code == 200


@pytest.mark.parametrize(
    "path", ["/media/x.csv", "/files/export/lineage.csv", "/_stcore/upload_file/a/b", "/enterprise"]
)
def test_a_stranger_gets_nothing_from_the_real_server(front: Front, path: str) -> None:
    answer = front.client().get(path)
    assert answer.status_code in (401, 303)


def test_streamlits_other_interfaces_are_not_there(front: Front) -> None:
    client = front.client("officer")
    for path in ("/_stcore/agent/openapi.json", "/_stcore/metrics", "/_stcore/script-health-check"):
        assert client.get(path).status_code == 404


def test_no_address_of_an_upload_is_logged(front: Front) -> None:
    front.client("officer").get("/_stcore/upload_file/secret-session/x")
    assert "secret-session" not in (front.home.settings.home / "front.log").read_text("utf-8")


def test_an_officer_exports_every_mart(front: Front) -> None:
    from greenmfg.queries.exports import EXPORTS

    client = front.client("officer")
    for mart in EXPORTS:
        answer = client.get(f"/files/export/{mart}.csv")
        assert answer.status_code == 200, mart
        assert answer.content.startswith(b"\xef\xbb\xbf"), mart
        assert answer.headers["cache-control"] == "no-store"
        assert "attachment" in answer.headers["content-disposition"]


def test_a_firm_exports_only_its_own_rows(front: Front) -> None:
    client = front.client(OWN)
    for mart in ("enterprise_months", "enterprise_energy_months", "lineage", "filing_coverage"):
        lines = client.get(f"/files/export/{mart}.csv").text.strip().splitlines()
        assert len(lines) > 10, mart
        assert all(line.startswith(OWN) for line in lines[1:]), mart
    asked = client.get(f"/files/export/lineage.csv?uscc={OTHER}").text
    assert OTHER not in asked
    assert len(asked.strip().splitlines()) == 1


@pytest.mark.parametrize("mart", ["group_months", "target_progress", "quality_months", "none"])
def test_a_firm_cannot_tell_a_forbidden_export_from_a_missing_one(front: Front, mart: str) -> None:
    answer = front.client(OWN).get(f"/files/export/{mart}.csv")
    assert answer.status_code == 404
    assert "不在您的权限内" in answer.text


def test_an_export_names_a_filter_it_does_not_have(front: Front) -> None:
    client = front.client("officer")
    assert "colour" in client.get("/files/export/lineage.csv?colour=red").text
    assert client.get("/files/export/lineage.csv?month=Nov-26").status_code == 400
    assert client.get("/files/export/lineage.xlsx").status_code == 404


def test_an_export_is_narrowed_to_what_the_panel_shows(front: Front) -> None:
    query = "?grouping=park&window_name=ytd&month=2026-10"
    text = front.client("officer").get(f"/files/export/group_months.csv{query}").text
    assert len(text.strip().splitlines()) == 1 + 9


def test_what_begins_like_a_formula_leaves_as_text(front: Front) -> None:
    client = front.client("officer")
    audits = client.get("/files/export/cleaner_production_audits.csv").text
    assert ",'=1+1," in audits
    assert "'=能源月报" in client.get(f"/files/export/lineage.csv?uscc={OWN}").text
