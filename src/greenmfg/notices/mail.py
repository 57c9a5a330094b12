"""Alerts by SMTP."""

from __future__ import annotations

import smtplib
import ssl
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from greenmfg.notices.faults import ChannelDown, described
from greenmfg.registry.nouns import Alert, Delivery
from greenmfg.settings import Mail

TIMEOUT_S = 10


class Mailer:
    """One SMTP session for all mails of a delivery; opened by the first, closed by `close`.

    A mail that the server refuses fails alone. A server that cannot be reached fails the rest
    too, without waiting for its time-out again.
    """

    def __init__(self, mail: Mail) -> None:
        self._mail = mail
        self._session: smtplib.SMTP | None = None
        self._down: ChannelDown | None = None

    def send(self, delivery: Delivery, alert: Alert, now: datetime) -> None:
        """Raises whatever kept the mail from being taken by the server."""
        message = compose(self._mail.sender, delivery, alert, now)
        session = self._open()
        try:
            session.send_message(message)
        except (smtplib.SMTPServerDisconnected, ConnectionError, TimeoutError):
            session.close()
            self._session = None
            raise

    def close(self) -> None:
        if self._session is None:
            return
        try:
            self._session.quit()
        except smtplib.SMTPException:
            # The mails are taken already: a server that hangs up first has taken nothing back.
            self._session.close()
        self._session = None

    def _open(self) -> smtplib.SMTP:
        if self._down:
            raise self._down
        if self._session is None:
            try:
                self._session = self._connect()
            except OSError as error:  # smtplib's errors are OSErrors too
                self._down = ChannelDown(described(error))
                raise self._down from error
        return self._session

    def _connect(self) -> smtplib.SMTP:
        mail = self._mail
        if not mail.host:
            raise ChannelDown("GREENMFG_SMTP_HOST is not set")
        session = smtplib.SMTP(mail.host, mail.port, timeout=TIMEOUT_S)
        try:
            if mail.starttls:
                session.starttls(context=ssl.create_default_context())
            if mail.user:
                session.login(mail.user, mail.password)
        except BaseException:
            session.close()
            raise
        return session


def compose(sender: str, delivery: Delivery, alert: Alert, now: datetime) -> EmailMessage:
    """The mail: plain text, Chinese first."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = Address(addr_spec=delivery.address)
    message["Subject"] = f"[绿色制造监测] {alert.subject_zh} / {alert.subject_en}"
    message["Date"] = format_datetime(now)
    # The same for every try: a mail that was taken although we never heard so shows once.
    domain = sender.rpartition("@")[2].rstrip(">") or "localhost"
    stamp = f"{alert.created_at:%Y%m%d%H%M%S%f}"
    message["Message-ID"] = f"<greenmfg.{stamp}.{delivery.id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    body = f"{alert.body_zh}\n\n{'-' * 40}\n\n{alert.body_en}\n"
    # base64: no server between us and the reader may break long Chinese lines.
    message.set_content(body, charset="utf-8", cte="base64")
    return message
