from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from local_receivers import Hook, LocalSmtp, Mailbox

from greenmfg.contract.forms import Words
from greenmfg.notices import Audience, Channels, deliver
from greenmfg.registry import NewAlert, Registry
from greenmfg.settings import Mail, Settings

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SUBJECT = Words("退回 1，错误 5，警告 1", "1 returned, 5 errors, 1 warning")
BODY = Words("第 5 行 计量单位：填报千瓦时。\n" + "长" * 2000, "Line 5, unit: given kWh.")


def alert(settings: Settings, key: str = "run-1:steward") -> NewAlert:
    audience = Audience({}, Channels.of(settings))
    return audience.alert(None, key, "run_digest", "error", SUBJECT, BODY)


def test_a_mail_arrives_with_its_chinese_subject_and_text_whole(
    registry: Registry, mailing: Settings, mailbox: Mailbox
) -> None:
    registry.record_alerts([alert(mailing)], NOW)

    report = deliver(registry, mailing, NOW)

    assert (report.sent, report.retrying, report.broken) == (1, [], None)
    assert mailbox.recipients == ["steward@bureau.example"]
    (message,) = mailbox.messages
    assert message["Subject"] == f"[绿色制造监测] {SUBJECT.zh} / {SUBJECT.en}"
    assert message["From"] == "greenmfg@bureau.example"
    text = message.get_content()
    assert text.startswith(BODY.zh)
    assert BODY.en in text
    (delivery,) = registry.alerts()[0].deliveries
    assert (delivery.state, delivery.sent_at, delivery.attempts) == ("sent", NOW, 1)


def test_what_was_sent_is_not_sent_again(
    registry: Registry, mailing: Settings, mailbox: Mailbox
) -> None:
    registry.record_alerts([alert(mailing)], NOW)
    deliver(registry, mailing, NOW)
    registry.record_alerts([alert(mailing)], NOW)

    assert deliver(registry, mailing, NOW + timedelta(hours=3)).sent == 0
    assert len(mailbox.messages) == 1


def test_without_a_channel_an_alert_is_recorded_and_shown_only(
    registry: Registry, settings: Settings
) -> None:
    registry.record_alerts([alert(settings)], NOW)

    report = deliver(registry, settings, NOW)

    assert (report.sent, report.retrying, report.given_up) == (0, [], [])
    assert registry.alerts()[0].subject_zh == SUBJECT.zh
    assert registry.alerts()[0].deliveries == ()


def test_a_server_that_is_away_is_tried_again_and_then_given_up(
    registry: Registry, mailing: Settings
) -> None:
    away = replace(mailing, mail=replace(mailing.mail, port=_closed_port()))
    registry.record_alerts([alert(away)], NOW)
    waits = []
    now = NOW
    while not (report := deliver(registry, away, now)).given_up:
        (failure,) = report.retrying
        assert failure.next_attempt_at is not None
        assert deliver(registry, away, failure.next_attempt_at - timedelta(seconds=1)).sent == 0
        waits.append(failure.next_attempt_at - now)
        now = failure.next_attempt_at

    minute = timedelta(minutes=1)
    assert waits == [minute, 5 * minute, 30 * minute, 120 * minute]
    (delivery,) = registry.deliveries("failed")
    assert delivery.attempts == 5
    assert "ConnectionRefusedError" in (delivery.last_error or "")
    assert registry.counts().deliveries["failed"] == 1


def test_a_server_that_comes_back_gets_the_mail_once(
    registry: Registry, mailing: Settings, mailbox: Mailbox
) -> None:
    away = replace(mailing, mail=replace(mailing.mail, port=_closed_port()))
    registry.record_alerts([alert(away)], NOW)
    deliver(registry, away, NOW)

    assert deliver(registry, mailing, NOW + timedelta(minutes=2)).sent == 1
    assert len(mailbox.messages) == 1
    assert registry.deliveries("sent")[0].last_error is None


def test_given_up_alerts_can_be_made_due_again(
    registry: Registry, mailing: Settings, mailbox: Mailbox
) -> None:
    away = replace(mailing, mail=replace(mailing.mail, port=_closed_port()))
    registry.record_alerts([alert(away)], NOW)
    for hours in range(5):
        deliver(registry, away, NOW + timedelta(hours=3 * hours))
    later = NOW + timedelta(days=1)
    assert deliver(registry, mailing, later).sent == 0

    assert registry.resend_failed_deliveries(later) == 1
    assert deliver(registry, mailing, later).sent == 1
    assert len(mailbox.messages) == 1


def test_one_refused_address_does_not_hold_back_the_others(
    registry: Registry, mailing: Settings, mailbox: Mailbox
) -> None:
    mail = replace(mailing.mail, steward_address="a@refused.example, b@bureau.example")
    settings = replace(mailing, mail=mail)
    registry.record_alerts([alert(settings)], NOW)

    report = deliver(registry, settings, NOW)

    assert (report.sent, len(report.retrying)) == (1, 1)
    assert "no such mailbox" in report.retrying[0].error
    assert mailbox.recipients == ["b@bureau.example"]


def test_an_address_that_is_none_is_a_failure_on_record_and_not_a_crash(
    registry: Registry, mailing: Settings, mailbox: Mailbox
) -> None:
    bad = "x@y.example\nBcc: all@z.example"
    audience = Audience({}, Channels.of(mailing), contacts={"firm": bad})
    registry.record_alerts(
        [audience.alert("firm", "k", "returned", "error", SUBJECT, BODY), alert(mailing)], NOW
    )

    report = deliver(registry, mailing, NOW)

    assert (report.sent, len(report.retrying)) == (1, 1)
    assert mailbox.recipients == ["steward@bureau.example"]


def test_two_deliverers_at_once_send_each_mail_once(
    registry: Registry, mailing: Settings, mailbox: Mailbox
) -> None:
    registry.record_alerts([alert(mailing, f"run-{n}") for n in range(30)], NOW)
    start = threading.Barrier(2)
    sent: list[int] = []

    def run() -> None:
        start.wait()
        sent.append(deliver(registry, mailing, NOW).sent)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(sent) == 30
    assert len({message["Message-ID"] for message in mailbox.messages}) == 30
    assert len(mailbox.messages) == 30


def test_a_deliverer_that_died_leaves_its_claim_to_run_out(
    registry: Registry, mailing: Settings, mailbox: Mailbox
) -> None:
    registry.record_alerts([alert(mailing)], NOW)
    registry.claim_deliveries(NOW, timedelta(minutes=10), 10)

    assert deliver(registry, mailing, NOW + timedelta(minutes=1)).sent == 0
    assert deliver(registry, mailing, NOW + timedelta(minutes=10)).sent == 1


def test_a_broken_registry_is_reported_and_not_raised(
    registry: Registry, mailing: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(registry, "claim_deliveries", broken)

    assert deliver(registry, mailing, NOW).broken == "RuntimeError: the disk is full"


def test_the_webhook_gets_the_alert_as_json(
    registry: Registry, settings: Settings, hook: Hook
) -> None:
    settings = replace(settings, webhook_url=hook.url)
    registry.record_alerts([alert(settings)], NOW)

    assert deliver(registry, settings, NOW).sent == 1

    (body,) = hook.bodies
    assert body["subject"] == {"zh": SUBJECT.zh, "en": SUBJECT.en}
    assert body["body"]["zh"] == BODY.zh
    assert (body["kind"], body["severity"]) == ("run_digest", "error")
    assert body["created_at"] == "2026-11-23T02:00:00+00:00"


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_webhook_that_does_not_take_the_alert_is_tried_again_under_the_same_key(
    registry: Registry, settings: Settings, hook: Hook, status: int
) -> None:
    settings = replace(settings, webhook_url=hook.url)
    registry.record_alerts([alert(settings)], NOW)
    hook.status = status

    (failure,) = deliver(registry, settings, NOW).retrying
    assert f"HTTP {status}" in failure.error

    hook.status = 204
    assert deliver(registry, settings, NOW + timedelta(minutes=1)).sent == 1
    assert len(hook.bodies) == 2
    assert hook.keys[0] == hook.keys[1]


def test_the_webhooks_secret_path_is_neither_stored_nor_shown(
    registry: Registry, settings: Settings, hook: Hook
) -> None:
    hook.status = 500
    settings = replace(settings, webhook_url=hook.url)
    registry.record_alerts([alert(settings)], NOW)

    report = deliver(registry, settings, NOW)

    assert "secret-token" not in repr(report) + repr(registry.deliveries())
    assert registry.deliveries()[0].address in hook.url


def test_a_webhook_that_is_away_fails_without_a_word_about_its_path(
    registry: Registry, settings: Settings
) -> None:
    url = f"http://127.0.0.1:{_closed_port()}/hooks/secret-token"
    settings = replace(settings, webhook_url=url)
    registry.record_alerts([alert(settings, "1"), alert(settings, "2")], NOW)

    report = deliver(registry, settings, NOW)

    assert len(report.retrying) == 2
    assert "refused" in report.retrying[0].error
    assert "secret-token" not in repr(report)


def test_mail_goes_by_starttls_with_a_login(
    registry: Registry, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = _certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    box = Mailbox()

    def login(server: object, session: object, envelope: object, kind: str, data: object):
        assert isinstance(data, LoginPassword)
        known = (data.login, data.password) == (b"sender", b"pass")
        return AuthResult(success=known, handled=known)

    controller = LocalSmtp(
        box,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=login,
    )
    controller.start()
    try:
        mail = Mail(
            host="localhost",
            port=controller.port,
            user="sender",
            password="wrong",
            starttls=True,
            steward_address="steward@bureau.example",
        )
        refused = replace(settings, mail=mail)
        registry.record_alerts([alert(refused)], NOW)
        (failure,) = deliver(registry, refused, NOW).retrying
        assert "Authentication" in failure.error

        accepted = replace(settings, mail=replace(mail, password="pass"))
        assert deliver(registry, accepted, NOW + timedelta(minutes=1)).sent == 1
    finally:
        controller.stop()
    assert box.recipients == ["steward@bureau.example"]


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of localhost that signs itself."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    today = dt.datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
