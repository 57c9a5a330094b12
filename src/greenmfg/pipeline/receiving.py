"""Receive: bytes are kept as they are and get a receipt, whoever sends them and by whatever door."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from greenmfg.pipeline.store import store_raw
from greenmfg.pipeline.turns import in_turn
from greenmfg.pipeline.workshop import Workshop
from greenmfg.records import Explanation, Receipt
from greenmfg.registry import Incoming, UnknownAccount
from greenmfg.registry.nouns import Channel
from greenmfg.settings import Settings

# A file that changed this recently may still be growing; one renamed into place keeps its old time.
_SETTLED_SECONDS = 1.0
_BATCH = 500


@dataclass(frozen=True)
class Arrival:
    """One file to receive: who sends it, what it is called, and its bytes.

    `received_at` and `explanations`: see `registry.Incoming`.
    """

    account: str
    file_name: str
    data: bytes
    received_at: datetime | None = None
    explanations: tuple[Explanation, ...] = ()


def receive(shop: Workshop, arrivals: list[Arrival], channel: Channel) -> tuple[Receipt, ...]:
    """Stores the bytes, then writes all receipts in one transaction.

    Raises:
        UnknownAccount: nothing is received then (the bytes stay, and harm nothing).
    """
    incoming = []
    for arrival in arrivals:
        stored = store_raw(shop.settings, arrival.data)
        incoming.append(
            Incoming(
                account=arrival.account,
                channel=channel,
                file_name=arrival.file_name,
                sha256=stored.sha256,
                size=stored.size,
                raw_path=stored.path,
                received_at=arrival.received_at,
                explanations=arrival.explanations,
            )
        )
    return shop.registry.receive_many(incoming, shop.settings.now())


@in_turn("receiving")
def collect_inbox(shop: Workshop) -> list[Receipt]:
    """Receives every complete file of the inbox, then takes it out of the inbox.

    A file in `inbox/<account>/` is from that account, one in the inbox's root from `steward`.
    A file is taken when it no longer grows; one that grew while it was read stays, to be taken
    again when it is whole. What an unknown account sent is set aside in
    `inbox/.unknown_account/` and logged; it comes back by itself once the account exists.
    """
    return_set_aside(shop.settings, [account.name for account in shop.registry.accounts()])
    receipts: list[Receipt] = []
    batch: list[_Found] = []
    story = simulated_arrivals(shop.settings)
    for account, path in complete_files(shop.settings):
        try:
            before, data = path.stat(), path.read_bytes()
        except FileNotFoundError:
            continue  # its sender took it back
        at = story.get(f"{account}/{path.name}")
        batch.append(_Found(path, before.st_mtime_ns, Arrival(account, path.name, data, at)))
        if len(batch) >= _BATCH:
            receipts.extend(_take(shop, batch))
            batch = []
    receipts.extend(_take(shop, batch))
    return receipts


def simulated_folder(settings: Settings) -> Path:
    """Where the demonstration district lies before it is filed."""
    return settings.home / "demonstration"


def simulated_arrivals(settings: Settings) -> Mapping[str, datetime]:
    """`account/file name` → when the simulated file comes in its story; empty without a
    demonstration. Otherwise every month since 2020 would be filed today, and late."""
    try:
        text = (simulated_folder(settings) / "arrivals.json").read_bytes()
    except FileNotFoundError:
        return {}
    return {name: datetime.fromisoformat(at) for name, at in json.loads(text).items()}


@dataclass(frozen=True)
class _Found:
    """A file of the inbox, as it was when it was read."""

    path: Path
    modified_ns: int
    arrival: Arrival

    @property
    def is_as_read(self) -> bool:
        try:
            return self.path.stat().st_mtime_ns == self.modified_ns
        except FileNotFoundError:
            return False


def _take(shop: Workshop, batch: list[_Found]) -> list[Receipt]:
    known = {account.name for account in shop.registry.accounts()}
    whole = [found for found in batch if found.is_as_read]
    taken = [found for found in whole if found.arrival.account in known]
    for found in whole:
        if found.arrival.account not in known:
            _set_aside(shop, found.path, found.arrival)
    if not taken:
        return []
    receipts = receive(shop, [found.arrival for found in taken], "inbox")
    for found in taken:
        # Only now: had the process died before, the next run would have received the same bytes again.
        if found.is_as_read:
            found.path.unlink(missing_ok=True)
    return list(receipts)


def _set_aside(shop: Workshop, path: Path, arrival: Arrival) -> None:
    folder = shop.settings.inbox / ".unknown_account" / arrival.account
    target = _moved(path, folder)
    words = UnknownAccount(arrival.account)
    shop.registry.log(
        "system",
        "inbox.unknown_account",
        arrival.account,
        {"file": arrival.file_name, "kept_in": str(target), "reason": str(words)},
        shop.settings.now(),
    )


def return_set_aside(settings: Settings, accounts: Iterable[str]) -> int:
    """Puts back into the inbox what accounts sent before they existed. Returns how many files."""
    aside = settings.inbox / ".unknown_account"
    if not aside.is_dir():
        return 0
    returned = 0
    for account in accounts:
        for path in sorted((aside / account).glob("*")):
            _moved(path, settings.inbox / account)
            returned += 1
    return returned


def _moved(path: Path, folder: Path) -> Path:
    """Moves a file into a folder, under another name if its own is taken there."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / path.name
    number = 1
    while target.exists():
        number += 1
        target = folder / f"{path.stem}-{number}{path.suffix}"
    os.replace(path, target)
    return target


def complete_files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """(account, file) of what lies complete in the inbox, oldest first."""
    found = []
    for account, entry in _entries(settings.inbox):
        try:
            status = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue  # its sender took it back
        if time.time() - status.st_mtime >= _SETTLED_SECONDS or _renamed_into_place(status):
            found.append((status.st_mtime_ns, account, Path(entry.path)))
    for _, account, path in sorted(found):
        yield account, path


def inbox_waiting(settings: Settings) -> bool:
    """Whether anything lies in the inbox. Cheap: asked every second."""
    return next(_entries(settings.inbox), None) is not None


def _renamed_into_place(status: os.stat_result) -> bool:
    # Renaming changes the inode's change time but not the content's: it was written before it came.
    return status.st_ctime - status.st_mtime > _SETTLED_SECONDS


def _entries(inbox: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    if not inbox.is_dir():
        return
    with os.scandir(inbox) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_file(follow_symlinks=False):
                yield "steward", entry
            elif entry.is_dir(follow_symlinks=False):
                with os.scandir(entry.path) as inner:
                    for file in inner:
                        if not file.name.startswith(".") and file.is_file(follow_symlinks=False):
                            yield entry.name, file
