"""Doctor: what is wrong with a home, in words that say what to do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from greenmfg import warehouse
from greenmfg.pipeline.store import RawFileDamaged, read_raw
from greenmfg.pipeline.workshop import contracts_of
from greenmfg.registry import Registry, RegistryError, open_registry
from greenmfg.settings import Settings

_LEAST_FREE_MB = 500


@dataclass(frozen=True)
class Ailment:
    """One thing that is wrong, and what to do about it."""

    what: str
    remedy: str


def examine(settings: Settings) -> list[Ailment]:
    """Everything that is found wrong; an empty list means that all is well."""
    return list(_examine(settings))


def _examine(settings: Settings) -> Iterator[Ailment]:
    contracts_of(settings)
    place = settings.home if settings.home.exists() else settings.home.parent
    if place.exists() and (free := shutil.disk_usage(place).free // 1024 // 1024) < _LEAST_FREE_MB:
        yield Ailment(f"磁盘只剩 {free} MB · {free} MB of disk left", "清理磁盘 · make room")
    try:
        registry = open_registry(settings)
    except RegistryError as error:
        yield Ailment(str(error), "greenmfg init")
        return
    with registry:
        yield from _receipts(registry)
        yield from _raw_files(settings, registry)
        yield from _unsent(registry)
        yield from _waiting(registry)
        yield from _release(settings, registry)


def _receipts(registry: Registry) -> Iterator[Ailment]:
    broken = registry.first_broken_receipt()
    if broken is None:
        return
    why = (
        "登记已被移除 · its entry is gone"
        if broken.missing
        else "登记内容与回执链不符 · its entry does not follow from the receipts before it"
    )
    yield Ailment(
        f"回执链在 {broken.receipt} 处断开 · the chain of receipts breaks at {broken.receipt}: {why}",
        "与备份和已打印的回执核对，恢复登记库"
        " · compare it with backups and printed receipts, then restore the registry",
    )


def _raw_files(settings: Settings, registry: Registry) -> Iterator[Ailment]:
    for submission in registry.submissions():
        try:
            read_raw(settings, submission.raw_path, submission.sha256)
        except RawFileDamaged as error:
            yield Ailment(
                f"{submission.receipt} {submission.file_name}: {error}",
                "从备份恢复该文件 · restore it from a backup",
            )


def _unsent(registry: Registry) -> Iterator[Ailment]:
    failed = registry.deliveries("failed")
    if failed:
        yield Ailment(
            f"{len(failed)} 条提醒发送失败 · alerts could not be sent: {failed[0].last_error}",
            "检查 GREENMFG_SMTP_* 与 GREENMFG_WEBHOOK_URL · check these settings",
        )


def _waiting(registry: Registry) -> Iterator[Ailment]:
    broken = [s for s in registry.submissions() if s.state == "check_failed"]
    for submission in broken:
        yield Ailment(
            f"{submission.receipt} {submission.file_name}: 核验故障 · check failed: {submission.failure}",
            "这是系统的问题，见日志；修复后会自动重试 · ours: see the log; it is tried again by itself",
        )


def _release(settings: Settings, registry: Registry) -> Iterator[Ailment]:
    published = warehouse.current(settings)
    if published is None:
        yield Ailment("尚未发布 · nothing is published yet", "greenmfg run")
    elif not published.path.is_file():
        yield Ailment(
            f"发布文件缺失 · the release's file is missing: {published.path}", "greenmfg rebuild"
        )
    failed, latest = registry.latest_publication("failed"), registry.latest_publication()
    if failed and (latest is None or failed.built_at > latest.built_at):
        yield Ailment(
            f"最近一次发布未通过 · the last build was held back: {failed.reason}",
            "按原因修复后运行 · mend it, then: greenmfg run",
        )
