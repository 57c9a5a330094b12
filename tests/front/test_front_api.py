"""The API as a firm's own system uses it: one key, one enterprise, the same one way in."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from filing_home import (
    DIESEL,
    ELECTRICITY,
    POTS,
    SAMPLES,
    SHIPS,
    FilingHome,
    form_csv,
    odd_stock,
    settings_of,
)
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.testclient import TestClient

from front import paths
from front.api.app import create_api
from front.api.limits import RateLimit
from front.gate import Gate
from front.paths import Paths
from greenmfg.access import open_door, open_keyring
from greenmfg.pipeline import trying
from greenmfg.pipeline.workshop import workshop
from greenmfg.portal import LONGEST_REASON
from greenmfg.portal.corrections import EVENT
from greenmfg.settings import ApiLimits, Settings

SUBMISSIONS = "/api/v1/submissions"
GOOD = SAMPLES / "energy_corrected.csv"
BAD = SAMPLES / "energy_many_errors.csv"


def secret_of(home: FilingHome, uscc: str = SHIPS) -> str:
    return open_keyring(home.settings).issue(uscc, "ERP", "administrator", 30)[1]


def app_of(settings: Settings) -> Starlette:
    """The API behind the gate, as the front mounts it, without the pages."""
    door = open_door(settings)
    return Starlette(
        routes=[Mount(paths.API, create_api(settings, open_keyring(settings)))],
        middleware=[Middleware(Gate, door=door, paths=Paths(frozenset()))],
    )


@pytest.fixture
def own_filing_home(filing_home: FilingHome, tmp_path: Path) -> FilingHome:
    """A copy of the filing home that a test may change."""
    folder = tmp_path / "home"
    shutil.copytree(filing_home.settings.home, folder)
    return FilingHome(settings_of(folder), filing_home.passwords)


@pytest.fixture
def client(own_filing_home: FilingHome) -> Iterator[TestClient]:
    """The front of a home of its own, as the firm's system sees it, with a key."""
    with TestClient(app_of(own_filing_home.settings)) as client:
        client.headers["Authorization"] = f"Bearer {secret_of(own_filing_home)}"
        yield client


def upload(name: str, data: bytes) -> dict[str, tuple[str, bytes]]:
    return {"file": (name, data)}


def test_a_system_files_and_reads_what_became_of_it(
    client: TestClient, own_filing_home: FilingHome
) -> None:
    sent = client.post(SUBMISSIONS, files=upload("十月.csv", GOOD.read_bytes()))
    assert sent.status_code == 201
    receipt = sent.json()["receipt"]
    assert (sent.json()["file"], sent.json()["again"]) == ("十月.csv", False)
    waiting = client.get(f"{SUBMISSIONS}/{receipt}/verdict").json()
    assert (waiting["state"], waiting["form"], waiting["findings"]) == ("received", None, [])
    own_filing_home.run()
    stands = client.get(f"{SUBMISSIONS}/{receipt}").json()
    assert (stands["standing"], stands["errors"]) == ("accepted", 0)
    assert [(f["enterprise"], f["period"], f["state"]) for f in stands["filings"]] == [
        (SHIPS, "2026-10", "accepted")
    ]
    assert client.get(SUBMISSIONS).json()[0]["receipt"] == receipt


def test_the_same_bytes_get_the_same_receipt(client: TestClient) -> None:
    first = client.post(SUBMISSIONS, files=upload("a.csv", GOOD.read_bytes()))
    again = client.post(SUBMISSIONS, files=upload("b.csv", GOOD.read_bytes()))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["receipt"] == first.json()["receipt"]
    assert again.json()["again"]


def test_a_check_stores_nothing_and_says_what_the_command_line_says(
    client: TestClient, own_filing_home: FilingHome
) -> None:
    before = len(client.get(SUBMISSIONS).json())
    said = client.post("/api/v1/check", files=upload(BAD.name, BAD.read_bytes())).json()
    with workshop(own_filing_home.settings) as shop:
        from greenmfg.pipeline import state

        trial = trying.try_file(
            shop.settings,
            shop.contracts,
            state.world(shop.settings, shop.contracts, shop.registry),
            shop.registry.account(SHIPS),
            BAD.name,
            BAD.read_bytes(),
        )
    assert {**said, "refused": None} == {**json.loads(json.dumps(trial.as_json())), "refused": None}
    assert len(client.get(SUBMISSIONS).json()) == before


def test_a_refused_file_gets_its_reason_and_advice(client: TestClient) -> None:
    picture = (SAMPLES / "a_picture.csv").read_bytes()
    said = client.post("/api/v1/check", files=upload("a.csv", picture)).json()
    assert said["form"] is None
    assert said["refused"]["remedy"]


def test_a_reason_given_with_the_file_explains_its_warning(
    client: TestClient, own_filing_home: FilingHome
) -> None:
    found = client.post("/api/v1/check", files=upload("odd.csv", odd_stock())).json()["findings"]
    (warning,) = [one for one in found if one["severity"] == "warning"]
    reason = {k: warning[k] for k in ("id", "line", "column")} | {"reason": "盘点更正"}
    sent = client.post(
        SUBMISSIONS,
        files=upload("odd.csv", odd_stock()),
        data={"explanations": json.dumps([reason])},
    )
    own_filing_home.run()
    findings = client.get(f"{SUBMISSIONS}/{sent.json()['receipt']}/findings").json()
    assert [(f["id"], f["explained_by"]) for f in findings] == [(warning["id"], "盘点更正")]


def test_which_key_filed_is_on_record(client: TestClient, own_filing_home: FilingHome) -> None:
    receipt = client.post(SUBMISSIONS, files=upload("a.csv", GOOD.read_bytes())).json()["receipt"]
    (key,) = open_keyring(own_filing_home.settings).keys(SHIPS)
    with workshop(own_filing_home.settings) as shop:
        events = shop.registry.events(subject=receipt)
    assert (f"key:{key.id}", "submission.by_key") in {(e.actor, e.kind) for e in events}
    assert key.used_at is not None


SEPTEMBER_AGAIN = form_csv(
    "energy_monthly", {**ELECTRICITY, "purchased": "102", "production_use": "100"}, DIESEL
)


def test_a_changed_closed_month_is_not_taken_without_a_reason(client: TestClient) -> None:
    before = client.get(SUBMISSIONS).json()
    for reason in ({}, {"correction_reason": "改"}, {"correction_reason": "      "}):
        answer = client.post(SUBMISSIONS, files=upload("九月.csv", SEPTEMBER_AGAIN), data=reason)
        assert (answer.status_code, answer.json()["code"]) == (422, "correction_reason")
        assert "2026-09 的报表已过截止日" in answer.json()["message"]
        assert "reason in correction_reason" in answer.json()["message_en"]
    assert client.get(SUBMISSIONS).json() == before


def test_a_correction_with_its_reason_is_filed_and_the_reason_is_on_record(
    client: TestClient, own_filing_home: FilingHome
) -> None:
    why = "电表读错，按校准后的表底更正"
    sent = client.post(
        SUBMISSIONS,
        files=upload("九月.csv", SEPTEMBER_AGAIN),
        data={"correction_reason": f" {why} "},
    )
    assert sent.status_code == 201
    receipt = sent.json()["receipt"]
    own_filing_home.run()
    assert client.get(f"{SUBMISSIONS}/{receipt}").json()["standing"] == "accepted"
    with workshop(own_filing_home.settings) as shop:
        told = [e for e in shop.registry.events(subject=receipt) if e.kind == EVENT]
    assert [(one.actor, one.payload["reason"]) for one in told] == [(SHIPS, why)]
    # Sent again they change nothing, so nobody asks a second time.
    again = client.post(SUBMISSIONS, files=upload("九月.csv", SEPTEMBER_AGAIN))
    assert (again.status_code, again.json()["receipt"]) == (200, receipt)


def test_a_file_that_would_be_returned_is_asked_for_no_reason(
    client: TestClient, own_filing_home: FilingHome
) -> None:
    wrong = form_csv("energy_monthly", {**ELECTRICITY, "purchased": "约102"}, DIESEL)
    sent = client.post(SUBMISSIONS, files=upload("九月.csv", wrong))
    assert sent.status_code == 201
    own_filing_home.run()
    stands = client.get(f"{SUBMISSIONS}/{sent.json()['receipt']}").json()
    assert stands["standing"] == "returned"


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer nonsense", "Basic b2ZmaWNlcjpwYXNz"]
)
def test_without_a_live_key_nothing_answers(client: TestClient, authorization: str | None) -> None:
    del client.headers["Authorization"]
    headers = {} if authorization is None else {"Authorization": authorization}
    for call in (
        client.get(SUBMISSIONS, headers=headers),
        client.post("/api/v1/check", headers=headers),
    ):
        assert call.status_code == 401
        assert call.headers["www-authenticate"] == "Bearer"
        assert call.json()["code"] == "no_key"


def test_a_revoked_key_opens_nothing_more(client: TestClient, own_filing_home: FilingHome) -> None:
    ring = open_keyring(own_filing_home.settings)
    ring.revoke(ring.keys(SHIPS)[0].id)
    assert client.get(SUBMISSIONS).status_code == 401


def test_a_session_cookie_is_no_key(client: TestClient, own_filing_home: FilingHome) -> None:
    del client.headers["Authorization"]
    client.cookies.set("gm_session", own_filing_home.token(SHIPS))
    assert client.get(SUBMISSIONS).status_code == 401


def test_a_key_opens_no_page(client: TestClient) -> None:
    page = client.get("/", follow_redirects=False)
    assert page.status_code == 303
    assert client.get("/files/export/group_months.csv").status_code == 401


def test_a_second_firm_sees_none_of_the_firsts_submissions(
    client: TestClient, own_filing_home: FilingHome
) -> None:
    receipt = client.post(SUBMISSIONS, files=upload("a.csv", GOOD.read_bytes())).json()["receipt"]
    other = {"Authorization": f"Bearer {secret_of(own_filing_home, POTS)}"}
    assert client.get(SUBMISSIONS, headers=other).json() == []
    unknown = client.get(f"{SUBMISSIONS}/S99999999", headers=other).json()
    for tail in ("", "/verdict", "/findings"):
        answer = client.get(f"{SUBMISSIONS}/{receipt}{tail}", headers=other)
        assert answer.status_code == 404
        assert answer.json()["message"].replace(receipt, "S99999999") == unknown["message"]
    # The very same bytes are another firm's own submission, with the answer that firm would get.
    theirs = client.post(SUBMISSIONS, files=upload("a.csv", GOOD.read_bytes()), headers=other)
    assert theirs.json()["receipt"] != receipt


def test_a_firm_without_a_register_row_is_told_so(
    client: TestClient, own_filing_home: FilingHome
) -> None:
    stranger = {"Authorization": f"Bearer {secret_of(own_filing_home, '91350100M000100Y43')}"}
    for path in (SUBMISSIONS, "/api/v1/check"):
        answer = client.post(path, files=upload("a.csv", GOOD.read_bytes()), headers=stranger)
        assert (answer.status_code, answer.json()["code"]) == (409, "not_registered")


def test_what_is_too_large_is_refused_before_it_is_read(own_filing_home: FilingHome) -> None:
    small = replace(own_filing_home.settings, api=ApiLimits(max_bytes=2_000))
    with TestClient(app_of(small)) as client:
        client.headers["Authorization"] = f"Bearer {secret_of(own_filing_home)}"
        inside = client.post("/api/v1/check", files=upload("a.csv", b"a" * 3_000))
        outside = client.post("/api/v1/check", files=upload("a.csv", b"a" * 400_000))
    for answer in (inside, outside):
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_body_without_its_length_is_refused(client: TestClient) -> None:
    def body() -> Iterator[bytes]:
        yield b"x"

    answer = client.post(SUBMISSIONS, content=body())
    assert (answer.status_code, answer.json()["code"]) == (411, "no_length")


@pytest.mark.parametrize(
    ("explanations", "named"),
    [("no json", "JSON"), ('[{"id": "E120"}]', "0.reason"), ('{"id": "E120"}', "list")],
)
def test_explanations_that_cannot_be_read_are_named(
    client: TestClient, explanations: str, named: str
) -> None:
    answer = client.post(
        SUBMISSIONS, files=upload("a.csv", b"x"), data={"explanations": explanations}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "explanations")
    assert named in answer.json()["message_en"]


def test_too_many_files_in_a_minute_are_told_when_to_come_back(
    own_filing_home: FilingHome,
) -> None:
    few = replace(own_filing_home.settings, api=ApiLimits(files_per_minute=2))
    with TestClient(app_of(few)) as client:
        client.headers["Authorization"] = f"Bearer {secret_of(own_filing_home)}"
        picture = (SAMPLES / "a_picture.csv").read_bytes()
        answers = [client.post("/api/v1/check", files=upload("a.csv", picture)) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 30
        assert client.get(SUBMISSIONS).status_code == 200


def test_a_bucket_refills_evenly_and_each_key_has_its_own() -> None:
    now = 100.0
    limit = RateLimit(60, lambda: now)
    assert [limit.seconds_to_wait("a") for _ in range(61)] == [0] * 60 + [1]
    assert limit.seconds_to_wait("b") == 0
    now += 2.0
    assert [limit.seconds_to_wait("a") for _ in range(3)] == [0, 0, 1]


def test_the_schema_is_open_and_loads_nothing_from_elsewhere(client: TestClient) -> None:
    del client.headers["Authorization"]
    schema = client.get("/api/v1/openapi.json").json()
    assert set(schema["paths"]) == {
        "/check",
        "/submissions",
        "/submissions/{receipt}",
        "/submissions/{receipt}/findings",
        "/submissions/{receipt}/verdict",
    }
    assert schema["security"] == [{"key": []}]
    fields = schema["components"]["schemas"]["Body_send_submissions_post"]["properties"]
    assert fields["correction_reason"]["maxLength"] == LONGEST_REASON
    for page in ("docs", "redoc"):
        assert client.get(f"/api/v1/{page}").status_code == 401


def test_an_unknown_address_is_a_problem_in_both_languages(client: TestClient) -> None:
    answer = client.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["message"] == "没有这个地址。"
