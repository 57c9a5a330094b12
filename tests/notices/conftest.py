"""Real local receivers: an SMTP server and an HTTP server on free ports."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from local_receivers import Hook, LocalSmtp, Mailbox

from greenmfg.registry import Registry, open_registry
from greenmfg.settings import Mail, Settings


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    controller = LocalSmtp(box)
    controller.start()
    box.port = controller.port
    yield box
    controller.stop()


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    received = Hook()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.bodies.append(json.loads(body))
            received.keys.append(self.headers["Idempotency-Key"])
            self.send_response(received.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    received.url = f"http://127.0.0.1:{server.server_port}/hooks/secret-token"
    yield received
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environment({"GREENMFG_HOME": str(tmp_path)})


@pytest.fixture(scope="session")
def new_registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry as `init` leaves it, to copy: migrating one per test takes longer."""
    settings = Settings.from_environment({"GREENMFG_HOME": str(tmp_path_factory.mktemp("home"))})
    open_registry(settings, create=True).close()
    return settings.home / "registry.sqlite"


@pytest.fixture
def registry(settings: Settings, new_registry: Path) -> Iterator[Registry]:
    shutil.copy(new_registry, settings.home)
    with open_registry(settings) as registry:
        yield registry


@pytest.fixture
def mailing(settings: Settings, mailbox: Mailbox) -> Settings:
    """Settings that send mail to the local server, the steward's to steward@bureau.example."""
    mail = Mail(
        host="127.0.0.1",
        port=mailbox.port,
        sender="greenmfg@bureau.example",
        steward_address="steward@bureau.example",
    )
    return replace(settings, mail=mail)
