"""Secrets of the embedded Airflow: made once per home folder, readable by their owner only."""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

ADMINISTRATOR = "admin"


@dataclass(frozen=True)
class Keys:
    """What all parts of Airflow must share. `fernet` is 32 bytes in URL-safe base64."""

    fernet: str
    api: str
    jwt: str


def shared_keys(folder: Path) -> Keys:
    """Reads `keys.json`, or makes it on the first start.

    Raises:
        OSError: the folder cannot be written.
        ValueError: the file is there but is not what this wrote; it is not replaced, for what
            Airflow encrypted with the old keys would be lost.
    """
    path = folder / "keys.json"
    if not path.exists():
        fernet = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii")
        fresh = Keys(fernet=fernet, api=secrets.token_urlsafe(32), jwt=secrets.token_urlsafe(48))
        _write_private(path, asdict(fresh))
    try:
        return Keys(**json.loads(path.read_text(encoding="utf-8")))
    except (TypeError, ValueError) as trouble:
        raise ValueError(f"{path} is damaged: restore it from a backup or remove it") from trouble


def password_file(folder: Path) -> Path:
    """The file of Airflow's simple auth manager, with a random password made on the first start.

    Airflow opens it for writing at every start, so it must stay writable by its owner.
    """
    path = folder / "passwords.json"
    if not path.exists():
        _write_private(path, {ADMINISTRATOR: secrets.token_urlsafe(12)})
    return path


def _write_private(path: Path, content: dict[str, str]) -> None:
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(json.dumps(content) + "\n")
    draft.replace(path)
