"""Opening the registry that the settings name."""

from __future__ import annotations

from greenmfg.registry.engine import make_engine
from greenmfg.registry.facade import Registry
from greenmfg.registry.schema import create_or_migrate, require_current
from greenmfg.settings import Settings


def open_registry(settings: Settings, create: bool = False) -> Registry:
    """Opens the registry at `settings.registry_url`.

    With `create` it is made if absent (with the accounts `system` and `steward`) and migrated
    if old.

    Raises:
        RegistryMissing, RegistryOutdated: without `create`; `greenmfg init` is the advice.
        RegistryNewer: it was made by a newer program.
    """
    engine = make_engine(settings.registry_url)
    if not create:
        require_current(engine)
        return Registry(engine)
    create_or_migrate(engine)
    registry = Registry(engine)
    there = {account.name for account in registry.accounts()}
    now = settings.now()
    if "system" not in there:
        registry.ensure_account("system", "system", now=now, display_name="系统 System")
    if "steward" not in there:
        registry.ensure_account(
            "steward", "steward", now=now, display_name="数据管理员 Data steward"
        )
    return registry
