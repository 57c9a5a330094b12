"""Which paths there are: an allow-list, so that nothing Streamlit adds later opens by itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from streamlit import file_util

# For administrators alone: to anybody else there is no such page.
ACCOUNTS = "/accounts"
PAGES = (
    "/",
    "/enterprise",
    "/audits",
    "/benchmarks",
    "/quality",
    "/scoreboard",
    "/own",
    "/filings",
    "/audit",
    ACCOUNTS,
)
FILES = "/files/"
TEMPLATE = "/files/template/"
BUNDLE = "/files/bundle"
RECEIPT = "/files/receipt/"
CORRECTED = "/files/corrected/"
ACCOUNT = "/account"
SIGN_IN = "/account/sign-in"
CHANGE_PASSWORD = "/account/password"
SIGN_OUT = "/account/sign-out"
LANGUAGE = "/account/language"
# Sign-in by an identity provider: to it and back by Streamlit's routes, in and out by ours.
IDENTITY = "/account/identity"
IDENTITY_ENTER = "/account/identity/enter"
PROVIDER_LOGIN = "/auth/login"
PROVIDER_LOGOUT = "/auth/logout"
PROVIDER_CALLBACK = "/oauth2callback"
PROVIDER = frozenset({PROVIDER_LOGIN, PROVIDER_LOGOUT, PROVIDER_CALLBACK})
HEALTH = "/_stcore/health"
# Its own doorkeeper asks for a key; a session opens nothing there.
API = "/api/v1"

_OPEN = frozenset({SIGN_IN, LANGUAGE, HEALTH})
_WITH_SESSION = frozenset({*PAGES, CHANGE_PASSWORD, SIGN_OUT, "/_stcore/host-config"})
_WITH_SESSION_BELOW = (
    "/_stcore/upload_file/",
    "/_stcore/bidi-components/",
    "/component/",
    "/media/",
    FILES,
)
WEBSOCKET = "/_stcore/stream"


@dataclass(frozen=True)
class Paths:
    """`assets`: the exact paths of scripts, styles, fonts and pictures that hold no data.
    `by_provider`: whether people may sign in by an identity provider."""

    assets: frozenset[str]
    by_provider: bool = False

    @classmethod
    def of(cls, own_static: Path, by_provider: bool = False) -> Paths:
        """Lists the assets of this installation: Streamlit's bundle and the front's own."""
        bundle = Path(file_util.get_static_dir())
        found = {f"/{file.relative_to(bundle).as_posix()}" for file in _files(bundle)}
        # The bundle's own page would come without our language, title and style.
        found.discard("/index.html")
        own = {f"/assets/{file.relative_to(own_static).as_posix()}" for file in _files(own_static)}
        return cls(frozenset(found | own), by_provider)

    def open_to_all(self, path: str) -> bool:
        """Whether no session is asked for."""
        if path in _OPEN or path in self.assets or path.startswith(f"{API}/"):
            return True
        return self.by_provider and (path in PROVIDER or path in (IDENTITY, IDENTITY_ENTER))

    def known(self, path: str) -> bool:
        return path in _WITH_SESSION or path.startswith(_WITH_SESSION_BELOW)


def is_own_path(target: str) -> bool:
    """Whether a redirect target stays on this host: one leading slash, no scheme, no backslash."""
    return (
        target.startswith("/")
        and not target.startswith("//")
        and "\\" not in target
        and target.isprintable()
    )


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
