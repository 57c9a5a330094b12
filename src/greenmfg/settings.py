"""Settings: the environment, read once into one frozen object; the clock; the home folder's paths.

Importing this module touches neither disk nor network.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import urlsplit

# The district's civil time. China has kept one offset without daylight saving since 1991.
DISTRICT_TIME = timezone(timedelta(hours=8), "Asia/Shanghai")


class SettingsError(ValueError):
    """A setting cannot be used; the message names the variable and what it expects."""


@dataclass(frozen=True)
class Limits:
    """How large a file may be before it is refused, with advice, by its size alone."""

    max_bytes: int = 200 * 1024 * 1024
    max_rows: int = 1_200_000
    max_columns: int = 120
    max_cell_characters: int = 4_000
    # A zip bomb unpacks thousandfold; office files that people make stay under 60.
    max_expansion_ratio: int = 200
    max_expanded_bytes: int = 1024 * 1024 * 1024


@dataclass(frozen=True)
class Mail:
    """SMTP delivery of alert digests; off while `host` is empty."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = "greenmfg@localhost"
    starttls: bool = False
    steward_address: str = ""


@dataclass(frozen=True)
class ApiLimits:
    """What one API key may ask of one process of the front, per minute, and how large a file is."""

    requests_per_minute: int = 120
    files_per_minute: int = 20
    max_bytes: int = 20 * 1024 * 1024


@dataclass(frozen=True)
class Oidc:
    """A bureau's identity provider (OpenID Connect). `address`: where people open this platform,
    which the provider sends them back to."""

    metadata_url: str
    client_id: str
    client_secret: str = field(repr=False)
    address: str


@dataclass(frozen=True)
class Settings:
    """Everything a run depends on beside its files.

    `today_override` is the clock for tests and time travel (`GREENMFG_TODAY`); without it the
    clock is the district's civil time. All folders but the packaged ones lie under `home`.
    """

    home: Path
    rooms: Path
    registry_url: str
    today_override: date | None = None
    limits: Limits = field(default_factory=Limits)
    mail: Mail = field(default_factory=Mail)
    api: ApiLimits = field(default_factory=ApiLimits)
    oidc: Oidc | None = None
    webhook_url: str = field(default="", repr=False)
    releases_kept: int = 5
    findings_shown: int = 1_000
    duckdb_memory: str = "2GB"
    duckdb_threads: int = 2

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Reads `GREENMFG_*`.

        Raises:
            SettingsError: a variable holds something that is not what it should be.
        """
        env = os.environ if environment is None else environment
        home = Path(env.get("GREENMFG_HOME", "var")).expanduser().absolute()
        return cls(
            home=home,
            rooms=_rooms(env),
            registry_url=env.get("GREENMFG_REGISTRY_URL", f"sqlite:///{home / 'registry.sqlite'}"),
            today_override=_date(env, "GREENMFG_TODAY"),
            limits=Limits(
                max_bytes=_integer(env, "GREENMFG_MAX_FILE_MB", 200) * 1024 * 1024,
                max_rows=_integer(env, "GREENMFG_MAX_ROWS", Limits.max_rows),
                max_columns=_integer(env, "GREENMFG_MAX_COLUMNS", Limits.max_columns),
                max_expansion_ratio=_integer(
                    env, "GREENMFG_MAX_EXPANSION", Limits.max_expansion_ratio
                ),
            ),
            mail=Mail(
                host=env.get("GREENMFG_SMTP_HOST", ""),
                port=_integer(env, "GREENMFG_SMTP_PORT", 25),
                user=env.get("GREENMFG_SMTP_USER", ""),
                password=env.get("GREENMFG_SMTP_PASSWORD", ""),
                sender=env.get("GREENMFG_SMTP_SENDER", Mail.sender),
                starttls=env.get("GREENMFG_SMTP_STARTTLS", "") == "1",
                steward_address=env.get("GREENMFG_STEWARD_EMAIL", ""),
            ),
            api=ApiLimits(
                requests_per_minute=_integer(env, "GREENMFG_API_REQUESTS_PER_MINUTE", 120),
                files_per_minute=_integer(env, "GREENMFG_API_FILES_PER_MINUTE", 20),
                max_bytes=_integer(env, "GREENMFG_API_MAX_FILE_MB", 20) * 1024 * 1024,
            ),
            oidc=_oidc(env),
            webhook_url=env.get("GREENMFG_WEBHOOK_URL", ""),
            releases_kept=_integer(env, "GREENMFG_RELEASES_KEPT", 5),
            findings_shown=_integer(env, "GREENMFG_FINDINGS_SHOWN", 1_000),
            duckdb_memory=env.get("GREENMFG_DUCKDB_MEMORY", "2GB"),
            duckdb_threads=_integer(env, "GREENMFG_DUCKDB_THREADS", 2),
        )

    # The clock ---------------------------------------------------------------------------------

    def today(self) -> date:
        """The civil date in the district, or the one set by `GREENMFG_TODAY`."""
        return self.today_override or datetime.now(DISTRICT_TIME).date()

    def now(self) -> datetime:
        """This instant in UTC. Under `GREENMFG_TODAY` the time of day still moves on."""
        moment = datetime.now(UTC)
        if self.today_override is None:
            return moment
        local = moment.astimezone(DISTRICT_TIME)
        return datetime.combine(self.today_override, local.timetz()).astimezone(UTC)

    # The rooms, packed into the wheel or beside the checkout ------------------------------------

    @property
    def contracts_dir(self) -> Path:
        return self.rooms / "expectations" / "contracts"

    @property
    def checks_dir(self) -> Path:
        return self.rooms / "expectations" / "checks"

    @property
    def reference_dir(self) -> Path:
        return self.rooms / "reference"

    @property
    def dbt_project_dir(self) -> Path:
        return self.rooms / "dbt_project"

    @property
    def dags_dir(self) -> Path:
        return self.rooms / "dags"

    @property
    def app_dir(self) -> Path:
        return self.rooms / "app"

    # The home folder ---------------------------------------------------------------------------

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    @property
    def outbox(self) -> Path:
        return self.home / "outbox"

    @property
    def raw(self) -> Path:
        return self.home / "raw"

    @property
    def rows(self) -> Path:
        return self.home / "rows"

    @property
    def warehouse(self) -> Path:
        return self.home / "warehouse" / "workbench.duckdb"

    @property
    def releases(self) -> Path:
        return self.home / "releases"

    @property
    def cache(self) -> Path:
        """Copies that spare time and may be deleted at any moment."""
        return self.home / "cache"

    @property
    def spill(self) -> str:
        """Where this process's in-memory DuckDB databases put what exceeds memory. Left to
        itself DuckDB spills into the folder that the process happens to stand in."""
        return str(Path(tempfile.gettempdir()) / f"greenmfg-duckdb-{os.getpid()}")

    @property
    def logs(self) -> Path:
        return self.home / "logs"


def _rooms(env: Mapping[str, str]) -> Path:
    if "GREENMFG_ROOMS" in env:
        return Path(env["GREENMFG_ROOMS"]).absolute()
    package = Path(__file__).resolve().parent
    packed = package / "rooms"
    return packed if packed.is_dir() else package.parent.parent


def _oidc(env: Mapping[str, str]) -> Oidc | None:
    """All of it or nothing: a provider that is half named opens no door, and says so."""
    names = {
        "METADATA_URL": "https://…/.well-known/openid-configuration",
        "CLIENT_ID": "greenmfg",
        "ADDRESS": "https://greenmfg.example",
    }
    given = {name: env.get(f"GREENMFG_OIDC_{name}", "").strip() for name in names}
    secret = _secret(env, "GREENMFG_OIDC_CLIENT_SECRET")
    if not any((*given.values(), secret)):
        return None
    for name, example in names.items():
        if not given[name]:
            raise SettingsError(f"GREENMFG_OIDC_{name}: missing, expected e.g. {example}")
    if not secret:
        raise SettingsError(
            "GREENMFG_OIDC_CLIENT_SECRET: missing, expected the secret, or the file that holds it"
            " in GREENMFG_OIDC_CLIENT_SECRET_FILE"
        )
    for name in ("METADATA_URL", "ADDRESS"):
        url = urlsplit(given[name])
        plain = url.scheme == "http" and url.hostname in ("127.0.0.1", "localhost", "::1")
        if not (url.hostname and (url.scheme == "https" or plain)):
            raise SettingsError(
                f"GREENMFG_OIDC_{name}={given[name]!r}: expected https://…"
                " (http only on this machine)"
            )
    return Oidc(given["METADATA_URL"], given["CLIENT_ID"], secret, given["ADDRESS"].rstrip("/"))


def _secret(env: Mapping[str, str], name: str) -> str:
    """A secret from the environment or, better, from the file that `<name>_FILE` names."""
    path = env.get(f"{name}_FILE", "")
    if not path:
        return env.get(name, "").strip()
    try:
        return Path(path).read_text("utf-8").strip()
    except OSError as error:
        raise SettingsError(f"{name}_FILE={path!r}: {error.strerror}") from None


def _integer(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name)
    if text is None or not text.strip():
        return default
    if not text.strip().isdigit() or int(text) == 0:
        raise SettingsError(f"{name}={text!r}: expected a whole number above 0, e.g. {default}")
    return int(text)


def _date(env: Mapping[str, str], name: str) -> date | None:
    text = env.get(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"{name}={text!r}: expected a date such as 2026-11-23") from None
