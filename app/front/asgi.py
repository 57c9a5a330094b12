"""One application: Streamlit, our own routes, and the gate in front of both."""

from __future__ import annotations

import logging
from pathlib import Path

from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from streamlit import App

from front import paths
from front.api.app import create_api
from front.downloads import export
from front.filing.bundle import bundle_route
from front.filing.corrected import corrected_route
from front.filing.office import warming
from front.filing.receipt import receipt_route
from front.filing.routes import template_route
from front.gate import Gate
from front.headers import SecurityHeaders, content_security_policy
from front.identity import secrets_of
from front.paths import PAGES, Paths
from front.shell import Shell
from front.sign_in import SignInRoutes
from greenmfg.access import open_door, open_keyring
from greenmfg.settings import Settings

APP_DIR = Path(__file__).resolve().parent.parent


def create_app(settings: Settings) -> App:
    """The front of one home. Makes the account tables if they are missing."""
    # Streamlit puts session ids into the addresses of uploads: no log may keep them.
    logging.getLogger("uvicorn.access").disabled = True
    door = open_door(settings)
    shell = Shell.read()
    sign_in = SignInRoutes(settings, door)
    routes = [
        *(Route(page, shell.serve, methods=["GET"]) for page in PAGES),
        *sign_in.routes(),
        Route("/files/export/{name}", export(settings), methods=["GET"]),
        Route(paths.TEMPLATE + "{name}", template_route(settings), methods=["GET"]),
        Route(paths.BUNDLE, bundle_route(settings), methods=["GET"]),
        Route(paths.RECEIPT + "{number}", receipt_route(settings), methods=["GET"]),
        Route(paths.CORRECTED + "{ticket}", corrected_route(settings), methods=["GET"]),
        Mount(paths.API, create_api(settings, open_keyring(settings))),
        Mount("/assets", StaticFiles(directory=APP_DIR / "static")),
    ]
    middleware = [
        Middleware(SecurityHeaders, policy=content_security_policy(shell.inline_scripts)),
        Middleware(Gate, door=door, paths=Paths.of(APP_DIR / "static", settings.oidc is not None)),
    ]
    return App(
        APP_DIR / "main.py",
        lifespan=warming(settings),
        routes=routes,
        middleware=middleware,
        secrets=secrets_of(settings.oidc),
    )
